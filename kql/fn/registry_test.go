package fn

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// shared gives the path of reference data that lies beside the repository, and skips the test where there is none.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("no reference data beside the repository:", name)
	}
	return path
}

func TestEveryReferenceFunctionIsDeclared(t *testing.T) {
	text, err := os.ReadFile(shared(t, "tools/oracle/functions_catalog.json"))
	if err != nil {
		t.Fatal(err)
	}
	type entry struct {
		Name   string
		Kind   string `json:"result_name_kind"`
		Prefix string `json:"result_name_prefix"`
	}
	var catalog struct{ Functions, Aggregates []entry }
	if err := json.Unmarshal(text, &catalog); err != nil {
		t.Fatal(err)
	}
	// tables and other sources are the binder's
	source := map[string]bool{"cluster": true, "database": true, "table": true, "external_table": true, "materialized_view": true, "entity_group": true, "stored_query_result": true, "graph": true,
		"__lz4_compress_dynamic_array_to_base64_string": true, "__invoke": true}
	rule := map[string]NameRule{"Default": NameNone, "FirstArgument": NameFirstArg, "PrefixAndFirstArgument": NamePrefix, "NameAndFirstArgument": NamePrefix, "PrefixOnly": NameOnlyPrefix, "OnlyArgument": NameOnlyArg, "FirstArgumentValueIfColumn": NameArgValue}
	check := func(f *Func, e entry) {
		switch {
		case source[e.Name]:
			return
		case f == nil:
			t.Errorf("%s is not declared", e.Name)
			return
		case strings.Contains(e.Name, "percentile") && e.Kind == "Default", strings.HasPrefix(e.Name, "arg"), e.Name == "take_any": // several columns: named by the binder
			return
		}
		if f.NameRule != rule[e.Kind] {
			t.Errorf("%s: name rule %d, want %s", e.Name, f.NameRule, e.Kind)
		}
		if e.Prefix != "" && f.Prefix != e.Prefix {
			t.Errorf("%s: prefix %q, want %q", e.Name, f.Prefix, e.Prefix)
		}
	}
	for _, e := range catalog.Functions {
		check(registry().scalar[e.Name], e)
	}
	for _, e := range catalog.Aggregates {
		check(LookupAggregate(e.Name), e)
	}
}

func TestLookup(t *testing.T) {
	if f := Lookup("strlen"); f == nil || f.Kind != Scalar {
		t.Error("strlen")
	}
	if f := Lookup("any"); f == nil || f.Kind != Scalar {
		t.Error("any is a scalar function first")
	}
	if f := LookupAggregate("any"); f == nil || f.Kind != Aggregate {
		t.Error("any is an aggregate too")
	}
	if f := Lookup("count"); f == nil || f.Kind != Aggregate {
		t.Error("count")
	}
	if Lookup("prev").Kind != Window || Lookup("Strlen") != nil || Lookup("has") != nil || Operator("has") == nil || Operator("!has_cs") == nil {
		t.Error("namespaces")
	}
	for _, f := range All() {
		if f.Doc == "" || f.Group == "" || f.Bind == nil {
			t.Errorf("%s lacks its doc, group or Bind", f.Name)
		}
	}
}

// types of a table with a column of each type, by the letter used in testdata/types.txt.
var letters = map[string]value.Type{"b": value.Bool, "i": value.Int, "l": value.Long, "r": value.Real, "d": value.Decimal, "s": value.String, "t": value.Datetime, "ts": value.Timespan, "g": value.GUID, "y": value.Dynamic}

func TestResultTypes(t *testing.T) {
	file, err := os.Open("testdata/types.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		head, tail, ok := strings.Cut(lines.Text(), " :")
		words := strings.Fields(head)
		if !ok || words[0] == "#" {
			continue
		}
		f := Operator(words[0])
		if f == nil {
			f = Lookup(words[0])
		}
		if f == nil {
			t.Errorf("no %s", words[0])
			continue
		}
		want := map[string]string{}
		for _, w := range strings.Fields(tail) {
			x, result, _ := strings.Cut(w, "=")
			want[x] = result
		}
		for x, typ := range letters {
			var args []Arg
			for _, w := range words[1:] {
				if w == "x" {
					args = append(args, Arg{Type: typ})
				} else {
					args = append(args, Arg{Type: letters[w]})
				}
			}
			got, as, err := f.Bind(args)
			switch {
			case want[x] == "" && err == nil:
				t.Errorf("%s: accepts %s", head, typ)
			case want[x] != "" && (err != nil || got != letters[want[x]] || len(as) != len(args)):
				t.Errorf("%s with %s: %s %v, want %s", head, typ, got, err, want[x])
			}
		}
	}
}
