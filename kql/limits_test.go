package kql_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/kql"
)

// TestLargeTexts: texts that are large or deep are answered or refused, and soon.
func TestLargeTexts(t *testing.T) {
	list := func(n int, item func(i int) string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(item(i))
		}
		return b.String()
	}
	number := func(i int) string { return fmt.Sprint(i) }
	text := func(i int) string { return fmt.Sprintf("'host%d'", i) }
	rep := strings.Repeat
	for name, src := range map[string]string{
		"in of numbers":      "A | where v in (" + list(10_000, number) + ")",
		"in of texts":        "A | where k in~ (" + list(10_000, text) + ")",
		"has_any":            "A | where k has_any (" + list(10_000, text) + ")",
		"or":                 "A | where " + rep("v == 1 or ", 5_000) + "true",
		"literal":            "print x = strlen('" + rep("a", 1<<20) + "')",
		"dynamic":            "print dynamic([" + list(50_000, number) + "])",
		"deep dynamic":       "print dynamic(" + rep("[", 100_000) + rep("]", 100_000) + ")",
		"deep json":          "print parse_json('" + rep("[", 100_000) + "')",
		"parentheses":        "print " + rep("(", 100_000) + "1" + rep(")", 100_000),
		"nots":               "print " + rep("not(", 100_000) + "true" + rep(")", 100_000),
		"minus":              "print " + rep("-", 200_000) + "1",
		"pipes":              "A" + rep(" | extend w = v + 1", 5_000),
		"joins":              "A" + rep(" | join A on k", 200),
		"brackets":           "print x" + rep("[0]", 50_000),
		"dots":               "A | project d" + rep(".a", 50_000),
		"lets":               rep("let a = 1; ", 20_000) + "print a",
		"doubling lets":      doubling(40),
		"doubling tables":    "let t0 = A; " + doublingTables(40) + "t40 | count",
		"doubling columns":   "A | extend c0 = v" + doublingColumns(40) + " | where c40 > 5 | project c40",
		"doubling calls":     "let f = (x:long) { x + x }; A | extend c = " + rep("f(", 40) + "v" + rep(")", 40),
		"repeated strings":   "print x = strrep(strrep(strrep('abcdefgh', 1000), 1000), 1000)",
		"regular expression": "A | where k matches regex '" + rep("(a|", 20_000) + rep(")", 20_000) + "'",
		"counted expression": "A | where k matches regex '((((a{1,100}){1,100}){1,100}){1,100})'",
		"unions":             "union " + list(2_000, func(int) string { return "A" }),
		"datatable":          "datatable(x:long)[" + list(50_000, number) + "] | count",
		"open brackets":      rep("A | where k in ((", 10_000),
		"comments":           rep("/* // \n", 100_000),
	} {
		done := make(chan struct{})
		began := time.Now()
		go func() {
			defer close(done)
			q, diags := kql.Compile(src, twoTables{}, kql.Options{Now: corpusNow, InGo: true, Memory: 64 << 20})
			if diags.HasErrors() {
				return
			}
			q.Explain()
			q, _ = kql.Compile(src, nil, kql.Options{Now: corpusNow, InGo: true, Memory: 64 << 20})
			if q == nil {
				return
			}
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			for table, err := range q.Run(ctx, nil) {
				if err != nil {
					return
				}
				for _, err := range table.Rows {
					if err != nil {
						return
					}
				}
			}
		}()
		select {
		case <-done:
			t.Logf("%s: %v", name, time.Since(began).Round(time.Millisecond))
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: no end", name)
		}
	}
}

// doubling gives n variables, each twice the one before.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("let v0 = 1; ")
	for i := range n {
		fmt.Fprintf(&b, "let v%d = v%d + v%d + toscalar(A | count); ", i+1, i, i)
	}
	fmt.Fprintf(&b, "print v%d", n)
	return b.String()
}

// doublingTables gives n tables, each the union of the one before with itself.
func doublingTables(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "let t%d = union t%d, t%d; ", i+1, i, i)
	}
	return b.String()
}

// doublingColumns gives n columns, each twice the one before.
func doublingColumns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " | extend c%d = c%d + c%d", i+1, i, i)
	}
	return b.String()
}
