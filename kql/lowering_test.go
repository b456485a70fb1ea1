package kql_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
)

// edges are, for each type, values at which engines and Kusto are likely to part, as KQL literals; null goes with them but for strings.
var edges = map[string][]string{
	"bool":     {"true", "false"},
	"int":      {"int(0)", "int(1)", "int(-1)", "int(7)", "int(2147483647)", "int(-2147483648)"},
	"long":     {"0", "1", "-1", "7", "-7", "1000000007", "2147483648", "9223372036854775807", "long(-9223372036854775808)", "9007199254740993"},
	"real":     {"0.0", "-0.0", "0.5", "-0.5", "1.5", "2.5", "-2.5", "1e300", "1e19", "9.3e18", "-1e-300", "123.456", "real(nan)", "real(+inf)", "real(-inf)"},
	"datetime": {"datetime(2024-02-29 12:34:56.7890123)", "datetime(0001-01-01)", "datetime(0001-01-03 01:00)", "datetime(9999-12-31 23:59:59.9999999)", "datetime(1969-12-31 23:59:59.9999999)", "datetime(1970-01-01)", "datetime(2021-01-03)", "datetime(2020-12-31 23:59:59.9999999)", "datetime(1582-10-10)", "datetime(1900-02-28)"},
	"timespan": {"0s", "1tick", "-1tick", "1d", "-1d", "90m", "-36h", "time(10675199.02:48:05.4775807)", "time(-10675199.02:48:05.4775808)", "7d"},
	"string": {`""`, `"a"`, `"A"`, `"foo"`, `"Foo-bar"`, `"foo–bar"`, `"foo_bar"`, `"fooBar foo"`, `"ÄÖ äö"`, `"äö"`, `"straße"`, `"STRASSE"`, `"K"`, `"k"`, `"ſ"`, `"S"`, `"x\ny"`, `"x\\y"`, `"a%b_c"`,
		`"a\"'b"`, `"😀 emoji"`, `" foo "`, `"123"`, `"-5"`, `"true"`, `"2024-01-01"`, `"{\"a\":1}"`, `"İı"`, `"ǅ"`, `"e\u0301"`, `"\tfoo"`, `"foo.exe"`, `"foofoo"`, `"٣"`, `"a٣"`, `"foo\u0301"`},
	"guid":    {"guid(00000000-0000-0000-0000-000000000001)", "guid(ffffffff-ffff-ffff-ffff-ffffffffffff)"},
	"decimal": {"decimal(1.5)", "decimal(-0.1)", "decimal(0)", "decimal(100)"},
	"dynamic": {`dynamic({"a":1})`, `dynamic([1,2])`, `dynamic("")`, `dynamic("x")`, `dynamic(5)`, `dynamic({})`, `dynamic([])`},
}

var edgeTypes = []string{"bool", "int", "long", "real", "datetime", "timespan", "string", "guid", "decimal", "dynamic"}

// edgeTable is a table with two columns a_type and b_type of every type, in which every edge stands against others.
func edgeTable(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("T = datatable(id:long")
	for _, t := range edgeTypes {
		fmt.Fprintf(&b, ", a_%s:%s, b_%s:%s", t, t, t, t)
	}
	b.WriteString(")[")
	for i := range 120 {
		fmt.Fprintf(&b, "%d", i)
		for _, t := range edgeTypes {
			pool := edges[t]
			if t != "string" {
				pool = append(slices.Clone(pool), t+"(null)")
			}
			fmt.Fprintf(&b, ", %s, %s", pool[i%len(pool)], pool[r.IntN(len(pool))])
		}
		b.WriteString(",\n")
	}
	return strings.TrimSuffix(b.String(), ",\n") + "];\n"
}

// operands are what calls are made of: columns, and constants of every type.
func operands() []string {
	var out []string
	for _, t := range edgeTypes {
		out = append(out, "a_"+t, "b_"+t)
		out = append(out, edges[t]...)
	}
	return append(out, `"fo"`, `"day"`, `"month"`, `"week"`, `"hour"`, `"year"`, `"quarter"`, `"(f)(o*)"`, `"(?i)FOO\\b"`, `"^\\s*$"`, `".+"`, `"a.c|\\d+"`, "2", "3", "int(2)", "0.1", "1h", "1m", "365d")
}

