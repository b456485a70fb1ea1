package fn

import (
	"math"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// conversion makes an evaluation that converts its argument.
func conversion(t value.Type) option {
	return pure(func(args []value.Value) value.Value { return value.Convert(args[0], t) })
}

func evalCast(args []value.Value) value.Value {
	t, ok := value.TypeOf(args[0].S)
	if !ok {
		return value.NullOf(value.Dynamic)
	}
	return value.Convert(args[1], t)
}

func evalTohex(args []value.Value) value.Value {
	if args[0].Null {
		return value.OfString("")
	}
	n := uint64(args[0].I)
	if args[0].T == value.Int {
		n = uint64(uint32(n))
	}
	s := strconv.FormatUint(n, 16)
	if len(args) > 1 && !args[1].Null {
		if n := int(min(args[1].I, 64)) - len(s); n > 0 {
			s = strings.Repeat("0", n) + s
		}
	}
	return value.OfString(s)
}

func evalGettype(args []value.Value) value.Value {
	v := args[0]
	if v.T != value.Dynamic {
		return value.OfString(v.T.String())
	}
	switch x := v.X.(type) {
	case value.Array:
		return value.OfString("array")
	case *value.Bag:
		return value.OfString("dictionary")
	case value.Value:
		return value.OfString(x.T.String())
	}
	return value.OfString("null")
}

func isNull(v value.Value) bool { return nullInner(v).Null }

func isEmpty(v value.Value) bool {
	v = nullInner(v).Inner()
	return v.Null || v.T == value.String && v.S == ""
}

// test makes an evaluation of one value to a bool.
func test(t func(v value.Value) bool) option {
	return pure(func(args []value.Value) value.Value { return value.OfBool(t(args[0])) })
}

func lazyIff(_ *Env, args []func() value.Value) value.Value {
	if c := args[0](); !c.Null && c.I != 0 {
		return args[1]()
	}
	return args[2]()
}

func lazyCase(_ *Env, args []func() value.Value) value.Value {
	for i := 0; i+1 < len(args); i += 2 {
		if c := args[i](); !c.Null && c.I != 0 {
			return args[i+1]()
		}
	}
	return args[len(args)-1]()
}

func lazyCoalesce(_ *Env, args []func() value.Value) value.Value {
	var v value.Value
	for _, a := range args {
		if v = a(); !isEmpty(v) {
			return v
		}
	}
	return v
}

func evalNot(args []value.Value) value.Value { return negate(args[0]) }

// extreme picks the largest (sign 1) or smallest (sign -1) argument that is not null.
func extreme(sign int) option {
	return pure(func(args []value.Value) value.Value {
		best := args[0]
		for _, a := range args[1:] {
			if !a.Null && (best.Null || sign*value.Compare(a, best) > 0) {
				best = a
			}
		}
		return best
	})
}

// evalAround is value >= center-delta and value <= center+delta.
func evalAround(args []value.Value) value.Value {
	v, center, delta := args[0].Inner(), args[1].Inner(), args[2].Inner()
	return and3(compared(v, value.Sub(center, delta), atLeast), compared(v, value.Add(center, delta), atMost))
}

func evalIsNaN(v value.Value) bool { return !v.Null && math.IsNaN(v.Real()) }
func evalIsInf(v value.Value) bool { return !v.Null && math.IsInf(v.Real(), 0) }
func evalIsFinite(v value.Value) bool {
	return !v.Null && !math.IsInf(v.Real(), 0) && !math.IsNaN(v.Real())
}

// arrayOf gives the array in a dynamic.
func arrayOf(v value.Value) (value.Array, bool) {
	if v.T != value.Dynamic || v.Null {
		return nil, false
	}
	a, ok := v.X.(value.Array)
	return a, ok
}

// bagOf gives the property bag in a dynamic.
func bagOf(v value.Value) (*value.Bag, bool) {
	if v.T != value.Dynamic || v.Null {
		return nil, false
	}
	b, ok := v.X.(*value.Bag)
	return b, ok
}
