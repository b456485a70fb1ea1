package sql

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestPrintClickHouse(t *testing.T) {
	one := Lit{int64(1), Long}
	q := &Query{Root: &Select{
		Items: []Item{{Col{"t", `a"\b`}, "c1"}, {Call{Name: "count"}, "c2"}, {Case{[]When{{IsNull{Col{"", "x"}}, Lit{nil, Text}}}, Lit{"'; DROP", Text}}, "c3"},
			{Binary{"//", Col{"t", "a"}, one}, "c4"}, {Cast{X: Col{"t", "a"}, T: Int, Try: true}, "c5"}, {Call{Name: "any_value", Args: []Expr{one}, Filter: Lit{true, Bool}}, "c6"}},
		From: Join{"LEFT", Scan{Table: "T", Columns: []string{"a"}, From: math.MinInt64, To: 5, Alias: "t"}, Sub{&Select{Items: []Item{{Lit{math.Inf(1), Double}, "d"}},
			From: Values{Names: []string{"n"}, Types: []Type{Int}, Alias: "v"}, Limit: 3}, "s"}, Binary{"=", Col{"t", "a"}, Col{"s", "d"}}},
		Where:   Binary{"AND", Binary{"AND", Not{Lit{true, Bool}}, In{Col{"", "a"}, []Expr{one}}}, Binary{"OR", Col{"", "a"}, Col{"", "b"}}},
		GroupBy: []Expr{Col{"t", "a"}}, OrderBy: []Order{{Col{"", "c1"}, true, false}}, Limit: 10,
	}}
	text, args, err := PrintClickHouse(q, func(s Scan) (string, error) { return "(SELECT a FROM main.T)", nil })
	if err != nil {
		t.Fatal(err)
	}
	want := `SELECT "t"."a\"\\b" AS "c1", count() AS "c2", CASE WHEN ("x" IS NULL) THEN CAST(NULL AS Nullable(String)) ELSE {p1:String} END AS "c3",` +
		` (intDiv("t"."a", {p2:Int64})) AS "c4", accurateCastOrNull("t"."a", 'Int32') AS "c5", any({p2:Int64}) FILTER (WHERE {p3:Bool}) AS "c6"` +
		` FROM (SELECT a FROM main.T) AS "t" ALL LEFT JOIN (SELECT {p4:Float64} AS "d" FROM (SELECT CAST(NULL AS Nullable(Int32)) AS "n" WHERE 0) AS "v" LIMIT 3) AS "s" ON ("t"."a" = "s"."d")` +
		` WHERE ((NOT {p3:Bool}) AND ("a" IN ({p2:Int64})) AND ("a" OR "b")) GROUP BY "t"."a" ORDER BY "c1" DESC NULLS LAST LIMIT 10`
	if text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if want := []any{"'; DROP", int64(1), true, math.Inf(1)}; !reflect.DeepEqual(args, want) {
		t.Errorf("args %v, want %v", args, want)
	}
}

// What ClickHouse has no words for is refused, not left out.
func TestPrintClickHouseRefuses(t *testing.T) {
	ordered := Call{Name: "list", Args: []Expr{Col{"", "a"}}, OrderBy: []Order{{X: Col{"", "a"}}}}
	if _, _, err := PrintClickHouse(&Query{Root: &Select{Items: []Item{{ordered, "x"}}, Limit: -1}}, nil); err == nil || !strings.HasPrefix(err.Error(), "sql: ") {
		t.Errorf("got %v", err)
	}
}
