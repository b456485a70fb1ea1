package fn

import (
	"fmt"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// operandError says that an operator is not defined for the types of its operands.
func operandError(op string, a, b value.Type) error {
	return fmt.Errorf("operator %s is not defined for %s and %s", op, a, b)
}

// bindArithmetic gives the type of a op b; a dynamic beside a number takes the number's type.
func bindArithmetic(op byte) func(args []Arg) (value.Type, []value.Type, error) {
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) != 2 {
			return value.Unknown, nil, countError(string(op), 2, 2, len(args))
		}
		a, b := args[0].Type, args[1].Type
		if a == value.Unknown || b == value.Unknown {
			return value.Unknown, []value.Type{a, b}, nil
		}
		if a == value.Dynamic && b == value.Dynamic {
			return value.Dynamic, []value.Type{a, b}, nil
		}
		if a == value.Dynamic || b == value.Dynamic {
			other := a
			if a == value.Dynamic {
				other = b
			}
			return bindWithDynamic(op, a, b, other)
		}
		t := value.ArithType(op, a, b)
		if t == value.Unknown {
			return t, nil, operandError(string(op), a, b)
		}
		if a.Numeric() && b.Numeric() {
			return t, []value.Type{t, t}, nil
		}
		return t, []value.Type{a, b}, nil
	}
}

func bindWithDynamic(op byte, a, b, other value.Type) (value.Type, []value.Type, error) {
	switch {
	case other.Numeric():
		t := max(other, value.Long)
		return t, []value.Type{t, t}, nil
	case op == '+' && (other == value.Datetime || other == value.Timespan):
		if other == value.Datetime { // a datetime plus what the dynamic holds, a timespan
			if a == value.Dynamic {
				return other, []value.Type{value.Timespan, other}, nil
			}
			return other, []value.Type{other, value.Timespan}, nil
		}
		return other, []value.Type{other, other}, nil
	case op == '-' && (other == value.Datetime || other == value.Timespan):
		return value.Timespan, []value.Type{other, other}, nil
	}
	return value.Unknown, nil, operandError(string(op), a, b)
}

func bindNegate(args []Arg) (value.Type, []value.Type, error) {
	if len(args) != 1 {
		return value.Unknown, nil, countError("unary -", 1, 1, len(args))
	}
	switch t := args[0].Type; {
	case t == value.Int:
		return value.Long, []value.Type{value.Long}, nil
	case isSummable(t), t == value.Dynamic, t == value.Unknown:
		return t, []value.Type{t}, nil
	default:
		return value.Unknown, nil, fmt.Errorf("operator - is not defined for %s", t)
	}
}

// meetingType gives the type to which both sides of == are converted.
func meetingType(a, b value.Type) value.Type {
	switch {
	case a == b || b == value.Unknown:
		return a
	case a == value.Unknown:
		return b
	case a.Numeric() && b.Numeric():
		return value.Wider(a, b)
	case a == value.Bool && b.Numeric():
		return b
	case b == value.Bool && a.Numeric():
		return a
	case a == value.Dynamic || a == value.String:
		if b == value.Dynamic {
			return a
		}
		return b
	}
	return a
}

func bindEquality(args []Arg) (value.Type, []value.Type, error) {
	if len(args) != 2 {
		return value.Unknown, nil, countError("==", 2, 2, len(args))
	}
	t := meetingType(args[0].Type, args[1].Type)
	return value.Bool, []value.Type{t, t}, nil
}

// bindOrder is for < <= > >=: numbers and bools (a string or dynamic beside one is converted), timespans, datetimes.
func bindOrder(op string) func(args []Arg) (value.Type, []value.Type, error) {
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) != 2 {
			return value.Unknown, nil, countError(op, 2, 2, len(args))
		}
		a, b := args[0].Type, args[1].Type
		numeric := func(t value.Type) bool { return t.Numeric() || t == value.Bool }
		switch {
		case a == value.Unknown || b == value.Unknown:
			t := meetingType(a, b)
			return value.Bool, []value.Type{t, t}, nil
		case a == b && (numeric(a) || a == value.Timespan || a == value.Datetime || a == value.Dynamic):
			return value.Bool, []value.Type{a, a}, nil
		case numeric(a) && numeric(b):
			t := meetingType(a, b)
			return value.Bool, []value.Type{t, t}, nil
		case a.Numeric() && b == value.Dynamic:
			return value.Bool, []value.Type{a, a}, nil
		case a == value.Dynamic && b.Numeric():
			return value.Bool, []value.Type{b, b}, nil
		}
		if a == value.String && b == value.String {
			return value.Unknown, nil, fmt.Errorf("operator %s is not defined for strings; use strcmp()", op)
		}
		if a == value.Dynamic || b == value.Dynamic {
			return value.Unknown, nil, fmt.Errorf("operator %s is not defined for %s and %s; convert the dynamic value first, e.g. with todatetime()", op, a, b)
		}
		return value.Unknown, nil, operandError(op, a, b)
	}
}

