package cfunc

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/sql"
)

// engine is a DuckDB in memory with the functions.
type engine struct {
	t    testing.TB
	db   mapping.Database
	conn mapping.Connection
}

func open(t testing.TB) *engine {
	e := &engine{t: t}
	var cfg mapping.Config
	if mapping.CreateConfig(&cfg) == mapping.StateError {
		t.Fatal("config")
	}
	defer mapping.DestroyConfig(&cfg)
	mapping.SetConfig(cfg, "threads", "2")
	var msg string
	if mapping.OpenExt("", &e.db, cfg, &msg) == mapping.StateError {
		t.Fatal(msg)
	}
	if mapping.Connect(e.db, &e.conn) == mapping.StateError {
		t.Fatal("connect")
	}
	t.Cleanup(func() { mapping.Disconnect(&e.conn); mapping.Close(&e.db) })
	if err := Register(e.conn); err != nil {
		t.Fatal(err)
	}
	return e
}

// run executes a statement and gives its first column's booleans; a null counts as false.
func (e *engine) run(text string, args ...string) []bool {
	e.t.Helper()
	var st mapping.PreparedStatement
	defer mapping.DestroyPrepare(&st)
	if mapping.Prepare(e.conn, text, &st) == mapping.StateError {
		e.t.Fatal(mapping.PrepareError(st))
	}
	for i, a := range args {
		mapping.BindVarcharLength(st, mapping.IdxT(i+1), a, mapping.IdxT(len(a)))
	}
	var res mapping.Result
	defer mapping.DestroyResult(&res)
	if mapping.ExecutePrepared(st, &res) == mapping.StateError {
		e.t.Fatal(mapping.ResultError(&res))
	}
	var out []bool
	for {
		c := mapping.FetchChunk(res)
		if c.Ptr == nil {
			return out
		}
		n := int(mapping.DataChunkGetSize(c))
		v := mapping.DataChunkGetVector(c, 0)
		out = append(out, unsafe.Slice((*bool)(mapping.VectorGetData(v)), n)...)
		mapping.DestroyDataChunk(&c)
	}
}

// pairs stores texts and needles in a table p(h, t), in order.
func (e *engine) pairs(hs, ts []string) {
	e.run("CREATE OR REPLACE TABLE p(h VARCHAR, t VARCHAR)")
	var st mapping.PreparedStatement
	defer mapping.DestroyPrepare(&st)
	if mapping.Prepare(e.conn, "INSERT INTO p VALUES (?, ?)", &st) == mapping.StateError {
		e.t.Fatal(mapping.PrepareError(st))
	}
	e.run("BEGIN")
	for i := range hs {
		mapping.BindVarcharLength(st, 1, hs[i], mapping.IdxT(len(hs[i])))
		mapping.BindVarcharLength(st, 2, ts[i], mapping.IdxT(len(ts[i])))
		var res mapping.Result
		if mapping.ExecutePrepared(st, &res) == mapping.StateError {
			e.t.Fatal(mapping.ResultError(&res))
		}
		mapping.DestroyResult(&res)
	}
	e.run("COMMIT")
}

var operators = map[string]string{
	"kql_has": "has", "kql_has_cs": "has_cs", "kql_hasprefix": "hasprefix", "kql_hasprefix_cs": "hasprefix_cs", "kql_hassuffix": "hassuffix",
	"kql_hassuffix_cs": "hassuffix_cs", "kql_contains": "contains", "kql_startswith": "startswith", "kql_endswith": "endswith", "kql_eq_ci": "=~",
}

// pieces make texts in which needles occur often, at the edges of terms and inside them, with characters that fold oddly.
var pieces = []string{"a", "A", "k", "K", "\u212a", "s", "ſ", "S", "ß", "é", "É", "é", "Σ", "σ", "ς", "İ", "i", "ı", "_", "-", ".", " ", "\\", "1", "٣",
	"cmd", "CMD.exe", "powershell", "PowerShell", "日本", "本", "\x00", "𐐀", "𐐨", "/", "ǅ", "ǆ", "longer text that crosses a register's width "}

func random(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n + 1) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// TestSameAsGo holds every function to kql/fn on random texts.
func TestSameAsGo(t *testing.T) {
	e := open(t)
	r := rand.New(rand.NewPCG(1, 2))
	const n = 20_000
	hs, ts := make([]string, n), make([]string, n)
	for i := range hs {
		hs[i], ts[i] = random(r, 12), random(r, 2)
		if i%3 == 0 && len(hs[i]) > 0 { // a needle that surely occurs
			rs := []rune(hs[i])
			a := r.IntN(len(rs))
			ts[i] = string(rs[a : a+1+r.IntN(len(rs)-a)])
		}
	}
	e.pairs(hs, ts)
	for name, op := range operators {
		hits := 0
		for i, got := range e.run("SELECT " + name + "(h, t) FROM p") {
			want, _ := fn.MatchText(op, hs[i], ts[i])
			if got != want {
				t.Errorf("%s(%q, %q) = %t, Go says %t", name, hs[i], ts[i], got, want)
			}
			if got {
				hits++
			}
		}
		if hits < n/100 {
			t.Errorf("%s: only %d of %d match; the texts test nothing", name, hits, n)
		}
		// a constant needle takes the path of an unchanged needle
		for i, got := range e.run("SELECT "+name+"(h, ?) FROM p", "K") {
			if want, _ := fn.MatchText(op, hs[i], "K"); got != want {
				t.Errorf("%s(%q, K) = %t, Go says %t", name, hs[i], got, want)
			}
		}
	}
}

