package kql_test

import (
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
)

// TestCannotRunHere: what is well formed but cannot be run here is a warning when a query is checked, and an error that names it when it is
// to be run.
func TestCannotRunHere(t *testing.T) {
	for _, c := range []struct{ query, names string }{
		{`externaldata(a:string)["https://example.com/a.csv"]`, "externaldata"},
		{`A | evaluate python(typeof(*), "pass")`, "python"},
		{`cluster("other").database("d").T | where x == 1 | project y`, `cluster("other")`},
		{`A | extend b = hash_many(k, k)`, "hash_many()"},
		{`declare query_parameters(n:long); A | where v == n`, "n"},
	} {
		diags := kql.Check(c.query, twoTables{}, kql.Options{})
		if diags.HasErrors() {
			t.Errorf("check of %s: %s", c.query, kql.Errors(c.query, diags))
		}
		_, diags = kql.Compile(c.query, twoTables{}, kql.Options{})
		if text := kql.Errors(c.query, diags); !strings.Contains(text, c.names) {
			t.Errorf("%s: the error does not name %s: %s", c.query, c.names, text)
		}
	}
	q, _ := kql.Compile("print x = 1", nil, kql.Options{Check: true})
	for _, err := range q.Run(t.Context(), nil) {
		if err == nil {
			t.Error("a query that was only checked runs")
		}
	}
}
