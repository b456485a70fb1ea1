package kql_test

import (
	"slices"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/kql"
)

// BenchmarkCorpus compiles all hunting queries in turn: from text to the SQL that is sent and the plan of the rest. The metrics are about
// single queries, of each the faster of two: a collection of garbage falls upon somebody.
func BenchmarkCorpus(b *testing.B) {
	queries := loadHunting(b)
	cat := loadCorpus(b, nil)
	times := make([]time.Duration, len(queries))
	worst := 0
	for b.Loop() {
		for i, q := range queries {
			times[i] = time.Hour
			for range 2 {
				began := time.Now()
				if c, diags := kql.Compile(q.Query, cat, kql.Options{Now: corpusNow, External: true}); !diags.HasErrors() {
					c.Explain()
				}
				times[i] = min(times[i], time.Since(began))
			}
			if times[i] > times[worst] {
				worst = i
			}
		}
	}
	b.Logf("worst: %s", queries[worst].Query)
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-median")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "µs-max")
	b.ReportMetric(0, "ns/op")
}
