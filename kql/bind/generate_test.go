package bind_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Generated queries combine operators and functions at random over a few tables. Some are wrong in their types somewhere; what matters is
// that both binders agree.

// column is a column that a generated query can name.
type column struct{ name, typ string }

var inline = []column{{"s", "string"}, {"l", "long"}, {"r", "real"}, {"d", "datetime"}, {"t", "timespan"}, {"b", "bool"}, {"y", "dynamic"}, {"i", "int"},
	{"g", "guid"}, {"c", "decimal"}}

var someTables = map[string][]column{
	"datatable(s:string, l:long, r:real, d:datetime, t:timespan, b:bool, y:dynamic, i:int, g:guid, c:decimal)[]": inline,
	"DeviceProcessEvents": {{"Timestamp", "datetime"}, {"DeviceName", "string"}, {"FileName", "string"}, {"ProcessId", "long"}, {"FileSize", "long"},
		{"AdditionalFields", "dynamic"}, {"IsProcessRemoteSession", "bool"}},
	"DeviceNetworkEvents": {{"Timestamp", "datetime"}, {"DeviceName", "string"}, {"RemoteIP", "string"}, {"RemotePort", "int"}, {"AdditionalFields", "dynamic"}},
	"SigninLogs":          {{"TimeGenerated", "datetime"}, {"UserPrincipalName", "string"}, {"ResultType", "string"}, {"LocationDetails", "dynamic"}, {"IsInteractive", "bool"}},
	"SecurityEvent":       {{"TimeGenerated", "datetime"}, {"EventID", "int"}, {"Account", "string"}, {"EventData", "string"}, {"LogonType", "int"}},
}

var tableNames = slices.Sorted(maps.Keys(someTables))

// source is a table with the columns that can be named.
type source struct {
	text string
	cols []column
}

func (m *mutator) table() source {
	t := m.one(tableNames...)
	return source{t, someTables[t]}
}

var constants = map[string][]string{"long": {"1", "0", "10", "-3", "long(null)"}, "real": {"2.5", "real(1)", "1e3"}, "string": {"'a'", "''", "'$.a'", "@'x'", "h'x'"},
	"bool": {"true", "false"}, "timespan": {"1h", "1d", "time(1.00:00:00)"}, "datetime": {"datetime(2024-01-02)", "now()", "ago(1d)"},
	"dynamic": {"dynamic([1,'a'])", "dynamic({'a':1})", "dynamic([1,2,3])", "dynamic(null)"}, "int": {"int(3)", "int(null)"}, "decimal": {"decimal(1.5)"},
	"guid": {"guid(00000000-0000-0000-0000-000000000001)"}, "type": {"typeof(long)"}, "star": {"*"}}

var types = []string{"string", "string", "long", "real", "datetime", "timespan", "bool", "dynamic", "int", "decimal", "guid"}

// kinds are the types that the reference's kinds of parameters stand for.
var kinds = map[string][]string{"Number": {"long", "real", "int", "decimal"}, "Integer": {"long", "int"}, "DynamicArray": {"dynamic"}, "DynamicBag": {"dynamic"},
	"StringOrDynamic": {"string", "dynamic"}, "NotDynamic": {"string", "long", "datetime"}, "Summable": {"long", "real", "timespan", "datetime"},
	"NumberOrBool": {"long", "bool"}, "StringOrArray": {"string", "dynamic"}, "IntegerOrArray": {"long", "dynamic"}, "Orderable": {"long", "datetime", "string"},
	"CommonOrderable": {"long"}, "CommonScalarOrDynamic": {"string"}, "CommonScalar": {"long"}, "NotRealOrBool": {"long", "string"}}

