package syntax

func (p *parser) externalData() Expr {
	start := p.advance().Start
	x := &ExternalData{Params: p.params(nil, declaredOrKnown)}
	x.Schema = p.schema(false)
	open := p.open("[")
	x.URIs = p.exprs(list{trailing: true}, p.pipe)
	p.close(open, "]")
	if p.accept("with") {
		x.With = p.properties()
	}
	x.Span = p.span(start)
	return x
}

// properties reads (name = value, …) of externaldata and restrict.
func (p *parser) properties() Params {
	open := p.open("(")
	if open == nil {
		return nil
	}
	var out Params
	p.list(list{missing: func() { p.missing("missing-parameter", "a property (name = value)", "") }, item: func() bool {
		start := p.tok().Start
		n := p.declaredName()
		if n == nil {
			return false
		}
		p.need("=")
		x := &Param{Name: n.Text}
		switch t := p.tok(); t.Kind {
		case StringToken, LongToken, RealToken, BoolToken, TypedToken:
			x.Value = p.literal()
		case GuidToken:
			x.Value = p.bareGuid()
		default:
			if v := p.declaredName(); v != nil {
				x.Value = v
			} else {
				x.Value = p.needExpr(nil)
			}
		}
		x.Span = p.span(start)
		out = append(out, x)
		return true
	}})
	p.close(open, ")")
	return out
}

// inlineExternalTable reads (Schema) kind=k partition by (…) pathformat=(…) dataformat=f (URIs) with (…).
func (p *parser) inlineExternalTable(h Op) Operator {
	o := &InlineExternalTable{Op: h}
	if p.is("(") {
		o.Schema = p.schema(false)
	}
	if p.need("kind") {
		p.need("=")
		o.Kind = p.oneOf("the kind of the external table", "storage", "delta")
	}
	if o.Schema == nil && o.Kind != "delta" {
		p.errorAt(h.KeywordAt, "missing-schema", "the columns of the external table are missing", "write inline_external_table (name: type, …) kind=…")
	}
	if p.accept("partition") {
		p.need("by")
		open := p.open("(")
		p.accept(",")
		p.list(list{trailing: true, missing: func() { p.missing("missing-parameter", "a column (name: type)", "") }, item: func() bool {
			start := p.tok().Start
			c := p.column()
			if c == nil {
				return false
			}
			x := &Parameter{Name: c.Name, Type: c.Type}
			if p.accept("=") {
				x.Default = p.needExpr(p.unnamed())
			}
			x.Span = p.span(start)
			o.Partition = append(o.Partition, x)
			return true
		}})
		p.close(open, ")")
	}
	if p.accept("pathformat") {
		p.need("=")
		open := p.open("(")
		for {
			x := p.pathPart()
			if x == nil {
				break
			}
			o.PathFormat = append(o.PathFormat, x)
		}
		p.close(open, ")")
	}
	if p.accept("dataformat") {
		p.need("=")
		if t := p.tok(); t.Kind == WordToken {
			o.Format = p.name()
		} else {
			o.Format = p.noName("the name of a format")
		}
	} else if o.Kind != "delta" {
		p.missing("missing-word", "`dataformat=`", "")
	}
	open := p.open("(")
	o.URIs = p.exprs(list{trailing: true}, p.pipe)
	p.close(open, ")")
	if p.accept("with") {
		o.With = p.properties()
	}
	return o
}

// pathPart reads a text, a column or datetime_pattern("…", column).
func (p *parser) pathPart() Expr {
	switch {
	case p.tok().Kind == StringToken:
		t := p.advance()
		text, _ := Unquote(t.Text)
		return &Literal{Span: t.Span, Kind: StringLiteral, Text: text}
	case p.startsCall():
		return p.call()
	}
	if n := p.name(); n != nil {
		return n
	}
	return nil
}
