package sqlgen

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// mvExpand lowers mv-expand of dynamic values: the engine makes rows of lists, several beside each other as far as the longest goes.
func (g *gen) mvExpand(n *plan.MvExpand) lowered {
	want := needs(n)
	in := g.visit(n.In, want)
	if in.rel != nil {
		if r, ok := g.expanded(n, in.rel); ok {
			return lowered{r, n}
		}
	}
	n.In = g.leaf(in, want)
	return lowered{node: n}
}

func (g *gen) expanded(n *plan.MvExpand, in *rel) (*rel, bool) {
	if n.Limit >= 0 || n.Array || g.dialect != sql.DuckDB {
		return nil, false
	}
	es := make([]plan.Expr, len(n.Items))
	for i, it := range n.Items {
		es[i] = it.Expr
		if it.Expr.Type() != value.Dynamic {
			return nil, false
		}
	}
	if in.closed {
		in = g.wrap(in)
	}
	in = g.plain(in, es...)
	mid := *in
	mid.cols, mid.out = nil, map[plan.ColID]sql.Expr{}
	for _, c := range n.Out {
		switch {
		case c.Index:
			return nil, false
		case c.Item < 0:
			if _, done := mid.out[c.Src]; !done {
				mid.cols = append(mid.cols, plan.Column{ID: c.Src, Name: c.Col.Name, Type: c.Col.Type})
				mid.out[c.Src] = in.out[c.Src]
			}
		}
	}
	elements := make([]plan.Column, len(n.Items))
	for i, it := range n.Items {
		x, ok := g.expr(it.Expr, in)
		if !ok {
			return nil, false
		}
		g.made++
		elements[i] = plan.Column{ID: ownColumns + plan.ColID(g.made), Name: "element", Type: value.Dynamic}
		mid.cols = append(mid.cols, elements[i])
		mid.out[elements[i].ID] = fn.Elements(x)
	}
	w := g.wrap(&mid)
	out := &rel{sel: w.sel, cols: n.Columns(), out: map[plan.ColID]sql.Expr{}, order: w.order, stored: w.stored}
	for _, c := range n.Out {
		if c.Item < 0 {
			out.out[c.Col.ID] = w.out[c.Src]
			continue
		}
		it := n.Items[c.Item]
		var e plan.Expr = &plan.Ref{ID: elements[c.Item].ID, T: value.Dynamic}
		if it.To != value.Dynamic && it.To != value.Unknown {
			f := fn.Lookup("to" + it.To.String())
			if it.To == value.Real {
				f = fn.Lookup("todouble")
			}
			if f == nil {
				return nil, false
			}
			e = &plan.Call{Fn: f, Args: []plan.Expr{e}, T: it.To}
		}
		x, ok := g.expr(e, w)
		if !ok {
			return nil, false
		}
		out.out[c.Col.ID] = x
	}
	return out, true
}
