package world

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"
)

func TestHistoryIsDeterministic(t *testing.T) {
	cfg := Config{Seed: 7, Events: 6000}
	var first []Event
	for e := range New(cfg).History() {
		first = append(first, e)
	}
	n := 0
	w := New(cfg)
	for range 2 { // twice from the same world as well: playing it must not change it
		n = 0
		for e := range w.History() {
			if n >= len(first) || e.Table != first[n].Table || !bytes.Equal(e.Properties, first[n].Properties) {
				t.Fatalf("event %d differs:\n%s\n%s", n, e.Properties, first[n].Properties)
			}
			n++
		}
	}
	if n != len(first) {
		t.Fatalf("%d events, then %d", len(first), n)
	}
	for e := range New(Config{Seed: 8, Events: 6000}).History() {
		if bytes.Equal(e.Properties, first[0].Properties) {
			t.Error("another seed gives the same first event")
		}
		break
	}
}

func TestHistoryHasTheSizeOrderAndShape(t *testing.T) {
	w := New(Config{Events: 60_000})
	cfg := w.Config()
	n, night, day := 0, 0, 0
	last := cfg.Now.Add(-cfg.History)
	tables := map[string]int{}
	for e := range w.History() {
		if e.Time.Before(last) || e.Time.After(cfg.Now) {
			t.Fatalf("event %d of %s at %v: after %v, history ends %v", n, e.Table, e.Time, last, cfg.Now)
		}
		last = e.Time
		tables[e.Table]++
		n++
		if weekend(dayOf(ticksOf(e.Time))) {
			continue
		}
		switch h := e.Time.Hour(); {
		case h < 4:
			night++
		case h >= 8 && h < 12:
			day++
		}
	}
	if math.Abs(float64(n)/60_000-1) > 0.05 {
		t.Errorf("%d events, want about 60000", n)
	}
	if day < 3*night {
		t.Errorf("%d events at night and %d in the morning: not an office", night, day)
	}
	for _, name := range w.Tables() {
		if tables[name] == 0 {
			t.Errorf("no rows of %s", name)
		}
	}
	t.Log(tables)
}

func TestReportIdsAreUniqueOnADevice(t *testing.T) {
	seen := map[string]bool{}
	for e := range New(Config{Events: 20_000}).History() {
		var r struct {
			DeviceId string
			ReportId json.RawMessage
		}
		if err := json.Unmarshal(e.Properties, &r); err != nil {
			t.Fatalf("%v in %s", err, e.Properties)
		}
		if r.DeviceId == "" || len(r.ReportId) == 0 {
			continue
		}
		key := r.DeviceId + string(r.ReportId)
		if seen[key] {
			t.Fatalf("%s twice: %s", key, e.Properties)
		}
		seen[key] = true
	}
}

func TestLiveIsStampedAndBringsIncidents(t *testing.T) {
	w := New(Config{Events: 1000})
	at := w.Config().Now
	next := w.Live(at)
	incident := w.LiveIncidents(at)
	known := map[string]bool{}
	for _, i := range w.Incidents() {
		known[i.ID] = true
	}
	told := map[string]bool{}
	want := map[string]bool{}
	for n := range 60_000 {
		at = at.Add(50 * time.Millisecond)
		e := next(at)
		if e.Time.After(at) || at.Sub(e.Time) > 20*time.Minute {
			t.Fatalf("event of %s at %v is stamped %v", e.Table, at, e.Time)
		}
		if e.Table == "AlertInfo" {
			var r struct{ AlertId string }
			if err := json.Unmarshal(e.Properties, &r); err != nil {
				t.Fatal(err)
			}
			told[r.AlertId] = true
		}
		if n%6000 == 3000 {
			i, alerts := incident(at)
			if known[i.ID] || len(alerts) == 0 || !i.Created.Equal(at) {
				t.Fatalf("incident %s of %v with %d alerts at %v", i.ID, i.Created, len(alerts), at)
			}
			known[i.ID] = true
			for _, a := range alerts {
				want[a.ID] = true
			}
		}
	}
	for id := range want {
		if !told[id] {
			t.Errorf("alert %s has no AlertInfo row", id)
		}
	}
}

func BenchmarkHistory(b *testing.B) {
	w := New(Config{Events: 100_000})
	var events, size int
	b.ResetTimer()
	for b.Loop() {
		for e := range w.History() {
			events++
			size += len(e.Properties)
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(size)/float64(events), "bytes/event")
}

func BenchmarkLive(b *testing.B) {
	w := New(Config{})
	at := w.Config().Now
	next := w.Live(at)
	for b.Loop() {
		at = at.Add(time.Millisecond)
		next(at)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Config{})
	}
}
