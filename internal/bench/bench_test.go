package bench_test

import (
	"testing"

	"github.com/vedette-siem/vedette/internal/bench"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/store/duck"
)

// TestDir makes a small store and runs every query of the benchmark over it.
func TestDir(t *testing.T) {
	size := bench.Size{Process: 2000, Network: 800, Logon: 400, Days: 2}
	dir, err := bench.Dir(t.Context(), t.TempDir(), size, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	s, err := duck.Open(t.Context(), duck.Options{Dir: dir, MemoryMB: 500})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stats, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p, n, l := stats.Tables["DeviceProcessEvents"].Rows, stats.Tables["DeviceNetworkEvents"].Rows, stats.Tables["DeviceLogonEvents"].Rows; p != 2000 || n != 800 || l != 400 || stats.Files != 3 { // two days and what is not sealed
		t.Errorf("%d process, %d network, %d logon events in %d files", p, n, l, stats.Files)
	}
	engine := query.New(query.Options{Store: s})
	for _, term := range bench.RareTerms {
		sum, err := engine.Run(t.Context(), query.Request{Text: `DeviceProcessEvents | where ProcessCommandLine has "` + term + `"`, Now: bench.End}, nowhere{})
		if err != nil || sum.Rows == 0 {
			t.Errorf("%s: %d rows, %v", term, sum.Rows, err)
		}
	}
	for _, h := range hunts("0", "0") {
		if _, err := engine.Run(t.Context(), query.Request{Text: h.kql, Now: bench.End}, nowhere{}); err != nil {
			t.Errorf("%s: %v", h.name, err)
		}
	}
}
