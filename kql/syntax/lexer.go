package syntax

import (
	"strings"
	"unicode/utf8"
)

// Lex gives the tokens of a text, as Script.Tokens holds them, and what is wrong with single tokens.
func Lex(src string) ([]Token, Diags) { return lex(src) }

func lex(src string) ([]Token, Diags) {
	l := lexer{src: src, toks: make([]Token, 0, len(src)/5+2)}
	for {
		if l.next() == EOFToken {
			return l.toks, l.diags
		}
	}
}

type lexer struct {
	src   string
	pos   int
	toks  []Token
	diags Diags
}

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

func (l *lexer) errorf(start, end int, code, msg, suggestion string) {
	if len(l.diags) >= MaxErrors {
		return
	}
	l.diags = append(l.diags, Diag{Span: Span{start, end}, Code: code, Message: msg, Suggestion: suggestion})
}

// next appends one token.
func (l *lexer) next() TokenKind {
	trivia := l.pos
	l.skipTrivia()
	start := l.pos
	kind := l.scan()
	l.toks = append(l.toks, Token{Span: Span{start, l.pos}, Kind: kind, TriviaStart: trivia, Text: l.src[start:l.pos]})
	return kind
}

func (l *lexer) skipTrivia() {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			l.pos++
		case c == '/' && l.at(l.pos+1) == '/':
			l.pos = l.lineEnd(l.pos)
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(l.src[l.pos:])
			if !isSpaceRune(r) {
				return
			}
			l.pos += n
		default:
			return
		}
	}
}

// lineEnd gives the offset of the line break at or after i, or the end of the text.
func (l *lexer) lineEnd(i int) int {
	for i < len(l.src) {
		c := l.src[i]
		if c == '\n' || c == '\r' || c == 0xE2 && isLineSeparator(l.src[i:]) {
			return i
		}
		i++
	}
	return i
}

// isLineSeparator says whether s begins with U+2028 or U+2029.
func isLineSeparator(s string) bool {
	return strings.HasPrefix(s, "\u2028") || strings.HasPrefix(s, "\u2029")
}

// isSpaceRune says whether a rune outside ASCII is white space to Kusto.
func isSpaceRune(r rune) bool {
	switch r {
	case 0xA0, 0x1680, 0x180E, 0x202F, 0x205F, 0x2028, 0x2029, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200B
}

// scan moves past one token and gives its kind.
func (l *lexer) scan() TokenKind {
	if l.pos >= len(l.src) {
		return EOFToken
	}
	c := l.src[l.pos]
	switch {
	case isLetter(c) || c == '_' || c == '$':
		return l.scanWord()
	case isDigit(c):
		return l.scanNumber()
	case c == '\'' || c == '"' || c == '@' && isQuote(l.at(l.pos+1)):
		return l.scanString()
	case strings.HasPrefix(l.src[l.pos:], "```") || strings.HasPrefix(l.src[l.pos:], "~~~"):
		return l.scanString()
	case c == '#':
		l.pos = l.lineEnd(l.pos)
		return DirectiveToken
	case c == '!':
		if n := l.keyword(l.pos); n > 0 {
			l.pos += n
			return KeywordToken
		}
	}
	if n := l.punct(); n > 0 {
		l.pos += n
		return PunctToken
	}
	return l.scanUnknown(c)
}

// negatedWords are offered for a misspelt word after !.
var negatedWords = []string{"!in", "!has", "!contains", "!startswith", "!endswith", "!between", "!hasprefix", "!hassuffix", "!has_cs", "!contains_cs"}

func (l *lexer) scanUnknown(c byte) TokenKind {
	start := l.pos
	_, n := utf8.DecodeRuneInString(l.src[l.pos:])
	l.pos += n
	if c == '&' && l.at(l.pos) == '&' {
		l.pos++
	}
	if c == '!' && isLetter(l.at(l.pos)) {
		for isWordByte(l.at(l.pos)) {
			l.pos++
		}
		if hint := suggest(l.src[start:l.pos], negatedWords); hint != "" {
			l.errorf(start, l.pos, "unknown-operator", "there is no operator "+quoteFound(l.src[start:l.pos]), hint)
			return UnknownToken
		}
		l.pos = start + 1
	}
	msg, hint := "the character "+quoteFound(l.src[start:l.pos])+" has no meaning here", ""
	switch c {
	case '&':
		hint = "write and"
	case '!':
		hint = "write not(…), or one of the operators that begin with !: !=, !~, !in, !has, !contains, !between"
	case '^', '\\':
		hint = "if it belongs to a text, put the text in quotes"
	case 0xE2:
		if s := l.src[start:l.pos]; strings.ContainsAny(s, "“”‘’") {
			hint = "replace the typographic quote by \" or '"
		}
	}
	l.errorf(start, l.pos, "unexpected-character", msg, hint)
	return UnknownToken
}

// punct gives the length of the punctuation mark at pos, 0 if there is none.
func (l *lexer) punct() int {
	c, d := l.src[l.pos], l.at(l.pos+1)
	switch c {
	case '(', ')', '[', ']', '{', '}', '|', '+', '-', '*', '/', '%', ':', ';', ',', '@', '?':
		return 1
	case '.':
		if d == '.' {
			return 2
		}
		return 1
	case '<':
		if d == '=' || d == '|' || d == '>' {
			return 2
		}
		return 1
	case '>':
		if d == '=' {
			return 2
		}
		return 1
	case '=':
		if d == '=' || d == '>' || d == '~' {
			return 2
		}
		return 1
	case '!':
		if d == '=' || d == '~' {
			return 2
		}
	}
	return 0
}

// keyword gives the length of the keyword at i, 0 if there is none: the longest one, if no letter or digit follows it.
func (l *lexer) keyword(i int) int {
	e := i
	if l.at(e) == '!' {
		e++
	}
	for e < len(l.src) && isWordByte(l.src[e]) {
		e++
	}
	head := l.src[i:e]
	for _, tail := range keywordTails[head] {
		if strings.HasPrefix(l.src[e:], tail) {
			if isWordByte(l.at(e + len(tail))) {
				return 0
			}
			return e + len(tail) - i
		}
	}
	if keywords[head] == notKeyword {
		return 0
	}
	return e - i
}

func (l *lexer) scanWord() TokenKind {
	start := l.pos
	if n := l.keyword(start); n > 0 {
		l.pos += n
		if l.at(l.pos) == '(' {
			if _, ok := typedLiterals[l.src[start:l.pos]]; ok {
				return l.scanTyped(start)
			}
		}
		return KeywordToken
	}
	if n := l.guid(start); n > 0 {
		l.pos += n
		return GuidToken
	}
	l.pos++
	for l.pos < len(l.src) && isWordByte(l.src[l.pos]) {
		l.pos++
	}
	switch word := l.src[start:l.pos]; word {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return BoolToken
	case "h", "H":
		d := l.at(l.pos)
		if d == '\'' || d == '"' || d == '@' && isQuote(l.at(l.pos+1)) || strings.HasPrefix(l.src[l.pos:], "```") || strings.HasPrefix(l.src[l.pos:], "~~~") {
			l.pos = start
			return l.scanString()
		}
	}
	return WordToken
}

// scanTyped reads the parentheses after a type. They end at the first ) or with the line.
func (l *lexer) scanTyped(start int) TokenKind {
	open := l.pos
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		if c == ')' {
			l.pos++
			return TypedToken
		}
		if c == '\n' || c == '\r' || c == 0xE2 && isLineSeparator(l.src[l.pos:]) {
			break
		}
		l.pos++
	}
	l.errorf(open, open+1, "missing-parenthesis", "the ( of "+l.src[start:open]+"(…) is not closed on its line", "add )")
	return TypedToken
}

