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
			return j.half(emit, left, j.lkeys, right, j.rkeys, n.Kind == plan.LeftSemi)
		}}, nil
	case plan.RightSemi, plan.RightAnti:
		return &relation{cols, func(emit func(Batch) error) error {
			return j.half(emit, right, j.rkeys, left, j.lkeys, n.Kind == plan.RightSemi)
		}}, nil
	case plan.InnerUnique, plan.Inner, plan.LeftOuter, plan.RightOuter, plan.FullOuter:
		for i, o := range j.out {
			if o.right {
				j.out[i].at = len(j.keep)
				j.keep = append(j.keep, o.at)
			}
		}
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
	keep         []int // positions of the right columns that go out; a right joinOut counts in these
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

// write gives a pair of rows: a left one, or nil, and the right one at position r, or none when r is negative. A missing side gives nulls.
func (j *joiner) write(w *writer, l Row, t *packed, r int) error {
	row, err := w.row(len(j.out))
	if err != nil {
		return err
	}
	for i, o := range j.out {
		switch {
		case o.right && r >= 0:
			row[i] = t.at(o.at, r)
		case !o.right && l != nil:
			row[i] = l[o.at]
		default:
			row[i] = o.null
		}
	}
	return nil
}

// half gives the rows of one side that have (want) or have not a partner on the other.
func (j *joiner) half(emit func(Batch) error, in *relation, keys []eval, other *relation, otherKeys []eval, want bool) error {
	seen := newKeyIndex(j.x.mem)
	defer seen.free()
	var key []byte
	err := other.run(func(b Batch) error {
		for _, row := range b {
			var ok bool
			if key, ok = joinKey(key[:0], row, otherKeys); !ok {
				continue
			}
			if _, _, err := seen.add(key); err != nil {
				return err
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
				_, ok = seen.find(key)
			}
			if ok != want {
				continue
			}
			out, err := w.row(len(j.out))
			if err != nil {
				return err
			}
			for i, o := range j.out {
				out[i] = row[o.at]
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
	rows := newRowIndex(j.x.mem, j.right.cols, j.keep)
	defer rows.free()
	var key []byte
	err := j.right.run(func(b Batch) error {
		for _, row := range b {
			var ok bool
			key, ok = joinKey(key[:0], row, j.rkeys)
			if !ok && j.kind != plan.RightOuter && j.kind != plan.FullOuter {
				continue
			}
			if err := rows.add(key, ok, row); err != nil {
				return err
			}
		}
		return j.x.alive()
	})
	if err != nil {
		return err
	}
	w := j.x.writer(emit)
	matched, err := j.probe(w, rows)
	if err != nil {
		return err
	}
	for i, ok := range matched {
		if !ok {
			if err := j.write(w, nil, rows.rows, i); err != nil {
				return err
			}
		}
	}
	return w.flush()
}

// probe streams the left rows. Where the kind gives right rows without a partner too, it tells which found one.
func (j *joiner) probe(w *writer, rows *rowIndex) (matched []bool, err error) {
	if j.kind == plan.RightOuter || j.kind == plan.FullOuter {
		matched = make([]bool, rows.rows.n)
	}
	var used []bool // by key
	if j.kind == plan.InnerUnique {
		used = make([]bool, rows.keys.len())
	}
	outer := j.kind == plan.LeftOuter || j.kind == plan.FullOuter
	var key []byte
	err = j.left.run(func(b Batch) error {
		for _, row := range b {
			id := -1
			var ok bool
			if key, ok = joinKey(key[:0], row, j.lkeys); ok {
				if at, found := rows.keys.find(key); found {
					id = at
				}
			}
			if id < 0 {
				if outer {
					if err := j.write(w, row, nil, -1); err != nil {
						return err
					}
				}
				continue
			}
			if used != nil {
				if used[id] {
					continue
				}
				used[id] = true
			}
			for i := rows.first[id]; i >= 0; i = rows.next[i] {
				if matched != nil {
					matched[i] = true
				}
				if err := j.write(w, row, rows.rows, int(i)); err != nil {
					return err
				}
			}
		}
		return j.x.alive()
	})
	return matched, err
}
