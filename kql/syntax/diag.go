package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Severity says how bad a diagnostic is.
type Severity uint8

// The severities.
const (
	Error Severity = iota
	Warning
	Hint
)

// String gives error, warning or hint.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "hint"
}

// Diag is something to tell the writer of a query. Code is a short stable name such as missing-expression, Message says what is wrong, Suggestion what to
// do (possibly empty). Both begin in lower case and have no full stop.
type Diag struct {
	Span
	Severity   Severity
	Code       string
	Message    string
	Suggestion string
}

// Diags are diagnostics in the order of the text.
type Diags []Diag

// HasErrors says whether one of them is an error.
func (ds Diags) HasErrors() bool {
	for _, d := range ds {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

// Position is a place in a text. Line counts from 1; the columns count from 1 within the line, in bytes, in characters (code points) and in UTF-16 units, as
// browsers and editors count.
type Position struct {
	Offset int
	Line   int
	Byte   int
	Rune   int
	UTF16  int
}

// PositionAt gives the position of a byte offset; an offset outside the text counts as its nearest end.
func PositionAt(src string, offset int) Position {
	offset = max(0, min(offset, len(src)))
	before := src[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	p := Position{Offset: offset, Line: strings.Count(before, "\n") + 1, Byte: offset - start + 1, Rune: 1, UTF16: 1}
	for _, r := range before[start:] {
		p.Rune++
		p.UTF16++
		if r > 0xFFFF {
			p.UTF16++
		}
	}
	return p
}

// Text writes a diagnostic for a terminal: line and column, what is wrong, the line of the text with the place underlined, and what to do.
//
//	2:9: error: unknown operator wher
//	  | wher FileName == "x"
//	    ^^^^
//	  did you mean where?
func (d Diag) Text(src string) string {
	p := PositionAt(src, d.Start)
	lineStart := p.Offset - p.Byte + 1
	lineEnd := len(src)
	if i := strings.IndexByte(src[lineStart:], '\n'); i >= 0 {
		lineEnd = lineStart + i
	}
	line := strings.TrimRight(src[lineStart:lineEnd], "\r")
	from := min(d.Start-lineStart, len(line))
	to := max(from, min(d.End-lineStart, len(line)))
	line, from, to = clip(line, from, to)
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%d: %s: %s\n", p.Line, p.Rune, d.Severity, d.Message)
	b.WriteString("  " + line + "\n  ")
	for _, r := range line[:from] {
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	b.WriteString(strings.Repeat("^", max(1, utf8.RuneCountInString(line[from:to]))))
	if d.Suggestion != "" {
		b.WriteString("\n  " + d.Suggestion)
	}
	return b.String()
}

// clip shortens a long line around the place from..to.
func clip(line string, from, to int) (string, int, int) {
	const before, after = 60, 60
	if len(line) <= 2*before+after {
		return line, from, to
	}
	const dots = "…"
	end := min(len(line), max(from, min(to, from+after))+after)
	for end < len(line) && !utf8.RuneStart(line[end]) {
		end++
	}
	to = min(to, end)
	if end < len(line) {
		line = line[:end] + dots
	}
	if start := from - before; start > 0 {
		for start < from && !utf8.RuneStart(line[start]) {
			start++
		}
		return dots + line[start:], from - start + len(dots), to - start + len(dots)
	}
	return line, from, to
}

// quoteFound writes a piece of the source for a message.
func quoteFound(s string) string {
	if utf8.RuneCountInString(s) > 24 {
		s = string([]rune(s)[:24]) + "…"
	}
	return "`" + s + "`"
}
