package exec

import (
	"iter"
	"math"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// compile makes a relation of a node. What the data must decide beforehand (toscalar, open plugins) runs here.
func (x *Executor) compile(n plan.Node) (*relation, error) {
	if err := x.alive(); err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case *plan.Scan:
		if x.o.Source == nil {
			return nil, errorf(Unsupported, "there is no store to read %s from", n.Table)
		}
		return x.leaf(n.Cols, x.o.Source.Scan(x.ctx, n)), nil
	case *SQL:
		if x.o.Source == nil {
			return nil, errorf(Unsupported, "there is no store to ask")
		}
		return x.leaf(n.Cols, x.o.Source.Query(x.ctx, n.Query, n.Cols)), nil
	case *plan.Values:
		rows := n.Rows
		return &relation{n.Cols, func(emit func(Batch) error) error { return x.emitRows(rows, emit) }}, nil
	case *plan.Range:
		return x.rangeNode(n)
	case *plan.Input:
		slot := x.slot(n)
		return &relation{n.Cols, func(emit func(Batch) error) error { return x.emitRows(slot.rows, emit) }}, nil
	case *plan.Shared:
		return x.sharedNode(n)
	case *plan.Filter:
		return x.filter(n)
	case *plan.Project:
		return x.project(n)
	case *plan.Aggregate:
		return x.aggregate(n)
	case *plan.Sort:
		return x.sort(n)
	case *plan.Limit:
		return x.limit(n)
	case *plan.Sample:
		return x.sample(n)
	case *plan.Serialize:
		return x.compile(n.In)
	case *plan.Join:
		return x.join(n)
	case *plan.Union:
		return x.union(n)
	case *plan.MvExpand:
		return x.mvExpand(n)
	case *plan.MvApply:
		return x.mvApply(n)
	case *plan.Parse:
		return x.parse(n)
	case *plan.ParseKv:
		return x.parseKv(n)
	case *plan.MakeSeries:
		return x.makeSeries(n)
	case *plan.Partition:
		return x.partition(n)
	case *plan.Evaluate:
		return x.evaluate(n)
	case *plan.Generic:
		return x.generic(n)
	}
	return nil, errorf(Internal, "node %T cannot be run", n)
}

func (x *Executor) leaf(cols []plan.Column, seq iter.Seq2[Batch, error]) *relation {
	return &relation{cols, func(emit func(Batch) error) error {
		for b, err := range seq {
			if err != nil {
				return err
			}
			if err := x.alive(); err != nil {
				return err
			}
			if err := emit(b); err != nil {
				return err
			}
		}
		return x.alive()
	}}
}

func (x *Executor) slot(n *plan.Input) *inputSlot {
	s := x.inputs[n]
	if s == nil {
		s = &inputSlot{}
		x.inputs[n] = s
	}
	return s
}

// sharedNode computes a table that several nodes read when the first of them is compiled, and only then.
func (x *Executor) sharedNode(n *plan.Shared) (*relation, error) {
	if x.uses[n] < 2 || readsInput(n) {
		return x.compile(n.In)
	}
	if r := x.shared[n]; r != nil {
		return r, nil
	}
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	var t *table
	r := &relation{in.cols, func(emit func(Batch) error) error {
		if t == nil {
			if t, err = x.collect(in); err != nil {
				return err
			}
		}
		return x.emitRows(t.rows, emit)
	}}
	x.shared[n] = r
	return r, nil
}

// readsInput reports whether n's rows depend on those that an enclosing operator feeds in.
func readsInput(n plan.Node) bool {
	inner, found := map[*plan.Input]bool{}, false
	plan.Walk(n, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.MvApply:
			inner[n.SubInput] = true
		case *plan.Partition:
			inner[n.SubInput] = true
		case *plan.Input:
			found = found || !inner[n]
		}
	})
	return found
}

// rangeNode counts in the column's type: long, real, datetime or timespan.
func (x *Executor) rangeNode(n *plan.Range) (*relation, error) {
	var v [3]value.Value
	for i, e := range []plan.Expr{n.From, n.To, n.Step} {
		var err error
		if v[i], err = x.constant(e); err != nil {
			return nil, err
		}
		v[i] = v[i].Inner()
	}
	return &relation{[]plan.Column{n.Col}, func(emit func(Batch) error) error {
		w := x.writer(emit)
		err := eachStep(v[0], v[1], v[2], n.Col.Type, func(v value.Value) error {
			row, err := w.row(1)
			if err == nil {
				row[0] = v
			}
			return err
		})
		if err != nil {
			return err
		}
		return w.flush()
	}}, nil
}

// eachStep calls f with from, from+step … up to and including to. A null or a step of 0 gives nothing.
func eachStep(from, to, step value.Value, t value.Type, f func(value.Value) error) error {
	if from.Null || to.Null || step.Null {
		return nil
	}
	if t == value.Real || t == value.Decimal {
		a, b, s := value.Convert(from, value.Real).Real(), value.Convert(to, value.Real).Real(), value.Convert(step, value.Real).Real()
		if s == 0 || math.IsNaN(a+b+s) || math.IsInf(a, 0) || math.IsInf(s, 0) {
			return nil
		}
		for i := 0.0; ; i++ {
			v := a + i*s
			if s > 0 && v > b || s < 0 && v < b {
				return nil
			}
			if err := f(value.Convert(value.OfReal(v), t)); err != nil {
				return err
			}
		}
	}
	a, b, s := from.I, to.I, step.I
	for s > 0 && a <= b || s < 0 && a >= b {
		if err := f(value.Value{T: t, I: a}); err != nil {
			return err
		}
		next := a + s
		if (next > a) != (s > 0) { // past the end of the type
			return nil
		}
		a = next
	}
	return nil
}
