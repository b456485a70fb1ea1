package fn

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// machine runs a compiled expression over one text, following all alternatives at once (time is the text's length times the program's),
// with word boundaries by Unicode. Earlier alternatives win, as in the Perl family.
type machine struct {
	prog *syntax.Prog
	s    string
	caps int
	mark []int // the step at which an instruction was last added
	step int
}

type thread struct {
	pc  int
	cap []int
}

func newMachine(p *syntax.Prog, s string) *machine {
	return &machine{prog: p, s: s, caps: p.NumCap, mark: make([]int, len(p.Inst))}
}

// find gives the leftmost match that begins at or after from.
func (m *machine) find(from int) []int {
	var found []int
	var now, next []thread
	for at := from; ; {
		if found == nil {
			start := make([]int, m.caps)
			for i := range start {
				start[i] = -1
			}
			// threads that are already running come first: they began further left
			m.step++
			m.restart(now)
			now = m.add(now, m.prog.Start, at, start)
		}
		if len(now) == 0 && found != nil {
			return found
		}
		r, size := rune(-1), 0
		if at < len(m.s) {
			r, size = utf8.DecodeRuneInString(m.s[at:])
		}
		next = next[:0]
		m.step++
		for _, t := range now {
			in := &m.prog.Inst[t.pc]
			if in.Op == syntax.InstMatch {
				found = append([]int(nil), t.cap...)
				found[1] = at
				break // what comes after has lower priority
			}
			if size > 0 && in.MatchRune(r) {
				next = m.add(next, int(in.Out), at+size, t.cap)
			}
		}
		now, next = next, now
		if size == 0 || len(now) == 0 && found != nil {
			return found
		}
		at += size
	}
}

// restart marks the running threads' instructions as present in this step.
func (m *machine) restart(running []thread) {
	for _, t := range running {
		m.mark[t.pc] = m.step
	}
}

// add follows instructions that take no character, from pc, and appends the threads that wait for one.
func (m *machine) add(list []thread, pc, at int, cap []int) []thread {
	type item struct {
		pc  int
		cap []int
	}
	stack := []item{{pc, cap}}
	for len(stack) > 0 {
		it := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if m.mark[it.pc] == m.step {
			continue
		}
		m.mark[it.pc] = m.step
		switch in := &m.prog.Inst[it.pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, item{int(in.Arg), it.cap}, item{int(in.Out), it.cap})
		case syntax.InstNop:
			stack = append(stack, item{int(in.Out), it.cap})
		case syntax.InstCapture:
			c := it.cap
			if int(in.Arg) < len(c) {
				c = append([]int(nil), c...)
				c[in.Arg] = at
			}
			stack = append(stack, item{int(in.Out), c})
		case syntax.InstEmptyWidth:
			if m.holds(syntax.EmptyOp(in.Arg), at) {
				stack = append(stack, item{int(in.Out), it.cap})
			}
		case syntax.InstFail:
		default:
			c := it.cap
			if c[0] < 0 {
				c = append([]int(nil), c...)
				c[0] = at
			}
			list = append(list, thread{it.pc, c})
		}
	}
	return list
}

// holds reports whether the conditions hold between the characters at a position.
func (m *machine) holds(op syntax.EmptyOp, at int) bool {
	before, after := rune(-1), rune(-1)
	if at > 0 {
		before, _ = utf8.DecodeLastRuneInString(m.s[:at])
	}
	if at < len(m.s) {
		after, _ = utf8.DecodeRuneInString(m.s[at:])
	}
	boundary := isWord(before) != isWord(after)
	return !(op&syntax.EmptyBeginLine != 0 && before != '\n' && before >= 0 ||
		op&syntax.EmptyEndLine != 0 && after != '\n' && after >= 0 ||
		op&syntax.EmptyBeginText != 0 && before >= 0 ||
		op&syntax.EmptyEndText != 0 && after >= 0 ||
		op&syntax.EmptyWordBoundary != 0 && !boundary ||
		op&syntax.EmptyNoWordBoundary != 0 && boundary ||
		op&noWordBefore != 0 && isWord(before) ||
		op&noWordAfter != 0 && isWord(after))
}

// isWord reports whether r is a character of \w: letters, marks, digits, connecting punctuation and the joiners.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && (isAlnumByte(byte(r)) || r == '_')
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic) || r == 0x200c || r == 0x200d
}
