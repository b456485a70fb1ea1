package syntax

import "strings"

// Print writes a part of a tree as text on one line: one blank between words, strings in double quotes, typed literals by the usual name of their type.
// Printing what Parse has read and reading it again gives the same tree.
func Print(n Node) string {
	var p printer
	p.node(n)
	return p.b.String()
}

// Print writes the statements of a script, each on a line of its own and ended by a semicolon but for the last.
func (s *Script) Print() string {
	var p printer
	for i, st := range s.Statements {
		if i > 0 {
			p.w(";\n")
		}
		p.node(st)
	}
	return p.b.String()
}

type printer struct{ b strings.Builder }

func (p *printer) w(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

func (p *printer) node(n Node) {
	switch n := n.(type) {
	case nil:
	case Statement:
		p.statement(n)
	case Operator:
		p.operator(n)
	case Expr:
		p.expr(n)
	case *Script:
		p.w(n.Print())
	case *Parameter:
		p.parameter(n)
	case *Type:
		p.typ(n)
	case *Schema:
		p.schema(n)
	case *Column:
		p.column(n)
	case *Body:
		p.body(n)
	case *Param:
		p.param(n)
	case *GraphPattern:
		p.pattern(n)
	}
}

func (p *printer) statement(s Statement) {
	switch s := s.(type) {
	case *Let:
		p.w("let ")
		p.name(s.Name)
		p.w(" = ")
		p.expr(s.Value)
	case *Set:
		p.w("set ")
		p.name(s.Name)
		if s.Value != nil {
			p.w(" = ")
			p.expr(s.Value)
		}
	case *QueryParameters:
		p.w("declare query_parameters")
		p.parameters(s.Params)
	case *Pattern:
		p.patternStatement(s)
	case *Alias:
		p.w("alias database ")
		p.name(s.Name)
		p.w(" = ")
		p.expr(s.Target)
	case *Restrict:
		p.w("restrict access to (")
		p.exprs(s.Entities)
		p.w(")")
		p.with(s.With)
	case *ExprStatement:
		p.expr(s.X)
	}
}

func (p *printer) patternStatement(s *Pattern) {
	p.w("declare pattern ")
	p.name(s.Name)
	if s.Cases == nil {
		return
	}
	p.w(" = ")
	p.parameters(s.Params)
	if s.Path != nil {
		p.w("[")
		p.parameter(s.Path)
		p.w("]")
	}
	p.w(" {")
	for _, c := range s.Cases {
		p.w(" (")
		p.exprs(c.Values)
		p.w(")")
		if c.Path != nil {
			p.w(".[")
			p.expr(c.Path)
			p.w("]")
		}
		p.w(" = ")
		p.body(c.Body)
		p.w(";")
	}
	p.w(" }")
}

func (p *printer) parameters(ps []*Parameter) {
	p.w("(")
	for i, x := range ps {
		p.comma(i)
		p.parameter(x)
	}
	p.w(")")
}

func (p *printer) comma(i int) {
	if i > 0 {
		p.w(", ")
	}
}

func (p *printer) parameter(x *Parameter) {
	p.name(x.Name)
	if x.Type != nil {
		p.w(": ")
		p.typ(x.Type)
	}
	if x.Default != nil {
		p.w(" = ")
		p.expr(x.Default)
	}
}

func (p *printer) typ(t *Type) {
	if t.Schema != nil {
		p.schema(t.Schema)
		return
	}
	p.w(t.Name)
}

func (p *printer) schema(s *Schema) {
	p.w("(")
	p.columns(s)
	p.w(")")
}

func (p *printer) columns(s *Schema) {
	if s.Open {
		p.w("*")
	}
	for i, c := range s.Columns {
		if i > 0 || s.Open {
			p.w(", ")
		}
		p.column(c)
	}
}

func (p *printer) column(c *Column) {
	p.name(c.Name)
	if c.Type != nil {
		p.w(": ")
		p.typ(c.Type)
	}
}

func (p *printer) body(b *Body) {
	p.w("{ ")
	for _, s := range b.Statements {
		p.statement(s)
		p.w("; ")
	}
	if b.Result != nil {
		p.expr(b.Result)
		p.w(" ")
	}
	p.w("}")
}

// params writes the options of an operator, each after a blank.
func (p *printer) params(ps Params) {
	for _, x := range ps {
		p.w(" ")
		p.param(x)
	}
}

func (p *printer) param(x *Param) {
	p.w(x.Name, "=")
	if a, ok := x.Value.(*Array); ok {
		p.exprs(a.Items)
		return
	}
	p.expr(x.Value)
}

// with writes with (options), nothing if there are none.
func (p *printer) with(ps Params) {
	if ps == nil {
		return
	}
	p.w(" with (")
	p.paramList(ps)
	p.w(")")
}

func (p *printer) paramList(ps Params) {
	for i, x := range ps {
		p.comma(i)
		p.param(x)
	}
}

func (p *printer) exprs(xs []Expr) {
	for i, x := range xs {
		p.comma(i)
		p.expr(x)
	}
}

func (p *printer) name(n *Name) {
	switch {
	case n == nil:
	case n.Form == BracedName:
		p.w("{", n.Text, "}")
	case n.Wildcard && n.Form == BracketedName:
		p.w("[", n.Text, "]")
	case n.Wildcard:
		p.w(n.Text)
	case n.Form == PlainName && (keywords[n.Text] != notKeyword || IsName(n.Text)):
		p.w(n.Text)
	default:
		p.w("[", QuoteString(n.Text), "]")
	}
}
