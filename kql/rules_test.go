package kql_test

import (
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sqlgen"
	"github.com/vedette-siem/vedette/kql/value"
)

// twoTables is a catalog for plans that are only looked at.
type twoTables struct{}

func (twoTables) Table(name string) (*plan.Table, bool) {
	if name != "A" && name != "B" {
		return nil, false
	}
	return &plan.Table{Name: name, TimeColumn: "Timestamp", Columns: []plan.TableColumn{
		{Name: "Timestamp", Type: value.Datetime, Stored: "Timestamp"}, {Name: "TimeGenerated", Type: value.Datetime, Stored: "Timestamp"},
		{Name: "k", Type: value.String}, {Name: "v", Type: value.Long}, {Name: "d", Type: value.Dynamic}}}, true
}
func (twoTables) Tables() []string                               { return []string{"A", "B"} }
func (twoTables) Function(string) (params, body string, ok bool) { return "", "", false }

// TestRules says where each rewrite fires and where it must not: it fires where the plan is another one without it.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule, query string
		fires       bool
	}{
		{"fold", "A | where v > 5 and 1 == 1", true},
		{"fold", "A | where v > 5", false},
		{"fold", "A | extend r = rand()", false},
		{"top", "A | sort by v | take 5", true},
		{"top", "A | sort by v | extend w = v + 1 | take 5", true},
		{"top", "A | sort by v | extend w = prev(v) | take 5", false},
		{"top", "A | take 5 | sort by v", false},
		{"filter-pushdown", "A | project k, v | where v > 5", true},
		{"filter-pushdown", "A | extend w = v * 2 | where w > 5", false},
		{"filter-pushdown", "A | join kind=inner B on k | where v > 5 and v1 > 5", true},
		{"filter-pushdown", "A | join kind=leftouter B on k | where v1 > 5", false},
		{"filter-pushdown", "A | join B on k | where v > 5", false},
		{"filter-pushdown", "A | join B on k | where k == 'x'", true},
		{"filter-pushdown", "A | summarize n = count() by k | where k == 'x'", true},
		{"filter-pushdown", "A | summarize n = count() by k | where n > 5", false},
		{"filter-pushdown", "A | take 5 | where v > 5", false},
		{"filter-pushdown", "A | sort by v | extend p = prev(v) | where v > 5", false},
		{"filter-pushdown", "A | mv-expand d | where v > 5", true},
		{"filter-pushdown", "A | mv-expand d | where tostring(d) == 'x'", false},
		{"filter-pushdown", "union A, B | where k == 'x'", true},
		{"time-range", "A | where Timestamp > datetime(2024-01-01)", true},
		{"time-range", "A | where TimeGenerated between (datetime(2024-01-01) .. 1d)", true},
		{"time-range", "union A, B | where TimeGenerated > ago(1d)", true},
		{"time-range", "A | where Timestamp > datetime(2024-01-01) or v > 5", false},
		{"time-range", "A | where bin(Timestamp, 1d) != datetime(2024-01-01)", false},
		{"time-range", "A | where v > 5", false},
		{"prune", "A | project k", true},
		{"prune", "A | summarize arg_max(Timestamp, *) by k | project k, v", true},
		{"prune", "A | mv-apply x = d on (take 1 | project x) | project k, x", true},
		{"prune", "A | where v > 5", false},
		{sqlgen.ArgMax, "A | summarize arg_max(Timestamp, *) by k", true},
		{sqlgen.ArgMax, "A | summarize max(Timestamp) by k", false},
		{sqlgen.InnerUnique, "A | join B on k", true},
		{sqlgen.InnerUnique, "A | join kind=inner B on k", false},
	} {
		with, without := explain(t, c.query), explain(t, c.query, c.rule)
		if (with != without) != c.fires {
			t.Errorf("%s on %q: fires %t, want %t\nwith it\n%s\nwithout\n%s", c.rule, c.query, with != without, c.fires, with, without)
		}
	}
}

func explain(t *testing.T, query string, off ...string) string {
	t.Helper()
	q, diags := kql.Compile(query, twoTables{}, kql.Options{Now: corpusNow, Off: off})
	if diags.HasErrors() {
		t.Fatal(kql.Errors(query, diags))
	}
	return q.Explain()
}
