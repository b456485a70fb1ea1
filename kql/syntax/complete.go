package syntax

import (
	"slices"
	"strings"
)

// Expect is a set of things that may stand at a place.
type Expect uint16

// What may stand at a place.
const (
	ExpectStatement Expect = 1 << iota // the start of a statement: let, set, declare …; always with ExpectTable
	ExpectTable                        // a table, a function or let that gives one, or the head of a query: print, union …
	ExpectOperator                     // an operator of the pipe
	ExpectScalar                       // a column, a function call, a let or a constant
	ExpectAggregate                    // with ExpectScalar: also an aggregate function
	ExpectColumn                       // the name of a column only
	ExpectMember                       // a name after a dot
	ExpectBinary                       // an operator between expressions: ==, has, in, and …
	ExpectName                         // a new name
	ExpectType                         // a type
	ExpectOption                       // an option of the operator, see Options
	ExpectValue                        // a value of an option, see Values
	ExpectPlugin                       // a plugin of evaluate
	ExpectFunction                     // a function of invoke
)

// Completion is what may be written at a place of a text.
type Completion struct {
	// Replace is the word that the caret stands in or behind, empty between words; Prefix is its text before the caret.
	Replace Span
	Prefix  string
	Expect  Expect
	// Keywords are words of the language that may continue here: by, on, asc, with, step …
	Keywords []string
	// Options are the names of options, without =; Values the words for the option being written.
	Options []string
	Values  []string
	// Script is the text up to the word, read by itself. Path leads from its last statement to the place: each node is inside the one before and reaches
	// up to the place.
	Script *Script
	Path   []Node
}

// Input gives the pipe whose columns can be named at the place, and how many of its steps come before it. The pipe is nil outside of any. If its
// Source is nil and steps is 0, its rows are those of the operator around it in Path.
func (c *Completion) Input() (pipe *Pipe, steps int) {
	for _, n := range slices.Backward(c.Path) {
		if p, ok := n.(*Pipe); ok {
			return p, len(p.Ops) - 1
		}
	}
	return nil, 0
}

// Complete says what may be written at a byte offset of a text. Within a string or comment nothing is expected. What stands after the offset plays no role.
func Complete(src string, offset int) *Completion {
	offset = max(0, min(offset, len(src)))
	c := &Completion{Replace: Span{offset, offset}}
	if len(src) > MaxSource {
		return c
	}
	word := offset
	for word > 0 && (isWordByte(src[word-1]) || src[word-1] == '-' && word > 1 && isLetter(src[word-2]) && afterPipe(src[:word])) {
		word--
	}
	if word > 0 && (src[word-1] == '!' || src[word-1] == '$') {
		word--
	}
	end := offset
	for end < len(src) && isWordByte(src[end]) {
		end++
	}
	c.Prefix = src[word:offset]
	c.Replace = Span{word, end}
	head := src[:word]
	toks, diags := lex(head)
	c.Script = &Script{Source: head, Tokens: toks}
	if insideText(head, toks, diags) {
		return c
	}
	p := &parser{src: head, toks: toks, lastErr: -1, probe: &probe{}}
	c.Script.Statements = p.script()
	c.fill(p.probe)
	return c
}

// afterPipe says whether the dash at the end of s belongs to the name of an operator: project-, mv-.
func afterPipe(s string) bool {
	i := len(s)
	for i > 0 && (isWordByte(s[i-1]) || s[i-1] == '-') {
		i--
	}
	s = strings.TrimRight(s[:i], " \t\r\n")
	return s == "" || strings.ContainsAny(s[len(s)-1:], "|(;")
}

// insideText says whether the end of a text lies in a string, a typed literal or a comment.
func insideText(head string, toks []Token, diags Diags) bool {
	eof := toks[len(toks)-1]
	trivia := head[eof.TriviaStart:]
	if i := strings.LastIndex(trivia, "//"); i >= 0 && !strings.ContainsAny(trivia[i:], "\r\n") {
		return true
	}
	if len(toks) < 2 {
		return false
	}
	last := toks[len(toks)-2]
	if last.Kind == DirectiveToken {
		return last.End == len(head)
	}
	for _, d := range diags {
		if d.Start >= last.Start && (d.Code == "unclosed-string" || d.Code == "missing-parenthesis") {
			return true
		}
	}
	return false
}

func (c *Completion) fill(pr *probe) {
	c.Expect = pr.expect
	c.Keywords, c.Options, c.Values = pr.words, pr.options, pr.values
	slices.Sort(c.Keywords)
	c.Keywords = slices.Compact(c.Keywords)
	if n := len(c.Script.Statements); n > 0 {
		c.Path = rightmost(c.Script.Statements[n-1], c.Script.lastEnd())
	}
	if c.Expect&ExpectStatement != 0 {
		c.Expect &^= ExpectScalar
		c.Path = nil
	}
	if c.Expect&ExpectScalar != 0 && c.inAggregates() {
		c.Expect |= ExpectAggregate
	}
}

// lastEnd is where the last token before the end of the text ends.
func (s *Script) lastEnd() int {
	if n := len(s.Tokens); n > 1 {
		return s.Tokens[n-2].End
	}
	return 0
}

// rightmost gives the nodes that reach up to the end.
func rightmost(n Node, end int) []Node {
	var path []Node
	for n != nil {
		path = append(path, n)
		var next Node
		Inspect(n, func(c Node) bool {
			if c == n {
				return true
			}
			if c.At().End >= end {
				next = c
			}
			return false
		})
		n = next
	}
	return path
}

// inAggregates says whether the place is among the aggregates of summarize or make-series.
func (c *Completion) inAggregates() bool {
	for _, n := range slices.Backward(c.Path) {
		switch o := n.(type) {
		case *Summarize:
			return o.By == nil
		case *MakeSeries:
			return o.Axis == nil || isBad(o.Axis)
		case Operator:
			return false
		}
	}
	return false
}

func isBad(x Expr) bool {
	_, ok := x.(*Bad)
	return ok
}

// probe notes what the parser asks for at the end of the text.
type probe struct {
	expect  Expect
	words   []string
	options []string
	values  []string
	op      string // the operator being read
	done    bool   // an error was met at the end: what is asked for afterwards is a guess
	quiet   bool
}

// probing says whether the parser is at the end of a text that is being completed.
func (p *parser) probing() bool {
	return p.probe != nil && !p.probe.done && !p.probe.quiet && p.tok().Kind == EOFToken
}

// expects notes what may stand at the end of the text.
func (p *parser) expects(e Expect) {
	if p.probing() {
		p.probe.expect |= e
	}
}

// expectsOnly notes it and ends the search.
func (p *parser) expectsOnly(e Expect) {
	if p.probing() {
		p.probe.expect |= e
		p.probe.done = true
	}
}

// hiddenWords are asked for by the parser but not offered.
var hiddenWords = set(`datascope bin __contextual_datatable __projectAway inline_external_table __id kind project-smart totable`)

// asks notes a word that may stand at the end of the text.
func (p *parser) asks(word string) {
	if p.probing() && word != "" && isLetter(word[0]) && !hiddenWords[word] {
		p.probe.words = append(p.probe.words, word)
	}
}
