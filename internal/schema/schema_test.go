package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared gives the path of a file of the reference data that lies beside the repository, or skips the test.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Skip("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	p := filepath.Join(append([]string{dir, "..", "shared"}, parts...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("reference data is absent: %v", err)
	}
	return p
}

// ordered reads {"Table":{"Column":"type"}} keeping the order of columns.
func ordered(t *testing.T, path string) map[string][]Column {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	token := func() json.Token {
		tok, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		return tok
	}
	out := map[string][]Column{}
	token()
	for dec.More() {
		name := token().(string)
		token()
		for dec.More() {
			col := token().(string)
			out[name] = append(out[name], Column{col, Type(token().(string))})
		}
		token()
	}
	return out
}

func TestBuiltinEqualsReference(t *testing.T) {
	catalogue := ordered(t, shared(t, "kql", "catalogue.json"))
	for _, file := range []string{"schema_union.json", "schema_sentinel_tables.json"} {
		for name := range ordered(t, shared(t, "schema", file)) {
			if tab, ok := Builtin().Table(name); !ok || tab.Name != name {
				t.Errorf("%s: table %s is missing", file, name)
			}
		}
	}
	for name := range catalogue {
		_, listed := Builtin().Table(name)
		if _, ok := Known(name); ok == listed {
			t.Errorf("table %s: listed %v, known %v", name, listed, ok)
		}
	}
	for _, tab := range append(Builtin().Tables(), known().Tables()...) {
		if tab.Group == "Vedette" {
			continue
		}
		want := catalogue[tab.Name]
		if len(want) != len(tab.Columns) {
			t.Errorf("%s: %d columns, reference has %d", tab.Name, len(tab.Columns), len(want))
			continue
		}
		for i := range want {
			if want[i] != tab.Columns[i] {
				t.Errorf("%s: column %d is %v, reference has %v", tab.Name, i, tab.Columns[i], want[i])
			}
		}
	}
}

func TestBuiltin(t *testing.T) {
	c := Builtin()
	p, ok := c.Table("DeviceProcessEvents")
	if !ok || !p.Streamed || p.Group != "Defender for Endpoint" || p.Time != Timestamp {
		t.Fatalf("DeviceProcessEvents = %+v", p)
	}
	a, _ := p.Index("LogonId")
	b, _ := p.Index("LogonID")
	if a == b {
		t.Error("LogonId and LogonID are the same column")
	}
	if _, ok := c.Table("deviceprocessevents"); ok {
		t.Error("table names must be case-sensitive")
	}
	if g, ok := c.Table("GraphAPIAuditEvents"); !ok || g.Name != "GraphApiAuditEvents" {
		t.Errorf("old table name gives %+v", g)
	}
	app, _ := c.Table("CloudAppEvents")
	i, ok := app.Index("Isp")
	if !ok || app.Columns[i].Name != "ISP" || app.Has("Isp") {
		t.Error("Isp must be an alias of ISP")
	}
	streamed := 0
	for _, tab := range c.Tables() {
		if tab.Streamed {
			streamed++
		}
		if tab.About == "" || tab.Group == "" {
			t.Errorf("%s has no description or group", tab.Name)
		}
		if tab.Group != "Microsoft Sentinel" && tab.Group != "Vedette" && (!tab.Has(Timestamp) || !tab.Has(TimeGenerated)) {
			t.Errorf("%s lacks one of the two clocks", tab.Name)
		}
	}
	if streamed != 21 {
		t.Errorf("%d streamed tables, the connector page has 21", streamed)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"columns\n":       "expected table",
		"table T\n  nope": "cannot read nope",
		"table T\n  time A\n  columns\n    A:datetime A":        "named twice",
		"table T\n  time A\n  columns\n    A:date":              "unknown type",
		"table T\n  columns\n    A":                             "no time column",
		"table T\n  time A\n  alias-column A B\n  columns\n  A": "bad alias",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want %q", text, err, want)
		}
	}
}
