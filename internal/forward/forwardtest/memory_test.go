package forwardtest

import (
	"context"
	"testing"

	"github.com/vedette-siem/vedette/internal/forward"
)

func TestMemory(t *testing.T) {
	Run(t, func(*testing.T) Subject {
		m := &Memory{}
		return Subject{Sink: m, Misfit: `{"@timestamp":`,
			Count: func(_ context.Context, stream, id string, current bool) (int, error) {
				if current {
					return min(1, int(m.Current(stream)[id].Version)), nil
				}
				return m.Counts(stream)[id], nil
			},
			Current:  func(_ context.Context, stream, id string) ([]byte, error) { return m.Current(stream)[id].JSON, nil },
			Rollover: func(_ context.Context, stream string) error { m.Rollover(stream); return nil },
		}
	})
}

// The faults do what they say: an answer that was lost leaves the documents behind, and a new part takes an id again unless it is looked up.
func TestFaults(t *testing.T) {
	m := &Memory{}
	next := None
	m.Fault = func() Fault { return next }
	for _, c := range []struct {
		fault  Fault
		repeat bool
		failed bool
		stored int // of two documents, in all
	}{{Lost, false, true, 0}, {Torn, false, true, 1}, {Full, false, false, 1}, {Mute, false, true, 2}, {Close, true, false, 2}, {Close, false, false, 4}} {
		next = c.fault
		_, err := m.Put(t.Context(), Docs(0, 2), c.repeat)
		if (err != nil) != c.failed {
			t.Fatalf("fault %d: %v", c.fault, err)
		}
		n := 0
		for _, k := range m.Counts("event") {
			n += k
		}
		if n != c.stored {
			t.Fatalf("after fault %d %d are stored, want %d", c.fault, n, c.stored)
		}
	}
}

func TestDiscard(t *testing.T) {
	if got, err := (Discard{}).Put(t.Context(), Docs(0, 2), false); err != nil || len(got) != 2 || got[0].Outcome != forward.Stored {
		t.Fatal(got, err)
	}
}
