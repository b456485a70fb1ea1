package fn

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The classes that Go's engine knows for ASCII only, as Rust's means them.
const (
	digitClass    = `\p{Nd}`
	notDigitClass = `\P{Nd}`
	wordRanges    = `\pL\pM\p{Nd}\p{Nl}\p{Pc}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}\x{200c}\x{200d}`
	spaceRanges   = `\t\n\v\f\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`
)

// maxRegexDepth bounds the nesting of groups and classes.
const maxRegexDepth = 200

// regexTranslator turns Rust's syntax into Go's.
type regexTranslator struct {
	s        string
	i        int
	out      strings.Builder
	verbose  []bool // (?x), for each open group
	boundary bool
	flat     bool // classes are not nested
	edged    bool // has an edge of a word, which stands as its marker in the text
}

// translateRegex gives the expression in Go's syntax and whether it has word boundaries, and among them edges of words.
func translateRegex(pattern string) (text string, boundary, edged bool, err error) {
	t := regexTranslator{s: pattern, verbose: []bool{false}}
	for t.i < len(t.s) {
		if err := t.item(); err != nil {
			return "", false, false, err
		}
	}
	return t.out.String(), t.boundary, t.edged, nil
}

// repetition copies {n,m}, which may have spaces around its numbers. Another { is a character.
func (t *regexTranslator) repetition() {
	if end := strings.IndexByte(t.s[t.i:], '}'); end > 0 {
		if m := strings.ReplaceAll(t.s[t.i:t.i+end+1], " ", ""); counted.MatchString(m) {
			t.out.WriteString(m)
			t.i += end + 1
			return
		}
	}
	t.out.WriteString(`\{`)
	t.i++
}

var counted = regexp.MustCompile(`^\{[0-9]+(,[0-9]*)?\}$`)

func (t *regexTranslator) item() error {
	verbose := &t.verbose[len(t.verbose)-1]
	switch c := t.s[t.i]; {
	case c == '\\':
		return t.escape()
	case c == '[':
		set, err := t.class(0)
		if err != nil {
			return err
		}
		t.out.WriteString(set)
		return nil
	case c == '(':
		return t.group()
	case c == '{':
		t.repetition()
		return nil
	case c == ')':
		if len(t.verbose) > 1 {
			t.verbose = t.verbose[:len(t.verbose)-1]
		}
	case *verbose && strings.IndexByte(" \t\n\r\v\f", c) >= 0:
		t.i++
		return nil
	case *verbose && c == '#':
		end := strings.IndexByte(t.s[t.i:], '\n')
		if end < 0 {
			end = len(t.s) - t.i - 1
		}
		t.i += end + 1
		return nil
	}
	t.out.WriteByte(t.s[t.i])
	t.i++
	return nil
}

// group copies the beginning of a group, without the flags that Go does not know.
func (t *regexTranslator) group() error {
	if len(t.verbose) > maxRegexDepth {
		return errors.New("groups are nested too deeply")
	}
	verbose := t.verbose[len(t.verbose)-1]
	if !strings.HasPrefix(t.s[t.i:], "(?") {
		t.verbose = append(t.verbose, verbose)
		t.out.WriteByte('(')
		t.i++
		return nil
	}
	rest := t.s[t.i+2:]
	switch {
	case strings.HasPrefix(rest, "P<") || strings.HasPrefix(rest, "<") && !strings.HasPrefix(rest, "<=") && !strings.HasPrefix(rest, "<!"):
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			return errors.New("a group's name is not closed")
		}
		t.verbose = append(t.verbose, verbose)
		t.out.WriteString("(?P<" + strings.TrimPrefix(strings.TrimPrefix(rest[:end], "P"), "<") + ">")
		t.i += 2 + end + 1
		return nil
	case strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "!") || strings.HasPrefix(rest, "<"):
		return errors.New("look-around is not supported")
	}
	end := strings.IndexAny(rest, ":)")
	if end < 0 {
		return errors.New("a group is not closed")
	}
	on, off, minus := "", "", false
	for _, c := range rest[:end] {
		switch c {
		case '-':
			minus = true
		case 'x':
			verbose = !minus
		case 'u':
			if minus {
				return errors.New("the flag -u is not supported")
			}
		case 'i', 'm', 's', 'U':
			if minus {
				off += string(c)
			} else {
				on += string(c)
			}
		default:
			return fmt.Errorf("the flag %c is not supported", c)
		}
	}
	flags := on
	if off != "" {
		flags += "-" + off
	}
	t.i += 2 + end + 1
	if rest[end] == ')' { // the flags hold until the end of the group around
		t.verbose[len(t.verbose)-1] = verbose
		if flags != "" {
			t.out.WriteString("(?" + flags + ")")
		}
		return nil
	}
	t.verbose = append(t.verbose, verbose)
	t.out.WriteString("(?" + flags + ":")
	return nil
}

// escape translates one escape outside a class.
func (t *regexTranslator) escape() error {
	if t.i+1 >= len(t.s) {
		return errors.New("it ends with a backslash")
	}
	c := t.s[t.i+1]
	switch c {
	case 'b', 'B', '<', '>':
		t.boundary = true
		for _, e := range edges {
			if strings.HasPrefix(t.s[t.i:], e.text) {
				t.edged = true
				t.out.WriteString(e.marker)
				t.i += len(e.text)
				return nil
			}
		}
		t.out.WriteString(t.s[t.i : t.i+2])
		t.i += 2
		return nil
	}
	set, err := t.classEscape()
	if err != nil {
		return err
	}
	t.out.WriteString(set)
	return nil
}

// classEscape translates an escape that stands for a character or a class, as it may stand outside of brackets.
func (t *regexTranslator) classEscape() (string, error) {
	c := t.s[t.i+1]
	from := t.i
	t.i += 2
	switch c {
	case 'd':
		return digitClass, nil
	case 'D':
		return notDigitClass, nil
	case 'w':
		return "[" + wordRanges + "]", nil
	case 'W':
		return "[^" + wordRanges + "]", nil
	case 's':
		return "[" + spaceRanges + "]", nil
	case 'S':
		return "[^" + spaceRanges + "]", nil
	case 'p', 'P':
		if t.i >= len(t.s) {
			return "", errors.New("a class name is missing")
		}
		end := 1
		if t.s[t.i] == '{' {
			if end = strings.IndexByte(t.s[t.i:], '}') + 1; end == 0 {
				return "", errors.New("a class name is not closed")
			}
		}
		t.i += end
		if end > 1 {
			return unicodeClass(t.s[from+3:t.i-1], c == 'P')
		}
		return t.s[from:t.i], nil
	case 'u', 'U', 'x':
		return t.codePoint(c)
	}
	return t.s[from:t.i], nil
}

// codePoint reads what follows \u, \U and \x: {hex} or as many digits as the letter asks for.
func (t *regexTranslator) codePoint(kind byte) (string, error) {
	digits := map[byte]int{'u': 4, 'U': 8, 'x': 2}[kind]
	text := ""
	if strings.HasPrefix(t.s[t.i:], "{") {
		end := strings.IndexByte(t.s[t.i:], '}')
		if end < 0 {
			return "", errors.New("a code point is not closed")
		}
		text = t.s[t.i+1 : t.i+end]
		t.i += end + 1
	} else {
		if len(t.s)-t.i < digits {
			return "", errors.New("a code point has too few digits")
		}
		text = t.s[t.i : t.i+digits]
		t.i += digits
	}
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || n > 0x10FFFF {
		return "", fmt.Errorf("%s is not a code point", text)
	}
	return fmt.Sprintf(`\x{%X}`, n), nil
}
