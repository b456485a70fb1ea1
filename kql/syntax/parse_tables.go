package syntax

// tableOperator reads the rest of an operator that makes rows or combines tables; nil if h is not one.
func (p *parser) tableOperator(h Op) Operator {
	switch h.Keyword {
	case "print":
		return &PrintOp{h, p.exprs(list{required: true}, p.named)}
	case "range":
		o := &Range{Op: h, Name: p.needName("the name of the column")}
		p.need("from")
		o.From = p.needExpr(p.unnamed())
		p.need("to")
		o.To = p.needExpr(p.unnamed())
		p.need("step")
		o.Step = p.needExpr(p.unnamed())
		return o
	case "union":
		h.Params = p.params(unionParams, withEquals)
		return &Union{h, p.exprs(list{required: true}, func() Expr {
			if p.is("(") {
				return p.primary()
			}
			return p.entity()
		})}
	case "join", "lookup":
		return p.join(h)
	case "search":
		h.Params = p.params(kindParam, withEquals)
		o := &Search{Op: h, DataScope: p.dataScope()}
		o.In = p.inTables()
		o.Pred = p.searchPredicate()
		return o
	case "find":
		return p.find(h)
	case "fork":
		return p.fork(h)
	case "facet":
		return p.facet(h)
	case "partition":
		return p.partition(h)
	case "__partitionby":
		h.Params = p.params(noParams, declaredOrKnown)
		o := &PartitionBy{Op: h, Entity: p.simplePath()}
		if p.accept("id") {
			if o.ID = p.literal(); o.ID == nil {
				o.ID = p.needExpr(nil)
			}
		}
		open := p.open("(")
		o.Sub = p.subpipe(false)
		p.close(open, ")")
		return o
	case "macro-expand":
		return p.macroExpand(h)
	case "inline_external_table":
		return p.inlineExternalTable(h)
	}
	return nil
}

// entity reads the name of a table, with wildcards, brackets, path and calls: T*, ['T'], database("d").T.
func (p *parser) entity() Expr {
	p.expects(ExpectTable)
	if w := p.wildcard(); w != nil {
		return w
	}
	start := p.tok().Start
	var x Expr
	switch {
	case p.startsCall():
		x = p.call()
	default:
		n := p.pathName()
		if n == nil {
			return nil
		}
		x = n
	}
	for n := 0; n < MaxDepth; n++ {
		switch p.tok().Text {
		case ".":
			p.pos++
			if w := p.wildcard(); w != nil {
				return &Path{p.span(start), x, w}
			}
			x = p.selector(start, x)
		case "[":
			key := p.bracketed()
			x = &Index{p.span(start), x, key}
		default:
			return x
		}
	}
	p.tooMuch("this path has more than 300 steps", "")
	return x
}

// simplePath reads a name with path, without calls.
func (p *parser) simplePath() Expr {
	p.expectsOnly(ExpectColumn)
	start := p.tok().Start
	n := p.pathName()
	if n == nil {
		return p.needExpr(nil)
	}
	x := Expr(n)
	for k := 0; k < MaxDepth; k++ {
		switch p.tok().Text {
		case ".":
			p.pos++
			sel := p.pathName()
			if sel == nil {
				sel = p.noName("a name after `.`")
			}
			x = &Path{p.span(start), x, sel}
		case "[":
			key := p.bracketed()
			x = &Index{p.span(start), x, key}
		default:
			return x
		}
	}
	p.tooMuch("this path has more than 300 steps", "")
	return x
}

func (p *parser) join(h Op) Operator {
	h.Params = p.params(kindParam, withEquals)
	p.expectsOnly(ExpectTable)
	right := p.needExpr(p.unnamed())
	var on []Expr
	var where Expr
	switch {
	case p.accept("on"):
		on = p.exprs(list{required: true, open: true}, p.unnamed)
	case h.Keyword == "join" && p.accept("where"):
		where = p.needExpr(p.unnamed())
	case h.Keyword == "lookup":
		p.missing("missing-word", "`on`", "write on Column, or on $left.a == $right.b")
	}
	if h.Keyword == "lookup" {
		return &Lookup{h, right, on, where}
	}
	return &Join{h, right, on, where}
}

// inTables reads in (tables) of search and find.
func (p *parser) inTables() []Expr {
	if !p.accept("in") {
		return nil
	}
	open := p.open("(")
	xs := p.exprs(list{required: true}, func() Expr {
		start := p.tok().Start
		x := p.entity()
		n, ok := x.(*Name)
		if !ok || n.Wildcard || !p.is("|") {
			return x
		}
		p.pos++
		o := p.operator()
		if _, ok := o.(*As); !ok {
			if o == nil {
				o = p.badOperator()
			} else {
				p.errorAt(o.Head().KeywordAt, "unexpected", "only as may follow a table here", "put other steps after the search")
			}
		}
		return &Pipe{p.span(start), x, []Operator{o}}
	})
	p.close(open, ")")
	return xs
}

