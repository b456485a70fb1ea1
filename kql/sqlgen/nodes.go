package sqlgen

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// maxValues is how many rows of an inline table are sent to the engine; beyond it Go holds them.
const maxValues = 1000

func (g *gen) scan(n *plan.Scan) lowered {
	a := g.alias()
	r := &rel{sel: &sql.Select{Limit: -1}, cols: n.Cols, out: map[plan.ColID]sql.Expr{}, stored: true}
	s := sql.Scan{Table: n.Table, From: n.From, To: n.To, Alias: a}
	seen := map[string]bool{}
	for i, c := range n.Cols {
		if !seen[n.Source[i]] {
			seen[n.Source[i]] = true
			s.Columns = append(s.Columns, n.Source[i])
		}
		col := sql.Col{Table: a, Name: n.Source[i]}
		r.out[c.ID] = col
		g.filled[col] = g.filled[col] || c.Type == value.String || c.ID == n.TimeCol
	}
	r.sel.From = s
	return lowered{r, n}
}

func (g *gen) values(n *plan.Values) lowered {
	if len(n.Rows) > maxValues || len(n.Cols) == 0 {
		return lowered{node: n}
	}
	v := sql.Values{Alias: g.alias()}
	r := &rel{sel: &sql.Select{Limit: -1}, cols: n.Cols, out: map[plan.ColID]sql.Expr{}}
	for _, c := range n.Cols {
		v.Names, v.Types = append(v.Names, name(c.ID)), append(v.Types, storage(c.Type))
		r.out[c.ID] = sql.Col{Table: v.Alias, Name: name(c.ID)}
	}
	for _, row := range n.Rows {
		list := make([]sql.Expr, len(row))
		for i, x := range row {
			list[i] = sql.Lit{V: x.Stored(), T: storage(n.Cols[i].Type)}
		}
		v.Rows = append(v.Rows, list)
	}
	r.sel.From = v
	return lowered{r, n}
}

// series lowers a range of whole numbers, datetimes or timespans with constant bounds.
func (g *gen) series(n *plan.Range) lowered {
	var b [3]value.Value
	for i, e := range []plan.Expr{n.From, n.To, n.Step} {
		l, ok := e.(*plan.Lit)
		if !ok || l.V.Null {
			return lowered{node: n}
		}
		b[i] = l.V
	}
	if storage(n.Col.Type) != sql.Long || b[2].I == 0 {
		return lowered{node: n}
	}
	for _, v := range b {
		if v.T != value.Long && v.T != value.Int && v.T != value.Datetime && v.T != value.Timespan {
			return lowered{node: n}
		}
	}
	if (b[1].I-b[0].I)/b[2].I > 1_000_000 {
		return lowered{node: n}
	}
	lit := func(v value.Value) sql.Expr { return sql.Lit{V: v.I, T: sql.Long} }
	s := sql.Series{From: lit(b[0]), To: lit(b[1]), Step: lit(b[2]), Name: name(n.Col.ID), Alias: g.alias()}
	return lowered{&rel{sel: &sql.Select{From: s, Limit: -1}, cols: n.Columns(),
		out: map[plan.ColID]sql.Expr{n.Col.ID: sql.Col{Table: s.Alias, Name: s.Name}}}, n}
}

// filter lowers the conjuncts that can be; the others are left to Go, above.
func (g *gen) filter(n *plan.Filter, want columns) lowered {
	below := want.with(n.Pred)
	in := g.visit(n.In, below)
	if in.rel == nil || plan.Windowed(n.Pred) {
		n.In = g.leaf(in, below)
		return lowered{node: n}
	}
	r := in.rel
	if r.closed {
		r = g.wrap(r)
	}
	r = g.plain(r, n.Pred)
	var stay []plan.Expr
	sel := *r.sel
	for _, p := range plan.Conjuncts(n.Pred) {
		if x, ok := g.expr(p, r); ok {
			sel.Where = and(sel.Where, nullIsFalse(x))
		} else {
			stay = append(stay, p)
			if x, ok := g.implied(p, r); ok {
				sel.Where = and(sel.Where, x)
			}
		}
	}
	r.sel = &sel
	if len(stay) == 0 {
		return lowered{r, n}
	}
	if !r.stored {
		n.In = in.node
		return lowered{node: n}
	}
	wide := *r
	wide.cols = append([]plan.Column(nil), r.cols...)
	for i, p := range stay {
		stay[i] = g.split(p, &wide)
	}
	node := g.leaf(lowered{&wide, n.In}, want.with(stay...))
	for _, p := range stay {
		node = plan.NewFilter(node, p)
	}
	if len(wide.cols) == len(r.cols) {
		return lowered{node: node}
	}
	var items []plan.Item // without the columns that were made for the filter
	for _, c := range r.cols {
		if want == nil || want[c.ID] {
			items = append(items, plan.Item{Col: c, Expr: &plan.Ref{ID: c.ID, T: c.Type}})
		}
	}
	if len(items) == 0 && len(r.cols) > 0 {
		return lowered{node: node}
	}
	return lowered{node: plan.NewProject(node, items)}
}

