package sql

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestPrintDuckDB(t *testing.T) {
	q := &Query{Root: &Select{
		With:  []CTE{{Name: "w", Materialized: true, Q: &Select{Items: []Item{{Lit{int64(1), Long}, "k"}}, Limit: -1}}},
		Items: []Item{{Col{"t", `a"b`}, "c1"}, {Call{Name: "count"}, "c2"}, {Case{[]When{{IsNull{Col{"", "x"}}, Lit{nil, Text}}}, Lit{"'; DROP", Text}}, "c3"}},
		From: Join{"LEFT", Scan{Table: "T", Columns: []string{"a"}, From: math.MinInt64, To: 5, Alias: "t"}, Sub{&Select{Items: []Item{{Lit{math.Inf(1), Double}, "d"}},
			From: Values{Names: []string{"n"}, Types: []Type{Int}, Alias: "v"}, Limit: 3}, "s"}, Binary{"=", Col{"t", "a"}, Col{"s", "d"}}},
		Where:   Binary{"AND", Not{Lit{true, Bool}}, In{Col{"", "a"}, []Expr{Lit{int32(7), Int}}}},
		GroupBy: []Expr{Col{"t", "a"}}, OrderBy: []Order{{Col{"", "c1"}, true, false}}, Limit: 10,
	}}
	text, args, err := PrintDuckDB(q, func(s Scan) (string, error) { return "(SELECT a FROM main.T)", nil })
	if err != nil {
		t.Fatal(err)
	}
	want := `WITH "w" AS MATERIALIZED (SELECT CAST($1 AS BIGINT) AS "k") SELECT "t"."a""b" AS "c1", count(*) AS "c2", CASE WHEN ("x" IS NULL) THEN CAST(NULL AS VARCHAR) ELSE CAST($2 AS VARCHAR) END AS "c3"` +
		` FROM (SELECT a FROM main.T) AS "t" LEFT JOIN (SELECT CAST($3 AS DOUBLE) AS "d" FROM (SELECT CAST(NULL AS INTEGER) WHERE FALSE) AS "v"("n") LIMIT 3) AS "s" ON ("t"."a" = "s"."d")` +
		` WHERE ((NOT CAST($4 AS BOOLEAN)) AND ("a" IN (CAST($5 AS INTEGER)))) GROUP BY "t"."a" ORDER BY "c1" DESC NULLS LAST LIMIT 10`
	if text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if want := []any{int64(1), "'; DROP", "+Inf", true, int32(7)}; !reflect.DeepEqual(args, want) {
		t.Errorf("args %v, want %v", args, want)
	}
	if s := Scans(q); len(s) != 1 || s[0].Table != "T" {
		t.Errorf("scans %v", s)
	}
}

// Equal constants are one parameter; names that differ in case alone are spelled apart.
func TestPrintSharesAndSpells(t *testing.T) {
	sum := Binary{"+", Col{"t", "x"}, Lit{int64(1), Long}}
	text, args, err := PrintDuckDB(&Query{Root: &Select{Items: []Item{{sum, "X"}}, GroupBy: []Expr{sum}, Limit: -1,
		From: Scan{Table: "T", Columns: []string{"x", "X"}, Alias: "t"}}}, func(Scan) (string, error) { return "(T)", nil })
	want := `SELECT ("t"."x" + CAST($1 AS BIGINT)) AS "X~1" FROM (T) AS "t"("x", "X~1") GROUP BY ("t"."x" + CAST($1 AS BIGINT))`
	if err != nil || text != want || len(args) != 1 {
		t.Errorf("got  %s %v, %v\nwant %s", text, args, err, want)
	}
}

func TestPrintDepth(t *testing.T) {
	e := Expr(Lit{true, Bool})
	for range 100_000 {
		e = Not{e}
	}
	if _, _, err := PrintDuckDB(&Query{Root: &Select{Items: []Item{{e, "x"}}, Limit: -1}}, nil); err == nil {
		t.Error("a tree without end was printed")
	}
}

// A tree that names something that is not ours is refused: it could only come from a bug that let user text in.
func TestPrintRefuses(t *testing.T) {
	for name, e := range map[string]Expr{
		"function": Call{Name: "read_text('/etc/passwd')"},
		"operator": Binary{"; DROP TABLE x; --", Lit{int64(1), Long}, Lit{int64(1), Long}},
		"constant": Lit{struct{}{}, Text},
		"frame":    Window{F: Call{Name: "sum"}, Frame: "anything"},
	} {
		_, _, err := PrintDuckDB(&Query{Root: &Select{Items: []Item{{e, "x"}}, Limit: -1}}, nil)
		if err == nil || !strings.HasPrefix(err.Error(), "sql: ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