// usual are calls that chance would hardly make.
var usual = map[string][]string{
	"extract":          {`extract("f(o*)", 1, a_string)`, `extract("f(o*)", 0, a_string)`, `extract("(x)?a", 1, a_string)`, `extract("(?i)FOO(.)bar", 1, a_string)`, `extract(".$", 0, a_string)`, `extract("a|o$", 0, a_string)`},
	"substring":        {"substring(a_string, 1)", "substring(a_string, 2, 3)", "substring(a_string, 0, 0)", "substring(a_string, 100, 5)"},
	"indexof":          {`indexof(a_string, "o")`, `indexof(a_string, "ö")`, `indexof(a_string, b_string)`},
	"replace_string":   {`replace_string(a_string, "o", "")`, `replace_string(a_string, "foo", b_string)`, `replace_string(a_string, "ß", "ss")`},
	"in":               {`a_string in ("a", "foo", "K")`, `a_long in (1, 7, 9223372036854775807)`, `a_int in (1, 7, 99999999999)`, `a_datetime in (datetime(1970-01-01))`, `a_guid in ("00000000-0000-0000-0000-000000000001")`, `a_string in ("")`, `a_long in (long(null), 1)`},
	"in~":              {`a_string in~ ("a", "FOO", "k")`, `a_string in~ ("ÄÖ ÄÖ", "strasse")`, `a_string in~ ("")`},
	"has_any":          {`a_string has_any ("foo", "ä")`, `a_string has_any ("-", "ÄÖ")`, `a_string has_any ("")`, `a_string has_any ("o-", "FOOBAR")`, `a_string has_any (dynamic(["foo", 5]))`},
	"has_all":          {`a_string has_all ("foo", "bar")`, `a_string has_all ("foo", "")`, `a_string has_all ("foo", "-")`},
	"has":              {`a_string has "foo"`, `a_string has "K"`, `a_string has "s"`, `a_string has "ÄÖ"`, `a_string has "-"`, `a_string has "foo "`, `a_string has "a.b"`, `a_string has "e"`, `a_string has "\\"`, `a_string has "(?"`, `a_string has "٣"`},
	"contains":         {`a_string contains "OO"`, `a_string contains "ß"`, `a_string contains "k"`, `a_string contains "%"`, `a_string contains "\n"`, `a_string contains "*"`, `a_string contains "ǆ"`, `a_string contains "i"`},
	"=~":               {`a_string =~ "FOO"`, `a_string =~ "straSSe"`, `a_string =~ "k"`, `a_string =~ ""`, `a_string =~ "X\ny"`, `a_string =~ "A%B_c"`},
	"startswith":       {`a_string startswith "FOO"`, `a_string startswith ""`, `a_string startswith "ä"`},
	"endswith":         {`a_string endswith "BAR"`, `a_string endswith "\ny"`, `a_string endswith "Ö"`},
	"matches regex":    {`a_string matches regex "^foo"`, `a_string matches regex "x.y"`, `a_string matches regex "(?s)x.y"`, `a_string matches regex "(?i)ÄÖ$"`, `a_string matches regex @"\w+\s\w+"`, `a_string matches regex @"\bfoo\b"`, `a_string matches regex @"^\d+$"`, `a_string matches regex "^.{3}$"`, `a_string matches regex "(?m)^y"`, `a_string matches regex @"[^\x00-\x7F]"`, `a_string matches regex @"\pL"`, `a_string matches regex "a|^$"`, `a_string matches regex ""`, `a_string matches regex "(?i)k"`, `a_string matches regex "FOO|(?i)bar"`, `a_string matches regex @"\.exe$"`, `a_string matches regex "[[:alpha:]]{4}"`, `a_string matches regex @"(foo)+?$"`},
	"datetime_diff":    {`datetime_diff("year", a_datetime, b_datetime)`, `datetime_diff("month", a_datetime, b_datetime)`, `datetime_diff("week", a_datetime, b_datetime)`, `datetime_diff("day", a_datetime, b_datetime)`, `datetime_diff("second", a_datetime, b_datetime)`},
	"datetime_part":    {`datetime_part("week_of_year", a_datetime)`, `datetime_part("year", a_datetime)`, `datetime_part("quarter", a_datetime)`, `datetime_part("dayofyear", a_datetime)`, `datetime_part("microsecond", a_datetime)`},
	"bin":              {"bin(a_datetime, 7d)", "bin(a_timespan, 1h)", "bin(a_long, 10)", "bin(a_int, int(3))", "bin(a_real, 0.5)", "bin(a_datetime, 1tick)"},
	"iff":              {"iff(a_bool, a_long, b_long)", "iff(isnull(a_long), a_string, b_string)", "iff(a_long > 5, a_real, 1.5)", "iff(a_bool, a_datetime, b_datetime)"},
	"case":             {"case(a_bool, a_long, b_bool, b_long, 5)", `case(a_long > 0, "x", a_string)`},
	"strcat":           {"strcat(a_string, '-', a_long)", "strcat(a_guid, a_bool)", "strcat(a_decimal, b_string)"},
	"between":          {"a_long between (0 .. 7)", "a_datetime between (datetime(1970-01-01) .. 100d)", "a_real between (0.0 .. 2.5)", "a_timespan between (0s .. 1d)"},
	"take_any":         {"take_any(iff(a_long > 5, \"x\", \"\"))"},
	"binary_all_and":   {"binary_all_and(a_long)", "binary_all_and(a_int)"},
	"binary_all_or":    {"binary_all_or(a_long)", "binary_all_or(a_int)"},
	"count_distinctif": {"count_distinctif(a_string, a_bool)", "count_distinctif(a_guid, b_bool)"},
}

