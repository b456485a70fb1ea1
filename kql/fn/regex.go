package fn

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// Limits of a regular expression: the length of its text, and how many compiled ones are kept.
const (
	maxRegexLength = 64 << 10
	maxRegexCached = 1024
)

// Regex is a regular expression in Kusto's syntax (that of Rust's regex crate: Unicode \d \s \w \b, no look-around, no back-references),
// compiled for Go's engine. It is safe for concurrent use.
type Regex struct {
	re *regexp.Regexp
	// prog is set where the expression has a word boundary: Go's knows ASCII only, so other texts are matched by our own machine.
	prog  *syntax.Prog
	edged bool // it has edges of words, which Go's engine does not know at all
}

var regexCache = struct {
	sync.Mutex
	m map[string]*Regex
}{m: map[string]*Regex{}}

// compileRegex gives the compiled expression, from a cache that forgets everything when it is full.
func compileRegex(pattern string) (*Regex, error) {
	regexCache.Lock()
	re := regexCache.m[pattern]
	regexCache.Unlock()
	if re != nil {
		return re, nil
	}
	re, err := CompileRegex(pattern)
	if err != nil {
		return nil, err
	}
	regexCache.Lock()
	defer regexCache.Unlock()
	if len(regexCache.m) >= maxRegexCached {
		clear(regexCache.m)
	}
	regexCache.m[pattern] = re
	return re, nil
}

// CompileRegex compiles a regular expression in Kusto's syntax. The error says what is wrong with it, or what is not supported.
func CompileRegex(pattern string) (*Regex, error) {
	if len(pattern) > maxRegexLength {
		return nil, fmt.Errorf("the regular expression is longer than %d bytes", maxRegexLength)
	}
	text, boundary, edged, err := translateRegex(pattern)
	if err != nil {
		return nil, fmt.Errorf("the regular expression %q is not valid: %w", pattern, err)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		if e, ok := err.(*syntax.Error); ok {
			return nil, fmt.Errorf("the regular expression %q is not valid: %s", pattern, e.Code)
		}
		return nil, fmt.Errorf("the regular expression %q is not valid: %w", pattern, err)
	}
	out := &Regex{re: re, edged: edged}
	if boundary {
		tree, err := syntax.Parse(text, syntax.Perl)
		if err != nil {
			return nil, err
		}
		if out.prog, err = syntax.Compile(tree.Simplify()); err != nil {
			return nil, err
		}
		markEdges(out.prog)
	}
	return out, nil
}

// TranslateRegex gives the expression in RE2's syntax, for engines that use it; exact is false where RE2's word boundary, which knows
// ASCII only, would make a difference on other texts.
func TranslateRegex(pattern string) (re2 string, exact bool, err error) {
	text, boundary, _, err := translateRegex(pattern)
	return text, !boundary, err
}

// own reports whether s must be matched by our own machine.
func (r *Regex) own(s string) bool { return r.prog != nil && (r.edged || !isASCII(s)) }

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// MatchString reports whether the expression is found in s.
func (r *Regex) MatchString(s string) bool {
	if r.own(s) {
		return newMachine(r.prog, s).find(0) != nil
	}
	return r.re.MatchString(s)
}

// Find gives the first match: the start and end of it and of each group (-1 where the group took no part), nil if there is none.
func (r *Regex) Find(s string) []int {
	if r.own(s) {
		return newMachine(r.prog, s).find(0)
	}
	return r.re.FindStringSubmatchIndex(s)
}

// FindAll gives up to n matches (all if n is negative), none overlapping another.
func (r *Regex) FindAll(s string, n int) [][]int {
	if !r.own(s) {
		return r.re.FindAllStringSubmatchIndex(s, n)
	}
	var out [][]int
	m := newMachine(r.prog, s)
	for at, last := 0, -1; at <= len(s) && len(out) != n; {
		found := m.find(at)
		if found == nil {
			break
		}
		if found[0] == found[1] {
			if found[0] != last {
				out = append(out, found)
			}
			_, size := utf8.DecodeRuneInString(s[found[1]:])
			at = found[1] + max(size, 1)
		} else {
			out = append(out, found)
			at, last = found[1], found[1]
		}
	}
	return out
}

// Groups gives the number of groups.
func (r *Regex) Groups() int { return r.re.NumSubexp() }

// GroupNames gives the groups' names, the whole match first; "" for one without a name.
func (r *Regex) GroupNames() []string { return r.re.SubexpNames() }
