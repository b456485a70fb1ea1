package plan

import (
	"math"

	"github.com/vedette-siem/vedette/kql/fn"
)

// Rule is one rewrite of a whole query. Any rule may be switched off: the rows stay the same.
type Rule struct {
	Name  string
	Doc   string
	apply func(o *optimizer, n Node) Node
}

// Rules are the rewrites in the order in which Optimize applies them.
var Rules = []Rule{
	{"fold", "expressions without columns are computed once; and, or and filters that cannot fail are simplified", (*optimizer).fold},
	{"top", "take over sort becomes top, also from above a projection", (*optimizer).top},
	{"filter-pushdown", "filters move towards the tables: below projections, joins, unions, aggregations by the same key, expansions and parses", (*optimizer).pushdown},
	{"fold", "what the predicates met on their way is computed too", (*optimizer).fold},
	{"time-range", "comparisons of a table's event time with constants bound the scan", (*optimizer).timeRange},
	{"prune", "columns that nobody reads are not computed and not read from the store", (*optimizer).prune},
}

// Optimize rewrites q in place. env is what constants are computed with; off names rules to leave out.
func Optimize(q *Query, env *fn.Env, off ...string) {
	o := &optimizer{env: env}
	skip := map[string]bool{}
	for _, name := range off {
		skip[name] = true
	}
	for _, r := range q.Results {
		Walk(r.Root, openScan)
	}
	for _, rule := range Rules {
		if skip[rule.Name] {
			continue
		}
		o.count(q)
		for i := range q.Results {
			q.Results[i].Root = rule.apply(o, q.Results[i].Root)
		}
	}
}

// openScan gives a scan without bounds the widest ones.
func openScan(n Node) {
	if s, ok := n.(*Scan); ok && s.From == 0 && s.To == 0 {
		s.From, s.To = math.MinInt64, math.MaxInt64
	}
}

type optimizer struct {
	env    *fn.Env
	uses   map[Node]int
	done   map[Node]bool
	inputs map[*Input]columns // what is read of the rows fed to a subplan
	whole  map[*Input]bool    // of which all may be read
}

// count finds the nodes that several others point to; rules treat them as they treat a Shared.
func (o *optimizer) count(q *Query) {
	o.uses, o.done = map[Node]int{}, map[Node]bool{}
	o.inputs, o.whole = map[*Input]columns{}, map[*Input]bool{}
	for _, r := range q.Results {
		Walk(r.Root, func(n Node) { o.uses[n]++ })
	}
}

// fenced reports whether n must be rewritten on its own, without regard to what is above it.
func (o *optimizer) fenced(n Node) bool {
	_, shared := n.(*Shared)
	return shared || o.uses[n] > 1
}

// below rewrites everything under n with f: inputs, subplans, and the tables inside expressions.
func (o *optimizer) below(n Node, f func(Node) Node) {
	if o.done[n] {
		return
	}
	o.done[n] = true
	for i, in := range n.Inputs() {
		n.SetInput(i, f(in))
	}
	o.belowExprs(n, f)
}

// belowExprs rewrites subplans and the tables inside n's own expressions.
func (o *optimizer) belowExprs(n Node, f func(Node) Node) {
	switch n := n.(type) {
	case *MvApply:
		n.Sub = f(n.Sub)
	case *Partition:
		n.Sub = f(n.Sub)
	}
	for _, e := range Exprs(n) {
		o.inExpr(*e, f)
	}
}

func (o *optimizer) inExpr(e Expr, f func(Node) Node) {
	WalkExpr(e, func(e Expr) {
		switch e := e.(type) {
		case *ScalarQuery:
			if !o.done[e.In] {
				e.In = f(e.In)
			}
		case *ListQuery:
			if !o.done[e.In] {
				e.In = f(e.In)
			}
		}
	})
}

// Conjuncts gives the parts of e that are joined by and.
func Conjuncts(e Expr) []Expr {
	if c, ok := e.(*Call); ok && c.Fn.Name == "and" {
		var out []Expr
		for _, a := range c.Args {
			out = append(out, Conjuncts(a)...)
		}
		return out
	}
	return []Expr{e}
}

// Windowed reports whether e uses a window function.
func Windowed(e Expr) bool {
	found := false
	WalkExpr(e, func(e Expr) {
		if c, ok := e.(*Call); ok && c.Fn.Kind == fn.Window {
			found = true
		}
	})
	return found
}

func anyWindowed(items []Item) bool {
	for _, it := range items {
		if Windowed(it.Expr) {
			return true
		}
	}
	return false
}

// top is the rule of that name.
func (o *optimizer) top(n Node) Node {
	o.below(n, o.top)
	l, ok := n.(*Limit)
	if !ok {
		return n
	}
	if o.fenced(l.In) {
		return n
	}
	switch in := l.In.(type) {
	case *Sort:
		if in.N < 0 || in.N > l.N {
			in.N = max(0, l.N)
		}
		return in
	case *Project:
		if !anyWindowed(in.Items) {
			l.In = in.In
			in.In = o.top(l)
			return in
		}
	}
	return n
}