// calls gives ways to call a function: all with one or two arguments, as many others at random.
func calls(f *fn.Func, all []string, r *rand.Rand) []string {
	least, most := len(f.Params), len(f.Params)
	for i, p := range f.Params {
		if p.Variadic {
			most = i + 3
		}
		if p.Optional || p.Variadic {
			least = min(least, i)
		}
	}
	isOperator := f.Group == "operator"
	if isOperator {
		least, most = 2, 2
	}
	var out []string
	for n := least; n <= min(most, 5); n++ {
		count := 1
		for range n {
			count = min(count*len(all), 20_000)
		}
		for i := range count {
			args := make([]string, n)
			for k := range args {
				switch {
				case n == 1, n == 2 && k == 0:
					args[k] = all[i%len(all)]
				case n == 2:
					args[k] = all[i/len(all)]
				default:
					args[k] = all[r.IntN(len(all))]
				}
			}
			out = append(out, spelled(f, isOperator, args, r, all))
		}
	}
	return out
}

func spelled(f *fn.Func, isOperator bool, args []string, r *rand.Rand, all []string) string {
	switch {
	case !isOperator:
		return f.Name + "(" + strings.Join(args, ", ") + ")"
	case strings.HasSuffix(f.Name, "between"):
		return args[0] + " " + f.Name + " (" + args[1] + " .. " + all[r.IntN(len(all))] + ")"
	case strings.HasPrefix(strings.TrimPrefix(f.Name, "!"), "in") || strings.HasPrefix(f.Name, "has_a"):
		return args[0] + " " + f.Name + " (" + args[1] + ", " + all[r.IntN(len(all))] + ")"
	}
	return args[0] + " " + f.Name + " " + args[1]
}

// TestLowerings calls every function that can be said in SQL with columns and constants of all types and compares what the engine makes
// of it with what Go does. Without KQL_CORPUS it tries a part of the calls.
func TestLowerings(t *testing.T) {
	eachEngine(t, func(t *testing.T, _ string, b *backend) {
		tables := newStored(t, b, edgeTable(rand.New(rand.NewPCG(1, 1))))
		all := operands()
		asked, tried := 0, 10
		if allOfThem() {
			tried = 1000
		}
		for _, f := range fn.All() {
			if f.SQL == nil || f.Hidden || f.Obsolete != "" || f.Kind == fn.Window {
				continue
			}
			r := rand.New(rand.NewPCG(2, 2))
			list := calls(f, all, r)
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			list = append(slices.Clone(usual[f.Name]), list...)
			limit := len(usual[f.Name]) + tried
			var exprs []string
			for i, call := range list {
				if len(exprs) == limit {
					break
				}
				if inSQL(tables, question(f, []string{call}, 0)) {
					exprs = append(exprs, call)
				} else if i < len(usual[f.Name]) {
					t.Logf("not in SQL: %s", call)
				}
			}
			asked += len(exprs)
			if len(exprs) == 0 {
				t.Logf("%s is never said in SQL", f.Name)
			}
			for chunk := range slices.Chunk(exprs, 20) {
				for form := range 3 {
					if !agree(t, tables, f, chunk, form) {
						for _, x := range chunk {
							agree(t, tables, f, []string{x}, form)
						}
						break
					}
				}
			}
		}
		t.Logf("%d calls in SQL", asked)
	})
}

