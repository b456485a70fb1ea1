package collect

import (
	"errors"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/record"
)

func TestCovered(t *testing.T) {
	c := Cover("s", []record.Span{
		{Source: "s", Partition: "0", First: 20, Last: 29}, {Source: "s", Partition: "0", First: 0, Last: 4},
		{Source: "s", Partition: "0", First: 5, Last: 9}, {Source: "s", Partition: "0", First: 3, Last: 7},
		{Source: "other", Partition: "0", First: 10, Last: 19}, {Source: "s", Partition: "1", First: 7, Last: 7},
	})
	for seq, want := range map[int64]bool{-1: false, 0: true, 9: true, 10: false, 19: false, 20: true, 29: true, 30: false} {
		if c.Has("0", seq) != want {
			t.Errorf("Has(0, %d) is %v", seq, !want)
		}
	}
	if n, ok := c.Start("0"); !ok || n != 9 {
		t.Errorf("Start(0) is %d, %v; the gap begins after 9", n, ok)
	}
	if _, ok := c.Start("2"); ok {
		t.Error("Start of an unknown partition says there is something")
	}
	if m := c.Last(); m["0"] != 29 || m["1"] != 7 || len(m) != 2 {
		t.Errorf("Last is %v", m)
	}
}

func TestGauge(t *testing.T) {
	var g Gauge
	if h := g.Health(); h.State != Stopped {
		t.Errorf("a new gauge says %q", h.State)
	}
	g.Now(Failing, errors.New("no"))
	since := g.Health().Since
	g.Now(Failing, errors.New("still no"))
	if h := g.Health(); h.Since != since || h.Err.Error() != "still no" {
		t.Errorf("failing twice: %+v", h)
	}
	g.Now(Reading, nil)
	g.Took(3, -1)
	if h := g.Health(); h.Err != nil || h.Messages != 3 || h.Lag != 0 || h.Last.IsZero() {
		t.Errorf("reading: %+v", h)
	}
}

func TestParseStart(t *testing.T) {
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]Start{"": {}, "earliest": {}, "latest": {Latest: true}, "2026-01-31T12:00:00Z": {At: at}} {
		if got, err := ParseStart(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"yesterday", "2026-01-31", "Latest"} {
		if _, err := ParseStart(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
