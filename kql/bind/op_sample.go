package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

func (b *binder) sample(r *rel, op *syntax.Sample) *rel {
	n, computed, ok := b.rowCount(r, op.N, op.Keyword)
	switch {
	case !ok:
		return r
	case computed != nil:
		return b.firstRows(b.shuffled(r), computed).unordered()
	}
	return r.with(plan.NewSample(r.node, n, false)).unordered()
}

// shuffled puts the rows in an order of chance.
func (b *binder) shuffled(r *rel) *rel {
	return r.with(plan.NewSort(r.node, []plan.SortKey{{Expr: &plan.Call{Fn: fn.Lookup("rand"), T: value.Real}}}, -1))
}

func (b *binder) sampleDistinct(r *rel, op *syntax.SampleDistinct) *rel {
	n, computed, ok := b.rowCount(r, op.N, op.Keyword)
	p := b.newProjection(1)
	b.over(r, func() {
		x := b.expr(op.Of)
		b.columnOnly(x, op.Of, "sample-distinct")
		b.notDynamic(x, op.Of, "sample-distinct")
		b.addBound(p, op.Of, x, projecting, "Column1", nil)
	})
	out := b.projectTo(r, p)
	switch {
	case !ok:
		return out
	case computed != nil:
		out = out.with(plan.NewAggregate(out.node, refs(out.cols), nil))
		return b.firstRows(b.shuffled(out), computed).unordered()
	}
	return out.with(plan.NewSample(out.node, n, true)).unordered()
}

// columnOnly reports a computed value where only a column may stand.
func (b *binder) columnOnly(x bound, e syntax.Expr, op string) {
	if x.ok() && x.col == 0 {
		b.errorAdvice(e.At(), codeColumn, "compute it before, with extend", "%s works on a column, not on a computed value", op)
	}
}
