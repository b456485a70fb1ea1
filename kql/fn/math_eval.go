package fn

import (
	"math"
	"math/big"
	mathbits "math/bits"
	"math/rand/v2"

	"github.com/vedette-siem/vedette/kql/value"
)

// real1 makes an evaluation of one real to a real.
func real1(e func(x float64) float64) option {
	return pure(func(args []value.Value) value.Value {
		if args[0].Null {
			return value.NullOf(value.Real)
		}
		return value.OfReal(e(args[0].Real()))
	})
}

// reals makes an evaluation of several reals to a real; a null gives null.
func reals(e func(x []float64) float64) option {
	return pure(func(args []value.Value) value.Value {
		x := make([]float64, len(args))
		for i, a := range args {
			if a.Null {
				return value.NullOf(value.Real)
			}
			x[i] = a.Real()
		}
		return value.OfReal(e(x))
	})
}

// realEvals are the evaluations of realFuncs.
var realEvals = map[string]func(float64) float64{
	"sqrt": math.Sqrt, "log": math.Log, "log2": math.Log2, "log10": math.Log10, "exp": math.Exp, "exp2": math.Exp2,
	"exp10": func(x float64) float64 { return math.Pow(10, x) }, "cos": math.Cos, "sin": math.Sin, "tan": math.Tan,
	"acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "cot": func(x float64) float64 { return 1 / math.Tan(x) },
	"degrees": func(x float64) float64 { return x * 180 / math.Pi }, "radians": func(x float64) float64 { return x * math.Pi / 180 },
	"gamma": math.Gamma, "loggamma": func(x float64) float64 { l, _ := math.Lgamma(x); return l }, "erf": math.Erf, "erfc": math.Erfc,
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// evalBinAt rounds down to the grid of a size through a fixed point.
func evalBinAt(args []value.Value) value.Value {
	v, size, fixed := args[0], args[1], args[2]
	if v.T == value.Datetime || v.T == value.Timespan {
		if size.T.Numeric() { // days
			size = value.Mul(value.OfTimespan(value.TicksPerDay), size)
		}
		if v.Null || size.Null || fixed.Null || size.I <= 0 {
			return value.NullOf(v.T)
		}
		off := value.FloorMod(v.I-fixed.I, size.I)
		if v.T == value.Datetime {
			return value.Sub(v, value.OfTimespan(off))
		}
		return value.OfTimespan(v.I - off)
	}
	return value.Add(value.Bin(value.Sub(v, fixed), size), fixed)
}

// evalRound rounds halves away from zero.
func evalRound(args []value.Value) value.Value {
	v := args[0]
	if v.Null {
		return v
	}
	digits := 0
	if len(args) > 1 && !args[1].Null {
		digits = int(max(min(args[1].I, 300), -300))
	}
	switch v.T {
	case value.Real:
		f := v.Real()
		if digits == 0 {
			return value.OfReal(math.Round(f))
		}
		scale := math.Pow(10, math.Abs(float64(digits)))
		if digits < 0 {
			return value.OfReal(math.Round(f/scale) * scale)
		}
		r := math.Round(f*scale) / scale
		if math.IsInf(f*scale, 0) || math.IsNaN(r) {
			r = f
		}
		return value.OfReal(r)
	case value.Decimal:
		return value.OfDecimal(roundRat(v.Rat(), digits))
	case value.Long, value.Int:
		if digits >= 0 {
			return v
		}
		if n := roundRat(new(big.Rat).SetInt64(v.I), digits).Num(); n.IsInt64() {
			return value.Convert(value.OfLong(n.Int64()), v.T)
		}
		return value.NullOf(v.T)
	}
	return v
}

// roundRat rounds halves away from zero; negative digits are those before the point.
func roundRat(r *big.Rat, digits int) *big.Rat {
	if digits >= 0 {
		out, _ := new(big.Rat).SetString(r.FloatString(digits))
		return out
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-digits)), nil))
	out, _ := new(big.Rat).SetString(new(big.Rat).Quo(r, scale).FloatString(0))
	return out.Mul(out, scale)
}

func evalCeiling(args []value.Value) value.Value {
	v := args[0]
	switch {
	case v.Null:
	case v.T == value.Real:
		return value.OfReal(math.Ceil(v.Real()))
	case v.T == value.Decimal:
		return value.Neg(value.Bin(value.Neg(v), value.OfDecimal(big.NewRat(1, 1))))
	}
	return v
}

