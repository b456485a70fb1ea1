package reconcile

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger/ledgertest"
	"github.com/vedette-siem/vedette/internal/tenant/entra"
	"github.com/vedette-siem/vedette/internal/tenant/graph"
	"github.com/vedette-siem/vedette/internal/tenant/trouble"
)

const (
	tenantID = "6f4f1f0e-6f43-4a49-8d67-0d5c1c7d5f10"
	appID    = "0b8a4c7e-2a5b-4f0e-9a77-61f2ddc0a6c1"
)

// service is Entra ID and Graph at one address.
type service struct {
	*graph.Server
	trouble trouble.Box
	before  func(*http.Request)
	client  *defender.Client
	writes  atomic.Int32
}

func serve(t testing.TB, roles ...string) *service {
	t.Helper()
	dir, err := entra.New(tenantID, "corp.example")
	if err != nil {
		t.Fatal(err)
	}
	dir.Register(entra.App{ID: appID, Name: "Vedette", Secrets: []entra.Secret{{Value: "secret"}}, Roles: map[string][]string{entra.Graph: roles}})
	s := &service{Server: graph.New(graph.Config{Check: func(token string) (entra.Claims, error) { return dir.Check(token, entra.Graph) }})}
	mux := http.NewServeMux()
	mux.Handle("/", dir)
	mux.Handle("/v1.0/", s.trouble.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.before != nil {
			s.before(r)
		}
		if r.Method != http.MethodGet {
			s.writes.Add(1)
		}
		s.ServeHTTP(w, r)
	})))
	srv := httptest.NewTLSServer(mux)
	t.Cleanup(srv.Close)
	hc := srv.Client()
	hc.Transport.(*http.Transport).TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	cloud := defender.Clouds["global"]
	cloud.Login, cloud.Graph = srv.URL, srv.URL
	s.client = defender.New(defender.Config{TenantID: tenantID, ClientID: appID, Secret: func() (string, error) { return "secret", nil }, Cloud: cloud, HTTP: hc, PerMinute: 1_000_000, MaxWait: 10 * time.Millisecond})
	return s
}

const readWrite = "SecurityIncident.ReadWrite.All"

