package syntax

// needExpr gives x, or reports that an expression is missing and gives an empty Bad.
func (p *parser) needExpr(x Expr) Expr {
	if x != nil {
		return x
	}
	at := p.here()
	t := p.tok()
	switch {
	case t.Kind == KeywordToken:
		hint := ""
		if p.peek(1).Text != "(" {
			hint = "write ['" + t.Text + "'] if it is a name"
		}
		switch {
		case t.Text == "materialize":
			hint = "materialize(…) may stand only right after let name ="
		case p.pos > 0 && p.toks[p.pos-1].Text == ",":
			hint = "remove the comma before it"
		}
		p.errorAt(t.Span, "missing-expression", "a name, value or expression expected, found `"+t.Text+"`, a word of the language", hint)
	case t.Text == "[" || t.Text == "{":
		p.missing("missing-expression", "a name, value or expression", "write dynamic(…) around a constant list or bag")
	default:
		p.missing("missing-expression", "a name, value or expression", "")
	}
	return &Bad{Span: at}
}

// exprs reads a list of expressions.
func (p *parser) exprs(l list, item func() Expr) []Expr {
	var out []Expr
	l.item = func() bool {
		x := item()
		if x == nil {
			return false
		}
		out = append(out, x)
		return true
	}
	l.missing = func() { out = append(out, p.needExpr(nil)) }
	p.list(l)
	return out
}

// named reads an expression that may have a name: name = x, (a, b) = x.
func (p *parser) named() Expr {
	start := p.tok().Start
	n := p.peekName(0, true)
	if n > 0 && p.peek(n).Text == "=" {
		name := p.readName(n)
		p.pos++
		x := p.needExpr(p.unnamed())
		return &Named{Span: p.span(start), Names: []*Name{name}, X: x}
	}
	if n := p.peekDashedName(); n > 0 && p.peek(n).Text == "=" {
		text := p.src[start:p.peek(n-1).End]
		p.pos += n
		p.errorAt(p.span(start), "name-needs-brackets", "`"+text+"` cannot be used as a name as it is", "write ['"+text+"']")
		name := &Name{Span: p.span(start), Text: text}
		p.pos++
		x := p.needExpr(p.unnamed())
		return &Named{Span: p.span(start), Names: []*Name{name}, X: x}
	}
	if p.peekNameList() {
		return p.namedTuple()
	}
	return p.unnamed()
}

func (p *parser) namedTuple() Expr {
	start := p.tok().Start
	x := &Named{Tuple: true}
	open := p.open("(")
	p.list(list{required: true, missing: func() { x.Names = append(x.Names, p.noName("a name")) }, item: func() bool {
		n := p.declaredName()
		if n == nil {
			return false
		}
		x.Names = append(x.Names, n)
		return true
	}})
	p.close(open, ")")
	p.need("=")
	x.X = p.needExpr(p.unnamed())
	x.Span = p.span(start)
	return x
}

// peekDashedName gives the length of a run of words and dashes without gaps.
func (p *parser) peekDashedName() int {
	n := 0
	for t := p.tok(); t.Kind == WordToken || t.Kind == KeywordToken || n > 0 && t.Text == "-"; t = p.peek(n) {
		if n > 0 && !t.adjacent() {
			break
		}
		n++
	}
	return n
}

// peekNameList says whether (a, b, …) = follows.
func (p *parser) peekNameList() bool {
	if !p.is("(") {
		return false
	}
	for i := 1; ; {
		n := p.peekName(i, true)
		if n == 0 {
			return false
		}
		i += n
		switch p.peek(i).Text {
		case ",":
			if i++; p.peek(i).Text == ")" {
				return p.peek(i+1).Text == "="
			}
		case ")":
			return p.peek(i+1).Text == "="
		default:
			return false
		}
	}
}

// unnamed reads an expression without a name and without a pipe.
func (p *parser) unnamed() Expr {
	if !p.enter() {
		return &Bad{Span: p.here()}
	}
	defer p.leave()
	return p.chain(p.andExpr, func(t string) bool { return t == "or" })
}

func (p *parser) andExpr() Expr {
	return p.chain(p.equality, func(t string) bool { return t == "and" })
}

// chain reads operands joined by operators of one level, which bind to the left.
func (p *parser) chain(operand func() Expr, isOp func(string) bool) Expr {
	start := p.tok().Start
	x := operand()
	if x != nil {
		p.expects(ExpectBinary)
	}
	for n := 0; x != nil && isOp(p.tok().Text); n++ {
		if n == MaxChain {
			p.tooMuch("there are more than 20000 operators in this expression", "use in (…) or has_any (…) with a list")
			break
		}
		op := p.advance()
		y := p.needExpr(operand())
		x = &Binary{Span: p.span(start), Op: op.Text, OpAt: op.Span, X: x, Y: y}
	}
	return x
}

// equality reads x == y, x in (…), x between (… .. …). They do not chain.
func (p *parser) equality() Expr {
	start := p.tok().Start
	var x Expr
	if p.is("*") && p.peek(1).Text == "==" {
		x = &Star{p.advance().Span}
	} else if x = p.relational(); x == nil {
		return nil
	}
	op := p.tok()
	switch op.Text {
	case "==", "!=", "<>":
		p.pos++
		y := p.needExpr(p.relational())
		return &Binary{Span: p.span(start), Op: op.Text, OpAt: op.Span, X: x, Y: y}
	case "in":
		if p.peek(1).Text == "range" {
			return x // make-series … in range(…)
		}
		fallthrough
	case "in~", "!in", "!in~", "has_any", "has_all":
		p.pos++
		items := p.inItems()
		return &InList{Span: p.span(start), Op: op.Text, OpAt: op.Span, X: x, Items: items}
	case "between", "!between":
		p.pos++
		b := &Between{Not: op.Text == "!between", OpAt: op.Span, X: x}
		open := p.open("(")
		b.Low = p.needExpr(p.unnamed())
		if !p.accept("..") {
			p.missing("missing-range", "`..`", "write between (low .. high)")
		}
		b.High = p.needExpr(p.unnamed())
		p.close(open, ")")
		b.Span = p.span(start)
		return b
	}
	return x
}

