package query

import (
	"time"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// applyTimespan keeps, of every stored table, only the rows of the time picker's range, as if each table's name were followed by a filter on
// its event time. Both ends are included; a zero end is open.
func applyTimespan(q *plan.Query, from, to time.Time) {
	if from.IsZero() && to.IsZero() {
		return
	}
	made := map[*plan.Scan]plan.Node{} // a table that is read once stays so
	between := func(in plan.Node) plan.Node {
		s, ok := in.(*plan.Scan)
		if !ok || s.TimeCol == 0 {
			return in
		}
		if made[s] == nil {
			made[s] = bounded(s, from, to)
		}
		return made[s]
	}
	// All nodes first, and then the changes: the filters that are made must not be met again.
	var nodes []plan.Node
	seen := map[plan.Node]bool{}
	for _, r := range q.Results {
		plan.Walk(r.Root, func(n plan.Node) {
			if !seen[n] {
				seen[n], nodes = true, append(nodes, n)
			}
		})
	}
	for _, n := range nodes {
		for j, in := range n.Inputs() {
			n.SetInput(j, between(in))
		}
		for _, e := range plan.Exprs(n) {
			plan.WalkExpr(*e, func(e plan.Expr) {
				switch e := e.(type) {
				case *plan.ScalarQuery:
					e.In = between(e.In)
				case *plan.ListQuery:
					e.In = between(e.In)
				}
			})
		}
	}
	for i := range q.Results {
		q.Results[i].Root = between(q.Results[i].Root)
	}
}

// bounded is a table's rows from from to to by its event time.
func bounded(s *plan.Scan, from, to time.Time) plan.Node {
	col := &plan.Ref{ID: s.TimeCol, T: value.Datetime}
	var out plan.Node = s
	add := func(op string, t time.Time) {
		if !t.IsZero() {
			bound := &plan.Lit{V: value.OfDatetime(store.Ticks(t))}
			out = plan.NewFilter(out, &plan.Call{Fn: fn.Operator(op), Args: []plan.Expr{col, bound}, T: value.Bool})
		}
	}
	add(">=", from)
	add("<=", to)
	return out
}
