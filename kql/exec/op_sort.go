package exec

import (
	"container/heap"
	"slices"

	"github.com/vedette-siem/vedette/kql/plan"
)

// sort orders rows stably; with N >= 0 it never holds more than N rows.
func (x *Executor) sort(n *plan.Sort) (*relation, error) {
	es := make([]plan.Expr, len(n.Keys))
	how := make([]ordering, len(n.Keys))
	for i, k := range n.Keys {
		es[i] = k.Expr
		how[i] = ordering{k.Desc, k.NullsFirst}
	}
	in, es, err := x.withWindows(n.In, es)
	if err != nil {
		return nil, err
	}
	keys, err := x.exprs(es, scopeOf(in.cols))
	if err != nil {
		return nil, err
	}
	width := len(in.cols) - in.extra
	return &relation{in.cols[:width], func(emit func(Batch) error) error {
		s := &sorter{x: x, keys: keys, how: how, width: width, limit: n.N}
		defer func() { x.mem.free(s.bytes) }()
		if n.N == 0 {
			return nil
		}
		if err := in.run(s.add); err != nil {
			return err
		}
		return x.emitRows(s.sorted(), emit)
	}}, nil
}

// sorted is a row with its sort keys and the place at which it came.
type sortedRow struct {
	row, keys Row
	seq       int
}

// sorter gathers rows; with a limit it is a heap whose top is the last row that is still kept.
type sorter struct {
	x     *Executor
	keys  []eval
	how   []ordering
	width int
	limit int64
	rows  []sortedRow
	seq   int
	bytes int64
	polls int
	dead  bool
}

func (s *sorter) cmp(a, b *sortedRow) int {
	if c := compareKeys(a.keys, b.keys, s.how); c != 0 {
		return c
	}
	return a.seq - b.seq
}

// Len, Less, Swap, Push and Pop make sorter a heap with the greatest row on top.
func (s *sorter) Len() int           { return len(s.rows) }
func (s *sorter) Less(i, j int) bool { return s.cmp(&s.rows[i], &s.rows[j]) > 0 }
func (s *sorter) Swap(i, j int)      { s.rows[i], s.rows[j] = s.rows[j], s.rows[i] }

// Push adds a row at the end.
func (s *sorter) Push(r any) { s.rows = append(s.rows, r.(sortedRow)) }

// Pop is there for the interface alone: rows are replaced, never taken out.
func (s *sorter) Pop() any { panic("exec: a sorter is not popped") }

func (s *sorter) add(b Batch) error {
	keys := make(Row, len(s.keys))
	for _, row := range b {
		for i, k := range s.keys {
			keys[i] = k(row)
		}
		r := sortedRow{row, keys, s.seq}
		s.seq++
		full := s.limit > 0 && int64(len(s.rows)) >= s.limit
		if full && s.cmp(&r, &s.rows[0]) >= 0 {
			continue
		}
		r.row = append(Row(nil), row[:s.width]...)
		r.keys = append(Row(nil), keys...)
		n := rowSize(r.row) + int64(len(keys)*valueBytes+rowBytes+16)
		if full {
			n -= rowSize(s.rows[0].row) + int64(len(keys)*valueBytes+rowBytes+16)
			s.rows[0] = r
			heap.Fix(s, 0)
		} else if s.limit > 0 {
			heap.Push(s, r)
		} else {
			s.rows = append(s.rows, r)
		}
		s.bytes += n
		if err := s.x.mem.grow(n); err != nil {
			return err
		}
	}
	return nil
}

// sorted gives the rows in order. When the query is cancelled the comparisons end early and the order means nothing; emitRows then fails.
func (s *sorter) sorted() []Row {
	slices.SortFunc(s.rows, func(a, b sortedRow) int {
		if s.polls++; s.polls&4095 == 0 {
			s.dead = s.dead || s.x.alive() != nil
		}
		if s.dead {
			return 0
		}
		return s.cmp(&a, &b)
	})
	out := make([]Row, len(s.rows))
	for i := range s.rows {
		out[i] = s.rows[i].row
	}
	return out
}
