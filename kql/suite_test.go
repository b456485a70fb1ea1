package kql_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
)

// shared gives a path of the data beside the repository, or skips.
func shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			p := filepath.Join(dir, "..", "shared", path)
			if _, e := os.Stat(p); e != nil {
				t.Skipf("%s is not beside the repository", path)
			}
			return p
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("go.mod not found")
	return ""
}

// suiteCase is a query with the answer that Kusto gave.
type suiteCase struct {
	ID               string
	Query            string
	Columns, Types   []string
	Rows             [][]any
	Ordered          bool
	Nondeterministic bool
}

func loadCases(t testing.TB) []suiteCase {
	f, err := os.Open(shared(t, "kql/cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []suiteCase
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var c suiteCase
		d := json.NewDecoder(bytes.NewReader(sc.Bytes()))
		d.UseNumber()
		if err := d.Decode(&c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

// answer is a query's first result table in the form of the suite.
type answer struct {
	columns, types []string
	rows           [][]any
}

// run compiles and runs a query as of a fixed time.
func run(src string, catalog plan.Catalog, source exec.Source, o kql.Options) (a *answer, err error) {
	if o.Now == 0 {
		o.Now = 639_000_000_000_000_000
	}
	o.Memory = 1 << 30
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	q, diags := kql.Compile(src, catalog, o)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s", kql.Errors(src, diags))
	}
	for t, err := range q.Run(ctx, source) {
		if err != nil {
			return nil, err
		}
		a := &answer{rows: [][]any{}}
		for _, c := range t.Columns {
			a.columns, a.types = append(a.columns, c.Name), append(a.types, c.Type.String())
		}
		for batch, err := range t.Rows {
			if err != nil {
				return nil, err
			}
			for _, row := range batch {
				out := make([]any, len(row))
				for i, v := range row {
					d := json.NewDecoder(bytes.NewReader(v.AppendJSON(nil)))
					d.UseNumber()
					if err := d.Decode(&out[i]); err != nil {
						return nil, fmt.Errorf("value %s: %w", v.AppendJSON(nil), err)
					}
				}
				a.rows = append(a.rows, out)
			}
		}
		return a, nil
	}
	return nil, fmt.Errorf("no result table")
}

// same compares two cells of a type.
func same(a, b any, t string) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch t {
	case "dynamic":
		return deep(parsed(a), parsed(b))
	case "real", "decimal":
		return near(fmt.Sprint(a), fmt.Sprint(b))
	case "datetime":
		return trimTime(fmt.Sprint(a)) == trimTime(fmt.Sprint(b))
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

func trimTime(s string) string {
	s = strings.TrimSuffix(s, "Z")
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func near(a, b string) bool {
	x, e1 := strconv.ParseFloat(a, 64)
	y, e2 := strconv.ParseFloat(b, 64)
	if e1 != nil || e2 != nil {
		return a == b
	}
	return math.IsNaN(x) && math.IsNaN(y) || x == y || math.Abs(x-y) <= max(1e-12, 1e-9*max(math.Abs(x), math.Abs(y)))
}

// parsed reads a dynamic that was carried as JSON text.
func parsed(x any) any {
	s, ok := x.(string)
	if !ok || s == "" || !strings.ContainsRune(`[{"`, rune(s[0])) {
		return x
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return x
	}
	return v
}

func deep(a, b any) bool {
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !deep(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			if v, ok := y[k]; !ok || !deep(x[k], v) {
				return false
			}
		}
		return true
	case json.Number:
		y, ok := b.(json.Number)
		return ok && near(x.String(), y.String())
	}
	return a == b
}

// sameRows compares rows as a multiset unless they are ordered.
func sameRows(want, got [][]any, types []string, ordered bool) bool {
	if len(want) != len(got) {
		return false
	}
	eq := func(a, b []any) bool {
		if len(a) != len(b) || len(a) != len(types) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i], types[i]) {
				return false
			}
		}
		return true
	}
	rest := append([][]any(nil), got...)
	for i, w := range want {
		found := -1
		for j, g := range rest {
			if eq(w, g) {
				found = j
				break
			}
			if ordered {
				break
			}
		}
		if found < 0 {
			return false
		}
		if ordered && found != 0 {
			return false
		}
		rest = append(rest[:found], rest[found+1:]...)
		_ = i
	}
	return true
}

// judge says equal, or what differs.
func (c *suiteCase) judge(a *answer) string {
	switch {
	case fmt.Sprint(a.columns) != fmt.Sprint(c.Columns):
		return fmt.Sprintf("names differ: got %q, want %q", a.columns, c.Columns)
	case fmt.Sprint(a.types) != fmt.Sprint(c.Types):
		return fmt.Sprintf("types differ: got %q, want %q", a.types, c.Types)
	case !c.Nondeterministic && !sameRows(c.Rows, a.rows, c.Types, c.Ordered):
		g, _ := json.Marshal(a.rows)
		w, _ := json.Marshal(c.Rows)
		return fmt.Sprintf("rows differ:\n  got  %.400s\n  want %.400s", g, w)
	}
	return ""
}
