package syntax

import (
	"strings"
	"unicode/utf8"
)

// indentStep is how far the inner lines of a query stand to the right.
const indentStep = 4

// maxLine is how long an operator may be, in characters, to stay on one line. Only lists and conditions are broken.
const maxLine = 140

// maxInline is how long a subquery may be, in characters, to stay on one line.
const maxInline = 80

// Format lays a text out: each step of a query on its own line that begins with |, subqueries indented, one blank between words. Line breaks
// within a step and comments stay where the writer put them; a list of columns or a condition too long for one line is broken before its items. The
// words themselves are not changed. A text with errors is given back as it is, with the errors. Formatting twice gives what formatting once does.
func Format(src string) (string, Diags) {
	s, diags := Parse(src)
	if diags.HasErrors() {
		return src, diags
	}
	f := &formatter{s: s, layout: newLayout(s)}
	f.run()
	return f.b.String(), diags
}

// frame is something open around the current place: a bracket, a pipe laid out over lines, or a statement. Lines inside are indented from base.
type frame struct {
	kind frameKind
	base int
	end  int // the offset where a pipe or statement ends
}

type frameKind uint8

const (
	bracketFrame frameKind = iota
	pipeFrame
	statementFrame
)

type formatter struct {
	s      *Script
	layout *layout
	b      strings.Builder
	frames []frame
	indent int  // of the current line
	fresh  bool // nothing is on the current line yet
}

func (f *formatter) run() {
	f.fresh = true
	toks := f.s.Tokens
	for i := range toks {
		t := &toks[i]
		f.closeFrames(t)
		comments, breaks := f.trivia(t)
		if t.Kind == EOFToken {
			f.comments(comments, 0, i == 0)
			if f.b.Len() > 0 && !strings.HasSuffix(f.b.String(), "\n") {
				f.b.WriteByte('\n')
			}
			return
		}
		forced := f.layout.breaks[i]
		if i > 0 && (forced || breaks > 0 || len(comments) > 0 || toks[i-1].Kind == DirectiveToken) {
			in := f.lineIndent(i)
			outer := len(f.frames) == 0
			f.comments(comments, in, outer)
			if outer && breaks > 1 {
				f.blankLine()
			}
			f.newLine(in)
		} else if i == 0 {
			f.comments(comments, 0, true)
		} else if f.layout.space(i, &toks[i-1], t) {
			f.b.WriteByte(' ')
		}
		f.open(i, t)
		f.b.WriteString(t.Text)
		f.fresh = false
		if isOpen(t.Text) {
			f.frames = append(f.frames, frame{kind: bracketFrame, base: f.indent})
		}
	}
}

// closeFrames leaves what ends before t.
func (f *formatter) closeFrames(t *Token) {
	for n := len(f.frames); n > 0; n = len(f.frames) {
		top := f.frames[n-1]
		if top.kind == bracketFrame || t.Start < top.end && t.Kind != EOFToken {
			break
		}
		f.frames = f.frames[:n-1]
	}
}

// lineIndent gives the indent of a new line that begins with token i.
func (f *formatter) lineIndent(i int) int {
	if len(f.frames) == 0 {
		return 0
	}
	top := f.frames[len(f.frames)-1]
	switch t := f.s.Tokens[i].Text; {
	case isClose(t) && top.kind == bracketFrame:
		return top.base
	case t == "|" && top.kind == pipeFrame && f.layout.bars[i]:
		return top.base
	}
	return top.base + indentStep
}

// open enters the statement and the pipes that begin with token i, and leaves the bracket that it closes.
func (f *formatter) open(i int, t *Token) {
	if isClose(t.Text) {
		if n := len(f.frames); n > 0 && f.frames[n-1].kind == bracketFrame {
			f.frames = f.frames[:n-1]
		}
	}
	if end, ok := f.layout.statements[i]; ok {
		f.frames = append(f.frames, frame{statementFrame, f.indent, end})
	}
	if end, ok := f.layout.pipes[i]; ok {
		base := f.indent
		if !f.fresh {
			base += indentStep
		}
		f.frames = append(f.frames, frame{pipeFrame, base, end})
	}
}

func (f *formatter) newLine(indent int) {
	if !f.fresh {
		f.b.WriteByte('\n')
	}
	f.b.WriteString(strings.Repeat(" ", indent))
	f.indent, f.fresh = indent, true
}

// blankLine leaves a line empty, once, and not at the head of the text.
func (f *formatter) blankLine() {
	if !f.fresh {
		f.b.WriteByte('\n')
		f.fresh = true
	}
	if out := f.b.String(); out != "" && !strings.HasSuffix(out, "\n\n") {
		f.b.WriteByte('\n')
	}
}

// comment is a comment before a token. own says that it has a line of its own, blank that an empty line stands before it.
type comment struct {
	text       string
	own, blank bool
}

// trivia takes what stands before a token apart: the comments, and how many line breaks follow the last of them.
func (f *formatter) trivia(t *Token) (comments []comment, breaks int) {
	text := f.s.Source[t.TriviaStart:t.Start]
	if !strings.Contains(text, "/") {
		return nil, countBreaks(text)
	}
	breaks = 0
	if t.TriviaStart == 0 {
		breaks = 1
	}
	for text != "" {
		i := strings.Index(text, "//")
		if i < 0 {
			return comments, breaks + countBreaks(text)
		}
		breaks += countBreaks(text[:i])
		end := strings.IndexAny(text[i:], "\r\n\u2028\u2029")
		if end < 0 {
			end = len(text) - i
		}
		comments = append(comments, comment{strings.TrimRight(text[i:i+end], " \t"), breaks > 0, breaks > 1})
		text, breaks = text[i+end:], 0
	}
	return comments, breaks
}

// countBreaks counts line breaks; \r\n is one.
func countBreaks(s string) int {
	n := strings.Count(s, "\n") + strings.Count(s, "\u2028") + strings.Count(s, "\u2029")
	return n + strings.Count(s, "\r") - strings.Count(s, "\r\n")
}

// comments writes comments; those on lines of their own are indented like the line that follows.
func (f *formatter) comments(cs []comment, indent int, outer bool) {
	for _, c := range cs {
		switch {
		case c.own:
			if c.blank && outer {
				f.blankLine()
			}
			f.newLine(indent)
		case !f.fresh:
			f.b.WriteByte(' ')
		}
		f.b.WriteString(c.text)
		f.b.WriteByte('\n')
		f.fresh = true
	}
}

// inlineLength is how long the tokens from..to are on one line, at most.
func inlineLength(toks []Token) int {
	n := 0
	for i := range toks {
		n += utf8.RuneCountInString(toks[i].Text) + 1
	}
	return n
}
