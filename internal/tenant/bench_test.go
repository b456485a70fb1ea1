package tenant

import (
	"testing"

	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// How fast the history is invented, put into envelopes and published.
func BenchmarkPublishHistory(b *testing.B) {
	w := world.New(world.Config{Events: 50_000})
	var n int64
	for b.Loop() {
		tn := start(b, Config{World: w, Rate: -1, IncidentEvery: -1})
		<-tn.HistoryDone()
		n += total(tn.Sent())
		if err := tn.Err(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// How fast a client reads what was published, decoding nothing.
func BenchmarkReadHistory(b *testing.B) {
	tn := start(b, Config{World: world.New(world.Config{Events: 50_000}), Rate: -1, IncidentEvery: -1})
	<-tn.HistoryDone()
	var bytes, records int64
	b.ResetTimer()
	for b.Loop() {
		bytes += drain(b, tn)
		records += total(tn.Sent())
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(bytes)/b.Elapsed().Seconds()/1e6, "MB/s")
}
