package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
	for path, want := range map[string]string{"/api/nothing": "there is no", "/api/query": "the request's body"} {
		r := httptest.NewRequest("POST", "http://127.0.0.1"+path, strings.NewReader(`{"quer`))
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		body, _ := io.ReadAll(w.Body)
		if w.Code < 400 || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %s, want an error that says %q", path, w.Code, body, want)
		}
	}
}
