package fn

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"sort"
	"strings"
	"unicode/utf8"
)

var errOpenClass = errors.New("a class is not closed")

// runeSet is a set of characters as sorted, disjoint pairs of first and last.
type runeSet []rune

// class reads a bracketed class with Rust's algebra: nested classes, && (both), -- (without), ~~ (one of both); it gives a class without any.
func (t *regexTranslator) class(depth int) (string, error) {
	at := t.i
	set, err := t.classSet(depth)
	if err == errOpenClass { // one that was written before classes could be nested: a [ in it is a character
		t.i, t.flat = at, true
		set, err = t.classSet(depth)
		t.flat = false
	}
	if err != nil {
		return "", err
	}
	return set.text(), nil
}

// text writes the set as a bracketed class of Go's syntax.
func (set runeSet) text() string {
	if len(set) == 0 {
		return `[^\x{0}-\x{10FFFF}]`
	}
	var b strings.Builder
	b.WriteByte('[')
	for i := 0; i < len(set); i += 2 {
		fmt.Fprintf(&b, `\x{%X}`, set[i])
		if set[i+1] != set[i] {
			fmt.Fprintf(&b, `-\x{%X}`, set[i+1])
		}
	}
	b.WriteByte(']')
	return b.String()
}

func (t *regexTranslator) classSet(depth int) (runeSet, error) {
	if depth > maxRegexDepth {
		return nil, errors.New("classes are nested too deeply")
	}
	t.i++ // [
	negated := t.take("^")
	set, op, left := runeSet(nil), "", runeSet(nil)
	first := true
	combine := func() runeSet {
		switch op {
		case "&&":
			return intersect(left, set)
		case "--":
			return intersect(left, complement(set))
		case "~~":
			return union(intersect(left, complement(set)), intersect(set, complement(left)))
		}
		return set
	}
	for {
		if t.i >= len(t.s) {
			return nil, errOpenClass
		}
		if t.s[t.i] == ']' && !first {
			t.i++
			set = combine()
			if negated {
				set = complement(set)
			}
			return set, nil
		}
		if o := t.s[t.i:min(t.i+2, len(t.s))]; !first && (o == "&&" || o == "--" || o == "~~") {
			left, set, op = combine(), nil, o
			t.i += 2
			continue
		}
		item, err := t.classItem(depth)
		if err != nil {
			return nil, err
		}
		set = union(set, item)
		first = false
	}
}

func (t *regexTranslator) take(prefix string) bool {
	if strings.HasPrefix(t.s[t.i:], prefix) {
		t.i += len(prefix)
		return true
	}
	return false
}

// classItem reads a nested class, a named class, an escape, a character, or a range of characters.
func (t *regexTranslator) classItem(depth int) (runeSet, error) {
	if strings.HasPrefix(t.s[t.i:], "[:") {
		if end := strings.Index(t.s[t.i:], ":]"); end > 0 {
			name := t.s[t.i : t.i+end+2]
			t.i += end + 2
			return setOf("[" + name + "]")
		}
	}
	if t.s[t.i] == '[' && !t.flat {
		return t.classSet(depth + 1)
	}
	lo, set, err := t.classChar()
	if err != nil || set != nil {
		return set, err
	}
	if t.i+1 < len(t.s) && t.s[t.i] == '-' && t.s[t.i+1] != ']' && t.s[t.i+1] != '-' {
		t.i++
		hi, set, err := t.classChar()
		switch {
		case err != nil:
			return nil, err
		case set != nil:
			return nil, errors.New("a class cannot end a range")
		case hi < lo:
			return nil, errors.New("a range of characters is the wrong way round")
		}
		return runeSet{lo, hi}, nil
	}
	return runeSet{lo, lo}, nil
}

// classChar reads one character, or an escape that stands for a set.
func (t *regexTranslator) classChar() (rune, runeSet, error) {
	if t.s[t.i] != '\\' {
		r, n := utf8.DecodeRuneInString(t.s[t.i:])
		t.i += n
		return r, nil, nil
	}
	if t.i+1 >= len(t.s) {
		return 0, nil, errors.New("it ends with a backslash")
	}
	if t.s[t.i+1] == 'b' { // a backspace inside a class
		t.i += 2
		return '\b', nil, nil
	}
	text, err := t.classEscape()
	if err != nil {
		return 0, nil, err
	}
	set, err := setOf(text)
	if err != nil {
		return 0, nil, err
	}
	if len(set) == 2 && set[0] == set[1] {
		return set[0], nil, nil
	}
	return 0, set, nil
}

// setOf gives the characters that an expression of one character in Go's syntax matches.
func setOf(text string) (runeSet, error) {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		if e, ok := err.(*syntax.Error); ok {
			return nil, fmt.Errorf("%s: %s", e.Code, e.Expr)
		}
		return nil, err
	}
	switch re.Op {
	case syntax.OpCharClass:
		return runeSet(re.Rune), nil
	case syntax.OpLiteral:
		if len(re.Rune) == 1 {
			return runeSet{re.Rune[0], re.Rune[0]}, nil
		}
	case syntax.OpAnyChar:
		return runeSet{0, 0x10FFFF}, nil
	}
	return nil, fmt.Errorf("%s cannot stand in a class", text)
}

func union(a, b runeSet) runeSet {
	if len(a) == 0 {
		return b
	}
	pairs := make([][2]rune, 0, (len(a)+len(b))/2)
	for _, s := range []runeSet{a, b} {
		for i := 0; i < len(s); i += 2 {
			pairs = append(pairs, [2]rune{s[i], s[i+1]})
		}
	}
	sort.Slice(pairs, func(i, j int) bool { return pairs[i][0] < pairs[j][0] })
	var out runeSet
	for _, p := range pairs {
		if n := len(out); n > 0 && p[0] <= out[n-1]+1 {
			out[n-1] = max(out[n-1], p[1])
		} else {
			out = append(out, p[0], p[1])
		}
	}
	return out
}

func complement(s runeSet) runeSet {
	var out runeSet
	next := rune(0)
	for i := 0; i < len(s); i += 2 {
		if s[i] > next {
			out = append(out, next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= 0x10FFFF {
		out = append(out, next, 0x10FFFF)
	}
	return out
}

func intersect(a, b runeSet) runeSet { return complement(union(complement(a), complement(b))) }
