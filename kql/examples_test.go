package kql_test

import (
	"bytes"
	"encoding/json"
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
			var want [][]any
			d := json.NewDecoder(bytes.NewReader([]byte(e.Rows)))
			d.UseNumber()
			if err := d.Decode(&want); err != nil {
				t.Errorf("%s: the rows of %s are not JSON: %v", f.Name, e.Query, err)
				continue
			}
			got, err := run(e.Query, nil, nil, kql.Options{})
			if err != nil {
				t.Errorf("%s: %s: %v", f.Name, e.Query, err)
				continue
			}
			if !sameRows(want, got.rows, got.types, false) {
				rows, _ := json.Marshal(got.rows)
				t.Errorf("%s: %s\n got  %s\n want %s", f.Name, e.Query, rows, e.Rows)
			}
		}
	}
	t.Logf("%d examples", examples)
}