// question is a query for the values of calls. Aggregates are asked for groups, for all rows and for none; others for all rows, and as the
// condition of a filter where that is possible.
func question(f *fn.Func, exprs []string, form int) string {
	var items []string
	for i, x := range exprs {
		items = append(items, fmt.Sprintf("x%d = %s", i, x))
	}
	list := strings.Join(items, ", ")
	if f.Kind == fn.Aggregate {
		return []string{"T | summarize " + list + " by k = a_bool", "T | summarize " + list, "T | where id < 0 | summarize " + list}[form]
	}
	switch form {
	case 0:
		return "T | project id, " + list
	case 1:
		return "T | where " + strings.Join(exprs, " or ") + " | project id"
	}
	return "T | where id < 3 | project id, " + list
}

// inSQL reports whether a query can be compiled and is the engine's alone.
func inSQL(tables *stored, query string) bool {
	q, diags := kql.Compile(query, tables, kql.Options{Now: corpusNow, Dialect: tables.dialect()})
	return !diags.HasErrors() && strings.HasPrefix(strings.TrimPrefix(q.Explain(), "PrimaryResult:\n"), "  sql 1")
}

// agree compares Go and the engine; for a chunk of several calls it only says whether they do.
func agree(t *testing.T, tables *stored, f *fn.Func, exprs []string, form int) bool {
	query := question(f, exprs, form)
	if _, diags := kql.Compile(query, tables, kql.Options{Now: corpusNow, Check: true}); diags.HasErrors() {
		return form == 1 || len(exprs) == 1 // no condition
	}
	inGo, goErr := run(query, tables, tables, kql.Options{Now: corpusNow, InGo: true})
	tables.texts = nil
	inDB, err := run(query, tables, tables, kql.Options{Now: corpusNow, Dialect: tables.dialect()})
	if goErr != nil {
		return true
	}
	if err != nil {
		if len(exprs) == 1 {
			t.Errorf("%s\n  %.600v", query, err)
		}
		return false
	}
	if sameRows(inGo.rows, inDB.rows, inGo.types, false) {
		return true
	}
	if len(exprs) > 1 {
		return false
	}
	for i := range min(len(inGo.rows), len(inDB.rows)) {
		if !sameRows(inGo.rows[i:i+1], inDB.rows[i:i+1], inGo.types, false) {
			g, _ := json.Marshal(inGo.rows[i])
			e, _ := json.Marshal(inDB.rows[i])
			row, _ := run(fmt.Sprintf("T | where id == %v", inGo.rows[i][0]), tables, tables, kql.Options{Now: corpusNow, InGo: true})
			var operands []string
			if row != nil && len(row.rows) == 1 {
				for c, name := range row.columns {
					if strings.Contains(exprs[0], name) {
						operands = append(operands, fmt.Sprintf("%s=%q", name, fmt.Sprint(row.rows[0][c])))
					}
				}
			}
			t.Errorf("%s\n  Go     %s\n  engine %s\n  where %s\n  %.700s", query, g, e, strings.Join(operands, " "), strings.Join(tables.texts, "\n"))
			return false
		}
	}
	t.Errorf("%s\n  %d rows in Go, %d in the engine\n  %.700s", query, len(inGo.rows), len(inDB.rows), strings.Join(tables.texts, "\n"))
	return false
}

var _ exec.Source = (*stored)(nil)
var _ plan.Catalog = (*stored)(nil)
