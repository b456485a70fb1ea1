package ecs

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep lists and objects may lie in each other: far beyond what Defender sends, far below what would hurt.
const maxDepth = 64

// parser reads JSON into values. The values live in slabs that the parser takes back at reset, so nothing may keep them longer.
type parser struct {
	src    string
	at     int
	stack  []value // members of the lists and objects that are still open
	keys   []string
	values slab[value]
	names  slab[string]
	nodes  slab[node]
}

// slab hands out slices of one growing block.
type slab[T any] struct {
	block []T
	used  int
}

func (s *slab[T]) take(n int) []T {
	if s.used+n > len(s.block) {
		s.block = make([]T, max(2*len(s.block), n, 256)) // slices handed out before keep the old block alive
		s.used = 0
	}
	out := s.block[s.used : s.used+n : s.used+n]
	s.used += n
	return out
}

// reset takes everything back.
func (p *parser) reset() {
	p.values.used, p.names.used, p.nodes.used = 0, 0, 0
	p.stack, p.keys = p.stack[:0], p.keys[:0]
}

// parse reads one JSON value that fills the whole text.
func (p *parser) parse(src string) (value, error) {
	saved, at := p.src, p.at
	defer func() { p.src, p.at = saved, at }()
	stack, keys := len(p.stack), len(p.keys)
	p.src, p.at = src, 0
	v, err := p.value(0)
	if err == nil {
		p.space()
		if p.at < len(p.src) {
			err = p.fail("text after the value")
		}
	}
	if err != nil {
		p.stack, p.keys = p.stack[:stack], p.keys[:keys]
		return value{}, err
	}
	return v, nil
}

func (p *parser) fail(what string) error {
	return fmt.Errorf("not valid JSON at byte %d: %s", p.at+1, what)
}

