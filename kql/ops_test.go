package kql_test

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/sqlgen"
)

var update = flag.Bool("update", false, "rewrite testdata: everything but queries and rows")

// A file of testdata/ops holds, for one operator, any number of
//
//	-- tables.kql --     tables: name = datatable(…)[…]; an event time is the column Timestamp, also called TimeGenerated
//	-- name.kql --       a query
//	-- name.plan --      its plan after optimization
//	-- name.duckdb --    how DuckDB and Go share it
//	-- name.clickhouse -- how ClickHouse and Go share it
//	-- name.rows --      the rows: a line each, cells as JSON separated by tabs; unordered unless the query sorts
//
// The rows must come out of Go alone, out of every engine, and out of them with each rule switched off.

func TestOps(t *testing.T) {
	files, err := filepath.Glob("testdata/ops/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { opsFile(t, file) })
	}
}

func opsFile(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, f := range ar.Files {
		sections[f.Name] = string(f.Data)
	}
	made := map[string]string{}
	eachEngine(t, func(t *testing.T, engine string, b *backend) {
		tables := newStored(t, b, sections["tables.kql"])
		for _, f := range ar.Files {
			if name, ok := strings.CutSuffix(f.Name, ".kql"); ok && name != "tables" {
				t.Run(name, func(t *testing.T) {
					opsRows(t, tables, string(f.Data), sections[name+".rows"])
					made[name+".plan"], made[name+"."+engine] = opsTexts(t, tables, string(f.Data))
				})
			}
		}
	})
	var out []txtar.File
	for _, f := range ar.Files {
		name, isQuery := strings.CutSuffix(f.Name, ".kql")
		if !isQuery {
			continue
		}
		out = append(out, f)
		if name == "tables" {
			continue
		}
		for _, kind := range []string{".plan", ".duckdb", ".clickhouse"} {
			text, ok := made[name+kind]
			if !ok { // the engine is not here
				text = sections[name+kind]
			}
			if text != sections[name+kind] && !*update {
				t.Errorf("%s%s differs (go test -update rewrites it):\n%s", name, kind, text)
			}
			out = append(out, txtar.File{Name: name + kind, Data: []byte(text)})
		}
		out = append(out, txtar.File{Name: name + ".rows", Data: []byte(sections[name+".rows"])})
	}
	if *update && !t.Failed() {
		ar.Files = out
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// opsRows checks the rows in every way of running on an engine.
func opsRows(t *testing.T, tables *stored, src, want string) {
	d := tables.dialect()
	ways := map[string]kql.Options{"Go": {InGo: true}, "SQL": {}}
	for _, r := range plan.Rules {
		ways["Go without "+r.Name] = kql.Options{InGo: true, Off: []string{r.Name}}
		ways["SQL without "+r.Name] = kql.Options{Off: []string{r.Name}}
	}
	for _, name := range []string{sqlgen.ArgMax, sqlgen.InnerUnique} {
		ways["SQL without "+name] = kql.Options{Off: []string{name}}
	}
	for way, o := range ways {
		o.Now, o.Dialect = corpusNow, d
		q, diags := kql.Compile(src, tables, o)
		if diags.HasErrors() {
			t.Fatal(kql.Errors(src, diags))
		}
		got, sorted, err := rowsText(q, tables)
		if err != nil {
			t.Errorf("%s: %v", way, err)
			continue
		}
		if lines(got, sorted) != lines(want, sorted) {
			t.Errorf("%s: rows are\n%swant\n%s", way, got, want)
		}
	}
}

// opsTexts gives the plan and how the engine and Go share it.
func opsTexts(t *testing.T, tables *stored, src string) (planText, sqlText string) {
	q, _ := kql.Compile(src, tables, kql.Options{Now: corpusNow, Dialect: tables.dialect()})
	if err := q.Discover(context.Background(), tables); err != nil {
		t.Fatal(err)
	}
	sqlText = q.Explain()
	q, _ = kql.Compile(src, tables, kql.Options{Now: corpusNow, InGo: true})
	if err := q.Discover(context.Background(), tables); err != nil {
		t.Fatal(err)
	}
	q.Explain()
	for _, r := range q.Query().Results {
		planText += plan.Text(r.Root, nil)
	}
	return planText, sqlText
}

func lines(s string, sorted bool) string {
	l := strings.Split(strings.TrimSpace(s), "\n")
	if !sorted {
		sort.Strings(l)
	}
	return strings.Join(l, "\n")
}

func rowsText(q *kql.Compiled, source exec.Source) (text string, sorted bool, err error) {
	var b strings.Builder
	sorted = true
	for table, err := range q.Run(context.Background(), source) {
		if err != nil {
			return "", false, err
		}
		sorted = sorted && table.Sorted
		for i, c := range table.Columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(c.Name + ":" + c.Type.String())
		}
		b.WriteByte('\n')
		for batch, err := range table.Rows {
			if err != nil {
				return "", false, err
			}
			for _, row := range batch {
				for i, v := range row {
					if i > 0 {
						b.WriteByte('\t')
					}
					b.Write(v.AppendJSON(nil))
				}
				b.WriteByte('\n')
			}
		}
	}
	return b.String(), sorted, nil
}

// stored is a catalog and a source of tables that lie both in Go and in the engine.
type stored struct {
	*backend
	tables map[string]*plan.Table
	scans  map[string]*plan.Scan
	rows   map[string][]exec.Row
}

// newStored makes the tables of statements of the form name = datatable(…)[…];
func newStored(t testing.TB, b *backend, text string) *stored {
	s := &stored{backend: b, tables: map[string]*plan.Table{}, scans: map[string]*plan.Scan{}, rows: map[string][]exec.Row{}}
	for _, stmt := range strings.Split(text, ";\n") {
		name, def, ok := strings.Cut(strings.TrimSpace(stmt), " = ")
		if !ok {
			continue
		}
		q, diags := kql.Compile(strings.TrimSuffix(def, ";"), nil, kql.Options{})
		if diags.HasErrors() {
			t.Fatal(kql.Errors(def, diags))
		}
		v := &plan.Values{}
		tab := &plan.Table{Name: name}
		for table, err := range q.Run(context.Background(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			v.Cols = table.Columns
			for batch, err := range table.Rows {
				if err != nil {
					t.Fatal(err)
				}
				v.Rows = append(v.Rows, batch...)
			}
		}
		scan := s.backend.table(v)
		for i, c := range v.Cols {
			tab.Columns = append(tab.Columns, plan.TableColumn{Name: c.Name, Type: c.Type, Stored: scan.Source[i]})
			if c.Name == "Timestamp" {
				tab.TimeColumn = "Timestamp"
				tab.Columns = append(tab.Columns, plan.TableColumn{Name: "TimeGenerated", Type: c.Type, Stored: scan.Source[i]})
			}
		}
		s.tables[name], s.scans[name], s.rows[name] = tab, scan, v.Rows
	}
	return s
}

// Table, Tables and Function implement plan.Catalog.
func (s *stored) Table(name string) (*plan.Table, bool) { t, ok := s.tables[name]; return t, ok }
func (s *stored) Tables() []string {
	var out []string
	for name := range s.tables {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
func (s *stored) Function(string) (params, body string, ok bool) { return "", "", false }

// Scan gives the rows from Go's copy, so that Go's answer owes nothing to the engine.
func (s *stored) Scan(_ context.Context, n *plan.Scan) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		var b exec.Batch
		for _, row := range s.rows[n.Table] {
			out := make(exec.Row, len(n.Cols))
			for i, source := range n.Source {
				var at int
				fmt.Sscanf(source, "s%d", &at)
				out[i] = row[at]
			}
			b = append(b, out)
		}
		yield(b, nil)
	}
}

// Query sends SQL to the engine under the names that the tables have there.
func (s *stored) Query(ctx context.Context, q *sql.Query, cols []plan.Column) iter.Seq2[exec.Batch, error] {
	return s.backend.query(ctx, q, cols, func(sc sql.Scan) (string, error) {
		scan := s.scans[sc.Table]
		if scan == nil {
			return "", fmt.Errorf("no table %s", sc.Table)
		}
		return fragment(sc, scan.Table), nil
	})
}
