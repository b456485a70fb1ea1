// Package forwardtest is what every forward.Sink must pass, with a sink in memory that fails as real ones do, and one that discards.
//
// It imports the port, internal/fault and the standard library.
package forwardtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/forward"
)

// Subject is a sink under test with a view of what lies behind it. Both views show everything that Put has said to be stored.
type Subject struct {
	Sink forward.Sink
	// Count gives how often a document of this id is stored in the stream: over all of an append-only stream's parts, or among the
	// present states.
	Count func(ctx context.Context, stream, id string, current bool) (int, error)
	// Current gives the present state under this id, nil when there is none.
	Current func(ctx context.Context, stream, id string) ([]byte, error)
	// Rollover begins a new part of an append-only stream; nil where streams have no parts.
	Rollover func(ctx context.Context, stream string) error
	// Misfit is a document's JSON that the sink refuses; "" where it takes anything.
	Misfit string
}

// Run holds a sink to the port's promises. open gives an empty one.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Subject)
	}{
		{"setup twice", setup}, {"store", put}, {"repeat", repeat}, {"repeat across parts", parts}, {"repeat in part", some}, {"current state", current},
		{"misfit", misfit}, {"nothing", nothing}, {"many", many}, {"canceled", canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			if _, err := s.Sink.Setup(t.Context()); err != nil {
				t.Fatal(err)
			}
			c.run(t, s)
		})
	}
}

// Doc is a document of the stream event.
func Doc(n int) forward.Document {
	return forward.Document{ID: fmt.Sprintf("id-%d", n), Stream: "event",
		JSON: fmt.Appendf(nil, `{"@timestamp":"2026-11-18T10:%02d:%02d.%03dZ","event":{"action":"process-created"},"process":{"pid":%d,"name":"a \"quoted\" name.exe"}}`, n/60000%60, n/1000%60, n%1000, n)}
}

// Docs are documents first, first+1, … of the stream event.
func Docs(first, n int) []forward.Document {
	out := make([]forward.Document, n)
	for i := range out {
		out[i] = Doc(first + i)
	}
	return out
}

// expect puts documents and wants the same outcome for all.
func expect(t *testing.T, s Subject, docs []forward.Document, again bool, want ...forward.Outcome) []forward.Result {
	t.Helper()
	got, err := s.Sink.Put(t.Context(), docs, again)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(docs) {
		t.Fatalf("%d results for %d documents", len(got), len(docs))
	}
	for i, r := range got {
		w := want[min(i, len(want)-1)]
		if r.Outcome != w {
			t.Fatalf("document %d (%s): %v %q, want %v", i, docs[i].ID, r.Outcome, r.Reason, w)
		}
	}
	return got
}

func count(t *testing.T, s Subject, d forward.Document, want int) {
	t.Helper()
	n, err := s.Count(t.Context(), d.Stream, d.ID, d.Version > 0)
	if err != nil {
		t.Fatal(err)
	}
	if n != want {
		t.Errorf("%s is there %d times, want %d", d.ID, n, want)
	}
}

func setup(t *testing.T, s Subject) {
	expect(t, s, Docs(0, 3), false, forward.Stored)
	again, err := s.Sink.Setup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range again {
		if c.Done {
			t.Errorf("the second setup changed %s", c.What)
		}
	}
	for _, d := range Docs(0, 3) {
		count(t, s, d, 1)
	}
}

func put(t *testing.T, s Subject) {
	docs := Docs(0, 5)
	for i, stream := range []string{"event", "alert", "incident", "vulnerability"} {
		docs[i].Stream = stream
	}
	docs[4].ID = docs[0].ID // ids are of their stream
	docs[4].Stream = "alert"
	expect(t, s, docs, false, forward.Stored)
	for _, d := range docs {
		count(t, s, d, 1)
	}
	count(t, s, Doc(77), 0)
}

func repeat(t *testing.T, s Subject) {
	docs := Docs(0, 20)
	expect(t, s, docs, false, forward.Stored)
	for range 3 {
		expect(t, s, docs, true, forward.Present)
	}
	for _, d := range docs {
		count(t, s, d, 1)
	}
}

