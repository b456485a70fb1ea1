package reconcile

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger/sqlite"
)

// BenchmarkPoll looks over 5,000 incidents by HTTP: all of them new, all of them as they were, and all of them changed.
func BenchmarkPoll(b *testing.B) {
	const n = 5000
	for b.Loop() {
		s := serve(b, readWrite)
		s.fill(b, n, func(i int) time.Time { return time.Now().Add(-24 * time.Hour).Add(time.Duration(i) * time.Second) })
		l, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "ledger.sqlite"))
		if err != nil {
			b.Fatal(err)
		}
		loop := New(Config{Remote: OfGraph(s.client), Ledger: l, Tenant: tenantID})
		poll := func(name string) {
			began := time.Now()
			if err := loop.Poll(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(began).Seconds(), name+"-s")
		}
		poll("new")
		poll("same")
		for i := range n {
			s.Change(fmt.Sprint(i), "bob", map[string]any{"displayName": fmt.Sprint("changed ", i)})
		}
		poll("changed")
		if one, err := loop.Get(b.Context(), "4999"); err != nil || one.Local.Get(incident.Title) != "changed 4999" {
			b.Fatalf("%+v, %v", one, err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
