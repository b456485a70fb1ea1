package sqlgen

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// join lowers when both sides do and the keys are of types whose stored forms are equal exactly when the values are.
func (g *gen) join(n *plan.Join) lowered {
	lwant, rwant := columns{}, columns{}
	for _, c := range n.Out {
		if c.Right {
			rwant[c.Src] = true
		} else {
			lwant[c.Src] = true
		}
	}
	for _, k := range n.On {
		lwant, rwant = lwant.with(k.L), rwant.with(k.R)
	}
	l, r := g.visit(n.Left, lwant), g.visit(n.Right, rwant)
	if l.rel != nil && r.rel != nil {
		if out, ok := g.joined(n, l.rel, r.rel, lwant, rwant); ok {
			return lowered{out, n}
		}
	}
	n.Left, n.Right = g.leaf(l, lwant), g.leaf(r, rwant)
	return lowered{node: n}
}

var joinKinds = map[plan.JoinKind]string{plan.InnerUnique: "INNER", plan.Inner: "INNER", plan.LeftOuter: "LEFT", plan.RightOuter: "RIGHT",
	plan.FullOuter: "FULL", plan.LeftSemi: "SEMI", plan.LeftAnti: "ANTI", plan.RightSemi: "SEMI", plan.RightAnti: "ANTI"}

func (g *gen) joined(n *plan.Join, l, r *rel, lwant, rwant columns) (*rel, bool) {
	kind, ok := joinKinds[n.Kind]
	if !ok || n.Kind == plan.InnerUnique && g.off[InnerUnique] {
		return nil, false
	}
	l, lkeys, ok := g.side(l, lwant, n.On, func(k plan.JoinKey) plan.Expr { return k.L })
	if !ok {
		return nil, false
	}
	r, rkeys, ok := g.side(r, rwant, n.On, func(k plan.JoinKey) plan.Expr { return k.R })
	if !ok {
		return nil, false
	}
	if n.Kind == plan.InnerUnique {
		l, lkeys = g.firstOfKey(l, lkeys)
	}
	var on sql.Expr
	for i := range lkeys {
		on = and(on, sql.Binary{Op: "=", L: lkeys[i], R: rkeys[i]})
	}
	from := sql.Join{Kind: kind, L: l.sel.From, R: r.sel.From, On: on}
	if n.Kind == plan.RightSemi || n.Kind == plan.RightAnti {
		from.L, from.R = from.R, from.L
	}
	out := &rel{sel: &sql.Select{From: from, Limit: -1}, cols: n.Columns(), out: map[plan.ColID]sql.Expr{}, stored: l.stored || r.stored}
	for _, c := range n.Out {
		side := l
		if c.Right {
			side = r
		}
		x := side.out[c.Src]
		missing := n.Kind == plan.FullOuter || n.Kind == plan.LeftOuter && c.Right || n.Kind == plan.RightOuter && !c.Right
		if col, ok := x.(sql.Col); ok && missing {
			delete(g.filled, col)
		}
		if missing && c.Col.Type == value.String {
			x = sql.Call{Name: "coalesce", Args: []sql.Expr{x, sql.Lit{V: "", T: sql.Text}}}
		}
		out.out[c.Col.ID] = x
	}
	return out, true
}

// side makes one input a subquery with plain columns, the keys among them.
func (g *gen) side(r *rel, want columns, on []plan.JoinKey, pick func(plan.JoinKey) plan.Expr) (*rel, []sql.Expr, bool) {
	slim := *r
	slim.cols = nil
	for _, c := range r.cols {
		if want[c.ID] {
			slim.cols = append(slim.cols, c)
		}
	}
	if len(slim.cols) == 0 {
		slim.cols = r.cols[:min(1, len(r.cols))]
	}
	w := g.wrap(&slim)
	keys := make([]sql.Expr, len(on))
	for i, k := range on {
		e := pick(k)
		switch e.Type() {
		case value.Real, value.Decimal, value.Dynamic:
			return nil, nil, false
		}
		x, ok := g.expr(e, w)
		if !ok {
			return nil, nil, false
		}
		keys[i] = x
	}
	return w, keys, true
}

// firstOfKey keeps one row of each key of l.
func (g *gen) firstOfKey(l *rel, keys []sql.Expr) (*rel, []sql.Expr) {
	if g.dialect == sql.DuckDB && len(l.order) == 0 {
		return g.groupedByKey(l, keys)
	}
	sel := *l.sel
	sel.Qualify = sql.Binary{Op: "=", L: sql.Window{F: sql.Call{Name: "row_number"}, Partition: keys, OrderBy: l.order}, R: sql.Lit{V: int64(1), T: sql.Long}}
	one := *l
	one.sel = &sel
	one.order = nil
	// the keys come along as columns of their own
	a := g.alias()
	inner := one.selects(one.cols, false)
	w := &rel{sel: &sql.Select{From: sql.Sub{Q: inner, Alias: a}, Limit: -1}, cols: one.cols, out: map[plan.ColID]sql.Expr{}, stored: one.stored}
	for _, c := range one.cols {
		w.out[c.ID] = sql.Col{Table: a, Name: name(c.ID)}
	}
	out := make([]sql.Expr, len(keys))
	for i, k := range keys {
		kn := "k" + a + "_" + name(plan.ColID(i+1))
		inner.Items = append(inner.Items, sql.Item{X: k, Name: kn})
		out[i] = sql.Col{Table: a, Name: kn}
	}
	return w, out
}

// groupedByKey is firstOfKey where any row will do: an aggregation, in which DuckDB's first gives every column of the same row.
func (g *gen) groupedByKey(l *rel, keys []sql.Expr) (*rel, []sql.Expr) {
	a := g.alias()
	inner := *l.sel
	inner.GroupBy = keys
	w := &rel{sel: &sql.Select{From: sql.Sub{Q: &inner, Alias: a}, Limit: -1}, cols: l.cols, out: map[plan.ColID]sql.Expr{}, stored: l.stored}
	for _, c := range l.cols {
		inner.Items = append(inner.Items, sql.Item{X: sql.Call{Name: "first", Args: []sql.Expr{l.out[c.ID]}}, Name: name(c.ID)})
		col := sql.Col{Table: a, Name: name(c.ID)}
		w.out[c.ID] = col
		g.filled[col] = g.neverNull(l.out[c.ID])
	}
	out := make([]sql.Expr, len(keys))
	for i, k := range keys {
		kn := "k" + a + "_" + name(plan.ColID(i+1))
		inner.Items = append(inner.Items, sql.Item{X: k, Name: kn})
		out[i] = sql.Col{Table: a, Name: kn}
	}
	return w, out
}
