package kql_test

import (
	"slices"
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// otherSpellings are operators that the manual describes under another name, and one that is internal.
var otherSpellings = []string{"filter", "limit", "mvapply", "mvexpand", "order", "inline_external_table"}

// TestOperatorExamples runs the example of every operator; every operator has one, unless it is refused.
func TestOperatorExamples(t *testing.T) {
	described := slices.Clone(otherSpellings)
	for _, o := range syntax.OperatorDocs() {
		described = append(described, o.Name)
		if o.Example == "" {
			if o.Refused == "" {
				t.Errorf("%s has neither an example nor a reason why it is refused", o.Name)
			}
			continue
		}
		got, err := run(o.Example, nil, nil, kql.Options{})
		if o.Refused != "" {
			if err == nil {
				t.Errorf("%s is refused by the manual, but it runs", o.Name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %s: %v", o.Name, o.Example, err)
			continue
		}
		compareExample(t, o.Name, o.Example, o.Rows, got)
	}
	for _, name := range syntax.Operators() {
		if !slices.Contains(described, name) {
			t.Errorf("the operator %s is not described", name)
		}
	}
}
