package duck

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// benchDays and benchRows are the size of the store of the benchmarks: sealed days and events of each.
const (
	benchDays = 5
	benchRows = 60_000
)

// processEvents makes process events of a day: as varied as real ones, five command lines of them with the term mimikatz.
func processEvents(day, n int) *store.Chunk {
	t, _ := schema.Builtin().Table("DeviceProcessEvents")
	texts := map[string]func(i int) string{}
	name := func(i int) string {
		return []string{"svchost.exe", "chrome.exe", "powershell.exe", "cmd.exe", "Teams.exe"}[i%5]
	}
	hash := func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }
	for _, p := range []string{"", "InitiatingProcess"} {
		texts[p+"FileName"] = name
		texts[p+"FolderPath"] = func(i int) string { return `C:\Program Files\Vendor\` + name(i) }
		texts[p+"SHA256"] = func(i int) string { return hash(fmt.Sprint(i % 700)) }
		texts[p+"AccountName"] = func(i int) string { return fmt.Sprintf("user%d", i%300) }
		texts[p+"AccountSid"] = func(i int) string { return fmt.Sprintf("S-1-5-21-%d", i%300) }
	}
	texts["DeviceName"] = func(i int) string { return fmt.Sprintf("ws-%03d.example.com", i%500) }
	texts["ProcessCommandLine"] = func(i int) string {
		s := fmt.Sprintf(`"C:\Program Files\Vendor\%s" -k netsvcs --session %x --user user%d --log C:\Temp\%x.log`, name(i), i*2654435761, i%300, i*40503)
		if i%(n/5) == 17 {
			s += " Mimikatz.exe"
		}
		return s
	}
	texts["ProcessUniqueId"] = func(i int) string { return fmt.Sprint(day*n + i) }
	c := &store.Chunk{Table: t.Name, N: n, Overflow: store.NewVector(store.Text, true, n)}
	start := store.Ticks(time.Date(2026, 11, 1+day, 0, 0, 0, 0, time.UTC))
	for _, col := range t.Columns {
		v := store.NewVector(store.KindOf(col.Type), nullable(col.Type), n)
		for i := range n {
			switch text := texts[col.Name]; {
			case col.Type == schema.Datetime:
				v.AddInt(start + int64(i)*10_000_000)
			case text != nil:
				v.AddString(text(i))
			case col.Type == schema.Dynamic && i%3 == 0:
				v.AddString(fmt.Sprintf(`{"Rule":"rule %d","Path":"C:\\Temp\\%d"}`, i%40, i%900))
			default:
				v.AddMissing()
			}
		}
		c.Columns, c.Vectors = append(c.Columns, col), append(c.Vectors, v)
	}
	for i := range n {
		c.Overflow.AddMissing()
		c.Hash = append(c.Hash, uint64(day*n+i))
	}
	return c
}

// BenchmarkTermIndex makes the index of a sealed day, reading it included, and counts the command lines with a term, with the index and
// without: rare is in 5 lines of a day, common in a fifth of them, absent in none.
func BenchmarkTermIndex(b *testing.B) {
	s, err := Open(b.Context(), Options{Dir: b.TempDir(), MemoryMB: 1024})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for d := range benchDays {
		if _, err := s.Append(b.Context(), store.Append{Chunks: []*store.Chunk{processEvents(d, benchRows)}}); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.Seal(b.Context(), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		b.Fatal(err)
	}
	b.Run("build", func(b *testing.B) { benchTermBuild(b, s) })
	for _, c := range []struct{ name, term string }{{"rare", "mimikatz"}, {"absent", "nothere"}, {"common", "powershell"}} {
		has := sql.Expr(sql.Call{Name: "kql_has", Args: []sql.Expr{sql.Col{Table: "t", Name: "ProcessCommandLine"}, sql.Lit{V: c.term, T: sql.Text}}})
		b.Run(c.name+"/index", func(b *testing.B) { benchTermCount(b, s, has) })
		b.Run(c.name+"/scan", func(b *testing.B) { benchTermCount(b, s, sql.Not{X: sql.Not{X: has}}) })
	}
}

func benchTermBuild(b *testing.B, s *Store) {
	f := s.files[0]
	for b.Loop() {
		if err := s.writeTerms(b.Context(), f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/event")
	st, err := os.Stat(filepath.Join(s.opt.Dir, f.termPath()))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(st.Size())/benchRows, "B/event")
}

func benchTermCount(b *testing.B, s *Store, cond sql.Expr) {
	q := &sql.Query{Names: []string{"n"}, Types: []sql.Type{sql.Long}, Root: &sql.Select{
		Items: []sql.Item{{X: sql.Call{Name: "count"}, Name: "n"}}, Where: cond, Limit: -1,
		From: sql.Scan{Table: "DeviceProcessEvents", Columns: []string{"ProcessCommandLine"}, From: math.MinInt64, To: math.MaxInt64, Alias: "t"},
	}}
	for b.Loop() {
		for _, err := range s.Query(b.Context(), q) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