func parts(t *testing.T, s Subject) {
	if s.Rollover == nil {
		t.Skip("its streams have no parts")
	}
	docs := Docs(0, 10)
	expect(t, s, docs, false, forward.Stored)
	for range 2 {
		if err := s.Rollover(t.Context(), "event"); err != nil {
			t.Fatal(err)
		}
		expect(t, s, docs, true, forward.Present)
	}
	expect(t, s, Docs(10, 5), false, forward.Stored)
	for _, d := range Docs(0, 15) {
		count(t, s, d, 1)
	}
}

func some(t *testing.T, s Subject) {
	docs := Docs(0, 10)
	expect(t, s, docs[:4], false, forward.Stored)
	if s.Rollover != nil {
		if err := s.Rollover(t.Context(), "event"); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, s, docs, true, forward.Present, forward.Present, forward.Present, forward.Present, forward.Stored)
	for _, d := range docs {
		count(t, s, d, 1)
	}
}

func current(t *testing.T, s Subject) {
	state := func(version int64, status string) forward.Document {
		return forward.Document{ID: "incident-7", Stream: "incident", Version: version,
			JSON: []byte(`{"@timestamp":"2026-11-18T10:00:00.000Z","event":{"id":"7","action":"` + status + `"}}`)}
	}
	holds := func(status string) {
		t.Helper()
		got, err := s.Current(t.Context(), "incident", "incident-7")
		if err != nil {
			t.Fatal(err)
		}
		var doc struct{ Event struct{ Action string } }
		if err := json.Unmarshal(got, &doc); err != nil || doc.Event.Action != status {
			t.Fatalf("the present state is %s, want one with %q (%v)", got, status, err)
		}
	}
	expect(t, s, []forward.Document{state(1000, "new")}, false, forward.Stored)
	holds("new")
	expect(t, s, []forward.Document{state(2000, "active")}, false, forward.Stored)
	holds("active")
	expect(t, s, []forward.Document{state(1500, "late")}, false, forward.Present)
	holds("active")
	expect(t, s, []forward.Document{state(3000, "redirected"), state(3001, "resolved")}, true, forward.Stored)
	holds("resolved")
	if s.Rollover != nil {
		change := state(0, "a change")
		expect(t, s, []forward.Document{change}, false, forward.Stored) // of the same id, in the append-only stream
		if err := s.Rollover(t.Context(), "incident"); err != nil {
			t.Fatal(err)
		}
		count(t, s, change, 1)
	}
	expect(t, s, []forward.Document{state(3000, "redirected")}, true, forward.Present)
	holds("resolved")
	count(t, s, state(1, ""), 1)
}

func misfit(t *testing.T, s Subject) {
	if s.Misfit == "" {
		t.Skip("it takes anything")
	}
	docs := Docs(0, 3)
	docs[1].JSON = []byte(s.Misfit)
	got := expect(t, s, docs, false, forward.Stored, forward.Refused, forward.Stored)
	if strings.TrimSpace(got[1].Reason) == "" {
		t.Error("a refusal without a reason")
	}
	count(t, s, docs[0], 1)
	count(t, s, docs[1], 0)
	count(t, s, docs[2], 1)
}

func nothing(t *testing.T, s Subject) {
	if got, err := s.Sink.Put(t.Context(), nil, true); err != nil || len(got) != 0 {
		t.Fatalf("%v, %v", got, err)
	}
}

func many(t *testing.T, s Subject) {
	docs := Docs(0, 3000)
	expect(t, s, docs, false, forward.Stored)
	expect(t, s, docs, true, forward.Present)
	count(t, s, docs[2999], 1)
}

func canceled(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Sink.Put(ctx, Docs(0, 3), false); err == nil {
		t.Fatal("no error although the context had ended")
	}
	if got, err := s.Sink.Put(t.Context(), Docs(0, 3), true); err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	for _, d := range Docs(0, 3) {
		count(t, s, d, 1)
	}
}
