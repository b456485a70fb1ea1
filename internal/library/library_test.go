package library_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger/sqlite"
	"github.com/vedette-siem/vedette/internal/library"
	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/plan"
)

func open(t *testing.T, dir string) *library.Library {
	t.Helper()
	l, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return library.New(l, dir)
}

// catalog is a library without tables.
type catalog struct{ *library.Library }

func (catalog) Table(string) (*plan.Table, bool) { return nil, false }
func (catalog) Tables() []string                 { return nil }

// rows runs a query over the library; cells are separated by |, rows by spaces.
func rows(t *testing.T, l *library.Library, text string) string {
	t.Helper()
	q, diags := kql.Compile(text, catalog{l}, kql.Options{})
	if diags.HasErrors() {
		return kql.Errors(text, diags)
	}
	var out []string
	for table, err := range q.Run(t.Context(), nil) {
		if err != nil {
			return err.Error()
		}
		for batch, err := range table.Rows {
			if err != nil {
				return err.Error()
			}
			for _, row := range batch {
				var cells []string
				for _, v := range row {
					cells = append(cells, v.Text())
				}
				out = append(out, strings.Join(cells, "|"))
			}
		}
	}
	return strings.Join(out, " ")
}

func TestWatchlist(t *testing.T) {
	l := open(t, "")
	ctx := t.Context()
	first, err := l.ImportWatchlist(ctx, library.Watchlist{Alias: "VIPs", SearchKey: "User"}, strings.NewReader("\ufeffUser,Team,SearchKey\nada,\"a, b\",x\nbob,,y\n"))
	if err != nil || first.Count != 2 || first.Name != "VIPs" {
		t.Fatalf("%+v, %v", first, err)
	}
	for _, c := range []struct{ query, want string }{
		{`_GetWatchlist('vips') | project SearchKey, User, Team`, "ada|ada|a, b bob|bob|"},
		{`_GetWatchlist('VIPs') | getschema | project ColumnName, ColumnType`, "_DTItemId|string LastUpdatedTimeUTC|datetime SearchKey|string WatchlistItem|dynamic User|string Team|string"},
		{`_GetWatchlist('vips', dynamic(['bob'])) | project Item = WatchlistItem.User`, "bob"},
		{`let a = 'vips'; _GetWatchlist(a) | where LastUpdatedTimeUTC > datetime(2020-01-01) and strlen(_DTItemId) == 36 | count`, "2"},
		{`print x = 'ada' in ((_GetWatchlist('vips') | project SearchKey))`, "true"},
		{`_GetWatchlistAlias`, "VIPs"},
		{`_GetWatchlist('others') | where SearchKey == 'x' and Other == 1 | count`, "0"},
		{`_GetWatchlist('vips') | where Nothing == 'x' | count`, "0"},
	} {
		if got := rows(t, l, c.query); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
		}
	}
	_, diags := kql.Compile(`_GetWatchlist('VIP')`, catalog{l}, kql.Options{})
	if len(diags) != 1 || !strings.Contains(diags[0].Message, `"VIP"`) || !strings.Contains(diags[0].Suggestion, "VIPs") {
		t.Errorf("a list that is not there: %v", diags)
	}
	before, err := l.GetWatchlist(ctx, "vips")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.ImportWatchlist(ctx, library.Watchlist{Alias: "vips", SearchKey: "User"}, strings.NewReader("User,Team,SearchKey\nbob,,y\neve,c,z\n")); err != nil {
		t.Fatal(err)
	}
	after, err := l.GetWatchlist(ctx, "vips")
	if err != nil || len(after.Items) != 2 || after.Items[0].ID != before.Items[1].ID || after.Items[1].ID == before.Items[0].ID || !after.Created.Equal(before.Created) {
		t.Errorf("imported again: %+v after %+v, %v", after, before, err)
	}
	if lists, err := l.ListWatchlists(ctx); err != nil || len(lists) != 1 || lists[0].Items != nil || lists[0].Count != 2 {
		t.Errorf("listed: %+v, %v", lists, err)
	}
	if err := l.RemoveWatchlist(ctx, "VIPS"); err != nil {
		t.Error(err)
	}
	if err := l.RemoveWatchlist(ctx, "VIPS"); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed twice: %v", err)
	}
}

