package fn

import (
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

func timeFuncs() []*Func {
	return []*Func{
		f("now", "(offset:timespan?)datetime", "Gives the time at which the query started, with an offset.", eval(evalNow)),
		f("ago", "(timespan:timespan)datetime", "Gives the time that long before the query started.", eval(evalAgo)),
		f("datetime_local_to_utc", "(from:datetime, timezone:string)datetime", "Converts a time zone's local time to UTC.", pure(evalLocalToUTC),
			example(`print x = datetime_local_to_utc(datetime(2024-01-01T12:00), "US/Eastern")`, `[["2024-01-01T17:00:00Z"]]`)),
		f("datetime_utc_to_local", "(from:datetime, timezone:string)datetime", "Converts UTC to a time zone's local time.", pure(evalUTCToLocal),
			example(`print x = datetime_utc_to_local(datetime(2024-07-01T12:00), "Europe/Berlin")`, `[["2024-07-01T14:00:00Z"]]`)),
		f("datetime_list_timezones", "()dynamic", "Lists the time zones.", pure(evalListZones),
			example(`print x = array_length(datetime_list_timezones()) > 500`, "[[true]]")),
		f("format_datetime", "(date:datetime, format:conststr)string", "Writes a datetime by a format such as yyyy-MM-dd HH:mm.", firstArg, pure(evalFormatDatetime),
			example(`print x = format_datetime(datetime(2017-01-29T09:00:05), "yy-M-dd [HH:mm:ss]")`, `[["17-1-29 [09:00:05]"]]`)),
		f("format_timespan", "(timespan:timespan, format:conststr)string", "Writes a timespan by a format such as d.hh:mm:ss.", firstArg, pure(evalFormatTimespan),
			example(`print x = format_timespan(timespan(1.02:03:04.5), "dd.hh:mm:ss.FFFF")`, `[["01.02:03:04.5"]]`)),
		f("make_datetime", "(year:number, month:number, day:number, hour:number?, minute:number?, second:number?)datetime | (value:scalar)datetime", "Makes a datetime of its parts.", onlyArg, pure(evalMakeDatetime),
			example("print x = make_datetime(2017, 10, 1, 12, 11, 0.1234567)", `[["2017-10-01T12:11:00.1234567Z"]]`)),
		f("make_timespan", "(days:integer, hours:integer, minutes:integer, seconds:number)timespan | (hours:integer, minutes:integer, seconds:number?)timespan | (value:scalar)timespan", "Makes a timespan of its parts.", onlyArg, pure(evalMakeTimespan),
			example("print x = make_timespan(1, 12, 30, 55.123)", `[["1.12:30:55.1230000"]]`)),
		f("datetime_add", "(part:conststr, value:integer, datetime:datetime)datetime", "Adds a number of calendar parts (year, quarter, month, week, day, hour …) to a datetime.", pure(evalDatetimeAdd), checkPart(diffParts...),
			example(`print x = datetime_add("month", 1, datetime(2024-01-31))`, `[["2024-02-29T00:00:00Z"]]`)),
		f("datetime_diff", "(part:conststr, datetime1:datetime, datetime2:datetime)long", "Counts the boundaries of a calendar part between two datetimes.", pure(evalDatetimeDiff), checkPart(diffParts...), lower(lowerDatetimeDiff),
			example(`print x = datetime_diff("year", datetime(2017-01-01), datetime(2000-12-31))`, "[[17]]")),
		f("datetime_part", "(part:conststr, date:datetime)int", "Gives a calendar part of a datetime.", calendarPart, pure(evalDatetimePart), checkPart(partNames...), lower(lowerDatetimePart),
			example(`print x = datetime_part("quarter", datetime(2024-05-01))`, "[[2]]")),
		f("datepart", "(part:conststr, date:datetime)int", "Gives a calendar part of a datetime.", calendarPart, obsolete("datetime_part"), pure(evalDatetimePart), checkPart(partNames...)),
		f("dayofweek", "(date:datetime)timespan", "Gives the days since the last Sunday as a timespan.", dated(value.Timespan, func(_ value.Civil, t int64) int64 { return weekday(t) * value.TicksPerDay }), lower(lowerDayOfWeek),
			example("print x = dayofweek(datetime(2015-12-14))", `[["1.00:00:00"]]`)),
		f("dayofmonth", "(date:datetime)int", "Gives the day of the month.", calendarPart, dated(value.Int, parts["day"]), lower(lowerPart("day", sql.Int))),
		f("dayofyear", "(date:datetime)int", "Gives the day of the year.", calendarPart, dated(value.Int, parts["dayofyear"]), lower(lowerPart("dayofyear", sql.Int))),
		f("hourofday", "(date:datetime)int", "Gives the hour of the day.", calendarPart, dated(value.Int, parts["hour"]), lower(lowerPart("hour", sql.Int))),
		f("weekofyear", "(date:datetime)int", "Gives the week of the year.", calendarPart, obsolete("week_of_year"), dated(value.Int, calendarWeek)),
		f("week_of_year", "(date:datetime)int", "Gives the week of the year by ISO 8601.", calendarPart, dated(value.Int, isoWeek), lower(lowerPart("week_of_year", sql.Int)),
			example("print x = week_of_year(datetime(2020-12-31))", "[[53]]")),
		f("monthofyear", "(date:datetime)int", "Gives the month of the year.", calendarPart, dated(value.Int, parts["month"]), lower(lowerPart("month", sql.Int))),
		f("getmonth", "(date:datetime)int", "Gives the month of the year.", calendarPart, dated(value.Int, parts["month"]), lower(lowerPart("month", sql.Int))),
		f("getyear", "(date:datetime)int", "Gives the year.", calendarPart, dated(value.Int, parts["year"]), lower(lowerPart("year", sql.Int))),
		f("startofday", "(date:datetime, offset:long?)datetime", "Gives the start of the day, shifted by a number of days.", firstArg, startOf("day", false), lower(lowerStart("day", false))),
		f("startofweek", "(date:datetime, offset:long?)datetime", "Gives the start of the week, which is Sunday.", startOf("week", false), lower(lowerStart("week", false)),
			example("print x = startofweek(datetime(2017-01-01T10:10:17))", `[["2017-01-01T00:00:00Z"]]`)),
		f("startofmonth", "(date:datetime, offset:long?)datetime", "Gives the start of the month.", startOf("month", false), lower(lowerStart("month", false)),
			example("print x = startofmonth(datetime(2017-01-15), -1)", `[["2016-12-01T00:00:00Z"]]`)),
		f("startofyear", "(date:datetime, offset:long?)datetime", "Gives the start of the year.", startOf("year", false), lower(lowerStart("year", false))),
		f("endofday", "(date:datetime, offset:long?)datetime", "Gives the last tick of the day.", startOf("day", true), lower(lowerStart("day", true)),
			example("print x = endofday(datetime(2017-01-01T10:10:17))", `[["2017-01-01T23:59:59.9999999Z"]]`)),
		f("endofweek", "(date:datetime, offset:long?)datetime", "Gives the last tick of the week, which ends on Saturday.", startOf("week", true)),
		f("endofmonth", "(date:datetime, offset:long?)datetime", "Gives the last tick of the month.", startOf("month", true),
			example("print x = endofmonth(datetime(2024-02-10))", `[["2024-02-29T23:59:59.9999999Z"]]`)),
		f("endofyear", "(date:datetime, offset:long?)datetime", "Gives the last tick of the year.", startOf("year", true)),
		f("unixtime_seconds_todatetime", "(number:number)datetime", "Converts seconds since 1970 to a datetime.", unixTime(value.TicksPerSecond),
			example("print x = unixtime_seconds_todatetime(1546300800)", `[["2019-01-01T00:00:00Z"]]`)),
		f("unixtime_milliseconds_todatetime", "(number:number)datetime", "Converts milliseconds since 1970 to a datetime.", unixTime(value.TicksPerMilli),
			example("print x = unixtime_milliseconds_todatetime(1546300800000.5)", `[["2019-01-01T00:00:00.0005Z"]]`)),
		f("unixtime_microseconds_todatetime", "(number:number)datetime", "Converts microseconds since 1970 to a datetime.", unixTime(value.TicksPerMicro)),
		f("unixtime_nanoseconds_todatetime", "(number:number)datetime", "Converts nanoseconds since 1970 to a datetime.", unixTime(0)),
	}
}

// calendarPart says that a whole number of the calendar is a long where it is computed once, as Kusto's engine does, and an int, as it
// declares, where it is computed for each row.
func calendarPart(fn *Func) {
	fn.FixedType = value.Long
	fn.Notes = "An int; a long where the argument is a constant."
}
