// Package trouble makes HTTP servers of the simulated tenant fail on demand: throttling, server errors, answers that never come (before or
// after the request took effect) and cut connections.
//
// It imports the standard library only.
package trouble

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Kind is a way to fail.
type Kind string

const (
	Status     Kind = "status"      // answers with Rule.Status; the request has no effect
	HangBefore Kind = "hang-before" // never answers; the request has no effect
	HangAfter  Kind = "hang-after"  // never answers, although the request took effect
	CutBefore  Kind = "cut-before"  // closes the connection; the request has no effect
	CutAfter   Kind = "cut-after"   // closes the connection after the request took effect
)

// Rule says which requests fail and how.
type Rule struct {
	Method     string        // "" any
	Path       string        // requests whose path contains it; "" any
	Skip       int           // how many matching requests pass first
	Times      int           // how many then fail; 0: all, for as long as the rule stands
	Kind       Kind          // default Status
	Status     int           // of Status; default 503
	RetryAfter int           // seconds, sent when above 0
	Hang       time.Duration // of HangBefore and HangAfter: how long; default a minute. A client that gives up ends it
}

// maxHang is how long an answer is kept back at most when the client does not give up before.
const maxHang = time.Minute

// Box holds the rules in force. The zero Box lets everything pass. It is safe for concurrent use.
type Box struct {
	mu    sync.Mutex
	rules []*Rule
}

// Add puts a rule in force. The first rule that matches a request decides.
func (b *Box) Add(r Rule) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules = append(b.rules, &r)
}

// Clear ends all trouble.
func (b *Box) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rules = nil
}

func (b *Box) match(r *http.Request) (Rule, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, rule := range b.rules {
		if rule.Method != "" && rule.Method != r.Method || !strings.Contains(r.URL.Path, rule.Path) {
			continue
		}
		if rule.Skip > 0 {
			rule.Skip--
			return Rule{}, false
		}
		hit := *rule
		if rule.Times > 0 {
			if rule.Times--; rule.Times == 0 {
				b.rules = append(b.rules[:i:i], b.rules[i+1:]...)
			}
		}
		return hit, true
	}
	return Rule{}, false
}

// lost is where an answer goes that nobody gets.
type lost struct{ header http.Header }

func (l lost) Header() http.Header         { return l.header }
func (l lost) Write(b []byte) (int, error) { return len(b), nil }
func (l lost) WriteHeader(int)             {}

// Wrap makes next fail as the rules say.
func (b *Box) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rule, hit := b.match(r)
		if !hit {
			next.ServeHTTP(w, r)
			return
		}
		if rule.Kind == HangAfter || rule.Kind == CutAfter {
			next.ServeHTTP(lost{http.Header{}}, r) // the effect happens, the answer is lost
		}
		switch rule.Kind {
		case HangBefore, HangAfter:
			d := rule.Hang
			if d == 0 {
				d = maxHang
			}
			select {
			case <-r.Context().Done():
			case <-time.After(d):
			}
			panic(http.ErrAbortHandler) // closes the connection without an answer
		case CutBefore, CutAfter:
			panic(http.ErrAbortHandler)
		}
		if rule.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(rule.RetryAfter))
		}
		code, text := "ServiceUnavailable", "The service is temporarily unavailable."
		switch {
		case rule.Status == http.StatusTooManyRequests:
			code, text = "TooManyRequests", "Too many requests."
		case rule.Status == http.StatusInternalServerError, rule.Status == http.StatusGatewayTimeout:
			code, text = "UnknownError", ""
		case rule.Status == 0:
			rule.Status = http.StatusServiceUnavailable
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(rule.Status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": code, "message": text, // a client that is gone has no use for it
			"innerError": map[string]any{"date": time.Now().UTC().Format("2006-01-02T15:04:05"), "request-id": "00000000-0000-4000-8000-000000000000"}}})
	})
}
