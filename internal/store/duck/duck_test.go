package duck_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/store/storetest"
	"github.com/vedette-siem/vedette/kql/sql"
)

func open(ctx context.Context, dir string) (store.Store, error) {
	return duck.Open(ctx, duck.Options{Dir: dir, MemoryMB: 400, LateRows: 1})
}

func TestMain(m *testing.M) { storetest.Main(m, open) }

func TestStore(t *testing.T) { storetest.Run(t, open) }

func TestCrash(t *testing.T) { storetest.Crash(t, open, 6) }

func TestNewerDirectory(t *testing.T) {
	dir := t.TempDir()
	s, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := os.WriteFile(filepath.Join(dir, "format"), []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t.Context(), dir); !fault.Is(err, fault.Corrupt) || !strings.Contains(fault.HintOf(err), "newer") {
		t.Fatalf("got %v", err)
	}
}

func TestDamagedDirectory(t *testing.T) {
	for name, harm := range map[string]func(dir string) error{
		"hot file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "hot.duckdb"), []byte(strings.Repeat("x", 20_000)), 0o600)
		},
		"sealed file": func(dir string) error { return os.RemoveAll(filepath.Join(dir, "days")) },
		"format":      func(dir string) error { return os.WriteFile(filepath.Join(dir, "format"), []byte("one"), 0o600) },
		"format gone": func(dir string) error { return os.Remove(filepath.Join(dir, "format")) },
	} {
		dir := t.TempDir()
		s, err := open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Append(t.Context(), store.Append{Chunks: []*store.Chunk{storetest.Rows(storetest.Day, 0, 10)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Seal(t.Context(), storetest.Day.Add(48*time.Hour)); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if err := harm(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := open(t.Context(), dir); !fault.Is(err, fault.Corrupt) || fault.HintOf(err) == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestLeftoversGo: files of a seal that was cut off are removed at the next start.
func TestLeftoversGo(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, "days", "2026-11-18", "7.duckdb")
	if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Fatalf("the leftover is still there: %v", err)
	}
}

// TestNothingButSelects: no file can be read or written through a query's texts, and names cannot break out of their quotes.
func TestNothingButSelects(t *testing.T) {
	s, err := open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	text := func(v string) sql.Expr { return sql.Lit{V: v, T: sql.Text} }
	one := func(x sql.Expr) *sql.Query {
		return &sql.Query{Names: []string{"x"}, Types: []sql.Type{sql.Text}, Root: &sql.Select{Limit: -1, Items: []sql.Item{{X: x, Name: "x"}}}}
	}
	for _, q := range []*sql.Query{
		one(sql.Call{Name: "read_text", Args: []sql.Expr{text("/etc/passwd")}}),
		one(sql.Call{Name: "getenv", Args: []sql.Expr{text("HOME")}}),
		one(sql.Call{Name: "x(); DROP TABLE y --"}),
		one(sql.Binary{Op: "; DROP", L: text("a"), R: text("b")}),
		one(sql.Col{Name: `x" FROM read_text('/etc/passwd') --`}),
	} {
		for _, err := range s.Query(t.Context(), q) {
			if err == nil {
				t.Errorf("%+v was answered", q.Root.Items[0].X)
			}
		}
	}
	quoted := `it's "x"; DROP TABLE y; --`
	q := one(text(quoted))
	q.Root.Items[0].Name, q.Names[0] = quoted, quoted
	if got := storetest.All(t, s, q); got[0][0] != quoted {
		t.Errorf("got %v", got)
	}
}

// TestCatalogueGrows: a column that was found in the overflow and that a newer catalogue knows is filled from it, hot and sealed.
func TestCatalogueGrows(t *testing.T) {
	catalogue := func(cols string) *schema.Catalogue {
		ts, err := schema.Parse("table T\n  time Timestamp\n  columns\n    Timestamp:datetime TimeGenerated:datetime A " + cols)
		if err != nil {
			t.Fatal(err)
		}
		c, err := schema.NewCatalogue(ts)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	dir := t.TempDir()
	start := func(cols string) *duck.Store {
		s, err := duck.Open(t.Context(), duck.Options{Dir: dir, Catalogue: catalogue(cols), MemoryMB: 200})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	row := func(day int, hash uint64) *store.Chunk {
		c := &store.Chunk{Table: "T", N: 1, Hash: []uint64{hash}, Overflow: store.NewVector(store.Text, true, 1),
			Columns: []schema.Column{{Name: "Timestamp", Type: schema.Datetime}, {Name: "A", Type: schema.String}},
			Found:   []schema.Column{{Name: "B", Type: schema.Long}, {Name: "At", Type: schema.String}, {Name: "C", Type: schema.String}},
			Vectors: []store.Vector{store.NewVector(store.Int64, true, 1), store.NewVector(store.Text, false, 1)}}
		c.Vectors[0].AddInt(store.Ticks(storetest.Day.AddDate(0, 0, day)))
		c.Vectors[1].AddString("a")
		c.Overflow.AddString(`{"B":7,"At":"2026-11-18T01:02:03.1234567Z","C":"c"}`)
		return c
	}
	s := start("")
	for day := range 2 {
		if _, err := s.Append(t.Context(), store.Append{Chunks: []*store.Chunk{row(day, uint64(day))}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Seal(t.Context(), storetest.Day.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = start("B:long At:datetime")
	defer s.Close()
	rows := storetest.All(t, s, storetest.Typed(s, "T", storetest.Scan("T", time.Time{}, time.Time{}, "A", "B", "At", "C")))
	at := store.Ticks(time.Date(2026, 11, 18, 1, 2, 3, 123456700, time.UTC))
	for _, r := range rows {
		if r[0] != "a" || r[1] != int64(7) || r[2] != at || r[3] != "c" {
			t.Errorf("got %v", r)
		}
	}
	if len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
}
