package kql_test

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// hints are what a query's text compares its columns with, so that the made-up rows have something to find: else most hunting queries
// would be held to finding nothing.
type hints struct {
	texts   map[string][]string          // column → texts, numbers as they are written
	members map[string]map[string]string // column → property → a text
}

const literalPattern = `(?:[hH@]*"[^"\n]*"|[hH@]*'[^'\n]*'|\d+)`

var (
	compared = regexp.MustCompile(`(\w+)\)?\s*(?:==|=~|(?i:in~?|has(?:_cs|_any|_all|prefix|suffix)?|contains(?:_cs)?|startswith|endswith))\s*\(?\s*(?:dynamic\s*\(\s*\[)?\s*(` + literalPattern + `(?:\s*,\s*` + literalPattern + `)*)`)
	member   = regexp.MustCompile(`(\w+)\)?(?:\.(\w+)|\[["'](\w+)["']\])\)?\s*(?:==|=~|has|contains|startswith|endswith|in~?)\s*\(?\s*(` + literalPattern + `)`)
	literal  = regexp.MustCompile(literalPattern)
)

func hintsOf(query string) *hints {
	h := &hints{texts: map[string][]string{}, members: map[string]map[string]string{}}
	for _, m := range compared.FindAllStringSubmatch(query, -1) {
		for _, l := range literal.FindAllString(m[2], -1) {
			h.texts[m[1]] = append(h.texts[m[1]], unquoted(l))
		}
	}
	for _, m := range member.FindAllStringSubmatch(query, -1) {
		if h.members[m[1]] == nil {
			h.members[m[1]] = map[string]string{}
		}
		h.members[m[1]][m[2]+m[3]] = unquoted(m[4])
	}
	return h
}

func unquoted(l string) string {
	l = strings.TrimLeft(l, "hH@")
	if len(l) >= 2 && (l[0] == '"' || l[0] == '\'') {
		return strings.ReplaceAll(l[1:len(l)-1], `\\`, `\`)
	}
	return l
}

// value gives a value that a query may look for in a column; ok is false where it looks for none, or by chance.
func (h *hints) value(r *rand.Rand, c plan.Column) (v value.Value, ok bool) {
	texts := h.texts[c.Name]
	if r.IntN(4) == 0 {
		return v, false
	}
	switch c.Type {
	case value.String:
		switch {
		case len(h.members[c.Name]) > 0:
			return value.OfString(string(h.bag(c.Name).AppendJSON(nil))), true
		case len(texts) == 0:
			return v, false
		case r.IntN(3) == 0:
			return value.OfString(strings.Join(texts, " ")), true
		}
		return value.OfString(texts[r.IntN(len(texts))]), true
	case value.Dynamic:
		if len(h.members[c.Name]) > 0 {
			return h.bag(c.Name), true
		}
	case value.Int, value.Long:
		if len(texts) > 0 {
			n, err := strconv.ParseInt(texts[r.IntN(len(texts))], 10, 32)
			if c.Type == value.Int {
				return value.OfInt(int32(n)), err == nil
			}
			return value.OfLong(n), err == nil
		}
	}
	return v, false
}

func (h *hints) bag(column string) value.Value {
	b := &value.Bag{}
	for k, v := range h.members[column] {
		b.Keys, b.Vals = append(b.Keys, k), append(b.Vals, value.OfString(v))
	}
	return value.OfBag(b)
}
