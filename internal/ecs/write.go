package ecs

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// appendFields writes the document: fields in the order of their names, empty ones left out, as are those that skip names.
func (f *fields) appendFields(dst []byte, skip []bool) []byte {
	if len(f.extra) > 1 {
		slices.SortStableFunc(f.extra, func(a, b extraField) int {
			if a.under.id != b.under.id {
				return a.under.id - b.under.id
			}
			return strings.Compare(a.name, b.name)
		})
	}
	dst, ok := f.appendBranch(dst, f.schema.root, skip)
	if !ok {
		return append(dst, "{}"...)
	}
	return dst
}

// appendBranch writes the object of one branch; nothing when it would be empty.
func (f *fields) appendBranch(dst []byte, b *branch, skip []bool) ([]byte, bool) {
	if !f.marked[b.id] {
		return dst, false
	}
	start := len(dst)
	dst = append(dst, '{')
	any := false
	member := func(c *branch, name string, v value) {
		at := len(dst)
		if any {
			dst = append(dst, ',')
		}
		var ok bool
		switch {
		case c == nil:
			dst, ok = appendValue(append(appendString(dst, name), ':'), v)
		case c.slot == noSlot:
			dst, ok = f.appendBranch(append(dst, c.key...), c, skip)
		default:
			dst, ok = appendValue(append(dst, c.key...), v)
		}
		if !ok {
			dst = dst[:at]
		}
		any = any || ok
	}
	extra := f.under(b)
	for _, c := range b.children {
		for len(extra) > 0 && extra[0].name < c.name {
			member(nil, extra[0].name, extra[0].v)
			extra = extra[1:]
		}
		if !f.marked[c.id] {
			continue
		}
		switch {
		case c.slot == noSlot:
			member(c, "", value{})
		case f.values[c.slot].kind > null && !(skip != nil && skip[c.slot]):
			member(c, "", f.values[c.slot])
		}
	}
	for _, e := range extra {
		member(nil, e.name, e.v)
	}
	if !any {
		return dst[:start], false
	}
	return append(dst, '}'), true
}

// under is the sorted run of columns that nobody named below a branch.
func (f *fields) under(b *branch) []extraField {
	for i := range f.extra {
		if f.extra[i].under == b {
			n := i + 1
			for n < len(f.extra) && f.extra[n].under == b {
				n++
			}
			return f.extra[i:n]
		}
	}
	return nil
}

// appendValue writes a value without its empty members; ok is false when nothing is left of it.
func appendValue(dst []byte, v value) (out []byte, ok bool) {
	switch v.kind {
	case boolean, number, rendered:
		return append(dst, v.text...), true
	case text:
		if v.text == "" {
			return dst, false
		}
		return appendString(dst, v.text), true
	case list:
		start := len(dst)
		dst = append(dst, '[')
		any := false
		for _, item := range v.in.values {
			at := len(dst)
			if any {
				dst = append(dst, ',')
			}
			if dst, ok = appendValue(dst, item); !ok {
				dst = dst[:at]
			}
			any = any || ok
		}
		if !any {
			return dst[:start], false
		}
		return append(dst, ']'), true
	case object:
		return appendObject(dst, v.in)
	}
	return dst, false
}

func appendObject(dst []byte, n *node) ([]byte, bool) {
	start := len(dst)
	dst = append(dst, '{')
	any := false
	for _, i := range order(n.names) {
		at := len(dst)
		if any {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, n.names[i]), ':')
		var ok bool
		if dst, ok = appendValue(dst, n.values[i]); !ok {
			dst = dst[:at]
		}
		any = any || ok
	}
	if !any {
		return dst[:start], false
	}
	return append(dst, '}'), true
}

// order gives the members' places by name; of members with the same name only the last, as every JSON reader does.
func order(names []string) []int {
	at := make([]int, len(names))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return strings.Compare(names[a], names[b]) })
	out := at[:0]
	for i, n := range at {
		if i+1 < len(at) && names[at[i+1]] == names[n] {
			continue
		}
		out = append(out, n)
	}
	return out
}

// appendWhole writes a value as it is: nothing is left out, members stay in their order.
func appendWhole(dst []byte, v value) []byte {
	switch v.kind {
	case boolean, number, rendered:
		return append(dst, v.text...)
	case text:
		return appendString(dst, v.text)
	case list:
		dst = append(dst, '[')
		for i, item := range v.in.values {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendWhole(dst, item)
		}
		return append(dst, ']')
	case object:
		dst = append(dst, '{')
		for i, name := range v.in.names {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendWhole(append(appendString(dst, name), ':'), v.in.values[i])
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string. Bytes that are not UTF-8 become the replacement character.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && !special[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += n
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}
