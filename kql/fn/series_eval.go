package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// series is a numeric array; an element that is null or no number is NaN and marked missing.
type series struct {
	x       []float64
	missing []bool
	whole   bool // all elements are whole numbers
}

func seriesOf(v value.Value) (series, bool) {
	a, ok := arrayOf(v)
	if !ok {
		return series{}, false
	}
	s := series{x: make([]float64, len(a)), missing: make([]bool, len(a)), whole: true}
	for i, e := range a {
		e = e.Inner()
		if !e.T.Numeric() && e.T != value.Bool && e.T != value.Datetime && e.T != value.Timespan || e.Null {
			s.x[i], s.missing[i] = math.NaN(), true
			continue
		}
		s.whole = s.whole && e.T != value.Real && e.T != value.Decimal
		s.x[i] = value.Convert(e, value.Real).Real()
	}
	return s, true
}

// numbers gives a series' elements where all are numbers.
func numbers(v value.Value) ([]float64, bool) {
	s, ok := seriesOf(v)
	for _, m := range s.missing {
		ok = ok && !m
	}
	return s.x, ok
}

func realArray(x []float64) value.Value {
	a := make(value.Array, len(x))
	for i, f := range x {
		a[i] = value.OfReal(f)
	}
	return value.OfArray(a)
}

// number gives a numeric argument, or def where it is left out or null.
func number(args []value.Value, at int, def float64) float64 {
	if at >= len(args) || args[at].Null {
		return def
	}
	f := value.Convert(args[at], value.Real)
	if f.Null {
		return def
	}
	return f.Real()
}

// seriesMap makes an evaluation of each element; keepWhole gives whole numbers for a series of whole numbers.
func seriesMap(keepWhole bool, e func(x float64) float64) option {
	return pure(func(args []value.Value) value.Value {
		s, ok := seriesOf(args[0])
		if !ok {
			return nullDynamic
		}
		out := make(value.Array, len(s.x))
		for i, x := range s.x {
			switch {
			case s.missing[i]:
				out[i] = nullDynamic
			case keepWhole && s.whole:
				out[i] = value.OfLong(int64(e(x)))
			default:
				out[i] = value.OfReal(e(x))
			}
		}
		return value.OfArray(out)
	})
}

// operands gives two operands as elements: a number stands for an array of copies.
func operands(args []value.Value) (a, b value.Array, ok bool) {
	a, isA := arrayOf(args[0])
	b, isB := arrayOf(args[1])
	repeat := func(v value.Value, n int) value.Array {
		out := make(value.Array, n)
		for i := range out {
			out[i] = element(v)
		}
		return out
	}
	switch {
	case isA && isB:
		return a, b, true
	case isA && args[1].T.Numeric():
		return a, repeat(args[1], len(a)), true
	case isB && args[0].T.Numeric():
		return repeat(args[0], len(b)), b, true
	}
	return nil, nil, false
}

// seriesPair makes an evaluation element by element; the shorter series is continued with nulls.
func seriesPair(e func(a, b value.Value) value.Value) option {
	return pure(func(args []value.Value) value.Value {
		a, b, ok := operands(args)
		if !ok {
			return nullDynamic
		}
		out := make(value.Array, max(len(a), len(b)))
		for i := range out {
			out[i] = nullDynamic
			if i < len(a) && i < len(b) {
				x, y := a[i].Inner(), b[i].Inner()
				if !x.Null && !y.Null && x.T.Numeric() && y.T.Numeric() {
					out[i] = element(e(x, y))
				}
			}
		}
		return value.OfArray(out)
	})
}

func realPair(e func(x, y float64) float64) func(a, b value.Value) value.Value {
	return func(a, b value.Value) value.Value {
		return value.OfReal(e(value.Convert(a, value.Real).Real(), value.Convert(b, value.Real).Real()))
	}
}

// seriesBinaryEvals and seriesUnaryEvals are the evaluations of the functions in the lists of those names.
var seriesBinaryEvals = map[string]func(a, b value.Value) value.Value{
	"add": value.Add, "subtract": value.Sub, "multiply": value.Mul,
	"divide":         realPair(func(x, y float64) float64 { return x / y }),
	"pow":            realPair(math.Pow),
	"greater":        func(a, b value.Value) value.Value { return compared(a, b, func(c int) bool { return c > 0 }) },
	"greater_equals": func(a, b value.Value) value.Value { return compared(a, b, atLeast) },
	"less":           func(a, b value.Value) value.Value { return compared(a, b, func(c int) bool { return c < 0 }) },
	"less_equals":    func(a, b value.Value) value.Value { return compared(a, b, atMost) },
	"equals":         equal,
	"not_equals":     notEqual,
}

