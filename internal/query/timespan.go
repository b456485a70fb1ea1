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
	replace(q, func(n plan.Node) plan.Node {
		s, ok := n.(*plan.Scan)
		if !ok || s.TimeCol == 0 {
			return n
		}
		if made[s] == nil {
			made[s] = bounded(s, s.TimeCol, from, to)
		}
		return made[s]
	})
}

// bounded is a table's rows from from to to by one of its columns.
func bounded(s *plan.Scan, by plan.ColID, from, to time.Time) plan.Node {
	col := &plan.Ref{ID: by, T: value.Datetime}
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
