package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Convert gives v as type t, as Kusto's to…() functions do: what cannot be converted becomes null. A dynamic is converted by what is in it.
func Convert(v Value, t Type) Value {
	if v.T == t {
		return v
	}
	if t == Dynamic {
		return OfDynamic(v)
	}
	if v.T == Dynamic && !v.Null {
		s, scalar := v.X.(Value)
		if !scalar {
			if t == String {
				return OfString(v.Text())
			}
			return NullOf(t)
		}
		return Convert(s, t)
	}
	if v.Null {
		return NullOf(t)
	}
	var out Value
	ok := true
	switch t {
	case String:
		return OfString(v.Text())
	case Bool:
		out, ok = toBool(v)
	case Int:
		var n int64
		n, ok = toLong(v)
		ok = ok && n >= math.MinInt32 && n <= math.MaxInt32
		out = OfInt(int32(n))
	case Long:
		var n int64
		n, ok = toLong(v)
		out = OfLong(n)
	case Real:
		var f float64
		f, ok = toReal(v)
		out = OfReal(f)
	case Decimal:
		out, ok = toDecimal(v)
	case Datetime:
		var n int64
		if v.T == String {
			n, ok = ParseDatetime(v.S)
		} else if ok = v.T.Numeric(); ok {
			n, ok = toLong(v)
		}
		ok = ok && n >= MinTicks && n <= MaxTicks
		out = OfDatetime(n)
	case Timespan:
		var n int64
		if v.T == String {
			n, ok = ParseTimespan(v.S)
		} else if ok = v.T.Numeric(); ok {
			n, ok = toLong(v)
		}
		out = OfTimespan(n)
	case GUID:
		var s string
		if v.T == String {
			s, ok = ParseGUID(v.S)
		} else {
			ok = false
		}
		out = OfGUID(s)
	default:
		ok = false
	}
	if !ok {
		return NullOf(t)
	}
	return out
}

func toBool(v Value) (Value, bool) {
	switch v.T {
	case Int, Long:
		return OfBool(v.I != 0), true
	case Real:
		return OfBool(v.Real() != 0), true
	case Decimal:
		return OfBool(v.Rat().Sign() != 0), true
	case String:
		s := strings.TrimSpace(v.S)
		switch {
		case strings.EqualFold(s, "true"):
			return OfBool(true), true
		case strings.EqualFold(s, "false"):
			return OfBool(false), true
		}
		if n, ok := ParseLong(s); ok {
			return OfBool(n != 0), true
		}
	}
	return Value{}, false
}

func toLong(v Value) (int64, bool) {
	switch v.T {
	case Bool, Int, Long, Datetime, Timespan:
		return v.I, true
	case Real:
		return truncate(v.Real())
	case Decimal:
		q := new(big.Int).Quo(v.Rat().Num(), v.Rat().Denom())
		return q.Int64(), q.IsInt64()
	case String:
		if n, ok := ParseLong(v.S); ok {
			return n, true
		}
	}
	return 0, false
}

func truncate(f float64) (int64, bool) {
	if math.IsNaN(f) || f >= 1<<63 || f < -(1<<63) {
		return 0, false
	}
	return int64(f), true
}

func toReal(v Value) (float64, bool) {
	switch v.T {
	case Bool, Int, Long, Datetime, Timespan:
		return float64(v.I), true
	case Decimal:
		f, _ := v.Rat().Float64()
		return f, true
	case String:
		return ParseReal(v.S)
	}
	return 0, false
}

func toDecimal(v Value) (Value, bool) {
	switch v.T {
	case Bool, Int, Long, Datetime, Timespan:
		return OfDecimal(new(big.Rat).SetInt64(v.I)), true
	case Real:
		// the digits that a real is written with, not its binary fraction
		f := v.Real()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return Value{}, false
		}
		r, ok := ParseDecimal(strconv.FormatFloat(f, 'e', -1, 64))
		return OfDecimal(r), ok
	case String:
		r, ok := ParseDecimal(v.S)
		return OfDecimal(r), ok
	}
	return Value{}, false
}

// ParseLong reads a whole number: decimal with a sign, or hexadecimal as 0x….
func ParseLong(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' {
		n, err := strconv.ParseUint(s[2:], 16, 64)
		return int64(n), err == nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// ParseReal reads a real: digits with a point and an exponent, NaN, inf.
func ParseReal(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	switch strings.ToLower(strings.TrimLeft(s, "+-")) {
	case "nan":
		return math.NaN(), true
	case "inf", "infinity":
		if strings.HasPrefix(s, "-") {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	}
	if strings.Trim(s, "0123456789+-.eE") != "" {
		if n, ok := ParseLong(s); ok {
			return float64(n), true
		}
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil || math.IsInf(f, 0) && s != ""
}

// ParseGUID reads a guid with or without hyphens or braces, to lower case with hyphens.
func ParseGUID(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if n := len(s); n > 2 && (s[0] == '{' && s[n-1] == '}' || s[0] == '(' && s[n-1] == ')') {
		s = s[1 : n-1]
	}
	out := make([]byte, 0, 36)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f':
			if n := len(out); n == 36 {
				return "", false
			} else if n == 8 || n == 13 || n == 18 || n == 23 {
				out = append(out, '-')
			}
			out = append(out, c)
		case c != '-' || i == 0 || s[i-1] == '-' || i > 40:
			return "", false
		}
	}
	return strings.ToLower(string(out)), len(out) == 36
}

// Parse reads the text of a literal of type t, without the type's name: 12.5 of real(12.5). The text null gives the type's null.
func Parse(t Type, text string) (Value, bool) {
	s := strings.TrimSpace(text)
	if s == "null" && t != String {
		return NullOf(t), true
	}
	switch t {
	case Dynamic:
		return ParseJSON(s)
	case Timespan:
		n, ok := ParseTimespan(s)
		return OfTimespan(n), ok
	case Datetime:
		if strings.IndexByte(s, ',') > 0 {
			if n, ok := datetimeOfParts(s); ok {
				return OfDatetime(n), true
			}
		}
	}
	v := Convert(OfString(text), t)
	return v, !v.Null
}

// datetimeOfParts reads year, month, day [, hour [, minute [, second]]].
func datetimeOfParts(s string) (int64, bool) {
	parts := strings.Split(s, ",")
	if len(parts) < 3 || len(parts) > 6 {
		return 0, false
	}
	var n [6]int
	for i, p := range parts {
		x, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil {
			return 0, false
		}
		n[i] = x
	}
	return Civil{Year: n[0], Month: n[1], Day: n[2], Hour: n[3], Minute: n[4], Second: n[5]}.Ticks()
}
