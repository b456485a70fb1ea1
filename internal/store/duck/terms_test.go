package duck_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/store/storetest"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/sql"
)

// said makes rows of storetest.Table whose command lines are texts, numbered from first in LogonId; note is a key the catalogue lacks.
func said(t time.Time, first int, texts []string) *store.Chunk {
	c := storetest.Rows(t, first, len(texts))
	lines := store.NewVector(store.Text, false, len(texts))
	c.Overflow = store.NewVector(store.Text, true, len(texts))
	for _, s := range texts {
		lines.AddString(s)
		c.Overflow.AddString(fmt.Sprintf(`{"Note":%q}`, "note "+strings.ToValidUTF8(strings.Map(printable, s), "")))
	}
	c.Vectors[2] = lines
	c.Found = []schema.Column{{Name: "Note", Type: schema.String}}
	return c
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return '.'
	}
	return r
}

func textLit(s string) sql.Expr { return sql.Lit{V: s, T: sql.Text} }

func call2(name string, col, x string) sql.Expr {
	return sql.Call{Name: name, Args: []sql.Expr{sql.Col{Table: "t", Name: col}, textLit(x)}}
}

// where gives the numbers of the rows for which a condition over t holds.
func where(t testing.TB, s store.Querier, cond sql.Expr) []int {
	t.Helper()
	q := storetest.Scan(storetest.Table, time.Time{}, time.Time{}, "LogonId", "ProcessCommandLine", "Note")
	q.Root.Items, q.Names = q.Root.Items[:1], q.Names[:1]
	q.Root.Where = cond
	var out []int
	for _, r := range storetest.All(t, s, storetest.Typed(s, storetest.Table, q)) {
		out = append(out, int(r[0].(int64)))
	}
	slices.Sort(out)
	return out
}

func reading(t testing.TB, s store.Querier, cond sql.Expr) store.Reading {
	t.Helper()
	q := storetest.Scan(storetest.Table, time.Time{}, time.Time{}, "LogonId", "ProcessCommandLine", "Note")
	q.Root.Where = cond
	rs, err := s.(store.Planner).Readings(q)
	if err != nil || len(rs) != 1 {
		t.Fatal(rs, err)
	}
	return rs[0]
}

var engineName = map[string]string{"has": "kql_has", "has_cs": "kql_has_cs", "hasprefix": "kql_hasprefix", "hassuffix": "kql_hassuffix",
	"contains": "kql_contains", "contains_cs": "contains", "startswith": "kql_startswith", "startswith_cs": "starts_with",
	"endswith": "kql_endswith", "endswith_cs": "suffix", "=~": "kql_eq_ci"}

