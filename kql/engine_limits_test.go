package kql_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
)

// TestEngineLimits: queries that are large or deep are answered by the engine or by Go, or refused by us: the engine itself never refuses.
func TestEngineLimits(t *testing.T) {
	list := func(n int, item func(i int) string) string {
		items := make([]string, n)
		for i := range items {
			items[i] = item(i)
		}
		return strings.Join(items, ", ")
	}
	rep := strings.Repeat
	queries := map[string]string{
		"in of numbers": "A | where v in (" + list(10_000, func(i int) string { return fmt.Sprint(i) }) + ")",
		"in of texts":   "A | where k in (" + list(4_000, func(i int) string { return fmt.Sprintf("'host%d'", i) }) + ")",
		"in~":           "A | where k in~ (" + list(64, func(i int) string { return fmt.Sprintf("'host%d'", i) }) + ")",
		"has_any":       "A | where k has_any (" + list(500, func(i int) string { return fmt.Sprintf("'host%d'", i) }) + ")",
		"or":            "A | where " + rep("v == 1 or ", 2_000) + "v == 2",
		"and":           "A | where " + rep("v != 7 and ", 2_000) + "v != 8",
		"many ors":      "A | where " + rep("(v == 1 or k == 'x') and ", 300) + "v != 8",
		"nots":          "A | where " + rep("not(", 150) + "v == 1" + rep(")", 150),
		"sums":          "A | extend w = " + rep("v + ", 1_000) + "1",
		"nested case":   "A | extend w = " + rep("iff(v == 1, 5, ", 200) + "v" + rep(")", 200),
		"strcat":        "A | extend w = strcat(" + list(60, func(int) string { return "k" }) + ")",
		"extends":       "A" + rep(" | extend w = v + 1", 100),
		"chained":       "A | extend c0 = v" + chained(100) + " | project c100",
		"joins":         "A" + rep(" | join kind=leftouter (A | project v) on v | project v, k", 12),
		"innerunique":   "A" + rep(" | join (A | project v) on v | project v, k", 8),
		"unions":        "union " + list(100, func(int) string { return "A" }) + " | count",
		"nested unions": "A" + rep(" | union (A | take 1)", 60) + " | count",
		"aggregates":    "A | summarize " + list(300, func(i int) string { return fmt.Sprintf("a%d = countif(v > %d)", i, i) }) + " by k",
		"keys":          "A | summarize count() by " + list(40, func(i int) string { return fmt.Sprintf("k%d = v + %d", i, i) }),
		"sorts":         "A" + rep(" | sort by v asc, k desc | take 2", 60),
		"summaries":     "A" + rep(" | summarize v = max(v) by k", 60),
		"wide":          "A | project " + list(1_500, func(i int) string { return fmt.Sprintf("x%d = v", i) }),
		"long text":     "A | where k == '" + rep("a", 1<<20) + "'",
		"long pattern":  "A | where k matches regex '" + rep("a?", 400) + "'",
		"long term":     "A | where k has '" + rep("a", 100_000) + "'",
		"counted":       "A | where k matches regex '((a{1,30}){1,30})'",
	}
	eachEngine(t, func(t *testing.T, _ string, b *backend) {
		tables := newStored(t, b, "A = datatable(Timestamp:datetime, k:string, v:long, d:dynamic)[datetime(2024-01-01), 'x', 1, dynamic(null), datetime(2024-01-02), '', long(null), dynamic({\"a\":1})];\n")
		for name, src := range queries {
			t.Run(name, func(t *testing.T) {
				want, goErr := run(src, tables, tables, kql.Options{Now: corpusNow, InGo: true})
				b.texts = nil
				got, err := run(src, tables, tables, kql.Options{Now: corpusNow, Dialect: b.dialect()})
				var ours *exec.Error
				switch {
				case errors.As(err, &ours) || errors.Is(err, context.DeadlineExceeded) || goErr != nil:
				case err != nil:
					t.Errorf("%.1000v", err)
				case !sameRows(want.rows, got.rows, want.types, false):
					t.Errorf("Go %.500v, engine %.500v", want.rows, got.rows)
				}
			})
		}
	})
}

// chained gives n columns, each made of the one before.
func chained(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " | extend c%d = iff(c%d == %d, %d, c%d)", i+1, i, i, i, i)
	}
	return b.String()
}