// inItems reads the parentheses after in: values, or one query.
func (p *parser) inItems() []Expr {
	if !p.is("(") {
		p.missing("missing-bracket", "`(`", `write the values in parentheses: in ("a", "b")`)
		if x := p.relational(); x != nil {
			return []Expr{x}
		}
		return nil
	}
	open := p.open("(")
	var items []Expr
	if p.mustBeOperator() || p.pipeAhead() {
		items = []Expr{p.needExpr(p.pipe())}
	} else {
		items = p.exprs(list{required: true}, p.unnamed)
	}
	p.close(open, ")")
	return items
}

// pipeAhead says whether a | comes before the end of the expression.
func (p *parser) pipeAhead() bool {
	level := 0
	for i := 0; ; i++ {
		t := p.peek(i)
		switch t.Text {
		case "(":
			level++
		case ")":
			if level == 0 {
				return false
			}
			level--
		case ",":
			if level == 0 {
				return false
			}
		case "|":
			if level == 0 {
				return true
			}
		case ";":
			return false
		}
		if t.Kind == EOFToken {
			return false
		}
	}
}

func (p *parser) relational() Expr {
	start := p.tok().Start
	x := p.additive()
	if x == nil {
		return nil
	}
	switch op := p.tok(); op.Text {
	case "<", "<=", ">", ">=":
		p.pos++
		y := p.needExpr(p.additive())
		return &Binary{Span: p.span(start), Op: op.Text, OpAt: op.Span, X: x, Y: y}
	}
	return x
}

func (p *parser) additive() Expr {
	return p.chain(p.multiplicative, func(t string) bool { return t == "+" || t == "-" })
}

func (p *parser) multiplicative() Expr {
	return p.chain(p.stringOp, func(t string) bool { return t == "*" || t == "/" || t == "%" })
}

// stringOp reads x has y and its kin, which bind tighter than arithmetic and do not chain.
func (p *parser) stringOp() Expr {
	start := p.tok().Start
	var x Expr
	if p.is("*") && stringOps[p.peek(1).Text] {
		x = &Star{p.advance().Span}
	} else if x = p.unary(); x == nil {
		return nil
	}
	if op := p.tok(); stringOps[op.Text] {
		p.pos++
		y := p.needExpr(p.unary())
		return &Binary{Span: p.span(start), Op: op.Text, OpAt: op.Span, X: x, Y: y}
	}
	return x
}

func (p *parser) unary() Expr {
	if t := p.tok(); t.Text == "-" || t.Text == "+" {
		p.pos++
		x := p.needExpr(p.postfix())
		return &Unary{Span: p.span(t.Start), Op: t.Text, X: x}
	}
	return p.postfix()
}

// postfix reads a primary expression with .name, .f(…) and [key] after it.
func (p *parser) postfix() Expr {
	if p.is("totable") {
		start := p.tok().Start
		params, x := p.subquery()
		return &ToTable{p.span(start), params, x}
	}
	start := p.tok().Start
	x := p.primary()
	for n := 0; x != nil; n++ {
		if n == MaxDepth {
			p.tooMuch("this path has more than 300 steps", "")
			break
		}
		switch p.tok().Text {
		case ".":
			p.pos++
			x = p.selector(start, x)
		case "[":
			key := p.bracketed()
			x = &Index{p.span(start), x, key}
		default:
			return x
		}
	}
	return x
}

// selector reads what follows a dot.
func (p *parser) selector(start int, base Expr) Expr {
	p.expectsOnly(ExpectMember)
	if p.startsCall() {
		c := p.call()
		return &Path{p.span(start), base, c}
	}
	if n := p.pathName(); n != nil {
		return &Path{p.span(start), base, n}
	}
	if p.is("[") {
		key := p.bracketed()
		return &Index{p.span(start), base, key}
	}
	sel := &Bad{Span: p.here()}
	p.noName("a name after `.`")
	return &Path{p.span(start), base, sel}
}

// bracketed reads [key].
func (p *parser) bracketed() Expr {
	open := p.open("[")
	key := p.needExpr(p.unnamed())
	p.close(open, "]")
	return key
}

// pathName reads a name within a path, where kind and withsource need no brackets.
func (p *parser) pathName() *Name {
	switch t := p.tok(); t.Text {
	case "kind", "withsource", "with_source":
		p.pos++
		return &Name{Span: t.Span, Text: t.Text}
	case "[":
		if w := p.bracketWildcard(); w != nil {
			return w
		}
	}
	return p.name()
}

// startsCall says whether a name and ( follow.
func (p *parser) startsCall() bool {
	n := p.peekName(0, false)
	return n > 0 && p.peek(n).Text == "("
}

func (p *parser) call() Expr {
	start := p.tok().Start
	c := &Call{Func: p.name()}
	open := p.open("(")
	c.Args = p.exprs(list{}, func() Expr {
		if p.is("*") && (p.peek(1).Text == ")" || p.peek(1).Text == ",") {
			return &Star{p.advance().Span}
		}
		return p.named()
	})
	p.close(open, ")")
	c.Span = p.span(start)
	return c
}