// bindText is for operators on two strings.
func bindText(op string) func(args []Arg) (value.Type, []value.Type, error) {
	terms := strings.HasPrefix(strings.TrimPrefix(op, "!"), "has") // what has looks for must be a text, also where it is written as dynamic(…)
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) != 2 {
			return value.Unknown, nil, countError(op, 2, 2, len(args))
		}
		for i, a := range args {
			if a.Type != value.Unknown && !isString(a.Type) {
				return value.Unknown, nil, fmt.Errorf("operator %s needs strings, not %s and %s; convert with tostring()", op, args[0].Type, args[1].Type)
			}
			if a.Shape == TypeName || a.Shape != AnyShape && i == 1 && terms {
				return value.Unknown, nil, fmt.Errorf("operator %s needs strings, not %s", op, a.Shape)
			}
		}
		return value.Bool, []value.Type{value.String, value.String}, nil
	}
}

// bindTextList is for has_any and has_all: a string and values or dynamic arrays of them.
func bindTextList(op string) func(args []Arg) (value.Type, []value.Type, error) {
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) < 1 {
			return value.Unknown, nil, countError(op, 2, -1, len(args))
		}
		if t := args[0].Type; t != value.Unknown && !isString(t) {
			return value.Unknown, nil, fmt.Errorf("operator %s needs a string on its left, not %s; convert with tostring()", op, t)
		}
		if args[0].Shape == TypeName {
			return value.Unknown, nil, fmt.Errorf("operator %s needs a string on its left, not %s", op, args[0].Shape)
		}
		as := make([]value.Type, len(args))
		as[0] = value.String
		for i, a := range args[1:] {
			as[i+1] = value.String
			if a.Type == value.Dynamic {
				as[i+1] = value.Dynamic
			}
		}
		return value.Bool, as, nil
	}
}

// bindIn is for in and its kin: the value and the members of the list, of which each may be a dynamic array of members.
func bindIn(op string, stringsOnly bool) func(args []Arg) (value.Type, []value.Type, error) {
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) < 1 {
			return value.Unknown, nil, countError(op, 2, -1, len(args))
		}
		t := args[0].Type
		if stringsOnly && t != value.Unknown && !isString(t) {
			return value.Unknown, nil, fmt.Errorf("operator %s needs a string on its left, not %s", op, t)
		}
		as := make([]value.Type, len(args))
		if stringsOnly {
			t = value.String
		} else {
			for _, a := range args[1:] {
				if a.Type != value.Dynamic && (t.Numeric() || t == value.Dynamic) {
					t = meetingType(t, a.Type)
				}
			}
		}
		as[0] = t
		for i, a := range args[1:] {
			as[i+1] = t
			if a.Type == value.Dynamic {
				as[i+1] = value.Dynamic
			}
		}
		return value.Bool, as, nil
	}
}

func bindBetween(args []Arg) (value.Type, []value.Type, error) {
	if len(args) != 3 {
		return value.Unknown, nil, countError("between", 3, 3, len(args))
	}
	a, b, c := args[0].Type, args[1].Type, args[2].Type
	if a == value.Unknown || b == value.Unknown || c == value.Unknown {
		return value.Bool, []value.Type{a, b, c}, nil
	}
	if a == value.Datetime && b == value.Datetime && c == value.Timespan || a == b && b == c && (a == value.Timespan || a == value.Datetime) {
		return value.Bool, []value.Type{a, b, c}, nil
	}
	t, numbers := value.Int, 0
	for _, x := range []value.Type{a, b, c} {
		if x.Numeric() {
			t = value.Wider(t, x)
			numbers++
		} else if x != value.Dynamic {
			return value.Unknown, nil, fmt.Errorf("operator between is not defined for %s and (%s .. %s)", a, b, c)
		}
	}
	if numbers == 0 {
		return value.Unknown, nil, fmt.Errorf("operator between is not defined for dynamic values; convert them first")
	}
	return value.Bool, []value.Type{t, t, t}, nil
}

// bindLogic is for and, or: bools, or dynamics that hold them.
func bindLogic(op string) func(args []Arg) (value.Type, []value.Type, error) {
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) < 2 {
			return value.Unknown, nil, countError(op, 2, -1, len(args))
		}
		as := make([]value.Type, len(args))
		for i, a := range args {
			if a.Type != value.Bool && a.Type != value.Dynamic && a.Type != value.Unknown {
				return value.Unknown, nil, fmt.Errorf("operator %s needs bools, not %s", op, a.Type)
			}
			as[i] = value.Bool
		}
		return value.Bool, as, nil
	}
}

// bindIndex is for a.b and a[b]: an index is a number or a key.
func bindIndex(args []Arg) (value.Type, []value.Type, error) {
	if len(args) != 2 {
		return value.Unknown, nil, countError("[]", 2, 2, len(args))
	}
	switch t := args[1].Type; {
	case args[0].Type != value.Dynamic && args[0].Type != value.Unknown:
		return value.Unknown, nil, fmt.Errorf("a value of type %s has no members; only dynamic values have", args[0].Type)
	case isInteger(t):
		return value.Dynamic, []value.Type{value.Dynamic, value.Long}, nil
	case args[1].Shape == TypeName:
		return value.Unknown, nil, fmt.Errorf("an index is a whole number or a string, not %s", args[1].Shape)
	case t == value.String || t == value.Dynamic || t == value.Unknown:
		return value.Dynamic, []value.Type{value.Dynamic, t}, nil
	default:
		return value.Unknown, nil, fmt.Errorf("an index is a whole number or a string, not %s", t)
	}
}
