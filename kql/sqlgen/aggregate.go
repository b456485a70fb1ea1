package sqlgen

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// inOrder are the aggregates whose result has the order of the rows.
var inOrder = map[string]bool{"make_list": true, "makelist": true}

// aggregate lowers summarize and distinct when all keys and aggregates can be said.
func (g *gen) aggregate(n *plan.Aggregate) lowered {
	var es, keys []plan.Expr
	for _, k := range n.Keys {
		keys = append(keys, k.Expr)
	}
	es = append(es, keys...)
	for _, a := range n.Aggs {
		es = append(es, a.Args...)
	}
	want := columns{}.with(es...)
	in := g.visit(n.In, want)
	if in.rel != nil {
		if r, ok := g.grouped(n, in.rel, es); ok {
			return lowered{r, n}
		}
	}
	n.In = g.leaf(in, want)
	return lowered{node: n}
}

// grouped builds the grouping over in.
func (g *gen) grouped(n *plan.Aggregate, in *rel, es []plan.Expr) (*rel, bool) {
	if in.closed {
		in = g.wrap(in)
	}
	in = g.plain(in, es...)
	in, keys, ok := g.keyed(n.Keys, in)
	if !ok {
		return nil, false
	}
	extreme := -1
	for i, a := range n.Aggs {
		if inOrder[a.Fn.Name] && len(in.order) > 0 {
			return nil, false
		}
		if a.Fn.Name == "arg_max" || a.Fn.Name == "arg_min" {
			if extreme >= 0 {
				return nil, false
			}
			extreme = i
		}
	}
	if extreme >= 0 {
		return g.argMax(n, in, keys, extreme)
	}
	sel := *in.sel
	sel.GroupBy = keys
	r := &rel{sel: &sel, cols: n.Columns(), out: map[plan.ColID]sql.Expr{}, closed: true, stored: in.stored}
	for i, k := range n.Keys {
		r.out[k.Col.ID] = keys[i]
	}
	for _, a := range n.Aggs {
		xs, ok := g.aggs(a, in)
		if !ok {
			return nil, false
		}
		for i, x := range xs {
			r.out[a.Cols[i].ID] = x
		}
	}
	return r, true
}

// aggs lowers one aggregate with all its columns.
func (g *gen) aggs(a plan.AggItem, in *rel) ([]sql.Expr, bool) {
	if !fn.ListOfColumns(a.Fn) {
		x, ok := g.agg(a, in)
		return []sql.Expr{x}, ok
	}
	args, types, consts, ok := g.args(a.Args, in)
	if !ok || len(a.Cols) == 0 {
		return nil, false
	}
	list, ok := a.Fn.SQL(g.dialect, args, types, consts)
	if !ok || len(a.Cols) != len(args)-1 {
		return nil, false
	}
	xs := make([]sql.Expr, len(a.Cols))
	for i, c := range a.Cols {
		xs[i] = sql.Cast{X: fn.Element(list, i), T: storage(c.Type)}
	}
	return xs, true
}

// agg lowers one aggregate with one column.
func (g *gen) agg(a plan.AggItem, in *rel) (sql.Expr, bool) {
	if len(a.Cols) != 1 || a.Fn.SQL == nil || fn.ListOfColumns(a.Fn) {
		g.stays(a.Fn.Name)
		return nil, false
	}
	args, types, consts, ok := g.args(a.Args, in)
	if !ok {
		return nil, false
	}
	x, ok := a.Fn.SQL(g.dialect, args, types, consts)
	if !ok {
		g.stays(fn.CallText(a.Fn, types, a.Cols[0].Type))
		return nil, false
	}
	if t := storage(a.Cols[0].Type); t != sql.Text { // engines widen sums and counts
		x = sql.Cast{X: x, T: t}
	}
	return x, true
}

