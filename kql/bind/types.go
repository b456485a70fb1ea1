package bind

import "github.com/vedette-siem/vedette/kql/value"

// wider reports whether every value of type a is also one of type b.
func wider(b, a value.Type) bool {
	rank := func(t value.Type) int {
		switch t {
		case value.Int:
			return 1
		case value.Long:
			return 2
		case value.Real:
			return 3
		case value.Decimal:
			return 4
		}
		return 0
	}
	return rank(a) > 0 && rank(b) > rank(a)
}

// commonType gives the type to which both can be converted without loss, ok=false when there is none.
func commonType(a, b value.Type) (value.Type, bool) {
	switch {
	case a == b || wider(a, b):
		return a, true
	case wider(b, a):
		return b, true
	case a == value.Unknown || b == value.Unknown:
		return value.Unknown, true
	case a == value.Dynamic || b == value.Dynamic:
		return value.Dynamic, true
	}
	return value.Unknown, false
}

func promoted(t value.Type) value.Type {
	if t == value.Int {
		return value.Long
	}
	return t
}

// summable reports whether values of type t can be added.
func summable(t value.Type) bool {
	return t.Numeric() || t == value.Datetime || t == value.Timespan || t == value.Unknown || t == value.Dynamic
}
