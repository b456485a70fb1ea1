package syntax

import (
	"strings"
	"testing"
)

// checkParse holds any text to: no panic, tokens and places that fit the text, nodes inside their parents, print and format stable.
func checkParse(t *testing.T, src string) {
	t.Helper()
	s, diags := Parse(src)
	end := 0
	for _, tok := range s.Tokens {
		if tok.TriviaStart != end || tok.Start < tok.TriviaStart || tok.End < tok.Start || tok.Text != src[tok.Start:tok.End] {
			t.Fatalf("token %+v does not follow offset %d in %q", tok, end, src)
		}
		end = tok.End
	}
	if end != len(src) && len(src) <= MaxSource {
		t.Fatalf("the tokens end at %d of %d in %q", end, len(src), src)
	}
	for i, d := range diags {
		if d.Start < 0 || d.End < d.Start || d.End > len(src) || d.Message == "" || d.Code == "" {
			t.Fatalf("bad diagnostic %+v in %q", d, src)
		}
		if i > 0 && d.Start < diags[i-1].Start {
			t.Fatalf("diagnostics are not in order in %q", src)
		}
		d.Text(src)
	}
	Inspect(s, func(n Node) bool {
		at := n.At()
		if at.Start < 0 || at.End < at.Start || at.End > len(src) {
			t.Fatalf("%T at %v is outside the text %q", n, at, src)
		}
		Inspect(n, func(c Node) bool {
			if c == n {
				return true
			}
			if in := c.At(); in.Len() > 0 && (in.Start < at.Start || in.End > at.End) {
				t.Fatalf("%T at %v is outside its %T at %v in %q", c, in, n, at, src)
			}
			return false
		})
		return true
	})
}

func FuzzParse(f *testing.F) {
	for _, q := range ownQueries(f) {
		f.Add(q)
	}
	for _, s := range []string{"", "|", "T |", "T | where", "'", "h@'", "```", "((((", "let f = (", "T | where a in (", "dynamic({", "print '\\", "datetime(", "\xff", "T | parse a with *"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<16 {
			return
		}
		checkParse(t, src)
		checkPrint(t, src)
		checkFormat(t, src)
	})
}

func TestLimits(t *testing.T) {
	deep := 200_000
	for name, src := range map[string]string{
		"parentheses": "print " + strings.Repeat("(", deep),
		"closed":      "print " + strings.Repeat("(", deep) + "1" + strings.Repeat(")", deep),
		"minus":       "print " + strings.Repeat("-", deep) + "1",
		"arrays":      "print dynamic(" + strings.Repeat("[", deep),
		"calls":       "print " + strings.Repeat("f(", deep),
		"joins":       "T " + strings.Repeat("| join (T ", deep),
		"functions":   strings.Repeat("let f = () {", deep),
		"or":          "T | where a" + strings.Repeat(" or a", deep),
		"plus":        "print 1" + strings.Repeat("+1", deep),
		"path":        "print a" + strings.Repeat(".a", deep),
		"index":       "print a" + strings.Repeat("[0]", deep),
		"pipe":        "T" + strings.Repeat("|take 1", deep),
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := Parse(src)
			if !diags.HasErrors() {
				t.Fatal("no error")
			}
			if len(diags) > MaxErrors {
				t.Errorf("%d errors", len(diags))
			}
		})
	}
	for name, src := range map[string]string{
		"in":      "T | where a in (1" + strings.Repeat(", 1", 10_000) + ")",
		"or":      "T | where a" + strings.Repeat(" or a", 10_000),
		"literal": "print '" + strings.Repeat("x", 1<<20) + "'",
		"deep":    "print " + strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100),
	} {
		t.Run(name, func(t *testing.T) {
			if _, diags := Parse(src); diags != nil {
				t.Fatal(diags[0].Text(src[:min(len(src), 100)]))
			}
		})
	}
	if _, diags := Parse(strings.Repeat(" ", MaxSource+1)); !diags.HasErrors() {
		t.Error("a text that is too long gives no error")
	}
}

func BenchmarkParse(b *testing.B) {
	queries := corpus(b, "hunting.jsonl.gz")
	n := 0
	for _, q := range queries {
		n += len(q.Query)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		for _, q := range queries {
			Parse(q.Query)
		}
	}
}
