package terms

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/value"
)

// operators are the text operators with the edges at which their right side's terms are whole.
var operators = map[string]Edges{
	"has": Both, "has_cs": Both, "=~": Both, "hasprefix": Start, "hasprefix_cs": Start, "hassuffix": End, "hassuffix_cs": End,
	"contains": 0, "contains_cs": 0, "startswith": Start, "startswith_cs": Start, "endswith": End, "endswith_cs": End,
}

// TestNoCharacterBecomesALetter: otherwise a text could have a term, by case, that is only part of one when it is folded.
func TestNoCharacterBecomesALetter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		plain := unicode.IsLetter(r) || unicode.IsDigit(r)
		if !plain && isTerm(fold(r)) {
			t.Errorf("%U is no letter and folds to %U, which is one", r, fold(r))
		}
	}
}

// written gives the builder's segments as a file.
func written(t testing.TB, rows int64, bs ...*Builder) *File {
	t.Helper()
	var buf bytes.Buffer
	w := NewWriter(&buf)
	w.Table("T", rows)
	for _, b := range bs {
		if err := w.Segment(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close("s"); err != nil {
		t.Fatal(err)
	}
	f, err := Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), "s")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func has(t testing.TB, f *File, need *Need) Blocks {
	t.Helper()
	found, _, ok, err := f.Find("T", need)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return found
}

// letters are what the texts of the tests are made of: both cases, letters that fold to ASCII, others, digits and what is between terms.
var letters = []rune("aAbBkKsS01.,-_ /\\\"\n\u212a\u017fßıİéÉΣσςЖж漢字\u0301\u0345ιⅧ２🙂{}:[]")

func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n + 1) {
		b.WriteRune(letters[r.IntN(len(letters))])
	}
	return b.String()
}

// TestNeverMissed: whatever an operator finds in a text, the index finds in its block.
func TestNeverMissed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		b := NewBuilder()
		texts := make([]string, 6)
		for i := range texts {
			texts[i] = randomText(r, 12)
			b.Begin(i)
			b.Add([]byte(texts[i]))
			b.Add([]byte(texts[i]))
		}
		f := written(t, 6*BlockRows, b)
		for range 30 {
			x := randomText(r, 4)
			if in := []rune(texts[r.IntN(len(texts))]); len(in) > 0 && r.IntN(2) == 0 {
				from := r.IntN(len(in))
				x = string(in[from : from+r.IntN(len(in)-from+1)])
			}
			for op, whole := range operators {
				need := Text(x, whole)
				inFile, inBuilder := has(t, f, need), b.Find(need)
				for i, s := range texts {
					if match, _ := fn.MatchText(op, s, x); match && (inFile[0]>>i&1 == 0 || inBuilder>>i&1 == 0) {
						t.Fatalf("%q %s %q holds and the index says no", s, op, x)
					}
				}
			}
		}
	}
}

