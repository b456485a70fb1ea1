package syntax

// script reads the whole text.
func (p *parser) script() []Statement {
	for p.tok().Kind == DirectiveToken {
		p.pos++
	}
	if p.is(".") && p.peek(1).adjacent() && p.peek(1).Kind != EOFToken {
		p.errorAt(p.tok().Span, "command", "management commands (."+p.peek(1).Text+" …) are not supported: only queries are", "")
		p.pos = len(p.toks) - 1
		return []Statement{&BadStmt{Span{0, len(p.src)}}}
	}
	return p.statements("")
}

// statements reads statements up to the end of the text or a closing bracket.
func (p *parser) statements(closing string) []Statement {
	var out []Statement
	for {
		start, before := p.tok().Start, p.pos
		s := p.statement()
		if s == nil {
			if p.tok().Kind == EOFToken || closing != "" && p.is(closing) {
				return out
			}
			p.unexpected("a query or statement")
			p.skipStatement(closing)
			out = append(out, &BadStmt{p.span(start)})
			if p.pos == before {
				p.pos++
			}
			continue
		}
		out = append(out, s)
		if p.accept(";") {
			continue
		}
		if p.tok().Kind == EOFToken || closing != "" && p.is(closing) {
			return out
		}
		if p.canStartStatement() {
			p.errorAt(p.tok().Span, "missing-semicolon", "`;` expected before "+quoteFound(p.tok().Text),
				"end the statement before with `;`, or begin this line with `|` to continue it")
			continue
		}
		p.unexpected("`|` or `;`")
		p.skipStatement(closing)
	}
}

// canStartStatement says whether something readable begins here, after a statement without semicolon.
func (p *parser) canStartStatement() bool {
	switch t := p.tok(); t.Kind {
	case WordToken, KeywordToken:
		return true
	default:
		return t.Text == "(" || t.Text == "["
	}
}

// skipStatement moves past the next semicolon, or before the bracket that closes the statements.
func (p *parser) skipStatement(closing string) {
	for p.tok().Kind != EOFToken {
		if closing != "" && p.is(closing) {
			return
		}
		if p.advance().Text == ";" {
			return
		}
	}
}

// unexpected reports that the current token cannot stand here.
func (p *parser) unexpected(want string) {
	t := p.tok()
	hint := ""
	switch {
	case t.Kind == UnknownToken:
		p.lastErr = t.Start
		return
	case t.Kind == DirectiveToken:
		hint = "a comment begins with //"
	case isClose(t.Text):
		p.errorAt(t.Span, "unopened-bracket", "this `"+t.Text+"` closes nothing", "remove it, or add the opening bracket")
		return
	case t.Text == "|":
		hint = "materialize(…) and functions end their let: put further steps inside, or into the query"
	case t.Text == ";":
		hint = "remove it: a statement ends with one `;`"
	}
	p.errorAt(t.Span, "unexpected", quoteFound(t.Text)+" is not expected here: "+want+" may stand here", hint)
}

func (p *parser) statement() Statement {
	p.expects(ExpectStatement)
	next := p.peek(1).Text
	switch p.tok().Text {
	case "alias":
		if next == "database" {
			return p.alias()
		}
	case "let":
		if s := p.let(); s != nil {
			return s
		}
	case "set":
		return p.set()
	case "declare":
		switch next {
		case "pattern":
			return p.patternStatement()
		case "query_parameters":
			return p.queryParameters()
		}
	case "restrict":
		if next == "access" {
			return p.restrict()
		}
	}
	start := p.tok().Start
	if x := p.pipe(); x != nil {
		return &ExprStatement{p.span(start), x}
	}
	return nil
}

// let reads a let statement; nil if let is used as a name here.
func (p *parser) let() Statement {
	if !p.is("let") {
		return nil
	}
	unfinished := p.probe != nil && p.peek(1).Kind == EOFToken
	if !unfinished && p.peekName(1, false) == 0 && p.peek(1).Text != "=" && p.peek(2).Text != "=" {
		return nil
	}
	start := p.advance().Start
	s := &Let{Name: p.needName("a name")}
	p.need("=")
	switch {
	case p.is("materialize"):
		s.Value = p.materialize()
	case p.is("entity_group"):
		s.Value = p.entityGroup()
	case p.startsFunc():
		s.Value = p.function()
	default:
		s.Value = p.needExpr(p.pipe())
	}
	s.Span = p.span(start)
	return s
}

func (p *parser) materialize() Expr {
	start := p.advance().Start
	open := p.open("(")
	x := p.needExpr(p.pipe())
	p.close(open, ")")
	return &Materialize{p.span(start), x}
}

// startsFunc says whether (…) { … } or view (…) { … } follows.
func (p *parser) startsFunc() bool {
	i := 0
	if p.is("view") {
		i++
	}
	if p.peek(i).Text != "(" {
		return false
	}
	if n := p.peek(i + 1).Text; n == ")" || n == "*" {
		return true
	}
	n := p.peekName(i+1, true)
	return n > 0 && p.peek(i+1+n).Text == ":"
}

