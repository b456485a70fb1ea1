package world

import (
	"strconv"
	"time"
)

// ticks is a moment in units of 100 ns since the Unix epoch, Defender's own precision.
type ticks int64

const (
	tickSecond ticks = 10_000_000
	tickMinute       = 60 * tickSecond
	tickHour         = 60 * tickMinute
	tickDay          = 24 * tickHour
)

func ticksOf(t time.Time) ticks { return ticks(t.Unix())*tickSecond + ticks(t.Nanosecond()/100) }

func (t ticks) time() time.Time {
	return time.Unix(int64(t/tickSecond), int64(t%tickSecond)*100).UTC()
}

func (t ticks) String() string { return string(appendStamp(nil, t)) }

// appendStamp appends 2026-08-13T08:43:35.5533333Z.
func appendStamp(b []byte, t ticks) []byte {
	days := int64(t / tickDay)
	rest := int64(t % tickDay)
	if rest < 0 {
		days--
		rest += int64(tickDay)
	}
	// Howard Hinnant's civil_from_days; time.AppendFormat costs ten times as much and there are up to four stamps in a row.
	z := days + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d := doy - (153*mp+2)/5 + 1
	m := mp + 3
	if m > 12 {
		m -= 12
	}
	y := yoe + era*400
	if m <= 2 {
		y++
	}
	sec := rest / int64(tickSecond)
	frac := rest % int64(tickSecond)
	b = digits(b, y, 4)
	b = append(b, '-')
	b = digits(b, m, 2)
	b = append(b, '-')
	b = digits(b, d, 2)
	b = append(b, 'T')
	b = digits(b, sec/3600, 2)
	b = append(b, ':')
	b = digits(b, sec/60%60, 2)
	b = append(b, ':')
	b = digits(b, sec%60, 2)
	b = append(b, '.')
	b = digits(b, frac, 7)
	return append(b, 'Z')
}

func digits(b []byte, v int64, n int) []byte {
	var tmp [8]byte
	for i := n - 1; i >= 0; i-- {
		tmp[i] = byte('0' + v%10)
		v /= 10
	}
	return append(b, tmp[:n]...)
}

func appendTime(b []byte, t ticks) []byte {
	if t == 0 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = appendStamp(b, t)
	return append(b, '"')
}

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// appendText appends s, or null when it is empty.
func appendText(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendString(b, s)
}

// appendJSON appends a value that is JSON already, or null when it is empty.
func appendJSON(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return append(b, s...)
}

func appendInt(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) }

func appendBool(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

func appendHash(b []byte, id uint64, n int) []byte {
	if id == 0 {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = appendHex(b, id, n)
	return append(b, '"')
}

// quote is appendString for texts that are put together rarely.
func quote(s string) string { return string(appendString(nil, s)) }

// lower is strings.ToLower for ASCII, which file names here are.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}
