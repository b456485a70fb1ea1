package fn

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldText maps every character to one that stands for all that differ from it by case only (Unicode simple folding), so that texts
// equal but for case become equal. ASCII becomes lower case.
func foldText(s string) string {
	ascii, upper := true, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		ascii = ascii && c < utf8.RuneSelf
		upper = upper || c >= 'A' && c <= 'Z'
	}
	switch {
	case !ascii:
		return strings.Map(foldRune, s)
	case upper:
		return strings.ToLower(s)
	}
	return s
}

func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if least >= 'A' && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}

// alnumBefore and alnumAt report whether the character that ends before, or begins at, position i belongs to a term.
func alnumBefore(s string, i int) bool {
	if i == 0 {
		return false
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return isAlnumByte(c)
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return isAlnum(r)
}

func alnumAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	if c := s[i]; c < utf8.RuneSelf {
		return isAlnumByte(c)
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isAlnum(r)
}

func isAlnumByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isAlnum(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// hasTerm reports whether term occurs in s so that where it begins or ends with a letter or digit, a term of s begins (when from is set)
// or ends (when to is set) there. Both texts are folded by the caller where case does not matter.
func hasTerm(s, term string, from, to bool) bool {
	if term == "" {
		return true
	}
	from = from && alnumAt(term, 0)
	to = to && alnumBefore(term, len(term))
	for at := 0; ; {
		i := strings.Index(s[at:], term)
		if i < 0 {
			return false
		}
		i += at
		if !(from && alnumBefore(s, i)) && !(to && alnumAt(s, i+len(term))) {
			return true
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		at = i + n
	}
}

// like reports whether s fits a pattern in which * stands for any text.
func like(s, pattern string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return s == pattern
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(s, first) {
		return false
	}
	s = s[len(first):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, last)
}

// textTests are the operators on two strings, by name; folded says that the texts are folded first.
var textTests = map[string]struct {
	folded bool
	test   func(s, x string) bool
}{
	"=~":            {true, func(s, x string) bool { return s == x }},
	"has":           {true, func(s, x string) bool { return hasTerm(s, x, true, true) }},
	"has_cs":        {false, func(s, x string) bool { return hasTerm(s, x, true, true) }},
	"hasprefix":     {true, func(s, x string) bool { return hasTerm(s, x, true, false) }},
	"hasprefix_cs":  {false, func(s, x string) bool { return hasTerm(s, x, true, false) }},
	"hassuffix":     {true, func(s, x string) bool { return hasTerm(s, x, false, true) }},
	"hassuffix_cs":  {false, func(s, x string) bool { return hasTerm(s, x, false, true) }},
	"contains":      {true, strings.Contains},
	"contains_cs":   {false, strings.Contains},
	"startswith":    {true, strings.HasPrefix},
	"startswith_cs": {false, strings.HasPrefix},
	"endswith":      {true, strings.HasSuffix},
	"endswith_cs":   {false, strings.HasSuffix},
	"like":          {true, like},
	"likecs":        {false, like},
}

// MatchText applies a string operator (=~, has, contains_cs, startswith …, not its negation) as Kusto does; ok is false for another name.
func MatchText(operator, s, x string) (match, ok bool) {
	t, ok := textTests[operator]
	if !ok {
		return false, false
	}
	if t.folded {
		s, x = foldText(s), foldText(x)
	}
	return t.test(s, x), true
}
