package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// join holds the right rows by key and streams the left ones past them; the kinds that give right rows alone go the other way round.
func (x *Executor) join(n *plan.Join) (*relation, error) {
	left, err := x.compile(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := x.compile(n.Right)
	if err != nil {
		return nil, err
	}
	j := &joiner{x: x, kind: n.Kind, left: left, right: right}
	ls, rs := scopeOf(left.cols), scopeOf(right.cols)
	for _, k := range n.On {
		l, err := x.expr(k.L, ls)
		if err != nil {
			return nil, err
		}
		r, err := x.expr(k.R, rs)
		if err != nil {
			return nil, err
		}
		j.lkeys, j.rkeys = append(j.lkeys, l), append(j.rkeys, r)
	}
	for _, c := range n.Out {
		s := ls
		if c.Right {
			s = rs
		}
		i, ok := s[c.Src]
		if !ok {
			return nil, errorf(Internal, "column %s of a join is not among its input's", c.Col.Name)
		}
		j.out = append(j.out, joinOut{i, c.Right, value.NullOf(c.Col.Type)})
	}
	cols := n.Columns()
	switch n.Kind {
	case plan.LeftSemi, plan.LeftAnti:
		return &relation{cols, func(emit func(Batch) error) error {
			return j.half(emit, left, j.lkeys, right, j.rkeys, n.Kind == plan.LeftSemi, false)
		}}, nil
	case plan.RightSemi, plan.RightAnti:
		return &relation{cols, func(emit func(Batch) error) error {
			return j.half(emit, right, j.rkeys, left, j.lkeys, n.Kind == plan.RightSemi, true)
		}}, nil
	case plan.InnerUnique, plan.Inner, plan.LeftOuter, plan.RightOuter, plan.FullOuter:
		return &relation{cols, j.whole}, nil
	}
	return nil, errorf(Unsupported, "join kind %s is not supported", n.Kind)
}

type joinOut struct {
	at    int
	right bool
	null  value.Value
}

type joiner struct {
	x            *Executor
	kind         plan.JoinKind
	left, right  *relation
	lkeys, rkeys []eval
	out          []joinOut
}

// joinKey gives a row's key; ok is false when a part of it is null, which equals nothing.
func joinKey(b []byte, row Row, keys []eval) (key []byte, ok bool) {
	for _, k := range keys {
		v := k(row)
		if v.Null {
			return b, false
		}
		b = value.AppendKey(b, v)
	}
	return b, true
}

// emit writes a pair of rows; a nil side gives nulls.
func (j *joiner) write(w *writer, l, r Row) error {
	row, err := w.row(len(j.out))
	if err != nil {
		return err
	}
	for i, o := range j.out {
		switch {
		case o.right && r != nil:
			row[i] = r[o.at]
		case !o.right && l != nil:
			row[i] = l[o.at]
		default:
			row[i] = o.null
		}
	}
	return nil
}

// half gives the rows of one side that have (want) or have not a partner on the other.
func (j *joiner) half(emit func(Batch) error, in *relation, keys []eval, other *relation, otherKeys []eval, want, right bool) error {
	seen := map[string]struct{}{}
	var bytes int64
	defer func() { j.x.mem.free(bytes) }()
	var key []byte
	err := other.run(func(b Batch) error {
		for _, row := range b {
			var ok bool
			if key, ok = joinKey(key[:0], row, otherKeys); !ok {
				continue
			}
			if _, ok := seen[string(key)]; !ok {
				seen[string(key)] = struct{}{}
				bytes += int64(len(key)) + 48
				if err := j.x.mem.grow(int64(len(key)) + 48); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w := j.x.writer(emit)
	err = in.run(func(b Batch) error {
		for _, row := range b {
			var ok bool
			if key, ok = joinKey(key[:0], row, keys); ok {
				_, ok = seen[string(key)]
			}
			if ok != want {
				continue
			}
			l, r := row, Row(nil)
			if right {
				l, r = nil, row
			}
			if err := j.write(w, l, r); err != nil {
				return err
			}
		}
		return j.x.alive()
	})
	if err != nil {
		return err
	}
	return w.flush()
}

// whole runs the kinds that give columns of both sides.
func (j *joiner) whole(emit func(Batch) error) error {
	t := &table{mem: j.x.mem}
	defer func() { t.free() }()
	index := map[string][]int32{}
	var key []byte
	var bytes int64
	defer func() { j.x.mem.free(bytes) }()
	err := j.right.run(func(b Batch) error {
		for _, row := range b {
			var ok bool
			key, ok = joinKey(key[:0], row, j.rkeys)
			if !ok && j.kind != plan.RightOuter && j.kind != plan.FullOuter {
				continue
			}
			if ok {
				n := int64(4)
				if index[string(key)] == nil {
					n += int64(len(key)) + 72
				}
				bytes += n
				if err := j.x.mem.grow(n); err != nil {
					return err
				}
				index[string(key)] = append(index[string(key)], int32(len(t.rows)))
			}
			if err := t.add(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w := j.x.writer(emit)
	matched, err := j.probe(w, t, index, &bytes)
	if err != nil {
		return err
	}
	if j.kind == plan.RightOuter || j.kind == plan.FullOuter {
		for i, row := range t.rows {
			if !matched[i] {
				if err := j.write(w, nil, row); err != nil {
					return err
				}
			}
		}
	}
	return w.flush()
}

// probe streams the left rows and gives which right rows found a partner.
func (j *joiner) probe(w *writer, t *table, index map[string][]int32, bytes *int64) ([]bool, error) {
	matched := make([]bool, len(t.rows))
	var used map[string]struct{}
	if j.kind == plan.InnerUnique {
		used = map[string]struct{}{}
	}
	outer := j.kind == plan.LeftOuter || j.kind == plan.FullOuter
	var key []byte
	err := j.left.run(func(b Batch) error {
		for _, row := range b {
			var ok bool
			var hits []int32
			if key, ok = joinKey(key[:0], row, j.lkeys); ok {
				hits = index[string(key)]
			}
			if used != nil && len(hits) > 0 {
				if _, ok := used[string(key)]; ok {
					continue
				}
				used[string(key)] = struct{}{}
				*bytes += int64(len(key)) + 48
				if err := j.x.mem.grow(int64(len(key)) + 48); err != nil {
					return err
				}
			}
			for _, i := range hits {
				matched[i] = true
				if err := j.write(w, row, t.rows[i]); err != nil {
					return err
				}
			}
			if outer && len(hits) == 0 {
				if err := j.write(w, row, nil); err != nil {
					return err
				}
			}
		}
		return j.x.alive()
	})
	return matched, err
}
