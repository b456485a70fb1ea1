package ecs_test

import (
	"testing"

	"github.com/vedette-siem/vedette/internal/ecs"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// records are Event Hub records of the simulated tenant, in the mix it streams.
func records(n int) [][]byte {
	w := world.New(world.Config{Events: n})
	var out [][]byte
	for e := range w.History() {
		rec := append([]byte(nil), `{"time":"2026-03-01T10:00:00.1234567Z","tenantId":"`...)
		rec = append(append(rec, w.Config().TenantID...), `","operationName":"Publish","category":"AdvancedHunting-`...)
		rec = append(append(append(rec, e.Table...), `","properties":`...), e.Properties...)
		if out = append(out, append(rec, '}')); len(out) == n {
			break
		}
	}
	return out
}

// BenchmarkMap is the mapping of event records alone, on one core. The target is 50,000 documents a second, 20,000 ns/op.
func BenchmarkMap(b *testing.B) {
	recs := records(20_000)
	m, err := ecs.New(ecs.Event, ecs.Default())
	if err != nil {
		b.Fatal(err)
	}
	var bytes int
	for _, r := range recs {
		bytes += len(r)
	}
	b.SetBytes(int64(bytes / len(recs)))
	b.ReportAllocs()
	var doc []byte
	i := 0
	for b.Loop() {
		if doc, err = m.Append(doc[:0], recs[i%len(recs)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "docs/s")
}
