package kql_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/fn"
)

// TestExamples runs every example of the manual and compares its rows.
func TestExamples(t *testing.T) {
	examples := 0
	for _, f := range fn.All() {
		for _, e := range f.Examples {
			examples++
			got, err := run(e.Query, nil, nil, kql.Options{})
			if err != nil {
				t.Errorf("%s: %s: %v", f.Name, e.Query, err)
				continue
			}
			compareExample(t, f.Name, e.Query, e.Rows, got)
		}
	}
	t.Logf("%d examples", examples)
}

// compareExample compares the rows of an example, given as JSON, with those that it gave.
func compareExample(t *testing.T, name, query, rows string, got *answer) {
	t.Helper()
	var want [][]any
	d := json.NewDecoder(strings.NewReader(rows))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		t.Errorf("%s: the rows of %s are not JSON: %v", name, query, err)
		return
	}
	if !sameRows(want, got.rows, got.types, false) {
		have, _ := json.Marshal(got.rows)
		t.Errorf("%s: %s\n got  %s\n want %s", name, query, have, rows)
	}
}
