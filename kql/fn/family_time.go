package fn

import "github.com/vedette-siem/vedette/kql/value"

func timeFuncs() []*Func {
	return []*Func{
		f("now", "(offset:timespan?)datetime", "Gives the time at which the query started, with an offset.", eval(evalNow)),
		f("ago", "(timespan:timespan)datetime", "Gives the time that long before the query started.", eval(evalAgo)),
		f("datetime_local_to_utc", "(from:datetime, timezone:string)datetime", "Converts a time zone's local time to UTC.", pure(evalLocalToUTC)),
		f("datetime_utc_to_local", "(from:datetime, timezone:string)datetime", "Converts UTC to a time zone's local time.", pure(evalUTCToLocal)),
		f("datetime_list_timezones", "()dynamic", "Lists the time zones."),
		f("format_datetime", "(date:datetime, format:conststr)string", "Writes a datetime by a format such as yyyy-MM-dd HH:mm.", firstArg, pure(evalFormatDatetime)),
		f("format_timespan", "(timespan:timespan, format:conststr)string", "Writes a timespan by a format such as d.hh:mm:ss.", firstArg, pure(evalFormatTimespan)),
		f("make_datetime", "(year:number, month:number, day:number, hour:number?, minute:number?, second:number?)datetime | (value:scalar)datetime", "Makes a datetime of its parts.", onlyArg, pure(evalMakeDatetime)),
		f("make_timespan", "(days:integer, hours:integer, minutes:integer, seconds:number)timespan | (hours:integer, minutes:integer, seconds:number?)timespan | (value:scalar)timespan", "Makes a timespan of its parts.", onlyArg, pure(evalMakeTimespan)),
		f("datetime_add", "(part:conststr, value:integer, datetime:datetime)datetime", "Adds a number of calendar parts (year, quarter, month, week, day, hour …) to a datetime.", pure(evalDatetimeAdd), checkPart(diffParts...)),
		f("datetime_diff", "(part:conststr, datetime1:datetime, datetime2:datetime)long", "Counts the boundaries of a calendar part between two datetimes.", pure(evalDatetimeDiff), checkPart(diffParts...), lower(lowerDatetimeDiff)),
		f("datetime_part", "(part:conststr, date:datetime)int", "Gives a calendar part of a datetime.", pure(evalDatetimePart), checkPart(partNames...), lower(lowerDatetimePart)),
		f("datepart", "(part:conststr, date:datetime)int", "Gives a calendar part of a datetime.", obsolete("datetime_part"), pure(evalDatetimePart), checkPart(partNames...)),
		f("dayofweek", "(date:datetime)timespan", "Gives the days since the last Sunday as a timespan.", dated(value.Timespan, func(_ value.Civil, t int64) int64 { return weekday(t) * value.TicksPerDay }), lower(lowerDayOfWeek)),
		f("dayofmonth", "(date:datetime)int", "Gives the day of the month.", dated(value.Int, parts["day"]), lower(lowerPart("day"))),
		f("dayofyear", "(date:datetime)int", "Gives the day of the year.", dated(value.Int, parts["dayofyear"]), lower(lowerPart("dayofyear"))),
		f("hourofday", "(date:datetime)int", "Gives the hour of the day.", dated(value.Int, parts["hour"]), lower(lowerPart("hour"))),
		f("weekofyear", "(date:datetime)int", "Gives the week of the year.", obsolete("week_of_year"), dated(value.Int, calendarWeek)),
		f("week_of_year", "(date:datetime)int", "Gives the week of the year by ISO 8601.", dated(value.Int, isoWeek), lower(lowerPart("week_of_year"))),
		f("monthofyear", "(date:datetime)int", "Gives the month of the year.", dated(value.Int, parts["month"]), lower(lowerPart("month"))),
		f("getmonth", "(date:datetime)int", "Gives the month of the year.", dated(value.Int, parts["month"]), lower(lowerPart("month"))),
		f("getyear", "(date:datetime)int", "Gives the year.", dated(value.Int, parts["year"]), lower(lowerPart("year"))),
		f("startofday", "(date:datetime, offset:long?)datetime", "Gives the start of the day, shifted by a number of days.", firstArg, startOf("day", false), lower(lowerStart("day", false))),
		f("startofweek", "(date:datetime, offset:long?)datetime", "Gives the start of the week, which is Sunday.", startOf("week", false), lower(lowerStart("week", false))),
		f("startofmonth", "(date:datetime, offset:long?)datetime", "Gives the start of the month.", startOf("month", false), lower(lowerStart("month", false))),
		f("startofyear", "(date:datetime, offset:long?)datetime", "Gives the start of the year.", startOf("year", false), lower(lowerStart("year", false))),
		f("endofday", "(date:datetime, offset:long?)datetime", "Gives the last tick of the day.", startOf("day", true), lower(lowerStart("day", true))),
		f("endofweek", "(date:datetime, offset:long?)datetime", "Gives the last tick of the week, which ends on Saturday.", startOf("week", true)),
		f("endofmonth", "(date:datetime, offset:long?)datetime", "Gives the last tick of the month.", startOf("month", true)),
		f("endofyear", "(date:datetime, offset:long?)datetime", "Gives the last tick of the year.", startOf("year", true)),
		f("unixtime_seconds_todatetime", "(number:number)datetime", "Converts seconds since 1970 to a datetime.", unixTime(value.TicksPerSecond)),
		f("unixtime_milliseconds_todatetime", "(number:number)datetime", "Converts milliseconds since 1970 to a datetime.", unixTime(value.TicksPerMilli)),
		f("unixtime_microseconds_todatetime", "(number:number)datetime", "Converts microseconds since 1970 to a datetime.", unixTime(value.TicksPerMicro)),
		f("unixtime_nanoseconds_todatetime", "(number:number)datetime", "Converts nanoseconds since 1970 to a datetime.", unixTime(0)),
	}
}
