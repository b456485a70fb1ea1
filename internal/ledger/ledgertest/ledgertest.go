// Package ledgertest is what every ledger.Ledger must pass.
//
// It imports the port, the words below and the standard library.
package ledgertest

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// Run holds a ledger to the port's promises. open opens the same ledger each time it is called within one test.
func Run(t *testing.T, open func(t *testing.T) func() ledger.Ledger) {
	t.Run("settings", func(t *testing.T) { settings(t, open(t)) })
	t.Run("documents", func(t *testing.T) { documents(t, open(t)) })
	t.Run("one of many wins", func(t *testing.T) { race(t, open(t)) })
	t.Run("incidents", func(t *testing.T) { incidents(t, open(t)) })
}

func reopen(t *testing.T, l ledger.Ledger, open func() ledger.Ledger) ledger.Ledger {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return open()
}

func settings(t *testing.T, open func() ledger.Ledger) {
	ctx := t.Context()
	l := open()
	if _, rev, ok, err := l.Settings(ctx, "c"); ok || rev != 0 || err != nil {
		t.Fatalf("new: rev %d, ok %v, %v", rev, ok, err)
	}
	want := ledger.Settings{Incidents: true, Events: true, Tables: []string{"A", "B"}}
	rev, err := l.PutSettings(ctx, "c", 0, want)
	if err != nil || rev != 1 {
		t.Fatalf("put: rev %d, %v", rev, err)
	}
	if _, err := l.PutSettings(ctx, "c", 0, want); !fault.Is(err, fault.Conflict) {
		t.Errorf("put over what is there: %v", err)
	}
	l = reopen(t, l, open)
	defer l.Close()
	got, rev, ok, err := l.Settings(ctx, "c")
	if err != nil || !ok || rev != 1 || !got.TableEnabled("B") || got.TableEnabled("C") || !got.Incidents {
		t.Errorf("after a restart: %+v, rev %d, ok %v, %v", got, rev, ok, err)
	}
	if rev, err = l.PutSettings(ctx, "c", 1, ledger.Settings{}); err != nil || rev != 2 {
		t.Errorf("second put: rev %d, %v", rev, err)
	}
	if _, err := l.PutSettings(ctx, "c", 1, want); !fault.Is(err, fault.Conflict) {
		t.Errorf("put on an old revision: %v", err)
	}
}

func documents(t *testing.T, open func() ledger.Ledger) {
	ctx := t.Context()
	l := open()
	if _, err := l.Document(ctx, "a"); !fault.Is(err, fault.NotFound) {
		t.Errorf("missing: %v", err)
	}
	if _, err := l.PutDocument(ctx, "a", 0, json.RawMessage(`{"x":`)); !fault.Is(err, fault.Invalid) {
		t.Errorf("not JSON: %v", err)
	}
	for _, key := range []string{"p/1", "p/2", "P/3", "p%/4", "q"} {
		if _, err := l.PutDocument(ctx, key, 0, json.RawMessage(`{"key":"`+key+`"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.PutDocument(ctx, "p/1", 1, json.RawMessage(`2`)); err != nil {
		t.Fatal(err)
	}
	l = reopen(t, l, open)
	defer l.Close()
	d, err := l.Document(ctx, "p/1")
	if err != nil || d.Rev != 2 || string(d.Value) != `2` || time.Since(d.At).Abs() > time.Minute {
		t.Errorf("%+v, %v", d, err)
	}
	list, err := l.Documents(ctx, "p/")
	if err != nil || len(list) != 2 || list[0].Key != "p/1" || list[1].Key != "p/2" {
		t.Errorf("%+v, %v", list, err)
	}
	if err := l.DeleteDocument(ctx, "p/1", 1); !fault.Is(err, fault.Conflict) {
		t.Errorf("delete an old revision: %v", err)
	}
	if err := l.DeleteDocument(ctx, "p/1", 2); err != nil {
		t.Error(err)
	}
	if err := l.DeleteDocument(ctx, "p/1", 2); !fault.Is(err, fault.NotFound) {
		t.Errorf("delete again: %v", err)
	}
}

// race lets many change one document at once: each revision is given to exactly one of them.
func race(t *testing.T, open func() ledger.Ledger) {
	ctx := t.Context()
	l := open()
	defer l.Close()
	const writers, rounds = 8, 10
	var won [rounds]int
	var mu sync.Mutex
	var work sync.WaitGroup
	for range writers {
		work.Go(func() {
			for r := range rounds {
				_, err := l.PutDocument(ctx, "d", int64(r), json.RawMessage(`1`))
				switch {
				case err == nil:
					mu.Lock()
					won[r]++
					mu.Unlock()
				case !fault.Is(err, fault.Conflict):
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	d, err := l.Document(ctx, "d")
	if err != nil {
		t.Fatal(err)
	}
	for r := range d.Rev {
		if won[r] != 1 {
			t.Errorf("revision %d was given to %d writers", r+1, won[r])
		}
	}
}
