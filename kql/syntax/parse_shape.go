package syntax

// mvItem reads x to typeof(t).
func (p *parser) mvItem() *MvItem {
	start := p.tok().Start
	m := &MvItem{}
	if !p.is("to") {
		if m.X = p.named(); m.X == nil {
			return nil
		}
	} else {
		m.X = p.needExpr(nil)
	}
	m.To = p.toType()
	m.Span = p.span(start)
	return m
}

// toType reads to typeof(t), nil if it is not there.
func (p *parser) toType() *TypeOf {
	if !p.accept("to") {
		return nil
	}
	if !p.is("typeof") || p.peek(1).Text != "(" {
		at := p.here()
		p.missing("missing-type", "`typeof(…)` after to", "write to typeof(string)")
		return &TypeOf{Span: at, Type: &Type{Span: at}}
	}
	return p.typeOf()
}

func (p *parser) mvItems(stop func() bool) []*MvItem {
	var out []*MvItem
	p.list(list{required: true, stop: stop, missing: func() { out = append(out, &MvItem{Span: p.here(), X: p.needExpr(nil)}) }, item: func() bool {
		m := p.mvItem()
		if m != nil {
			out = append(out, m)
		}
		return m != nil
	}})
	return out
}

func (p *parser) mvExpand(h Op) Operator {
	h.Params = p.params(noParams, withEquals)
	o := &MvExpand{Op: h}
	o.Items = p.mvItems(func() bool { return p.is("limit") })
	if p.accept("limit") {
		o.Limit = p.needExpr(p.unnamed())
	}
	return o
}

func (p *parser) mvApply(h Op) Operator {
	h.Params = p.params(noParams, withEquals)
	o := &MvApply{Op: h}
	start, pos, errs := p.tok().Start, p.pos, len(p.diags)
	if p.is("to") {
		// A single item may be only a type.
		to := p.toType()
		if !p.is(",") {
			o.Items = []*MvItem{{Span: p.span(start), To: to}}
		} else {
			p.pos, p.diags, p.lastErr = pos, p.diags[:errs], -1
		}
	}
	if o.Items == nil {
		o.Items = p.mvItems(func() bool {
			next := p.peek(1).Text
			return p.isAny("limit", "id", "on") && next != "," && next != "to" && next != "="
		})
	}
	if p.accept("limit") {
		o.Limit = p.needExpr(p.unnamed())
	}
	if p.accept("id") {
		o.ID = p.needExpr(p.unnamed())
	}
	p.need("on")
	open := p.open("(")
	if open == nil {
		o.Sub = &Bad{Span: p.here()}
		return o
	}
	o.Sub = p.subpipe(false)
	p.close(open, ")")
	return o
}

func (p *parser) parse(h Op) Operator {
	h.Params = p.params(parseParams, withEquals)
	o := &ParseOp{Op: h, X: p.needExpr(p.unnamed())}
	p.need("with")
	for {
		x := p.parseElement()
		if x == nil {
			return o
		}
		o.Elements = append(o.Elements, x)
	}
}

// parseElement reads *, a text, or the name of a column with its type.
func (p *parser) parseElement() Expr {
	t := p.tok()
	switch {
	case t.Text == "*":
		p.pos++
		return &Star{t.Span}
	case t.Kind == StringToken:
		return p.stringLiteral()
	}
	if p.startsOperator() {
		return nil
	}
	c := &PatternColumn{Name: p.declaredName()}
	if c.Name == nil {
		if !p.is(":") {
			return nil
		}
		c.Name = p.noName("a name")
	}
	if p.accept(":") {
		c.Type = p.needType(p.scalarType(false))
	}
	c.Span = p.span(t.Start)
	return c
}

func (p *parser) parseKV(h Op) Operator {
	o := &ParseKV{Op: h, X: p.needExpr(p.unnamed())}
	p.need("as")
	o.Schema = p.schema(false)
	if p.accept("with") {
		open := p.open("(")
		o.With = p.paramList(parseKVWith, declaredOnly)
		p.close(open, ")")
	}
	return o
}

