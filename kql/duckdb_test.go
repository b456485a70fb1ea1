package kql_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/store/duck/cfunc"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// duckdb is DuckDB in memory.
type duckdb struct {
	db     mapping.Database
	conn   mapping.Connection
	tables int
}

func openDuckDB(t testing.TB) engine {
	d := &duckdb{}
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

func (d *duckdb) dialect() sql.Dialect { return sql.DuckDB }

func (d *duckdb) create(t testing.TB, v *plan.Values) string {
	d.tables++
	name := fmt.Sprintf("v%d", d.tables)
	var defs, marks []string
	for i, c := range v.Cols {
		defs = append(defs, fmt.Sprintf("s%d %s", i, duckTypes[storedType(c.Type)]))
		marks = append(marks, "?")
	}
	d.exec(t, "CREATE TABLE "+name+"("+strings.Join(defs, ", ")+")")
	row := "(" + strings.Join(marks, ", ") + ")"
	for rows := range slices.Chunk(v.Rows, 1+5000/len(v.Cols)) {
		var args []any
		for _, r := range rows {
			for _, x := range r {
				args = append(args, x.Stored())
			}
		}
		d.exec(t, "INSERT INTO "+name+" VALUES "+strings.TrimSuffix(strings.Repeat(row+", ", len(rows)), ", "), args...)
	}
	return name
}

func (d *duckdb) exec(t testing.TB, text string, args ...any) {
	t.Helper()
	st, err := d.prepare(text, args)
	if err != nil {
		t.Fatal(err)
	}
	defer mapping.DestroyPrepare(&st)
	var res mapping.Result
	defer mapping.DestroyResult(&res)
	if mapping.ExecutePrepared(st, &res) == mapping.StateError {
		t.Fatal(mapping.ResultError(&res), text)
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

func (d *duckdb) rows(ctx context.Context, text string, args []any, types []sql.Type, cols []plan.Column) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		st, err := d.prepare(text, args)
		if err != nil {
			yield(nil, err)
			return
		}
		defer mapping.DestroyPrepare(&st)
		var res mapping.Result
		defer mapping.DestroyResult(&res)
		defer context.AfterFunc(ctx, func() { mapping.Interrupt(d.conn) })()
		if mapping.ExecutePrepared(st, &res) == mapping.StateError {
			yield(nil, fmt.Errorf("%s in %s", mapping.ResultError(&res), text))
			return
		}
		for i, t := range types {
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
			b := rowsOf(c, types, cols)
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
