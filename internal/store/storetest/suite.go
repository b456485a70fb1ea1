package storetest

import (
	"bytes"
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// Opener opens the store of a directory; the same directory gives the same data.
type Opener func(ctx context.Context, dir string) (store.Store, error)

// Run runs the suite.
func Run(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"round trip", roundTrip},
		{"append twice", appendTwice},
		{"failed append", failedAppend},
		{"redelivery", redelivery},
		{"overflow", overflow},
		{"refused", refused},
		{"large texts", large},
		{"case", letterCase},
		{"readers while writing", readersWhileWriting},
		{"queries within queries", nested},
		{"seal", seal},
		{"seal under queries", sealUnderQueries},
		{"retain", retain},
		{"ready", ready},
		{"second opener", secondOpener},
		{"cancel", cancel},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

func mustOpen(t *testing.T, open Opener, dir string) store.Store {
	t.Helper()
	s, err := open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func mustAppend(t *testing.T, s store.Store, chunks ...*store.Chunk) store.Result {
	t.Helper()
	r, err := s.Append(context.Background(), store.Append{Chunks: chunks})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// exactly fails unless the rows numbered 0..n-1 are there once each.
func exactly(t *testing.T, s store.Store, n int) {
	t.Helper()
	got, err := numbers(s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range int64(n) {
		if got[i] != 1 {
			t.Fatalf("row %d is there %d times", i, got[i])
		}
	}
	if len(got) != n {
		t.Fatalf("%d rows, want %d", len(got), n)
	}
}

func roundTrip(t *testing.T, open Opener) {
	dir := t.TempDir()
	s := mustOpen(t, open, dir)
	const n = 5000
	r := mustAppend(t, s, Rows(Day, 0, n))
	if got := r.Tables[Table]; got != (store.Count{Stored: n}) {
		t.Fatalf("result %+v", got)
	}
	check := func(s store.Store) {
		t.Helper()
		q := Typed(s, Table, Scan(Table, time.Time{}, time.Time{}, "LogonId", "Timestamp", "DeviceName", "ProcessCommandLine", "FileSize",
			"AdditionalFields", "LogonID", "IsProcessRemoteSession", "SHA1", "ProcessId", store.Block, store.Ingested))
		q.Root.OrderBy = []sql.Order{{X: sql.Col{Table: "t", Name: "LogonId"}}}
		rows := All(t, s, q)
		if len(rows) != n {
			t.Fatalf("%d rows", len(rows))
		}
		for i, row := range rows {
			want := []any{int64(i), store.Ticks(Day) + int64(i)*10_000 + 7, row[2], row[3], int64(i), nil, int64(-i), i%5 == 0, "", nil, int32(i / 2048), store.Ticks(r.Ingested)}
			if i%3 == 0 {
				want[4] = nil
			}
			if i%2 == 1 {
				want[5] = row[5]
			}
			c := Rows(Day, i, 1)
			want[2], want[3] = string(c.Vectors[1].Text(0)), string(c.Vectors[2].Text(0))
			if i%2 == 1 {
				want[5] = string(c.Vectors[4].Text(0))
			}
			if !reflect.DeepEqual(row, want) {
				t.Fatalf("row %d is\n%v, want\n%v", i, row, want)
			}
		}
	}
	check(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check(mustOpen(t, open, dir))
}

func appendTwice(t *testing.T, open Opener) {
	dir := t.TempDir()
	s := mustOpen(t, open, dir)
	a := store.Append{Chunks: []*store.Chunk{Rows(Day, 0, 3000)}, Covers: []record.Span{Span(0, 3000)},
		Refused: []store.Refusal{{Pos: record.Pos{Source: "test", Seq: 1}, Arrived: Day, Reason: "no", Record: []byte("x")}}}
	for i := range 3 {
		r, err := s.Append(context.Background(), a)
		if err != nil {
			t.Fatal(err)
		}
		want := store.Count{Stored: 3000}
		if i > 0 {
			want = store.Count{Duplicate: 3000}
		}
		if r.Tables[Table] != want {
			t.Fatalf("append %d: %+v", i, r.Tables[Table])
		}
		if i == 1 {
			s.Close()
			s = mustOpen(t, open, dir)
		}
	}
	exactly(t, s, 3000)
	if n := len(All(t, s, Typed(s, schema.IngestionFailures, Scan(schema.IngestionFailures, time.Time{}, time.Time{}, "Reason")))); n != 1 {
		t.Errorf("%d refusals, want 1", n)
	}
	spans, err := s.Covered(context.Background(), "test")
	if err != nil || !reflect.DeepEqual(spans, []record.Span{Span(0, 3000)}) {
		t.Errorf("covered %v, %v", spans, err)
	}
}

func failedAppend(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	bad := Rows(Day, 10, 10)
	bad.Columns[0].Name = "NoSuchColumn"
	_, err := s.Append(context.Background(), store.Append{Chunks: []*store.Chunk{Rows(Day, 0, 10), bad}, Covers: []record.Span{Span(0, 20)}})
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v", err)
	}
	exactly(t, s, 0)
	if spans, _ := s.Covered(context.Background(), "test"); len(spans) != 0 {
		t.Errorf("covered %v", spans)
	}
	mustAppend(t, s, Rows(Day, 0, 10))
	exactly(t, s, 10)
}

func redelivery(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	mustAppend(t, s, Rows(Day, 0, 1000))
	both := Rows(Day, 0, 1000)
	more := Rows(Day.Add(time.Second), 1000, 500)
	if r := mustAppend(t, s, both, more, more); r.Tables[Table] != (store.Count{Stored: 500, Duplicate: 1500}) {
		t.Fatalf("%+v", r.Tables)
	}
	exactly(t, s, 1500)
	// the same hash at another time is another row
	other := Rows(Day.Add(time.Hour), 1500, 1)
	other.Hash[0] = both.Hash[0]
	if r := mustAppend(t, s, other); r.Tables[Table].Stored != 1 {
		t.Fatalf("%+v", r.Tables)
	}
}

// wide gives rows of a table that no catalogue knows, with one overflow each.
func wide(table string, overflow ...string) *store.Chunk {
	c := &store.Chunk{Table: table, N: len(overflow), Columns: []schema.Column{{Name: "Timestamp", Type: schema.Datetime}, {Name: "TimeGenerated", Type: schema.Datetime}},
		Overflow: store.NewVector(store.Text, true, len(overflow))}
	c.Vectors = []store.Vector{store.NewVector(store.Int64, true, 1), store.NewVector(store.Int64, true, 1)}
	for i, o := range overflow {
		c.Vectors[0].AddInt(store.Ticks(Day) + int64(i))
		c.Vectors[1].AddInt(store.Ticks(Day) + int64(i))
		c.Overflow.AddString(o)
		c.Hash = append(c.Hash, uint64(i+1))
	}
	return c
}

func overflow(t *testing.T, open Opener) {
	dir := t.TempDir()
	s := mustOpen(t, open, dir)
	const table = "BrandNewEvents"
	if _, ok := s.Table(table); ok {
		t.Fatal("the table is known already")
	}
	c := wide(table, `{"A":1,"b/c~d":"x","O":{"k":[1,2]},"N":null}`, `{"A":2,"b/c~d":"y"}`)
	c.Found = []schema.Column{{Name: "A", Type: schema.Long}, {Name: "b/c~d", Type: schema.String}, {Name: "O", Type: schema.Dynamic}, {Name: "N"}}
	mustAppend(t, s, c)
	for range 2 {
		rows := All(t, s, order(Typed(s, table, Scan(table, time.Time{}, time.Time{}, "Timestamp", "A", "b/c~d", "O", "N")), "Timestamp"))
		want := [][]any{{store.Ticks(Day), int64(1), "x", `{"k":[1,2]}`, ""}, {store.Ticks(Day) + 1, int64(2), "y", nil, ""}}
		if !reflect.DeepEqual(rows, want) {
			t.Fatalf("got %v", rows)
		}
		s.Close()
		s = mustOpen(t, open, dir)
	}
	// a value that does not fit widens the column
	c = wide(table, `{"A":1.5,"N":true}`)
	c.Hash[0], c.Found = 99, []schema.Column{{Name: "A", Type: schema.Real}, {Name: "N", Type: schema.Bool}}
	mustAppend(t, s, c)
	if tab, _ := s.Table(table); tab.Columns[len(tab.Columns)-1] != (schema.Column{Name: "N", Type: schema.Bool}) {
		t.Errorf("columns %v", tab.Columns)
	}
	rows := All(t, s, order(Typed(s, table, Scan(table, time.Time{}, time.Time{}, "A")), "A"))
	if !reflect.DeepEqual(rows, [][]any{{1.0}, {1.5}, {2.0}}) {
		t.Fatalf("got %v", rows)
	}
	names := map[string]bool{}
	for _, tab := range s.Tables() {
		names[tab.Name] = true
	}
	if !names[table] || !names[Table] {
		t.Error("Tables does not list all")
	}
}

func order(q *sql.Query, by string) *sql.Query {
	q.Root.OrderBy = []sql.Order{{X: sql.Col{Table: "t", Name: by}}}
	return q
}

func refused(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	r := store.Refusal{Pos: record.Pos{Source: "file:x", Partition: "2", Seq: 77}, Arrived: Day, TenantID: "ten", Table: Table, Column: "FileSize",
		Reason: "not a number", Record: []byte(`{"FileSize":"many"}`)}
	if _, err := s.Append(context.Background(), store.Append{Refused: []store.Refusal{r}}); err != nil {
		t.Fatal(err)
	}
	rows := All(t, s, Typed(s, schema.IngestionFailures, Scan(schema.IngestionFailures, time.Time{}, time.Time{},
		"TimeGenerated", "Source", "Partition", "Sequence", "Table", "Column", "Reason", "Record", "TenantId", "Type")))
	want := []any{store.Ticks(Day), "file:x", "2", int64(77), Table, "FileSize", "not a number", `{"FileSize":"many"}`, "ten", schema.IngestionFailures}
	if len(rows) != 1 || !reflect.DeepEqual(rows[0], want) {
		t.Fatalf("got %v", rows)
	}
}

// large: texts of a mebibyte, more of them than one batch of an answer should hold.
func large(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	const n = 100
	c := Rows(Day, 0, n)
	c.Vectors[2].Reset()
	line := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for i := range n {
		line[0] = byte(i)
		c.Vectors[2].AddText(line)
	}
	mustAppend(t, s, c)
	rows := 0
	for b, err := range s.Query(context.Background(), order(Typed(s, Table, Scan(Table, time.Time{}, time.Time{}, "LogonId", "ProcessCommandLine")), "LogonId")) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.N {
			if got := b.Vectors[1].Text(i); len(got) != len(line) || got[0] != byte(rows) || !bytes.Equal(got[1:], line[1:]) {
				t.Fatalf("row %d has %d bytes", rows, len(got))
			}
			rows++
		}
	}
	if rows != n {
		t.Errorf("%d rows", rows)
	}
}

// nested: a query may be asked while the rows of others are being read, as joins in Go do.
func nested(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	mustAppend(t, s, Rows(Day, 0, 10))
	var within func(depth int)
	within = func(depth int) {
		for b, err := range s.Query(context.Background(), Typed(s, Table, Scan(Table, time.Time{}, time.Time{}, "LogonId"))) {
			if err != nil || b.N != 10 {
				t.Fatalf("depth %d: %v", depth, err)
			}
			if depth < 40 {
				within(depth + 1)
			}
			return
		}
		t.Fatalf("depth %d: no rows", depth)
	}
	within(0)
}

// letterCase: names that differ only in case are different names, stored or made by a query.
func letterCase(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	mustAppend(t, s, Rows(Day, 5, 1))
	col := func(n string) sql.Expr { return sql.Col{Table: "t", Name: n} }
	q := &sql.Query{
		Root: &sql.Select{Limit: -1, From: sql.Sub{Alias: "T", Q: &sql.Select{Limit: -1,
			Items: []sql.Item{{X: col("LogonId"), Name: "x"}, {X: col("LogonID"), Name: "X"}},
			From:  sql.Scan{Table: Table, Columns: []string{"LogonId", "LogonID"}, From: 0, To: 1 << 62, Alias: "t"}}},
			Items: []sql.Item{{X: sql.Col{Table: "T", Name: "X"}, Name: "X"}, {X: sql.Col{Table: "T", Name: "x"}, Name: "x"}}},
		Names: []string{"X", "x"}, Types: []sql.Type{sql.Long, sql.Long},
	}
	if rows := All(t, s, q); !reflect.DeepEqual(rows, [][]any{{int64(-5), int64(5)}}) {
		t.Fatalf("got %v", rows)
	}
}

func ready(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	var last time.Time
	for i := range 5 {
		before := s.Ready()
		r := mustAppend(t, s, Rows(Day, i, 1))
		if r.Ingested.Before(before) {
			t.Fatalf("row stamped %v after the store promised nothing before %v", r.Ingested, before)
		}
		if !r.Ingested.After(last) {
			t.Fatalf("stamps do not grow: %v after %v", r.Ingested, last)
		}
		if last = r.Ingested; !s.Ready().After(last) {
			t.Fatalf("ready %v is not after the last row's %v", s.Ready(), last)
		}
	}
}

func secondOpener(t *testing.T, open Opener) {
	dir := t.TempDir()
	mustOpen(t, open, dir)
	_, err := open(context.Background(), dir)
	if !fault.Is(err, fault.Conflict) || fault.HintOf(err) == "" {
		t.Fatalf("got %v", err)
	}
}

func cancel(t *testing.T, open Opener) {
	s := mustOpen(t, open, t.TempDir())
	ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer stop()
	lit := func(n int64) sql.Expr { return sql.Lit{V: n, T: sql.Long} }
	series := func(alias string) sql.From {
		return sql.Series{From: lit(1), To: lit(1_000_000), Step: lit(1), Name: "n", Alias: alias}
	}
	q := &sql.Query{Names: []string{"c"}, Types: []sql.Type{sql.Long}, Root: &sql.Select{Limit: -1,
		Items: []sql.Item{{X: sql.Call{Name: "count"}, Name: "c"}},
		From:  sql.Join{Kind: "INNER", L: series("a"), R: series("b"), On: sql.Binary{Op: "<", L: sql.Col{Table: "a", Name: "n"}, R: sql.Col{Table: "b", Name: "n"}}}}}
	for _, err := range s.Query(ctx, q) {
		if !fault.Is(err, fault.Canceled) {
			t.Fatalf("got %v", err)
		}
		return
	}
	t.Fatal("the query ended by itself")
}