// guid gives the length of a bare guid at i, 0 if there is none.
func (l *lexer) guid(i int) int {
	if len(l.src)-i < 36 {
		return 0
	}
	for k := range 36 {
		c := l.src[i+k]
		switch k {
		case 8, 13, 18, 23:
			if c != '-' {
				return 0
			}
		default:
			if !isHex(c) {
				return 0
			}
		}
	}
	return 36
}

// scanNumber reads whatever begins with a digit: a guid, a number, a timespan, or a name such as 3com.
func (l *lexer) scanNumber() TokenKind {
	start := l.pos
	if n := l.keyword(start); n > 0 {
		l.pos += n
		return KeywordToken
	}
	if n := l.guid(start); n > 0 {
		l.pos += n
		return GuidToken
	}
	if n := l.real(start); n > 0 {
		l.pos += n
		return RealToken
	}
	if n := l.span(start); n > 0 {
		l.pos += n
		return SpanToken
	}
	e := l.digits(start)
	if c := l.at(start + 1); l.src[start] == '0' && (c == 'x' || c == 'X') && isHex(l.at(start+2)) {
		h := start + 2
		for isHex(l.at(h)) {
			h++
		}
		if !isWordByte(l.at(h)) {
			l.pos = h
			return LongToken
		}
	}
	if !isWordByte(l.at(e)) {
		l.pos = e
		return LongToken
	}
	for isWordByte(l.at(e)) {
		e++
	}
	l.pos = e
	return WordToken
}

func (l *lexer) digits(i int) int {
	for isDigit(l.at(i)) {
		i++
	}
	return i
}

// real gives the length of a number with a point or an exponent. 1..2 is not one.
func (l *lexer) real(start int) int {
	e := l.digits(start)
	exponent := false
	if l.at(e) == '.' && (l.at(e+1) != '.' || l.at(e+2) == '.') {
		e = l.digits(e + 1)
		exponent = true
	}
	if c := l.at(e); c == 'e' || c == 'E' {
		x := e + 1
		if c := l.at(x); c == '+' || c == '-' {
			x++
		}
		if isDigit(l.at(x)) {
			e = l.digits(x)
			exponent = true
		}
	}
	if !exponent || isWordByte(l.at(e)) {
		return 0
	}
	return e - start
}

// span gives the length of a number with a unit of time.
func (l *lexer) span(start int) int {
	e := l.digits(start)
	if l.at(e) == '.' && isDigit(l.at(e+1)) {
		e = l.digits(e + 1)
	}
	u := e
	for isLetter(l.at(e)) {
		e++
	}
	if !timespanUnits[l.src[u:e]] || isWordByte(l.at(e)) {
		return 0
	}
	return e - start
}
