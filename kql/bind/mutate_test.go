package bind_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/syntax"
)

// mutator makes queries that are a little wrong, or right in an unusual way, of queries that are right. The same seed makes the same.
type mutator struct {
	*rand.Rand
	tables     []string
	functions  []string
	aggregates []*declared
	giving     map[string][]*declared // scalar functions by the type of their result
}

// declared is a function as Microsoft declares it.
type declared struct {
	Name       string
	Signatures []signature
}

type signature struct {
	Type   string
	Params []parameter
}

type parameter struct {
	Type     string
	Min, Max int
	Values   []string
}

// newMutator reads Microsoft's declarations from the oracle's catalogue, not ours: what is made must not change when ours do.
func newMutator(tb testing.TB, seed uint64, tables []string) *mutator {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(suite(tb, "catalogue.json")), "..", "tools", "oracle", "functions_catalog.json"))
	if err != nil {
		tb.Skip(err)
	}
	var known struct{ Functions, Aggregates []*declared }
	if err := json.Unmarshal(data, &known); err != nil {
		tb.Fatal(err)
	}
	m := &mutator{Rand: rand.New(rand.NewPCG(seed, 20)), tables: tables, aggregates: known.Aggregates, giving: map[string][]*declared{}}
	for _, f := range known.Functions {
		m.functions = append(m.functions, f.Name)
		for _, s := range f.Signatures[:1] {
			if s.Type == "" {
				s.Type = "dynamic"
			}
			m.giving[s.Type] = append(m.giving[s.Type], f)
		}
	}
	for _, f := range known.Aggregates {
		m.functions = append(m.functions, f.Name)
	}
	return m
}

// mutate changes a query once, sometimes twice.
func (m *mutator) mutate(query string) string {
	out := m.once(query)
	if m.IntN(5) == 0 {
		out = m.once(out)
	}
	return out
}

// once applies a mutation that finds something to change.
func (m *mutator) once(query string) string {
	for range 20 {
		t := lexed(query)
		if len(t) == 0 {
			return query
		}
		if out := mutations[m.IntN(len(mutations))](m, t); out != nil {
			if text := strings.Join(out, ""); text != query {
				return text
			}
		}
	}
	return query
}

// lexed gives a query's tokens without the last, empty one.
func lexed(query string) []syntax.Token {
	t, _ := syntax.Lex(query)
	for len(t) > 0 && t[len(t)-1].Kind == syntax.EOFToken {
		t = t[:len(t)-1]
	}
	return t
}

// pieces gives the text of tokens; what stands between them becomes a space or a new line.
func pieces(t []syntax.Token) []string {
	out := make([]string, len(t))
	for i, k := range t {
		out[i] = k.Text
		if i > 0 && k.TriviaStart < k.Start {
			out[i] = " " + k.Text
		}
		if k.Kind == syntax.DirectiveToken {
			out[i] += "\n"
		}
	}
	return out
}

// pick gives the index of one of the tokens that satisfy want, or -1.
func (m *mutator) pick(t []syntax.Token, want func(i int) bool) int {
	var at []int
	for i := range t {
		if want(i) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return -1
	}
	return at[m.IntN(len(at))]
}

func (m *mutator) one(list ...string) string { return list[m.IntN(len(list))] }

// replaced gives the pieces with the text of token i changed.
func replaced(t []syntax.Token, i int, text string) []string {
	if i < 0 {
		return nil
	}
	p := pieces(t)
	p[i] = strings.Replace(p[i], t[i].Text, text, 1)
	return p
}

func isLiteral(k syntax.Token) bool {
	switch k.Kind {
	case syntax.LongToken, syntax.RealToken, syntax.SpanToken, syntax.BoolToken, syntax.StringToken, syntax.TypedToken:
		return true
	}
	return false
}

var operators = []string{"==", "!=", "<", "<=", ">", ">=", "=~", "!~", "+", "-", "*", "/", "%", "has", "!has", "contains", "startswith", "endswith", "in", "!in",
	"in~", "and", "or", "between", "matches regex", "has_any", "has_all", "has_cs", "=", "hasprefix", "like"}

