// Package sqlgen turns as much of a plan as SQL can say exactly into SQL trees. What it cannot say stays a node that kql/exec runs over
// the rows of the lowered subtrees below it; nothing is ever approximated.
//
// It imports kql/plan, kql/exec (for the leaf that stands for SQL), kql/fn, kql/sql, kql/value and the standard library.
package sqlgen

import (
	"fmt"
	"strconv"

	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// Names of the rewrites that this package knows, for Options.Off.
const (
	ArgMax      = "arg-max"     // arg_max and arg_min become an aggregation that is joined back
	InnerUnique = "innerunique" // innerunique becomes an inner join with one left row of each key
)

// Options says for which engine to lower.
type Options struct {
	Dialect sql.Dialect
	Off     []string          // rewrites to leave out
	Refused func(what string) // told, where it is set, each operator and function that stays in Go although what is below it does not
}

// Lower replaces the lowerable subtrees of q's results by *exec.SQL leaves. Subtrees without a stored table stay as they are: Go answers
// them sooner than the engine could be asked. Nodes that stay are changed in place.
func Lower(q *plan.Query, o Options) {
	g := &gen{dialect: o.Dialect, off: map[string]bool{}, uses: map[plan.Node]int{}, done: map[plan.Node]plan.Node{}, filled: map[sql.Col]bool{},
		refused: o.Refused}
	for _, name := range o.Off {
		g.off[name] = true
	}
	for _, r := range q.Results {
		plan.Walk(r.Root, func(n plan.Node) { g.uses[n]++ })
	}
	for i := range q.Results {
		root := &q.Results[i].Root
		*root = g.leaf(g.visit(*root, nil), nil)
	}
}

// gen lowers one tree.
type gen struct {
	dialect sql.Dialect
	off     map[string]bool
	uses    map[plan.Node]int
	done    map[plan.Node]plan.Node // nodes with several parents, lowered
	filled  map[sql.Col]bool        // columns that are never null
	refused func(string)
	aliases int
	made    int // columns of our own
}

// stays notes what cannot be said in SQL.
func (g *gen) stays(what string) {
	if g.refused != nil {
		g.refused(what)
	}
}

func (g *gen) alias() string {
	g.aliases++
	return "t" + strconv.Itoa(g.aliases)
}

// lowered is what became of a node: a relation in SQL, or (rel nil) a node that Go runs. node is set in both cases.
type lowered struct {
	rel  *rel
	node plan.Node
}

// columns is the set of columns that the parent reads; nil means all.
type columns map[plan.ColID]bool

func (c columns) with(es ...plan.Expr) columns {
	if c == nil {
		return nil
	}
	out := make(columns, len(c))
	for id := range c {
		out[id] = true
	}
	for _, e := range es {
		plan.Refs(e, out)
	}
	return out
}

// leaf ends a lowered relation: it becomes an exec.SQL leaf with the columns in want, or stays Go where it reads no table.
func (g *gen) leaf(l lowered, want columns) plan.Node {
	if l.rel == nil || !l.rel.stored {
		return l.node
	}
	cols := l.rel.cols
	if want != nil {
		cols = nil
		for _, c := range l.rel.cols {
			if want[c.ID] {
				cols = append(cols, c)
			}
		}
		if len(cols) == 0 {
			cols = l.rel.cols[:min(1, len(l.rel.cols))]
		}
	}
	q := &sql.Query{Root: l.rel.selects(cols, true)}
	for _, c := range cols {
		q.Names, q.Types = append(q.Names, c.Name), append(q.Types, storage(c.Type))
	}
	return &exec.SQL{Query: q, Cols: cols, Plan: l.node}
}

// storage gives the storage type of a Kusto type.
func storage(t value.Type) sql.Type {
	switch t {
	case value.Bool:
		return sql.Bool
	case value.Int:
		return sql.Int
	case value.Long, value.Datetime, value.Timespan:
		return sql.Long
	case value.Real:
		return sql.Double
	}
	return sql.Text
}

// rel is a SELECT being built. out gives each column as an expression over sel.From.
type rel struct {
	sel    *sql.Select // without Items and OrderBy
	cols   []plan.Column
	out    map[plan.ColID]sql.Expr
	order  []sql.Order // over sel.From
	closed bool        // grouped or limited: nothing may be filtered or sorted before it any more
	stored bool        // a stored table is read
}

func name(id plan.ColID) string { return "c" + strconv.Itoa(int(id)) }

// selects gives the SELECT with cols as its items, c<id> by name.
func (r *rel) selects(cols []plan.Column, ordered bool) *sql.Select {
	s := *r.sel
	s.Items = make([]sql.Item, len(cols))
	for i, c := range cols {
		s.Items[i] = sql.Item{X: r.out[c.ID], Name: name(c.ID)}
	}
	if ordered || s.Limit >= 0 {
		s.OrderBy = r.order
	}
	return &s
}

// wrap makes r a subquery with one plain column each, so that expressions over them are neither repeated nor misplaced.
func (g *gen) wrap(r *rel) *rel {
	a := g.alias()
	inner := r.selects(r.cols, false)
	w := &rel{sel: &sql.Select{From: sql.Sub{Q: inner, Alias: a}, Limit: -1}, cols: r.cols, out: map[plan.ColID]sql.Expr{}, stored: r.stored}
	for _, c := range r.cols {
		col := sql.Col{Table: a, Name: name(c.ID)}
		w.out[c.ID] = col
		g.filled[col] = g.neverNull(r.out[c.ID])
	}
	for i, o := range r.order { // the order goes on to mean something: its keys come along as columns
		k := "o" + strconv.Itoa(i+1)
		inner.Items = append(inner.Items, sql.Item{X: o.X, Name: k})
		w.order = append(w.order, sql.Order{X: sql.Col{Table: a, Name: k}, Desc: o.Desc, NullsFirst: o.NullsFirst})
	}
	return w
}

// neverNull reports whether x is a column that is never null.
func (g *gen) neverNull(x sql.Expr) bool {
	c, ok := x.(sql.Col)
	return ok && g.filled[c]
}

// plain gives r, wrapped where one of the columns that es read is more than a column or a constant.
func (g *gen) plain(r *rel, es ...plan.Expr) *rel {
	refs := columns{}.with(es...)
	for id := range refs {
		switch r.out[id].(type) {
		case sql.Col, sql.Lit:
		default:
			return g.wrap(r)
		}
	}
	return r
}

// visit lowers n as far as it can be. want are the columns that n's parent reads.
func (g *gen) visit(n plan.Node, want columns) lowered {
	l := g.lower(n, want)
	if l.rel != nil && tooNested(l.rel.sel) {
		return lowered{node: g.leaf(l, want)}
	}
	return l
}

func (g *gen) lower(n plan.Node, want columns) lowered {
	if done, ok := g.done[n]; ok {
		return lowered{node: done}
	}
	if g.uses[n] > 1 {
		out := g.descend(n)
		g.done[n] = out
		return lowered{node: out}
	}
	g.tables(n)
	switch n := n.(type) {
	case *plan.Scan:
		return g.scan(n)
	case *plan.Values:
		return g.values(n)
	case *plan.Range:
		return g.series(n)
	case *plan.Shared:
		return g.visit(n.In, want)
	case *plan.Serialize:
		return g.visit(n.In, want)
	case *plan.Filter:
		return g.filter(n, want)
	case *plan.Project:
		return g.project(n)
	case *plan.Aggregate:
		return g.aggregate(n)
	case *plan.Sort:
		return g.sort(n, want)
	case *plan.Limit:
		return g.limit(n, want)
	case *plan.Join:
		return g.join(n)
	case *plan.Union:
		return g.union(n)
	case *plan.MakeSeries:
		return g.makeSeries(n)
	case *plan.MvExpand:
		return g.mvExpand(n)
	default:
		g.stays(fmt.Sprintf("%T", n))
	}
	return lowered{node: g.descend(n)}
}

// descend lowers what is below a node that stays: its inputs and subplans, whole.
func (g *gen) descend(n plan.Node) plan.Node {
	for i, in := range n.Inputs() {
		want := needs(n)
		n.SetInput(i, g.leaf(g.visit(in, want), want))
	}
	switch n := n.(type) {
	case *plan.MvApply:
		n.Sub = g.leaf(g.visit(n.Sub, nil), nil)
	case *plan.Partition:
		n.Sub = g.leaf(g.visit(n.Sub, nil), nil)
	}
	return n
}

// tables lowers the tables inside n's expressions, which are computed before.
func (g *gen) tables(n plan.Node) {
	for _, e := range plan.Exprs(n) {
		plan.WalkExpr(*e, func(e plan.Expr) {
			switch e := e.(type) {
			case *plan.ScalarQuery:
				if g.done[e.In] == nil {
					in := g.leaf(g.visit(e.In, nil), nil)
					g.done[e.In], g.done[in] = in, in
				}
				e.In = g.done[e.In]
			case *plan.ListQuery:
				if g.done[e.In] == nil {
					in := g.leaf(g.visit(e.In, nil), nil)
					g.done[e.In], g.done[in] = in, in
				}
				e.In = g.done[e.In]
			}
		})
	}
}

// needs gives the columns that a node with one input reads of it, nil where it may be all.
func needs(n plan.Node) columns {
	var es []plan.Expr
	for _, e := range plan.Exprs(n) {
		es = append(es, *e)
	}
	set := columns{}.with(es...)
	switch n := n.(type) {
	case *plan.MvExpand:
		for _, c := range n.Out {
			if c.Item < 0 && !c.Index {
				set[c.Src] = true
			}
		}
	case *plan.Parse:
		carried(n.Out, set)
	case *plan.ParseKv:
		carried(n.Out, set)
	case *plan.MakeSeries:
	default:
		return nil
	}
	return set
}

func carried(out []plan.JoinCol, set columns) {
	for _, c := range out {
		if !c.Right {
			set[c.Src] = true
		}
	}
}

// expr lowers e over r's columns; ok is false where SQL cannot say it exactly.
func (g *gen) expr(e plan.Expr, r *rel) (x sql.Expr, ok bool) {
	switch e := e.(type) {
	case *plan.Lit:
		return sql.Lit{V: e.V.Stored(), T: storage(e.V.T)}, e.V.T != value.Unknown
	case *plan.Ref:
		x, ok := r.out[e.ID]
		return x, ok
	case *plan.Call:
		if x, ok := g.member(e, r); ok {
			return x, true
		}
		if e.Fn.Kind != fn.Scalar || plan.Volatile(e.Fn) {
			g.stays(e.Fn.Name)
			return nil, false
		}
		args, types, consts, ok := g.args(e.Args, r)
		if !ok {
			return nil, false
		}
		if e.Fn.SQL != nil {
			if x, ok := e.Fn.SQL(g.dialect, args, types, consts); ok {
				return g.sooner(e, x, consts, r), true
			}
		}
		if x, ok := fn.CallEngine(g.dialect, e.Fn, args, types, consts, e.T); ok {
			return x, true
		}
		g.stays(fn.CallText(e.Fn, types, e.T))
		return nil, false
	case *plan.ScalarQuery:
		return scalar(e)
	}
	return nil, false
}

// scalar lowers toscalar() of a table that is SQL itself: its first cell.
func scalar(e *plan.ScalarQuery) (sql.Expr, bool) {
	in, ok := e.In.(*exec.SQL)
	if !ok {
		return nil, false
	}
	one := *in.Query.Root
	if one.Limit < 0 || one.Limit > 1 {
		one.Limit = 1
	}
	x := sql.Expr(sql.Scalar{Q: &one})
	if e.T == value.String { // no row gives the empty string
		x = sql.Call{Name: "coalesce", Args: []sql.Expr{x, sql.Lit{V: "", T: sql.Text}}}
	}
	return x, true
}

// member lowers x in (T) and x !in (T) where T is SQL itself. No null is a member of anything.
func (g *gen) member(e *plan.Call, r *rel) (sql.Expr, bool) {
	if e.Fn.Name != "in" && e.Fn.Name != "!in" || len(e.Args) != 2 {
		return nil, false
	}
	list, ok := e.Args[1].(*plan.ListQuery)
	if !ok {
		return nil, false
	}
	in, ok := list.In.(*exec.SQL)
	if !ok || len(in.Cols) != 1 || in.Cols[0].Type != e.Args[0].Type() {
		return nil, false
	}
	switch in.Cols[0].Type {
	case value.String, value.GUID, value.Bool, value.Int, value.Long, value.Datetime, value.Timespan:
	default:
		return nil, false
	}
	x, ok := g.expr(e.Args[0], r)
	if !ok {
		return nil, false
	}
	m := sql.Expr(sql.Call{Name: "coalesce", Args: []sql.Expr{sql.InQuery{X: x, Q: in.Query.Root}, sql.Lit{V: false, T: sql.Bool}}})
	if e.Fn.Name == "!in" {
		m = sql.Not{X: m}
	}
	return m, true
}

func (g *gen) args(es []plan.Expr, r *rel) (args []sql.Expr, types []value.Type, consts []*value.Value, ok bool) {
	for _, e := range es {
		x, ok := g.expr(e, r)
		if !ok {
			return nil, nil, nil, false
		}
		var c *value.Value
		if l, ok := e.(*plan.Lit); ok {
			c = &l.V
		}
		args, types, consts = append(args, x), append(types, e.Type()), append(consts, c)
	}
	return args, types, consts, true
}

func and(l, r sql.Expr) sql.Expr {
	if l == nil {
		return r
	}
	return sql.Binary{Op: "AND", L: l, R: r}
}
