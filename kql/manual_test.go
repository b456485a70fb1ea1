package kql_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
)

//go:generate go test . -run TestManual -update

const manualFile = "../docs/kql.md"

// TestManual holds docs/kql.md to the declarations: it is written anew with -update.
func TestManual(t *testing.T) {
	made := manual(t)
	if *update {
		if err := os.WriteFile(manualFile, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(manualFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != made {
		t.Errorf("%s is not what the declarations say; write it with: go generate ./kql", manualFile)
	}
}

// refusal is a line of the list of what cannot be run.
type refusal struct{ name, why string }

// manual writes the support table from the declarations.
func manual(t *testing.T) string {
	var b strings.Builder
	var refused []refusal
	b.WriteString(`# What of KQL is answered

<!-- Made from the declarations by go generate ./kql; do not edit. -->

Every example below is run by the tests. The language is that of Kusto's documentation; what is told in the column *notes* differs, or is
worth knowing. What cannot be run here is listed at the end with the reason, and a query that uses it is told so by name.

`)
	table(&b, "Operators", func(row func(name, doc, example, notes string)) {
		for _, o := range syntax.OperatorDocs() {
			if o.Refused != "" {
				refused = append(refused, refusal{"`" + o.Name + "`", o.Refused})
				continue
			}
			row(o.Name, o.Doc, exampleCell(o.Example, o.Rows), o.Notes)
		}
	})
	groups := map[string][]*fn.Func{}
	var order []string
	for _, f := range fn.All() {
		if f.Doc == "" {
			t.Errorf("%s has no doc", f.Name)
		}
		if f.Hidden {
			continue
		}
		if reason, no := refusedFunction(f); no {
			refused = append(refused, refusal{"`" + f.Name + "()`", reason})
			continue
		}
		if groups[f.Group] == nil {
			order = append(order, f.Group)
		}
		groups[f.Group] = append(groups[f.Group], f)
	}
	slices.Sort(order)
	for _, g := range order {
		title := "Functions: " + g
		switch g {
		case "operator":
			title = "Operators of expressions"
		case "aggregate":
			title = "Aggregates"
		}
		table(&b, title, func(row func(name, doc, example, notes string)) {
			for _, f := range groups[g] {
				example := ""
				if len(f.Examples) > 0 {
					example = exampleCell(f.Examples[0].Query, f.Examples[0].Rows)
				}
				row(signature(f), f.Doc, example, f.Notes)
			}
		})
	}
	tabular := func(title string, docs []bind.TabularDoc) {
		table(&b, title, func(row func(name, doc, example, notes string)) {
			for _, d := range docs {
				if d.Doc == "" {
					t.Errorf("%s has no doc", d.Name)
				}
				if d.Refused != "" {
					refused = append(refused, refusal{"`" + d.Name + "`", d.Refused})
					continue
				}
				row(d.Name, d.Doc, "", d.Notes)
			}
		})
	}
	tabular("Plugins of evaluate", bind.PluginDocs())
	tabular("Functions of Defender and Sentinel", bind.FunctionDocs())
	b.WriteString("## Refused\n\n")
	refused = append(refused, refusal{"`externaldata`", "it reads from outside of the store: the hosts must be allowed by query.externaldata.allow in the configuration"},
		refusal{"`cluster()`, `workspace()`, `app()` of another place", "only the tables of this store can be read"})
	for _, r := range refused {
		fmt.Fprintf(&b, "- %s: %s\n", r.name, r.why)
	}
	return b.String()
}

// refusedFunction says why a function cannot be computed. The binder itself replaces a few, and the executor the window functions.
func refusedFunction(f *fn.Func) (reason string, no bool) {
	replaced := []string{"column_ifexists", "column_names_of", "ingestion_time"}
	if plan.GraphFunction(f) {
		return "", false
	}
	if f.Kind != fn.Scalar || f.Eval != nil || f.Lazy != nil || slices.Contains(replaced, f.Name) {
		return "", false
	}
	return cmp.Or(f.Refused, "not supported"), true
}

func table(b *strings.Builder, title string, rows func(row func(name, doc, example, notes string))) {
	fmt.Fprintf(b, "## %s\n\n| | | example | notes |\n|---|---|---|---|\n", title)
	rows(func(name, doc, example, notes string) {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", code(name), cell(doc), example, cell(notes))
	})
	b.WriteByte('\n')
}

func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "|", "\\|"), "\n", " ")
}

// code writes text as code within a table.
func code(s string) string {
	fence := "`"
	if strings.Contains(s, "`") {
		fence = "``"
	}
	return fence + cell(s) + fence
}

func exampleCell(query, rows string) string {
	if query == "" {
		return ""
	}
	return code(query) + " → " + code(rows)
}

// signature writes a function with its parameters.
func signature(f *fn.Func) string {
	if f.Group == "operator" {
		return f.Name
	}
	var params []string
	for _, p := range f.Params {
		s := p.Name
		if p.Variadic {
			s += ", …"
		}
		if p.Optional {
			s = "[" + s + "]"
		}
		params = append(params, s)
	}
	return f.Name + "(" + strings.Join(params, ", ") + ")"
}