func (p *parser) makeSeries(h Op) Operator {
	h.Params = p.params(noParams, withEquals)
	o := &MakeSeries{Op: h}
	none := func() {
		o.Aggs = append(o.Aggs, &SeriesAgg{Span: p.here(), X: p.needExpr(nil)})
	}
	p.list(list{required: true, stop: func() bool { return p.isAny("on", "from", "in") }, missing: none, item: func() bool {
		start := p.tok().Start
		a := &SeriesAgg{X: p.named()}
		if a.X == nil {
			return false
		}
		if p.accept("default") {
			p.need("=")
			a.Default = p.needExpr(p.named())
		}
		a.Span = p.span(start)
		o.Aggs = append(o.Aggs, a)
		return true
	}})
	p.need("on")
	o.Axis = p.needExpr(p.named())
	if p.isAny("from", "to", "step") {
		if p.accept("from") {
			o.From = p.needExpr(p.unnamed())
		}
		if p.accept("to") {
			o.To = p.needExpr(p.unnamed())
		}
		p.need("step")
		o.Step = p.needExpr(p.unnamed())
	} else {
		p.seriesRange(o)
	}
	if p.accept("by") {
		o.By = p.exprs(list{required: true, open: true}, p.named)
	}
	return o
}

// seriesRange reads in range(from, to, step).
func (p *parser) seriesRange(o *MakeSeries) {
	if !p.is("in") {
		o.Step = &Bad{Span: p.here()}
		p.missing("missing-word", "`step` or `in range(…)`", "write on Timestamp from … to … step 1h")
		return
	}
	p.pos++
	o.InRange = true
	p.need("range")
	at := p.tok().Span
	open := p.open("(")
	args := p.exprs(list{}, p.named)
	p.close(open, ")")
	if len(args) > 3 {
		p.errorAt(args[3].At(), "wrong-arguments", "in range(…) takes from, to and step", "")
	}
	for len(args) < 3 {
		args = append(args, &Bad{Span: p.here()})
		p.errorAt(at, "missing-expression", "in range(…) takes from, to and step", "")
	}
	o.From, o.To, o.Step = args[0], args[1], args[2]
}

func (p *parser) scan(h Op) Operator {
	h.Params = p.params(paramSet{"kind": wordParam}, declaredOrKnown)
	o := &Scan{Op: h}
	stop := func() bool { return p.isAny("partition", "order", "by", "declare", "with") }
	if p.accept("order") {
		p.need("by")
		o.OrderBy = p.exprs(list{required: true, stop: stop}, p.ordered)
	}
	if p.accept("partition") {
		p.need("by")
		o.PartitionBy = p.exprs(list{required: true, stop: stop}, p.unnamed)
	}
	if p.accept("declare") {
		o.Declare = p.parameters(false)
	}
	p.need("with")
	open := p.open("(")
	for p.is("step") {
		o.Steps = append(o.Steps, p.scanStep())
	}
	p.close(open, ")")
	return o
}

func (p *parser) scanStep() *ScanStep {
	s := &ScanStep{}
	start := p.advance().Start
	if s.Name = p.declaredName(); s.Name == nil {
		s.Name = p.noName("the name of the step")
	}
	s.Optional = p.accept("optional")
	if p.accept("output") {
		p.need("=")
		s.Output = p.oneOf("what the step gives", "all", "last", "none")
	}
	p.need(":")
	s.Cond = p.needExpr(p.unnamed())
	if p.accept("=>") {
		s.Assign = p.exprs(list{required: true}, p.assignment)
	}
	p.need(";")
	s.Span = p.span(start)
	return s
}

// assignment reads name = x.
func (p *parser) assignment() Expr {
	start := p.tok().Start
	n := p.declaredName()
	if n == nil {
		return nil
	}
	p.need("=")
	x := p.needExpr(p.unnamed())
	return &Named{Span: p.span(start), Names: []*Name{n}, X: x}
}
