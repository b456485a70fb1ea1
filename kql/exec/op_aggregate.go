package exec

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// aggCall is one compiled aggregate.
type aggCall struct {
	make   func() fn.Accumulator
	args   []eval
	cols   []plan.Column
	gather bool // the accumulator keeps what it is given
	vals   []value.Value
}

func (x *Executor) aggCall(a plan.AggItem, s scope) (*aggCall, error) {
	args, err := x.exprs(a.Args, s)
	if err != nil {
		return nil, err
	}
	if a.Fn == nil {
		return nil, errorf(Invalid, "there is no aggregate here")
	}
	if a.Fn.Agg == nil {
		return nil, errorf(Unsupported, "aggregate %s() is not supported", a.Fn.Name)
	}
	types := make([]value.Type, len(args))
	consts := make([]*value.Value, len(args))
	for i, e := range a.Args {
		types[i] = e.Type()
		if isConst(e) {
			v := args[i](nil)
			consts[i] = &v
		}
	}
	return &aggCall{
		make:   func() fn.Accumulator { return a.Fn.Agg(x.env, types, consts) },
		args:   args,
		vals:   make([]value.Value, len(args)),
		cols:   a.Cols,
		gather: strings.HasPrefix(a.Fn.Name, "make_") || strings.HasPrefix(a.Fn.Name, "make"),
	}, nil
}

func (x *Executor) aggCalls(aggs []plan.AggItem, s scope) ([]*aggCall, error) {
	out := make([]*aggCall, len(aggs))
	for i, a := range aggs {
		var err error
		if out[i], err = x.aggCall(a, s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// add feeds a row to the accumulator and says how many bytes it may have kept of it.
func (c *aggCall) add(acc fn.Accumulator, row Row) int64 {
	vals := c.vals // accumulators keep values, not the slice
	for i, a := range c.args {
		vals[i] = a(row)
	}
	acc.Add(vals)
	if c.gather && len(vals) > 0 {
		return valueBytes + extraSize(vals[0], 0)
	}
	return 0
}

// group is one group of an aggregation.
type group struct {
	keys Row
	accs []fn.Accumulator
}

// groups maps keys to groups, in the order in which they were first seen.
type groups struct {
	mem   *account
	byKey *keyIndex
	order []*group // by the number of the key
	bytes int64
	key   []byte
}

func newGroups(mem *account) *groups { return &groups{mem: mem, byKey: newKeyIndex(mem)} }

// find gives the group of keys, making it (with a copy of keys and n accumulators yet to be set) when it is new.
func (g *groups) find(keys Row, n int) (gr *group, isNew bool, err error) {
	g.key = rowKey(g.key[:0], keys)
	id, isNew, err := g.byKey.add(g.key)
	if err != nil {
		return nil, false, err
	}
	if !isNew {
		return g.order[id], false, nil
	}
	gr = &group{keys: append(Row(nil), keys...), accs: make([]fn.Accumulator, n)}
	g.order = append(g.order, gr)
	return gr, true, g.charge(rowSize(keys) + int64(128*n+64))
}

func (g *groups) charge(n int64) error {
	g.bytes += n
	return g.mem.grow(n)
}

func (g *groups) free() {
	g.mem.free(g.bytes)
	g.byKey.free()
}

// aggregate is summarize and distinct.
func (x *Executor) aggregate(n *plan.Aggregate) (*relation, error) {
	es := make([]plan.Expr, 0, len(n.Keys))
	for _, k := range n.Keys {
		es = append(es, k.Expr)
	}
	for _, a := range n.Aggs {
		es = append(es, a.Args...)
	}
	in, es, err := x.withWindows(n.In, es)
	if err != nil {
		return nil, err
	}
	s := scopeOf(in.cols)
	keys, err := x.exprs(es[:len(n.Keys)], s)
	if err != nil {
		return nil, err
	}
	aggs := make([]*aggCall, len(n.Aggs))
	at := len(n.Keys)
	for i, a := range n.Aggs {
		a.Args = es[at : at+len(a.Args)]
		at += len(a.Args)
		if aggs[i], err = x.aggCall(a, s); err != nil {
			return nil, err
		}
	}
	cols := n.Columns()
	if len(aggs) == 0 {
		return &relation{cols, x.distinct(&in.relation, keys)}, nil
	}
	return &relation{cols, func(emit func(Batch) error) error {
		g := newGroups(x.mem)
		defer g.free()
		if err := g.fill(&in.relation, keys, aggs); err != nil {
			return err
		}
		w := x.writer(emit)
		for _, gr := range g.order {
			row, err := w.row(len(cols))
			if err != nil {
				return err
			}
			at := copy(row, gr.keys)
			for i, a := range aggs {
				at += copy(row[at:at+len(a.cols)], gr.accs[i].Result())
			}
		}
		return w.flush()
	}}, nil
}

// fill runs in and adds every row to its group; without keys there is one group even of no rows.
func (g *groups) fill(in *relation, keys []eval, aggs []*aggCall) error {
	vals := make(Row, len(keys))
	find := func() (*group, error) {
		gr, isNew, err := g.find(vals, len(aggs))
		if isNew {
			for i, a := range aggs {
				gr.accs[i] = a.make()
			}
		}
		return gr, err
	}
	if len(keys) == 0 {
		if _, err := find(); err != nil {
			return err
		}
	}
	return in.run(func(b Batch) error {
		for _, row := range b {
			for i, k := range keys {
				vals[i] = k(row)
			}
			gr, err := find()
			if err != nil {
				return err
			}
			for i, a := range aggs {
				if kept := a.add(gr.accs[i], row); kept > 0 {
					if err := g.charge(kept); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// distinct gives each tuple of keys when it is first seen.
func (x *Executor) distinct(in *relation, keys []eval) step {
	return func(emit func(Batch) error) error {
		seen := newKeyIndex(x.mem)
		defer seen.free()
		w := x.writer(emit)
		vals := make(Row, len(keys))
		var key []byte
		err := in.run(func(b Batch) error {
			for _, row := range b {
				for i, k := range keys {
					vals[i] = k(row)
				}
				key = rowKey(key[:0], vals)
				_, isNew, err := seen.add(key)
				if err != nil {
					return err
				}
				if !isNew {
					continue
				}
				out, err := w.row(len(vals))
				if err != nil {
					return err
				}
				copy(out, vals)
			}
			return x.alive()
		})
		if err != nil {
			return err
		}
		return w.flush()
	}
}
