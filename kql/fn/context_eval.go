package fn

import (
	"errors"

	"github.com/vedette-siem/vedette/kql/value"
)

// fromContext asks the environment for what a function without arguments gives; def is the answer where it does not know.
func fromContext(name string, def value.Value) option {
	return eval(func(env *Env, _ []value.Value) value.Value {
		if env != nil && env.Context != nil {
			if v, ok := env.Context(name); ok {
				return v
			}
		}
		return def
	})
}

// defaultDatabase is the name that Kusto's own clients give a database without a name.
const defaultDatabase = "NetDefaultDB"

func evalMemberOf(env *Env, args []value.Value) value.Value {
	groups, ok := value.Value{}, false
	if env != nil && env.Context != nil {
		groups, ok = env.Context("current_principal_groups")
	}
	if !ok {
		return value.OfBool(false)
	}
	found := false
	eachMember(args, func(v value.Value) bool {
		found = isMember(v, []value.Value{groups}, true)
		return !found
	})
	return value.OfBool(found)
}

// checkAssert makes Bind fail with the message where the predicate is known to be false, and refuse one that is not known.
func checkAssert(fn *Func) {
	inner := fn.Bind
	fn.Bind = func(args []Arg) (value.Type, []value.Type, error) {
		t, as, err := inner(args)
		if err != nil || args[0].Const == nil {
			return t, as, err
		}
		if p := args[0].Const; !p.Null && p.I == 0 {
			message := "assertion failed"
			if m := args[1].Const; m != nil {
				message = m.S
			}
			return t, as, errors.New(message)
		}
		return t, as, nil
	}
}

func evalAssert(args []value.Value) value.Value { return args[0] }

// evalDataSize sums the sizes in which the values would be stored: text by its bytes, others by their width.
func evalDataSize(args []value.Value) value.Value {
	n := int64(0)
	for _, v := range args {
		switch v.T {
		case value.Bool:
			n++
		case value.Int:
			n += 4
		case value.Long, value.Real, value.Datetime, value.Timespan:
			n += 8
		case value.GUID, value.Decimal:
			n += 16
		case value.Dynamic:
			size, sketch := hllSize(v)
			if !sketch {
				size = int64(len(value.AppendDynamic(nil, v)))
			}
			n += size
		default:
			n += int64(len(v.S))
		}
	}
	return value.OfLong(n)
}

// evalGeoInfo asks the environment for what its GeoIP database says of an address; null where that knows nothing of it, or there is none.
func evalGeoInfo(env *Env, args []value.Value) value.Value {
	if env != nil && env.GeoIP != nil && args[0].S != "" {
		if v, ok := env.GeoIP(args[0].S); ok {
			return v
		}
	}
	return nullDynamic
}

// evalBinAuto bins by the query options query_bin_auto_size and query_bin_auto_at; null where the size is not set.
func evalBinAuto(env *Env, args []value.Value) value.Value {
	v := args[0]
	if env == nil || env.Context == nil {
		return value.NullOf(v.T)
	}
	size, ok := env.Context("query_bin_auto_size")
	if !ok {
		return value.NullOf(v.T)
	}
	at, ok := env.Context("query_bin_auto_at")
	if !ok || at.T != v.T && !(at.T.Numeric() && v.T.Numeric()) {
		at = value.Value{T: v.T}
		if v.T == value.Decimal {
			at = value.Convert(value.OfLong(0), v.T)
		}
	}
	return evalBinAt([]value.Value{v, size, at})
}
