package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/collecttest"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/tenant/entra"
	"github.com/vedette-siem/vedette/internal/tenant/trouble"
)

// collectUntil runs a source until done says so.
func collectUntil(t *testing.T, s *Source, after []record.Span, sink *collecttest.Sink, done func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, after, sink) }()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		select {
		case err := <-ended:
			t.Fatalf("Run ended: %v", err)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("not done after 20 s with %d messages, health %+v", len(sink.Got()), s.Health())
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Run gave %v", err)
	}
}

type got struct {
	TenantID, Category string
	Properties         struct {
		ID                 string
		DisplayName        string
		LastUpdateDateTime string
		Status             string
		Alerts             []brief
	}
}

func decode(t *testing.T, r record.Raw) (g got) {
	t.Helper()
	if err := json.Unmarshal(r.Body, &g); err != nil {
		t.Fatalf("%s: %v", r.Body, err)
	}
	return g
}

// newest gives the last version of each object, and complains of versions that came twice and numbers that do not grow.
func newest(t *testing.T, list []record.Raw) map[string]string {
	t.Helper()
	latest, versions, seq := map[string]string{}, map[string]bool{}, int64(-1)
	for _, r := range list {
		g := decode(t, r)
		version := g.Properties.ID + " " + g.Properties.LastUpdateDateTime
		if versions[version] {
			t.Errorf("version %s came twice", version)
		}
		versions[version] = true
		latest[g.Properties.ID] = g.Properties.LastUpdateDateTime
		if r.Pos.Seq <= seq {
			t.Errorf("number %d came after %d", r.Pos.Seq, seq)
		}
		seq = r.Pos.Seq
	}
	return latest
}

func (s *service) upToDate(latest map[string]string) (bad string) {
	n, _ := s.Counts()
	for i := range n {
		id := fmt.Sprint(i)
		if want := s.Incident(id)["lastUpdateDateTime"]; latest[id] != want {
			return fmt.Sprintf("incident %s: %q, want %q", id, latest[id], want)
		}
	}
	return ""
}

func spread(i int) time.Time {
	return time.Now().Add(-48 * time.Hour).Add(time.Duration(i) * 7 * time.Minute)
}

func TestEverythingOnce(t *testing.T) {
	same := time.Now().Add(-time.Hour).Truncate(time.Microsecond)
	for name, tc := range map[string]struct {
		n       int
		at      func(int) time.Time
		arrange func(*service)
	}{
		"few":                     {10, spread, nil},
		"exactly a page":          {50, spread, nil},
		"many pages":              {330, spread, nil},
		"all at one moment":       {230, func(int) time.Time { return same }, nil},
		"moments across pages":    {300, func(i int) time.Time { return same.Add(time.Duration(i/60) * time.Second) }, nil},
		"lists with alerts fail":  {120, spread, func(s *service) { s.ExpandFails.Store(30) }},
		"a moment without alerts": {130, func(int) time.Time { return same }, func(s *service) { s.ExpandFails.Store(1) }},
		"incidents alone fail too": {30, spread, func(s *service) {
			s.ExpandFails.Store(1)
			s.trouble.Add(trouble.Rule{Path: "/incidents/", Status: 500})
		}},
		"not sorted":   {180, spread, func(s *service) { s.before = without("$orderby") }},
		"not filtered": {180, spread, func(s *service) { s.before = without("$filter") }},
		"throttled and broken": {120, spread, func(s *service) {
			s.trouble.Add(trouble.Rule{Path: "/incidents", Skip: 1, Times: 2, Status: 429, RetryAfter: 1})
			s.trouble.Add(trouble.Rule{Path: "/incidents", Skip: 1, Times: 9, Status: 503})
			s.trouble.Add(trouble.Rule{Path: "/incidents", Times: 3, Kind: trouble.CutAfter})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.fill(t, 0, tc.n, tc.at)
			if tc.arrange != nil {
				tc.arrange(s)
			}
			sink := &collecttest.Sink{}
			collectUntil(t, Incidents(s.config()), nil, sink, func() bool { return len(sink.Got()) >= tc.n })
			if bad := s.upToDate(newest(t, sink.Got())); bad != "" {
				t.Error(bad)
			}
			for _, r := range sink.Got() {
				g := decode(t, r)
				if len(g.Properties.Alerts) != 2 || g.Properties.Alerts[0].ID == "" || strings.Contains(string(r.Body), `"evidence"`) || g.Category != CategoryIncident || g.TenantID != tenantID || g.Properties.DisplayName != "One & only <b>" {
					t.Fatalf("record %s", r.Body)
				}
			}
			alerts := &collecttest.Sink{}
			collectUntil(t, Alerts(s.config()), nil, alerts, func() bool { return len(alerts.Got()) >= 2*tc.n })
			if got := len(newest(t, alerts.Got())); got != 2*tc.n {
				t.Errorf("%d alerts of %d", got, 2*tc.n)
			}
		})
	}
}

// without makes the service ignore a query option.
func without(option string) func(*http.Request) {
	return func(r *http.Request) {
		if strings.Contains(r.URL.RawQuery, "skiptoken") {
			return
		}
		q := r.URL.Query()
		q.Del(option)
		r.URL.RawQuery = q.Encode()
	}
}

