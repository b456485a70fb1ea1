package bind_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// suite gives the path of a file of the KQL suites beside the repository, or skips the test.
func suite(tb testing.TB, name string) string {
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("no go.mod above the test")
		}
		dir = up
	}
	path := filepath.Join(filepath.Dir(dir), "shared", "kql", name)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("%s is not beside the repository", name)
	}
	return path
}

// tableMap is a catalog without aliases and functions.
type tableMap struct {
	tables map[string]*plan.Table
	names  []string
}

func (m *tableMap) Table(name string) (*plan.Table, bool)          { t, ok := m.tables[name]; return t, ok }
func (m *tableMap) Tables() []string                               { return m.names }
func (m *tableMap) Function(string) (params, body string, ok bool) { return "", "", false }

// readCatalog reads {"Table":{"Column":"type"}}, keeping the columns in their order.
func readCatalog(tb testing.TB, path string) *tableMap {
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	m := &tableMap{tables: map[string]*plan.Table{}}
	dec := json.NewDecoder(bytes.NewReader(data))
	token := func() json.Token {
		t, err := dec.Token()
		if err != nil {
			tb.Fatal(err)
		}
		return t
	}
	token()
	for dec.More() {
		t := &plan.Table{Name: token().(string)}
		token()
		for dec.More() {
			name := token().(string)
			typ, ok := value.TypeOf(token().(string))
			if !ok {
				tb.Fatalf("%s.%s has an unknown type", t.Name, name)
			}
			t.Columns = append(t.Columns, plan.TableColumn{Name: name, Type: typ})
			if name == "Timestamp" || name == "TimeGenerated" && t.TimeColumn == "" {
				t.TimeColumn = name
			}
		}
		token()
		m.tables[t.Name] = t
		m.names = append(m.names, t.Name)
	}
	sort.Strings(m.names)
	return m
}

// openTables adds the custom tables that a query names: their columns are whatever the query uses.
func (m *tableMap) openTables(query string) {
	for _, name := range append(customTable.FindAllString(query, -1), "AzureDiagnostics") {
		if t, ok := m.tables[name]; !ok {
			m.tables[name] = &plan.Table{Name: name, Columns: []plan.TableColumn{{Name: "TimeGenerated", Type: value.Datetime}}, Open: true}
			m.names = append(m.names, name)
		} else {
			t.Open = true
		}
	}
}

var customTable = regexp.MustCompile(`\b[A-Za-z]\w*_CL\b`)

func lines(tb testing.TB, path string, each func(line []byte)) {
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<26)
	for s.Scan() {
		each(s.Bytes())
	}
	if err := s.Err(); err != nil {
		tb.Fatal(err)
	}
}

// tally counts verdicts and keeps what to show of each.
type tally struct {
	counts  map[string]int
	reasons map[string]int
	first   map[string]string
	missing map[string]int
}

func newTally() *tally {
	return &tally{map[string]int{}, map[string]int{}, map[string]string{}, map[string]int{}}
}

func (t *tally) add(id, verdict, reason string) {
	t.counts[verdict]++
	if verdict == "equal" {
		return
	}
	if m := unknownFunction.FindStringSubmatch(reason); m != nil {
		t.missing[m[1]]++
	}
	key := verdict + ": " + reason
	if t.reasons[key]++; t.first[key] == "" {
		t.first[key] = id
	}
}

var unknownFunction = regexp.MustCompile(`there is no function (\w+)`)

