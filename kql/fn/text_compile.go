package fn

import "strings"

// CompileText gives a test for a string operator (=~, has, contains_cs, startswith …, not its negation) with a constant right side: the
// same as MatchText, but it folds the constant once and ASCII texts not at all. ok is false for another name.
func CompileText(operator, x string) (test func(s string) bool, ok bool) {
	t, ok := textTests[operator]
	if !ok {
		return nil, false
	}
	if !t.folded {
		return func(s string) bool { return t.test(s, x) }, true
	}
	x = foldText(x)
	from, to := strings.HasPrefix(operator, "has") && operator != "hassuffix", strings.HasPrefix(operator, "has") && operator != "hasprefix"
	anywhere := from || to || operator == "contains"
	if !anywhere || !isASCII(x) || x == "" {
		return func(s string) bool { return t.test(foldText(s), x) }, true
	}
	from, to = from && isAlnumByte(x[0]), to && isAlnumByte(x[len(x)-1])
	return func(s string) bool {
		if !isASCII(s) {
			return t.test(foldText(s), x)
		}
		return findFolded(s, x, from, to)
	}, true
}

// findFolded looks in an ASCII text for a folded ASCII one that begins (from) and ends (to) at a term's edge.
func findFolded(s, x string, from, to bool) bool {
	first := x[0]
	for i := 0; i+len(x) <= len(s); i++ {
		if lowerByte(s[i]) != first || from && i > 0 && isAlnumByte(s[i-1]) {
			continue
		}
		k := 1
		for k < len(x) && lowerByte(s[i+k]) == x[k] {
			k++
		}
		if k == len(x) && !(to && i+k < len(s) && isAlnumByte(s[i+k])) {
			return true
		}
	}
	return false
}
