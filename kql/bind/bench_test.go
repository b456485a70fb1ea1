package bind_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// BenchmarkHunting binds all hunting queries in turn; the metrics are about single queries of the last round, parsing left out.
func BenchmarkHunting(b *testing.B) {
	path := suite(b, "hunting.jsonl.gz")
	cat := readCatalog(b, suite(b, "catalogue.json"))
	var scripts []*syntax.Script
	lines(b, path, func(line []byte) {
		var c struct{ Query string }
		if err := json.Unmarshal(line, &c); err != nil {
			b.Fatal(err)
		}
		script, _ := syntax.Parse(c.Query)
		scripts = append(scripts, script)
	})
	times := make([]time.Duration, len(scripts))
	for b.Loop() {
		for i, s := range scripts {
			start := time.Now()
			bind.Bind(s, cat, bind.Options{Check: true})
			times[i] = time.Since(start)
		}
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-median")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "µs-max")
}