func (t *tally) report(tb testing.TB, suite string) {
	tb.Logf("%s: %v", suite, t.counts)
	show := func(title string, m map[string]int, n int) {
		keys := make([]string, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		sort.Slice(keys, func(i, j int) bool { return m[keys[i]] > m[keys[j]] || m[keys[i]] == m[keys[j]] && keys[i] < keys[j] })
		var b strings.Builder
		for i, k := range keys {
			if i == n {
				break
			}
			fmt.Fprintf(&b, "\n%5d  %s", m[k], k)
			if f := t.first[k]; f != "" {
				fmt.Fprintf(&b, "   [%s]", f)
			}
		}
		if b.Len() > 0 {
			tb.Logf("%s: %s%s", suite, title, b.String())
		}
	}
	show("functions that are not declared", t.missing, 200)
	show("differences", t.reasons, 60)
}

// ratchet compares a count with the committed one, which only rises: set VEDETTE_RATCHET=1 to write it.
func ratchet(tb testing.TB, name string, got int) {
	path := filepath.Join("testdata", "ratchet.json")
	counts := map[string]int{}
	if data, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(data, &counts); err != nil {
			tb.Fatal(err)
		}
	}
	switch {
	case got < counts[name]:
		tb.Errorf("%s: %d equal, but it was %d", name, got, counts[name])
	case got > counts[name] && os.Getenv("VEDETTE_RATCHET") == "1":
		counts[name] = got
		data, _ := json.MarshalIndent(counts, "", "\t")
		if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}

// bindQuery parses and binds; the error is the text of the first diagnostic.
func bindQuery(query string, cat plan.Catalog, first bool) ([][2]string, bool, string) {
	script, diags := syntax.Parse(query)
	if d := firstError(diags); d != "" {
		return nil, false, "syntax: " + d
	}
	q, diags := bind.Bind(script, cat, bind.Options{Check: true})
	if d := firstError(diags); d != "" {
		return nil, false, d
	}
	if len(q.Results) == 0 {
		return nil, false, ""
	}
	if len(q.Open) == 0 {
		for _, r := range q.Results {
			if err := verify(r.Root); err != nil {
				return nil, false, "plan: " + err.Error()
			}
		}
	}
	at := len(q.Results) - 1
	if first {
		at = 0
	}
	root := q.Results[at].Root
	var cols [][2]string
	for _, c := range root.Columns() {
		cols = append(cols, [2]string{c.Name, c.Type.String()})
	}
	return cols, len(q.Open) > 0, ""
}

func difference(want, got [][2]string) string {
	for i := range want {
		if i >= len(got) {
			return fmt.Sprintf("%d columns instead of %d", len(got), len(want))
		}
		if want[i] != got[i] {
			if want[i][0] == got[i][0] {
				return "type of a column: " + got[i][1] + " instead of " + want[i][1]
			}
			return "name " + strconv.Quote(got[i][0]) + " instead of " + strconv.Quote(want[i][0])
		}
	}
	if len(got) > len(want) {
		return fmt.Sprintf("%d columns instead of %d", len(got), len(want))
	}
	return ""
}

// TestCorpusHunting binds real hunting queries and compares the result columns with those that Microsoft's binder gives.
func TestCorpusHunting(t *testing.T) {
	path := suite(t, "hunting.jsonl.gz")
	cat := readCatalog(t, suite(t, "catalogue.json"))
	lines(t, path, func(line []byte) { cat.openTables(string(line)) })
	sum := newTally()
	lines(t, path, func(line []byte) {
		var c struct {
			ID, Query string
			Columns   [][2]string `json:"result_columns"`
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		got, _, problem := bindQuery(c.Query, cat, false)
		switch {
		case problem != "":
			sum.add(c.ID, "refused", problem)
		case c.Columns == nil:
			sum.add(c.ID, "equal", "")
		default:
			if d := difference(c.Columns, got); d != "" {
				sum.add(c.ID, "different", d)
			} else {
				sum.add(c.ID, "equal", "")
			}
		}
	})
	sum.report(t, "hunting")
	ratchet(t, "hunting", sum.counts["equal"])
}

// TestCorpusCases binds the examples of the reference and compares names and types with those that Kusto gave.
func TestCorpusCases(t *testing.T) {
	path := suite(t, "cases.jsonl")
	cat := &tableMap{tables: map[string]*plan.Table{}}
	sum := newTally()
	lines(t, path, func(line []byte) {
		var c struct {
			ID, Query      string
			Columns, Types []string
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		got, open, problem := bindQuery(c.Query, cat, true)
		var want [][2]string
		for i := range c.Columns {
			want = append(want, [2]string{c.Columns[i], c.Types[i]})
		}
		switch d := difference(want, got); {
		case problem != "":
			sum.add(c.ID, "refused", problem)
		case d == "":
			sum.add(c.ID, "equal", "")
		case open:
			sum.add(c.ID, "open", "the data decides")
		default:
			sum.add(c.ID, "different", d)
		}
	})
	sum.report(t, "cases")
	ratchet(t, "cases", sum.counts["equal"])
}

// firstError gives the first error among diagnostics as text.
func firstError(diags syntax.Diags) string {
	for _, d := range diags {
		if d.Severity == syntax.Error {
			return d.Message
		}
	}
	return ""
}
