package value

import "strings"

// ParseDatetime reads a point in time in any of the forms that Kusto reads (ISO 8601, RFC 822, 850 and 1036, month/day/year,
// "2 Dec 2022", "20221202"), to UTC ticks.
func ParseDatetime(s string) (ticks int64, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 100 {
		return 0, false
	}
	p := dateParser{s: s}
	var c Civil
	if !p.date(&c) {
		return 0, false
	}
	if p.timeFollows() && !p.clock(&c) {
		return 0, false
	}
	offset, ok := p.zone()
	if !ok || p.i != len(p.s) {
		return 0, false
	}
	t, ok := c.Ticks()
	if !ok {
		return 0, false
	}
	t -= offset
	return t, t >= MinTicks && t <= MaxTicks
}

// dateParser is a cursor over the text of a date.
type dateParser struct {
	s string
	i int
}

func (p *dateParser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *dateParser) accept(chars string) byte {
	if c := p.peek(); c != 0 && strings.IndexByte(chars, c) >= 0 {
		p.i++
		return c
	}
	return 0
}

func (p *dateParser) spaces() {
	for p.peek() == ' ' || p.peek() == '\t' {
		p.i++
	}
}

// number reads up to max digits and says how many there were.
func (p *dateParser) number(max int) (n, digits int) {
	for digits < max && p.peek() >= '0' && p.peek() <= '9' {
		n = n*10 + int(p.s[p.i]-'0')
		p.i++
		digits++
	}
	return n, digits
}

func (p *dateParser) word() string {
	from := p.i
	for c := p.peek() | 0x20; c >= 'a' && c <= 'z'; c = p.peek() | 0x20 {
		p.i++
	}
	return strings.ToLower(p.s[from:p.i])
}

