package syntax

import "strings"

// peekName gives how many tokens a name takes that begins n tokens ahead, 0 if none does. With declared, words that can only be declared count.
func (p *parser) peekName(n int, declared bool) int {
	t := p.peek(n)
	switch {
	case t.Kind == WordToken:
		return 1
	case t.Kind == KeywordToken:
		if c := keywords[t.Text]; c == nameableWord || declared && c == declarableWord {
			return 1
		}
	case t.Text == "[":
		i := 1
		for p.peek(n+i).Kind == StringToken {
			i++
		}
		if i > 1 && p.peek(n+i).Text == "]" {
			return i + 1
		}
	case t.Text == "{":
		return p.peekBraced(n)
	}
	return 0
}

// peekBraced gives the length of a client parameter {name} or {name[0]}, which has no gaps.
func (p *parser) peekBraced(n int) int {
	if p.peek(n).Text != "{" {
		return 0
	}
	i := n + 1
	next := func(ok bool) bool {
		ok = ok && p.peek(i).adjacent()
		i++
		return ok
	}
	if k := p.peek(i).Kind; !next(k == WordToken || k == KeywordToken) {
		return 0
	}
	if p.peek(i).Text == "[" && p.peek(i).adjacent() {
		i++
		if p.peek(i).Text == "-" && p.peek(i).adjacent() {
			i++
		}
		if !next(p.peek(i).Kind == LongToken) || !next(p.peek(i).Text == "]") {
			return 0
		}
	}
	if !next(p.peek(i).Text == "}") {
		return 0
	}
	return i - n
}

// name reads a name that may be referred to.
func (p *parser) name() *Name { return p.readName(p.peekName(0, false)) }

// declaredName reads a name that is declared, where more words may be names.
func (p *parser) declaredName() *Name { return p.readName(p.peekName(0, true)) }

// readName reads the name of n tokens.
func (p *parser) readName(n int) *Name {
	if n == 0 {
		return nil
	}
	first := p.tok()
	x := &Name{Text: first.Text}
	switch first.Text {
	case "[":
		x.Form = BracketedName
		x.Text = p.joinStrings(1, n-1)
	case "{":
		x.Form = BracedName
		x.Text = p.src[p.peek(1).Start:p.peek(n-2).End]
	}
	p.pos += n
	x.Span = p.span(first.Start)
	return x
}

// joinStrings decodes the string tokens from..to ahead and joins them.
func (p *parser) joinStrings(from, to int) string {
	if to == from+1 {
		s, _ := Unquote(p.peek(from).Text)
		return s
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		s, _ := Unquote(p.peek(i).Text)
		b.WriteString(s)
	}
	return b.String()
}

// needName reads a name or reports that it is missing and gives an empty one.
func (p *parser) needName(what string) *Name {
	p.expects(ExpectName)
	if n := p.name(); n != nil {
		return n
	}
	return p.noName(what)
}

func (p *parser) noName(what string) *Name {
	at := p.here()
	if t := p.tok(); t.Kind == KeywordToken {
		p.errorAt(t.Span, "keyword-as-name", what+" expected, found `"+t.Text+"`, a word of the language", "write ['"+t.Text+"'] to use it as a name")
		if p.peek(1).Text == "=" || p.peek(1).Text == "," || p.peek(1).Text == ":" {
			p.pos++
			return &Name{Span: t.Span, Text: t.Text}
		}
		return &Name{Span: at}
	}
	p.missing("missing-name", what, "")
	return &Name{Span: at}
}

// word reads a bare word that may be a name.
func (p *parser) word() *Name {
	if t := p.tok(); t.Kind == WordToken || t.Kind == KeywordToken && keywords[t.Text] == nameableWord {
		p.pos++
		return &Name{Span: t.Span, Text: t.Text}
	}
	return nil
}

// peekWildcard gives the number of tokens of a name with * in it: T*, *1, a*b*.
func (p *parser) peekWildcard(n int) int {
	part := func(t *Token) bool {
		return t.Kind == WordToken || t.Kind == KeywordToken && keywords[t.Text] >= declarableWord
	}
	i := n
	switch {
	case p.peek(i).Text == "*":
		i++
	case part(p.peek(i)) && p.peek(i+1).Text == "*" && p.peek(i+1).adjacent():
		i += 2
	default:
		return 0
	}
	for t := p.peek(i); t.adjacent() && (t.Text == "*" || t.Kind == LongToken || part(t)); t = p.peek(i) {
		i++
	}
	return i - n
}

func (p *parser) wildcard() *Name {
	n := p.peekWildcard(0)
	if n == 0 {
		return nil
	}
	start := p.tok().Start
	p.pos += n
	s := p.span(start)
	return &Name{Span: s, Text: p.src[s.Start:s.End], Wildcard: true}
}

// wildcardOrName reads T* or a name.
func (p *parser) wildcardOrName() Expr {
	p.expects(ExpectColumn)
	if w := p.wildcard(); w != nil {
		return w
	}
	if n := p.name(); n != nil {
		return n
	}
	return nil
}

// bracketWildcard reads [a*].
func (p *parser) bracketWildcard() *Name {
	if !p.is("[") || p.peekWildcard(1) == 0 {
		return nil
	}
	open := p.advance()
	w := p.wildcard()
	p.nest++
	p.close(open, "]")
	w.Form = BracketedName
	w.Span = p.span(open.Start)
	return w
}

// invalidName reads a keyword that stands where only a name makes sense, and reports it.
func (p *parser) invalidName() Expr {
	t := p.tok()
	if t.Kind != KeywordToken {
		return nil
	}
	switch n := p.peek(1); n.Text {
	case "and", "or", "==", "!=", "=~", "!~", ">", ">=", "<", "<=", "*", "/", "%", ")", "]", "}", ".", ",", ":", "|",
		"in", "in~", "!in", "!in~", "has_any", "has_all", "between", "!between":
	default:
		if !stringOps[n.Text] {
			return nil
		}
	}
	p.errorAt(t.Span, "keyword-as-name", "`"+t.Text+"` is a word of the language and cannot be used as a name as it is", "write ['"+t.Text+"']")
	p.pos++
	return &Name{Span: t.Span, Text: t.Text}
}
