package kql_test

import (
	"context"
	"testing"

	"github.com/vedette-siem/vedette/kql"
)

// BenchmarkGo runs whole queries in Go over generated rows.
func BenchmarkGo(b *testing.B) {
	for _, c := range []struct{ name, query string }{
		{"filter", "range x from 1 to 1000000 step 1 | where x % 7 == 3 | count"},
		{"summarize", "range x from 1 to 1000000 step 1 | summarize count(), sum(x) by k = x % 1000"},
		{"text", "range x from 1 to 200000 step 1 | extend s = strcat('name', x % 100, '.exe') | where s has 'name7' | count"},
		{"join", "range x from 1 to 300000 step 1 | join kind=inner (range x from 1 to 300000 step 3) on x | count"},
		{"sort", "range x from 1 to 500000 step 1 | extend y = x * 7919 % 500000 | sort by y asc | take 5"},
		{"mv-expand", "range x from 1 to 200000 step 1 | extend a = pack_array(x, x+1, x+2) | mv-expand a to typeof(long) | summarize sum(a)"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				q, diags := kql.Compile(c.query, nil, kql.Options{})
				if diags.HasErrors() {
					b.Fatal(kql.Errors(c.query, diags))
				}
				for t, err := range q.Run(context.Background(), nil) {
					if err != nil {
						b.Fatal(err)
					}
					for _, err := range t.Rows {
						if err != nil {
							b.Fatal(err)
						}
					}
				}
			}
		})
	}
}

// BenchmarkCompile compiles the connector page's query.
func BenchmarkCompile(b *testing.B) {
	const query = `let Now = now();
(range TimeGenerated from ago(14d) to Now-1d step 1d | extend Count = 0
| union isfuzzy=true (datatable(TimeGenerated:datetime)[] | summarize Count = count() by bin_at(TimeGenerated, 1d, Now))
| summarize Count=max(Count) by bin_at(TimeGenerated, 1d, Now) | sort by TimeGenerated
| project Value = iff(isnull(Count), 0, Count), Time = TimeGenerated, Legend = "Events") | render timechart`
	for b.Loop() {
		q, diags := kql.Compile(query, nil, kql.Options{Now: corpusNow})
		if diags.HasErrors() {
			b.Fatal(kql.Errors(query, diags))
		}
		q.Explain()
	}
}
