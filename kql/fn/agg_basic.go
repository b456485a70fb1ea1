package fn

import (
	"math"
	"math/big"

	"github.com/vedette-siem/vedette/kql/value"
)

// guarded passes rows on for which the argument at the place of the predicate is true, without it.
type guarded struct {
	at   int
	acc  Accumulator
	rest []value.Value
}

func (g *guarded) Add(args []value.Value) {
	if p := args[g.at]; p.Null || p.I == 0 {
		return
	}
	g.rest = append(append(g.rest[:0], args[:g.at]...), args[g.at+1:]...)
	g.acc.Add(g.rest)
}

func (g *guarded) Result() []value.Value { return g.acc.Result() }

type maker func(env *Env, types []value.Type, consts []*value.Value) Accumulator

// when makes the accumulator of an …if aggregate from that of the plain one; the predicate is argument at.
func when(at int, plain maker) option {
	return accumulate(func(env *Env, types []value.Type, consts []*value.Value) Accumulator {
		without := append(append([]value.Type(nil), types[:at]...), types[at+1:]...)
		withoutConsts := append(append([]*value.Value(nil), consts[:at]...), consts[at+1:]...)
		return &guarded{at: at, acc: plain(env, without, withoutConsts)}
	})
}

// counter is count() and countif(): with a predicate it counts the rows for which it is true.
type counter struct{ n int64 }

func newCounter(*Env, []value.Type, []*value.Value) Accumulator { return &counter{} }

func (c *counter) Add(args []value.Value) {
	if len(args) == 0 || !args[0].Null && args[0].I != 0 {
		c.n++
	}
}
func (c *counter) Result() []value.Value { return []value.Value{value.OfLong(c.n)} }

// summer is sum: of longs it wraps around, of reals it adds with compensation.
type summer struct {
	t       value.Type
	long    int64
	real    compensated
	decimal *big.Rat
}

// compensated is a sum of doubles that keeps what rounding loses (Neumaier).
type compensated struct{ sum, lost float64 }

func (c *compensated) add(x float64) {
	t := c.sum + x
	if math.Abs(c.sum) >= math.Abs(x) {
		c.lost += (c.sum - t) + x
	} else {
		c.lost += (x - t) + c.sum
	}
	c.sum = t
}

func (c *compensated) value() float64 {
	if math.IsNaN(c.lost) || math.IsInf(c.lost, 0) {
		return c.sum
	}
	return c.sum + c.lost
}

func newSummer(_ *Env, types []value.Type, _ []*value.Value) Accumulator {
	return &summer{t: types[0], decimal: new(big.Rat)}
}

func (s *summer) Add(args []value.Value) {
	v := args[0]
	switch {
	case v.Null:
	case v.T == value.Real:
		s.real.add(v.Real())
	case v.T == value.Decimal:
		s.decimal.Add(s.decimal, v.Rat())
	default:
		s.long += v.I
	}
}

func (s *summer) Result() []value.Value {
	switch s.t {
	case value.Real:
		return []value.Value{value.OfReal(s.real.value())}
	case value.Decimal:
		r, ok := value.RoundDecimal(s.decimal)
		if !ok {
			return []value.Value{value.NullOf(value.Decimal)}
		}
		return []value.Value{value.OfDecimal(r)}
	case value.Timespan:
		return []value.Value{value.OfTimespan(s.long)}
	case value.Datetime:
		if s.long < value.MinTicks || s.long > value.MaxTicks {
			return []value.Value{value.NullOf(value.Datetime)}
		}
		return []value.Value{value.OfDatetime(s.long)}
	}
	return []value.Value{value.OfLong(s.long)}
}

// averager is avg.
type averager struct {
	t       value.Type
	n       int64
	real    compensated
	total   big.Int // of whole numbers and ticks
	decimal *big.Rat
}

func newAverager(_ *Env, types []value.Type, _ []*value.Value) Accumulator {
	return &averager{t: types[0], decimal: new(big.Rat)}
}

func (a *averager) Add(args []value.Value) {
	v := args[0]
	if v.Null {
		return
	}
	a.n++
	switch v.T {
	case value.Real:
		a.real.add(v.Real())
	case value.Decimal:
		a.decimal.Add(a.decimal, v.Rat())
	default:
		a.total.Add(&a.total, big.NewInt(v.I))
	}
}

