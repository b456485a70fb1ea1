package trouble

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

func TestRules(t *testing.T) {
	var effects atomic.Int32
	var box Box
	srv := httptest.NewServer(box.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		effects.Add(1)
		_, _ = io.WriteString(w, "done")
	})))
	defer srv.Close()
	// do gives the status, 0 when no answer came.
	do := func(method string) int {
		ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer stop()
		req, err := http.NewRequestWithContext(ctx, method, srv.URL+"/v1.0/things", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return 0
		}
		defer res.Body.Close()
		if res.StatusCode == 429 && res.Header.Get("Retry-After") != "7" {
			t.Errorf("429 with Retry-After %q", res.Header.Get("Retry-After"))
		}
		return res.StatusCode
	}
	for _, tc := range []struct {
		rule   Rule
		want   []int
		effect int32
	}{
		{Rule{Status: 429, RetryAfter: 7, Times: 2}, []int{429, 429, 200}, 1},
		{Rule{Skip: 1, Times: 1}, []int{200, 503, 200}, 2},
		{Rule{Kind: HangBefore, Times: 1}, []int{0, 200}, 1},
		{Rule{Kind: HangAfter, Times: 1}, []int{0, 200}, 2},
		{Rule{Kind: CutAfter, Times: 1}, []int{0, 200}, 2},
		{Rule{Path: "/elsewhere"}, []int{200}, 1},
		{Rule{Method: "PATCH"}, []int{200}, 1},
	} {
		box.Clear()
		box.Add(tc.rule)
		effects.Store(0)
		for i, want := range tc.want {
			if got := do("POST"); got != want {
				t.Errorf("%+v: request %d gave %d, want %d", tc.rule, i, got, want)
			}
		}
		if n := effects.Load(); n != tc.effect {
			t.Errorf("%+v: %d effects, want %d", tc.rule, n, tc.effect)
		}
	}
}
