package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

var timespanUnits = map[string]int64{
	"d": TicksPerDay, "day": TicksPerDay, "days": TicksPerDay,
	"h": TicksPerHour, "hr": TicksPerHour, "hrs": TicksPerHour, "hour": TicksPerHour, "hours": TicksPerHour,
	"m": TicksPerMinute, "min": TicksPerMinute, "minute": TicksPerMinute, "minutes": TicksPerMinute,
	"s": TicksPerSecond, "sec": TicksPerSecond, "second": TicksPerSecond, "seconds": TicksPerSecond,
	"ms": TicksPerMilli, "milli": TicksPerMilli, "millis": TicksPerMilli, "millisec": TicksPerMilli,
	"millisecond": TicksPerMilli, "milliseconds": TicksPerMilli,
	"micro": TicksPerMicro, "micros": TicksPerMicro, "microsec": TicksPerMicro, "microsecond": TicksPerMicro, "microseconds": TicksPerMicro,
	"tick": 1, "ticks": 1,
}

// ParseTimespan reads a timespan: a number with a unit (1.5h, 7d, 100ms, 1tick, 500nanoseconds), a number of days (2), or
// [-][d.]hh:mm[:ss[.fffffff]].
func ParseTimespan(s string) (ticks int64, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 60 {
		return 0, false
	}
	if strings.IndexByte(s, ':') >= 0 {
		return parseClockSpan(s)
	}
	end := strings.IndexFunc(s, func(r rune) bool { return r != '-' && r != '+' && r != '.' && (r < '0' || r > '9') })
	unit := int64(TicksPerDay)
	if end >= 0 {
		name := strings.ToLower(strings.TrimSpace(s[end:]))
		switch name {
		case "nano", "nanos", "nanosec", "nanosecond", "nanoseconds":
			r, ok := new(big.Rat).SetString(s[:end])
			if !ok {
				return 0, false
			}
			return ratTicks(r.Quo(r, big.NewRat(100, 1)))
		}
		u, known := timespanUnits[name]
		if !known {
			return 0, false
		}
		unit, s = u, strings.TrimSpace(s[:end])
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		t := n * unit
		return t, n == 0 || t/n == unit
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, false
	}
	return ratTicks(r.Mul(r, new(big.Rat).SetInt64(unit)))
}

// ratTicks rounds to whole ticks, halves away from zero.
func ratTicks(r *big.Rat) (int64, bool) {
	n, err := strconv.ParseInt(r.FloatString(0), 10, 64)
	return n, err == nil
}

// parseClockSpan reads [-][d.]hh:mm[:ss[.fffffff]].
func parseClockSpan(s string) (int64, bool) {
	neg := s[0] == '-'
	s = strings.TrimLeft(s, "-+")
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 4 {
		return 0, false
	}
	var days, hours string
	if len(parts) == 4 { // d:hh:mm:ss
		days, parts = parts[0], parts[1:]
		hours = parts[0]
	} else if d, h, found := strings.Cut(parts[0], "."); found {
		days, hours = d, h
	} else {
		hours = parts[0]
	}
	t, ok := spanPart(days, math.MaxInt64/TicksPerDay, TicksPerDay, true)
	h, ok2 := spanPart(hours, 23, TicksPerHour, false)
	m, ok3 := spanPart(parts[1], 59, TicksPerMinute, false)
	if !ok || !ok2 || !ok3 {
		return 0, false
	}
	t += h + m
	if len(parts) == 3 {
		sec, frac, _ := strings.Cut(parts[2], ".")
		n, ok := spanPart(sec, 59, TicksPerSecond, false)
		if !ok || len(frac) > 20 {
			return 0, false
		}
		t += n
		if frac != "" {
			f, ok := spanPart((frac + "000000")[:7], 9_999_999, 1, false)
			if !ok {
				return 0, false
			}
			t += f
		}
	}
	if neg {
		t = -t
	}
	return t, true
}

func spanPart(s string, max, unit int64, optional bool) (int64, bool) {
	if s == "" {
		return 0, optional
	}
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || int64(n) > max {
		return 0, false
	}
	return int64(n) * unit, true
}