// of makes an expression that should have the type.
func (m *mutator) of(typ string, cols []column, depth int) string {
	if m.IntN(12) == 0 {
		typ = m.one(types...)
	}
	var fit []string
	for _, c := range cols {
		if c.typ == typ {
			fit = append(fit, c.name)
		}
	}
	n := m.IntN(10)
	switch {
	case len(fit) > 0 && (n < 5 || depth <= 0):
		return m.one(fit...)
	case depth <= 0 || n < 6:
		return m.one(constants[typ]...)
	case n < 9 && len(m.giving[typ]) > 0:
		return m.call(m.giving[typ][m.IntN(len(m.giving[typ]))], cols, depth-1)
	}
	sub := func(t string) string { return m.of(t, cols, depth-1) }
	switch typ {
	case "bool":
		t := m.one(types...)
		return m.one(sub(t)+m.one(" == ", " != ", " < ", " >= ")+sub(t), sub("string")+" "+m.one("has", "contains", "startswith", "=~", "!has", "has_cs", "matches regex", "hasprefix")+" "+sub("string"),
			sub("bool")+m.one(" and ", " or ")+sub("bool"), "not("+sub("bool")+")", sub(t)+m.one(" in (", " !in (")+sub(t)+", "+sub(t)+")",
			sub(t)+m.one(" between (", " !between (")+sub(t)+" .. "+sub(t)+")", sub("string")+m.one(" in~ (", " has_any (", " has_all (")+sub("string")+", "+sub("dynamic")+")")
	case "dynamic":
		return m.one(sub("dynamic")+m.one(".a", "[0]", "['a']", "[-1].b"), "pack_array("+sub(m.one(types...))+")", "bag_pack('k', "+sub(m.one(types...))+")", "parse_json("+sub("string")+")")
	case "long", "real", "int", "decimal":
		return m.one(sub(typ)+m.one(" + ", " - ", " * ", " / ", " % ")+sub(m.one("long", "real", "int", "decimal", typ, typ)), "-"+sub(typ), "to"+typ+"("+sub(m.one(types...))+")")
	case "datetime", "timespan":
		return m.one(sub("datetime")+m.one(" + ", " - ")+sub("timespan"), "bin("+sub(typ)+", "+sub("timespan")+")", sub(typ)+m.one(" + ", " - ", " / ", " * ")+sub(m.one("timespan", "datetime", "long")))
	}
	return m.one("tostring("+sub(m.one(types...))+")", "strcat("+sub("string")+", "+sub(m.one(types...))+")", "iff("+sub("bool")+", "+sub(typ)+", "+sub(m.one(types...))+")", "("+sub(typ)+")")
}

// expr makes an expression of some type.
func (m *mutator) expr(cols []column, depth int) string {
	if m.IntN(40) == 0 {
		return "*"
	}
	return m.of(m.one(types...), cols, depth)
}

