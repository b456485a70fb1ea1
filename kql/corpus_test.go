package kql_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// corpus is the catalogue of real tables, each filled with a few made-up rows when it is first asked for: the same in Go and the engine.
type corpus struct {
	*backend
	tables map[string]*plan.Table
	scans  map[string]*plan.Scan
	rows   map[string][]exec.Row
	hints  *hints // of the query that is run
	filled int    // tables since the engine is new
}

func loadCorpus(t testing.TB, b *backend) *corpus {
	data, err := os.ReadFile(shared(t, "kql/catalogue.json"))
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	c := &corpus{backend: b, tables: map[string]*plan.Table{}, scans: map[string]*plan.Scan{}, rows: map[string][]exec.Row{}}
	mustToken(t, d) // {
	for d.More() {
		name := mustToken(t, d).(string)
		tab := &plan.Table{Name: name}
		mustToken(t, d)
		for d.More() {
			col := mustToken(t, d).(string)
			typ, ok := value.TypeOf(mustToken(t, d).(string))
			if !ok {
				t.Fatalf("%s.%s has an unknown type", name, col)
			}
			if typ == value.Datetime && (col == "Timestamp" || col == "TimeGenerated" && tab.TimeColumn == "") {
				tab.TimeColumn = col
			}
			tab.Columns = append(tab.Columns, plan.TableColumn{Name: col, Type: typ, Stored: fmt.Sprintf("s%d", len(tab.Columns))})
		}
		mustToken(t, d)
		c.tables[name] = tab
	}
	return c
}

