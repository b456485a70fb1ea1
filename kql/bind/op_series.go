package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// makeSeries gives the by columns, an array for each aggregate, and the axis as an array.
func (b *binder) makeSeries(r *rel, op *syntax.MakeSeries) *rel {
	node := plan.MakeSeries{InRange: op.InRange, NonEmpty: op.Params.Word("kind") == "nonempty"}
	p := b.newProjection(len(op.By) + len(op.Aggs) + 1)
	dynamic := value.Dynamic
	b.over(r, func() {
		b.addColumns(p, op.By, projecting)
		for i := range p.items {
			if p.items[i].Expr == nil {
				p.items[i].Expr = &plan.Lit{V: value.NullOf(p.items[i].Col.Type)}
			}
		}
		node.Keys = append(node.Keys, p.items...)
		for _, a := range op.Aggs {
			b.seriesAgg(p, a, &node)
		}
		axis := b.expr(op.Axis)
		node.OnType = axis.typ
		if !summable(axis.typ) {
			b.errorf(op.Axis.At(), codeType, "the axis of make-series must be a number, datetime or timespan, not %s", axis.typ)
			axis = unknown(value.Unknown)
		}
		n := len(p.items)
		if named, ok := op.Axis.(*syntax.Named); ok {
			b.addNamed(p, named, axis, projecting, &dynamic)
		} else {
			b.addBound(p, op.Axis, axis, projecting, "", &dynamic)
		}
		node.On = axis.expr
		if node.On == nil {
			node.On = &plan.Lit{V: value.NullOf(axis.typ)}
		}
		if len(p.items) > n {
			node.Axis = p.items[n].Col
		}
		// The ends are the same for all rows: a name there is a variable, also where a column has it.
		b.over(nil, func() {
			node.From = b.seriesBound(op.From, axis.typ, "the start of make-series")
			node.To = b.seriesBound(op.To, axis.typ, "the end of make-series")
			step := axis.typ
			if step == value.Datetime {
				step = value.Timespan
			}
			node.Step = b.seriesBound(op.Step, step, "the step of make-series")
		})
	})
	if node.Axis.ID == 0 {
		node.Axis = b.newColumn("", value.Dynamic)
	}
	out := plan.NewMakeSeries(r.node, node)
	return r.derive(out, out.Columns()).unordered()
}

// seriesAgg binds one aggregate of make-series and its default.
func (b *binder) seriesAgg(p *projection, a *syntax.SeriesAgg, node *plan.MakeSeries) {
	dynamic := value.Dynamic
	agg := &aggregation{by: map[plan.ColID]bool{}}
	n := len(p.items)
	var x bound
	b.aggregated(agg, func() {
		x = b.expr(a.X)
		if named, ok := a.X.(*syntax.Named); ok {
			b.addNamed(p, named, x, summarizing, &dynamic)
		} else {
			b.addBound(p, a.X, x, summarizing, "", &dynamic)
		}
	})
	var preset bound
	if a.Default != nil {
		preset = b.expr(a.Default)
	}
	for i, it := range p.items[n:] {
		s := plan.SeriesAgg{Col: it.Col}
		s.Col.ID = b.newID()
		value := it.Expr
		if len(x.tuple) == 0 {
			value = x.expr
		}
		pick, plain := -1, len(agg.items) == 1
		if plain {
			pick = resultOf(agg.items[0], value)
		}
		switch {
		case pick >= 0:
			s.Agg, s.Pick = agg.items[0], pick
			p.items[n+i].Col.Type = dynamic
			s.Col.Type = dynamic
			if preset.ok() {
				s.Default = b.convert(preset.expr, s.Agg.Cols[pick].Type)
			}
		case x.ok() || len(x.tuple) > 0:
			b.refuse(a.X.At(), "make-series takes aggregates as they are; compute with the arrays afterwards, e.g. with series_divide()")
		}
		node.Aggs = append(node.Aggs, s)
	}
}

// resultOf tells which of the aggregate's columns an expression is, -1 where it is none of them.
func resultOf(agg plan.AggItem, e plan.Expr) int {
	if r, ok := e.(*plan.Ref); ok {
		for i, c := range agg.Cols {
			if c.ID == r.ID {
				return i
			}
		}
	}
	return -1
}

// seriesBound binds a bound of the axis, nil where none was written.
func (b *binder) seriesBound(e syntax.Expr, t value.Type, what string) plan.Expr {
	if e == nil {
		return nil
	}
	x := b.expr(e)
	if !x.ok() {
		return &plan.Lit{V: value.NullOf(t)}
	}
	if x.typ != t && !wider(t, x.typ) && x.typ != value.Unknown && t != value.Unknown && x.typ != value.Dynamic {
		b.errorf(e.At(), codeType, "%s must be %s, not %s", what, t, x.typ)
	}
	return b.convert(x.expr, t)
}
