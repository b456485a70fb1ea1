package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// topNested gives, level by level, the groups with the greatest value of an aggregate.
func (b *binder) topNested(r *rel, op *syntax.TopNested) *rel {
	spec := &plan.TopNested{}
	names := nameTable{}
	var cols []plan.Column
	b.over(r, func() {
		for _, l := range op.Levels {
			lv := plan.TopNestedLevel{N: -1}
			if l.N != nil {
				if n, computed, ok := b.whole(l.N, "the number of groups of top-nested"); ok && computed == nil {
					lv.N = n
				}
			}
			of := b.expr(l.Of)
			title, _ := b.title(l.Of)
			lv.Of = plan.Item{Col: b.newColumn(names.unique(title, ""), of.typ), Expr: orNull(of)}
			if l.Others != nil {
				if x := b.expr(l.Others); x.ok() {
					lv.Others = b.convert(x.expr, of.typ)
				}
			}
			by := l.By
			if o, ok := by.(*syntax.Ordered); ok {
				lv.Asc, by = o.Dir == syntax.Asc, o.X
			}
			agg := &aggregation{by: map[plan.ColID]bool{}}
			var x bound
			b.aggregated(agg, func() { x = b.expr(by) })
			name := "aggregated_" + lv.Of.Col.Name
			if n, ok := by.(*syntax.Named); ok && len(n.Names) == 1 {
				name = n.Names[0].Text
			}
			lv.Aggs = agg.items
			lv.By = plan.Item{Col: b.newColumn(names.unique(name, ""), x.typ), Expr: orNull(x)}
			cols = append(cols, lv.Of.Col, lv.By.Col)
			spec.Levels = append(spec.Levels, lv)
		}
	})
	node := &plan.Generic{Ins: []plan.Node{r.node}, Op: "top-nested", Spec: spec, Cols: cols}
	out := r.derive(node, cols)
	out.serialized, out.sorted = true, true
	return out
}

// orNull gives an expression, or a null in place of one of which something has been reported.
func orNull(x bound) plan.Expr {
	if x.ok() {
		return x.expr
	}
	return &plan.Lit{V: value.NullOf(x.typ)}
}

func (b *binder) topHitters(r *rel, op *syntax.TopHitters) *rel {
	spec := &plan.TopHitters{}
	n, _, ok := b.rowCount(r, op.N, op.Keyword)
	if ok {
		spec.N = n
	}
	b.over(r, func() {
		of := b.expr(op.Of)
		b.columnOnly(of, op.Of, "top-hitters")
		title, named := b.title(op.Of)
		if !named {
			title = b.defaultTitle(false)
		}
		spec.Of = plan.Item{Col: b.newColumn(title, of.typ), Expr: orNull(of)}
		spec.Count = b.newColumn("approximate_count_"+title, value.Long)
		if op.By != nil {
			by := b.expr(op.By)
			if by.ok() && !by.typ.Numeric() && by.typ != value.Unknown {
				b.errorf(op.By.At(), codeType, "the weight of top-hitters must be a number, not %s", by.typ)
			}
			t, _ := b.title(op.By)
			spec.Weight = orNull(by)
			spec.Count = b.newColumn("approximate_sum_"+t, by.typ)
		}
	})
	cols := []plan.Column{spec.Of.Col, spec.Count}
	out := r.derive(&plan.Generic{Ins: []plan.Node{r.node}, Op: "top-hitters", Spec: spec, Cols: cols}, cols)
	out.serialized, out.sorted = true, true
	return out
}

func (b *binder) reduce(r *rel, op *syntax.Reduce) *rel {
	spec := &plan.Reduce{Threshold: 0.1, Source: op.Params.Word("kind") == "source"}
	b.over(r, func() {
		x := b.expr(op.By)
		if x.ok() && x.typ != value.String && x.typ != value.Unknown {
			b.errorAdvice(op.By.At(), codeType, "convert it with tostring(…)", "the text of reduce must be string, not %s", x.typ)
			x = unknown(value.String)
		}
		spec.Expr = orNull(x)
	})
	for _, p := range op.With {
		v := b.optionValue(p.Value)
		switch p.Name {
		case "threshold":
			spec.Threshold = value.Convert(v, value.Real).Real()
		case "characters":
			spec.Characters = v.S
		default:
			b.errorf(p.At(), codeUnknownOption, "reduce has no option %s", p.Name)
		}
	}
	var cols []plan.Column
	if spec.Source {
		cols = append(cols, r.cols...)
	}
	cols = append(cols, b.newColumn("Pattern", value.String), b.newColumn("Count", value.Long), b.newColumn("Representative", value.String))
	return &rel{node: &plan.Generic{Ins: []plan.Node{r.node}, Op: "reduce", Spec: spec, Cols: cols}, cols: cols, broken: r.broken}
}
