package syntax

// typeNames are offered for a type that does not exist.
var typeNames = []string{"string", "long", "int", "real", "bool", "datetime", "timespan", "dynamic", "guid", "decimal"}

// scalarType reads the name of a type; allowed says which there are. A name that is none is reported.
func (p *parser) scalarType(casts bool) *Type {
	p.expects(ExpectType)
	t := p.tok()
	if t.Kind != WordToken && t.Kind != KeywordToken {
		return nil
	}
	ok := declaredTypes[t.Text] || casts && castTypes[t.Text]
	if !ok {
		if t.Kind == KeywordToken && keywords[t.Text] != nameableWord && !castTypes[t.Text] {
			return nil
		}
		hint := suggest(t.Text, typeNames)
		if hint == "" {
			hint = "the types are string, long, int, real, bool, datetime, timespan, dynamic, guid and decimal"
		}
		p.errorAt(t.Span, "unknown-type", "there is no type `"+t.Text+"`", hint)
	}
	p.pos++
	return &Type{Span: t.Span, Name: t.Text}
}

func (p *parser) needType(x *Type) *Type {
	if x != nil {
		return x
	}
	at := p.here()
	p.missing("missing-type", "a type (string, long, datetime, …)", "")
	return &Type{Span: at}
}

// column reads name: type. The type may be that of a table.
func (p *parser) column() *Column {
	p.expects(ExpectName)
	start := p.tok().Start
	c := &Column{}
	if c.Name = p.declaredName(); c.Name == nil {
		if !p.is(":") {
			t := p.tok()
			if t.Kind != KeywordToken || p.peek(1).Text != ":" {
				return nil
			}
		}
		c.Name = p.noName("a name")
	}
	if !p.need(":") {
		c.Type = &Type{Span: p.here()}
	} else if p.is("(") {
		c.Type = p.schemaType()
	} else {
		c.Type = p.needType(p.scalarType(false))
	}
	c.Span = p.span(start)
	return c
}

// columns reads a list of columns.
func (p *parser) columns(l list) []*Column {
	var out []*Column
	l.missing = func() { p.missing("missing-parameter", "a column (name: type)", "") }
	l.item = func() bool {
		c := p.column()
		if c != nil {
			out = append(out, c)
		}
		return c != nil
	}
	p.list(l)
	return out
}

// schemaType reads (*) or (a: string, …) as the type of a parameter.
func (p *parser) schemaType() *Type {
	start := p.tok().Start
	s := &Schema{}
	open := p.open("(")
	if p.accept("*") {
		s.Open = true
	} else {
		s.Columns = p.columns(list{trailing: true})
	}
	p.close(open, ")")
	s.Span = p.span(start)
	return &Type{Span: s.Span, Schema: s}
}

// schema reads (a: string, …). With star, a * may stand first.
func (p *parser) schema(star bool) *Schema {
	start := p.tok().Start
	if !p.is("(") {
		p.missing("missing-schema", "the columns in parentheses", "write (name: type, …)")
		return &Schema{Span: p.here()}
	}
	s := &Schema{}
	open := p.open("(")
	p.accept(",")
	if star && p.accept("*") {
		s.Open, s.OpenFirst = true, true
		p.accept(",")
	}
	s.Columns = p.columns(list{trailing: true})
	p.close(open, ")")
	s.Span = p.span(start)
	return s
}

// typeOf reads typeof(type), typeof(*) and typeof(a: string, …).
func (p *parser) typeOf() *TypeOf {
	start := p.advance().Start
	open := p.open("(")
	p.expectsOnly(ExpectType)
	x := &TypeOf{Type: &Type{}}
	first := p.tok().Start
	if t := p.tok(); declaredTypes[t.Text] || castTypes[t.Text] || t.Kind == WordToken && p.peek(1).Text == ")" {
		p.pos++
		x.Type.Name = t.Text
	} else {
		s := &Schema{}
		p.list(list{missing: func() { p.needType(nil) }, item: func() bool {
			if p.accept("*") {
				s.Open = true
				return true
			}
			c := p.column()
			if c != nil {
				s.Columns = append(s.Columns, c)
			}
			return c != nil
		}})
		s.Span = p.span(first)
		x.Type.Schema = s
	}
	x.Type.Span = p.span(first)
	p.close(open, ")")
	x.Span = p.span(start)
	return x
}

func (p *parser) dataTable() Expr {
	start := p.advance().Start
	x := &DataTable{Params: p.params(nil, declaredOrKnown)}
	x.Schema = p.schema(false)
	open := p.open("[")
	p.accept(",")
	x.Values = p.exprs(list{trailing: true}, func() Expr {
		if v := p.literal(); v != nil {
			return v
		}
		// Anything else is read to go on after it, and reported.
		at := p.tok()
		if v := p.unnamed(); v != nil {
			p.errorAt(Span{at.Start, v.At().End}, "not-constant", "the values of a datatable are constants", "")
			return v
		}
		return nil
	})
	p.close(open, "]")
	x.Span = p.span(start)
	return x
}

func (p *parser) contextTable() Expr {
	start := p.advance().Start
	x := &ContextTable{ID: p.literal()}
	if x.ID == nil {
		x.ID = p.needExpr(p.unnamed())
	}
	x.Schema = p.schema(false)
	x.Span = p.span(start)
	return x
}

func (p *parser) viewCombine() Expr {
	start := p.advance().Start
	x := &ViewCombine{}
	part := func(word string) Expr {
		open := p.open("(")
		var e Expr
		if word == "aggregations" {
			e = p.subpipe(false)
		} else {
			e = p.needExpr(p.pipe())
		}
		p.close(open, ")")
		return e
	}
	x.View = part("")
	for _, c := range []struct {
		word string
		to   *Expr
	}{{"base", &x.Base}, {"delta", &x.Delta}, {"aggregations", &x.Aggs}} {
		if p.need(c.word) {
			*c.to = part(c.word)
		} else {
			*c.to = &Bad{Span: p.here()}
		}
	}
	x.Span = p.span(start)
	return x
}
