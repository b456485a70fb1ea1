package fn

import "math"

// The geo functions' results are written with all digits, so sines and angles are computed here to the last one.

// exact is the sum of two doubles, lo being what does not fit into hi.
type exact struct{ hi, lo float64 }

func pairSum(a, b float64) exact {
	s := a + b
	t := s - a
	return exact{s, (a - (s - t)) + (b - t)}
}

func (a exact) plus(b exact) exact {
	s := pairSum(a.hi, b.hi)
	return pairSum(s.hi, s.lo+a.lo+b.lo)
}

func (a exact) times(b exact) exact {
	p := a.hi * b.hi
	e := math.FMA(a.hi, b.hi, -p) + a.hi*b.lo + a.lo*b.hi
	return pairSum(p, e)
}

func (a exact) over(n float64) exact {
	q := a.hi / n
	return pairSum(q, (math.FMA(-q, n, a.hi)+a.lo)/n)
}

// A quarter turn in three parts.
const (
	quarterHi = 1.5707963267948966
	quarterLo = 6.123233995736766e-17
	quarterXX = -1.4973849048591833e-33
)

// sineTerms are enough for angles up to an eighth of a turn.
const sineTerms = 14

// exactSincos gives sine and cosine of an angle of at most some turns.
func exactSincos(x float64) (sin, cos exact) {
	k := math.Round(x / quarterHi)
	p := k * quarterHi
	r := pairSum(x, -p).plus(exact{-math.FMA(k, quarterHi, -p), 0}).plus(exact{k * -quarterLo, -math.FMA(k, quarterLo, -(k*quarterLo)) - k*quarterXX})
	square := r.times(r)
	sin, cos = r, exact{1, 0}
	s, c := r, exact{1, 0}
	for i := 1; i <= sineTerms; i++ {
		n := float64(2 * i)
		c = c.times(square).over(-n * (n - 1))
		s = s.times(square).over(-n * (n + 1))
		cos, sin = cos.plus(c), sin.plus(s)
	}
	switch int64(k) & 3 {
	case 1:
		return cos, exact{-sin.hi, -sin.lo}
	case 2:
		return exact{-sin.hi, -sin.lo}, exact{-cos.hi, -cos.lo}
	case 3:
		return exact{-cos.hi, -cos.lo}, sin
	}
	return sin, cos
}

func sincos(x float64) (sin, cos float64) {
	s, c := exactSincos(x)
	return s.hi, c.hi
}

// atan2 turns the library's result by what its sine and cosine are off.
func atan2(y, x float64) float64 {
	at := math.Atan2(y, x)
	length := math.Hypot(x, y)
	if length == 0 || at == 0 || math.IsNaN(at) || math.IsInf(length, 0) {
		return at
	}
	s, c := exactSincos(at)
	off := c.times(exact{y, 0}).plus(s.times(exact{-x, 0}))
	return at + off.hi/length
}
