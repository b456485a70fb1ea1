package fn

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// The string operators in ClickHouse. Its own functions that ignore case or look for terms differ from Kusto's beyond ASCII (hasToken takes
// every such character for part of a term, the UTF8 functions fold by other rules); its regular expressions fold as we do. So a text
// that is constant becomes an expression that matches it, and others are left to Go.

// notAlnum is a character that is part of no term.
const notAlnum = `[^\pL\p{Nd}]`

// maxClickPattern bounds the expressions that are sent: the engine has little memory for one.
const maxClickPattern = 4096

// clickPattern gives the expression for a text that is looked for by an operator.
func clickPattern(name, x string) string {
	folded, term := !strings.HasSuffix(name, "_cs"), strings.HasPrefix(name, "has")
	name = strings.TrimSuffix(name, "_cs")
	p := strings.ReplaceAll(regexp.QuoteMeta(x), "\x00", `\x00`)
	switch {
	case name == "=~":
		p = "^" + p + "$"
	case name == "startswith":
		p = "^" + p
	case name == "endswith":
		p += "$"
	}
	if term && name != "hassuffix" && alnumAt(x, 0) {
		p = "(?:^|" + notAlnum + ")" + p
	}
	if term && name != "hasprefix" && alnumBefore(x, len(x)) {
		p += "(?:$|" + notAlnum + ")"
	}
	if folded {
		return "(?i:" + p + ")"
	}
	return p
}

// clickMatch lowers a search for any of some texts.
func clickMatch(name string, s sql.Expr, texts ...string) (sql.Expr, bool) {
	patterns := make([]string, len(texts))
	for i, x := range texts {
		if x == "" && name != "=~" {
			return sqlBool(true), true
		}
		if !utf8.ValidString(x) {
			return nil, false
		}
		patterns[i] = clickPattern(name, x)
	}
	all := strings.Join(patterns, "|")
	if len(patterns) == 0 {
		return sqlBool(false), true
	}
	return call("match", s, sqlText(all)), len(all) <= maxClickPattern
}

func clickText(name string, args []sql.Expr, consts []*value.Value) (sql.Expr, bool) {
	switch name {
	case "contains_cs":
		return bin(">", call("position", args...), sqlLong(0)), true
	case "startswith_cs":
		return call("startsWith", args...), true
	case "endswith_cs":
		return call("endsWith", args...), true
	}
	c, ok := constant(consts, 1)
	if !ok || c.T != value.String {
		return nil, false
	}
	return clickMatch(name, args[0], c.S)
}

func clickHasList(name string, s sql.Expr, texts []string) (sql.Expr, bool) {
	if name == "kql_has_any" {
		return clickMatch("has", s, texts...)
	}
	all := sqlBool(true)
	for i, x := range texts {
		m, ok := clickMatch("has", s, x)
		if !ok || len(texts) > maxFoldedList {
			return nil, false
		}
		if i == 0 {
			all = m
		} else {
			all = bin("AND", all, m)
		}
	}
	return all, true
}

func clickInFolded(s sql.Expr, texts []string) (sql.Expr, bool) { return clickMatch("=~", s, texts...) }
