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
