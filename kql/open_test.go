package kql_test

import (
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
)

// TestColumnsToCome: a column that rows may bring, and none has brought so far, is null wherever it is named.
func TestColumnsToCome(t *testing.T) {
	const bags = `datatable(k:long, b:dynamic)[1, dynamic({"a":"x"}), 2, dynamic({})] | evaluate bag_unpack(b) | `
	const none = `datatable(k:long, b:dynamic)[] | evaluate bag_unpack(b) | `
	for _, c := range []struct{ query, want string }{
		{bags + `project k, a, c`, "1 | x | null\n2 |  | null\n"},
		{bags + `where isnull(c) and isempty(c) and not(isnotempty(c)) | count`, "2\n"},
		{bags + `where c == "x" or c has "x" or c > 1 or c in ("x", "y") or c startswith "x" or c between (1 .. 2) | count`, "0\n"},
		{bags + `extend d = strcat("<", c, ">"), e = c + 1, f = todatetime(c), g = tolong(c) | project k, d, e, f, g`, "1 | <> | null | null | null\n2 | <> | null | null | null\n"},
		{bags + `extend d = iff(k == 1, c, "no"), e = coalesce(c, "other"), f = case(isempty(c), "empty", c) | project d, e, f`, " | other | empty\nno | other | empty\n"},
		{bags + `summarize n = count(), s = make_set(c), m = max(c) by c`, "null | 2 | [] | null\n"},
		{bags + `summarize n = count() by a, strlen(c), bin(c, 1d)`, ""},
		{bags + `mv-expand c | count`, "2\n"},
		{bags + `mv-expand e = c.list | project e`, "null\nnull\n"},
		{bags + `project d = parse_json(c).x, e = c.y.z[0], f = split(c, ","), g = array_length(c), h = todynamic(c)["p"]`, "null | null | [\"\"] | null | null\nnull | null | [\"\"] | null | null\n"},
		{bags + `join kind=leftouter (datatable(c:string, v:long)["x", 1]) on c | project k, v`, "1 | null\n2 | null\n"},
		{bags + `join kind=inner (datatable(w:string)["x"]) on $left.c == $right.w | count`, "0\n"},
		{bags + `lookup (datatable(c:long, v:long)[1, 1]) on c | project k, c, v`, "1 | null | null\n2 | null | null\n"},
		{bags + `sort by c asc, k desc | project k`, "2\n1\n"},
		{bags + `parse c with * "=" rest | extract c = c | take 0`, ""},
		{bags + `distinct c`, "null\n"},
		{bags + `project-rename d = c | project k, d`, "1 | null\n2 | null\n"},
		{bags + `project-away c | project-reorder c, k | getschema | project ColumnName`, "k\na\n"},
		{bags + `union (datatable(c:string)["x"]) | where c == "x" | count`, "1\n"},
		{bags + `extend d = column_ifexists("c", "none") | project d`, "none\nnone\n"},
		{bags + `serialize e = prev(c), f = row_number() | project e, f`, "null | 1\nnull | 2\n"},
		{bags + `as T | where c == "" | union (T | project c) | count`, ""},
		{`let T = materialize(` + strings.TrimSuffix(bags, " | ") + `); T | where k == 1 | project c | union (T | project d)`, "null | null\nnull | null\nnull | null\n"},
		{bags + `partition by k (top 1 by c | project k, c)`, "1 | null\n2 | null\n"},
		{bags + `mv-apply e = range(1, 2) on (where e == 1 and isempty(c)) | project k, e`, "1 | 1\n2 | 1\n"},
		{bags + `make-series n = count() default = 0 on k from 1 to 3 step 1 by c | project c, n`, "null | [1,1]\n"},
		{bags + `extend t = todatetime(c) | where t > ago(1d) or datetime_diff("day", now(), t) > 1 | count`, "0\n"},
		{bags + `where tostring(c) has_any ("x", "y") or c matches regex "x" or c =~ "X" or ipv4_is_private(c) | count`, "0\n"},
		{bags + `top 1 by c | count`, "1\n"},
		{bags + `summarize arg_max(k, c), dcount(c), countif(c == 1), sum(c), avg(tolong(c)), percentile(c, 50)`, ""},
		{none + `where c == "x" | summarize by c, d | project-rename e = c | join kind=inner (datatable(d:string)["x"]) on d`, ""},
		{none + `summarize count() by c`, ""},
		{none + `evaluate bag_unpack(c) | project x, y`, ""},
		{none + `evaluate pivot(c, sum(k)) | project x, y`, ""},
	} {
		if c.want == "" {
			if _, diags := kql.Compile(c.query, nil, kql.Options{}); diags.HasErrors() {
				continue // refused by the language, with or without the column
			}
			if _, err := fetched(t, c.query, kql.Options{}); err != nil {
				t.Errorf("%s\n%v", c.query, err)
			}
			continue
		}
		got, err := fetched(t, c.query, kql.Options{})
		if err != nil || got != c.want {
			t.Errorf("%s\n got %q, %v\nwant %q", c.query, got, err, c.want)
		}
	}
	q, diags := kql.Compile(bags+"project c", nil, kql.Options{})
	if len(diags) > 0 {
		t.Errorf("before the rows are known: %v", diags)
	}
	for table, err := range q.Run(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		for range table.Rows {
		}
	}
	if d := q.Diags(); len(d) != 1 || !strings.Contains(d[0].Message, "`c`") {
		t.Errorf("once they are known: %v", d)
	}
}

// TestSeriesWithoutAxis: an axis that the rows decide is nowhere when there are none, which is no fault.
func TestSeriesWithoutAxis(t *testing.T) {
	const series = `let start = toscalar(T | summarize min(v)); T | make-series n = count() default = 0 on v in range(start, start + 2, 1)`
	if got, err := fetched(t, `let T = datatable(v:long)[]; `+series, kql.Options{}); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := fetched(t, `let T = datatable(v:long, start:long)[5, 1, 6, 2]; `+series, kql.Options{}); err != nil || got != "[1,1,0] | [5,6,7]\n" {
		t.Errorf("a variable of a column's name: %q, %v", got, err)
	}
}
