package sqlgen

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// implied gives a condition that SQL can say and that holds wherever p does, for a p that Go tests: rows that cannot meet p stay in the
// engine. ok is false where p implies nothing that can be said.
func (g *gen) implied(p plan.Expr, r *rel) (x sql.Expr, ok bool) {
	if x, ok := g.expr(p, r); ok {
		return nullIsFalse(x), true
	}
	c, ok := p.(*plan.Call)
	if !ok {
		return nil, false
	}
	switch c.Fn.Name {
	case "and":
		for _, a := range c.Args {
			if y, ok := g.implied(a, r); ok {
				x = and(x, y)
			}
		}
		return x, x != nil
	case "or":
		for i, a := range c.Args {
			y, ok := g.implied(a, r)
			if !ok {
				return nil, false
			}
			if i == 0 {
				x = y
			} else {
				x = sql.Binary{Op: "OR", L: x, R: y}
			}
		}
		return x, x != nil
	}
	if len(c.Args) < 2 {
		return nil, false
	}
	stored, ok := g.within(c.Args[0], r)
	if !ok {
		return nil, false
	}
	right := make([]*value.Value, len(c.Args)-1)
	for i, a := range c.Args[1:] {
		if l, ok := a.(*plan.Lit); ok {
			right[i] = &l.V
		}
	}
	return fn.MayHave(g.dialect, stored, c.Fn.Name, right)
}

// sooner puts before x, which is what c is in SQL, a condition on the stored text that c implies: the engine need not read the JSON of
// most rows, and the term index knows of it.
func (g *gen) sooner(c *plan.Call, x sql.Expr, consts []*value.Value, r *rel) sql.Expr {
	if c.T != value.Bool || len(c.Args) < 2 || c.Args[0].Type() == value.Bool {
		return x
	}
	if stored, ok := g.within(c.Args[0], r); ok {
		if may, ok := fn.MayHave(g.dialect, stored, c.Fn.Name, consts[1:]); ok {
			return sql.Binary{Op: "AND", L: may, R: x}
		}
	}
	return x
}

// within gives the stored dynamic that a text is or was taken out of, by members and elements.
func (g *gen) within(e plan.Expr, r *rel) (sql.Expr, bool) {
	switch e := e.(type) {
	case *plan.Ref:
		x, ok := r.out[e.ID]
		_, column := x.(sql.Col)
		return x, ok && column && e.T == value.Dynamic
	case *plan.Call:
		switch e.Fn.Name {
		case "tostring", ".", "[]":
			if len(e.Args) > 0 && e.Args[0].Type() == value.Dynamic {
				return g.within(e.Args[0], r)
			}
		}
	}
	return nil, false
}