// TestTermIndexNeverMisses holds queries over sealed files, days with several files and hot rows to the operators themselves.
func TestTermIndexNeverMisses(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	dir := t.TempDir()
	s, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	add := func(day int, n int) {
		from := len(texts)
		for range n {
			line := "common C:\\Windows"
			switch r.IntN(400) {
			case 0:
				line = randomWords(r)
			case 1:
				line += " " + randomWords(r)
			}
			texts = append(texts, line)
		}
		at := storetest.Day.Add(time.Duration(day)*24*time.Hour + time.Duration(from)*time.Millisecond)
		if _, err := s.Append(t.Context(), store.Append{Chunks: []*store.Chunk{said(at, from, texts[from:])}}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when string) {
		for range 12 {
			x := randomWords(r)
			if from := texts[r.IntN(len(texts))]; r.IntN(2) == 0 {
				i := r.IntN(len(from))
				x = from[i : i+r.IntN(len(from)-i+1)]
			}
			if strings.ToValidUTF8(x, "") != x {
				continue
			}
			for op, name := range engineName {
				var want []int
				for i, s := range texts {
					if m, _ := fn.MatchText(op, s, x); m {
						want = append(want, i)
					}
				}
				if got := where(t, s, call2(name, "ProcessCommandLine", x)); !slices.Equal(got, want) {
					t.Fatalf("%s: %s %q gives %d rows, want %d", when, op, x, len(got), len(want))
				}
			}
		}
	}
	seal := func(days int) {
		if _, err := s.Seal(t.Context(), storetest.Day.Add(time.Duration(days)*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	add(0, 9000)
	add(1, 5000)
	check("hot")
	seal(1)
	add(2, 3000)
	check("one day sealed")
	seal(2)
	add(0, 300) // late rows
	check("late rows hot")
	seal(3)
	check("days of several files")
	add(3, 3000)
	s.Close()
	if s, err = open(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	check("opened again")
	add(4, 3000)
	check("with more rows")
	seal(4)
	check("sealed with hot rows beside")
}

func randomWords(r *rand.Rand) string {
	words := []string{"mimikatz", "Certutil", "-enc", "a.b", "é", "\u212aerberos", "x_y", "10.0.0.1", "naïve\u0301", "日本", "K", "\\", "\""}
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteString([]string{"", " ", "/", "-"}[r.IntN(4)])
	}
	return b.String()
}

// sealedDays makes a store of days with 20,000 rows each; day i has one line with the term only<i>, and one with the term shared.
func sealedDays(t testing.TB, dir string, days int) store.Store {
	t.Helper()
	s, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for d := range days {
		texts := make([]string, 20_000)
		for i := range texts {
			texts[i] = fmt.Sprintf("tool.exe --run %d", i%50)
		}
		texts[7000] = fmt.Sprintf("tool.exe only%d shared", d)
		at := storetest.Day.Add(time.Duration(d) * 24 * time.Hour)
		if _, err := s.Append(t.Context(), store.Append{Chunks: []*store.Chunk{said(at, d*len(texts), texts)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Seal(t.Context(), storetest.Day.Add(time.Duration(days)*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestTermIndexSkips checks which files and blocks are read, by the condition.
func TestTermIndexSkips(t *testing.T) {
	s := sealedDays(t, t.TempDir(), 3)
	line := func(name, x string) sql.Expr { return call2(name, "ProcessCommandLine", x) }
	bin := func(l sql.Expr, op string, r sql.Expr) sql.Expr { return sql.Binary{Op: op, L: l, R: r} }
	in := func(list ...string) sql.Expr {
		x := sql.In{X: sql.Col{Table: "t", Name: "ProcessCommandLine"}}
		for _, s := range list {
			x.List = append(x.List, textLit(s))
		}
		return x
	}
	for _, c := range []struct {
		name          string
		cond          sql.Expr
		files, blocks int
		rows          int
	}{
		{"rare", line("kql_has", "ONLY1"), 1, 1, 1},
		{"absent", line("kql_has", "nothere"), 0, 0, 0},
		{"in every file", line("kql_has", "shared"), 3, 3, 3},
		{"common", line("kql_has", "tool.exe"), 3, 30, 60_000},
		{"two terms", line("kql_has", "only2 shared"), 1, 1, 1},
		{"prefix of a term alone", line("kql_hasprefix", "only"), 3, 30, 3},
		{"prefix with a whole term", line("kql_hasprefix", "only2 sha"), 1, 1, 1},
		{"contains with a whole term", line("kql_contains", "exe only0 sh"), 1, 1, 1},
		{"or", bin(line("kql_has", "only0"), "OR", line("kql_has", "only2")), 2, 2, 2},
		{"or with anything", bin(line("kql_has", "only0"), "OR", line("kql_contains", "nly1")), 3, 30, 2},
		{"and", bin(line("kql_has", "tool"), "AND", line("kql_has", "only2")), 1, 1, 1},
		{"not", sql.Not{X: line("kql_has", "only0")}, 3, 30, 59_999},
		{"any", line("kql_has_any", sql.TextList([]string{"only0", "nothere", "only1"})), 2, 2, 2},
		{"all", line("kql_has_all", sql.TextList([]string{"only0", "shared"})), 1, 1, 1},
		{"equal", bin(textLit("tool.exe only1 shared"), "=", sql.Col{Table: "t", Name: "ProcessCommandLine"}), 1, 1, 1},
		{"in", in("tool.exe only1 shared", "only0"), 2, 2, 1},
		{"null counts as false", sql.Call{Name: "coalesce", Args: []sql.Expr{line("kql_has", "only1"), sql.Lit{V: false, T: sql.Bool}}}, 1, 1, 1},
		{"found in the overflow", call2("kql_has", "Note", "only1"), 1, 1, 1},
		{"an empty text", line("kql_has", ""), 3, 30, 60_000},
	} {
		if got := reading(t, s, c.cond); got.ReadFiles != c.files || got.ReadBlocks != c.blocks || got.Blocks != 30 {
			t.Errorf("%s: reads %+v, want %d files, %d blocks", c.name, got, c.files, c.blocks)
		}
		if got := where(t, s, c.cond); len(got) != c.rows {
			t.Errorf("%s: %d rows, want %d", c.name, len(got), c.rows)
		}
	}
}

// TestNothingToRead: what no file can have is answered without the engine, and as the engine would: an aggregate without keys has its row.
func TestNothingToRead(t *testing.T) {
	s := sealedDays(t, t.TempDir(), 1)
	if _, err := s.Seal(t.Context(), storetest.Day.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	absent := call2("kql_has", "ProcessCommandLine", "nothere")
	scan := func() *sql.Query {
		q := storetest.Scan(storetest.Table, time.Time{}, time.Time{}, "ProcessCommandLine", "DeviceName")
		q.Root.Where = absent
		return storetest.Typed(s, storetest.Table, q)
	}
	count := scan()
	count.Root.Items, count.Types = []sql.Item{{X: sql.Call{Name: "count"}, Name: "n"}}, []sql.Type{sql.Long}
	by := scan()
	by.Root.Items = []sql.Item{{X: sql.Col{Table: "t", Name: "DeviceName"}, Name: "d"}, {X: sql.Call{Name: "count"}, Name: "n"}}
	by.Root.GroupBy, by.Types = []sql.Expr{sql.Col{Table: "t", Name: "DeviceName"}}, []sql.Type{sql.Text, sql.Long}
	left := scan()
	left.Root.From = sql.Join{Kind: "LEFT", L: sql.Values{Rows: [][]sql.Expr{{textLit("a")}}, Names: []string{"x"}, Types: []sql.Type{sql.Text}, Alias: "v"},
		R: sql.Sub{Q: scan().Root, Alias: "t"}, On: sql.Binary{Op: "=", L: sql.Col{Table: "v", Name: "x"}, R: sql.Col{Table: "t", Name: "DeviceName"}}}
	left.Root.Where = nil
	for name, c := range map[string]struct {
		q    *sql.Query
		rows int
	}{"rows": {scan(), 0}, "count": {count, 1}, "count by": {by, 0}, "left join": {left, 1}} {
		if got := storetest.All(t, s, c.q); len(got) != c.rows {
			t.Errorf("%s: %d rows, want %d: %v", name, len(got), c.rows, got)
		}
	}
}

// TestTermIndexIsMadeAgain: without its index a file is scanned, and gets one in the background.
func TestTermIndexIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	s := sealedDays(t, dir, 2)
	indexes, err := filepath.Glob(filepath.Join(dir, "days", "*", "*.terms"))
	if err != nil || len(indexes) != 2 {
		t.Fatal(indexes, err)
	}
	s.Close()
	if err := os.Remove(indexes[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(indexes[1], []byte("not an index"), 0o600); err != nil {
		t.Fatal(err)
	}
	left := indexes[0] + ".tmp"
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err = open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	cond := call2("kql_has", "ProcessCommandLine", "only1")
	if got := where(t, s, cond); len(got) != 1 {
		t.Errorf("%d rows", len(got))
	}
	for reading(t, s, cond).ReadBlocks != 1 {
		time.Sleep(5 * time.Millisecond) // the test's own deadline ends it
	}
	if got := where(t, s, cond); len(got) != 1 {
		t.Errorf("%d rows", len(got))
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Error("a leftover stays:", err)
	}
}

// TestRetainedIndexGoes: with a day its index goes.
func TestRetainedIndexGoes(t *testing.T) {
	dir := t.TempDir()
	s := sealedDays(t, dir, 2)
	if got := where(t, s, call2("kql_has", "ProcessCommandLine", "shared")); len(got) != 2 {
		t.Fatal(got)
	}
	if _, err := s.Retain(t.Context(), storetest.Day.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := where(t, s, call2("kql_has", "ProcessCommandLine", "shared")); len(got) != 1 {
		t.Fatal(got)
	}
	left, err := filepath.Glob(filepath.Join(dir, "days", "*", "*"))
	if err != nil || len(left) != 2 {
		t.Error(left, err)
	}
}

var _ store.Planner = (*duck.Store)(nil)
