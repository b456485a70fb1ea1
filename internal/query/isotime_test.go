package query_test

import (
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/query"
)

func TestParseTimespan(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for s, want := range map[string][2]string{
		"P1D":   {"2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z"},
		"PT12H": {"2026-11-21T00:00:00Z", "2026-11-21T12:00:00Z"},
		"P2W":   {"2026-11-07T12:00:00Z", "2026-11-21T12:00:00Z"},
		"2026-01-01T00:00:00Z/2026-01-02T00:00:00Z": {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
		"P1D/2026-01-02":     {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
		"2026-01-01/PT1H30M": {"2026-01-01T00:00:00Z", "2026-01-01T01:30:00Z"},
		"2026-11-01":         {"2026-11-01T00:00:00Z", "2026-11-21T12:00:00Z"},
	} {
		from, to, err := query.ParseTimespan(s, now)
		if err != nil || from.Format(time.RFC3339) != want[0] || to.Format(time.RFC3339) != want[1] {
			t.Errorf("%s: %v … %v, %v", s, from, to, err)
		}
	}
	for _, s := range []string{"", "P", "PT", "1d", "P1D/", "/", "P99999999999D", "2026-13-01", "2026-01-02/2026-01-01", "2026-01-01/P1D/P1D"} {
		if _, _, err := query.ParseTimespan(s, now); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}