// call makes a call that mostly fits a signature.
func (m *mutator) call(f *declared, cols []column, depth int) string {
	var args []string
	sig := f.Signatures[m.IntN(len(f.Signatures))]
	for _, p := range sig.Params {
		n := p.Min + m.IntN(max(1, min(p.Max, p.Min+2)-p.Min+1))
		for range n {
			if len(p.Values) > 0 && m.IntN(4) > 0 {
				args = append(args, "'"+m.one(p.Values...)+"'")
				continue
			}
			t := strings.TrimSuffix(strings.TrimPrefix(p.Type, "Declared("), ")")
			if k := kinds[t]; k != nil {
				t = m.one(k...)
			} else if constants[t] == nil {
				t = m.one(types...)
			}
			args = append(args, m.of(t, cols, depth))
		}
	}
	switch m.IntN(15) {
	case 0:
		args = append(args, m.expr(cols, depth))
	case 1:
		args = args[:len(args)/2]
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")"
}

func (m *mutator) aggregate(cols []column) string {
	name := m.one("", "", "x = ", "count_ = ")
	return name + m.call(m.aggregates[m.IntN(len(m.aggregates))], cols, 1)
}

// stage makes an operator over columns.
func (m *mutator) stage(cols []column) string {
	e := func(depth int) string { return m.expr(cols, depth) }
	col := func() string { return cols[m.IntN(len(cols))].name }
	typed := func(t string) string { return m.of(t, cols, 1) }
	switch m.IntN(24) {
	case 0, 1:
		return "where " + m.of("bool", cols, 3)
	case 2, 3, 4:
		return "extend " + m.one("x = ", "", col()+" = ", "(a, b) = ") + e(2) + m.one("", ", "+e(1))
	case 5, 6:
		return "project " + m.one("x = ", "") + e(2) + ", " + e(1) + m.one("", ", "+col(), ", "+col()+" = 1")
	case 7, 8, 9:
		return "summarize " + m.aggregate(cols) + m.one("", ", "+m.aggregate(cols)) + m.one("", " by "+e(1), " by "+col()+", "+e(1), " by x = "+col()+", bin("+col()+", 1d)")
	case 10:
		other := m.table()
		kind := m.one("", "kind=inner ", "kind=leftouter ", "kind=leftanti ", "kind=rightsemi ", "kind=fullouter ", "kind=x ", "hint.strategy=broadcast ", "kind=innerunique ")
		on := m.one(col(), "$left."+col()+" == $right."+other.cols[m.IntN(len(other.cols))].name, col()+", "+col(), "$left."+col()+" == "+col(), e(1))
		return m.one("join ", "join ", "lookup ") + kind + "(" + other.text + m.one("", " | "+m.stage(other.cols)) + ") on " + on
	case 11:
		other := m.table()
		return "union " + m.one("", "kind=inner ", "withsource=S ", "isfuzzy=true ") + m.one(other.text, "("+other.text+" | "+m.stage(other.cols)+")")
	case 12:
		return m.one("sort by ", "order by ", "top 3 by ", "top e by ") + e(1) + m.one("", " asc", " desc nulls first", ", "+col())
	case 13:
		return m.one("mv-expand ", "mv-expand bagexpansion=array ", "mv-expand kind=array ") + m.one("", "x = ") + typed("dynamic") + m.one("", " to typeof(long)", " limit 5", ", "+col())
	case 14:
		return "mv-apply " + m.one("", "x = ") + typed("dynamic") + " on (" + m.stage(append([]column{{"x", "dynamic"}}, cols...)) + ")"
	case 15:
		return m.one("project-away ", "project-keep ", "project-reorder ", "distinct ") + m.one(col(), "*", col()+", "+col(), "D*", "*x*", e(1))
	case 16:
		return "project-rename " + m.one("x = ", col()+" = ") + m.one(col(), e(1))
	case 17:
		return "make-series " + m.aggregate(cols) + m.one("", " default=0", " default='x'") + " on " + col() + m.one("", " from ago(1d) to now()", " in range(1, 2, 3)") + " step " + m.one("1h", "1h", "1d", "1", "'x'") + m.one("", " by "+col())
	case 18:
		return "parse " + m.one("", "kind=regex ", "kind=relaxed ", "kind=x ") + typed("string") + " with " + m.one("", "* ") + "'a' x" + m.one("", ":long", ":dynamic", ":foo") + m.one("", " 'b' *", " 'b' y", " z")
	case 19:
		return "evaluate " + m.one("bag_unpack("+col()+")", "pivot("+col()+", count())", "narrow()", "autocluster()", "basket()", "diffpatterns("+col()+", 'a', 'b')", "pivot("+col()+")", "bag_unpack("+col()+", 'p_')") + m.one("", " : (a:long)")
	case 20:
		return m.one(m.one("take ", "limit ", "sample ")+m.of("long", nil, 1), m.one("sample-distinct 3 of ", "top-hitters 3 of ", "top-nested 3 of ", "top-nested of ")+e(0)+m.one("", " by "+m.aggregate(cols)))
	case 21:
		return m.one("serialize ", "serialize x = ", "getschema ", "count ", "as T ", "consume ", "render timechart ", "facet by "+col(), "reduce by "+col(), "fork (count) (take 1)") + m.one("", "", e(1))
	case 22:
		return "partition " + m.one("", "hint.strategy=native ") + "by " + col() + " (" + m.stage(cols) + ")"
	default:
		return "scan declare (n:long = 0) with (step s1: " + typed("bool") + " => n = " + typed("long") + ";)"
	}
}

// generate makes a query.
func (m *mutator) generate() string {
	var b strings.Builder
	t := m.table()
	cols := slices.Clone(t.cols)
	if m.IntN(5) == 0 {
		typ := m.one(types...)
		fmt.Fprintf(&b, "let v = %s; ", m.one(constants[typ]...))
		cols = append(cols, column{"v", typ})
	}
	if m.IntN(8) == 0 {
		a, back := m.one(types...), m.one(types...)
		fmt.Fprintf(&b, "let f = (a:%s, b:long = 1) { %s }; ", m.one(a, a, "(s:string)", "(*)"), m.of(back, []column{{"a", a}, {"b", "long"}}, 2))
		was := m.giving[back]
		m.giving[back] = []*declared{{Name: "f", Signatures: []signature{{Params: []parameter{{Type: "Declared(" + a + ")", Min: 1, Max: 1}, {Type: "Declared(long)", Max: 1}}}}}}
		defer func() { m.giving[back] = was }()
	}
	if m.IntN(6) == 0 {
		fmt.Fprintf(&b, "print x = %s, %s", m.expr(cols[len(t.cols):], 3), m.expr(cols[len(t.cols):], 2))
		return b.String()
	}
	b.WriteString(t.text)
	for range 1 + m.IntN(3) {
		b.WriteString(" | " + m.stage(cols))
	}
	return b.String()
}
