package syntax

import (
	"cmp"
	"slices"
	"strings"
)

// Limits of what Parse reads. Beyond them it reports an error instead of the tree.
const (
	MaxSource = 16 << 20 // bytes of a text
	MaxDepth  = 300      // expressions, subqueries and functions inside each other
	MaxChain  = 20000    // operators in one chain such as a or b or c, or steps of one pipe
	MaxErrors = 100      // errors told of one text
)

// Parse reads a text. It always gives a script; what could not be understood is described in the diagnostics, sorted by place, and stands as Bad nodes in
// the tree.
func Parse(src string) (*Script, Diags) {
	if len(src) > MaxSource {
		return &Script{Source: src, Tokens: []Token{{Span: Span{len(src), len(src)}}}},
			Diags{{Code: "too-long", Message: "the query is longer than 16 MiB", Suggestion: "put long lists into a table or a watchlist"}}
	}
	toks, diags := lex(src)
	p := &parser{src: src, toks: toks, diags: diags, lastErr: -1}
	s := &Script{Source: src, Tokens: toks, Statements: p.script()}
	slices.SortStableFunc(p.diags, func(a, b Diag) int { return cmp.Compare(a.Start, b.Start) })
	return s, p.diags
}

// ParseExpr reads a text that is a single expression, scalar or tabular.
func ParseExpr(src string) (Expr, Diags) {
	s, diags := Parse(src)
	if len(s.Statements) == 1 {
		if e, ok := s.Statements[0].(*ExprStatement); ok {
			return e.X, diags
		}
	}
	if !diags.HasErrors() {
		diags = append(diags, Diag{Span: Span{0, len(src)}, Code: "not-an-expression", Message: "one expression is expected"})
	}
	return &Bad{Span: Span{0, len(src)}}, diags
}

// parser reads tokens. A method that reads an optional thing gives nil, and moves nothing, where there is none.
type parser struct {
	src     string
	toks    []Token
	pos     int
	depth   int
	nest    int // how many brackets are open around the statement being read
	diags   Diags
	probe   *probe // what the end of the text asks for; nil unless completing
	lastErr int    // where the last error was reported: one error for one place
	aborted bool
}

// tok is the current token; the last one is EOF and stays.
func (p *parser) tok() *Token { return &p.toks[p.pos] }

// peek is the token n places ahead.
func (p *parser) peek(n int) *Token { return &p.toks[min(p.pos+n, len(p.toks)-1)] }

// is says whether the current token is this keyword or punctuation mark.
func (p *parser) is(text string) bool {
	if p.probe != nil {
		p.asks(text)
	}
	return p.tok().Text == text
}

// isAny says whether the current token is one of these.
func (p *parser) isAny(texts ...string) bool {
	if p.probe != nil {
		for _, t := range texts {
			p.asks(t)
		}
	}
	return slices.Contains(texts, p.tok().Text)
}

func (p *parser) advance() *Token {
	t := p.tok()
	if t.Kind != EOFToken {
		p.pos++
	}
	return t
}

// accept moves past the current token if it is this one.
func (p *parser) accept(text string) bool {
	if p.probe != nil {
		p.asks(text)
	}
	if p.tok().Text != text {
		return false
	}
	p.pos++
	return true
}

// acceptRun moves past tokens that stand without gaps and make up this text together, such as -->.
func (p *parser) acceptRun(text string) bool {
	rest := text
	for n := 0; ; n++ {
		t := p.peek(n)
		if t.Kind == EOFToken || n > 0 && !t.adjacent() || !strings.HasPrefix(rest, t.Text) {
			return false
		}
		if rest = rest[len(t.Text):]; rest == "" {
			p.pos += n + 1
			return true
		}
	}
}

// span is the range from start to the end of the last token read.
func (p *parser) span(start int) Span {
	end := start
	if p.pos > 0 {
		end = max(start, p.toks[p.pos-1].End)
	}
	return Span{start, end}
}

// here is an empty place before the current token.
func (p *parser) here() Span { return Span{p.tok().Start, p.tok().Start} }

func (p *parser) errorAt(at Span, code, msg, suggestion string) {
	if p.probing() {
		p.probe.done = true
	}
	if p.aborted || at.Start == p.lastErr || len(p.diags) >= MaxErrors {
		return
	}
	p.lastErr = at.Start
	p.diags = append(p.diags, Diag{Span: at, Code: code, Message: msg, Suggestion: suggestion})
}

// found describes the current token for a message.
func (p *parser) found() string {
	if p.tok().Kind == EOFToken {
		return "the query ends"
	}
	return "found " + quoteFound(p.tok().Text)
}

// missing reports that something is not there. The place is the current token; at the end of a line it is the end of the token before, where the writer
// would add it.
func (p *parser) missing(code, what, suggestion string) {
	t := p.tok()
	at := t.Span
	if t.Kind == UnknownToken {
		p.lastErr = t.Start // the lexer has said it
		return
	}
	if t.Kind == EOFToken && p.pos > 0 {
		e := p.toks[p.pos-1].End
		at = Span{e, e}
	}
	p.errorAt(at, code, what+" expected, "+p.found(), suggestion)
}

// need moves past this token or reports that it is missing.
func (p *parser) need(text string) bool {
	if p.accept(text) {
		return true
	}
	p.missing("missing-word", "`"+text+"`", "")
	return false
}

