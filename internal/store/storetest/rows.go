// Package storetest is the conformance suite of package store: what every adapter must do. An adapter's test opens a store and calls Run.
//
// It imports the store port, words and kql/sql.
package storetest

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// Table is the table that the suite mostly writes to.
const Table = "DeviceProcessEvents"

// Day is the first day of the suite's rows.
var Day = time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC)

// Rows makes n rows of Table that begin at t, one a millisecond, numbered from first. Equal numbers make equal rows.
func Rows(t time.Time, first, n int) *store.Chunk {
	cols := []schema.Column{
		{Name: "Timestamp", Type: schema.Datetime}, {Name: "DeviceName", Type: schema.String}, {Name: "ProcessCommandLine", Type: schema.String},
		{Name: "FileSize", Type: schema.Long}, {Name: "AdditionalFields", Type: schema.Dynamic}, {Name: "TimeGenerated", Type: schema.Datetime},
		{Name: "LogonId", Type: schema.Long}, {Name: "LogonID", Type: schema.Long}, {Name: "IsProcessRemoteSession", Type: schema.Bool},
	}
	c := &store.Chunk{Table: Table, Columns: cols, N: n}
	for _, col := range cols {
		c.Vectors = append(c.Vectors, store.NewVector(store.KindOf(col.Type), col.Type != schema.String, n))
	}
	for i := first; i < first+n; i++ {
		ticks := store.Ticks(t.Add(time.Duration(i-first)*time.Millisecond)) + 7
		c.Vectors[0].AddInt(ticks)
		c.Vectors[1].AddString(fmt.Sprintf("device-%d", i%10))
		c.Vectors[2].AddString(fmt.Sprintf(`"C:\Program Files\tool.exe" --number %d`, i))
		if i%3 == 0 {
			c.Vectors[3].AddMissing()
		} else {
			c.Vectors[3].AddInt(int64(i))
		}
		if i%2 == 0 {
			c.Vectors[4].AddMissing()
		} else {
			c.Vectors[4].AddString(fmt.Sprintf(`{"n":%d}`, i))
		}
		c.Vectors[5].AddInt(ticks)
		c.Vectors[6].AddInt(int64(i))
		c.Vectors[7].AddInt(int64(-i))
		c.Vectors[8].AddBool(i%5 == 0)
		c.Hash = append(c.Hash, uint64(i)*0x9e3779b97f4a7c15)
	}
	return c
}

// Span covers rows first to first+n-1 of source "test".
func Span(first, n int) record.Span {
	return record.Span{Source: "test", Partition: "0", First: int64(first), Last: int64(first + n - 1)}
}

// Scan reads columns of a table between two event times; open ends are zero times.
func Scan(table string, from, to time.Time, cols ...string) *sql.Query {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if !from.IsZero() {
		lo = store.Ticks(from)
	}
	if !to.IsZero() {
		hi = store.Ticks(to)
	}
	sel := &sql.Select{From: sql.Scan{Table: table, Columns: cols, From: lo, To: hi, Alias: "t"}, Limit: -1}
	q := &sql.Query{Root: sel}
	for _, c := range cols {
		sel.Items = append(sel.Items, sql.Item{X: sql.Col{Table: "t", Name: c}, Name: c})
		q.Names = append(q.Names, c)
	}
	return q
}

// Typed gives a query the storage types of its columns, which it takes from the store's catalogue.
func Typed(s store.Querier, table string, q *sql.Query) *sql.Query {
	t, _ := s.Table(table)
	q.Types = nil
	for _, n := range q.Names {
		typ := schema.Long
		switch n {
		case store.Block:
			typ = schema.Int
		case store.Overflow:
			typ = schema.Dynamic
		}
		if t != nil {
			if i, ok := t.Index(n); ok {
				typ = t.Columns[i].Type
			}
		}
		q.Types = append(q.Types, map[store.Kind]sql.Type{store.Text: sql.Text, store.Int32: sql.Int, store.Int64: sql.Long, store.Float64: sql.Double, store.Bool: sql.Bool}[store.KindOf(typ)])
	}
	return q
}

// All runs a query and gives its rows; null is nil.
func All(t testing.TB, s store.Querier, q *sql.Query) [][]any {
	t.Helper()
	rows, err := read(s, q)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func read(s store.Querier, q *sql.Query) ([][]any, error) {
	var out [][]any
	for b, err := range s.Query(context.Background(), q) {
		if err != nil {
			return out, err
		}
		for i := range b.N {
			row := make([]any, len(b.Vectors))
			for j := range b.Vectors {
				row[j] = cell(&b.Vectors[j], i)
			}
			out = append(out, row)
		}
	}
	return out, nil
}

func cell(v *store.Vector, i int) any {
	if v.IsNull(i) {
		return nil
	}
	switch v.Kind {
	case store.Int32:
		return v.I32[i]
	case store.Int64:
		return v.I64[i]
	case store.Float64:
		return v.F64[i]
	case store.Bool:
		return v.Bools[i]
	}
	return string(v.Text(i))
}

// numbers counts the rows of Table by their number.
func numbers(s store.Querier) (map[int64]int, error) {
	rows, err := read(s, Typed(s, Table, Scan(Table, time.Time{}, time.Time{}, "LogonId")))
	out := map[int64]int{}
	for _, r := range rows {
		out[r[0].(int64)]++
	}
	return out, err
}
