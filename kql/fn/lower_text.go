package fn

import (
	"regexp"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// maxList is the longest list that is sent to an engine as parameters.
const maxList = 4096

// lowerStrlen counts characters; ClickHouse has its lengths without a sign.
func lowerStrlen(d sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
	if d == sql.ClickHouse {
		return call("toInt64", call("lengthUTF8", args...)), true
	}
	return call("length", args...), true
}

func lowerStringSize(d sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
	if d == sql.ClickHouse {
		return call("toInt64", call("length", args...)), true
	}
	return call("strlen", args...), true
}

// lowerToLower turns every character to lower case by itself. ClickHouse knows the two that are not by themselves: the dotted I becomes
// two characters, and the sigma at a word's end another one.
func lowerToLower(d sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
	x := args[0]
	if d == sql.ClickHouse {
		x = call("replaceAll", x, sqlText("İ"), sqlText("i"))
		return call("lowerUTF8", call("replaceAll", x, sqlText("Σ"), sqlText("σ"))), true
	}
	return call("lower", x), true
}

// textEngine names DuckDB's function of each string operator. Those that begin with kql_ are registered by the adapter.
var textEngine = map[string]string{
	"=~": "kql_eq_ci", "has": "kql_has", "has_cs": "kql_has_cs", "hasprefix": "kql_hasprefix", "hasprefix_cs": "kql_hasprefix_cs",
	"hassuffix": "kql_hassuffix", "hassuffix_cs": "kql_hassuffix_cs", "contains": "kql_contains", "contains_cs": "contains",
	"startswith": "kql_startswith", "startswith_cs": "starts_with", "endswith": "kql_endswith", "endswith_cs": "suffix",
}

// lowerText lowers a string operator or its negation.
func lowerText(name string, negate bool) option {
	engine, ok := textEngine[name]
	if !ok {
		return func(*Func) {}
	}
	l := func(d sql.Dialect, args []sql.Expr, _ []value.Type, consts []*value.Value) (sql.Expr, bool) {
		if d == sql.ClickHouse {
			return clickText(name, args, consts)
		}
		return call(engine, args...), true
	}
	if negate {
		return lower(negated(l))
	}
	return lower(l)
}

// constantTexts gives the members of a constant list.
func constantTexts(consts []*value.Value) ([]string, bool) {
	var texts []string
	for _, c := range consts {
		if c == nil {
			return nil, false
		}
		eachMember([]value.Value{*c}, func(v value.Value) bool {
			if !isNull(v) {
				texts = append(texts, v.Text())
			}
			return true
		})
	}
	return texts, true
}

// lowerHasList lowers has_any and has_all over constants.
func lowerHasList(name string) lowering {
	return func(d sql.Dialect, args []sql.Expr, _ []value.Type, consts []*value.Value) (sql.Expr, bool) {
		texts, ok := constantTexts(consts[1:])
		if !ok {
			return nil, false
		}
		if d == sql.ClickHouse {
			return clickHasList(name, args[0], texts)
		}
		return call(name, args[0], sqlText(sql.TextList(texts))), true
	}
}

// lowerIn lowers membership in a list of constants.
func lowerIn(_ sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	t := types[0]
	if t != value.String && t != value.GUID && !integral(t) {
		return nil, false
	}
	var list []sql.Expr
	for _, c := range consts[1:] {
		if c == nil {
			return nil, false
		}
		eachMember([]value.Value{*c}, func(v value.Value) bool {
			v = v.Inner()
			if v.Null && v.T != value.String {
				return true // equals nothing
			}
			if v.T != t {
				same := value.Convert(v, t)
				if same.Null || v.T.Numeric() && t.Numeric() && !value.Equal(v, same) {
					return true
				}
				v = same
			}
			list = append(list, sql.Lit{V: v.Stored(), T: storageOf(t)})
			return len(list) <= maxList
		})
	}
	switch {
	case len(list) > maxList:
		return nil, false
	case len(list) == 0:
		return sqlBool(false), true
	case t == value.String:
		return sql.In{X: args[0], List: list}, true
	}
	return orElse(sql.In{X: args[0], List: list}, sqlBool(false)), true
}

// storageOf gives the storage type of a Kusto type.
func storageOf(t value.Type) sql.Type {
	switch t {
	case value.Bool:
		return sql.Bool
	case value.Int:
		return sql.Int
	case value.Long, value.Datetime, value.Timespan:
		return sql.Long
	case value.Real:
		return sql.Double
	}
	return sql.Text
}

// maxFoldedList bounds in~, which compares with each member.
const maxFoldedList = 64

func lowerInFolded(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	texts, ok := constantTexts(consts[1:])
	if !ok || types[0] != value.String || len(texts) > maxFoldedList {
		return nil, false
	}
	if d == sql.ClickHouse {
		return clickInFolded(args[0], texts)
	}
	var x sql.Expr = sqlBool(false)
	for i, t := range texts {
		e := call("kql_eq_ci", args[0], sqlText(t))
		if i == 0 {
			x = e
		} else {
			x = bin("OR", x, e)
		}
	}
	return x, true
}

// otherRE2 finds what the engine's regular expressions do not share with ours: class names beyond one or two letters, and the quoted text
// and bytes of RE2.
var otherRE2 = regexp.MustCompile(`\\[pP]\{\^?[^}]{3,}\}|\\[pP]\{[^A-Z]|\\[QEC]`)

// engineRegex gives a constant regular expression as RE2 takes it. In ClickHouse a dot means line ends too if it is not told otherwise.
func engineRegex(d sql.Dialect, consts []*value.Value, at int) (sql.Expr, *Regex, bool) {
	c, ok := constant(consts, at)
	if !ok || c.T != value.String {
		return nil, nil, false
	}
	re, err := compileRegex(c.S)
	if err != nil {
		return nil, nil, false
	}
	text, exact, err := TranslateRegex(c.S)
	if err != nil || !exact || otherRE2.MatchString(text) {
		return nil, nil, false
	}
	if d == sql.ClickHouse {
		text = "(?-s:" + text + ")"
	}
	return sqlText(text), re, true
}

func lowerMatchesRegex(d sql.Dialect, args []sql.Expr, _ []value.Type, consts []*value.Value) (sql.Expr, bool) {
	pattern, _, ok := engineRegex(d, consts, 1)
	return call(byDialect(d, "regexp_matches", "match"), args[0], pattern), ok
}

func lowerExtract(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	pattern, re, ok := engineRegex(d, consts, 0)
	group, ok2 := constant(consts, 1)
	if !ok || !ok2 || len(args) != 3 || group.I < 0 || group.I > int64(min(re.Groups(), 9)) {
		return nil, false
	}
	return call(byDialect(d, "regexp_extract", "regexpExtract"), args[2], pattern, sql.Lit{V: int32(group.I), T: sql.Int}), true
}

func lowerReplaceString(d sql.Dialect, args []sql.Expr, _ []value.Type, consts []*value.Value) (sql.Expr, bool) {
	c, ok := constant(consts, 1)
	return call(byDialect(d, "replace", "replaceAll"), args...), ok && c.S != ""
}

func lowerStrcat(_ sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
	x := args[0]
	for _, a := range args[1:] {
		x = bin("||", x, a)
	}
	return x, true
}

// lowerSubstring lowers substring with constant positions counted from the start.
func lowerSubstring(d sql.Dialect, args []sql.Expr, _ []value.Type, consts []*value.Value) (sql.Expr, bool) {
	start, ok := constant(consts, 1)
	if !ok || start.I < 0 || start.I > MaxText {
		return nil, false
	}
	name := byDialect(d, "substring", "substringUTF8")
	if len(args) == 2 {
		return call(name, args[0], sqlLong(start.I+1)), true
	}
	length, ok := constant(consts, 2)
	if !ok || length.I < 0 || length.I > MaxText {
		return nil, false
	}
	return call(name, args[0], sqlLong(start.I+1), sqlLong(length.I)), true
}

func lowerIndexof(d sql.Dialect, args []sql.Expr, _ []value.Type, consts []*value.Value) (sql.Expr, bool) {
	c, ok := constant(consts, 1)
	at := call("instr", args...)
	if d == sql.ClickHouse {
		at = call("toInt64", call("positionUTF8", args...))
	}
	return bin("-", at, sqlLong(1)), ok && len(args) == 2 && c.S != ""
}
