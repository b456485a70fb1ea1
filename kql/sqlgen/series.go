package sqlgen

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// makeSeries leaves the lining up of the points to Go, but lets SQL compute them: it groups by the keys and the bins of the axis, so that
// Go is given one row for each bin that has any.
func (g *gen) makeSeries(n *plan.MakeSeries) lowered {
	bin, ok := binOf(n)
	for _, a := range n.Aggs {
		ok = ok && len(a.Agg.Cols) == 1 && !inOrder[a.Agg.Fn.Name]
	}
	if !ok {
		return lowered{node: g.descend(n)}
	}
	own := func(name string, t value.Type) plan.Column {
		g.made++
		return plan.Column{ID: ownColumns + plan.ColID(g.made), Name: name, Type: t}
	}
	at := own(n.Axis.Name, value.Datetime)
	points := *n
	points.On, points.Keys, points.Aggs = &plan.Ref{ID: at.ID, T: at.Type}, nil, nil
	keys := []plan.Item{{Col: at, Expr: bin}}
	for _, k := range n.Keys {
		c := own(k.Col.Name, k.Col.Type)
		keys = append(keys, plan.Item{Col: c, Expr: k.Expr})
		points.Keys = append(points.Keys, plan.Item{Col: k.Col, Expr: &plan.Ref{ID: c.ID, T: c.Type}})
	}
	var aggs []plan.AggItem
	for _, a := range n.Aggs {
		c := own(a.Agg.Cols[0].Name, a.Agg.Cols[0].Type)
		aggs = append(aggs, plan.AggItem{Cols: []plan.Column{c}, Fn: a.Agg.Fn, Args: a.Agg.Args})
		a.Agg = plan.AggItem{Cols: a.Agg.Cols, Fn: fn.LookupAggregate("take_any"), Args: []plan.Expr{&plan.Ref{ID: c.ID, T: c.Type}}}
		points.Aggs = append(points.Aggs, a)
	}
	grouping := plan.NewAggregate(n.In, keys, aggs)
	in := g.aggregate(grouping)
	if in.rel == nil || !in.rel.stored { // as it was; what is below is lowered
		n.In = grouping.In
		return lowered{node: n}
	}
	points.In = g.leaf(in, nil)
	return lowered{node: &points}
}

// binOf gives the start of the bin in which a row of n lies, for an axis of time with constant steps.
func binOf(n *plan.MakeSeries) (plan.Expr, bool) {
	step, ok := n.Step.(*plan.Lit)
	if !ok || n.OnType != value.Datetime || n.On.Type() != value.Datetime || step.V.T != value.Timespan || step.V.Null || step.V.I <= 0 {
		return nil, false
	}
	origin := &plan.Lit{V: value.OfDatetime(0)}
	if n.From != nil && !n.InRange {
		from, ok := n.From.(*plan.Lit)
		if !ok || from.V.Null || from.V.T != value.Datetime {
			return nil, false
		}
		origin = from
	}
	return &plan.Call{Fn: fn.Lookup("bin_at"), Args: []plan.Expr{n.On, step, origin}, T: value.Datetime}, true
}
