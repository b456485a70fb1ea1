package kql

import (
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// Candidate is something that may be written at a place of a text.
type Candidate struct {
	Text   string // as it is to be written
	Kind   string // "table", "column", "function", "aggregate", "plugin", "let", "operator", "keyword", "option", "value" or "type"
	Detail string // the type of a column, the first sentence about a function, or ""
}

// Complete gives what may be written at a byte offset of a text and begins, without regard to case, with the word there, whose place it
// gives too. Columns come first. The texts need not be right, before or after the offset.
func Complete(src string, offset int, catalog plan.Catalog, o Options) (found []Candidate, replace syntax.Span) {
	if catalog == nil {
		catalog = noTables{}
	}
	c := syntax.Complete(src, offset)
	add := func(kind, text, detail string) {
		if len(text) >= len(c.Prefix) && strings.EqualFold(text[:len(c.Prefix)], c.Prefix) {
			found = append(found, Candidate{text, kind, detail})
		}
	}
	is := func(e syntax.Expect) bool { return c.Expect&e != 0 }
	if is(syntax.ExpectScalar | syntax.ExpectColumn) {
		for _, col := range columnsAt(c, catalog, o) {
			add("column", syntax.QuoteName(col.Name), col.Type.String())
		}
	}
	if is(syntax.ExpectOperator) {
		for _, name := range syntax.Operators() {
			add("operator", name, "")
		}
	}
	if is(syntax.ExpectTable) {
		for _, name := range heads {
			add("operator", name, "")
		}
		for _, name := range catalog.Tables() {
			add("table", syntax.QuoteName(name), "")
		}
	}
	if is(syntax.ExpectTable | syntax.ExpectScalar | syntax.ExpectFunction) {
		for _, s := range c.Script.Statements {
			if l, ok := s.(*syntax.Let); ok && l.End < c.Replace.Start {
				add("let", syntax.QuoteName(l.Name.Text), "")
			}
		}
	}
	if is(syntax.ExpectScalar | syntax.ExpectAggregate | syntax.ExpectBinary) {
		addFunctions(c, add)
	}
	if is(syntax.ExpectFunction) {
		for _, name := range bind.Invocable() {
			add("function", name, "")
		}
	}
	if is(syntax.ExpectPlugin) {
		for _, name := range bind.Plugins() {
			add("plugin", name, "")
		}
	}
	if is(syntax.ExpectType) {
		for t := value.Unknown + 1; t.String() != "unknown" && t <= value.Dynamic; t++ {
			add("type", t.String(), "")
		}
	}
	for _, w := range c.Keywords {
		add("keyword", w, "")
	}
	for _, w := range c.Options {
		add("option", w, "")
	}
	for _, w := range c.Values {
		add("value", w, "")
	}
	return sortCandidates(found), c.Replace
}

// addFunctions adds the functions, aggregates and operators of words that may stand at the place.
func addFunctions(c *syntax.Completion, add func(kind, text, detail string)) {
	for _, f := range fn.All() {
		switch {
		case f.Hidden || f.Obsolete != "" || f.Refused != "":
		case f.Group == "operator":
			if c.Expect&syntax.ExpectBinary != 0 && strings.ContainsFunc(f.Name, isLetter) {
				add("operator", f.Name, f.Doc)
			}
		case f.Kind == fn.Aggregate:
			if c.Expect&syntax.ExpectAggregate != 0 {
				add("aggregate", f.Name, f.Doc)
			}
		case c.Expect&syntax.ExpectScalar != 0:
			add("function", f.Name, f.Doc)
		}
	}
}

// heads are the operators that a query may begin with.
var heads = []string{"datatable", "evaluate", "externaldata", "find", "print", "range", "search", "union"}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' }

var candidateOrder = []string{"column", "let", "table", "operator", "option", "value", "aggregate", "function", "plugin", "type", "keyword"}

func sortCandidates(list []Candidate) []Candidate {
	slices.SortStableFunc(list, func(a, b Candidate) int {
		return slices.Index(candidateOrder, a.Kind) - slices.Index(candidateOrder, b.Kind)
	})
	return slices.CompactFunc(list, func(a, b Candidate) bool { return a.Text == b.Text })
}

// columnsAt gives the columns that can be named at the place: those of what the pipe around it gives so far.
func columnsAt(c *syntax.Completion, catalog plan.Catalog, o Options) []plan.Column {
	pipe, steps := c.Input()
	for i := len(c.Path) - 1; i >= 0 && pipe != nil && pipe.Source == nil && steps == 0; i-- {
		// what stands first in a subquery reads the rows of the operator around it
		if p, ok := c.Path[i].(*syntax.Pipe); ok && p != pipe && p.Start < pipe.Start {
			pipe, steps = p, len(p.Ops)-1
		}
	}
	if pipe == nil || len(c.Script.Statements) == 0 {
		return nil
	}
	end := pipe.Start
	if pipe.Source != nil {
		end = pipe.Source.At().End
	}
	if steps > 0 {
		end = pipe.Ops[steps-1].At().End
	}
	last := c.Script.Statements[len(c.Script.Statements)-1]
	head := c.Script.Source
	text := head[:last.At().Start] + "\n" + head[pipe.Start:end]
	script, _ := syntax.Parse(text)
	q, _ := bind.Bind(script, catalog, bind.Options{Params: o.Params, Now: o.Now, Database: o.Database, Cluster: o.Cluster, Check: true, External: true})
	if len(q.Results) == 0 {
		return nil
	}
	return q.Results[len(q.Results)-1].Root.Columns()
}
