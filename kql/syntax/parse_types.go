package syntax

import "slices"

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

// paramKind says what the value of an option may be.
type paramKind uint8

const (
	anyParam    paramKind = iota // a literal or a word
	wordParam                    // a word
	parseParam                   // simple, regex or relaxed
	listParam                    // columns separated by commas
	stringParam                  // an expression without operators
	wordlessEq                   // render's old with "…" and by …: no =
)

// paramSet gives the options of an operator.
type paramSet map[string]paramKind

// knownParams may stand after any operator; what they mean there is the binder's matter.
var knownParams = set(`bagexpansion bin_legacy __crossCluster __crossDB decodeblocks expandoutput hint.concurrency hint.distribution hint.materialized
hint.num_partitions hint.pass_filters hint.pass_filters_column hint.progressive_top hint.remote hint.shufflekey hint.spread hint.strategy __id isfuzzy
__isFuzzy kind __noWithSource __packedColumn __sourceColumnIndex cycles with_match_id with_itemindex withsource with_source with_step_name
force_remote`)

// paramRule says which options are read.
type paramRule uint8

const (
	declaredOrKnown paramRule = iota // an option, whether = follows or not
	withEquals                       // an option that = follows
	declaredOnly                     // an option of the operator's own that = follows
)

// params reads the options name=value at the head of an operator.
func (p *parser) params(own paramSet, rule paramRule) Params {
	var out Params
	for {
		x := p.param(own, rule)
		if x == nil {
			return out
		}
		out = append(out, x)
	}
}

func (p *parser) param(own paramSet, rule paramRule) *Param {
	p.expectsOption()
	t := p.tok()
	if t.Kind != WordToken && t.Kind != KeywordToken {
		return nil
	}
	kind, ok := own[t.Text]
	n, name := 1, t.Text
	if !ok && rule != declaredOnly {
		if name == "hint" && p.peek(1).Text == "." && p.peek(1).adjacent() && p.peek(2).adjacent() {
			if dotted := "hint." + p.peek(2).Text; knownParams[dotted] {
				n, name = 3, dotted
			}
		}
		ok = knownParams[name]
	}
	if !ok || rule != declaredOrKnown && p.peek(n).Text != "=" {
		return nil
	}
	p.pos += n
	if !p.accept("=") {
		p.missing("missing-word", "`=` after "+name, "")
	}
	p.expectsValue(name)
	x := &Param{Name: name, Value: p.paramValue(kind, own)}
	x.Span = p.span(t.Start)
	return x
}

func (p *parser) paramValue(kind paramKind, own paramSet) Expr {
	switch kind {
	case listParam:
		return p.columnList(own)
	case stringParam:
		if x := p.postfix(); x != nil {
			return x
		}
		return p.needExpr(nil)
	case parseParam:
		if t := p.tok(); t.Text == "simple" || t.Text == "relaxed" {
			p.pos++
			return &Name{Span: t.Span, Text: t.Text}
		}
	}
	if x := p.literal(); x != nil {
		return x
	}
	if n := p.name(); n != nil {
		return n
	}
	return p.needExpr(nil)
}

// columnList reads names up to the next option. A comma before an option belongs to the options.
func (p *parser) columnList(own paramSet) Expr {
	start := p.tok().Start
	isOption := func(n int) bool {
		_, ok := own[p.peek(n).Text]
		return (ok || knownParams[p.peek(n).Text]) && p.peek(n+1).Text == "="
	}
	x := &Array{}
	for {
		n := p.declaredName()
		if n == nil {
			x.Items = append(x.Items, p.noName("the name of a column"))
			break
		}
		x.Items = append(x.Items, n)
		if next := p.peek(1); !p.is(",") || isOption(1) || next.Kind == EOFToken || slices.Contains([]string{")", "]", "}", "|", ";"}, next.Text) {
			break
		}
		p.pos++
	}
	x.Span = p.span(start)
	return x
}

// paramList reads options separated by commas, as after with.
func (p *parser) paramList(own paramSet, rule paramRule) Params {
	var out Params
	p.list(list{missing: func() { p.missing("missing-parameter", "an option (name = value)", "") }, item: func() bool {
		x := p.param(own, rule)
		if x != nil {
			out = append(out, x)
		}
		return x != nil
	}})
	return out
}