func (a *averager) Result() []value.Value {
	switch a.t {
	case value.Decimal:
		if a.n == 0 {
			return []value.Value{value.NullOf(a.t)}
		}
		r, ok := value.RoundDecimal(a.decimal.Quo(a.decimal, new(big.Rat).SetInt64(a.n)))
		if !ok {
			return []value.Value{value.NullOf(a.t)}
		}
		return []value.Value{value.OfDecimal(r)}
	case value.Datetime, value.Timespan:
		if a.n == 0 {
			return []value.Value{value.NullOf(a.t)}
		}
		q := new(big.Int).Quo(&a.total, big.NewInt(a.n))
		return []value.Value{{T: a.t, I: q.Int64()}}
	case value.Real:
		return []value.Value{value.OfReal(a.real.value() / float64(a.n))}
	}
	f, _ := new(big.Float).SetInt(&a.total).Float64()
	return []value.Value{value.OfReal(f / float64(a.n))}
}

// extremum is min (sign -1) and max (sign 1).
type extremum struct {
	sign int
	best value.Value
}

func newExtremum(sign int) maker {
	return func(_ *Env, types []value.Type, _ []*value.Value) Accumulator {
		return &extremum{sign, value.Value{T: types[0], Null: true}}
	}
}

func (e *extremum) Add(args []value.Value) {
	if v := args[0]; !v.Null && (e.best.Null || e.sign*value.Compare(v, e.best) > 0) {
		e.best = v
	}
}

func (e *extremum) Result() []value.Value {
	if e.best.Null {
		return []value.Value{value.NullOf(e.best.T)}
	}
	return []value.Value{e.best}
}

// distinctCounter is dcount and count_distinct: exact.
type distinctCounter struct {
	seen map[string]struct{}
	key  []byte
}

func newDistinctCounter(*Env, []value.Type, []*value.Value) Accumulator {
	return &distinctCounter{seen: map[string]struct{}{}}
}

func (d *distinctCounter) Add(args []value.Value) {
	if args[0].Null {
		return
	}
	d.key = value.AppendKey(d.key[:0], args[0])
	if _, ok := d.seen[string(d.key)]; !ok {
		d.seen[string(d.key)] = struct{}{}
	}
}

func (d *distinctCounter) Result() []value.Value {
	return []value.Value{value.OfLong(int64(len(d.seen)))}
}

// argument keeps the row of the largest (sign 1) or smallest value; of equal ones the first.
type argument struct {
	sign  int
	best  []value.Value
	types []value.Type
}

func newArgument(sign int) maker {
	return func(_ *Env, types []value.Type, _ []*value.Value) Accumulator {
		return &argument{sign: sign, types: types}
	}
}

func (a *argument) Add(args []value.Value) {
	if a.best == nil || !args[0].Null && (a.best[0].Null || a.sign*value.Compare(args[0], a.best[0]) > 0) {
		a.best = append(a.best[:0], args...)
	}
}

func (a *argument) Result() []value.Value {
	if a.best == nil {
		return nullsOf(a.types)
	}
	return a.best
}

func nullsOf(types []value.Type) []value.Value {
	out := make([]value.Value, len(types))
	for i, t := range types {
		out[i] = value.NullOf(t)
	}
	return out
}

// anyValue is take_any: for each column the first value that is not empty.
type anyValue struct {
	vals  []value.Value
	types []value.Type
}

func newAnyValue(_ *Env, types []value.Type, _ []*value.Value) Accumulator {
	return &anyValue{types: types}
}

func (a *anyValue) Add(args []value.Value) {
	if a.vals == nil {
		a.vals = append(a.vals, args...)
		return
	}
	for i, v := range a.vals {
		if isEmpty(v) {
			a.vals[i] = args[i]
		}
	}
}

func (a *anyValue) Result() []value.Value {
	if a.vals == nil {
		return nullsOf(a.types)
	}
	return a.vals
}

// bits is binary_all_or, _and and _xor.
type bits struct {
	op   func(a, b int64) int64
	acc  value.Value
	seen bool
}

func newBits(op func(a, b int64) int64) maker {
	return func(_ *Env, types []value.Type, _ []*value.Value) Accumulator {
		return &bits{op: op, acc: value.NullOf(types[0])}
	}
}

func (b *bits) Add(args []value.Value) {
	v := args[0]
	switch {
	case v.Null || v.T == value.Real || v.T == value.Decimal:
	case !b.seen:
		b.acc, b.seen = v, true
	default:
		b.acc.I = b.op(b.acc.I, v.I)
	}
}

func (b *bits) Result() []value.Value { return []value.Value{b.acc} }