// keyed makes every key a plain column, in a subquery where one is computed, because an engine must recognise it in GROUP BY.
func (g *gen) keyed(items []plan.Item, in *rel) (*rel, []sql.Expr, bool) {
	keys := make([]sql.Expr, len(items))
	plain := true
	for i, k := range items {
		if t := k.Expr.Type(); t == value.Dynamic || t == value.Decimal { // their texts may differ where the values do not
			return nil, nil, false
		}
		x, ok := g.expr(k.Expr, in)
		if !ok {
			return nil, nil, false
		}
		if _, ok := x.(sql.Col); !ok {
			plain = false
		}
		keys[i] = x
	}
	if plain {
		return in, keys, true
	}
	mid := *in
	mid.out = map[plan.ColID]sql.Expr{}
	for id, x := range in.out {
		mid.out[id] = x
	}
	mid.cols = append([]plan.Column(nil), in.cols...)
	for i, k := range items {
		if _, ok := mid.out[k.Col.ID]; !ok {
			mid.cols = append(mid.cols, k.Col)
			mid.out[k.Col.ID] = keys[i]
		}
	}
	mid.order = nil
	w := g.wrap(&mid)
	for i, k := range items {
		keys[i] = w.out[k.Col.ID]
	}
	return w, keys, true
}

// argMax lowers arg_max(x, …) as the greatest x of each group joined back to the rows: far cheaper than carrying every column through
// the aggregation. Where several rows have the greatest x, one of them is taken, as in Kusto.
func (g *gen) argMax(n *plan.Aggregate, in *rel, keys []sql.Expr, at int) (*rel, bool) {
	a := n.Aggs[at]
	if g.off[ArgMax] || len(n.Keys) == 0 || len(a.Args) != len(a.Cols) || storage(a.Args[0].Type()) != sql.Long {
		return nil, false
	}
	x, ok := g.expr(a.Args[0], in)
	if !ok {
		return nil, false
	}
	best, rows := g.alias(), g.alias()
	// the groups: keys, the extreme, and the other aggregates
	groups := *in.sel
	groups.GroupBy = keys
	groups.OrderBy = nil
	for i, k := range n.Keys {
		groups.Items = append(groups.Items, sql.Item{X: keys[i], Name: name(k.Col.ID)})
	}
	f := map[string]string{"arg_max": "max", "arg_min": "min"}[a.Fn.Name]
	groups.Items = append(groups.Items, sql.Item{X: sql.Call{Name: f, Args: []sql.Expr{x}}, Name: "m"})
	for i, other := range n.Aggs {
		if i == at {
			continue
		}
		y, ok := g.agg(other, in)
		if !ok {
			return nil, false
		}
		groups.Items = append(groups.Items, sql.Item{X: y, Name: name(other.Cols[0].ID)})
	}
	// the rows: keys, x, and what is asked for beside it
	all := *in.sel
	all.OrderBy = nil
	r := &rel{cols: n.Columns(), out: map[plan.ColID]sql.Expr{}, closed: true, stored: in.stored}
	var on sql.Expr
	var part []sql.Expr
	for i, k := range n.Keys {
		c := name(k.Col.ID)
		all.Items = append(all.Items, sql.Item{X: keys[i], Name: "k" + c})
		l, rt := sql.Col{Table: rows, Name: "k" + c}, sql.Col{Table: best, Name: c}
		op := "="
		if k.Col.Type != value.String {
			op = "IS NOT DISTINCT FROM"
		}
		on = and(on, sql.Binary{Op: op, L: l, R: rt})
		part = append(part, l)
		r.out[k.Col.ID] = rt
	}
	for i, arg := range a.Args {
		y, ok := g.expr(arg, in)
		if !ok {
			return nil, false
		}
		c := name(a.Cols[i].ID)
		all.Items = append(all.Items, sql.Item{X: y, Name: c})
		r.out[a.Cols[i].ID] = sql.Col{Table: rows, Name: c}
	}
	op := "IS NOT DISTINCT FROM"
	if g.neverNull(x) { // engines join sooner on what is equal
		op = "="
	}
	on = and(on, sql.Binary{Op: op, L: sql.Col{Table: rows, Name: name(a.Cols[0].ID)}, R: sql.Col{Table: best, Name: "m"}})
	for i, other := range n.Aggs {
		if i != at {
			r.out[other.Cols[0].ID] = sql.Col{Table: best, Name: name(other.Cols[0].ID)}
		}
	}
	r.sel = &sql.Select{
		From:  sql.Join{Kind: "INNER", L: sql.Sub{Q: &all, Alias: rows}, R: sql.Sub{Q: &groups, Alias: best}, On: on},
		Limit: -1,
		Qualify: sql.Binary{Op: "=", L: sql.Window{F: sql.Call{Name: "row_number"}, Partition: part},
			R: sql.Lit{V: int64(1), T: sql.Long}},
	}
	return r, true
}
