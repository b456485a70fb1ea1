package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// scanOp binds scan: the declared columns are named by their names, the state of a step as step.column.
func (b *binder) scanOp(r *rel, op *syntax.Scan) *rel {
	if !r.serialized && !r.broken && len(op.OrderBy) == 0 {
		b.errorAdvice(op.KeywordAt, codeSerialized, "put | serialize, or | sort by …, before it", "scan needs rows in a fixed order")
	}
	spec := &plan.ScanOp{}
	spec.Order = b.sortKeys(r, op.OrderBy, "scan")
	b.over(r, func() {
		for _, e := range op.PartitionBy {
			if x := b.expr(e); x.ok() {
				spec.Keys = append(spec.Keys, x.expr)
			}
		}
	})
	cols := append([]plan.Column(nil), r.cols...)
	for _, d := range op.Declare {
		v := plan.ScanVar{Col: b.newColumn(d.Name.Text, b.typeName(d.Type))}
		if d.Default != nil {
			if x := b.expr(d.Default); x.ok() {
				v.Default = b.convert(x.expr, v.Col.Type)
			}
		}
		spec.Declared = append(spec.Declared, v)
		cols = append(cols, v.Col)
	}
	outer := b.scope
	for _, s := range op.Steps {
		st := plan.ScanStep{Name: s.Name.Text, Optional: s.Optional, Output: s.Output}
		if st.Output == "" {
			st.Output = "all"
		}
		for _, c := range cols {
			st.State = append(st.State, b.newColumn(c.Name, c.Type))
		}
		spec.Steps = append(spec.Steps, st)
		b.define(st.Name, &symbol{members: &members{cols: st.State, open: r.open}})
	}
	row := *r
	row.cols, row.index, row.lookups = cols, nil, 0
	for i, s := range op.Steps {
		b.over(&row, func() { b.scanStep(&spec.Steps[i], s, spec.Declared) })
	}
	b.scope = outer
	if name := op.Params.Word("with_match_id"); name != "" {
		c := b.newColumn(name, value.Long)
		spec.MatchID = c.ID
		cols = append(cols, c)
	}
	node := &plan.Generic{Ins: []plan.Node{row.node}, Op: "scan", Spec: spec, Cols: cols}
	return r.derive(node, cols)
}

func (b *binder) scanStep(st *plan.ScanStep, s *syntax.ScanStep, declared []plan.ScanVar) {
	st.Cond = orNull(b.predicate(s.Cond, "the condition of a step"))
	for _, a := range s.Assign {
		n, ok := a.(*syntax.Named)
		if !ok || len(n.Names) != 1 {
			b.errorf(a.At(), codePattern, "an assignment of scan is column = expression")
			continue
		}
		x := b.expr(n.X)
		found := false
		for _, d := range declared {
			if d.Col.Name == n.Names[0].Text {
				found = true
				if x.ok() {
					st.Set = append(st.Set, plan.Item{Col: d.Col, Expr: b.convert(x.expr, d.Col.Type)})
				}
			}
		}
		if !found {
			all := make([]string, len(declared))
			for i, d := range declared {
				all[i] = d.Col.Name
			}
			b.errorAdvice(n.Names[0].At(), codeUnknownColumn, didYouMean(n.Names[0].Text, all), "scan declares no column %s", quoteName(n.Names[0].Text))
		}
	}
}