func evalAbs(args []value.Value) value.Value {
	v := args[0]
	switch {
	case v.Null:
		return v
	case v.T == value.Real:
		return value.OfReal(math.Abs(v.Real()))
	case v.T == value.Decimal && v.Rat().Sign() < 0, v.T != value.Decimal && v.I < 0:
		return value.Neg(v)
	}
	return v
}

// whole makes an evaluation of two whole numbers; a null gives null.
func whole(e func(a, b int64) int64) option {
	return pair(func(a, b value.Value) value.Value {
		if a.Null || b.Null {
			return value.NullOf(value.Long)
		}
		return value.OfLong(e(a.I, b.I))
	})
}

func wholeOne(e func(a int64) int64) option {
	return pure(func(args []value.Value) value.Value {
		if args[0].Null {
			return value.NullOf(value.Long)
		}
		return value.OfLong(e(args[0].I))
	})
}

// shifted shifts by the remainder of a number of bits by 64; a negative number of bits gives null.
func shifted(shift func(a int64, bits uint) int64) option {
	return pair(func(a, n value.Value) value.Value {
		if a.Null || n.Null || n.I < 0 {
			return value.NullOf(value.Long)
		}
		return value.OfLong(shift(a.I, uint(n.I%64)))
	})
}

func shiftLeft(a int64, bits uint) int64  { return a << bits }
func shiftRight(a int64, bits uint) int64 { return a >> bits }
func countOnes(a int64) int64             { return int64(mathbits.OnesCount64(uint64(a))) }

func evalRand(args []value.Value) value.Value {
	if len(args) == 0 || args[0].Null || args[0].I <= 1 {
		return value.OfReal(rand.Float64())
	}
	return value.OfReal(float64(rand.Int64N(args[0].I)))
}

// betaInc is the regularised incomplete beta function, by its continued fraction (Lentz).
func betaInc(x, a, b float64) float64 {
	switch {
	case !(x >= 0 && x <= 1 && b > 0):
		return math.NaN()
	case a <= 0: // all of the weight lies at 0
		return 1
	case x == 0 || x == 1:
		return x
	case x > (a+1)/(a+b+2):
		return 1 - betaInc(1-x, b, a)
	}
	lab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	c, d := 1.0, 1-(a+b)*x/(a+1)
	if math.Abs(d) < tiny {
		d = tiny
	}
	d = 1 / d
	h := d
	for m := 1.0; m < 500; m++ {
		for _, n := range []float64{m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)), -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))} {
			if d = 1 + n*d; math.Abs(d) < tiny {
				d = tiny
			}
			if c = 1 + n/c; math.Abs(c) < tiny {
				c = tiny
			}
			d = 1 / d
			h *= d * c
		}
		if math.Abs(d*c-1) < 1e-16 {
			break
		}
	}
	return front * h
}

func betaPDF(x, a, b float64) float64 {
	if !(x >= 0 && x <= 1 && a > 0 && b > 0) {
		return math.NaN()
	}
	lab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	return math.Exp(lab - la - lb + (a-1)*math.Log(x) + (b-1)*math.Log1p(-x))
}

func evalBetaInv(args []value.Value) value.Value {
	if p := args[0]; p.Null || p.Real() < 0 || p.Real() > 1 || args[1].Null || args[2].Null {
		return value.NullOf(value.Real)
	}
	return value.OfReal(betaInv(args[0].Real(), args[1].Real(), args[2].Real()))
}

// betaInv finds x with betaInc(x) = p by bisection.
func betaInv(p, a, b float64) float64 {
	if !(p >= 0 && p <= 1 && a > 0 && b > 0) {
		return math.NaN()
	}
	lo, hi := 0.0, 1.0
	for range 200 {
		mid := (lo + hi) / 2
		if betaInc(mid, a, b) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// welch gives the two-sided p-value of Welch's t-test.
func welch(x []float64) float64 {
	m1, v1, n1, m2, v2, n2 := x[0], x[1], x[2], x[3], x[4], x[5]
	a, b := v1/n1, v2/n2
	t := (m1 - m2) / math.Sqrt(a+b)
	df := (a + b) * (a + b) / (a*a/(n1-1) + b*b/(n2-1))
	return betaInc(df/(df+t*t), df/2, 0.5)
}
