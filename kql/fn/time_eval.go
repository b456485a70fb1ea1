package fn

import (
	"fmt"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

func evalNow(env *Env, args []value.Value) value.Value {
	if len(args) == 0 {
		return value.OfDatetime(env.Now)
	}
	return value.Add(value.OfDatetime(env.Now), args[0])
}

func evalAgo(env *Env, args []value.Value) value.Value {
	return value.Sub(value.OfDatetime(env.Now), args[0])
}

// dated makes an evaluation of a datetime that is null for a null.
func dated(t value.Type, e func(c value.Civil, ticks int64) int64) option {
	return pure(func(args []value.Value) value.Value {
		if args[0].Null {
			return value.NullOf(t)
		}
		return value.Value{T: t, I: e(value.CivilOf(args[0].I), args[0].I)}
	})
}

// weekday counts days since Sunday.
func weekday(ticks int64) int64 { return value.FloorMod(ticks/value.TicksPerDay+1, 7) }

func dayOfYear(c value.Civil) int64 {
	first, _ := value.Civil{Year: c.Year, Month: 1, Day: 1}.Ticks()
	day, _ := value.Civil{Year: c.Year, Month: c.Month, Day: c.Day}.Ticks()
	return (day-first)/value.TicksPerDay + 1
}

// isoWeek gives the week of ISO 8601: weeks begin on Monday, and the first has the year's first Thursday.
func isoWeek(_ value.Civil, ticks int64) int64 {
	day := ticks / value.TicksPerDay // 0001-01-01 is a Monday
	thursday := day - value.FloorMod(day, 7) + 3
	if thursday*value.TicksPerDay > value.MaxTicks {
		return 1
	}
	c := value.CivilOf(thursday * value.TicksPerDay)
	return (dayOfYear(c)-1)/7 + 1
}

// calendarWeek is the old weekofyear: the week that 1 January lies in is the first, weeks begin on Sunday.
func calendarWeek(c value.Civil, ticks int64) int64 {
	first, _ := value.Civil{Year: c.Year, Month: 1, Day: 1}.Ticks()
	return (dayOfYear(c)-1+weekday(first))/7 + 1
}

// parts are the names that datetime_part knows.
var parts = map[string]func(c value.Civil, ticks int64) int64{
	"year":         func(c value.Civil, _ int64) int64 { return int64(c.Year) },
	"quarter":      func(c value.Civil, _ int64) int64 { return int64(c.Month-1)/3 + 1 },
	"month":        func(c value.Civil, _ int64) int64 { return int64(c.Month) },
	"week_of_year": isoWeek,
	"weekofyear":   isoWeek,
	"day":          func(c value.Civil, _ int64) int64 { return int64(c.Day) },
	"dayofyear":    func(c value.Civil, _ int64) int64 { return dayOfYear(c) },
	"hour":         func(c value.Civil, _ int64) int64 { return int64(c.Hour) },
	"minute":       func(c value.Civil, _ int64) int64 { return int64(c.Minute) },
	"second":       func(c value.Civil, _ int64) int64 { return int64(c.Second) },
	"millisecond":  func(c value.Civil, _ int64) int64 { return c.Frac / value.TicksPerMilli },
	"microsecond":  func(c value.Civil, _ int64) int64 { return c.Frac / value.TicksPerMicro },
	"nanosecond":   func(c value.Civil, _ int64) int64 { return c.Frac * 100 },
}

func evalDatetimePart(args []value.Value) value.Value {
	part, ok := parts[strings.ToLower(args[0].S)]
	if !ok || args[1].Null {
		return value.NullOf(value.Int)
	}
	return value.OfInt(int32(part(value.CivilOf(args[1].I), args[1].I)))
}

// checkPart makes Bind refuse a constant first argument that names no calendar part.
func checkPart(names ...string) option {
	return func(fn *Func) {
		inner := fn.Bind
		fn.Bind = func(args []Arg) (value.Type, []value.Type, error) {
			if len(args) > 0 && args[0].Const != nil && args[0].Type == value.String {
				known := false
				for _, n := range names {
					known = known || strings.EqualFold(n, args[0].Const.S)
				}
				if !known {
					return value.Unknown, nil, fmt.Errorf("%s(): argument 1 must be one of %s, not %q", fn.Name, strings.Join(names, ", "), args[0].Const.S)
				}
			}
			return inner(args)
		}
	}
}

var diffParts = []string{"year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond", "nanosecond"}
var partNames = []string{"year", "quarter", "month", "week_of_year", "day", "dayofyear", "hour", "minute", "second", "millisecond", "microsecond", "nanosecond"}

var partTicks = map[string]int64{
	"day": value.TicksPerDay, "hour": value.TicksPerHour, "minute": value.TicksPerMinute, "second": value.TicksPerSecond,
	"millisecond": value.TicksPerMilli, "microsecond": value.TicksPerMicro,
}

// boundary numbers the calendar parts; two times within one part have the same number.
func boundary(part string, ticks int64) (int64, bool) {
	if unit, ok := partTicks[part]; ok {
		return ticks / unit, true
	}
	c := value.CivilOf(ticks)
	switch part {
	case "year":
		return int64(c.Year), true
	case "quarter":
		return int64(c.Year)*4 + int64(c.Month-1)/3, true
	case "month":
		return int64(c.Year)*12 + int64(c.Month), true
	case "week":
		return (ticks/value.TicksPerDay + 1) / 7, true
	case "nanosecond":
		return ticks * 100, true // wraps around, differences do not within 292 years
	}
	return 0, false
}

func evalDatetimeDiff(args []value.Value) value.Value {
	if args[1].Null || args[2].Null {
		return value.NullOf(value.Long)
	}
	part := strings.ToLower(args[0].S)
	a, ok := boundary(part, args[1].I)
	b, ok2 := boundary(part, args[2].I)
	if !ok || !ok2 {
		return value.NullOf(value.Long)
	}
	return value.OfLong(a - b)
}

func evalDatetimeAdd(args []value.Value) value.Value {
	null := value.NullOf(value.Datetime)
	if args[1].Null || args[2].Null {
		return null
	}
	part, n, at := strings.ToLower(args[0].S), args[1].I, args[2].I
	if unit, ok := partTicks[part]; ok {
		return addTicks(at, n, unit)
	}
	switch part {
	case "week":
		return addTicks(at, n, 7*value.TicksPerDay)
	case "nanosecond":
		return addTicks(at, n/100, 1)
	case "quarter":
		return addMonths(at, n, 3)
	case "month":
		return addMonths(at, n, 1)
	case "year":
		return addMonths(at, n, 12)
	}
	return null
}

func addTicks(at, n, unit int64) value.Value {
	if n > value.MaxTicks/unit || n < -value.MaxTicks/unit {
		return value.NullOf(value.Datetime)
	}
	return value.Add(value.OfDatetime(at), value.OfTimespan(n*unit))
}

// addMonths adds n times so many months; a day beyond the month's end becomes its last.
func addMonths(at, n, months int64) value.Value {
	if n > 200_000 || n < -200_000 {
		return value.NullOf(value.Datetime)
	}
	c := value.CivilOf(at)
	m := int64(c.Year)*12 + int64(c.Month-1) + n*months
	c.Year, c.Month = int(value.FloorDiv(m, 12)), int(value.FloorMod(m, 12))+1
	if c.Year < 1 || c.Year > 9999 {
		return value.NullOf(value.Datetime)
	}
	c.Day = min(c.Day, value.DaysIn(c.Year, c.Month))
	t, ok := c.Ticks()
	if !ok {
		return value.NullOf(value.Datetime)
	}
	return value.OfDatetime(t)
}

// startOf gives the start of the day, week, month or year that lies an offset of them away; endOf the last tick of it.
func startOf(part string, end bool) option {
	return pure(func(args []value.Value) value.Value {
		null := value.NullOf(value.Datetime)
		if args[0].Null || len(args) > 1 && args[1].Null {
			return null
		}
		n := int64(0)
		if len(args) > 1 {
			n = args[1].I
		}
		t := value.OfDatetime(truncateTo(part, args[0].I))
		if t = evalDatetimeAdd([]value.Value{value.OfString(part), value.OfLong(n), t}); !end || t.Null {
			return t
		}
		next := evalDatetimeAdd([]value.Value{value.OfString(part), value.OfLong(1), t})
		if next.Null {
			return value.OfDatetime(value.MaxTicks)
		}
		return value.OfDatetime(next.I - 1)
	})
}

// truncateTo gives the start of the part that a time lies in; the week before 0001-01-07 begins with the calendar.
func truncateTo(part string, ticks int64) int64 {
	switch part {
	case "week":
		day := ticks / value.TicksPerDay
		return max(day-value.FloorMod(day+1, 7), 0) * value.TicksPerDay
	case "month":
		c := value.CivilOf(ticks)
		t, _ := value.Civil{Year: c.Year, Month: c.Month, Day: 1}.Ticks()
		return t
	case "year":
		t, _ := value.Civil{Year: value.CivilOf(ticks).Year, Month: 1, Day: 1}.Ticks()
		return t
	}
	return ticks - ticks%value.TicksPerDay
}

// evalMakeDatetime takes year, month, day [, hour, minute, second] or one value to convert.
func evalMakeDatetime(args []value.Value) value.Value {
	null := value.NullOf(value.Datetime)
	if len(args) == 1 {
		return value.Convert(args[0], value.Datetime)
	}
	var n [5]int
	for i, a := range args {
		if a.Null {
			return null
		}
		if i < 5 {
			l := value.Convert(a, value.Long)
			if l.Null || l.I < 0 || l.I > 9999 {
				return null
			}
			n[i] = int(l.I)
		}
	}
	c := value.Civil{Year: n[0], Month: n[1], Day: n[2], Hour: n[3], Minute: n[4]}
	if len(args) > 5 {
		s := value.Convert(args[5], value.Real).Real()
		if !(s >= 0 && s < 60) {
			return null
		}
		c.Second = int(s)
		c.Frac = min(int64((s-float64(c.Second))*float64(value.TicksPerSecond)+0.0005), value.TicksPerSecond-1)
	}
	t, ok := c.Ticks()
	if !ok {
		return null
	}
	return value.OfDatetime(t)
}

// evalMakeTimespan takes [days,] hours, minutes [, seconds] or one value to convert.
func evalMakeTimespan(args []value.Value) value.Value {
	null := value.NullOf(value.Timespan)
	if len(args) == 1 {
		return value.Convert(args[0], value.Timespan)
	}
	if len(args) < 4 { // without days
		args = append([]value.Value{value.OfLong(0)}, args...)
	}
	limits := []struct{ max, unit int64 }{{10_675_198, value.TicksPerDay}, {23, value.TicksPerHour}, {59, value.TicksPerMinute}, {59, value.TicksPerSecond}}
	sum := int64(0)
	for i, a := range args {
		if i == 3 && !isInteger(a.T) { // seconds with a fraction
			t := value.Mul(value.Convert(a, value.Real), value.OfTimespan(value.TicksPerSecond))
			if t.Null || t.I < 0 || t.I >= value.TicksPerMinute {
				return null
			}
			sum += t.I
			continue
		}
		if a.Null || a.I < 0 || a.I > limits[i].max {
			return null
		}
		sum += a.I * limits[i].unit
	}
	return value.OfTimespan(sum)
}

// unixTime makes a datetime of a number of units since 1970; unit is in ticks, 0 means nanoseconds.
func unixTime(unit int64) option {
	return pure(func(args []value.Value) value.Value {
		null := value.NullOf(value.Datetime)
		n := args[0]
		if n.Null {
			return null
		}
		var since value.Value
		switch {
		case n.T == value.Real && unit > 0:
			since = value.Mul(n, value.OfTimespan(unit))
		case n.T == value.Real:
			since = value.Div(value.OfTimespan(1), value.OfReal(100/n.Real()))
		default:
			n = value.Convert(n, value.Long)
			if n.Null {
				return null
			}
			if unit == 0 {
				since = value.OfTimespan(value.FloorDiv(n.I, 100))
			} else if n.I > value.MaxTicks/unit || n.I < -value.MaxTicks/unit {
				return null
			} else {
				since = value.OfTimespan(n.I * unit)
			}
		}
		if since.Null {
			return null
		}
		return value.Add(value.OfDatetime(value.UnixTicks), since)
	})
}