// ownColumns are the identities of columns that only a lowering brings; the binder gives smaller ones.
const ownColumns plan.ColID = 1 << 28

// split lets SQL compute those parts of a condition that it can say: each becomes a column, so that its own columns need not be read out.
func (g *gen) split(e plan.Expr, r *rel) plan.Expr {
	c, ok := e.(*plan.Call)
	if !ok {
		return e
	}
	if x, ok := g.expr(c, r); ok {
		g.made++
		col := plan.Column{ID: ownColumns + plan.ColID(g.made), Name: "condition", Type: c.T}
		out := make(map[plan.ColID]sql.Expr, len(r.out)+1)
		for id, y := range r.out {
			out[id] = y
		}
		out[col.ID] = x
		r.out, r.cols = out, append(r.cols, col)
		return &plan.Ref{ID: col.ID, T: c.T}
	}
	switch c.Fn.Name {
	case "and", "or", "not":
		var args []plan.Expr
		for _, a := range g.gathered(c, r) {
			args = append(args, g.split(a, r))
		}
		return &plan.Call{Fn: c.Fn, Args: args, T: c.T}
	}
	return e
}

// gathered gives the arguments of c, a chain of the same operator flattened, with those that SQL can say gathered in one.
func (g *gen) gathered(c *plan.Call, r *rel) []plan.Expr {
	if c.Fn.Name == "not" {
		return c.Args
	}
	var can, cannot []plan.Expr
	var flatten func(e plan.Expr)
	flatten = func(e plan.Expr) {
		if k, ok := e.(*plan.Call); ok && k.Fn == c.Fn {
			for _, a := range k.Args {
				flatten(a)
			}
		} else if _, ok := g.expr(e, r); ok {
			can = append(can, e)
		} else {
			cannot = append(cannot, e)
		}
	}
	flatten(c)
	if len(can) > 1 {
		can = []plan.Expr{&plan.Call{Fn: c.Fn, Args: can, T: c.T}}
	}
	return append(can, cannot...)
}

// nullIsFalse drops from a condition of WHERE, where null counts as false anyway, what makes null false: without it an engine can use
// its column statistics.
func nullIsFalse(x sql.Expr) sql.Expr {
	switch e := x.(type) {
	case sql.Binary:
		if e.Op == "AND" || e.Op == "OR" {
			return sql.Binary{Op: e.Op, L: nullIsFalse(e.L), R: nullIsFalse(e.R)}
		}
	case sql.Call:
		if e.Name == "coalesce" && len(e.Args) == 2 {
			if l, ok := e.Args[1].(sql.Lit); ok && l.V == false {
				return nullIsFalse(e.Args[0])
			}
		}
	}
	return x
}

// project lowers whole or not at all: Go would have to read the columns anyway.
func (g *gen) project(n *plan.Project) lowered {
	es := make([]plan.Expr, len(n.Items))
	for i, it := range n.Items {
		es[i] = it.Expr
	}
	want := columns{}.with(es...)
	in := g.visit(n.In, want)
	if in.rel != nil {
		r := g.plain(in.rel, computed(n.Items)...)
		p := &rel{sel: r.sel, cols: n.Columns(), out: map[plan.ColID]sql.Expr{}, order: r.order, closed: r.closed, stored: r.stored}
		all := true
		for _, it := range n.Items {
			x, ok := g.expr(it.Expr, r)
			all = all && ok
			p.out[it.Col.ID] = x
		}
		if all {
			return lowered{p, n}
		}
	}
	n.In = g.leaf(in, want)
	return lowered{node: n}
}

