package fn

import (
	"fmt"
	"slices"

	"github.com/vedette-siem/vedette/kql/value"
)

// families lists every declaration, by chapter of the manual.
func families() []family {
	return []family{
		{"operator", operatorFuncs()},
		{"string", stringFuncs()},
		{"regex", regexFuncs()},
		{"parse", parseFuncs()},
		{"conversion", convertFuncs()},
		{"datetime", timeFuncs()},
		{"math", mathFuncs()},
		{"dynamic", dynamicFuncs()},
		{"series", seriesFuncs()},
		{"geo", geoFuncs()},
		{"ip", ipFuncs()},
		{"sketch", sketchFuncs()},
		{"context", contextFuncs()},
		{"window", windowFuncs()},
		{"aggregate", aggregateFuncs()},
	}
}

type family struct {
	group string
	funcs []*Func
}

// bindCase checks case(predicate, then, predicate, then, …, else).
func bindCase(args []Arg) (value.Type, []value.Type, error) {
	if len(args) < 3 || len(args)%2 == 0 {
		return value.Unknown, nil, fmt.Errorf("case() takes pairs of a predicate and a value, then the value for else; there are %s", arguments(len(args)))
	}
	as := make([]value.Type, len(args))
	var thens []value.Type
	for i, a := range args {
		if i%2 == 0 && i < len(args)-1 {
			if a.Type != value.Bool && a.Type != value.Unknown {
				return value.Unknown, nil, fmt.Errorf("case(): argument %d must be bool, not %s", i+1, a.Type)
			}
			as[i] = value.Bool
			continue
		}
		thens = append(thens, a.Type)
	}
	t, _ := commonOrDynamic(thens)
	if slices.Contains(thens, value.Unknown) {
		t = value.Unknown // the data decides
	}
	for i := range as {
		if as[i] == value.Unknown {
			as[i] = t
		}
	}
	return t, as, nil
}

// bindPack checks bag_pack(key, value, …).
func bindPack(args []Arg) (value.Type, []value.Type, error) {
	if len(args)%2 != 0 || len(args) == 0 {
		return value.Unknown, nil, fmt.Errorf("bag_pack() takes pairs of a key and a value; there are %s", arguments(len(args)))
	}
	as := make([]value.Type, len(args))
	for i, a := range args {
		as[i] = a.Type
		if i%2 == 0 {
			if a.Type != value.Unknown && !isString(a.Type) {
				return value.Unknown, nil, fmt.Errorf("bag_pack(): argument %d is a key and must be a string, not %s", i+1, a.Type)
			}
			as[i] = value.String
		}
	}
	return value.Dynamic, as, nil
}

// averageOf begins the signature of avg and avgif.
const averageOf = "(expr:summable"

// bindAverage gives the type of avg (want 1) and avgif (want 2): real for whole numbers, else the argument's.
func bindAverage(want int) func(args []Arg) (value.Type, []value.Type, error) {
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) != want {
			return value.Unknown, nil, countError("avg", want, want, len(args))
		}
		t := args[0].Type
		if !isSummable(t) && t != value.Unknown {
			return value.Unknown, nil, fmt.Errorf("avg(): the argument must be a number, datetime or timespan, not %s", t)
		}
		as := []value.Type{t}
		if want == 2 {
			if args[1].Type != value.Bool && args[1].Type != value.Unknown {
				return value.Unknown, nil, fmt.Errorf("avgif(): argument 2 (predicate) must be bool, not %s", args[1].Type)
			}
			as = append(as, value.Bool)
		}
		if isInteger(t) {
			t = value.Real
		}
		return t, as, nil
	}
}

// typesOfAll gives each argument its own result column.
func typesOfAll(args []Arg) []value.Type {
	types := make([]value.Type, len(args))
	for i, a := range args {
		types[i] = a.Type
	}
	return types
}

// percentileType is the type of a percentile of values of type t.
func percentileType(t value.Type) value.Type {
	switch t {
	case value.Int:
		return value.Long
	case value.Decimal:
		return value.Real
	}
	return t
}

// bindPercentiles is for the percentile family, whose first lead arguments are the value (and its weight).
func bindPercentiles(lead int, array bool) func(args []Arg) (value.Type, []value.Type, error) {
	return func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) <= lead {
			return value.Unknown, nil, countError("percentile", lead+1, -1, len(args))
		}
		t := percentileType(args[0].Type)
		as := []value.Type{t}
		if lead == 2 {
			if !isInteger(args[1].Type) && args[1].Type != value.Unknown {
				return value.Unknown, nil, fmt.Errorf("percentilew(): argument 2 (weight) must be long|int, not %s", args[1].Type)
			}
			as = append(as, value.Long)
		}
		for i, a := range args[lead:] {
			switch {
			case a.Type.Numeric() || a.Type == value.Unknown:
				as = append(as, value.Real)
			case array && a.Type == value.Dynamic:
				as = append(as, value.Dynamic)
			default:
				return value.Unknown, nil, fmt.Errorf("percentile(): argument %d must be a number, not %s", lead+i+1, a.Type)
			}
		}
		if array {
			return value.Dynamic, as, nil
		}
		return t, as, nil
	}
}

// percentileTypes gives each percentile its result column.
func percentileTypes(lead int) func(args []Arg) []value.Type {
	return func(args []Arg) []value.Type {
		types := make([]value.Type, max(len(args)-lead, 0))
		for i := range types {
			types[i] = percentileType(args[0].Type)
		}
		return types
	}
}