func TestListsSameAsGo(t *testing.T) {
	e := open(t)
	r := rand.New(rand.NewPCG(3, 4))
	const n = 3000
	hs := make([]string, n)
	for i := range hs {
		hs[i] = random(r, 12)
	}
	e.pairs(hs, hs)
	for range 60 {
		list := make([]string, r.IntN(6))
		for i := range list {
			list[i] = random(r, 2)
		}
		anyOf := e.run("SELECT kql_has_any(h, ?) FROM p", sql.TextList(list))
		allOf := e.run("SELECT kql_has_all(h, ?) FROM p", sql.TextList(list))
		mayHave := e.run("SELECT kql_may_have(h, ?) FROM p", sql.TextList(list))
		for i, h := range hs {
			wantAny, wantAll := false, true
			for _, x := range list {
				m, _ := fn.MatchText("has", h, x)
				wantAny, wantAll = wantAny || m, wantAll && m
			}
			if mayHave[i] != (wantAll || strings.Contains(h, `\`)) {
				t.Fatalf("%q may have all of %q: %t", h, list, mayHave[i])
			}
			if anyOf[i] != wantAny || allOf[i] != wantAll {
				t.Fatalf("%q has any, all of %q: %t, %t, Go says %t, %t", h, list, anyOf[i], allOf[i], wantAny, wantAll)
			}
		}
	}
}

func TestNull(t *testing.T) {
	e := open(t)
	for _, name := range Names {
		for _, got := range e.run("SELECT coalesce(" + name + "(NULL::VARCHAR, x), true) AND coalesce(" + name + "(x, NULL::VARCHAR), true) FROM (VALUES ('a'), (NULL)) v(x)") {
			if !got {
				t.Errorf("%s of a null is not null", name)
			}
		}
	}
}

// TestTables holds the generated tables to the Unicode version of this Go.
func TestTables(t *testing.T) {
	have, err := os.ReadFile("tables.h")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(have, []byte("Unicode "+unicode.Version)) {
		t.Skip("the tables are of another Unicode version; run go generate")
	}
	tmp := filepath.Join(t.TempDir(), "tables.h")
	if out, err := exec.Command("go", "run", "gen_tables.go", tmp).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(tmp)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("tables.h is not what gen_tables.go writes; run go generate")
	}
}

func FuzzSameAsGo(f *testing.F) {
	e := open(f)
	f.Add("C:\\Windows\\cmd.exe /c whoami", "CMD")
	f.Add("\u212aelvin ſ", "ks")
	f.Fuzz(func(t *testing.T, h, x string) {
		e := &engine{t: t, conn: e.conn}
		h, x = strings.ToValidUTF8(h, "?"), strings.ToValidUTF8(x, "?")
		for name, op := range operators {
			want, _ := fn.MatchText(op, h, x)
			if got := e.run("SELECT "+name+"(?, ?)", h, x)[0]; got != want {
				t.Errorf("%s(%q, %q) = %t, Go says %t", name, h, x, got, want)
			}
		}
	})
}

// BenchmarkText compares the functions with reading the column and with a regular expression of the same meaning, over command lines.
func BenchmarkText(b *testing.B) {
	e := open(b)
	e.run(`CREATE TABLE c AS SELECT 'C:\Windows\System32\svchost.exe -k netsvcs -p -s service' || i || ' --flag=' || md5(i::VARCHAR) || ' -EncodedCommand ' || repeat(md5((i+1)::VARCHAR), 4) ||
		CASE WHEN i % 1000 = 0 THEN ' Mimikatz' ELSE '' END AS t FROM range(300000) r(i)`)
	for _, c := range []struct{ name, expr string }{
		{"read", "length(t) >= 0"},
		{"kql_has", "kql_has(t, 'mimikatz')"},
		{"kql_contains", "kql_contains(t, 'mimikatz')"},
		{"kql_has_any", "kql_has_any(t, '" + sql.TextList([]string{"mimikatz", "procdump", "lsass", "sekurlsa"}) + "')"},
		{"regexp", "regexp_matches(t, '(?i)(^|[^a-z0-9])mimikatz($|[^a-z0-9])')"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				e.run("SELECT count(*) > 0 FROM c WHERE " + c.expr)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/300000, "ns/row")
		})
	}
}