func (p *parser) space() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) value(depth int) (value, error) {
	p.space()
	if p.at >= len(p.src) {
		return value{}, p.fail("the text ends where a value should be")
	}
	if depth > maxDepth {
		return value{}, p.fail("nested too deep")
	}
	switch c := p.src[p.at]; {
	case c == '"':
		s, err := p.str()
		return stringValue(s), err
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	rest := p.src[p.at:]
	switch {
	case strings.HasPrefix(rest, "null"):
		p.at += 4
		return value{kind: null}, nil
	case strings.HasPrefix(rest, "true"):
		p.at += 4
		return boolValue(true), nil
	case strings.HasPrefix(rest, "false"):
		p.at += 5
		return boolValue(false), nil
	}
	return value{}, p.fail("a value was expected")
}

func (p *parser) list(depth int) (value, error) {
	p.at++
	base := len(p.stack)
	for first := true; ; first = false {
		p.space()
		if p.at < len(p.src) && p.src[p.at] == ']' && first {
			p.at++
			break
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return value{}, err
		}
		p.stack = append(p.stack, v)
		p.space()
		if p.at < len(p.src) && p.src[p.at] == ',' {
			p.at++
			continue
		}
		if p.at < len(p.src) && p.src[p.at] == ']' {
			p.at++
			break
		}
		return value{}, p.fail("a comma or ] was expected")
	}
	n := p.node(nil, p.stack[base:])
	p.stack = p.stack[:base]
	return value{kind: list, in: n}, nil
}

func (p *parser) object(depth int) (value, error) {
	p.at++
	base, keys := len(p.stack), len(p.keys)
	for first := true; ; first = false {
		p.space()
		if p.at < len(p.src) && p.src[p.at] == '}' && first {
			p.at++
			break
		}
		if p.at >= len(p.src) || p.src[p.at] != '"' {
			return value{}, p.fail("a member's name was expected")
		}
		name, err := p.str()
		if err != nil {
			return value{}, err
		}
		p.space()
		if p.at >= len(p.src) || p.src[p.at] != ':' {
			return value{}, p.fail("a colon was expected")
		}
		p.at++
		v, err := p.value(depth + 1)
		if err != nil {
			return value{}, err
		}
		p.keys, p.stack = append(p.keys, name), append(p.stack, v)
		p.space()
		if p.at < len(p.src) && p.src[p.at] == ',' {
			p.at++
			continue
		}
		if p.at < len(p.src) && p.src[p.at] == '}' {
			p.at++
			break
		}
		return value{}, p.fail("a comma or } was expected")
	}
	n := p.node(p.keys[keys:], p.stack[base:])
	p.stack, p.keys = p.stack[:base], p.keys[:keys]
	return value{kind: object, in: n}, nil
}

func (p *parser) node(names []string, values []value) *node {
	n := &p.nodes.take(1)[0]
	n.values = p.values.take(len(values))
	copy(n.values, values)
	n.names = nil
	if len(names) > 0 {
		n.names = p.names.take(len(names))
		copy(n.names, names)
	}
	return n
}

func (p *parser) number() (value, error) {
	start := p.at
	digits := func() int {
		n := p.at
		for p.at < len(p.src) && p.src[p.at] >= '0' && p.src[p.at] <= '9' {
			p.at++
		}
		return p.at - n
	}
	if p.src[p.at] == '-' {
		p.at++
	}
	lead := p.at
	if n := digits(); n == 0 || n > 1 && p.src[lead] == '0' {
		return value{}, p.fail("not a number")
	}
	if p.at < len(p.src) && p.src[p.at] == '.' {
		p.at++
		if digits() == 0 {
			return value{}, p.fail("digits were expected after the point")
		}
	}
	if p.at < len(p.src) && (p.src[p.at] == 'e' || p.src[p.at] == 'E') {
		p.at++
		if p.at < len(p.src) && (p.src[p.at] == '+' || p.src[p.at] == '-') {
			p.at++
		}
		if digits() == 0 {
			return value{}, p.fail("digits were expected in the exponent")
		}
	}
	return numberValue(p.src[start:p.at]), nil
}

// special are the bytes that a string cannot hold as they are.
var special = func() (t [256]bool) {
	for c := range 0x20 {
		t[c] = true
	}
	t['"'], t['\\'] = true, true
	return t
}()

// str reads a string. Without escapes it is a piece of the source; nothing is copied.
func (p *parser) str() (string, error) {
	p.at++
	start, rest := p.at, p.src[p.at:]
	for i := 0; i < len(rest); i++ {
		if !special[rest[i]] {
			continue
		}
		p.at = start + i
		switch rest[i] {
		case '"':
			p.at++
			return rest[:i], nil
		case '\\':
			return p.escaped(start)
		}
		return "", p.fail("a control character in a string")
	}
	p.at = len(p.src)
	return "", p.fail("a string without its end")
}

func (p *parser) escaped(start int) (string, error) {
	out := append(make([]byte, 0, p.at-start+64), p.src[start:p.at]...)
	for p.at < len(p.src) {
		c := p.src[p.at]
		switch {
		case c == '"':
			p.at++
			return string(out), nil
		case c < ' ':
			return "", p.fail("a control character in a string")
		case c != '\\':
			out = append(out, c)
			p.at++
			continue
		}
		p.at++
		if p.at >= len(p.src) {
			break
		}
		c = p.src[p.at]
		p.at++
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, ok := p.hex4()
			if !ok {
				return "", p.fail("four hexadecimal digits were expected after \\u")
			}
			if utf16.IsSurrogate(r) {
				if low, ok := p.low(); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
					r = utf16.DecodeRune(r, low)
					p.at += 6
				} else {
					r = utf8.RuneError
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			return "", p.fail("an unknown escape")
		}
	}
	return "", p.fail("a string without its end")
}

func (p *parser) hex4() (rune, bool) {
	if p.at+4 > len(p.src) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.src[p.at:p.at+4], 16, 32)
	if err != nil {
		return 0, false
	}
	p.at += 4
	return rune(n), true
}

// low looks at the second half of a surrogate pair without taking it.
func (p *parser) low() (rune, bool) {
	if p.at+6 > len(p.src) || p.src[p.at] != '\\' || p.src[p.at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(p.src[p.at+2:p.at+6], 16, 32)
	return rune(n), err == nil
}