func TestWatchlistFaults(t *testing.T) {
	l := open(t, "")
	for _, c := range []struct{ alias, key, csv, says string }{
		{"a", "k", "k\n1\n", "alias"},
		{"../x", "k", "k\n1\n", "alias"},
		{"list", "k", "", "empty"},
		{"list", "", "k,v\n1,2\n", "k, v"},
		{"list", "x", "k,v\n1,2\n", "x"},
		{"list", "k", "k,k\n1,2\n", "twice"},
		{"list", "k", "k,\n1,2\n", "name"},
		{"list", "k", "k,v\n1,2\n3\n", "line 3"},
		{"list", "k", "k\n" + strings.Repeat("x", 11<<10) + "\n", "line 2"},
		{"list", "k", "k\n" + strings.Repeat(strings.Repeat("x", 1023)+"\n", 9<<10), "8 MiB"},
	} {
		_, err := l.ImportWatchlist(t.Context(), library.Watchlist{Alias: c.alias, SearchKey: c.key}, strings.NewReader(c.csv))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %s: %v, want %q", c.alias, c.key, err, c.says)
		}
	}
	if lists, err := l.ListWatchlists(t.Context()); err != nil || len(lists) != 0 {
		t.Errorf("%v, %v", lists, err)
	}
}

func TestFunctions(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Plain.kql":   "// Gives a row.\n// Of one column.\nlet a = 1;\nprint x = a;\n",
		"Whole.kql":   "\ufefflet Whole = (n: long, s: string = 'd') { range i from 1 to n step 1 | project i, s };",
		"Short.kql":   "// adds\n(T: (i: long)) { T | extend j = i + 1 }",
		"Wrong.kql":   "print x = (1",
		"Round.kql":   "Trip",
		"Trip.kql":    "Round | take 1",
		"no name.kql": "print 1",
		"notes.txt":   "print 1",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, dir)
	ctx := t.Context()
	if _, err := l.PutFunction(ctx, library.Function{Name: "Twice", Parameters: "(x: long)", Body: "x * 2"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ query, want string }{
		{`Plain`, "1"},
		{`Plain() | extend y = 2`, "1|2"},
		{`Whole(2)`, "1|d 2|d"},
		{`Whole(n=1, s='e') | invoke Short()`, "1|e|2"},
		{`Short(Whole(1))`, "1|d|2"},
		{`print x = Twice(21)`, "42"},
		{`union Plain, (Whole(1) | project x = i)`, "1 1"},
		{`let Plain = () { print x = 7 }; Plain`, "7"},
		{`declare pattern app = (a: string)[p: string] { ('x').['y'] = { Plain }; }; app('x').y`, "1"},
		{`let V = view () { Whole(1) }; union V | project i`, "1"},
	} {
		if got := rows(t, l, c.query); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
		}
	}
	for query, says := range map[string]string{"Wrong": "Wrong", "Round": "calls itself", "Twice('a', 2)": "Twice", "Missing()": "Missing"} {
		if got := rows(t, l, query); !strings.Contains(got, says) {
			t.Errorf("%s: %s; want %s", query, got, says)
		}
	}
	if f, err := l.GetFunction(ctx, "Plain"); err != nil || f.Description != "Gives a row.\nOf one column." {
		t.Errorf("%+v, %v", f, err)
	}
	for _, f := range []library.Function{{Name: "strlen", Body: "1"}, {Name: "a b", Body: "1"}, {Name: "x", Body: "print ("}, {Name: "x", Body: "1 }; print 2; let g = () { 1"}, {Name: "x", Parameters: "(a)", Body: "1"}} {
		if _, err := l.PutFunction(ctx, f); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if all, err := l.ListFunctions(ctx); err != nil || len(all) != 7 || all[0].Name != "Plain" {
		t.Errorf("%v, %v", all, err)
	}
	if err := l.RemoveFunction(ctx, "Plain"); !fault.Is(err, fault.Conflict) {
		t.Errorf("the function of a file: %v", err)
	}
	if err := l.RemoveFunction(ctx, "Twice"); err != nil {
		t.Error(err)
	}
	if err := l.RemoveFunction(ctx, "Twice"); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed twice: %v", err)
	}
}