// computed gives the expressions of items that are not just a column.
func computed(items []plan.Item) []plan.Expr {
	var es []plan.Expr
	for _, it := range items {
		if _, ok := it.Expr.(*plan.Ref); !ok {
			es = append(es, it.Expr)
		}
	}
	return es
}

func (g *gen) sort(n *plan.Sort, want columns) lowered {
	below := want
	for _, k := range n.Keys {
		below = below.with(k.Expr)
	}
	in := g.visit(n.In, below)
	if in.rel == nil {
		n.In = g.leaf(in, below)
		return lowered{node: n}
	}
	r := in.rel
	if r.sel.Limit >= 0 {
		r = g.wrap(r)
	}
	var order []sql.Order
	for _, k := range n.Keys {
		x, ok := g.expr(k.Expr, r)
		if !ok || k.Expr.Type() == value.Dynamic || k.Expr.Type() == value.Decimal {
			n.In = g.leaf(in, below)
			return lowered{node: n}
		}
		if k.Expr.Type() == value.Real { // what is not a number sorts with the nulls
			x = sql.Case{Whens: []sql.When{{If: sql.Call{Name: "isnan", Args: []sql.Expr{x}}, Then: sql.Lit{T: sql.Double}}}, Else: x}
		}
		order = append(order, sql.Order{X: x, Desc: k.Desc, NullsFirst: k.NullsFirst})
	}
	s := *r
	s.order = append(order, r.order...)
	if n.N >= 0 {
		sel := *r.sel
		sel.Limit = n.N
		s.sel, s.closed = &sel, true
	}
	return lowered{&s, n}
}

func (g *gen) limit(n *plan.Limit, want columns) lowered {
	in := g.visit(n.In, want)
	if in.rel == nil {
		n.In = g.leaf(in, want)
		return lowered{node: n}
	}
	r := *in.rel
	sel := *r.sel
	if sel.Limit < 0 || sel.Limit > n.N {
		sel.Limit = max(0, n.N)
	}
	r.sel, r.closed = &sel, true
	return lowered{&r, n}
}

// maxUnion bounds the cells of a union's shape, legs by columns: an engine takes seconds to plan a search through all columns of a hundred
// tables, where Go reads one table after the other and stops when it has enough.
const maxUnion = 20_000

// union lowers when every leg does; a leg's columns are brought to the output's types and order.
func (g *gen) union(n *plan.Union) lowered {
	legs := make([]lowered, len(n.Ins))
	all, stored := len(n.Ins) > 0 && len(n.Ins)*len(n.Cols) <= maxUnion, false
	wants := make([]columns, len(n.Ins))
	for i, in := range n.Ins {
		wants[i] = columns{}
		for _, id := range n.Map[i] {
			wants[i][id] = true
		}
		legs[i] = g.visit(in, wants[i])
		all = all && legs[i].rel != nil
		stored = stored || legs[i].rel != nil && legs[i].rel.stored
	}
	if !all {
		for i := range n.Ins {
			n.Ins[i] = g.leaf(legs[i], wants[i])
		}
		return lowered{node: n}
	}
	u := &sql.Select{Limit: -1}
	for i, leg := range legs {
		s := leg.rel.selects(nil, false)
		for c, col := range n.Cols {
			var x sql.Expr
			switch id := n.Map[i][c]; {
			case n.WithSource != 0 && col.ID == n.WithSource:
				x = sql.Lit{V: n.SourceNames[i], T: sql.Text}
			case id == 0:
				x = sql.Lit{V: value.NullOf(col.Type).Stored(), T: storage(col.Type)}
			default:
				x = leg.rel.out[id]
			}
			s.Items = append(s.Items, sql.Item{X: x, Name: name(col.ID)})
		}
		u.Union = append(u.Union, s)
	}
	a := g.alias()
	r := &rel{sel: &sql.Select{From: sql.Sub{Q: u, Alias: a}, Limit: -1}, cols: n.Cols, out: map[plan.ColID]sql.Expr{}, stored: stored}
	for i, c := range n.Cols {
		col := sql.Col{Table: a, Name: name(c.ID)}
		r.out[c.ID] = col
		g.filled[col] = true
		for _, s := range u.Union {
			g.filled[col] = g.filled[col] && g.neverNull(s.Items[i].X)
		}
	}
	return lowered{r, n}
}
