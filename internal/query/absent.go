package query

import (
	"slices"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// applyAbsent answers for columns that can be named although no stored row has brought them yet: every table's TenantId, and the documents
// beside Sentinel's columns. They are null (a string: empty), as they are in a row without them. The store is not asked for them.
func applyAbsent(q *plan.Query, s store.Querier) {
	made := map[*plan.Scan]plan.Node{}
	replace(q, func(n plan.Node) plan.Node {
		scan, ok := n.(*plan.Scan)
		if !ok {
			return n
		}
		if made[scan] == nil {
			made[scan] = withoutAbsent(scan, s)
		}
		return made[scan]
	})
}

func withoutAbsent(scan *plan.Scan, s store.Querier) plan.Node {
	t, ok := s.Table(scan.Table)
	if !ok { // a custom log that nobody has sent yet
		return &plan.Values{Cols: scan.Cols}
	}
	there := func(name string) bool {
		_, ok := t.Index(name)
		return ok || slices.Contains([]string{store.Ingested, store.Block, store.Hash, store.Overflow}, name)
	}
	if !slices.ContainsFunc(scan.Source, func(name string) bool { return !there(name) }) {
		return scan
	}
	var items []plan.Item
	var cols []plan.Column
	var from []string
	for i, c := range scan.Cols {
		if there(scan.Source[i]) {
			cols, from = append(cols, c), append(from, scan.Source[i])
			items = append(items, plan.Item{Col: c, Expr: &plan.Ref{ID: c.ID, T: c.Type}})
		} else {
			items = append(items, plan.Item{Col: c, Expr: &plan.Lit{V: value.NullOf(c.Type)}})
		}
	}
	scan.Cols, scan.Source = cols, from
	return plan.NewProject(scan, items)
}

// replace puts with(n) in the place of every node n below q's results, wherever one is read: also in mv-apply's and other operators' own
// trees, and in toscalar and in(). What with makes is not entered.
func replace(q *plan.Query, with func(plan.Node) plan.Node) {
	// All nodes first, and then the changes: what is made must not be met again.
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
			n.SetInput(j, with(in))
		}
		for _, e := range plan.Exprs(n) {
			plan.WalkExpr(*e, func(e plan.Expr) {
				switch e := e.(type) {
				case *plan.ScalarQuery:
					e.In = with(e.In)
				case *plan.ListQuery:
					e.In = with(e.In)
				}
			})
		}
	}
	for i := range q.Results {
		q.Results[i].Root = with(q.Results[i].Root)
	}
}