// Incidents change while their list is read, the process crashes between messages and goes on from what was stored: in the end the newest
// version of each incident is there. Eight lives a seed.
func TestSimulation(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rng, luck := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))
			var mu sync.Mutex // on luck
			s := serve(t)
			const n = 110
			same := time.Now().Add(-5 * time.Hour)
			s.fill(t, 0, n, func(i int) time.Time {
				if seed%3 == 0 {
					return same.Add(time.Duration(i/70) * time.Minute)
				}
				return spread(i)
			})
			if seed%2 == 0 {
				s.ExpandFails.Store(20)
			}
			if seed%5 == 4 {
				s.before = without("$orderby")
			}
			var changes atomic.Int32
			changes.Store(100)
			s.after = func(*http.Request) {
				mu.Lock() // a request of the life before may still be under way
				defer mu.Unlock()
				for range luck.IntN(4) {
					if changes.Add(-1) >= 0 {
						s.Change(fmt.Sprint(luck.IntN(n)), "somebody", map[string]any{"status": "inProgress"})
					}
				}
			}
			var stored []record.Raw
			for life := range 8 {
				crash := 1 + rng.IntN(60)
				sink := &collecttest.Sink{Fail: func(k int) error {
					if k == crash && life < 7 {
						return errCrash
					}
					return nil
				}}
				cfg := s.config()
				cfg.Overlap = time.Minute
				src := Incidents(cfg)
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- src.Run(ctx, collecttest.Covers(stored), sink) }()
				limit := time.After(20 * time.Second)
				for quiet := 0; quiet < 15; {
					select {
					case err := <-ended:
						if !errors.Is(err, errCrash) {
							t.Fatalf("Run gave %v", err)
						}
						quiet = 1000
					case <-time.After(time.Millisecond):
						// The last life ends when all changes were made and found: a change may come just after a round.
						if src.Health().State == collect.Idle && (life < 7 || changes.Load() < 0 && s.upToDate(versions(t, stored, sink.Got())) == "") {
							quiet++
						}
					case <-limit:
						t.Fatalf("life %d did not end: %+v; %s", life, src.Health(), s.upToDate(versions(t, stored, sink.Got())))
					}
				}
				stop()
				stored = append(stored, sink.Got()...) // up to the crash
			}
			seq := int64(-1)
			for _, r := range stored {
				if r.Pos.Seq <= seq {
					t.Errorf("number %d came after %d", r.Pos.Seq, seq)
				}
				seq = r.Pos.Seq
			}
			if bad := s.upToDate(versions(t, stored)); bad != "" {
				t.Error(bad)
			}
		})
	}
}

// versions gives the newest version of each incident among the messages.
func versions(t *testing.T, lists ...[]record.Raw) map[string]string {
	latest := map[string]string{}
	for _, list := range lists {
		for _, r := range list {
			g := decode(t, r)
			if stamp(g.Properties.LastUpdateDateTime) > stamp(latest[g.Properties.ID]) {
				latest[g.Properties.ID] = g.Properties.LastUpdateDateTime
			}
		}
	}
	return latest
}

var errCrash = errors.New("crash")

func stamp(s string) int64 {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return -1
	}
	return toTicks(at)
}

// What appears late, with a time before the last round's end, is found; a new process does not begin from the start.
func TestLateAndRestart(t *testing.T) {
	s := serve(t)
	s.fill(t, 0, 60, spread)
	sink := &collecttest.Sink{}
	asked := 0
	collectUntil(t, Incidents(s.config()), nil, sink, func() bool {
		if asked == 0 && len(sink.Got()) == 60 {
			asked = 1
			s.fill(t, 60, 1, func(int) time.Time { return spread(59).Add(-10 * time.Minute) })
		}
		return len(sink.Got()) == 61
	})
	newest(t, sink.Got())
	s.fill(t, 61, 1, spread)
	var filters []string
	s.before = func(r *http.Request) { filters = append(filters, r.URL.Query().Get("$filter")) }
	again := &collecttest.Sink{}
	collectUntil(t, Incidents(s.config()), collecttest.Covers(sink.Got()), again, func() bool { _, ok := newest(t, again.Got())["61"]; return ok })
	if n := len(again.Got()); n > 5 {
		t.Errorf("after a restart %d incidents came again; the overlap holds three", n)
	}
	if first := again.Got()[0].Pos.Seq; first <= sink.Got()[60].Pos.Seq {
		t.Errorf("numbers start again at %d", first)
	}
	if len(filters) == 0 || !strings.HasPrefix(filters[0], "lastUpdateDateTime ge ") {
		t.Errorf("asked for %v", filters)
	}
}

// A page size that the service no longer takes is learnt from its answer.
func TestSmallerPages(t *testing.T) {
	s := serve(t)
	s.fill(t, 0, 70, spread)
	src := Incidents(s.config())
	src.list.top = 200
	sink := &collecttest.Sink{}
	collectUntil(t, src, nil, sink, func() bool { return len(sink.Got()) >= 70 })
	if bad := s.upToDate(newest(t, sink.Got())); bad != "" {
		t.Error(bad)
	}
}

func TestFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		arrange func(*service)
		kind    fault.Kind
		hint    string
	}{
		"permission": {func(s *service) { s.entra.Change(appID, func(a *entra.App) { a.Roles = nil }) }, fault.Forbidden, "SecurityIncident.Read.All"},
		"secret": {func(s *service) {
			s.entra.Change(appID, func(a *entra.App) { a.Secrets[0].Expires = time.Now().Add(-time.Hour) })
		}, fault.Unauthorized, "expired"},
		"sink": {func(s *service) {}, fault.Exhausted, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.fill(t, 0, 5, spread)
			tc.arrange(s)
			full := fault.New(fault.Exhausted, "store", "the disk is full")
			err := Incidents(s.config()).Run(t.Context(), nil, &collecttest.Sink{Fail: func(int) error { return full }})
			if !fault.Is(err, tc.kind) || !strings.Contains(fault.HintOf(err), tc.hint) {
				t.Errorf("%v, hint %q", err, fault.HintOf(err))
			}
		})
	}
	if q := encode(url.Values{"$filter": {"a b+c"}}); q != "%24filter=a%20b%2Bc" {
		t.Errorf("encoded as %s", q)
	}
}
