package fn

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// looseName is a name of a class as it is compared: without case, spaces, hyphens and underscores.
func looseName(s string) string {
	return strings.NewReplacer("_", "", " ", "", "-", "").Replace(strings.ToLower(s))
}

// unicodeNames are the classes by their loose names: categories and scripts as Go's syntax names them, properties as tables.
var unicodeNames = sync.OnceValue(func() (n struct {
	categories, scripts map[string]string
	properties          map[string][]*unicode.RangeTable
}) {
	n.categories, n.scripts, n.properties = map[string]string{}, map[string]string{}, map[string][]*unicode.RangeTable{}
	for name := range unicode.Categories {
		n.categories[looseName(name)] = name
	}
	for name, short := range unicode.CategoryAliases {
		n.categories[looseName(name)] = short
	}
	for name := range unicode.Scripts {
		n.scripts[looseName(name)] = name
	}
	for name, table := range unicode.Properties {
		n.properties[looseName(name)] = []*unicode.RangeTable{table}
	}
	// those that are made of others
	lower, upper := []*unicode.RangeTable{unicode.Ll, unicode.Other_Lowercase}, []*unicode.RangeTable{unicode.Lu, unicode.Other_Uppercase}
	n.properties["lowercase"], n.properties["lower"] = lower, lower
	n.properties["uppercase"], n.properties["upper"] = upper, upper
	alphabetic := []*unicode.RangeTable{unicode.L, unicode.Nl, unicode.Other_Alphabetic}
	n.properties["alphabetic"], n.properties["alpha"] = alphabetic, alphabetic
	n.properties["cased"] = append(append([]*unicode.RangeTable{unicode.Lt}, lower...), upper...)
	n.properties["ascii"] = []*unicode.RangeTable{{R16: []unicode.Range16{{Lo: 0, Hi: 0x7F, Stride: 1}}}}
	n.properties["any"] = []*unicode.RangeTable{{R32: []unicode.Range32{{Lo: 0, Hi: unicode.MaxRune, Stride: 1}}}}
	return n
})

// unicodeClass gives what stands in the braces of \p{…} in Go's syntax: a category, a script or a property, also as gc=…, sc=… or …!=….
func unicodeClass(name string, negated bool) (string, error) {
	names := unicodeNames()
	kind, value, both := strings.Cut(name, "=")
	if !both {
		kind, value = "", name
	}
	if before, not := strings.CutSuffix(kind, "!"); not {
		kind, negated = before, !negated
	}
	key := looseName(value)
	category, isCategory := names.categories[key]
	script, isScript := names.scripts[key]
	letter := "p"
	if negated {
		letter = "P"
	}
	switch looseName(kind) {
	case "gc", "generalcategory":
		isScript = false
	case "sc", "script", "scx", "scriptextensions":
		isCategory = false
	case "":
		if tables, ok := names.properties[key]; ok && !isCategory && !isScript {
			return tableClass(tables, negated), nil
		}
	default:
		isCategory, isScript = false, false
	}
	switch {
	case isCategory:
		return `\` + letter + "{" + category + "}", nil
	case isScript:
		return `\` + letter + "{" + script + "}", nil
	}
	return "", fmt.Errorf("there is no class of characters %s", name)
}

// tableClass writes the characters of all tables as a bracketed class.
func tableClass(tables []*unicode.RangeTable, negated bool) string {
	var set runeSet
	add := func(lo, hi, stride uint32) {
		if stride == 1 {
			set = append(set, rune(lo), rune(hi))
			return
		}
		for ; lo <= hi; lo += stride {
			set = append(set, rune(lo), rune(lo))
		}
	}
	for _, t := range tables {
		for _, r := range t.R16 {
			add(uint32(r.Lo), uint32(r.Hi), uint32(r.Stride))
		}
		for _, r := range t.R32 {
			add(r.Lo, r.Hi, r.Stride)
		}
	}
	set = union(runeSet{set[0], set[1]}, set[2:])
	if negated {
		set = complement(set)
	}
	return set.text()
}
