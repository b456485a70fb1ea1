package fn

import "regexp/syntax"

// Conditions of our own machine beside those of Go's engine: no character of a word stands before, or after, the position.
const (
	noWordBefore syntax.EmptyOp = 1 << 6
	noWordAfter  syntax.EmptyOp = 1 << 7
)

// edges are the edges of words that Rust knows. Go's syntax cannot say them, so each is translated to a marker, a sequence of conditions
// that nobody writes because it holds in the empty text alone, and which the compiled program has as three instructions in a row.
var edges = []struct {
	text, marker string
	last         syntax.EmptyOp // the marker's third condition; the first two are always \z\A
	means        syntax.EmptyOp
}{
	{`\b{start-half}`, `\z\A\b`, syntax.EmptyWordBoundary, noWordBefore},
	{`\b{end-half}`, `\z\A\B`, syntax.EmptyNoWordBoundary, noWordAfter},
	{`\b{start}`, `\z\A\z`, syntax.EmptyEndText, syntax.EmptyWordBoundary | noWordBefore},
	{`\b{end}`, `\z\A\A`, syntax.EmptyBeginText, syntax.EmptyWordBoundary | noWordAfter},
	{`\<`, `\z\A\z`, syntax.EmptyEndText, syntax.EmptyWordBoundary | noWordBefore},
	{`\>`, `\z\A\A`, syntax.EmptyBeginText, syntax.EmptyWordBoundary | noWordAfter},
}

// markEdges gives the markers in a compiled program the conditions that they stand for.
func markEdges(p *syntax.Prog) {
	for i := range p.Inst {
		first := &p.Inst[i]
		if !tests(first, syntax.EmptyEndText) {
			continue
		}
		second := &p.Inst[first.Out]
		if !tests(second, syntax.EmptyBeginText) {
			continue
		}
		third := &p.Inst[second.Out]
		for _, e := range edges {
			if tests(third, e.last) {
				first.Arg, first.Out = uint32(e.means), third.Out
				break
			}
		}
	}
}

func tests(in *syntax.Inst, op syntax.EmptyOp) bool {
	return in.Op == syntax.InstEmptyWidth && syntax.EmptyOp(in.Arg) == op
}
