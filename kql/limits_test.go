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
		"in of numbers":       "A | where v in (" + list(10_000, number) + ")",
		"in of texts":         "A | where k in~ (" + list(10_000, text) + ")",
		"has_any":             "A | where k has_any (" + list(10_000, text) + ")",
		"or":                  "A | where " + rep("v == 1 or ", 5_000) + "true",
		"literal":             "print x = strlen('" + rep("a", 1<<20) + "')",
		"dynamic":             "print dynamic([" + list(50_000, number) + "])",
		"deep dynamic":        "print dynamic(" + rep("[", 100_000) + rep("]", 100_000) + ")",
		"deep json":           "print parse_json('" + rep("[", 100_000) + "')",
		"parentheses":         "print " + rep("(", 100_000) + "1" + rep(")", 100_000),
		"nots":                "print " + rep("not(", 100_000) + "true" + rep(")", 100_000),
		"minus":               "print " + rep("-", 200_000) + "1",
		"pipes":               "A" + rep(" | extend w = v + 1", 5_000),
		"joins":               "A" + rep(" | join A on k", 200),
		"brackets":            "print x" + rep("[0]", 50_000),
		"dots":                "A | project d" + rep(".a", 50_000),
		"lets":                rep("let a = 1; ", 20_000) + "print a",
		"doubling lets":       doubling(40),
		"doubling tables":     "let t0 = A; " + doublingTables(40) + "t40 | count",
		"doubling columns":    "A | extend c0 = v" + doublingColumns(40) + " | where c40 > 5 | project c40",
		"doubling calls":      "let f = (x:long) { x + x }; A | extend c = " + rep("f(", 40) + "v" + rep(")", 40),
		"repeated strings":    "print x = strrep(strrep(strrep('abcdefgh', 1000), 1000), 1000)",
		"regular expression":  "A | where k matches regex '" + rep("(a|", 20_000) + rep(")", 20_000) + "'",
		"counted expression":  "A | where k matches regex '((((a{1,100}){1,100}){1,100}){1,100})'",
		"unions":              "union " + list(10_000, func(int) string { return "A" }),
		"nested unions":       rep("union A, (", 1_000) + "A" + rep(")", 1_000),
		"regular words":       "A | where k matches regex '" + rep("abc|", 100_000) + "x'",
		"long pattern":        "A | parse k with * " + rep("'a' * ", 5_000) + "'b' x",
		"repeat":              "print x = repeat('abcdefgh', 1000000000)",
		"range function":      "print x = range(1, 1000000000000, 1)",
		"range of days":       "print x = range(datetime(0001-01-01), datetime(9999-12-31), 1tick)",
		"make_list":           "range x from 1 to 1000000000 step 1 | summarize make_list(strcat(x, 'abcdefghijklmnopqrstuvwxyz'))",
		"graph of a chain":    "range x from 1 to 1000000000 step 1 | extend y = x + 1 | make-graph x --> y with_node_id=n | graph-match (a)-->(b) project a.n",
		"graph pattern":       "A | make-graph k --> v with_node_id=n | graph-match (a)" + rep("-->()", 5_000) + " project a.n",
		"graph cycles":        "datatable(a:long, b:long)[1,2, 2,1, 1,1] | make-graph a --> b with_node_id=n | graph-match cycles=all (x)-[e*1..1000000000]->(y) project e.a",
		"graph paths":         "range x from 1 to 30 step 1 | extend y = range(1, 30) | mv-expand y to typeof(long) | make-graph x --> y with_node_id=n | graph-match (a)-[e*20..30]->(b) where b.n == 99 project a.n",
		"basket":              "range x from 1 to 1000000000 step 1 | evaluate basket()",
		"narrow":              "range x from 1 to 1000000000 step 1 | evaluate narrow() | count",
		"make_set":            "range x from 1 to 1000000000 step 1 | summarize make_set(x), make_bag(bag_pack(tostring(x), x))",
		"many groups":         "range x from 1 to 1000000000 step 1 | summarize count() by x",
		"sorted":              "range x from 1 to 1000000000 step 1 | sort by x desc",
		"cross join":          "let r = range x from 1 to 1000000 step 1 | extend k = 1; r | join kind=inner r on k | join kind=inner r on k | count",
		"joins of themselves": "let r = range x from 1 to 1000000 step 1 | extend k = x % 2; r | join kind=fullouter r on k | sort by x",
		"series":              "range x from 1 to 100000000 step 1 | make-series count() on x from 1 to 1000000000000 step 1",
		"expansions":          "print l = range(1, 10000, 1) | mv-expand a = l | mv-expand b = l | mv-expand c = l | count",
		"arrays of arrays":    "print x = " + rep("pack_array(", 500) + "1" + rep(", 1)", 500),
		"growing arrays":      "range x from 1 to 64 step 1 | scan declare (l:dynamic = dynamic([1])) with (step s: true => l = array_concat(s.l, s.l);)",
		"growing texts":       "range x from 1 to 64 step 1 | scan declare (l:string = 'a') with (step s: true => l = strcat(s.l, s.l);)",
		"replacements":        "print x = replace_string(strrep('a', 1000000), 'a', strrep('b', 1000000))",
		"columns":             "print " + list(20_000, number),
		"arguments":           "print strcat(" + list(20_000, text) + ")",
		"cases":               "A | extend c = case(" + rep("v == 1, 'a', ", 5_000) + "'b')",
		"pivots":              "range x from 1 to 100000 step 1 | evaluate pivot(x)",
		"unpacked":            "range x from 1 to 100000 step 1 | extend b = bag_pack(tostring(x), x) | evaluate bag_unpack(b)",
		"longs":               "print 1" + rep("0", 1<<20),
		"names":               "print " + rep("a", 1<<20) + " = 1",
		"functions":           functions(2_000),
		"nested functions":    rep("let f = () { ", 300) + "1" + rep(" }; print f()", 300),
		"graph":               "let e = range x from 1 to 200 step 1 | extend k = 1 | join kind=inner (range y from 1 to 200 step 1 | extend k = 1) on k; e | make-graph x --> y with_node_id=n | graph-match (a)-[p*1..20]->(b) project a.n, b.n",
		"datatable":           "datatable(x:long)[" + list(50_000, number) + "] | count",
		"open brackets":       rep("A | where k in ((", 10_000),
		"comments":            rep("/* // \n", 100_000),
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
			q, _ = kql.Compile(src, twoTables{}, kql.Options{Now: corpusNow, InGo: true, Memory: 64 << 20})
			if q == nil {
				return
			}
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			for table, err := range q.Run(ctx, smallTables{}) {
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

// functions gives n functions, each of which calls the one before twice.
func functions(n int) string {
	var b strings.Builder
	b.WriteString("let f0 = (x:long) { x }; ")
	for i := range n {
		fmt.Fprintf(&b, "let f%d = (x:long) { f%d(f%d(x)) }; ", i+1, i, i)
	}
	fmt.Fprintf(&b, "print f%d(1)", n)
	return b.String()
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
