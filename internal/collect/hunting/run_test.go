package hunting

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/collect/collecttest"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/tenant/entra"
)

// narrow refuses answers of more rows than it says, as the service refuses those that are too large.
type narrow struct {
	http.RoundTripper
	rows  int
	asked []string
	mu    sync.Mutex
}

func (n *narrow) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "runHuntingQuery") {
		body, _ := io.ReadAll(r.Body)
		n.mu.Lock()
		n.asked = append(n.asked, string(body))
		n.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := n.RoundTripper.RoundTrip(r)
	if err != nil || resp.StatusCode != 200 || !strings.HasSuffix(r.URL.Path, "runHuntingQuery") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var a answer
	if json.Unmarshal(body, &a) == nil && len(a.Results) > n.rows && len(a.Results[0]) > 4 { // not of a count
		resp.StatusCode = 400
		body = []byte(`{"error":{"code":"BadRequest","message":"Query result size exceeded the allowed limits"}}`)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// everything reports whether the rows of all timed tables are there.
func everything(t *testing.T, rows map[string]int) func(got []record.Raw) bool {
	return func(got []record.Raw) bool {
		have := counted(t, got)
		for _, table := range tables {
			if have[table.Name] < rows[table.Name] {
				return false
			}
		}
		return true
	}
}

// TestEveryRow: all rows of all tables come, once, the newest first, in answers however small.
func TestEveryRow(t *testing.T) {
	sim, w := simulated(t)
	_, rows := messages(w)
	for _, limit := range []int{rowLimit, 150} {
		n := &narrow{rows: limit}
		cfg := config(sim, sim.Now())
		cfg.Client = clientOver(sim, func(rt http.RoundTripper) http.RoundTripper { n.RoundTripper = rt; return n })
		cfg.Tables = func() []Table { return tables[:5] }
		want := maps.Clone(rows)
		delete(want, tables[5].Name)
		got := until(t, New(cfg), nil, everything(t, want))
		have := counted(t, got)
		for _, table := range tables[:5] {
			if have[table.Name] != rows[table.Name] {
				t.Errorf("limit %d, %s: %d rows, the tenant has %d", limit, table.Name, have[table.Name], rows[table.Name])
			}
		}
		if n := len(n.asked); limit == rowLimit && n > 8 || limit < rowLimit && n < 9 {
			t.Errorf("limit %d: %d queries", limit, n)
		}
	}
}

// TestFollow: what happens after the start comes too, and what appears late, once; and after a restart.
func TestFollow(t *testing.T) {
	sim, w := simulated(t)
	_, rows := messages(w)
	end := w.Config().Now
	now := end.Add(-3 * 24 * time.Hour) // the last three days have yet to be asked for
	var mu sync.Mutex
	cfg := config(sim, now)
	cfg.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	cfg.Tables = func() []Table { return tables[:2] }
	name := tables[0].Name
	older := 0
	for e := range w.History() {
		if e.Table == name && e.Time.Before(now) {
			older++
		}
	}
	s := New(cfg)
	first := until(t, s, nil, func(got []record.Raw) bool {
		if counted(t, got)[name] == older && backfilled(s) == 2 {
			mu.Lock()
			now = end.Add(-24 * time.Hour) // and then time goes on
			mu.Unlock()
		}
		return counted(t, got)[name] > older
	})
	mu.Lock()
	now = end.Add(time.Hour)
	mu.Unlock()
	var all []record.Raw
	all = append(all, first...)
	all = append(all, until(t, New(cfg), collecttest.Covers(first), func(got []record.Raw) bool {
		return len(unique(t, slices.Concat(first, got), name)) == rows[name]
	})...)
	if again := counted(t, all)[name] - rows[name]; again > rows[name]/10 {
		t.Errorf("%d rows came again; only those of the overlap may", again)
	}
}

func backfilled(s *Source) int {
	_, done, _ := s.Backfilled()
	return done
}

// unique gives the distinct records of a table.
func unique(t *testing.T, list []record.Raw, table string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, raw := range list {
		var m struct {
			Records []struct {
				Category   string
				Properties json.RawMessage
			}
		}
		if err := json.Unmarshal(raw.Body, &m); err != nil {
			t.Fatal(err)
		}
		for _, r := range m.Records {
			if r.Category == record.CategoryPrefix+table {
				out[string(r.Properties)] = true
			}
		}
	}
	return out
}

// TestNotAllowed: what a person must mend ends Run, and says what to do.
func TestNotAllowed(t *testing.T) {
	sim, _ := simulated(t)
	sim.Consent(map[string][]string{entra.Graph: {"SecurityIncident.Read.All"}})
	err := New(config(sim, sim.Now())).Run(t.Context(), nil, &collecttest.Sink{})
	if !fault.Is(err, fault.Forbidden) || !strings.Contains(fault.HintOf(err), "ThreatHunting.Read.All") {
		t.Errorf("%v, hint %q", err, fault.HintOf(err))
	}
}

// TestCut: pieces cover the whole time without overlap, none holds more than it should.
func TestCut(t *testing.T) {
	sl := slice{table: "T", from: 5, to: 10 * hourTicks}
	for _, hours := range [][]hour{nil, {{0, 3}}, {{hourTicks, 900}, {0, 10}}, {{0, 400}, {hourTicks, 400}, {5 * hourTicks, 400}, {9 * hourTicks, 5000}}} {
		pieces := sl.cut(hours, 1000)
		at := sl.from
		for _, p := range pieces {
			if p.from != at || p.to <= p.from {
				t.Errorf("%v: piece %+v does not begin at %d", hours, p, at)
			}
			at = p.to
		}
		if at != sl.to {
			t.Errorf("%v: the pieces end at %d", hours, at)
		}
	}
	if n := len(sl.cut([]hour{{0, 400}, {hourTicks, 400}, {5 * hourTicks, 400}, {9 * hourTicks, 5000}}, 1000)); n != 7 {
		t.Errorf("%d pieces", n)
	}
}
