package fn

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

func divLong(x sql.Expr, n int64) sql.Expr { return bin("//", x, sqlLong(n)) }

// timestamp is a datetime as the engine's own type, in microseconds.
func timestamp(ticks sql.Expr) sql.Expr {
	return call("make_timestamp", bin("-", divLong(ticks, value.TicksPerMicro), sqlLong(value.UnixTicks/value.TicksPerMicro)))
}

func ticksOf(timestamp sql.Expr) sql.Expr {
	return bin("+", bin("*", call("epoch_us", timestamp), sqlLong(value.TicksPerMicro)), sqlLong(value.UnixTicks))
}

// The calendar repeats every cycleDays, and ClickHouse's dates are one cycle long. cycleShift is what brings day 0 to its place in the
// cycle that begins in 1900, which is ClickHouse's first year, and cycleStart that year's first day counted from the year 0.
const (
	cycleYears, cycleDays = 400, 146_097
	cycleShift            = 5*cycleDays - 693_595
	cycleStart            = 693_595 + 366
)

// clickDate is the date of ClickHouse that has the same place in its cycle of years as a datetime.
func clickDate(ticks sql.Expr) sql.Expr {
	day := bin("%", bin("+", divLong(ticks, value.TicksPerDay), sqlLong(cycleShift)), sqlLong(cycleDays))
	return call("fromDaysSinceYearZero32", call("toInt32", bin("+", day, sqlLong(cycleStart))))
}

// clickParts are ClickHouse's names of the parts of a date.
var clickParts = map[string]string{"year": "toYear", "month": "toMonth", "day": "toDayOfMonth", "quarter": "toQuarter", "dayofyear": "toDayOfYear", "week": "toISOWeek"}

// calendar gives a part of a datetime that is not a matter of dividing its ticks, under DuckDB's name.
func calendar(d sql.Dialect, part string, ticks sql.Expr) sql.Expr {
	if d != sql.ClickHouse {
		return call(part, timestamp(ticks))
	}
	x := call("toInt64", call(clickParts[part], clickDate(ticks)))
	if part == "year" {
		cycle := divLong(bin("+", divLong(ticks, value.TicksPerDay), sqlLong(cycleShift)), cycleDays)
		return bin("+", x, bin("*", bin("-", cycle, sqlLong(5)), sqlLong(cycleYears)))
	}
	return x
}

// sqlPart gives a calendar part of a datetime as a whole number.
func sqlPart(d sql.Dialect, part string, x sql.Expr) (sql.Expr, bool) {
	mod := func(unit, n int64) sql.Expr { return bin("%", divLong(x, unit), sqlLong(n)) }
	switch part {
	case "year", "month", "day", "quarter", "dayofyear":
		return calendar(d, part, x), true
	case "week_of_year", "weekofyear":
		return calendar(d, "week", x), true
	case "hour":
		return mod(value.TicksPerHour, 24), true
	case "minute":
		return mod(value.TicksPerMinute, 60), true
	case "second":
		return mod(value.TicksPerSecond, 60), true
	case "millisecond":
		return mod(value.TicksPerMilli, 1000), true
	case "microsecond":
		return mod(value.TicksPerMicro, 1_000_000), true
	}
	return nil, false
}

// lowerPart lowers a function of a datetime that gives a calendar part as an int or a long.
func lowerPart(part string, t sql.Type) lowering {
	return func(d sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
		x, ok := sqlPart(d, part, args[0])
		return sql.Cast{X: x, T: t}, ok
	}
}

func lowerDatetimePart(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	c, ok := constant(consts, 0)
	if !ok {
		return nil, false
	}
	return lowerPart(strings.ToLower(c.S), sql.Int)(d, args[1:], types[1:], consts[1:])
}

func lowerDayOfWeek(_ sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
	day := bin("+", divLong(args[0], value.TicksPerDay), sqlLong(1))
	return bin("*", bin("%", day, sqlLong(7)), sqlLong(value.TicksPerDay)), true
}

// lowerStart lowers startof… and endof… without an offset.
func lowerStart(part string, end bool) lowering {
	return func(d sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
		if len(args) != 1 {
			return nil, false
		}
		x := args[0]
		switch part {
		case "day":
			x = bin("-", x, bin("%", x, sqlLong(value.TicksPerDay)))
			if end {
				x = bin("+", x, sqlLong(value.TicksPerDay-1))
			}
			return x, true
		case "week":
			day := divLong(x, value.TicksPerDay)
			sunday := bin("-", day, bin("%", bin("+", day, sqlLong(1)), sqlLong(7)))
			sunday = when1(bin("<", sunday, sqlLong(0)), sqlLong(0), sunday) // the first week begins with the calendar
			return bin("*", sunday, sqlLong(value.TicksPerDay)), !end
		}
		if d == sql.ClickHouse {
			since := calendar(d, map[string]string{"month": "day", "year": "dayofyear"}[part], x)
			day := bin("-", divLong(x, value.TicksPerDay), bin("-", since, sqlLong(1)))
			return bin("*", day, sqlLong(value.TicksPerDay)), !end
		}
		return ticksOf(call("date_trunc", sqlText(part), timestamp(x))), !end
	}
}

func lowerDatetimeDiff(d sql.Dialect, args []sql.Expr, _ []value.Type, consts []*value.Value) (sql.Expr, bool) {
	c, ok := constant(consts, 0)
	if !ok {
		return nil, false
	}
	number := func(x sql.Expr) (sql.Expr, bool) {
		part := strings.ToLower(c.S)
		if unit, ok := partTicks[part]; ok {
			return divLong(x, unit), true
		}
		year := calendar(d, "year", x)
		switch part {
		case "year":
			return year, true
		case "month":
			return bin("+", bin("*", year, sqlLong(12)), calendar(d, "month", x)), true
		case "week":
			return divLong(bin("+", divLong(x, value.TicksPerDay), sqlLong(1)), 7), true
		}
		return nil, false
	}
	a, ok := number(args[1])
	b, ok2 := number(args[2])
	return bin("-", a, b), ok && ok2
}
