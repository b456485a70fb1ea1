package ingest

import (
	"github.com/vedette-siem/vedette/internal/store"
)

// daysTo1970 is the number of days from 0001-01-01 to 1970-01-01.
const daysTo1970 = 719162

// parseDatetime reads 2026-11-21T10:04:49.8599832Z as ticks: date alone or with a time, up to seven digits of fraction kept (more are
// cut off), Z, an offset or nothing (UTC) at the end.
func parseDatetime(s []byte) (int64, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y1, ok1 := two(s, 0)
	y2, ok2 := two(s, 2)
	m, ok3 := two(s, 5)
	d, ok4 := two(s, 8)
	y := y1*100 + y2
	if !ok1 || !ok2 || !ok3 || !ok4 || y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	ticks := days(y, m, d) * store.DayTicks
	s = s[10:]
	if len(s) == 0 {
		return ticks, true
	}
	if s[0] != 'T' && s[0] != 't' && s[0] != ' ' || len(s) < 6 || s[3] != ':' {
		return 0, false
	}
	h, ok1 := two(s, 1)
	min, ok2 := two(s, 4)
	if !ok1 || !ok2 || h > 23 || min > 59 {
		return 0, false
	}
	ticks += (h*60 + min) * 60 * 1e7
	s = s[6:]
	if len(s) > 0 && s[0] == ':' {
		if len(s) < 3 {
			return 0, false
		}
		sec, ok := two(s, 1)
		if !ok || sec > 59 {
			return 0, false
		}
		ticks += sec * 1e7
		s = s[3:]
		if len(s) > 0 && s[0] == '.' {
			s = s[1:]
			if len(s) == 0 || s[0] < '0' || s[0] > '9' {
				return 0, false
			}
			for mul := int64(1e6); len(s) > 0 && s[0] >= '0' && s[0] <= '9'; s = s[1:] {
				ticks += int64(s[0]-'0') * mul
				mul /= 10
			}
		}
	}
	return zone(ticks, s)
}

// zone applies what stands after the time of day.
func zone(ticks int64, s []byte) (int64, bool) {
	switch {
	case len(s) == 0, len(s) == 1 && (s[0] == 'Z' || s[0] == 'z'):
		return ticks, true
	case s[0] != '+' && s[0] != '-' || len(s) < 3:
		return 0, false
	}
	h, ok := two(s, 1)
	rest := s[3:]
	if len(rest) > 0 && rest[0] == ':' {
		rest = rest[1:]
	}
	var m int64
	ok2 := true
	if len(rest) > 0 {
		if m, ok2 = two(rest, 0); len(rest) != 2 {
			return 0, false
		}
	}
	if !ok || !ok2 || h > 14 || m > 59 {
		return 0, false
	}
	off := (h*60 + m) * 60 * 1e7
	if s[0] == '+' {
		off = -off
	}
	ticks += off
	return ticks, ticks >= 0
}

func two(s []byte, i int) (int64, bool) {
	if i+1 >= len(s) {
		return 0, false
	}
	a, b := s[i]-'0', s[i+1]-'0'
	return int64(a)*10 + int64(b), a <= 9 && b <= 9
}

func leap(y int64) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func daysIn(y, m int64) int64 {
	switch m {
	case 2:
		if leap(y) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// days gives the days from 0001-01-01 to a date of the Gregorian calendar.
func days(y, m, d int64) int64 {
	if m <= 2 {
		y--
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468 + daysTo1970
}

// parseTimespan reads [-][d.]hh:mm:ss[.fffffff] as ticks.
func parseTimespan(s []byte) (int64, bool) {
	neg := len(s) > 0 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	var d int64
	i := 0
	for i < len(s) && i < 8 && s[i] >= '0' && s[i] <= '9' {
		d = d*10 + int64(s[i]-'0')
		i++
	}
	if i > 0 && i < len(s) && s[i] == '.' {
		s = s[i+1:]
	} else {
		d = 0
	}
	if len(s) < 8 || s[2] != ':' || s[5] != ':' {
		return 0, false
	}
	h, ok1 := two(s, 0)
	m, ok2 := two(s, 3)
	sec, ok3 := two(s, 6)
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || sec > 59 {
		return 0, false
	}
	ticks := d*store.DayTicks + ((h*60+m)*60+sec)*1e7
	if s = s[8:]; len(s) > 0 {
		if s[0] != '.' || len(s) < 2 || len(s) > 8 {
			return 0, false
		}
		mul := int64(1e6)
		for _, c := range s[1:] {
			if c < '0' || c > '9' {
				return 0, false
			}
			ticks += int64(c-'0') * mul
			mul /= 10
		}
	}
	if neg {
		ticks = -ticks
	}
	return ticks, true
}
