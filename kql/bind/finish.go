package bind

import "github.com/vedette-siem/vedette/kql/plan"

// unshare takes out every Shared that only one node reads: it would keep filters and unneeded columns from moving, for nothing.
func (b *binder) unshare() {
	uses := map[*plan.Shared]int{}
	each := func(f func(plan.Node)) {
		for _, r := range b.query.Results {
			plan.Walk(r.Root, f)
		}
	}
	each(func(n plan.Node) {
		if s, ok := n.(*plan.Shared); ok {
			uses[s]++
		}
	})
	if len(uses) == 0 {
		return
	}
	direct := func(n plan.Node) plan.Node {
		for {
			s, ok := n.(*plan.Shared)
			if !ok || uses[s] > 1 {
				return n
			}
			n = s.In
		}
	}
	for i := range b.query.Results {
		b.query.Results[i].Root = direct(b.query.Results[i].Root)
	}
	each(func(n plan.Node) {
		for i, in := range n.Inputs() {
			if d := direct(in); d != in {
				n.SetInput(i, d)
			}
		}
		switch n := n.(type) {
		case *plan.MvApply:
			n.Sub = direct(n.Sub)
		case *plan.Partition:
			n.Sub = direct(n.Sub)
		}
		for _, e := range plan.Exprs(n) {
			plan.WalkExpr(*e, func(e plan.Expr) {
				switch e := e.(type) {
				case *plan.ScalarQuery:
					e.In = direct(e.In)
				case *plan.ListQuery:
					e.In = direct(e.In)
				}
			})
		}
	})
}
