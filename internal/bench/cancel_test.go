package bench_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/bench"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/store/duck"
)

// heavy are queries that take seconds: scans, sorts, aggregations and joins in the engine, and steps in Go.
var heavy = []struct{ name, kql string }{
	{"regex", `DeviceProcessEvents | where ProcessCommandLine matches regex "(a|b|c)+x(y|z)*q[0-9]{3}" | count`},
	{"sort", `DeviceProcessEvents | sort by ProcessCommandLine asc | project ProcessCommandLine`},
	{"groups", `DeviceProcessEvents | summarize count(), make_set(FileName) by ProcessCommandLine`},
	{"join", `DeviceProcessEvents | project FileName | join kind=inner (DeviceProcessEvents | project FileName) on FileName | count`},
	{"windows", `DeviceProcessEvents | project Timestamp, ProcessCommandLine | sort by Timestamp asc | extend p = prev(ProcessCommandLine), n = row_number() | summarize count() by p`},
	{"range", `range x from 1 to 1000000000 step 1 | summarize count() by x % 10`},
}

// BenchmarkCancel cancels each of the heavy queries while it runs and tells how long it takes to return, the longest of the runs.
func BenchmarkCancel(b *testing.B) {
	if *dir == "" {
		b.Skip("no directory for the generated data: give -data or VEDETTE_BENCH_DIR")
	}
	path, err := bench.Dir(b.Context(), *dir, bench.Full.Times(*scale), func(s string) { fmt.Fprintln(os.Stderr, s) })
	if err != nil {
		b.Fatal(err)
	}
	s, err := duck.Open(b.Context(), duck.Options{Dir: path, MemoryMB: memoryMB})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	engine := query.New(query.Options{Store: s})
	for _, h := range heavy {
		b.Run(strings.ReplaceAll(h.name, " ", "_"), func(b *testing.B) {
			var longest time.Duration
			for i := range b.N {
				ctx, cancel := context.WithCancel(b.Context())
				var canceled time.Time
				timer := time.AfterFunc(time.Duration(50+100*(i%5))*time.Millisecond, func() {
					canceled = time.Now()
					cancel()
				})
				_, err := engine.Run(ctx, query.Request{Text: h.kql, Now: bench.End}, nowhere{})
				ended := time.Now()
				if timer.Stop() || err == nil {
					b.Fatalf("the query ended before it was canceled: %v", err)
				}
				longest = max(longest, ended.Sub(canceled))
				cancel()
			}
			b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
