package fn

import (
	"unicode/utf8"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// wholeEdges says of the operators on two strings at which ends of the right side a term is one of the left side too.
var wholeEdges = map[string]struct{ start, end bool }{
	"has": {true, true}, "has_cs": {true, true}, "hasprefix": {true, false}, "hasprefix_cs": {true, false}, "hassuffix": {false, true}, "hassuffix_cs": {false, true},
	"==": {true, true}, "=~": {true, true}, "in": {true, true}, "in~": {true, true}, "has_any": {true, true}, "has_all": {true, true},
	"contains": {}, "contains_cs": {}, "startswith": {true, false}, "startswith_cs": {true, false}, "endswith": {false, true}, "endswith_cs": {false, true},
}

// maxMayHave bounds the lists that MayHave takes.
const maxMayHave = 256

// MayHave gives a condition that holds wherever a test of a text by the operator does, when that text is a dynamic's or was taken out of
// one: stored is the dynamic. The engine may let too many rows through. ok is false where there is nothing to ask for: then all rows may.
//
// The condition is kql_may_have(json, terms): all the terms are in the JSON, or it has escapes. Numbers are written in several ways and
// are not asked for.
func MayHave(d sql.Dialect, stored sql.Expr, operator string, right []*value.Value) (cond sql.Expr, ok bool) {
	whole, known := wholeEdges[operator]
	texts, constant := constantTexts(right)
	if d != sql.DuckDB || !known || !constant || len(texts) == 0 || len(texts) > maxMayHave {
		return nil, false
	}
	switch operator {
	case "==", "in", "in~": // a dynamic may equal a value of another type that is written otherwise
		if !allStrings(right) {
			return nil, false
		}
	}
	var all []string
	for _, t := range texts {
		terms := wholeTerms(t, whole.start, whole.end)
		if operator == "has_all" {
			all = append(all, terms...)
			continue
		}
		if len(terms) == 0 {
			return nil, false
		}
		x := call("kql_may_have", stored, sqlText(sql.TextList(terms)))
		if cond == nil {
			cond = x
		} else {
			cond = bin("OR", cond, x)
		}
	}
	if operator == "has_all" && len(all) > 0 {
		cond = call("kql_may_have", stored, sqlText(sql.TextList(all)))
	}
	return cond, cond != nil
}

func allStrings(list []*value.Value) bool {
	strings := true
	for _, v := range list {
		eachMember([]value.Value{*v}, func(m value.Value) bool {
			strings = strings && m.Inner().T == value.String
			return strings
		})
	}
	return strings
}

// wholeTerms gives the terms of s that cannot be parts of numbers; those at its ends only where they are whole there.
func wholeTerms(s string, start, end bool) []string {
	var out []string
	begin := -1
	cut := func(to int) {
		if begin >= 0 && (begin > 0 || start) && (to < len(s) || end) && !numeric(s[begin:to]) {
			out = append(out, s[begin:to])
		}
		begin = -1
	}
	for i, r := range s {
		if !isAlnum(foldRune(r)) {
			cut(i)
		} else if begin < 0 {
			begin = i
		}
	}
	cut(len(s))
	return out
}

// numeric reports whether a term may be a part of a number, of whatever form.
func numeric(term string) bool {
	folded := foldText(term)
	for i := 0; i < len(folded); i++ {
		if c := folded[i]; c >= utf8.RuneSelf || c != 'e' && c != 'x' && !(c >= '0' && c <= '9') {
			return folded == "nan" || folded == "inf" || folded == "infinity" || len(folded) == 1
		}
	}
	return true
}