// fill makes n incidents; at says when each was updated last.
func (s *service) fill(t testing.TB, n int, at func(i int) time.Time) {
	t.Helper()
	for i := range n {
		stamp := at(i).UTC().Format(filterTime)
		doc := map[string]any{"id": fmt.Sprint(i), "status": "active", "severity": "medium", "classification": "unknown", "determination": "unknown", "displayName": "One & only <b>",
			"createdDateTime": stamp, "lastUpdateDateTime": stamp, "redirectIncidentId": nil, "assignedTo": nil, "customTags": []string{"Demo"}, "comments": []any{}}
		if err := s.Put(doc, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func spread(i int) time.Time {
	return time.Now().Add(-24 * time.Hour).Add(time.Duration(i) * time.Minute)
}

func TestGraphReadsAndWrites(t *testing.T) {
	s, ctx := serve(t, readWrite), t.Context()
	s.fill(t, 1, spread)
	g := OfGraph(s.client)
	if _, err := g.Get(ctx, "9"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown incident: %v", err)
	}
	p := incident.Patch{incident.Status: incident.Resolved, incident.AssignedTo: "ann@corp.example", incident.Severity: "high", incident.Closing: "truePositive/phishing", incident.Tags: `["a","Demo"]`,
		incident.Title: "new", incident.Description: "d", incident.Summary: "s", incident.ResolvingComment: "r"}
	before, err := g.Get(ctx, "0")
	if err != nil {
		t.Fatal(err)
	}
	after, err := g.Patch(ctx, "0", p)
	if err != nil || incident.Diff(before.State.With(p), after.State) != nil || !after.Version.After(before.Version) || after.ModifiedBy != us {
		t.Fatalf("%+v, %v", after, err)
	}
	if again, err := g.Get(ctx, "0"); err != nil || !reflect.DeepEqual(again, after) {
		t.Errorf("read again: %+v, %v", again, err)
	}
	empty := incident.Patch{incident.AssignedTo: "", incident.Tags: "[]", incident.Summary: ""}
	if after, err = g.Patch(ctx, "0", empty); err != nil || after.State.AssignedTo != "" || after.State.Tags != nil || after.State.Summary != "" {
		t.Errorf("emptied: %+v, %v", after, err)
	}
	if _, err := g.Patch(ctx, "0", incident.Patch{incident.Severity: "huge"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a word that Graph does not know: %v", err)
	}
	list, err := g.Comment(ctx, "0", "hello\n\nthere")
	if err != nil || len(list) != 1 || list[0].Text != "hello\n\nthere" || list[0].Author != us || time.Since(list[0].At) > time.Minute {
		t.Errorf("%+v, %v", list, err)
	}
	s.trouble.Add(trouble.Rule{Method: "PATCH", Times: 1, Kind: trouble.CutAfter})
	writes := s.writes.Load()
	if _, err := g.Patch(ctx, "0", incident.Patch{incident.Title: "x"}); !fault.Is(err, fault.Unavailable) || s.writes.Load() != writes+1 {
		t.Errorf("a lost answer: %v after %d requests", err, s.writes.Load()-writes)
	}
	reader := serve(t, "SecurityIncident.Read.All")
	reader.fill(t, 1, spread)
	if _, err := OfGraph(reader.client).Comment(ctx, "0", "x"); !fault.Is(err, fault.Forbidden) || !strings.Contains(fault.HintOf(err), readWrite) {
		t.Errorf("without the permission: %v", err)
	}
}

func TestGraphListsAllChanges(t *testing.T) {
	same := time.Now().Add(-time.Hour)
	for name, tc := range map[string]struct {
		n      int
		at     func(int) time.Time
		before func(*http.Request)
	}{
		"none":           {0, spread, nil},
		"few":            {10, spread, nil},
		"a page":         {50, spread, nil},
		"many":           {330, spread, nil},
		"of one moment":  {230, func(int) time.Time { return same }, nil},
		"across moments": {300, func(i int) time.Time { return same.Add(time.Duration(i/60) * time.Second) }, nil},
		"not sorted":     {180, spread, without("$orderby")},
		"not filtered":   {180, spread, without("$filter")},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, readWrite)
			s.fill(t, tc.n, tc.at)
			s.before = tc.before
			got := map[string]bool{}
			err := OfGraph(s.client).Changed(t.Context(), time.Now().Add(-48*time.Hour), func(r incident.Remote) error { got[r.ID] = true; return nil })
			if err != nil || len(got) != tc.n {
				t.Errorf("%d of %d, %v", len(got), tc.n, err)
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

// TestOverHTTP lets both sides be edited at once over a service that fails in every way it can, and holds the loop to it that in the end
// both are equal, every comment is there once, and nothing more is sent.
func TestOverHTTP(t *testing.T) {
	const incidents, rounds = 12, 15
	s := serve(t, readWrite)
	s.fill(t, incidents, spread)
	var ahead atomic.Int64 // of our clock
	l := New(Config{Remote: OfGraph(s.client), Ledger: &ledgertest.Memory{}, Tenant: tenantID, Poll: 5 * time.Millisecond,
		Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	run := func(l *Loop, while func()) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- l.Run(ctx) }()
		while()
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run gave %v", err)
		}
	}
	id := func(i int) string { return fmt.Sprint(i % incidents) }
	met := func() bool { _, err := l.Get(t.Context(), id(incidents-1)); return err == nil }
	words := []string{incident.Active, incident.InProgress, incident.Resolved}
	comments := 0
	run(l, func() {
		until(t, met, func() string { return "incidents are not collected" })
		for i, kind := range []trouble.Kind{trouble.CutBefore, trouble.CutAfter, trouble.Status} {
			s.trouble.Add(trouble.Rule{Method: "PATCH", Skip: 7 * i, Times: 6, Kind: kind})
			s.trouble.Add(trouble.Rule{Method: "POST", Path: "comments", Skip: 4 * i, Times: 3, Kind: kind})
			s.trouble.Add(trouble.Rule{Method: "GET", Skip: 11 * i, Times: 6, Kind: kind, Status: 429})
		}
		var sides sync.WaitGroup
		sides.Go(func() { // the portal
			r := rand.New(rand.NewPCG(1, 1))
			for n := range rounds * incidents {
				s.Change(id(n), "bob", map[string]any{"status": words[r.IntN(3)], "summary": fmt.Sprint("there ", n)})
				time.Sleep(time.Millisecond)
			}
		})
		sides.Go(func() { // the console
			r := rand.New(rand.NewPCG(2, 2))
			for n := range rounds * incidents {
				c := incident.Change{Set: incident.Patch{incident.Status: words[r.IntN(3)], incident.Title: fmt.Sprint("here ", n)}, AddTags: []string{fmt.Sprint("tag", n%3)}}
				if _, err := l.Edit(t.Context(), id(n), "ann", c); err != nil {
					t.Error(err)
				}
				if n%5 == 0 {
					comments++
					if _, err := l.Comment(t.Context(), id(n), incident.NewKey(), "ann", fmt.Sprint("comment ", n)); err != nil {
						t.Error(err)
					}
				}
				time.Sleep(time.Millisecond)
			}
		})
		sides.Wait()
	})
	s.trouble.Clear()
	ahead.Store(int64(2 * incident.Settle)) // what was in doubt is not any more
	agreed := func() string { return s.agreed(t, l, incidents) }
	l = New(l.cfg)
	run(l, func() {
		until(t, func() bool { return agreed() == "" }, agreed)
		writes := s.writes.Load()
		time.Sleep(100 * time.Millisecond)
		if n := s.writes.Load() - writes; n > 0 {
			t.Errorf("%d requests although both sides agree", n)
		}
	})
	shown := 0
	seen := map[string]bool{}
	for i := range incidents {
		r, err := OfGraph(s.client).Get(t.Context(), id(i))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Comments {
			text, _, _, ok := incident.ParseSigned(c.Text)
			if !ok || seen[text] {
				t.Errorf("comment %q is there twice, or not ours", c.Text)
			}
			seen[text] = true
			shown++
		}
		if !strings.HasPrefix(r.State.Title, "here ") || !strings.HasPrefix(r.State.Summary, "there ") || !slices.Contains(r.State.Tags, "Demo") || len(r.State.Tags) < 2 {
			t.Errorf("%+v", r)
		}
	}
	if shown != comments {
		t.Errorf("%d comments of %d", shown, comments)
	}
}

// agreed tells what is not the same on both sides.
func (s *service) agreed(t *testing.T, l *Loop, n int) string {
	for i := range n {
		id := fmt.Sprint(i)
		one, err := l.Get(t.Context(), id)
		if err != nil {
			return err.Error()
		}
		r, err := OfGraph(s.client).Get(t.Context(), id)
		if err != nil {
			return err.Error()
		}
		if d := incident.Diff(r.State, one.Local); d != nil || unfinished(one.Sides) {
			return fmt.Sprintf("incident %s: %v, unfinished %v", id, d, unfinished(one.Sides))
		}
	}
	return ""
}

func until(t *testing.T, done func() bool, why func() string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not after 30 s: %s", why())
		}
	}
}
