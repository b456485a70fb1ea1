package exec

import (
	"sort"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// nestedLevel is one compiled level of top-nested.
type nestedLevel struct {
	plan.TopNestedLevel
	of     eval
	others *value.Value
	aggs   []*aggCall
	by     eval
}

// topNested gives, within every group of the levels above, the greatest groups of each level.
func (x *Executor) topNested(n *plan.Generic, s *plan.TopNested, in *relation) (*relation, error) {
	sc := scopeOf(in.cols)
	levels := make([]nestedLevel, len(s.Levels))
	for i, l := range s.Levels {
		c := nestedLevel{TopNestedLevel: l}
		var err error
		if c.of, err = x.expr(l.Of.Expr, sc); err != nil {
			return nil, err
		}
		if l.Others != nil {
			v, err := x.constant(l.Others)
			if err != nil {
				return nil, err
			}
			c.others = &v
		}
		if c.aggs, err = x.aggCalls(l.Aggs, sc); err != nil {
			return nil, err
		}
		var cols []plan.Column
		for _, a := range l.Aggs {
			cols = append(cols, a.Cols...)
		}
		if c.by, err = x.expr(l.By.Expr, scopeOf(cols)); err != nil {
			return nil, err
		}
		levels[i] = c
	}
	return &relation{n.Cols, func(emit func(Batch) error) error {
		t, err := x.collect(in)
		if err != nil {
			return err
		}
		defer t.free()
		w := x.writer(emit)
		if err := nest(w, levels, t.rows, nil, false); err != nil {
			return err
		}
		return w.flush()
	}}, nil
}

// aggregated computes a level's By over rows.
func (l *nestedLevel) aggregated(rows []Row) value.Value {
	var out Row
	for _, a := range l.aggs {
		acc := a.make()
		for _, row := range rows {
			a.add(acc, row)
		}
		out = append(out, acc.Result()...)
	}
	return l.by(out)
}

// nest writes the rows below a prefix; rest says that the prefix is the one that gathers what a level above left out.
func nest(w *writer, levels []nestedLevel, rows []Row, prefix Row, rest bool) error {
	if len(levels) == 0 {
		out, err := w.row(len(prefix))
		if err == nil {
			copy(out, prefix)
		}
		return err
	}
	l := &levels[0]
	down := func(of, by value.Value, rows []Row, rest bool) error {
		return nest(w, levels[1:], rows, append(append(Row(nil), prefix...), of, by), rest)
	}
	if rest {
		if l.others == nil {
			return down(value.NullOf(l.Of.Col.Type), value.NullOf(l.By.Col.Type), rows, true)
		}
		return down(*l.others, l.aggregated(rows), rows, true)
	}
	type part struct {
		of, by value.Value
		rows   []Row
	}
	var parts []*part
	byKey := map[string]*part{}
	for _, row := range rows {
		v := l.of(row)
		k := string(value.AppendKey(nil, v))
		p := byKey[k]
		if p == nil {
			p = &part{of: v}
			byKey[k] = p
			parts = append(parts, p)
		}
		p.rows = append(p.rows, row)
	}
	for _, p := range parts {
		p.by = l.aggregated(p.rows)
	}
	sort.SliceStable(parts, func(i, j int) bool {
		c := value.Compare(parts[i].by, parts[j].by)
		if l.Asc {
			return c < 0
		}
		return c > 0
	})
	kept := parts
	if l.N >= 0 && int64(len(parts)) > l.N {
		kept = parts[:l.N]
	}
	for _, p := range kept {
		if err := down(p.of, p.by, p.rows, false); err != nil {
			return err
		}
	}
	if l.others == nil || len(kept) == len(parts) {
		return nil
	}
	var left []Row
	for _, p := range parts[len(kept):] {
		left = append(left, p.rows...)
	}
	return down(*l.others, l.aggregated(left), left, true)
}
