package bind_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

var update = flag.Bool("update", false, "write what the binder gives into testdata/*.txtar")

// shop is the catalog of the files in testdata.
var shop = &shopCatalog{tableMap{tables: map[string]*plan.Table{
	"Orders": {Name: "Orders", TimeColumn: "Placed", Columns: cols("Placed datetime, Customer string, Items dynamic, Total real, Count long, Small int, Paid bool, Took timespan, Id guid, Price decimal")},
	"People": {Name: "People", Columns: append(cols("Customer string, Name string, Age int, Tags dynamic, Count string"), plan.TableColumn{Name: "$IngestionTime", Type: value.Datetime, Hidden: true})},
	"Paths":  {Name: "Paths", Columns: cols("From string, To string, Length long")},
	"Places": {Name: "Places", Columns: cols("Place string, Country string")},
	"Loose":  {Name: "Loose", Columns: cols("When datetime"), Open: true},
}, names: []string{"Loose", "Orders", "Paths", "People", "Places"}}}

type shopCatalog struct{ tableMap }

func (*shopCatalog) Function(name string) (params, body string, ok bool) {
	switch name {
	case "Recent":
		return "(days:long=7)", "Orders | where Placed > ago(days * 1d)", true
	case "Double":
		return "(x:long)", "{ x * 2 }", true
	case "Wrong":
		return "()", "Orders | project Nothing", true
	case "Again":
		return "()", "Again | take 1", true
	}
	return "", "", false
}

func cols(spec string) []plan.TableColumn {
	var out []plan.TableColumn
	for _, c := range strings.Split(spec, ", ") {
		name, typ, _ := strings.Cut(c, " ")
		t, _ := value.TypeOf(typ)
		out = append(out, plan.TableColumn{Name: name, Type: t})
	}
	return out
}

// describe gives what a query's binding is held to: a line for each result with its columns, and one for each diagnostic.
func describe(query string) string {
	script, diags := syntax.Parse(query)
	q, more := bind.Bind(script, shop, bind.Options{Database: "shop", Params: map[string]value.Value{"given": value.OfLong(3)}})
	diags = append(diags, more...)
	var b strings.Builder
	for _, d := range diags {
		kind := map[syntax.Severity]string{syntax.Error: "error", syntax.Warning: "warning", syntax.Hint: "hint"}[d.Severity]
		b.WriteString(kind + " " + d.Code + " at `" + query[d.Start:min(d.End, len(query))] + "`: " + d.Message)
		if d.Suggestion != "" {
			b.WriteString(" (" + d.Suggestion + ")")
		}
		b.WriteByte('\n')
	}
	if diags.HasErrors() {
		return b.String()
	}
	for _, r := range q.Results {
		b.WriteString(r.Name + ":")
		for i, c := range r.Root.Columns() {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(" " + c.Name + " " + c.Type.String())
		}
		if r.Render != nil {
			b.WriteString(" | render " + r.Render.Kind)
		}
		if r.Sorted {
			b.WriteString(" | sorted")
		}
		b.WriteByte('\n')
	}
	if len(q.Open) > 0 {
		b.WriteString("open: " + q.Open[0].Plugin + "\n")
	}
	return b.String()
}

// TestOperators binds the queries of testdata/*.txtar: each file has the name of what it is about, and pairs of sections, the query
// and what comes of it.
func TestOperators(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for i, part := range strings.Split("\n"+string(data), "\n-- query --\n") {
				if i == 0 {
					out.WriteString(strings.TrimPrefix(part, "\n"))
					continue
				}
				query, want, _ := strings.Cut(part, "\n-- result --\n")
				got := strings.TrimSuffix(describe(query), "\n")
				if want = strings.TrimSuffix(want, "\n"); got != want && !*update {
					t.Errorf("%s\n--- got\n%s\n--- want\n%s", query, got, want)
				}
				if out.Len() > 0 {
					out.WriteByte('\n')
				}
				out.WriteString("-- query --\n" + query + "\n-- result --\n" + got)
			}
			if *update {
				if err := os.WriteFile(file, []byte(strings.TrimSuffix(out.String(), "\n")+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestPlansAreWhole verifies the trees of all queries of testdata that bind.
func TestPlansAreWhole(t *testing.T) {
	eachQuery(t, func(query string) {
		script, diags := syntax.Parse(query)
		q, more := bind.Bind(script, shop, bind.Options{Database: "shop", Params: map[string]value.Value{"given": value.OfLong(3)}})
		if diags.HasErrors() || more.HasErrors() || len(q.Open) > 0 {
			return
		}
		for _, r := range q.Results {
			if err := verify(r.Root); err != nil {
				t.Errorf("%s\n%v", query, err)
			}
		}
	})
}

func eachQuery(tb testing.TB, f func(query string)) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for i, part := range strings.Split("\n"+string(data), "\n-- query --\n") {
			if i > 0 {
				query, _, _ := strings.Cut(part, "\n-- result --\n")
				f(query)
			}
		}
	}
}

// TestDiscovered binds a query whose columns the rows decide, as they are and as told by an earlier run.
func TestDiscovered(t *testing.T) {
	script, _ := syntax.Parse("Orders | evaluate bag_unpack(Items) | where colour == 'red' | summarize count() by colour")
	q, diags := bind.Bind(script, shop, bind.Options{})
	if diags.HasErrors() || len(q.Open) != 1 {
		t.Fatalf("open calls %d, %v", len(q.Open), diags)
	}
	q, diags = bind.Bind(script, shop, bind.Options{Discovered: [][]plan.TableColumn{{{Name: "Customer", Type: value.String}, {Name: "colour", Type: value.String}}}})
	if diags.HasErrors() || len(q.Open) != 0 {
		t.Fatalf("open calls %d, %v", len(q.Open), diags)
	}
	if err := verify(q.Results[0].Root); err != nil {
		t.Error(err)
	}
	if c := q.Results[0].Root.Columns(); len(c) != 2 || c[0].Name != "colour" || c[0].Type != value.String {
		t.Errorf("columns %v", c)
	}
}

// FuzzBind finds no text that makes the binder panic, hang or give a tree that is not whole.
func FuzzBind(f *testing.F) {
	eachQuery(f, func(query string) { f.Add(query) })
	f.Fuzz(func(t *testing.T, query string) {
		script, diags := syntax.Parse(query)
		q, more := bind.Bind(script, shop, bind.Options{})
		for _, d := range more {
			if d.Message == "" || d.Code == "" || d.Start < 0 || d.End > len(query) || d.Start > d.End {
				t.Errorf("a diagnostic without text or place: %+v", d)
			}
		}
		if diags.HasErrors() || more.HasErrors() || len(q.Open) > 0 {
			return
		}
		for _, r := range q.Results {
			if err := verify(r.Root); err != nil {
				t.Errorf("%v", err)
			}
		}
	})
}
