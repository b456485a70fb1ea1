package terms

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape appends a JSON text with what its escapes stand for in their place; with control set, control characters stay escaped in the
// form in which JSON writers write them. Text that is not JSON comes through as it is.
func unescape(dst, text []byte, control bool) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '\\' || i+1 == len(text) {
			dst = append(dst, c)
			continue
		}
		i++
		r := rune(text[i])
		switch text[i] {
		case 'b':
			r = '\b'
		case 'f':
			r = '\f'
		case 'n':
			r = '\n'
		case 'r':
			r = '\r'
		case 't':
			r = '\t'
		case 'u':
			if u, ok := hex4(text[i+1:]); ok {
				r = u
				i += 4
				if utf16.IsSurrogate(r) {
					r = utf8.RuneError
					if low, ok := escapedAt(text[i+1:]); ok {
						if p := utf16.DecodeRune(u, low); p != utf8.RuneError {
							r = p
							i += 6
						}
					}
				}
			}
		default:
			if r >= utf8.RuneSelf { // not an escape; its bytes follow as they are
				dst = append(dst, '\\', text[i])
				continue
			}
		}
		if r < ' ' && control {
			dst = appendControl(dst, r)
		} else {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

func appendControl(dst []byte, r rune) []byte {
	switch r {
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
}

// escapedAt reads a \uXXXX at the beginning of text.
func escapedAt(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	return hex4(text[2:])
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[:4]), 16, 16)
	return rune(n), err == nil
}
