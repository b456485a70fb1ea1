package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestLex(t *testing.T) {
	names := []string{"eof", "word", "keyword", "long", "real", "span", "guid", "bool", "string", "typed", "punct", "directive", "unknown"}
	for src, want := range map[string]string{
		"":                                     "eof",
		"a _b $left x1 3com":                   "word word word word word eof",
		"where project-away count":             "keyword keyword keyword eof",
		"project-awayx":                        "word punct word eof", // the longest keyword is followed by a letter
		"projectx":                             "word eof",
		"in~ !in~ !has matches regex":          "keyword keyword keyword keyword eof",
		"matches  regex":                       "word keyword eof",
		"1 0x1F 1.5 1e3 1. 1..2":               "long long real real real long punct long eof",
		"1d 2.5h 100ms 1tick 1dx":              "span span span span word eof",
		"true False TRUE tRue":                 "bool bool bool word eof",
		`'a' "b" @'c' h"d" H@'e'`:              "string string string string string eof",
		"```a\nb``` ~~~c~~~":                   "string string eof",
		"datetime(2020-01-01) long (1)":        "typed keyword punct long punct eof",
		"74be27de-1e4e-49d9-b579-fe0b331d3642": "guid eof",
		"a// b\nc":                             "word word eof",
		"#x\na":                                "directive word eof",
		"a & é":                                "word unknown unknown eof",
		"<= <> <| < => == =~ = != !~ .. .":     strings.Repeat("punct ", 12) + "eof",
	} {
		toks, _ := Lex(src)
		var got []string
		for _, tok := range toks {
			got = append(got, names[tok.Kind])
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q: got %s, want %s", src, g, want)
		}
	}
}

func TestUnquote(t *testing.T) {
	for src, want := range map[string]string{
		`'a'`: "a", `"it's"`: "it's", `@"C:\x"`: `C:\x`, `@"a""b"`: `a"b`, `'\x41\u00e9\101\t\\'`: "Aé" + "A\t\\", `h'x'`: "x", `H@"y\"`: `y\`,
		"```a\n'b'```": "a\n'b'", "~~~c~~~": "c", `'\ud83d\ude00'`: "😀", `"\U0001F600"`: "😀", `''`: "",
	} {
		if got, hidden := Unquote(src); got != want || hidden != strings.ContainsAny(src[:1], "hH") {
			t.Errorf("%s: got %q, %v, want %q", src, got, hidden, want)
		}
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("a\"b\\c\n\x00\u2028é😀")
	f.Fuzz(func(t *testing.T, s string) {
		q := QuoteString(s)
		if got, _ := Unquote(q); got != s {
			t.Errorf("%q is quoted as %s, which reads as %q", s, q, got)
		}
		if toks, diags := Lex(q); len(diags) > 0 || len(toks) != 2 || toks[0].Kind != StringToken {
			t.Errorf("%s is not one string", q)
		}
		n := QuoteName(s)
		if x, diags := ParseExpr(n); diags != nil || x.(*Name).Text != s {
			t.Errorf("the name %q is written as %s: %v", s, n, diags)
		}
	})
}

func TestPositionAt(t *testing.T) {
	const src = "a\né😀b\n"
	for offset, want := range map[int]string{
		-1: "0 1:1 1 1", 0: "0 1:1 1 1", 1: "1 1:2 2 2", 2: "2 2:1 1 1", 4: "4 2:3 2 2", 8: "8 2:7 3 4", 9: "9 2:8 4 5", 10: "10 3:1 1 1", 99: "10 3:1 1 1",
	} {
		p := PositionAt(src, offset)
		if got := fmt.Sprintf("%d %d:%d %d %d", p.Offset, p.Line, p.Byte, p.Rune, p.UTF16); got != want {
			t.Errorf("offset %d: got %s, want %s", offset, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"a": "a", "count": "count", "kind": `["kind"]`, "a b": `["a b"]`, "": `[""]`, "$left": "$left", "3com": "3com", "1d": `["1d"]`, "5": `["5"]`,
		"true": `["true"]`, "search": `["search"]`, "é": `["é"]`, `a"b`: `["a\"b"]`,
	} {
		if got := QuoteName(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}
