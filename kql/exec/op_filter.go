package exec

import (
	"errors"

	"github.com/vedette-siem/vedette/kql/plan"
)

// filter keeps rows for which the predicate is true; null counts as false.
func (x *Executor) filter(n *plan.Filter) (*relation, error) {
	in, preds, err := x.withWindows(n.In, []plan.Expr{n.Pred})
	if err != nil {
		return nil, err
	}
	pred, err := x.expr(preds[0], scopeOf(in.cols))
	if err != nil {
		return nil, err
	}
	width := len(in.cols)
	if n.In != nil {
		width = len(in.cols) - in.extra
	}
	return &relation{in.cols[:width], func(emit func(Batch) error) error {
		w := x.writer(emit)
		err := in.run(func(b Batch) error {
			for _, row := range b {
				if v := pred(row); v.Null || !v.Bool() {
					continue
				}
				if err := w.add(row[:width:width]); err != nil {
					return err
				}
			}
			return x.alive()
		})
		if err != nil {
			return err
		}
		return w.flush()
	}}, nil
}

// project computes every output column.
func (x *Executor) project(n *plan.Project) (*relation, error) {
	es := make([]plan.Expr, len(n.Items))
	for i, it := range n.Items {
		es[i] = it.Expr
	}
	in, es, err := x.withWindows(n.In, es)
	if err != nil {
		return nil, err
	}
	s := scopeOf(in.cols)
	items, err := x.exprs(es, s)
	if err != nil {
		return nil, err
	}
	from := make([]int, len(es)) // of a column that is only handed on
	for i, e := range es {
		from[i] = -1
		if r, ok := e.(*plan.Ref); ok {
			from[i] = s[r.ID]
		}
	}
	return &relation{n.Columns(), func(emit func(Batch) error) error {
		w := x.writer(emit)
		err := in.run(func(b Batch) error {
			for _, row := range b {
				out, err := w.row(len(items))
				if err != nil {
					return err
				}
				for i, f := range items {
					if at := from[i]; at >= 0 {
						out[i] = row[at]
					} else {
						out[i] = f(row)
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return w.flush()
	}}, nil
}

// limit stops its input after N rows.
func (x *Executor) limit(n *plan.Limit) (*relation, error) {
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	return in.first(n.N), nil
}

// first gives the first n rows, and asks for no more.
func (r *relation) first(n int64) *relation {
	return &relation{r.cols, func(emit func(Batch) error) error {
		left := n
		if left <= 0 {
			return nil
		}
		enough := errors.New("enough rows")
		err := r.run(func(b Batch) error {
			if int64(len(b)) > left {
				b = b[:left]
			}
			left -= int64(len(b))
			if err := emit(b); err != nil {
				return err
			}
			if left == 0 {
				return enough
			}
			return nil
		})
		if err == enough {
			return nil
		}
		return err
	}}
}

// sample keeps N rows, each as likely as any other, or N distinct values of its one column.
func (x *Executor) sample(n *plan.Sample) (*relation, error) {
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	return &relation{in.cols, func(emit func(Batch) error) error {
		if n.N <= 0 {
			return nil
		}
		kept := &table{mem: x.mem}
		defer kept.free()
		seen := map[string]bool{}
		var count uint64
		var key []byte
		rnd := x.rand()
		err := in.run(func(b Batch) error {
			for _, row := range b {
				if n.Distinct {
					key = rowKey(key[:0], row)
					if seen[string(key)] {
						continue
					}
					seen[string(key)] = true
					if err := x.mem.grow(int64(len(key)) + 32); err != nil {
						return err
					}
					kept.bytes += int64(len(key)) + 32
				}
				count++
				if int64(len(kept.rows)) < n.N {
					if err := kept.add(row); err != nil {
						return err
					}
				} else if i := rnd.Uint64N(count); i < uint64(n.N) {
					kept.rows[i] = append(Row(nil), row...)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return x.emitRows(kept.rows, emit)
	}}, nil
}
