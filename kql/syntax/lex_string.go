package syntax

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

func isQuote(c byte) bool { return c == '\'' || c == '"' }

// scanString reads a string: h before it hides it from logs, @ makes it verbatim, ``` or ~~~ let it run over lines. A string that is not closed ends with
// its line.
func (l *lexer) scanString() TokenKind {
	start := l.pos
	if c := l.src[l.pos]; c == 'h' || c == 'H' {
		l.pos++
	}
	verbatim := false
	if l.at(l.pos) == '@' {
		verbatim = true
		l.pos++
	}
	if q := l.at(l.pos); q == '`' || q == '~' {
		fence := l.src[l.pos : l.pos+3]
		l.pos += 3
		if i := strings.Index(l.src[l.pos:], fence); i >= 0 {
			l.pos += i + 3
			return StringToken
		}
		l.pos = len(l.src)
		l.errorf(start, start+3, "unclosed-string", "the text that begins here with "+fence+" is never closed", "end it with "+fence)
		return StringToken
	}
	quote := l.at(l.pos)
	l.pos++
	l.scanQuoted(start, quote, verbatim)
	return StringToken
}

func (l *lexer) scanQuoted(start int, quote byte, verbatim bool) {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case c == quote && verbatim && l.at(l.pos+1) == quote:
			l.pos += 2
		case c == quote:
			l.pos++
			return
		case c == '\n' || c == '\r':
			l.errorf(start, l.pos, "unclosed-string", "the text that begins here has no closing "+string(quote), "add "+string(quote)+
				", or enclose a text of several lines in ```")
			return
		case c == '\\' && !verbatim:
			n := escapeLen(l.src[l.pos:])
			if n == 0 {
				_, w := utf8.DecodeRuneInString(l.src[min(l.pos+1, len(l.src)):])
				end := min(l.pos+1+w, len(l.src))
				if c := l.at(l.pos + 1); c == '\n' || c == '\r' {
					end = l.pos + 1
				}
				l.errorf(l.pos, end, "bad-escape", l.src[l.pos:end]+" is no escape sequence within a text",
					`write \\ for a backslash, or put @ before the text to take it as it is: @"C:\Windows"`)
				n = end - l.pos
			}
			l.pos += n
		default:
			l.pos++
		}
	}
	l.errorf(start, l.pos, "unclosed-string", "the text that begins here has no closing "+string(quote), "add "+string(quote))
}

// escapeLen gives the length of the escape sequence that s, which begins with \, begins with; 0 if it is none.
func escapeLen(s string) int {
	if len(s) < 2 {
		return 0
	}
	hex := func(n int) int {
		if len(s) < 2+n {
			return 0
		}
		for i := 2; i < 2+n; i++ {
			if !isHex(s[i]) {
				return 0
			}
		}
		return 2 + n
	}
	switch c := s[1]; c {
	case '\\', '\'', '"', 'a', 'b', 'f', 'n', 'r', 't', 'v':
		return 2
	case 'u':
		return hex(4)
	case 'U':
		return hex(8)
	case 'x':
		return hex(2)
	default:
		octal := func(i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '7' }
		switch {
		case !octal(1):
			return 0
		case !octal(2):
			return 2
		case octal(3) && c <= '3':
			return 4
		}
		return 3
	}
}

// Unquote gives the text of a string literal as it stands in the source, quotes and prefixes included, and whether it was written to be hidden (h). Faulty
// escapes are kept as they are.
func Unquote(s string) (text string, hidden bool) {
	if s != "" && (s[0] == 'h' || s[0] == 'H') {
		hidden = true
		s = s[1:]
	}
	verbatim := strings.HasPrefix(s, "@")
	s = strings.TrimPrefix(s, "@")
	if strings.HasPrefix(s, "```") || strings.HasPrefix(s, "~~~") {
		return strings.TrimSuffix(s[3:], s[:3]), hidden
	}
	if s == "" {
		return "", hidden
	}
	quote := s[:1]
	s = s[1:]
	if verbatim {
		return strings.ReplaceAll(strings.TrimSuffix(s, quote), quote+quote, quote), hidden
	}
	if !strings.Contains(s, `\`) {
		return strings.TrimSuffix(s, quote), hidden
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i:i+1] == quote {
			break
		}
		if n := escapeLen(s[i:]); s[i] == '\\' && n > 0 {
			if s[i+1] == 'u' && strings.HasPrefix(s[i+n:], `\u`) && escapeLen(s[i+n:]) == n {
				if r := utf16.DecodeRune(parseRune(s[i+2:i+n], 16), parseRune(s[i+n+2:i+2*n], 16)); r != utf8.RuneError {
					b.WriteRune(r)
					i += 2 * n
					continue
				}
			}
			unescape(&b, s[i:i+n])
			i += n
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String(), hidden
}

// unescape writes what an escape sequence stands for. Code points up to 255 are characters, not bytes. A surrogate pair written as two \u makes one
// character.
func unescape(b *strings.Builder, s string) {
	switch c := s[1]; c {
	case 'a':
		b.WriteByte('\a')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'v':
		b.WriteByte('\v')
	case 'u', 'U', 'x':
		b.WriteRune(parseRune(s[2:], 16))
	case '0', '1', '2', '3', '4', '5', '6', '7':
		b.WriteRune(parseRune(s[1:], 8))
	default:
		b.WriteByte(c)
	}
}

func parseRune(digits string, base rune) rune {
	var r rune
	for i := 0; i < len(digits); i++ {
		c := rune(digits[i])
		switch {
		case c <= '9':
			c -= '0'
		case c >= 'a':
			c -= 'a' - 10
		default:
			c -= 'A' - 10
		}
		r = r*base + c
		if r > utf8.MaxRune {
			return utf8.RuneError
		}
	}
	return r
}

// QuoteString writes a text as a string literal in double quotes.
func QuoteString(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for i := 0; i < len(s); {
		c := s[i]
		switch c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			if c < ' ' || c == 0x7F {
				const hex = "0123456789abcdef"
				b.WriteString(`\x`)
				b.WriteByte(hex[c>>4])
				b.WriteByte(hex[c&15])
				break
			}
			b.WriteByte(c)
		}
		i++
	}
	b.WriteByte('"')
	return b.String()
}
