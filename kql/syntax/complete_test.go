package syntax

import (
	"fmt"
	"strings"
	"testing"
)

var expectNames = []string{"statement", "table", "operator", "scalar", "aggregate", "column", "member", "binary", "name", "type", "option", "value",
	"plugin", "function"}

// describe writes a completion for the test data.
func describe(c *Completion) string {
	var expect []string
	for i, n := range expectNames {
		if c.Expect&(1<<i) != 0 {
			expect = append(expect, n)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "prefix %q, expects %s", c.Prefix, strings.Join(expect, " "))
	for _, l := range []struct {
		name  string
		words []string
	}{{"keywords", c.Keywords}, {"options", c.Options}, {"values", c.Values}} {
		if len(l.words) > 0 {
			fmt.Fprintf(&b, "\n%s: %s", l.name, strings.Join(l.words, " "))
		}
	}
	if p, n := c.Input(); p != nil {
		head := &Pipe{Source: p.Source, Ops: p.Ops[:n]}
		if text := Print(head); text != "" {
			fmt.Fprintf(&b, "\ninput: %s", text)
		}
	}
	return b.String()
}

func TestComplete(t *testing.T) {
	golden(t, "testdata/complete.txtar", []string{"completion"}, func(query, _ string) string {
		at := strings.Index(query, "^")
		if at < 0 {
			t.Fatalf("no ^ in %q", query)
		}
		return describe(Complete(query[:at]+query[at+1:], at))
	})
}

// TestCompleteAnywhere holds completion at every place of the own queries to: the word after the place is among what is expected, where it is a word of the
// language.
func TestCompleteAnywhere(t *testing.T) {
	for _, q := range ownQueries(t) {
		s, diags := Parse(q)
		for _, tok := range s.Tokens {
			for _, at := range []int{tok.Start, tok.End} {
				c := Complete(q, at)
				if c.Replace.Start > at || c.Replace.End < at {
					t.Fatalf("replaces %v at %d in %q", c.Replace, at, q)
				}
			}
			if diags.HasErrors() || tok.Kind != KeywordToken || keywords[tok.Text] != reservedWord || !operatorNames[tok.Text] {
				continue
			}
			if c := Complete(q, tok.Start); c.Expect&(ExpectOperator|ExpectTable) == 0 && !strings.Contains(strings.Join(c.Keywords, " "), tok.Text) {
				t.Errorf("the operator at %d is not expected in %q: %s", tok.Start, q, describe(c))
			}
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, q := range ownQueries(f) {
		f.Add(q, len(q)/2)
	}
	f.Fuzz(func(t *testing.T, src string, at int) {
		if len(src) > 1<<14 {
			return
		}
		c := Complete(src, at)
		if c.Replace.Start < 0 || c.Replace.End > len(src) || c.Replace.End < c.Replace.Start {
			t.Fatalf("replaces %v of %d bytes", c.Replace, len(src))
		}
		c.Input()
	})
}
