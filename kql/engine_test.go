package kql_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/store/duck/cfunc"
	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// duckdb is an engine in memory whose tables are the inline tables of queries, so that the reference's cases, which have no stored
// tables, are lowered too.
type duckdb struct {
	t      testing.TB
	db     mapping.Database
	conn   mapping.Connection
	tables int
	texts  []string // statements run since reset
}

func openDuckDB(t testing.TB) *duckdb {
	d := &duckdb{t: t}
	var cfg mapping.Config
	if mapping.CreateConfig(&cfg) == mapping.StateError {
		t.Fatal("no configuration")
	}
	defer mapping.DestroyConfig(&cfg)
	mapping.SetConfig(cfg, "threads", "1") // rows come in the order in which they were put in
	mapping.SetConfig(cfg, "memory_limit", "1GB")
	var msg string
	if mapping.OpenExt("", &d.db, cfg, &msg) == mapping.StateError {
		t.Fatal(msg)
	}
	if mapping.Connect(d.db, &d.conn) == mapping.StateError {
		t.Fatal("no connection")
	}
	t.Cleanup(d.close)
	if err := cfunc.Register(d.conn); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *duckdb) close() {
	mapping.Disconnect(&d.conn)
	mapping.Close(&d.db)
}

var duckTypes = map[sql.Type]string{sql.Bool: "BOOLEAN", sql.Int: "INTEGER", sql.Long: "BIGINT", sql.Double: "DOUBLE", sql.Text: "VARCHAR"}
var duckIDs = map[sql.Type]mapping.Type{sql.Bool: mapping.TypeBoolean, sql.Int: mapping.TypeInteger, sql.Long: mapping.TypeBigInt,
	sql.Double: mapping.TypeDouble, sql.Text: mapping.TypeVarchar}

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
func (d *duckdb) stored(q *plan.Query) {
	made := map[*plan.Values]*plan.Scan{}
	replace := func(n plan.Node) plan.Node {
		v, ok := n.(*plan.Values)
		if !ok || len(v.Cols) == 0 {
			return n
		}
		if made[v] == nil {
			made[v] = d.table(v)
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

func (d *duckdb) table(v *plan.Values) *plan.Scan {
	d.tables++
	s := &plan.Scan{Table: fmt.Sprintf("v%d", d.tables), Cols: v.Cols, From: math.MinInt64, To: math.MaxInt64}
	var defs, marks []string
	for i, c := range v.Cols {
		name := fmt.Sprintf("s%d", i)
		s.Source = append(s.Source, name)
		defs = append(defs, name+" "+duckTypes[storedType(c.Type)])
		marks = append(marks, "?")
	}
	d.exec("CREATE TABLE " + s.Table + "(" + strings.Join(defs, ", ") + ")")
	insert := "INSERT INTO " + s.Table + " VALUES (" + strings.Join(marks, ", ") + ")"
	for _, row := range v.Rows {
		args := make([]any, len(row))
		for i, x := range row {
			args[i] = x.Stored()
		}
		d.exec(insert, args...)
	}
	return s
}

func (d *duckdb) exec(text string, args ...any) {
	d.t.Helper()
	st, err := d.prepare(text, args)
	if err != nil {
		d.t.Fatal(err)
	}
	defer mapping.DestroyPrepare(&st)
	var res mapping.Result
	defer mapping.DestroyResult(&res)
	if mapping.ExecutePrepared(st, &res) == mapping.StateError {
		d.t.Fatal(mapping.ResultError(&res), text)
	}
}

func (d *duckdb) prepare(text string, args []any) (mapping.PreparedStatement, error) {
	var st mapping.PreparedStatement
	if mapping.Prepare(d.conn, text, &st) == mapping.StateError {
		err := fmt.Errorf("%s in %s", mapping.PrepareError(st), text)
		mapping.DestroyPrepare(&st)
		return st, err
	}
	for i, a := range args {
		at := mapping.IdxT(i + 1)
		switch v := a.(type) {
		case nil:
			mapping.BindNull(st, at)
		case bool:
			mapping.BindBoolean(st, at, v)
		case int32:
			mapping.BindInt32(st, at, v)
		case int64:
			mapping.BindInt64(st, at, v)
		case float64:
			mapping.BindDouble(st, at, v)
		case string:
			mapping.BindVarcharLength(st, at, v, mapping.IdxT(len(v)))
		default:
			return st, fmt.Errorf("no binding for %T", a)
		}
	}
	return st, nil
}

// Scan implements exec.Source.
func (d *duckdb) Scan(ctx context.Context, n *plan.Scan) iter.Seq2[exec.Batch, error] {
	q := &sql.Query{Root: &sql.Select{From: sql.Scan{Table: n.Table, Columns: n.Source, Alias: "t"}, Limit: -1}}
	for i, c := range n.Cols {
		q.Root.Items = append(q.Root.Items, sql.Item{X: sql.Col{Table: "t", Name: n.Source[i]}, Name: fmt.Sprintf("c%d", i)})
		q.Names, q.Types = append(q.Names, c.Name), append(q.Types, storedType(c.Type))
	}
	return d.Query(ctx, q, n.Cols)
}

// Query implements exec.Source.
func (d *duckdb) Query(ctx context.Context, q *sql.Query, cols []plan.Column) iter.Seq2[exec.Batch, error] {
	return d.query(ctx, q, cols, func(s sql.Scan) (string, error) { return fragment(s, s.Table), nil })
}

// fragment gives a table's columns in the order in which a scan wants them.
func fragment(s sql.Scan, table string) string {
	return "(SELECT " + strings.Join(s.Columns, ", ") + " FROM " + table + ")"
}

func (d *duckdb) query(_ context.Context, q *sql.Query, cols []plan.Column, scan func(sql.Scan) (string, error)) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		text, args, err := sql.PrintDuckDB(q, scan)
		if err != nil {
			yield(nil, err)
			return
		}
		d.texts = append(d.texts, text)
		st, err := d.prepare(text, args)
		if err != nil {
			yield(nil, err)
			return
		}
		defer mapping.DestroyPrepare(&st)
		var res mapping.Result
		defer mapping.DestroyResult(&res)
		if mapping.ExecutePrepared(st, &res) == mapping.StateError {
			yield(nil, fmt.Errorf("%s in %s", mapping.ResultError(&res), text))
			return
		}
		for i, t := range q.Types {
			if got := mapping.ColumnType(&res, mapping.IdxT(i)); got != duckIDs[t] {
				yield(nil, fmt.Errorf("column %d has engine type %d, want %s in %s", i, got, duckTypes[t], text))
				return
			}
		}
		for {
			c := mapping.FetchChunk(res)
			if c.Ptr == nil {
				return
			}
			b := rowsOf(c, q.Types, cols)
			mapping.DestroyDataChunk(&c)
			if len(b) > 0 && !yield(b, nil) {
				return
			}
		}
	}
}

func rowsOf(c mapping.DataChunk, types []sql.Type, cols []plan.Column) exec.Batch {
	n := int(mapping.DataChunkGetSize(c))
	b := make(exec.Batch, n)
	for i := range b {
		b[i] = make(exec.Row, len(cols))
	}
	for j, col := range cols {
		v := mapping.DataChunkGetVector(c, mapping.IdxT(j))
		data, mask := mapping.VectorGetData(v), (*uint64)(mapping.VectorGetValidity(v))
		for i := range n {
			var x any
			if mask == nil || unsafe.Slice(mask, (n+63)/64)[i/64]>>(i%64)&1 == 1 {
				switch types[j] {
				case sql.Bool:
					x = unsafe.Slice((*bool)(data), n)[i]
				case sql.Int:
					x = unsafe.Slice((*int32)(data), n)[i]
				case sql.Long:
					x = unsafe.Slice((*int64)(data), n)[i]
				case sql.Double:
					x = unsafe.Slice((*float64)(data), n)[i]
				default:
					x = strings.Clone(mapping.StringTData(&unsafe.Slice((*mapping.StringT)(data), n)[i]))
				}
			}
			b[i][j] = value.FromStored(col.Type, x)
		}
	}
	return b
}

// TestConformanceDuckDB runs the reference's cases with their inline tables stored in the engine, so that what can be said in SQL is.
func TestConformanceDuckDB(t *testing.T) {
	cases := loadCases(t)
	d := openDuckDB(t)
	equal, different, refused, asked := 0, 0, 0, 0
	for _, c := range cases {
		if !strings.Contains(c.Query, "datatable") {
			continue // nothing that could be lowered
		}
		d.texts = nil
		a, err := run(c.Query, nil, d, kql.Options{Rewrite: d.stored, Dialect: sql.DuckDB})
		if len(d.texts) > 0 {
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
					t.Errorf("%s: right in Go, different with SQL: %s\n  %s", c.ID, verdict, strings.Join(d.texts, "\n  "))
				}
			} else {
				equal++
			}
		}
	}
	t.Logf("cases with DuckDB: equal %d, different %d, refused %d, of them asked the engine %d", equal, different, refused, asked)
	ratchet(t, "testdata/conformance.txt", "duckdb", equal)
}