var literals = []string{"1", "-1", "1.5", "'x'", "''", "true", "1d", "datetime(2024-01-01)", "dynamic([1,2])", "dynamic({})", "guid(null)", "int(1)", "long(null)",
	"real(1)", "decimal(1)", "timespan(1h)", "now()", "dynamic(null)", "h'x'", "@'x'", "typeof(long)"}

var keywords = []string{"where", "by", "on", "in", "and", "project", "count", "kind", "with", "let", "set", "of", "to", "typeof", "table", "union", "join", "print",
	"asc", "desc", "nulls", "first", "has", "between", "datatable", "step", "from", "find", "search", "range", "type", "id", "title", "as", "not", "matches", "true",
	"null", "string", "long", "datetime", "dynamic", "bool", "evaluate", "take", "limit", "top", "invoke", "declare", "pattern", "restrict", "access", "alias", "view",
	"materialize", "toscalar", "cluster", "database", "external", "graph", "hint", "pack", "default", "date", "time"}

var stages = []string{"| count", "| take 10", "| limit 5", "| distinct *", "| project-away Timestamp", "| extend x = 1", "| where true", "| where 1", "| serialize",
	"| getschema", "| as T", "| sort by Timestamp", "| order by 1", "| top 5 by Timestamp", "| summarize count()", "| summarize by 1", "| project-rename x = y",
	"| extend 1, 2", "| project x = 1, x = 2", "| mv-expand x = dynamic([1,2])", "| render timechart", "| sample 5", "| consume", "| project *", "| extend *",
	"| project-reorder *", "| summarize", "| extend row_number()", "| search 'x'", "| take '5'", "| where 'x'", "| count | count", "| evaluate bag_unpack(x)",
	"| reduce by Timestamp", "| join kind=inner (print x=1) on x", "| union (print x=1)", "| make-series count() on Timestamp step 1d", "| parse Timestamp with * 'x' y",
	"| invoke f()", "| fork (count) (take 1)", "| partition by x (take 1)", "| getschema kind=csl", "| project-keep *", "| facet by x", "| lookup (print x=1) on x"}

