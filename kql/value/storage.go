package value

import "math/big"

// Stored gives v in its storage form: nil for a null, bool, int32, int64 (long, and the ticks of datetimes and timespans), float64, or
// string (string, guid, the canonical text of a decimal, the compact JSON text of a dynamic).
func (v Value) Stored() any {
	if v.T == String {
		return v.S
	}
	if v.Null {
		return nil
	}
	switch v.T {
	case Bool:
		return v.I != 0
	case Int:
		return int32(v.I)
	case Long, Datetime, Timespan:
		return v.I
	case Real:
		return v.Real()
	case Decimal:
		return DecimalText(v.Rat())
	case GUID:
		return v.S
	case Dynamic:
		return string(AppendDynamic(nil, v))
	}
	return nil
}

// FromStored gives the value of type t whose storage form is x. What does not fit the type is null: stored data is not trusted.
func FromStored(t Type, x any) Value {
	switch x := x.(type) {
	case bool:
		if t == Bool {
			return OfBool(x)
		}
	case int32:
		return fromInteger(t, int64(x))
	case int64:
		return fromInteger(t, x)
	case float64:
		if t == Real {
			return OfReal(x)
		}
	case string:
		switch t {
		case String:
			return OfString(x)
		case GUID:
			if s, ok := ParseGUID(x); ok {
				return OfGUID(s)
			}
		case Decimal:
			if r, ok := ParseDecimal(x); ok {
				return OfDecimal(r)
			}
		case Dynamic:
			if v, ok := ParseJSON(x); ok {
				return v
			}
			return OfDynamic(OfString(x))
		}
	}
	return NullOf(t)
}

func fromInteger(t Type, n int64) Value {
	switch t {
	case Int:
		return OfInt(int32(n))
	case Long:
		return OfLong(n)
	case Datetime:
		if n >= MinTicks && n <= MaxTicks {
			return OfDatetime(n)
		}
	case Timespan:
		return OfTimespan(n)
	case Bool:
		return OfBool(n != 0)
	case Real:
		return OfReal(float64(n))
	case Decimal:
		return OfDecimal(new(big.Rat).SetInt64(n))
	}
	return NullOf(t)
}
