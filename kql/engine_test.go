package kql_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// engine is a database whose rows come back in the order in which they were put in.
type engine interface {
	dialect() sql.Dialect
	create(t testing.TB, v *plan.Values) (table string) // with columns s0, s1, … in storage form
	rows(ctx context.Context, text string, args []any, types []sql.Type, cols []plan.Column) iter.Seq2[exec.Batch, error]
	close()
}

// engines are those that the suites run on, by their names in testdata/conformance.txt. Opening one that is not installed skips.
var engines = []struct {
	name string
	open func(t testing.TB) engine
}{
	{"duckdb", openDuckDB},
	{"clickhouse", openClickHouse},
}

// eachEngine runs a test on every engine.
func eachEngine(t *testing.T, test func(t *testing.T, name string, b *backend)) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { test(t, e.name, newBackend(t, e.open)) })
	}
}

// backend is an engine with what was asked of it.
type backend struct {
	engine
	t     testing.TB
	open  func(t testing.TB) engine
	texts []string // statements run since reset
}

func newBackend(t testing.TB, open func(t testing.TB) engine) *backend {
	b := &backend{engine: open(t), t: t, open: open}
	t.Cleanup(func() { b.close() })
	return b
}

// renew begins with a new engine, without tables.
func (b *backend) renew() {
	b.close()
	b.engine = b.open(b.t)
}

func storedType(t value.Type) sql.Type {
	switch t {
	case value.Bool:
		return sql.Bool
	case value.Int:
		return sql.Int
	case value.Long, value.Datetime, value.Timespan:
		return sql.Long
	case value.Real:
		return sql.Double
	}
	return sql.Text
}

// stored turns the inline tables of a query into tables of the engine.
func (b *backend) stored(q *plan.Query) {
	made := map[*plan.Values]*plan.Scan{}
	replace := func(n plan.Node) plan.Node {
		v, ok := n.(*plan.Values)
		if !ok || len(v.Cols) == 0 {
			return n
		}
		if made[v] == nil {
			made[v] = b.table(v)
		}
		return made[v]
	}
	for i := range q.Results {
		plan.Walk(q.Results[i].Root, func(n plan.Node) {
			for k, in := range n.Inputs() {
				if m := replace(in); m != in {
					n.SetInput(k, m)
				}
			}
			for _, e := range plan.Exprs(n) {
				plan.WalkExpr(*e, func(e plan.Expr) {
					switch e := e.(type) {
					case *plan.ScalarQuery:
						e.In = replace(e.In)
					case *plan.ListQuery:
						e.In = replace(e.In)
					}
				})
			}
		})
		q.Results[i].Root = replace(q.Results[i].Root)
	}
}

func (b *backend) table(v *plan.Values) *plan.Scan {
	s := &plan.Scan{Table: b.create(b.t, v), Cols: v.Cols, From: math.MinInt64, To: math.MaxInt64}
	for i := range v.Cols {
		s.Source = append(s.Source, fmt.Sprintf("s%d", i))
	}
	return s
}

// Scan implements exec.Source.
func (b *backend) Scan(ctx context.Context, n *plan.Scan) iter.Seq2[exec.Batch, error] {
	q := &sql.Query{Root: &sql.Select{From: sql.Scan{Table: n.Table, Columns: n.Source, Alias: "t"}, Limit: -1}}
	for i, c := range n.Cols {
		q.Root.Items = append(q.Root.Items, sql.Item{X: sql.Col{Table: "t", Name: n.Source[i]}, Name: fmt.Sprintf("c%d", i)})
		q.Names, q.Types = append(q.Names, c.Name), append(q.Types, storedType(c.Type))
	}
	return b.Query(ctx, q, n.Cols)
}

// Query implements exec.Source.
func (b *backend) Query(ctx context.Context, q *sql.Query, cols []plan.Column) iter.Seq2[exec.Batch, error] {
	return b.query(ctx, q, cols, func(s sql.Scan) (string, error) { return fragment(s, s.Table), nil })
}

// fragment gives a table's columns in the order in which a scan wants them.
func fragment(s sql.Scan, table string) string {
	return "(SELECT " + strings.Join(s.Columns, ", ") + " FROM " + table + ")"
}

func (b *backend) query(ctx context.Context, q *sql.Query, cols []plan.Column, scan func(sql.Scan) (string, error)) iter.Seq2[exec.Batch, error] {
	text, args, err := sql.Print(b.dialect(), q, scan)
	if err != nil {
		return func(yield func(exec.Batch, error) bool) { yield(nil, err) }
	}
	b.texts = append(b.texts, text)
	return b.rows(ctx, text, args, q.Types, cols)
}

// TestConformanceEngines runs the reference's cases with their inline tables stored in the engine, so that what can be said in SQL is.
func TestConformanceEngines(t *testing.T) {
	cases := loadCases(t)
	eachEngine(t, func(t *testing.T, name string, b *backend) {
		equal, different, refused, asked := 0, 0, 0, 0
		for _, c := range cases {
			if !strings.Contains(c.Query, "datatable") {
				continue // nothing that could be lowered
			}
			b.texts = nil
			a, err := run(c.Query, nil, b, kql.Options{Rewrite: b.stored, Dialect: b.dialect()})
			if len(b.texts) > 0 {
				asked++
			}
			switch {
			case err != nil:
				refused++
				if in, e := run(c.Query, nil, nil, kql.Options{}); e == nil && c.judge(in) == "" {
					t.Errorf("%s: right in Go, refused with SQL: %v", c.ID, err)
				}
			default:
				if verdict := c.judge(a); verdict != "" {
					different++
					if in, e := run(c.Query, nil, nil, kql.Options{}); e == nil && c.judge(in) == "" {
						t.Errorf("%s: right in Go, different with SQL: %s\n  %s", c.ID, verdict, strings.Join(b.texts, "\n  "))
					}
				} else {
					equal++
				}
			}
		}
		t.Logf("cases with "+name+": equal %d, different %d, refused %d, of them asked the engine %d", equal, different, refused, asked)
		ratchet(t, "testdata/conformance.txt", name, equal)
	})
}