var mutations = []func(m *mutator, t []syntax.Token) []string{
	// tokens
	func(m *mutator, t []syntax.Token) []string {
		i := m.IntN(len(t))
		return slices.Delete(pieces(t), i, i+1)
	},
	func(m *mutator, t []syntax.Token) []string {
		i := m.IntN(len(t))
		return slices.Insert(pieces(t), i, pieces(t)[i])
	},
	func(m *mutator, t []syntax.Token) []string {
		if len(t) < 2 {
			return nil
		}
		i := m.IntN(len(t) - 1)
		p := pieces(t)
		p[i], p[i+1] = " "+p[i+1], " "+p[i]
		return p
	},
	// names
	func(m *mutator, t []syntax.Token) []string {
		i := m.pick(t, func(i int) bool { return t[i].Kind == syntax.WordToken })
		if i < 0 {
			return nil
		}
		text := t[i].Text
		return replaced(t, i, m.one(text+"x", strings.ToLower(text), text[:1], "['"+text+"']", "`"+text+"`", "_"+text, text+"1", "$left."+text, "x."+text, text+".y", text+"[0]"))
	},
	func(m *mutator, t []syntax.Token) []string {
		word := func(i int) bool { return t[i].Kind == syntax.WordToken }
		i, j := m.pick(t, word), m.pick(t, word)
		if i < 0 {
			return nil
		}
		return replaced(t, i, t[j].Text)
	},
	func(m *mutator, t []syntax.Token) []string {
		return replaced(t, m.pick(t, func(i int) bool { return t[i].Kind == syntax.WordToken }), m.one(keywords...))
	},
	func(m *mutator, t []syntax.Token) []string {
		return replaced(t, m.pick(t, func(i int) bool { return slices.Contains(m.tables, t[i].Text) }), m.one(m.tables...))
	},
	func(m *mutator, t []syntax.Token) []string {
		return replaced(t, m.pick(t, func(i int) bool { return i+1 < len(t) && t[i+1].Text == "(" && t[i].Kind != syntax.PunctToken }), m.one(m.functions...))
	},
	// operators and literals
	func(m *mutator, t []syntax.Token) []string {
		return replaced(t, m.pick(t, func(i int) bool { return slices.Contains(operators, t[i].Text) }), " "+m.one(operators...)+" ")
	},
	func(m *mutator, t []syntax.Token) []string {
		return replaced(t, m.pick(t, func(i int) bool { return isLiteral(t[i]) }), m.one(literals...))
	},
	func(m *mutator, t []syntax.Token) []string {
		return replaced(t, m.pick(t, func(i int) bool { return t[i].Kind == syntax.WordToken }), m.one(literals...))
	},
	func(m *mutator, t []syntax.Token) []string {
		i := m.pick(t, func(i int) bool { return isLiteral(t[i]) || t[i].Kind == syntax.WordToken })
		if i < 0 {
			return nil
		}
		return replaced(t, i, m.one("tostring", "tolong", "todatetime", "toreal", "todynamic", "totimespan", "not", "count", "max", "strlen", "bin", "", "-", "toint", "make_list", "toscalar")+"("+t[i].Text+")")
	},
	// pipes, brackets, separators
	func(m *mutator, t []syntax.Token) []string {
		i := m.pick(t, func(i int) bool { return strings.Contains("|,;()[]{}=.:", t[i].Text) })
		return replaced(t, i, m.one("|", ",", ";", "(", ")", "[", "]", "{", "}", " ", "=", ".", ":", "..", "|| ", "<|"))
	},
	func(m *mutator, t []syntax.Token) []string {
		return slices.Insert(pieces(t), m.IntN(len(t)), m.one(" |", ",", ";", "(", ")", "[", "]", " *", " -", " not(", " = ", " //x\n", " in (", " 'x'", " 1", " x = ", " and ", "."))
	},
	// stages
	func(m *mutator, t []syntax.Token) []string {
		i := m.pick(t, func(i int) bool { return t[i].Text == "|" })
		if i < 0 {
			return append(pieces(t), " "+m.one(stages...))
		}
		return slices.Insert(pieces(t), i, " "+m.one(stages...))
	},
	func(m *mutator, t []syntax.Token) []string { return append(pieces(t), " "+m.one(stages...)) },
	func(m *mutator, t []syntax.Token) []string {
		pipe := func(i int) bool { return t[i].Text == "|" }
		i, j := m.pick(t, pipe), m.pick(t, pipe)
		if i < 0 || i == j {
			return nil
		}
		i, j = min(i, j), max(i, j)
		return slices.Delete(pieces(t), i, j)
	},
	// arguments
	func(m *mutator, t []syntax.Token) []string {
		from, to := m.argument(t)
		if from < 0 {
			return nil
		}
		return slices.Delete(pieces(t), from, to)
	},
	func(m *mutator, t []syntax.Token) []string {
		from, to := m.argument(t)
		if from < 0 {
			return nil
		}
		p := pieces(t)
		return slices.Insert(p, from, append(slices.Clone(p[from:to]), ",")...)
	},
	func(m *mutator, t []syntax.Token) []string {
		from, to := m.argument(t)
		if from < 0 {
			return nil
		}
		p := pieces(t)
		return slices.Replace(p, from, to, m.one(literals...))
	},
}

// argument gives the tokens of one argument of some pair of brackets, or of one item of a list; -1 where there is none.
func (m *mutator) argument(t []syntax.Token) (from, to int) {
	from = m.pick(t, func(i int) bool { return i > 0 && (t[i-1].Text == "(" || t[i-1].Text == ",") })
	if from < 0 {
		return -1, -1
	}
	depth := 0
	for i := from; i < len(t); i++ {
		switch t[i].Text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			if depth--; depth < 0 {
				return from, i
			}
		case ",", "|":
			if depth == 0 {
				return from, i
			}
		}
	}
	return -1, -1
}
