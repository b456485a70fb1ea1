package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestGuardKeepsOtherSitesOut(t *testing.T) {
	h := guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for _, c := range []struct {
		name, host string
		header     map[string]string
		want       int
	}{
		{"own page", "127.0.0.1:8080", map[string]string{"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin"}, 204},
		{"a program", "localhost:8080", nil, 204},
		{"IPv6", "[::1]:8080", nil, 204},
		{"a link from elsewhere", "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 204},
		{"rebound name", "evil.example:8080", nil, 403},
		{"other origin", "127.0.0.1:8080", map[string]string{"Origin": "https://evil.example"}, 403},
		{"other port", "127.0.0.1:8080", map[string]string{"Origin": "http://127.0.0.1:9999"}, 403},
		{"cross-site fetch", "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
	} {
		r := httptest.NewRequest("POST", "http://"+c.host+"/api/query", nil)
		r.Host = c.host
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: status %d, want %d", c.name, w.Code, c.want)
		}
	}
}

func TestUnknownPathAndBadBodyAreClearErrors(t *testing.T) {
	a := &API{}
	for path, want := range map[string]string{"/api/nothing": "there is no", "/api/query": "read request"} {
		r := httptest.NewRequest("POST", "http://127.0.0.1"+path, strings.NewReader(`{"quer`))
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		body, _ := io.ReadAll(w.Body)
		if w.Code < 400 || !strings.Contains(string(body), `"error"`) {
			t.Errorf("%s: %d %s, want an error that says %q", path, w.Code, body, want)
		}
	}
}

func TestParseTimespan(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for s, want := range map[string][2]string{
		"P1D":                                       {"2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z"},
		"PT12H":                                     {"2026-11-21T00:00:00Z", "2026-11-21T12:00:00Z"},
		"P2W":                                       {"2026-11-07T12:00:00Z", "2026-11-21T12:00:00Z"},
		"2026-01-01T00:00:00Z/2026-01-02T00:00:00Z": {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
		"P1D/2026-01-02":                            {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
		"2026-01-01/PT1H30M":                        {"2026-01-01T00:00:00Z", "2026-01-01T01:30:00Z"},
		"2026-11-01":                                {"2026-11-01T00:00:00Z", "2026-11-21T12:00:00Z"},
	} {
		from, to, err := parseTimespan(s, now)
		if err != nil || from.Format(time.RFC3339) != want[0] || to.Format(time.RFC3339) != want[1] {
			t.Errorf("%s: %v … %v, %v", s, from, to, err)
		}
	}
	for _, s := range []string{"", "P", "PT", "1d", "P1D/", "/", "P99999999999D", "2026-13-01"} {
		if _, _, err := parseTimespan(s, now); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}
