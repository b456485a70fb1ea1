package exec

import (
	"math"
	"sort"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// maxSeries is how many points a series may have.
const maxSeries = 1 << 20

// series is one group of make-series: its aggregates by bin.
type series struct {
	keys Row
	bins map[int64][]fn.Accumulator
}

// grid numbers the bins of an axis: bin 0 begins at origin.
type grid struct {
	t            value.Type
	step, origin value.Value
}

// bin gives the number of the bin in which v lies.
func (g grid) bin(v value.Value) int64 {
	if g.t == value.Real {
		return int64(math.Floor((v.Real() - g.origin.Real()) / g.step.Real()))
	}
	return value.FloorDiv(v.I-g.origin.I, g.step.I)
}

// at gives the start of a bin.
func (g grid) at(bin int64) value.Value {
	if g.t == value.Real {
		return value.OfReal(g.origin.Real() + float64(bin)*g.step.Real())
	}
	return value.Value{T: g.t, I: g.origin.I + bin*g.step.I}
}

// makeSeries groups rows by keys and bins of the axis, then lines the bins of each group up.
func (x *Executor) makeSeries(n *plan.MakeSeries) (*relation, error) {
	in, err := x.compile(n.In)
	if err != nil {
		return nil, err
	}
	m := &seriesMaker{x: x, n: n, in: in}
	if err := m.bind(scopeOf(in.cols)); err != nil {
		return nil, err
	}
	return &relation{n.Columns(), m.run}, nil
}

type seriesMaker struct {
	x        *Executor
	n        *plan.MakeSeries
	in       *relation
	on       eval
	keys     []eval
	aggs     []*aggCall
	defaults []value.Value
	g        grid
	from, to *int64 // the first bin and the one after the last, where the query says them
	noAxis   error  // why no row has a bin, nil when they have: no matter where there are no rows
}

func (m *seriesMaker) bind(s scope) error {
	var err error
	if m.on, err = m.x.expr(m.n.On, s); err != nil {
		return err
	}
	for _, k := range m.n.Keys {
		f, err := m.x.expr(k.Expr, s)
		if err != nil {
			return err
		}
		m.keys = append(m.keys, f)
	}
	for _, a := range m.n.Aggs {
		c, err := m.x.aggCall(a.Agg, s)
		if err != nil {
			return err
		}
		m.aggs = append(m.aggs, c)
		t := a.Agg.Cols[a.Pick].Type
		d := value.NullOf(t)
		if a.Default != nil {
			if d, err = m.x.constant(a.Default); err != nil {
				return err
			}
		} else if t.Numeric() || t == value.Timespan {
			d = zeroOf(t)
		}
		m.defaults = append(m.defaults, element(d))
	}
	return m.bindGrid()
}

func (m *seriesMaker) bindGrid() error {
	var v [3]value.Value
	t := m.n.OnType
	if t == value.Decimal {
		t = value.Real
	}
	for i, e := range []plan.Expr{m.n.From, m.n.To, m.n.Step} {
		v[i] = value.NullOf(t)
		if e == nil {
			continue
		}
		c, err := m.x.constant(e)
		if err != nil {
			return err
		}
		want := t
		if i == 2 && t == value.Datetime {
			want = value.Timespan
		}
		if v[i] = value.Convert(c.Inner(), want); v[i].Null {
			m.noAxis = errorf(Invalid, "make-series: the %s of the axis is null", [...]string{"start", "end", "step"}[i])
			return nil
		}
	}
	from, to, step := v[0], v[1], v[2]
	if value.Compare(step, zeroOf(step.T)) <= 0 {
		return errorf(Invalid, "make-series: the step must be greater than 0")
	}
	m.g = grid{t: t, step: step, origin: value.Convert(value.OfLong(0), t)}
	if t == value.Datetime {
		m.g.origin = value.OfDatetime(0)
	}
	if !from.Null {
		if !m.n.InRange {
			m.g.origin = from
		}
		first := m.g.bin(from)
		m.from = &first
	}
	if !to.Null {
		end := m.g.bin(to)
		if m.n.InRange || value.Compare(m.g.at(end), to) < 0 {
			end++
		}
		m.to = &end
	}
	if m.from != nil && m.to != nil && *m.to-*m.from > maxSeries {
		return errorf(Invalid, "make-series: %d points, at most %d are possible", *m.to-*m.from, maxSeries).hint("use a larger step or a shorter range")
	}
	return nil
}

func (m *seriesMaker) run(emit func(Batch) error) error {
	if m.noAxis != nil {
		return m.in.run(func(b Batch) error {
			if len(b) > 0 {
				return m.noAxis
			}
			return nil
		})
	}
	byKey := map[string]*series{}
	var order []*series
	var bytes int64
	defer func() { m.x.mem.free(bytes) }()
	vals := make(Row, len(m.keys))
	var key []byte
	err := m.in.run(func(b Batch) error {
		for _, row := range b {
			on := value.Convert(m.on(row), m.g.t)
			if lacks(on) {
				continue
			}
			bin := m.g.bin(on)
			if m.from != nil && bin < *m.from || m.to != nil && bin >= *m.to {
				continue
			}
			for i, k := range m.keys {
				vals[i] = k(row)
			}
			key = rowKey(key[:0], vals)
			s := byKey[string(key)]
			grown := int64(0)
			if s == nil {
				s = &series{keys: append(Row(nil), vals...), bins: map[int64][]fn.Accumulator{}}
				byKey[string(key)] = s
				order = append(order, s)
				grown += rowSize(vals) + 128
			}
			accs := s.bins[bin]
			if accs == nil {
				accs = m.accumulators()
				s.bins[bin] = accs
				grown += int64(64 + 128*len(accs))
			}
			for i, a := range m.aggs {
				grown += a.add(accs[i], row)
			}
			if bytes += grown; grown > 0 {
				if err := m.x.mem.grow(grown); err != nil {
					return err
				}
			}
		}
		return m.x.alive()
	})
	if err != nil {
		return err
	}
	if len(order) == 0 && m.n.NonEmpty && len(m.keys) == 0 && m.from != nil && m.to != nil {
		order = []*series{{}}
	}
	w := m.x.writer(emit)
	for _, s := range order {
		if err := m.write(w, s); err != nil {
			return err
		}
	}
	return w.flush()
}

func (m *seriesMaker) accumulators() []fn.Accumulator {
	accs := make([]fn.Accumulator, len(m.aggs))
	for i, a := range m.aggs {
		accs[i] = a.make()
	}
	return accs
}

// write lines the bins of one group up, from its first to its last where the query does not say.
func (m *seriesMaker) write(w *writer, s *series) error {
	bins := make([]int64, 0, len(s.bins))
	for b := range s.bins {
		bins = append(bins, b)
	}
	sort.Slice(bins, func(i, j int) bool { return bins[i] < bins[j] })
	var first, end int64
	if len(bins) > 0 {
		first, end = bins[0], bins[len(bins)-1]+1
	}
	if m.from != nil {
		first = *m.from
	}
	if m.to != nil {
		end = *m.to
	}
	n := max(0, end-first)
	if n > maxSeries {
		return errorf(Invalid, "make-series: %d points, at most %d are possible", n, maxSeries).hint("use a larger step or a shorter range")
	}
	if err := m.x.mem.grow(n * valueBytes * int64(len(m.aggs)+1)); err != nil {
		return err
	}
	defer m.x.mem.free(n * valueBytes * int64(len(m.aggs)+1))
	row, err := w.row(len(m.keys) + len(m.aggs) + 1)
	if err != nil {
		return err
	}
	at := copy(row, s.keys)
	for i, d := range m.defaults {
		list := make(value.Array, n)
		for k := range list {
			list[k] = d
		}
		for b, accs := range s.bins {
			list[b-first] = element(accs[i].Result()[m.n.Aggs[i].Pick])
		}
		row[at+i] = value.OfArray(list)
	}
	axis := make(value.Array, n)
	for k := range axis {
		axis[k] = m.g.at(first + int64(k))
	}
	row[len(row)-1] = value.OfArray(axis)
	return nil
}
