package kql_test

import (
	"context"
	"errors"
	"flag"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// seed gives a fuzzer the queries of our own tests, over the tables A and B; when it looks for new texts, the reference's, too.
func seed(f *testing.F) {
	files, _ := filepath.Glob("testdata/ops/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, s := range ar.Files {
			if strings.HasSuffix(s.Name, ".kql") {
				text := string(s.Data)
				f.Add(text)
				f.Add(strings.NewReplacer("Proc", "A", "Net", "B", "Device", "k", "Size", "v", "Info", "d").Replace(text))
			}
		}
	}
	if fuzzing := flag.Lookup("test.fuzz"); fuzzing != nil && fuzzing.Value.String() != "" {
		for _, c := range loadCases(f) {
			f.Add(c.Query)
		}
	}
}

// FuzzCompile compiles and explains texts, prints their SQL for every engine, and runs them in Go over two small tables: whatever they are,
// there is an answer or an error.
func FuzzCompile(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text string) {
		q, diags := kql.Compile(text, twoTables{}, kql.Options{Now: corpusNow})
		for _, d := range diags {
			d.Text(text)
		}
		if diags.HasErrors() {
			return
		}
		q.Explain()
		for _, dialect := range []sql.Dialect{sql.DuckDB, sql.ClickHouse} {
			bounded(text, smallTables{t, dialect}, kql.Options{Now: corpusNow, Dialect: dialect, Memory: 16 << 20})
		}
		bounded(text, smallTables{t: t}, kql.Options{Now: corpusNow, InGo: true, Memory: 16 << 20})
	})
}

// bounded compiles and runs a text for a second, or until there are many rows.
func bounded(text string, source exec.Source, o kql.Options) error {
	return boundedOver(text, twoTables{}, source, o)
}

func boundedOver(text string, catalog plan.Catalog, source exec.Source, o kql.Options) error {
	q, diags := kql.Compile(text, catalog, o)
	if diags.HasErrors() {
		return errors.New(kql.Errors(text, diags))
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for table, err := range q.Run(ctx, source) {
		if err != nil {
			return err
		}
		n := 0
		for rows, err := range table.Rows {
			if err != nil {
				return err
			}
			if n += len(rows); n > 100_000 {
				return nil
			}
		}
	}
	return nil
}

// smallTables reads the tables A and B: in Go a few rows; where SQL is asked for, it only must be printable.
type smallTables struct {
	t       *testing.T
	dialect sql.Dialect
}

// Scan implements exec.Source.
func (s smallTables) Scan(_ context.Context, n *plan.Scan) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		var b exec.Batch
		for i := range int64(5) {
			row := make(exec.Row, len(n.Cols))
			for j, c := range n.Cols {
				row[j] = value.NullOf(c.Type)
				switch c.Type {
				case value.Datetime:
					row[j] = value.OfDatetime(corpusNow - i*864_000_000_000)
				case value.String:
					row[j] = value.OfString(words[i+1])
				case value.Long:
					row[j] = value.OfLong(i - 1)
				case value.Dynamic:
					row[j] = value.ParseDynamic(bags[i])
				}
			}
			b = append(b, row)
		}
		yield(b, nil)
	}
}

// Query implements exec.Source.
func (s smallTables) Query(_ context.Context, q *sql.Query, _ []plan.Column) iter.Seq2[exec.Batch, error] {
	if _, _, err := sql.Print(s.dialect, q, func(sc sql.Scan) (string, error) { return fragment(sc, sc.Table), nil }); err != nil {
		s.t.Fatal(err)
	}
	return func(func(exec.Batch, error) bool) {}
}

// FuzzEngine runs texts in Go and with DuckDB's help, over the same rows: where Go answers, the engine must not refuse what was made for it.
func FuzzEngine(f *testing.F) {
	seed(f)
	b := newBackend(f, openDuckDB)
	tables := newStored(f, b, `A = datatable(Timestamp:datetime, k:string, v:long, d:dynamic)[
		datetime(2024-01-01), "cmd.exe", 1, dynamic({"a":1,"list":[1,2,"y"]}), datetime(2023-12-31), "", -7, dynamic(["a","b"]),
		datetime(2023-12-30 10:11:12.1234567), "powershell -enc aGVsbG8=", long(null), dynamic(null), datetime(2023-12-30), "ÄÖ 10.0.0.5", 9223372036854775807, dynamic("text")];
B = datatable(Timestamp:datetime, k:string, v:long, d:dynamic)[
		datetime(2024-01-01), "cmd.exe", 0, dynamic(1.5), datetime(2023-12-31 23:59), "CMD.EXE /c x", 1, dynamic({"UserAgent":"curl"})];
`)
	f.Fuzz(func(t *testing.T, text string) {
		inGo := boundedOver(text, tables, tables, kql.Options{Now: corpusNow, InGo: true, Memory: 64 << 20})
		if inGo != nil {
			return
		}
		b.texts = nil
		err := boundedOver(text, tables, tables, kql.Options{Now: corpusNow, Memory: 64 << 20, Dialect: sql.DuckDB})
		var own *kql.Error
		switch {
		case err == nil, errors.Is(err, context.DeadlineExceeded), strings.Contains(err.Error(), "INTERRUPT"):
		case errors.As(err, &own) && own.Kind == exec.Exhausted: // the rows came by another way, and needed more memory
		default:
			t.Fatalf("Go answers, with SQL: %v\n%s", err, strings.Join(b.texts, "\n"))
		}
	})
}
