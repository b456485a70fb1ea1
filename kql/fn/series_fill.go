package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// gaps gives an array with what counts as missing: nulls, or the elements equal to a placeholder.
func gaps(args []value.Value, placeholder int) (a value.Array, missing []bool, ok bool) {
	a, ok = arrayOf(args[0])
	if !ok {
		return nil, nil, false
	}
	missing = make([]bool, len(a))
	given := placeholder < len(args) && !args[placeholder].Null && !isNaN(args[placeholder])
	for i, e := range a {
		missing[i] = e.Null || isNaN(e) || given && sameElement(e, args[placeholder])
	}
	return a, missing, true
}

// fillFrom fills gaps with the last element before them (step 1) or the first after them (step -1).
func fillFrom(step int) option {
	return pure(func(args []value.Value) value.Value {
		a, missing, ok := gaps(args, 1)
		if !ok {
			return nullDynamic
		}
		out := append(value.Array{}, a...)
		at := 0
		if step < 0 {
			at = len(a) - 1
		}
		for last := -1; at >= 0 && at < len(a); at += step {
			if !missing[at] {
				last = at
			} else if last >= 0 {
				out[at] = a[last]
			}
		}
		return value.OfArray(out)
	})
}

func evalFillConst(args []value.Value) value.Value {
	a, missing, ok := gaps(args, 2)
	if !ok {
		return nullDynamic
	}
	fill := value.OfLong(0)
	if len(args) > 1 && !args[1].Null {
		fill = args[1]
	}
	out := append(value.Array{}, a...)
	for i, m := range missing {
		if m {
			out[i] = fill
		}
	}
	return value.OfArray(out)
}

// evalFillLinear fills gaps on the line between their neighbours, those at the edges with the nearest element, and everything with a
// constant where there is no element. A series of whole numbers stays one.
func evalFillLinear(args []value.Value) value.Value {
	a, missing, ok := gaps(args, 1)
	if !ok {
		return nullDynamic
	}
	edges := len(args) < 3 || args[2].Null || args[2].I != 0
	constant := number(args, 3, 0)
	out := append(value.Array{}, a...)
	whole, any := true, false
	for i, e := range a {
		if !missing[i] {
			any = true
			whole = whole && isInteger(e.Inner().T)
		}
	}
	if !any {
		for i := range out {
			out[i] = value.OfReal(constant)
		}
		return value.OfArray(out)
	}
	at := func(i int) float64 { return number(a, i, math.NaN()) }
	fill := func(i int, x float64) {
		if whole {
			out[i] = value.OfLong(int64(x))
		} else {
			out[i] = value.OfReal(x)
		}
	}
	before := -1
	for i := 0; i < len(a); i++ {
		if !missing[i] {
			before = i
			continue
		}
		after := i
		for after < len(a) && missing[after] {
			after++
		}
		for ; i < after; i++ {
			switch {
			case before >= 0 && after < len(a):
				slope := (at(after) - at(before)) / float64(after-before)
				fill(i, at(before)+slope*float64(i-before))
			case !edges:
			case before >= 0:
				fill(i, at(before))
			default:
				fill(i, at(after))
			}
		}
		i--
	}
	return value.OfArray(out)
}

// evalFIR convolves a series with a filter; normalised filters sum to 1, centred ones look ahead by half their length.
func evalFIR(args []value.Value) value.Value {
	x, ok := numbers(args[0])
	f, ok2 := numbers(args[1])
	if !ok || !ok2 || len(f) == 0 || len(f) > 1024 {
		return nullDynamic
	}
	normalize := len(args) > 2 && !args[2].Null && args[2].I != 0
	center := len(args) > 3 && !args[3].Null && args[3].I != 0
	if len(args) < 3 { // filters of one sign are normalised
		same := true
		for _, c := range f {
			same = same && c*f[0] >= 0
		}
		normalize = same
	}
	if total := sum(f); normalize && total != 0 {
		g := make([]float64, len(f))
		for i, c := range f {
			g[i] = c / total
		}
		f = g
	}
	shift := 0
	if center {
		shift = len(f) / 2
	}
	out := make([]float64, len(x))
	for i := range x {
		for j, c := range f {
			if k := i + shift - j; k >= 0 && k < len(x) {
				out[i] += c * x[k]
			}
		}
	}
	return realArray(out)
}

// evalIIR applies a recursive filter: a0·y[i] = Σ b_j·x[i-j] − Σ a_j·y[i-j].
func evalIIR(args []value.Value) value.Value {
	x, ok := numbers(args[0])
	b, ok2 := numbers(args[1])
	a, ok3 := numbers(args[2])
	if !ok || !ok2 || !ok3 || len(a) == 0 || a[0] == 0 || len(a) > 1024 || len(b) > 1024 {
		return nullDynamic
	}
	y := make([]float64, len(x))
	for i := range x {
		for j, c := range b {
			if i >= j {
				y[i] += c * x[i-j]
			}
		}
		for j := 1; j < len(a); j++ {
			if i >= j {
				y[i] -= a[j] * y[i-j]
			}
		}
		y[i] /= a[0]
	}
	return realArray(y)
}
