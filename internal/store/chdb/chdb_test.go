package chdb

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/kql/sql"
)

func open(t *testing.T) *Engine {
	t.Helper()
	path, err := Library()
	if err != nil {
		t.Skip(err)
	}
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

var everyType = []Column{{"b", sql.Bool, true}, {"i", sql.Int, true}, {"l", sql.Long, true}, {"d", sql.Double, true}, {"s", sql.Text, false}, {"g", sql.Text, true}}

var everyValue = [][]any{
	{true, int32(math.MinInt32), int64(math.MaxInt64), 0.1, "a\tb\\n'\"\n\r\x00 ü 😀 \xff", "x"},
	{false, int32(7), int64(math.MinInt64), math.Inf(-1), "", ""},
	{nil, nil, nil, nil, `\N`, nil},
	{true, int32(0), int64(0), math.Copysign(0, -1), "{p1:String}", "'; DROP TABLE t1; --"},
}

// What goes in comes out, from a table and as parameters.
func TestRoundTrip(t *testing.T) {
	e := open(t)
	name, err := e.Create(everyType, everyValue)
	if err != nil {
		t.Fatal(err)
	}
	scan := &sql.Select{From: sql.Scan{Table: name, Alias: "t"}, Limit: -1}
	inline := sql.Values{Alias: "t"}
	q, v := &sql.Query{Root: scan}, &sql.Query{Root: &sql.Select{Limit: -1}}
	for _, c := range everyType {
		item := sql.Item{X: sql.Col{Table: "t", Name: c.Name}, Name: c.Name}
		q.Root.Items, q.Types = append(q.Root.Items, item), append(q.Types, c.Type)
		v.Root.Items, v.Types = append(v.Root.Items, item), append(v.Types, c.Type)
		inline.Names, inline.Types = append(inline.Names, c.Name), append(inline.Types, c.Type)
	}
	for _, row := range everyValue {
		var list []sql.Expr
		for i, x := range row {
			list = append(list, sql.Lit{V: x, T: everyType[i].Type})
		}
		inline.Rows = append(inline.Rows, list)
	}
	v.Root.From = inline
	for what, q := range map[string]*sql.Query{"table": q, "parameters": v} {
		var got [][]any
		for rows, err := range e.Query(t.Context(), q, func(s sql.Scan) (string, error) { return "(SELECT * FROM " + s.Table + ")", nil }) {
			if err != nil {
				t.Fatal(what, err)
			}
			got = append(got, rows...)
		}
		if !reflect.DeepEqual(got, everyValue) {
			t.Errorf("%s: got  %#v\nwant %#v", what, got, everyValue)
		}
	}
	if err := e.Drop(name); err != nil {
		t.Fatal(err)
	}
}

// The reading connection reads tables and nothing else, whatever a statement says.
func TestReadsOnly(t *testing.T) {
	e := open(t)
	name, err := e.Create(everyType, everyValue)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"DROP TABLE " + name,
		"INSERT INTO " + name + " SELECT * FROM " + name,
		"CREATE TABLE x (a Int64) ENGINE = Memory",
		"CREATE TEMPORARY TABLE x (a Int64)",
		"SET readonly = 0",
		"SELECT 1 SETTINGS join_use_nulls = 0",
		"SELECT * FROM file('/etc/passwd', 'LineAsString')",
		"SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
		"SELECT * FROM remote('127.0.0.1:1', 'system.one')",
		"SELECT * FROM s3('http://127.0.0.1:1/bucket/key', 'LineAsString')",
		"SELECT * FROM executable('x.sh', 'TSV', 'a String')",
		"SELECT * FROM " + name + " INTO OUTFILE '/nowhere/out'",
		"SELECT 1; DROP TABLE " + name,
	} {
		err := e.Select(context.Background(), text, nil, []sql.Type{sql.Text}, func([][]any) bool { return true })
		if err == nil {
			t.Errorf("allowed: %s", text)
		}
	}
}

func TestFaults(t *testing.T) {
	e := open(t)
	err := e.Select(t.Context(), "SELECT x FROM nothing", nil, []sql.Type{sql.Text}, func([][]any) bool { return true })
	if fault.KindOf(err) != fault.Internal || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	rows := 0
	err = e.Select(ctx, "SELECT number::Int64 FROM system.numbers", nil, []sql.Type{sql.Long}, func(r [][]any) bool {
		rows += len(r)
		cancel()
		return true
	})
	if fault.KindOf(err) != fault.Canceled || rows == 0 {
		t.Errorf("after %d rows: %v", rows, err)
	}
}

func FuzzBlocks(f *testing.F) {
	f.Add([]byte("\x01\x01\x01a\x05Int64\x01\x02\x03\x04\x05\x06\x07\x08"))
	f.Add([]byte("\x01\x02\x01a\x10Nullable(String)\x00\x01\x01x\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		bs, err := blocks(b)
		if err != nil {
			return
		}
		for _, bl := range bs {
			for _, c := range bl.columns {
				if len(c.values) != bl.rows {
					t.Fatalf("%d values in a block of %d rows", len(c.values), bl.rows)
				}
			}
		}
	})
}