// TestNeverMissedInJSON: the same for what is taken out of JSON, and for JSON read and written again.
func TestNeverMissedInJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	escape := func(s string) string {
		var b strings.Builder
		for _, c := range s {
			switch {
			case c == '"' || c == '\\':
				b.WriteString(`\` + string(c))
			case c < ' ' || c < 0x10000 && r.IntN(4) == 0:
				fmt.Fprintf(&b, `\u%04X`, c)
			case c == '🙂':
				b.WriteString(`\ud83d\ude42`)
			case c == '/' && r.IntN(2) == 0:
				b.WriteString(`\/`)
			default:
				b.WriteRune(c)
			}
		}
		return strings.ReplaceAll(b.String(), `\u000A`, `\n`)
	}
	for range 4000 {
		key, val := randomText(r, 6), randomText(r, 12)
		text := fmt.Sprintf(`{"%s":"%s","n":[1.50,1e3,true]}`, escape(key), escape(val))
		v, ok := value.ParseJSON(text)
		if !ok {
			t.Fatal(text)
		}
		b := NewBuilder()
		b.Begin(5)
		b.AddJSON([]byte(text))
		for _, s := range []string{key, val, v.Text(), text, "1.5", "1000", "1000.0"} {
			for op, whole := range operators {
				x := s
				if in := []rune(s); len(in) > 0 {
					from := r.IntN(len(in))
					x = string(in[from : from+r.IntN(len(in)-from+1)])
				}
				if match, _ := fn.MatchText(op, s, x); match && b.Find(JSONText(x, whole))>>5&1 == 0 {
					t.Fatalf("%q %s %q holds and the index of %s says no", s, op, x, text)
				}
			}
		}
	}
}

func TestNeeds(t *testing.T) {
	for _, c := range []struct {
		text  string
		whole Edges
		terms int
	}{
		{"powershell", Both, 1}, {"power shell", Both, 2}, {"-x-", Both, 1}, {"power shell", Start, 1}, {"power shell", 0, 0},
		{"a b c", 0, 1}, {" b ", 0, 1}, {"", Both, 0}, {"--", Both, 0}, {"été", Both, 1},
	} {
		if got := Text(c.text, c.whole).Terms(); got != c.terms {
			t.Errorf("%q with edges %d: %d terms, want %d", c.text, c.whole, got, c.terms)
		}
	}
	if n := JSONText("1.5e7 0x1F nan cafe0 x", Both).Terms(); n != 2 { // 0x1F and cafe0
		t.Errorf("%d terms of JSON count", n)
	}
	a := Text("a", Both)
	if And(nil, a) != a || Or(nil, a) != nil || And(Nothing, a) != Nothing || Or(Nothing, a) != a || And() != nil || Or() != Nothing {
		t.Error("a need with nothing, or of nothing, is not what it should be")
	}
}

// TestFind checks exact answers over several segments, in each form of a set of blocks.
func TestFind(t *testing.T) {
	const blocks = 150
	bs := []*Builder{NewBuilder(), NewBuilder(), NewBuilder()}
	want := map[string][]int{}
	for i := range blocks {
		b := bs[i/SegmentBlocks]
		b.Begin(i)
		put := func(term string) {
			b.Add([]byte(term))
			if l := want[term]; len(l) == 0 || l[len(l)-1] != i {
				want[term] = append(l, i)
			}
		}
		put("everywhere")
		put(fmt.Sprintf("only%d", i))
		put(fmt.Sprintf("few%d", i/5))
		for j := range 2000 {
			put(fmt.Sprintf("w%dx%d", i, j))
		}
	}
	f := written(t, (blocks-1)*BlockRows+1, bs...)
	extra := 0
	for term, in := range want {
		got := map[int]bool{}
		has(t, f, Text(term, Both)).All(func(b int) { got[b] = true })
		for _, b := range in {
			if !got[b] {
				t.Fatalf("%s is in %v, found in %v", term, in, got)
			}
		}
		extra += len(got) - len(in)
	}
	if extra*50 > len(want) {
		t.Errorf("%d blocks too many for %d terms", extra, len(want))
	}
	if n := has(t, f, nil).Len(); n != blocks {
		t.Errorf("%d blocks for no need", n)
	}
	if n := has(t, f, Nothing).Len(); n != 0 {
		t.Errorf("%d blocks for what no row meets", n)
	}
	if got := has(t, f, And(Text("few3", Both), Or(Text("only15", Both), Text("only90", Both)))); got[0]>>15&1 == 0 || got.Len() > 3 {
		t.Errorf("got %v", got)
	}
	wrong := 0
	for i := range 20_000 {
		wrong += has(t, f, Text(fmt.Sprintf("absent%d", i), Both)).Len()
	}
	if wrong > 400 {
		t.Errorf("%d of 60,000 look-ups of absent terms find a block", wrong)
	}
	if _, _, ok, err := f.Find("U", nil); ok || err != nil {
		t.Error("a table that is not there was found", err)
	}
}

// TestDamage: a file in which a byte is another is refused or, at the look-up, reported; it never answers otherwise than the whole one.
func TestDamage(t *testing.T) {
	b := NewBuilder()
	for i := range 200 {
		b.Begin(i)
		b.Add(fmt.Appendf(nil, "term%d", i))
	}
	var buf bytes.Buffer
	w := NewWriter(&buf)
	w.Table("T", SegmentBlocks*BlockRows)
	if err := errors.Join(w.Segment(b), w.Close("s")); err != nil {
		t.Fatal(err)
	}
	whole, reported := buf.Bytes(), 0
	for at := range whole {
		p := bytes.Clone(whole)
		p[at] ^= 0x41
		f, err := Open(bytes.NewReader(p), int64(len(p)), "s")
		for i := 0; i < 200 && err == nil; i++ {
			var found Blocks
			var ok bool
			found, _, ok, err = f.Find("T", Text(fmt.Sprintf("term%d", i), Both))
			if err == nil && (!ok || found[0]>>(i%SegmentBlocks)&1 == 0) {
				t.Fatalf("with byte %d changed, term%d is not found", at, i)
			}
		}
		if err != nil {
			reported++
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("byte %d: %v", at, err)
			}
		}
	}
	if reported != len(whole) {
		t.Errorf("%d of %d damages were seen", reported, len(whole))
	}
	for n := range whole {
		if _, err := Open(bytes.NewReader(whole[:n]), int64(n), "s"); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	if _, err := Open(bytes.NewReader(whole), int64(len(whole)), "another"); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}

func FuzzTerms(f *testing.F) {
	f.Add("C:\\Windows\\System32\\cmd.exe /c whoami", "system32")
	f.Add("µΚelvin \u212a", "k")
	f.Fuzz(func(t *testing.T, s, x string) {
		if strings.ToValidUTF8(s, "") != s || strings.ToValidUTF8(x, "") != x {
			t.Skip()
		}
		b := NewBuilder()
		b.Add([]byte(s))
		for op, whole := range operators {
			if match, _ := fn.MatchText(op, s, x); match && b.Find(Text(x, whole))&1 == 0 {
				t.Fatalf("%q %s %q holds and the index says no", s, op, x)
			}
		}
	})
}

// TestTooManyInABucket: what a bucket cannot hold is refused, not lost.
func TestTooManyInABucket(t *testing.T) {
	b := NewBuilder()
	for i := range uint64(1 << countBits) {
		*b.slot(i<<1 | 1) |= 1
	}
	w := NewWriter(io.Discard)
	w.Table("T", 1)
	if err := w.Segment(b); err == nil {
		t.Error("it was written")
	}
}

// TestLive: rows are found while they come, after their segment is full, and when they were there before.
func TestLive(t *testing.T) {
	l := NewLive(2)
	l.Keep(map[int]bool{1: true})
	find := func(term string) []int {
		found, _ := l.Find(Text(term, Both))
		var out []int
		found.All(func(b int) { out = append(out, b) })
		return out
	}
	old := func() []int { // all blocks of segment 1
		var out []int
		for b := SegmentBlocks; b < 2*SegmentBlocks; b++ {
			out = append(out, b)
		}
		return out
	}
	same := func(term string, want []int) {
		t.Helper()
		if got := find(term); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is in %v, want %v", term, got, want)
		}
	}
	add := func(block int, text string) { l.Add(block, func(b *Builder) { b.Add([]byte(text)) }) }
	same("x", old())
	add(130, "one two")
	add(131, "two")
	same("two", append(old(), 130, 131))
	add(200, "two three")
	same("two", append(old(), 130, 131, 200))
	if n, ok := l.Unknown(); !ok || n != 1 {
		t.Fatal(n, ok)
	}
	b := NewBuilder()
	b.Begin(70)
	b.Add([]byte("two"))
	l.Learn(1, b)
	same("two", []int{70, 130, 131, 200})
	same("three", []int{200})
	same("four", nil)
	if _, ok := l.Unknown(); ok {
		t.Error("a segment is still unknown")
	}
	add(129, "late") // into a segment that is full: the rows may not be there yet, so that it cannot be learnt
	if n := len(find("four")); n != SegmentBlocks {
		t.Errorf("%d blocks", n)
	}
	if _, ok := l.Unknown(); ok {
		t.Error("a segment can be learnt while rows come into it")
	}
	l.Keep(map[int]bool{3: true})
	same("two", []int{200})
	l.Keep(nil)
	same("two", nil)
	if _, all := l.Find(nil); all != 0 {
		t.Errorf("%d blocks of nothing", all)
	}
	add(201, "two")
	same("two", []int{201})
}
