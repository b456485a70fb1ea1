package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep arrays and objects may nest.
const maxDepth = 256

var (
	errJSON  = errors.New("not valid JSON")
	errDepth = errors.New("JSON nested deeper than 256 levels")
)

// space gives the next position at or after i that is not white space.
func space(p []byte, i int) int {
	for i < len(p) && (p[i] == ' ' || p[i] == '\n' || p[i] == '\t' || p[i] == '\r') {
		i++
	}
	return i
}

const (
	ones   = 0x0101010101010101
	highs  = 0x8080808080808080
	quotes = '"' * ones
	slants = '\\' * ones
)

// rawString gives the text between the quotes of the JSON string at i, escapes untouched, and the position after it. It looks at eight
// bytes at a time for a quote or a backslash.
func rawString(p []byte, i int) (raw []byte, escaped bool, next int, err error) {
	if i >= len(p) || p[i] != '"' {
		return nil, false, i, errJSON
	}
	i++
	start := i
	for {
		for len(p)-i >= 8 {
			x := binary.LittleEndian.Uint64(p[i:])
			q, s := x^quotes, x^slants
			// The lowest bit set marks the first byte that is one of the two; bits above it may be wrong.
			if hit := ((q-ones)&^q | (s-ones)&^s) & highs; hit != 0 {
				i += bits.TrailingZeros64(hit) >> 3
				break
			}
			i += 8
		}
		for i < len(p) && p[i] != '"' && p[i] != '\\' {
			i++
		}
		if i >= len(p) {
			return nil, false, i, errJSON
		}
		if p[i] == '"' {
			return p[start:i], escaped, i + 1, nil
		}
		escaped = true
		i += 2
	}
}

// unescape appends the text that raw, the inside of a JSON string, stands for.
func unescape(dst, raw []byte) ([]byte, error) {
	for {
		e := bytes.IndexByte(raw, '\\')
		if e < 0 {
			return append(dst, raw...), nil
		}
		dst = append(dst, raw[:e]...)
		if e+1 >= len(raw) {
			return dst, errJSON
		}
		c := raw[e+1]
		raw = raw[e+2:]
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r':
			dst = append(dst, '\r')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'u':
			r, ok := hex4(raw)
			if !ok {
				return dst, errJSON
			}
			raw = raw[4:]
			if utf16.IsSurrogate(r) {
				low, pair := rune(0), false
				if len(raw) >= 6 && raw[0] == '\\' && raw[1] == 'u' {
					low, pair = hex4(raw[2:])
				}
				if r = utf16.DecodeRune(r, low); pair && r != utf8.RuneError {
					raw = raw[6:]
				}
			}
			dst = utf8.AppendRune(dst, r)
		default:
			return dst, errJSON
		}
	}
}

func hex4(p []byte) (rune, bool) {
	if len(p) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range p[:4] {
		h, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		r = r<<4 | rune(h)
	}
	return r, true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// number gives the position after the JSON number at i, and whether it is written as an integer.
func number(p []byte, i int) (next int, integer bool, err error) {
	digits := func() bool {
		from := i
		for i < len(p) && p[i] >= '0' && p[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(p) && p[i] == '-' {
		i++
	}
	first := i
	if !digits() || p[first] == '0' && i > first+1 {
		return i, false, errJSON
	}
	integer = true
	if i < len(p) && p[i] == '.' {
		i++
		integer = false
		if !digits() {
			return i, false, errJSON
		}
	}
	if i < len(p) && (p[i] == 'e' || p[i] == 'E') {
		i++
		integer = false
		if i < len(p) && (p[i] == '+' || p[i] == '-') {
			i++
		}
		if !digits() {
			return i, false, errJSON
		}
	}
	return i, integer, nil
}

// word gives the position after the literal true, false or null at i.
func word(p []byte, i int) (int, error) {
	for _, w := range []string{"true", "false", "null"} {
		if p[i] == w[0] {
			if len(p)-i < len(w) || string(p[i:i+len(w)]) != w {
				return i, errJSON
			}
			return i + len(w), nil
		}
	}
	return i, errJSON
}

// compact appends the JSON value at i without white space, and checks it on the way. Escapes stay as they are.
func compact(dst, p []byte, i, depth int) ([]byte, int, error) {
	if i >= len(p) {
		return dst, i, errJSON
	}
	if depth > maxDepth {
		return dst, i, errDepth
	}
	start := i
	switch c := p[i]; c {
	case '"':
		raw, escaped, next, err := rawString(p, i)
		if err == nil {
			err = checkString(raw, escaped)
		}
		if err != nil {
			return dst, i, err
		}
		return append(dst, p[start:next]...), next, nil
	case '{', '[':
		end := c + 2 // '}' and ']' lie two after their openings
		dst = append(dst, c)
		i = space(p, i+1)
		if i < len(p) && p[i] == end {
			return append(dst, end), i + 1, nil
		}
		for {
			var err error
			if c == '{' {
				var raw []byte
				var escaped bool
				from := i
				if raw, escaped, i, err = rawString(p, i); err == nil {
					err = checkString(raw, escaped)
				}
				if err != nil {
					return dst, i, err
				}
				dst = append(dst, p[from:i]...)
				if i = space(p, i); i >= len(p) || p[i] != ':' {
					return dst, i, errJSON
				}
				dst = append(dst, ':')
				i = space(p, i+1)
			}
			if dst, i, err = compact(dst, p, i, depth+1); err != nil {
				return dst, i, err
			}
			if i = space(p, i); i >= len(p) {
				return dst, i, errJSON
			}
			switch p[i] {
			case ',':
				dst = append(dst, ',')
				i = space(p, i+1)
			case end:
				return append(dst, end), i + 1, nil
			default:
				return dst, i, errJSON
			}
		}
	case 't', 'f', 'n':
		next, err := word(p, i)
		return append(dst, p[start:next]...), next, err
	}
	next, _, err := number(p, i)
	return append(dst, p[start:next]...), next, err
}

// checkString refuses what no JSON string may hold: bad escapes and bare control characters.
func checkString(raw []byte, escaped bool) error {
	for _, c := range raw {
		if c < ' ' {
			return errJSON
		}
	}
	if !escaped {
		return nil
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		switch raw[i] {
		case '"', '\\', '/', 'n', 't', 'r', 'b', 'f':
		case 'u':
			if _, ok := hex4(raw[i+1:]); !ok {
				return errJSON
			}
			i += 4
		default:
			return errJSON
		}
	}
	return nil
}

// skip gives the position after the JSON value at i. It looks at brackets and strings alone: who needs the value reads it again.
func skip(p []byte, i int) (int, error) {
	if i >= len(p) {
		return i, errJSON
	}
	switch p[i] {
	case '"':
		_, _, next, err := rawString(p, i)
		return next, err
	case '{', '[':
		depth := 0
		for i < len(p) {
			switch p[i] {
			case '"':
				_, _, next, err := rawString(p, i)
				if err != nil {
					return next, err
				}
				i = next
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1, nil
				}
			}
			i++
		}
		return i, errJSON
	case 't', 'f', 'n':
		return word(p, i)
	}
	next, _, err := number(p, i)
	return next, err
}
