package query

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var isoDuration = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$`)

// ParseTimespan reads a time range as Log Analytics' API takes it: an ISO 8601 duration back from now (P14D), a start up to now, start/end,
// start/duration or duration/end. The error is for the user.
func ParseTimespan(s string, now time.Time) (from, to time.Time, err error) {
	from, to, err = parseRange(strings.TrimSpace(s), now)
	if err == nil && from.After(to) {
		err = fmt.Errorf("%q ends before it begins", s)
	}
	if err != nil {
		return time.Time{}, time.Time{}, err
	}
	return from, to, nil
}

func parseRange(s string, now time.Time) (from, to time.Time, err error) {
	a, b, pair := strings.Cut(s, "/")
	if !pair {
		if start, err := parseTime(a); err == nil {
			return start, now, nil
		}
		from, err = back(now, a)
		return from, now, err
	}
	if strings.HasPrefix(a, "P") {
		if to, err = parseTime(b); err != nil {
			return from, to, err
		}
		from, err = back(to, a)
		return from, to, err
	}
	if from, err = parseTime(a); err != nil {
		return from, to, err
	}
	if strings.HasPrefix(b, "P") {
		y, m, d, rest, err := parseDuration(b)
		return from, from.AddDate(y, m, d).Add(rest), err
	}
	to, err = parseTime(b)
	return from, to, err
}

func back(t time.Time, duration string) (time.Time, error) {
	y, m, d, rest, err := parseDuration(duration)
	return t.AddDate(-y, -m, -d).Add(-rest), err
}

func parseDuration(s string) (years, months, days int, rest time.Duration, err error) {
	m := isoDuration.FindStringSubmatch(s)
	if m == nil || len(s) < 3 || strings.HasSuffix(s, "T") {
		return 0, 0, 0, 0, fmt.Errorf("%q is not an ISO 8601 duration such as P1D or PT12H", s)
	}
	var n [7]float64
	for i := range n {
		if m[i+1] != "" {
			if n[i], err = strconv.ParseFloat(m[i+1], 64); err != nil || n[i] > 1e6 {
				return 0, 0, 0, 0, fmt.Errorf("%q is too long a duration", s)
			}
		}
	}
	rest = time.Duration(n[4])*time.Hour + time.Duration(n[5])*time.Minute + time.Duration(n[6]*float64(time.Second))
	return int(n[0]), int(n[1]), int(n[2])*7 + int(n[3]), rest, nil
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time such as 2026-01-31T10:00:00Z", s)
}
