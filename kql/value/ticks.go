package value

// Ticks of 100 ns in a unit of time.
const (
	TicksPerMicro  int64 = 10
	TicksPerMilli  int64 = 10_000
	TicksPerSecond int64 = 10_000_000
	TicksPerMinute       = 60 * TicksPerSecond
	TicksPerHour         = 60 * TicksPerMinute
	TicksPerDay          = 24 * TicksPerHour
)

// MinTicks and MaxTicks bound a datetime: 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.9999999Z. UnixTicks is 1970-01-01.
const (
	MinTicks  int64 = 0
	MaxTicks  int64 = 3_155_378_975_999_999_999
	UnixTicks int64 = 621_355_968_000_000_000
)

// Civil is a point in time as the proleptic Gregorian calendar and the clock show it. Frac is in ticks, below one second.
type Civil struct {
	Year, Month, Day, Hour, Minute, Second int
	Frac                                   int64
}

// CivilOf splits ticks; they must lie between MinTicks and MaxTicks.
func CivilOf(ticks int64) Civil {
	days, rest := FloorDiv(ticks, TicksPerDay), FloorMod(ticks, TicksPerDay)
	y, m, d := dateOfDays(days)
	return Civil{
		Year: y, Month: m, Day: d,
		Hour:   int(rest / TicksPerHour),
		Minute: int(rest % TicksPerHour / TicksPerMinute),
		Second: int(rest % TicksPerMinute / TicksPerSecond),
		Frac:   rest % TicksPerSecond,
	}
}

// Ticks gives the ticks of c and whether c is a real date and time within range.
func (c Civil) Ticks() (int64, bool) {
	if c.Year < 1 || c.Year > 9999 || c.Month < 1 || c.Month > 12 || c.Day < 1 || c.Day > DaysIn(c.Year, c.Month) ||
		c.Hour < 0 || c.Hour > 23 || c.Minute < 0 || c.Minute > 59 || c.Second < 0 || c.Second > 59 || c.Frac < 0 || c.Frac >= TicksPerSecond {
		return 0, false
	}
	return daysOfDate(c.Year, c.Month, c.Day)*TicksPerDay + int64(c.Hour)*TicksPerHour + int64(c.Minute)*TicksPerMinute +
		int64(c.Second)*TicksPerSecond + c.Frac, true
}

// DaysIn gives the number of days of a month.
func DaysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// Days in 400, 100 and 4 years, and from 0000-03-01 to 0001-01-01.
const (
	daysPer400 = 146097
	daysBefore = 306
)

// daysOfDate counts days since 0001-01-01, with years that begin in March so that the leap day comes last.
func daysOfDate(y, m, d int) int64 {
	if m <= 2 {
		y, m = y-1, m+12
	}
	era := int64(y) / 400
	yoe := int64(y) - era*400
	doy := int64((153*(m-3)+2)/5 + d - 1)
	return era*daysPer400 + yoe*365 + yoe/4 - yoe/100 + doy - daysBefore
}

func dateOfDays(days int64) (y, m, d int) {
	n := days + daysBefore
	era := FloorDiv(n, daysPer400)
	doe := n - era*daysPer400
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = int(doy - (153*mp+2)/5 + 1)
	m = int(mp + 3)
	y = int(yoe + era*400)
	if m > 12 {
		m, y = m-12, y+1
	}
	return y, m, d
}

// FloorDiv divides rounding down; b must not be 0.
func FloorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// FloorMod is the remainder of FloorDiv: it has the sign of b.
func FloorMod(a, b int64) int64 {
	r := a % b
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}