// open moves past an opening bracket and gives its token, nil if it is missing, which is reported.
func (p *parser) open(text string) *Token {
	if !p.is(text) {
		p.missing("missing-bracket", "`"+text+"`", "")
		return nil
	}
	p.nest++
	return p.advance()
}

// close moves past the bracket that closes open. If it is missing, it is reported, and what stands before it is skipped, as long as the statement and the
// step of the pipe do not end first.
func (p *parser) close(open *Token, text string) {
	if open == nil {
		p.accept(text)
		return
	}
	p.nest--
	if p.accept(text) {
		return
	}
	if t := p.tok(); t.Kind == EOFToken || t.Text == ";" || t.Text == "|" || isClose(t.Text) {
		p.errorAt(open.Span, "unclosed-bracket", "this `"+open.Text+"` is never closed", "add `"+text+"`")
	} else {
		p.missing("missing-bracket", "`"+text+"`", "")
	}
	if p.skipTo(text, true) {
		p.pos++
	}
}

func isClose(text string) bool { return text == ")" || text == "]" || text == "}" }
func isOpen(text string) bool  { return text == "(" || text == "[" || text == "{" }

// skipTo moves to the next of this text outside brackets and says whether it is there. It stops at the end of the statement, at a bracket that closes
// something around, and, if stopAtPipe, at a |.
func (p *parser) skipTo(text string, stopAtPipe bool) bool {
	level := 0
	for ; p.tok().Kind != EOFToken; p.pos++ {
		t := p.tok().Text
		switch {
		case level == 0 && t == text:
			return true
		case level == 0 && (isClose(t) || t == ";" || stopAtPipe && t == "|"):
			return false
		case isOpen(t):
			level++
		case isClose(t):
			level--
		}
	}
	return false
}

// enter counts nesting. It gives false, and gives up on the rest of the text, when it is too deep; leave must follow true.
func (p *parser) enter() bool {
	if p.depth >= MaxDepth {
		p.tooMuch("the query is nested too deeply here", "name inner parts with let")
		return false
	}
	p.depth++
	return true
}

func (p *parser) leave() { p.depth-- }

func (p *parser) tooMuch(msg, suggestion string) {
	p.lastErr = -1
	p.errorAt(p.tok().Span, "too-complex", msg, suggestion)
	p.aborted = true
	p.pos = len(p.toks) - 1
}

// newLine says whether the current token is the first one on its line.
func (p *parser) newLine() bool {
	t := p.tok()
	return strings.ContainsAny(p.src[t.TriviaStart:t.Start], "\r\n")
}

// atListEnd says whether the current token ends any list.
func (p *parser) atListEnd() bool {
	t := p.tok()
	return t.Kind == EOFToken || t.Text == "|" || t.Text == ";" || isClose(t.Text)
}

// list reads items separated by commas. item gives false where there is none. stop says where the list ends besides the usual; nil if nowhere. With a
// nil missing, an item may be absent after a comma.
type list struct {
	item     func() bool
	stop     func() bool
	missing  func() // reports an absent item
	required bool   // at least one item
	trailing bool   // a comma may stand at the end
	open     bool   // what follows the list is not known here: a token that is neither comma nor end ends it
}

func (p *parser) list(l list) {
	atEnd := func() bool { return l.stop != nil && l.stop() || p.atListEnd() }
	n := 0
	for {
		ok := false
		if p.probe != nil && p.tok().Kind == EOFToken {
			p.probeItem(l, n)
		} else if !atEnd() {
			ok = l.item()
		}
		if !ok && p.is(",") {
			l.missing()
			ok = true
		}
		if !ok {
			if n == 0 && l.required || n > 0 && !l.trailing {
				l.missing()
			}
			return
		}
		n++
		for !p.accept(",") {
			if l.open || atEnd() || p.startsOperator() {
				return
			}
			before, where := p.pos, p.tok().Span
			if !l.item() || p.pos == before {
				return
			}
			p.errorAt(where, "missing-comma", "`,` expected before "+quoteFound(p.toks[before].Text), commaHint(p.toks[before].Text))
		}
		if p.probe != nil && p.tok().Kind == EOFToken {
			p.probeItem(l, n)
		}
		if l.trailing && atEnd() {
			return
		}
		if atEnd() {
			l.missing()
			return
		}
	}
}

// probeItem reads an item at the end of a text that is being completed, to see what it asks for.
func (p *parser) probeItem(l list, n int) {
	if n == 0 && l.stop != nil && !l.required {
		l.stop()
	}
	l.item()
}

func commaHint(word string) string {
	switch w := strings.ToLower(word); {
	case strings.HasPrefix(w, "ascend"):
		return "write asc"
	case strings.HasPrefix(w, "descend"):
		return "write desc"
	case w == "and" || w == "or":
		return "write " + w
	case w == "not":
		return "write not(…), or !in, !has, !contains, !="
	}
	return "separate the items of a list by commas"
}

// startsOperator says whether the current token looks like a step of a pipe whose | was forgotten: the name of an operator that begins a line.
func (p *parser) startsOperator() bool {
	t := p.tok()
	if t.Kind != KeywordToken || !operatorNames[t.Text] || !p.newLine() {
		return false
	}
	switch n := p.peek(1); n.Text {
	case "=", ",", ".", "==", "!=", ")", "(":
		return false
	}
	return true
}
