package value

import (
	"math"
	"strconv"
	"strings"
)

// Text gives the value as tostring() does: "" for a null, a string inside a dynamic without quotes, arrays and bags as compact JSON,
// a datetime with seven fraction digits.
func (v Value) Text() string {
	if v.T == String {
		return v.S
	}
	if v.Null {
		return ""
	}
	return string(v.AppendText(nil))
}

// AppendText appends Text to b.
func (v Value) AppendText(b []byte) []byte {
	if v.Null {
		return b
	}
	switch v.T {
	case Bool:
		if v.I != 0 {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case Int, Long:
		return strconv.AppendInt(b, v.I, 10)
	case Real:
		return AppendReal(b, v.Real())
	case Decimal:
		return append(b, DecimalText(v.Rat())...)
	case String, GUID:
		return append(b, v.S...)
	case Datetime:
		return AppendDatetime(b, v.I, false)
	case Timespan:
		return AppendTimespan(b, v.I)
	case Dynamic:
		if s, ok := v.X.(Value); ok {
			return s.AppendText(b)
		}
		return AppendDynamic(b, v)
	}
	return b
}

// The powers of ten of the first digit between which a double is written without an exponent.
const (
	leastPlain = -6
	mostPlain  = 20
)

// AppendReal appends a double as Kusto writes it: the shortest digits that read back the same, with a point ("24.0") or an exponent.
func AppendReal(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "NaN"...)
	case math.IsInf(f, 1):
		return append(b, "Infinity"...)
	case math.IsInf(f, -1):
		return append(b, "-Infinity"...)
	}
	var buf [32]byte
	e := strconv.AppendFloat(buf[:0], f, 'e', -1, 64)
	at := strings.LastIndexByte(string(e), 'e')
	exp, _ := strconv.Atoi(string(e[at+1:]))
	if exp >= leastPlain && exp <= mostPlain {
		from := len(b)
		b = strconv.AppendFloat(b, f, 'f', -1, 64)
		if strings.IndexByte(string(b[from:]), '.') < 0 {
			b = append(b, ".0"...)
		}
		return b
	}
	b = append(b, e[:at+1]...)
	return strconv.AppendInt(b, int64(exp), 10)
}

// AppendDatetime appends an ISO 8601 time in UTC: with seven fraction digits, or when trim is set without those that are zeros at the end.
func AppendDatetime(b []byte, ticks int64, trim bool) []byte {
	c := CivilOf(ticks)
	b = appendPadded(b, int64(c.Year), 4)
	b = append(b, '-')
	b = appendPadded(b, int64(c.Month), 2)
	b = append(b, '-')
	b = appendPadded(b, int64(c.Day), 2)
	b = append(b, 'T')
	b = appendPadded(b, int64(c.Hour), 2)
	b = append(b, ':')
	b = appendPadded(b, int64(c.Minute), 2)
	b = append(b, ':')
	b = appendPadded(b, int64(c.Second), 2)
	if !trim || c.Frac != 0 {
		b = append(b, '.')
		b = appendPadded(b, c.Frac, 7)
		for trim && b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
	}
	return append(b, 'Z')
}

// AppendTimespan appends [-][d.]hh:mm:ss[.fffffff].
func AppendTimespan(b []byte, ticks int64) []byte {
	u := uint64(ticks)
	if ticks < 0 {
		b = append(b, '-')
		u = -u
	}
	if d := u / uint64(TicksPerDay); d > 0 {
		b = strconv.AppendUint(b, d, 10)
		b = append(b, '.')
	}
	rest := int64(u % uint64(TicksPerDay))
	b = appendPadded(b, rest/TicksPerHour, 2)
	b = append(b, ':')
	b = appendPadded(b, rest%TicksPerHour/TicksPerMinute, 2)
	b = append(b, ':')
	b = appendPadded(b, rest%TicksPerMinute/TicksPerSecond, 2)
	if f := rest % TicksPerSecond; f != 0 {
		b = append(b, '.')
		b = appendPadded(b, f, 7)
	}
	return b
}

func appendPadded(b []byte, n int64, width int) []byte {
	var d [20]byte
	i := len(d)
	for n > 0 || width > 0 {
		i--
		d[i] = byte('0' + n%10)
		n /= 10
		width--
	}
	return append(b, d[i:]...)
}