func mustToken(t testing.TB, d *json.Decoder) json.Token {
	tok, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// Table, Tables and Function implement plan.Catalog.
func (c *corpus) Table(name string) (*plan.Table, bool) { t, ok := c.tables[name]; return t, ok }
func (c *corpus) Tables() []string {
	var out []string
	for name := range c.tables {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
func (c *corpus) Function(string) (params, body string, ok bool) { return "", "", false }

const corpusNow = 638_396_640_000_000_000 // 2024-01-01

// fill makes a table's rows: values of small pools, so that comparisons and joins find something.
func (c *corpus) fill(name string) (*plan.Scan, error) {
	if s := c.scans[name]; s != nil {
		return s, nil
	}
	if len(c.scans) > 150 {
		return nil, errTooMany
	}
	tab := c.tables[name]
	h := fnv.New64a()
	h.Write([]byte(name))
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	v := &plan.Values{}
	for _, col := range tab.Columns {
		v.Cols = append(v.Cols, plan.Column{Name: col.Name, Type: col.Type})
	}
	for range 12 {
		row := make(exec.Row, len(v.Cols))
		for i, col := range v.Cols {
			v, ok := c.hints.value(r, col)
			if !ok {
				v = made(r, col, col.Name == tab.TimeColumn)
			}
			row[i] = v
		}
		v.Rows = append(v.Rows, row)
	}
	c.scans[name], c.rows[name] = c.backend.table(v), v.Rows
	return c.scans[name], nil
}

// errTooMany refuses queries over all tables: they would be filled with rows for nothing that others do not test.
var errTooMany = errors.New("more tables than this test fills")

var words = []string{"", "cmd.exe", "powershell.exe", "C:\\Windows\\System32\\cmd.exe", "powershell -enc aGVsbG8=", "user@contoso.com", "10.0.0.5", "8.8.8.8",
	"Success", "0", "True", "ProcessCreated", "https://example.com/a?b=c", "pc1", "pc2", "{\"a\":1,\"b\":[\"x\"]}", "ÄÖ", "High"}
var bags = []string{`{"a":1,"name":"x","list":[1,2,"y"]}`, `["a","b"]`, `"text"`, `[{"Type":"ip","Address":"10.0.0.5"}]`, `{"UserAgent":"curl","CommandLine":"cmd /c x"}`}

func made(r *rand.Rand, c plan.Column, never bool) value.Value {
	if !never && c.Type != value.String && r.IntN(6) == 0 {
		return value.NullOf(c.Type)
	}
	switch c.Type {
	case value.Bool:
		return value.OfBool(r.IntN(2) == 0)
	case value.Int:
		return value.OfInt(int32(r.IntN(5)))
	case value.Long:
		return value.OfLong(int64([]int{0, 1, 2, 443, 4625, -7}[r.IntN(6)]))
	case value.Real:
		return value.OfReal([]float64{0, 0.5, 1, 99.5, -2}[r.IntN(5)])
	case value.Decimal:
		return value.Convert(value.OfReal(1.5), value.Decimal)
	case value.Datetime:
		return value.OfDatetime(corpusNow - r.Int64N(20*864_000_000_000))
	case value.Timespan:
		return value.OfTimespan(r.Int64N(864_000_000_000))
	case value.GUID:
		return value.OfGUID(fmt.Sprintf("00000000-0000-0000-0000-00000000000%d", r.IntN(3)))
	case value.Dynamic:
		return value.ParseDynamic(bags[r.IntN(len(bags))])
	}
	return value.OfString(words[r.IntN(len(words))])
}

// Scan implements exec.Source for Go's copy.
func (c *corpus) Scan(_ context.Context, n *plan.Scan) iter.Seq2[exec.Batch, error] {
	return func(yield func(exec.Batch, error) bool) {
		if _, err := c.fill(n.Table); err != nil {
			yield(nil, err)
			return
		}
		at := map[string]int{}
		for i, col := range c.tables[n.Table].Columns {
			at[col.Stored] = i
		}
		var b exec.Batch
		for _, row := range c.rows[n.Table] {
			out := make(exec.Row, len(n.Cols))
			for i, source := range n.Source {
				out[i] = row[at[source]]
			}
			b = append(b, out)
		}
		yield(b, nil)
	}
}

// Query implements exec.Source for the engine's.
func (c *corpus) Query(ctx context.Context, q *sql.Query, cols []plan.Column) iter.Seq2[exec.Batch, error] {
	return c.backend.query(ctx, q, cols, func(s sql.Scan) (string, error) {
		scan, err := c.fill(s.Table)
		if err != nil {
			return "", err
		}
		return fragment(s, scan.Table), nil
	})
}

// begin readies the tables for a query: each query finds rows of its own. After many tables it begins with a new engine, because each
// costs an engine blocks for every column, dropped or not.
func (c *corpus) begin(query string) {
	c.hints, c.texts = hintsOf(query), nil
	if c.filled += len(c.scans); c.filled >= 60 {
		c.filled = 0
		c.renew()
	}
	c.scans, c.rows = map[string]*plan.Scan{}, map[string][]exec.Row{}
}

type corpusQuery struct{ ID, Query string }

func loadHunting(t testing.TB) []corpusQuery {
	f, err := os.Open(shared(t, "kql/hunting.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []corpusQuery
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var q corpusQuery
		if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		out = append(out, q)
	}
	return out
}

// freely says that a query's rows are not determined, so that two right answers may differ.
func freely(q string) bool {
	for _, w := range []string{"take ", "limit ", "sample", "rand(", "arg_max", "arg_min", "take_any", "any(", "top ", "join", "make_list", "make_set", "makelist", "makeset", "row_number", "prev(", "next(", "serialize", "new_guid", "make_bag", "reduce", "percentile", "dcount"} {
		if strings.Contains(q, w) {
			return true
		}
	}
	return false
}

// allOfThem says that the suites are wanted whole, not a sample of them.
func allOfThem() bool { return os.Getenv("KQL_CORPUS") != "" }

// TestCorpus runs real hunting queries over made-up rows, in Go and with SQL. The engine must accept every statement and give rows
// where Go does; where the rows are determined they must be equal.
func TestCorpus(t *testing.T) {
	queries := loadHunting(t)
	if testing.Short() {
		t.Skip("thousands of queries")
	}
	eachEngine(t, func(t *testing.T, name string, b *backend) {
		if inShards(t, name, len(queries)) {
			return
		}
		c := loadCorpus(t, b)
		from, to := shard()
		every := 1
		if !allOfThem() && !*update {
			every = 16 // a sample; `make conformance` runs all
		}
		n := map[string]int{}
		for i, q := range queries {
			if i%every != 0 || i < from || i >= to {
				continue
			}
			c.begin(q.Query)
			inGo, goErr := run(q.Query, c, c, kql.Options{InGo: true, Now: corpusNow, External: true})
			inSQL, sqlErr := run(q.Query, c, c, kql.Options{Now: corpusNow, External: true, Dialect: b.dialect()})
			if len(c.texts) > 0 {
				n["asked the engine"]++
			}
			switch {
			case errors.Is(goErr, errTooMany) || errors.Is(sqlErr, errTooMany):
				n["over all tables"]++
			case sqlErr != nil && goErr == nil:
				n["wrong"]++
				t.Errorf("%s: Go answers, with SQL: %.1500v\n%s", q.ID, sqlErr, q.Query)
			case goErr != nil && sqlErr != nil:
				n["refused"]++
				t.Logf("refused %s: %.300v", q.ID, goErr)
			case goErr != nil:
				n["refused in Go alone"]++
				t.Logf("refused in Go alone %s: %.300v", q.ID, goErr)
			case len(inGo.rows) == 0:
				n["equal, empty"]++
				if len(inSQL.rows) > 0 && !freely(q.Query) {
					n["wrong"]++
					t.Errorf("%s: no rows in Go, %d with SQL\n%s", q.ID, len(inSQL.rows), strings.Join(c.texts, "\n"))
				}
			case sameRows(inGo.rows, inSQL.rows, inGo.types, false):
				n["equal"]++
			case freely(q.Query):
				n["undetermined"]++
			default:
				n["wrong"]++
				g, _ := json.Marshal(inGo.rows)
				s, _ := json.Marshal(inSQL.rows)
				t.Errorf("%s: rows differ\n%s\n  Go  %.600s\n  SQL %.600s\n  %.3000s", q.ID, q.Query, g, s, strings.Join(c.texts, "\n  "))
			}
		}
		logTally(t, name, n)
	})
}

// logTally tells how many queries had which end on an engine.
func logTally(t *testing.T, name string, n map[string]int) {
	var keys []string
	for k := range n {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		t.Logf("hunting queries with %s %s: %d", name, k, n[k])
	}
}
