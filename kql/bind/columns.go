package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// style says for which operator column expressions are bound; their names and what happens on clashes depend on it.
type style uint8

const (
	projecting style = iota
	extending
	printing
	replacing   // mv-expand
	summarizing // the aggregates of summarize
	matching    // graph-match
)

// addColumns binds column expressions and adds them to p.
func (b *binder) addColumns(p *projection, list []syntax.Expr, s style) {
	for _, e := range list {
		b.addColumn(p, e, s, "")
	}
}

// addColumn binds one column expression and adds its column, or its columns. fallback is the name of a column that has none (print_0).
func (b *binder) addColumn(p *projection, e syntax.Expr, s style, fallback string) {
	if o, ok := e.(*syntax.Ordered); ok {
		e = o.X
	}
	switch e := e.(type) {
	case *syntax.Named:
		b.addNamed(p, e, b.expr(e.X), s, nil)
	case *syntax.Star:
		if b.row == nil || s == printing {
			b.errorf(e.At(), codeScalar, "* cannot stand here; there are no columns")
			return
		}
		for _, it := range refs(b.row.cols) {
			p.add(it, "", true)
		}
	case *syntax.Bad:
		b.expr(e)
	default:
		b.addBound(p, e, b.expr(e), s, fallback, nil)
	}
}

// as gives the item of x under the name; with a type, the column has that type whatever the expression's is.
func (b *binder) item(x bound, name string, as *value.Type) plan.Item {
	t := x.typ
	if as != nil {
		t = *as
	}
	return plan.Item{Col: b.newColumn(name, t), Expr: x.expr}
}

// addNamed adds name = expression, or (names) = expression with several results.
func (b *binder) addNamed(p *projection, e *syntax.Named, x bound, s style, as *value.Type) {
	replace := s == replacing || s == extending
	if len(x.tuple) == 0 {
		if len(e.Names) > 1 {
			b.errorf(e.X.At(), codeScalar, "the expression has one value, but %d names stand before it", len(e.Names))
			return
		}
		if len(e.Names) == 1 {
			p.declare(b.item(x, e.Names[0].Text, as), e.Names[0].At(), replace || x.col != 0)
		}
		return
	}
	for i, it := range x.tuple {
		switch {
		case i < len(e.Names):
			it.Col = b.newColumn(e.Names[i].Text, it.Col.Type)
			if as != nil {
				it.Col.Type = *as
			}
			p.declare(it, e.Names[i].At(), replace || !e.Tuple)
		case s != printing:
			p.add(it, "", e.Tuple && replace)
		}
	}
	for _, n := range e.Names[min(len(e.Names), len(x.tuple)):] {
		b.errorf(n.At(), codeScalar, "the expression has only %d values", len(x.tuple))
	}
}

// addBound adds an expression without a name.
func (b *binder) addBound(p *projection, e syntax.Expr, x bound, s style, fallback string, as *value.Type) {
	if id := x.column(); id != 0 && s != printing && s != matching {
		c, ok := b.columnByID(id)
		if !ok {
			name, _ := b.title(e)
			c = plan.Column{ID: id, Name: name, Type: x.typ}
		}
		it := plan.Item{Col: c, Expr: x.expr}
		if as != nil {
			it.Col.Type = *as
			it.Col.ID = b.newID()
		}
		p.declare(it, e.At(), s == replacing)
		return
	}
	if len(x.tuple) > 0 && (s != printing || len(x.tuple) > 1) {
		for _, it := range x.tuple {
			if as != nil {
				it.Col.Type = *as
			}
			p.add(it, "", false)
		}
		return
	}
	if s == printing {
		if len(x.tuple) == 1 {
			x.typ, x.expr = x.tuple[0].Col.Type, x.tuple[0].Expr
		}
		p.add(b.item(x, fallback, as), fallback, false)
		return
	}
	name, ok := b.title(e)
	if !ok {
		if name = fallback; name == "" {
			name = b.defaultTitle(s == extending)
		}
	}
	p.add(b.item(x, name, as), "", s == replacing || s == extending)
}

// projectTo puts the columns of p over r. Items without an expression, of which something has been reported, become nulls so that the
// tree stays whole.
func (b *binder) projectTo(r *rel, p *projection) *rel {
	return b.project(r, p.items)
}

func (b *binder) project(r *rel, items []plan.Item) *rel {
	for i, it := range items {
		if it.Expr == nil {
			items[i].Expr = &plan.Lit{V: value.NullOf(it.Col.Type)}
		}
	}
	return r.derive(plan.NewProject(r.node, items), columnsOf(items))
}