func (p *parser) function() Expr {
	f := &Func{}
	start := p.tok().Start
	f.View = p.accept("view")
	f.Params = p.parameters(false)
	if !p.is("{") {
		p.missing("missing-bracket", "`{`", "the body of a function stands in braces: (x: string) { T | where Name == x }")
		f.Body = &Body{Span: p.here()}
	} else {
		f.Body = p.body(true)
	}
	f.Span = p.span(start)
	return f
}

// parameters reads (name: type = default, …).
func (p *parser) parameters(required bool) []*Parameter {
	open := p.open("(")
	if open == nil {
		return nil
	}
	var out []*Parameter
	p.list(list{required: required, missing: func() { p.missing("missing-parameter", "a parameter (name: type)", "") }, item: func() bool {
		x := p.parameter()
		if x == nil {
			return false
		}
		out = append(out, x)
		return true
	}})
	p.close(open, ")")
	return out
}

func (p *parser) parameter() *Parameter {
	start := p.tok().Start
	c := p.column()
	if c == nil {
		return nil
	}
	x := &Parameter{Name: c.Name, Type: c.Type}
	if p.accept("=") {
		if x.Default = p.literal(); x.Default == nil {
			if n := p.word(); n != nil {
				x.Default = n
			} else {
				x.Default = p.needExpr(nil)
			}
		}
	}
	x.Span = p.span(start)
	return x
}

// body reads { statements; expression }. declare query_parameters may stand in functions but not in patterns.
func (p *parser) body(declares bool) *Body {
	b := &Body{}
	start := p.tok().Start
	if !p.enter() {
		b.Span = p.here()
		return b
	}
	defer p.leave()
	open := p.open("{")
	for {
		var s Statement
		switch {
		case p.is("let") && p.peekName(1, false) > 0:
			s = p.let()
		case declares && p.is("declare") && p.peek(1).Text == "query_parameters":
			s = p.queryParameters()
		}
		if s == nil {
			break
		}
		b.Statements = append(b.Statements, s)
		p.need(";")
	}
	if !p.is("}") {
		b.Result = p.pipe()
	}
	p.accept(";")
	p.close(open, "}")
	b.Span = p.span(start)
	return b
}

func (p *parser) set() Statement {
	start := p.advance().Start
	s := &Set{Name: p.needName("the name of an option")}
	if p.accept("=") {
		s.Value = p.needExpr(p.unnamed())
	}
	s.Span = p.span(start)
	return s
}

func (p *parser) alias() Statement {
	start := p.tok().Start
	p.pos += 2
	s := &Alias{Name: p.needName("a name")}
	p.need("=")
	s.Target = p.needExpr(p.unnamed())
	s.Span = p.span(start)
	return s
}

func (p *parser) queryParameters() Statement {
	start := p.tok().Start
	p.pos += 2
	s := &QueryParameters{Params: p.parameters(true)}
	s.Span = p.span(start)
	return s
}

func (p *parser) restrict() Statement {
	start := p.tok().Start
	p.pos += 2
	s := &Restrict{}
	p.need("to")
	open := p.open("(")
	s.Entities = p.exprs(list{required: true}, p.entity)
	p.close(open, ")")
	if p.accept("with") {
		s.With = p.properties()
	}
	s.Span = p.span(start)
	return s
}

// patternStatement reads declare pattern Name = (a: string, …)[b: string] { ("x").["y"] = { … }; }.
func (p *parser) patternStatement() Statement {
	start := p.tok().Start
	p.pos += 2
	s := &Pattern{Name: p.needName("the name of the pattern")}
	if p.accept("=") {
		open := p.open("(")
		for _, c := range p.columns(list{}) {
			s.Params = append(s.Params, &Parameter{Span: c.Span, Name: c.Name, Type: c.Type})
		}
		p.close(open, ")")
		if p.is("[") {
			open := p.open("[")
			if c := p.column(); c != nil {
				s.Path = &Parameter{Span: c.Span, Name: c.Name, Type: c.Type}
			} else {
				p.missing("missing-parameter", "a parameter (name: type)", "")
			}
			p.close(open, "]")
		}
		open = p.open("{")
		for p.is("(") {
			s.Cases = append(s.Cases, p.patternCase())
		}
		if len(s.Cases) == 0 {
			p.missing("missing-case", "a case of the pattern", `write ("value") = { query };`)
		}
		p.close(open, "}")
	}
	s.Span = p.span(start)
	return s
}

func (p *parser) patternCase() *PatternCase {
	c := &PatternCase{}
	start := p.tok().Start
	open := p.open("(")
	c.Values = p.exprs(list{required: true}, p.unnamed)
	p.close(open, ")")
	if p.accept(".") {
		open := p.open("[")
		if c.Path = p.literal(); c.Path == nil {
			c.Path = p.needExpr(nil)
		}
		p.close(open, "]")
	}
	p.need("=")
	if p.is("{") {
		c.Body = p.body(false)
	} else {
		p.missing("missing-bracket", "`{`", "")
		c.Body = &Body{Span: p.here()}
	}
	p.need(";")
	c.Span = p.span(start)
	return c
}

func (p *parser) entityGroup() Expr {
	start := p.tok().Start
	if p.peek(1).Text == "(" {
		return p.call()
	}
	p.pos++
	g := &EntityGroup{}
	open := p.open("[")
	g.Entities = p.exprs(list{required: true}, p.unnamed)
	p.close(open, "]")
	g.Span = p.span(start)
	return g
}