var monthNames = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
var dayNames = [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func monthOf(w string) int {
	for i, m := range monthNames {
		if w == m || w == m[:3] {
			return i + 1
		}
	}
	return 0
}

func (p *dateParser) date(c *Civil) bool {
	if w := p.word(); w != "" { // a weekday, or a month
		if m := monthOf(w); m != 0 {
			return p.monthFirst(c, m)
		}
		if !isDayName(w) {
			return false
		}
		p.accept(",")
		p.spaces()
		if w := p.word(); w != "" {
			m := monthOf(w)
			return m != 0 && p.monthFirst(c, m)
		}
	}
	n, digits := p.number(8)
	switch digits {
	case 8:
		c.Year, c.Month, c.Day = n/10000, n/100%100, n%100
		return true
	case 4:
		return p.yearFirst(c, n)
	case 1, 2:
		return p.dayOrMonthFirst(c, n)
	}
	return false
}

func isDayName(w string) bool {
	for _, d := range dayNames {
		if w == d || w == d[:3] {
			return true
		}
	}
	return false
}

// yearFirst reads the rest of 2022, 2022-12, 2022-12-02, 2022/12/02, 2022-Dec-02.
func (p *dateParser) yearFirst(c *Civil, year int) bool {
	c.Year, c.Month, c.Day = year, 1, 1
	sep := p.accept("-/.")
	if sep == 0 {
		return true
	}
	if w := p.word(); w != "" {
		c.Month = monthOf(w)
	} else {
		n, d := p.number(2)
		if d == 0 {
			return false
		}
		c.Month = n
	}
	if p.accept(string(sep)) == 0 {
		return c.Month != 0
	}
	n, d := p.number(2)
	c.Day = n
	return d > 0
}

// dayOrMonthFirst reads the rest of 12/02/2022 and 12-02-2022 (month first) and of "2 Dec 2022" and "02-Dec-22".
func (p *dateParser) dayOrMonthFirst(c *Civil, n int) bool {
	sep := p.accept("/-. ")
	if sep == 0 {
		return false
	}
	p.spaces()
	if w := p.word(); w != "" {
		c.Day, c.Month = n, monthOf(w)
		p.accept("-/.,")
		p.spaces()
		return c.Month != 0 && p.year(c)
	}
	d, digits := p.number(2)
	if digits == 0 || sep == ' ' || p.accept(string(sep)) == 0 {
		return false
	}
	c.Month, c.Day = n, d
	return p.year(c)
}

// monthFirst reads the rest of "Dec 2 2022" and "December 2, 2022".
func (p *dateParser) monthFirst(c *Civil, m int) bool {
	p.accept("-/.")
	p.spaces()
	n, d := p.number(2)
	if d == 0 {
		return false
	}
	c.Month, c.Day = m, n
	p.accept(",-/.")
	p.spaces()
	return p.year(c)
}

func (p *dateParser) year(c *Civil) bool {
	n, d := p.number(4)
	switch d {
	case 4:
	case 2: // as .NET reads two digits
		if n < 50 {
			n += 2000
		} else {
			n += 1900
		}
	default:
		return false
	}
	c.Year = n
	return true
}

// timeFollows skips what stands between date and time and says whether a digit comes.
func (p *dateParser) timeFollows() bool {
	from := p.i
	if p.accept("Tt") == 0 {
		p.accept(",")
		p.spaces()
	}
	if c := p.peek(); c >= '0' && c <= '9' && p.i > from {
		return true
	}
	p.i = from
	return false
}

func (p *dateParser) clock(c *Civil) bool {
	h, d := p.number(2)
	if d == 0 {
		return false
	}
	c.Hour = h
	if p.accept(":") != 0 {
		if c.Minute, d = p.number(2); d == 0 {
			return false
		}
		if p.accept(":") != 0 {
			if c.Second, d = p.number(2); d == 0 {
				return false
			}
			if p.accept(".,") != 0 && !p.fraction(c) {
				return false
			}
		}
	}
	from := p.i
	p.spaces()
	switch w := p.word(); w {
	case "am", "pm":
		if c.Hour < 1 || c.Hour > 12 {
			return false
		}
		c.Hour %= 12
		if w == "pm" {
			c.Hour += 12
		}
	default:
		p.i = from
	}
	if c.Hour == 24 && c.Minute == 0 && c.Second == 0 && c.Frac == 0 {
		return false
	}
	return true
}

// fraction reads the digits of a second; those beyond 100 ns are dropped.
func (p *dateParser) fraction(c *Civil) bool {
	n, d := p.number(7)
	if d == 0 {
		return false
	}
	for ; d < 7; d++ {
		n *= 10
	}
	c.Frac = int64(n)
	p.number(20)
	return true
}

// zone reads Z, GMT, UTC, a North American abbreviation or ±hh[:mm], as ticks east of UTC.
func (p *dateParser) zone() (ticks int64, ok bool) {
	p.spaces()
	if p.i == len(p.s) {
		return 0, true
	}
	sign := int64(1)
	switch p.accept("+-") {
	case '-':
		sign = -1
	case 0:
		switch p.word() {
		case "z", "gmt", "utc", "ut":
		case "est":
			return -5 * TicksPerHour, true
		case "edt":
			return -4 * TicksPerHour, true
		case "cst":
			return -6 * TicksPerHour, true
		case "cdt":
			return -5 * TicksPerHour, true
		case "mst":
			return -7 * TicksPerHour, true
		case "mdt":
			return -6 * TicksPerHour, true
		case "pst":
			return -8 * TicksPerHour, true
		case "pdt":
			return -7 * TicksPerHour, true
		default:
			return 0, false
		}
		if p.i == len(p.s) {
			return 0, true
		}
		if c := p.accept("+-"); c == 0 {
			return 0, false
		} else if c == '-' {
			sign = -1
		}
	}
	h, d := p.number(2)
	if d == 0 {
		return 0, false
	}
	p.accept(":")
	m, d := p.number(2)
	if d == 1 || h > 14 || m > 59 {
		return 0, false
	}
	return sign * (int64(h)*TicksPerHour + int64(m)*TicksPerMinute), true
}