// searchPredicate reads what search looks for: an expression, *, or * and an expression.
func (p *parser) searchPredicate() Expr {
	if x := p.unnamed(); x != nil {
		return x
	}
	if !p.is("*") {
		return p.needExpr(nil)
	}
	star := &Star{p.advance().Span}
	if op := p.tok(); p.accept("and") {
		y := p.needExpr(p.unnamed())
		return &Binary{Span: p.span(star.Start), Op: "and", OpAt: op.Span, X: star, Y: y}
	}
	return star
}

func (p *parser) find(h Op) Operator {
	o := &Find{Op: h, DataScope: p.dataScope()}
	o.Params = p.params(noParams, declaredOrKnown)
	in := p.is("in")
	o.In = p.inTables()
	if len(o.Params) > 0 || in {
		p.need("where")
	} else {
		p.accept("where")
	}
	o.Pred = p.needExpr(p.unnamed())
	columns := list{required: true, open: true}
	switch {
	case p.accept("project"):
		o.Project = p.exprs(columns, p.findColumn)
	case p.accept("project-smart"):
		o.Smart = true
	}
	if p.accept("__projectAway") {
		o.ProjectAway = p.exprs(columns, p.findColumn)
	}
	return o
}

// findColumn reads pack(*), *, or a column with an optional type.
func (p *parser) findColumn() Expr {
	t := p.tok()
	switch t.Text {
	case "pack":
		p.pos++
		open := p.open("(")
		p.need("*")
		p.close(open, ")")
		return &PackAll{p.span(t.Start)}
	case "*":
		p.pos++
		return &Star{t.Span}
	}
	n := p.name()
	if n == nil {
		return nil
	}
	if p.accept(":") {
		typ := p.needType(p.scalarType(true))
		return &TypedColumn{p.span(t.Start), n, typ}
	}
	return n
}

func (p *parser) fork(h Op) Operator {
	o := &Fork{Op: h}
	for {
		start := p.tok().Start
		b := &Branch{}
		if n := p.peekName(0, false); n > 0 && p.peek(n).Text == "=" {
			b.Name = p.readName(n)
			p.pos++
		} else if !p.is("(") {
			break
		}
		open := p.open("(")
		b.X = p.subpipe(true)
		p.close(open, ")")
		b.Span = p.span(start)
		o.Branches = append(o.Branches, b)
	}
	if len(o.Branches) == 0 {
		p.missing("missing-bracket", "`(` and a subquery", "write fork (where … | …) (…)")
	}
	return o
}

func (p *parser) facet(h Op) Operator {
	o := &Facet{Op: h}
	p.need("by")
	o.By = p.exprs(list{required: true, stop: func() bool { return p.is("with") }}, func() Expr {
		p.expectsOnly(ExpectColumn)
		if p.pathStarts() {
			return p.simplePath()
		}
		return nil
	})
	if !p.accept("with") {
		return o
	}
	if p.is("(") {
		open := p.open("(")
		o.With = p.subpipe(false)
		p.close(open, ")")
		return o
	}
	start := p.tok().Start
	op := p.operator()
	if op == nil {
		op = p.badOperator()
	}
	o.With = &Pipe{p.span(start), nil, []Operator{op}}
	return o
}

// pathStarts says whether a name that may begin a path is here.
func (p *parser) pathStarts() bool {
	return p.peekName(0, false) > 0 || p.isAny("kind", "withsource", "with_source") || p.is("[") && p.peekWildcard(1) > 0
}

func (p *parser) partition(h Op) Operator {
	h.Params = p.params(noParams, declaredOrKnown)
	o := &Partition{Op: h}
	p.need("by")
	o.By = p.simplePath()
	if p.accept("in") {
		switch {
		case p.startsCall():
			o.Scope = p.call()
		case p.is("dynamic"):
			o.Scope = p.needExpr(p.literal())
		default:
			o.Scope = p.needExpr(nil)
		}
	}
	if p.is("{") {
		o.Braces = true
		open := p.open("{")
		o.Sub = p.needExpr(p.pipe())
		p.close(open, "}")
		return o
	}
	open := p.open("(")
	if open == nil {
		o.Sub = &Bad{Span: p.here()}
		return o
	}
	o.Sub = p.subpipe(false)
	p.close(open, ")")
	return o
}

func (p *parser) macroExpand(h Op) Operator {
	h.Params = p.params(unionParams, withEquals)
	o := &MacroExpand{Op: h}
	switch {
	case p.is("entity_group"):
		o.Group = p.entityGroup()
	case (p.is("database") || p.is("cluster")) && p.peek(1).Text == "(":
		o.Group = p.needExpr(p.entity())
	default:
		if n := p.name(); n != nil {
			o.Group = n
		} else {
			o.Group = p.needExpr(nil)
		}
	}
	if p.accept("as") {
		o.Scope = p.needName("a name")
	}
	if !p.enter() {
		return o
	}
	defer p.leave()
	open := p.open("(")
	if open != nil {
		o.Statements = p.statements(")")
	}
	p.close(open, ")")
	return o
}
