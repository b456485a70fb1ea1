package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// expander makes the rows of one input row's arrays and bags.
type expander struct {
	items []eval
	to    []value.Type
	pairs bool
	limit int64
	out   []expandedCol
	lists []value.Array // of the row at hand
	vals  []value.Value
}

// expandedCol says where an output column comes from: an item, the index, or a column of the input.
type expandedCol struct {
	item  int
	index bool
	at    int
}

func (x *Executor) expander(n *plan.MvExpand, s scope) (*expander, error) {
	e := &expander{pairs: n.Array, limit: n.Limit}
	for _, it := range n.Items {
		f, err := x.expr(it.Expr, s)
		if err != nil {
			return nil, err
		}
		e.items, e.to = append(e.items, f), append(e.to, it.To)
	}
	e.lists, e.vals = make([]value.Array, len(e.items)), make([]value.Value, len(e.items))
	for _, c := range n.Out {
		o := expandedCol{item: c.Item, index: c.Index, at: -1}
		if c.Item < 0 && !c.Index {
			at, ok := s[c.Src]
			if !ok {
				return nil, errorf(Internal, "column %s of mv-expand is not among its input's", c.Col.Name)
			}
			o.at = at
		}
		e.out = append(e.out, o)
	}
	return e, nil
}

// expand calls f with an expanded row's number and its items' elements, which are f's until it returns.
func (e *expander) expand(row Row, f func(i int, elements []value.Value) error) error {
	lists, vals := e.lists, e.vals
	n := 0
	for i, item := range e.items {
		lists[i] = elements(item(row), e.pairs)
		n = max(n, len(lists[i]))
	}
	if e.limit >= 0 {
		n = int(min(int64(n), e.limit))
	}
	for k := range n {
		for i, list := range lists {
			if k < len(list) && list[k].T == e.to[i] && e.to[i] != value.Dynamic { // a scalar of the type already
				vals[i] = list[k]
				continue
			}
			v := value.NullOf(value.Dynamic)
			if k < len(list) {
				v = value.OfDynamic(list[k])
			}
			if e.to[i] != value.Dynamic && e.to[i] != value.Unknown {
				v = value.Convert(v, e.to[i])
			}
			vals[i] = v
		}
		if err := f(k, vals); err != nil {
			return err
		}
	}
	return nil
}

// elements gives what v expands to: an array's elements, a bag's pairs, one null of a null, and any other value itself.
func elements(v value.Value, pairs bool) value.Array {
	if v.Null {
		return value.Array{value.NullOf(value.Dynamic)}
	}
	switch x := v.X.(type) {
	case value.Array:
		return x
	case *value.Bag:
		out := make(value.Array, len(x.Keys))
		for i, k := range x.Keys {
			if pairs {
				out[i] = value.OfArray(value.Array{value.OfString(k), x.Vals[i]})
			} else {
				out[i] = value.OfBag(&value.Bag{Keys: []string{k}, Vals: []value.Value{x.Vals[i]}})
			}
		}
		return out
	}
	return value.Array{v.Inner()}
}

func (e *expander) fill(out, row Row, k int, vals []value.Value) {
	for i, o := range e.out {
		switch {
		case o.index:
			out[i] = value.OfLong(int64(k))
		case o.item >= 0:
			out[i] = vals[o.item]
		default:
			out[i] = row[o.at]
		}
	}
}

// mvExpand streams.
func (x *Executor) mvExpand(n *plan.MvExpand) (*relation, error) {
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	e, err := x.expander(n, scopeOf(in.cols))
	if err != nil {
		return nil, err
	}
	return &relation{n.Columns(), func(emit func(Batch) error) error {
		w := x.writer(emit)
		err := in.run(func(b Batch) error {
			for _, row := range b {
				err := e.expand(row, func(k int, vals []value.Value) error {
					out, err := w.row(len(e.out))
					if err == nil {
						e.fill(out, row, k, vals)
					}
					return err
				})
				if err != nil {
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

// mvApply runs the subplan once for each input row, over what the row expands to.
func (x *Executor) mvApply(n *plan.MvApply) (*relation, error) {
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	s := scopeOf(in.cols)
	e, err := x.expander(n.Expand, s)
	if err != nil {
		return nil, err
	}
	expanded := make(scope, len(n.Expand.Out))
	for i, c := range n.Expand.Out {
		expanded[c.Col.ID] = i
	}
	// where each column that the subplan reads comes from: the expansion, or else the input row
	from := make([]expandedCol, len(n.SubInput.Cols))
	for i, c := range n.SubInput.Cols {
		if k, ok := expanded[c.ID]; ok {
			from[i] = e.out[k]
			continue
		}
		at, ok := s[c.ID]
		if !ok {
			return nil, errorf(Internal, "column %s of mv-apply is not among its input's", c.Name)
		}
		from[i] = expandedCol{item: -1, at: at}
	}
	e.out = from
	sub, err := x.compile(n.Sub)
	if err != nil {
		return nil, err
	}
	subAt := scopeOf(sub.cols)
	carry := make([]joinOut, len(n.Carry))
	for i, c := range n.Carry {
		side := s
		if c.Right {
			side = subAt
		}
		at, ok := side[c.Src]
		if !ok {
			return nil, errorf(Internal, "column %s of mv-apply is not among its input's", c.Col.Name)
		}
		carry[i] = joinOut{at: at, right: c.Right}
	}
	slot := x.slot(n.SubInput)
	return &relation{n.Columns(), func(emit func(Batch) error) error {
		w := x.writer(emit)
		err := in.run(func(b Batch) error {
			for _, row := range b {
				var rows []Row
				err := e.expand(row, func(k int, vals []value.Value) error {
					out := make(Row, len(e.out))
					e.fill(out, row, k, vals)
					rows = append(rows, out)
					return nil
				})
				if err != nil {
					return err
				}
				slot.rows = rows
				err = sub.run(func(b Batch) error {
					for _, r := range b {
						out, err := w.row(len(carry))
						if err != nil {
							return err
						}
						for i, c := range carry {
							if c.right {
								out[i] = r[c.at]
							} else {
								out[i] = row[c.at]
							}
						}
					}
					return nil
				})
				if err != nil {
					return err
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

// partition runs the subplan once for each value of the key, over the rows that have it.
func (x *Executor) partition(n *plan.Partition) (*relation, error) {
	if n.Constant {
		return x.partitionConstant(n)
	}
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	key, err := x.expr(n.Key, scopeOf(in.cols))
	if err != nil {
		return nil, err
	}
	sub, err := x.compile(n.Sub)
	if err != nil {
		return nil, err
	}
	slot := x.slot(n.SubInput)
	return &relation{sub.cols, func(emit func(Batch) error) error {
		t, err := x.collect(in)
		if err != nil {
			return err
		}
		defer t.free()
		parts := map[string]int{}
		var rows [][]Row
		var b []byte
		for _, row := range t.rows {
			b = value.AppendKey(b[:0], key(row))
			i, ok := parts[string(b)]
			if !ok {
				i = len(rows)
				parts[string(b)] = i
				rows = append(rows, nil)
			}
			rows[i] = append(rows[i], row)
		}
		for _, r := range rows {
			slot.rows = r
			if err := sub.run(emit); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}
