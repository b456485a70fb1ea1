package syntax

import (
	"strings"
	"testing"
)

// checkFormat holds a text without errors to: formatting keeps the tree, the words and the comments, and is stable.
func checkFormat(t *testing.T, src string) {
	t.Helper()
	s, diags := Parse(src)
	if diags.HasErrors() {
		return
	}
	text, _ := Format(src)
	after, diags := Parse(text)
	for _, d := range diags {
		t.Errorf("the formatted text has an error: %s\nsource:\n%s\nformatted:\n%s", d.Text(text), src, text)
		return
	}
	if a, b := shape(s.Statements), shape(after.Statements); a != b {
		t.Errorf("formatting changes the tree\nsource:\n%s\nformatted:\n%s\nbefore: %s\nafter: %s", src, text, a, b)
	}
	if a, b := words(s), words(after); a != b {
		t.Errorf("formatting changes words or comments\nbefore: %s\nafter: %s", a, b)
	}
	if again, _ := Format(text); again != text {
		t.Errorf("formatting is not stable\nsource:\n%s\nfirst:\n%s\nsecond:\n%s", src, text, again)
	}
}

// words gives the tokens and comments of a script in order.
func words(s *Script) string {
	var b strings.Builder
	f := &formatter{s: s}
	for i := range s.Tokens {
		t := &s.Tokens[i]
		comments, _ := f.trivia(t)
		for _, c := range comments {
			b.WriteString(c.text + "\n")
		}
		b.WriteString(t.Text + "\n")
	}
	return b.String()
}

func TestCorpusFormats(t *testing.T) {
	for _, name := range corpora {
		t.Run(name, func(t *testing.T) {
			for _, q := range corpus(t, name) {
				checkFormat(t, q.Query)
			}
		})
	}
}

func TestFormatKeepsErrors(t *testing.T) {
	const src = "T |  where"
	text, diags := Format(src)
	if text != src || !diags.HasErrors() {
		t.Errorf("got %q, %v", text, diags)
	}
}
