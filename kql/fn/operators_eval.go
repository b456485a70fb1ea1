package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

var nullBool = value.NullOf(value.Bool)

// pair makes an evaluation of two arguments.
func pair(e func(a, b value.Value) value.Value) option {
	return pure(func(args []value.Value) value.Value { return e(args[0], args[1]) })
}

// arithmetic applies a value operation; two dynamics are computed by what is in them.
func arithmetic(e func(a, b value.Value) value.Value) option {
	return pair(func(a, b value.Value) value.Value {
		if a.T == value.Dynamic && b.T == value.Dynamic {
			a, b = a.Inner(), b.Inner()
			if a.Null || b.Null || a.T == value.Dynamic || b.T == value.Dynamic {
				return value.NullOf(value.Dynamic)
			}
			return value.OfDynamic(e(a, b))
		}
		return e(a, b)
	})
}

func evalNegate(args []value.Value) value.Value {
	if v := args[0]; v.T == value.Dynamic {
		in := v.Inner()
		if in.Null || !isSummable(in.T) {
			return value.NullOf(value.Dynamic)
		}
		return value.OfDynamic(value.Neg(in))
	}
	return value.Neg(args[0])
}

func evalPlus(args []value.Value) value.Value { return args[0] }

// equal is ==: two nulls give null, one gives false.
func equal(a, b value.Value) value.Value {
	a, b = nullInner(a), nullInner(b)
	if a.Null && b.Null {
		return nullBool
	}
	return value.OfBool(value.Equal(a, b))
}

// nullInner treats a dynamic that holds a null as a null.
func nullInner(v value.Value) value.Value {
	if in := v.Inner(); in.Null {
		return in
	}
	return v
}

func notEqual(a, b value.Value) value.Value { return negate(equal(a, b)) }

func negate(b value.Value) value.Value {
	if b.Null {
		return b
	}
	return value.OfBool(b.I == 0)
}

// ordered makes a comparison that is null where a side is, and false for NaN.
func ordered(test func(c int) bool) option {
	return pair(func(a, b value.Value) value.Value { return compared(a, b, test) })
}

func compared(a, b value.Value, test func(c int) bool) value.Value {
	a, b = a.Inner(), b.Inner()
	if a.Null || b.Null {
		return nullBool
	}
	if a.T != b.T && !(a.T.Numeric() && b.T.Numeric()) {
		return nullBool
	}
	if isNaN(a) || isNaN(b) {
		return value.OfBool(false)
	}
	return value.OfBool(test(value.Compare(a, b)))
}

func isNaN(v value.Value) bool { return v.T == value.Real && math.IsNaN(v.Real()) }

func atLeast(c int) bool { return c >= 0 }
func atMost(c int) bool  { return c <= 0 }

func evalBetween(args []value.Value) value.Value {
	v, from, to := args[0], args[1], args[2]
	if v.T == value.Datetime && to.T == value.Timespan {
		to = value.Add(from, to)
	}
	return and3(compared(v, from, atLeast), compared(v, to, atMost))
}

// and3 and or3 are the three-valued and, or.
func and3(a, b value.Value) value.Value {
	switch {
	case !a.Null && a.I == 0, !b.Null && b.I == 0:
		return value.OfBool(false)
	case a.Null || b.Null:
		return nullBool
	}
	return value.OfBool(true)
}

func lazyAnd(_ *Env, args []func() value.Value) value.Value {
	sawNull := false
	for _, a := range args {
		v := a()
		if v.Null {
			sawNull = true
		} else if v.I == 0 {
			return value.OfBool(false)
		}
	}
	if sawNull {
		return nullBool
	}
	return value.OfBool(true)
}

func lazyOr(_ *Env, args []func() value.Value) value.Value {
	sawNull := false
	for _, a := range args {
		v := a()
		if v.Null {
			sawNull = true
		} else if v.I != 0 {
			return value.OfBool(true)
		}
	}
	if sawNull {
		return nullBool
	}
	return value.OfBool(false)
}

// textTest evaluates a string operator or its negation.
func textTest(name string, negated bool) option {
	t := textTests[name]
	return pair(func(a, b value.Value) value.Value {
		s, x := a.S, b.S
		if t.folded {
			s, x = foldText(s), foldText(x)
		}
		return value.OfBool(t.test(s, x) != negated)
	})
}

func evalMatchesRegex(args []value.Value) value.Value {
	re, err := compileRegex(args[1].S)
	if err != nil {
		return value.OfBool(false)
	}
	return value.OfBool(re.MatchString(args[0].S))
}

// eachMember calls f for the members of a list of which each may be a dynamic array of members, until f gives false.
func eachMember(list []value.Value, f func(v value.Value) bool) {
	for _, v := range list {
		if v.T == value.Dynamic && !v.Null {
			if a, ok := v.X.(value.Array); ok {
				for _, e := range a {
					if !f(e) {
						return
					}
				}
				continue
			}
		}
		if !f(v) {
			return
		}
	}
}

// isMember reports whether v is one of the list. A member of another type is compared after conversion to v's type.
func isMember(v value.Value, list []value.Value, fold bool) bool {
	found := false
	v = v.Inner()
	text := ""
	if v.T == value.String {
		text = v.S
		if fold {
			text = foldText(text)
		}
	}
	eachMember(list, func(e value.Value) bool {
		e = e.Inner()
		switch {
		case v.T == value.String:
			s := e.Text()
			if fold {
				s = foldText(s)
			}
			found = s == text && (e.T == value.String || !e.Null)
		case v.Null || e.Null:
		case e.T == v.T || e.T.Numeric() && v.T.Numeric():
			found = value.Equal(v, e)
		case e.T != value.Dynamic:
			c := value.Convert(e, v.T)
			found = !c.Null && value.Equal(v, c)
		default:
			found = value.Equal(v, e)
		}
		return !found
	})
	return found
}

func memberTest(fold, negated bool) option {
	return pure(func(args []value.Value) value.Value {
		return value.OfBool(isMember(args[0], args[1:], fold) != negated)
	})
}

func evalHasAny(args []value.Value) value.Value {
	s, found := foldText(args[0].S), false
	eachMember(args[1:], func(e value.Value) bool {
		found = !isNull(e) && hasTerm(s, foldText(e.Text()), true, true)
		return !found
	})
	return value.OfBool(found)
}

func evalHasAll(args []value.Value) value.Value {
	s, all := foldText(args[0].S), true
	eachMember(args[1:], func(e value.Value) bool {
		all = isNull(e) || hasTerm(s, foldText(e.Text()), true, true)
		return all
	})
	return value.OfBool(all)
}

// evalIndex is a.b and a[b]. What is not there is null.
func evalIndex(args []value.Value) value.Value {
	null := value.NullOf(value.Dynamic)
	v, key := args[0], args[1].Inner()
	if v.Null || key.Null {
		return null
	}
	switch x := v.X.(type) {
	case *value.Bag:
		if key.T == value.String {
			if e, ok := x.Get(key.S); ok {
				return value.OfDynamic(e)
			}
		}
	case value.Array:
		if !isInteger(key.T) {
			return null
		}
		i := key.I
		if i < 0 {
			i += int64(len(x))
		}
		if i >= 0 && i < int64(len(x)) {
			return value.OfDynamic(x[i])
		}
	}
	return null
}