var seriesUnaryEvals = map[string]option{
	"exp": seriesMap(false, math.Exp), "sign": seriesMap(true, sign), "abs": seriesMap(true, math.Abs), "sin": seriesMap(false, math.Sin),
	"asin": seriesMap(false, math.Asin), "cos": seriesMap(false, math.Cos), "acos": seriesMap(false, math.Acos), "tan": seriesMap(false, math.Tan),
	"atan": seriesMap(false, math.Atan), "log": seriesMap(false, math.Log), "floor": seriesMap(false, math.Floor), "ceiling": seriesMap(false, math.Ceil),
}

// seriesReal makes an evaluation of a whole series to a real; null where it is none, or an element is missing.
func seriesReal(e func(x []float64) float64) option {
	return pure(func(args []value.Value) value.Value {
		x, ok := numbers(args[0])
		if !ok {
			return value.NullOf(value.Real)
		}
		return value.OfReal(e(x))
	})
}

func sum(x []float64) float64 {
	var c compensated
	for _, f := range x {
		c.add(f)
	}
	return c.value()
}

func product(x []float64) float64 {
	p := 1.0
	for _, f := range x {
		p *= f
	}
	return p
}

func dot(x, y []float64) float64 {
	d := 0.0
	for i := range min(len(x), len(y)) {
		d += x[i] * y[i]
	}
	return d
}

func magnitudeOf(x []float64) float64 { return math.Sqrt(dot(x, x)) }

func evalDotProduct(args []value.Value) value.Value {
	a, b, ok := operands(args)
	if !ok {
		return value.NullOf(value.Real)
	}
	x, ok := numbers(value.OfArray(a))
	y, ok2 := numbers(value.OfArray(b))
	if !ok || !ok2 || len(x) != len(y) {
		return value.NullOf(value.Real)
	}
	return value.OfReal(dot(x, y))
}

func evalCosine(args []value.Value) value.Value {
	x, ok := numbers(args[0])
	y, ok2 := numbers(args[1])
	if !ok || !ok2 || len(x) != len(y) {
		return value.NullOf(value.Real)
	}
	return value.OfReal(dot(x, y) / (number(args, 2, magnitudeOf(x)) * number(args, 3, magnitudeOf(y))))
}

// evalPearson gives the correlation of two series of one length.
func evalPearson(args []value.Value) value.Value {
	x, ok := numbers(args[0])
	y, ok2 := numbers(args[1])
	if !ok || !ok2 || len(x) != len(y) || len(x) == 0 {
		return value.NullOf(value.Real)
	}
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return value.OfReal(xy / math.Sqrt(xx*yy))
}

func mean(x []float64) float64 { return sum(x) / float64(len(x)) }

// stats are the statistics of a series.
type stats struct {
	min, max, sum, avg, variance float64
	minAt, maxAt, n              int
}

// statsOf skips missing elements, and elements that are not finite where told; ok is false where one is missing and not skipped.
func statsOf(args []value.Value) (st stats, ok bool) {
	s, ok := seriesOf(args[0])
	if !ok {
		return st, false
	}
	skip := len(args) > 1 && !args[1].Null && args[1].I != 0
	st.minAt, st.maxAt = -1, -1
	var kept []float64
	for i, x := range s.x {
		if s.missing[i] || math.IsNaN(x) || math.IsInf(x, 0) {
			if skip {
				continue
			}
			if s.missing[i] {
				return st, false
			}
		}
		if st.minAt < 0 || x < st.min {
			st.min, st.minAt = x, i
		}
		if st.maxAt < 0 || x > st.max {
			st.max, st.maxAt = x, i
		}
		kept = append(kept, x)
	}
	st.n = len(kept)
	if st.n == 0 {
		return st, false
	}
	st.sum = sum(kept)
	st.avg = st.sum / float64(st.n)
	for _, x := range kept {
		st.variance += (x - st.avg) * (x - st.avg)
	}
	if st.n > 1 {
		st.variance /= float64(st.n - 1)
	}
	return st, true
}

func evalSeriesStats(args []value.Value) value.Value {
	st, ok := statsOf(args)
	if !ok {
		return value.OfArray(value.Array{nullDynamic, nullDynamic, nullDynamic, nullDynamic, nullDynamic, nullDynamic, nullDynamic})
	}
	return value.OfArray(value.Array{value.OfReal(st.min), value.OfLong(int64(st.minAt)), value.OfReal(st.max), value.OfLong(int64(st.maxAt)),
		value.OfReal(st.avg), value.OfReal(math.Sqrt(st.variance)), value.OfReal(st.variance)})
}

func evalSeriesStatsBag(args []value.Value) value.Value {
	st, ok := statsOf(args)
	if !ok {
		return nullDynamic
	}
	return value.OfBag(&value.Bag{
		Keys: []string{"min", "min_idx", "max", "max_idx", "avg", "stdev", "variance", "sum", "len"},
		Vals: []value.Value{value.OfReal(st.min), value.OfLong(int64(st.minAt)), value.OfReal(st.max), value.OfLong(int64(st.maxAt)), value.OfReal(st.avg),
			value.OfReal(math.Sqrt(st.variance)), value.OfReal(st.variance), value.OfReal(st.sum), value.OfLong(int64(st.n))},
	})
}
