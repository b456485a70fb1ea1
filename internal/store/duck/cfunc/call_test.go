package cfunc

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/value"
)

// texts runs a statement and gives its first column's texts, "<null>" for a null.
func (e *engine) texts(text string) []string {
	e.t.Helper()
	var res mapping.Result
	defer mapping.DestroyResult(&res)
	if mapping.Query(e.conn, text, &res) == mapping.StateError {
		e.t.Fatal(mapping.ResultError(&res), text)
	}
	var out []string
	for {
		ch := mapping.FetchChunk(res)
		if ch.Ptr == nil {
			return out
		}
		n := int(mapping.DataChunkGetSize(ch))
		c := readColumn(ch, 0, n)
		for i := range n {
			if c.null(i) {
				out = append(out, "<null>")
			} else {
				out = append(out, c.text(i))
			}
		}
		mapping.DestroyDataChunk(&ch)
	}
}

// jsonParts are put together at random: most of what comes out is JSON, some of it is nearly.
var jsonParts = []string{`{"a":1,"b":[1,2,{"c":"x"}]}`, `{"a":{"b":"C:\\Windows\\x.exe"}}`, `[1,2,3]`, `[]`, `{}`, `"text"`, `"a\"b\\c\n\u00e4\/"`, `12`, `-7`, `0`, `-0`,
	`1.50`, `1e3`, `9223372036854775807`, `9223372036854775808`, `123456789012345678`, `true`, `false`, `null`, ` { "a" : [ 1 , "y" ] } `, `{"a":1,"a":2}`, `{"a":{"b":1},"a":3}`,
	`{"\u0061":5}`, `"12"`, `"012"`, `"1.5"`, `" 5 "`, `"true"`, ``, ` `, `{"a":}`, `{"a":1`, `[1 2]`, `[1,]`, `nul`, `"unended`, "\"a\tb\"", `{"a" 1}`, `ä`, `"äöü"`, `{"ä":"ü"}`, `[[[[]]]]`, `1.`, `.5`, `+1`,
	`00`, `{"a":1} x`, `"2024-01-01"`, `{"b":null,"a":"null"}`, `[null,"",0]`, `{"x":1.0,"y":[true,{"z":"\b\f\r\t"}]}`}

func someJSON(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(3) == 0 {
		return jsonParts[r.IntN(len(jsonParts))]
	}
	var b strings.Builder
	bag := r.IntN(2) == 0
	b.WriteString(map[bool]string{true: "{", false: "["}[bag])
	for i := range r.IntN(4) {
		if i > 0 {
			b.WriteByte(',')
		}
		if bag {
			b.WriteString([]string{`"a":`, `"b":`, `"c" : `, `"\u0062":`}[r.IntN(4)])
		}
		b.WriteString(someJSON(r, depth-1))
	}
	b.WriteString(map[bool]string{true: "}", false: "]"}[bag])
	return b.String()
}

// TestJSON holds the functions over JSON text to kql/value, over texts that are JSON and texts that are not quite.
func TestJSON(t *testing.T) {
	e := open(t)
	r := rand.New(rand.NewPCG(3, 4))
	list := append([]string(nil), jsonParts...)
	for range 4000 {
		list = append(list, someJSON(r, 3))
	}
	list = append(list, strings.Repeat("[", 120)+strings.Repeat("]", 120), strings.Repeat("[", 200)+strings.Repeat("]", 200), `{"a":`+strings.Repeat("9", 400)+`}`)
	e.pairs(list, list)
	index := fn.Operator("[]")
	for _, c := range []struct {
		text string
		want func(v value.Value, s string) value.Value
	}{
		{"kql_json_text(h, '')", func(v value.Value, _ string) value.Value { return value.Convert(v, value.String) }},
		{"CAST(kql_json_long(h, '') AS VARCHAR)", func(v value.Value, _ string) value.Value { return value.Convert(v, value.Long) }},
		{"CAST(kql_json_length(h, '') AS VARCHAR)", func(v value.Value, _ string) value.Value {
			return fn.Lookup("array_length").Eval(nil, []value.Value{v})
		}},
		{"kql_json_parse(h)", func(_ value.Value, s string) value.Value { return value.ParseDynamic(s) }},
		{"kql_json_text(h, 'k1:a')", func(v value.Value, _ string) value.Value {
			return value.Convert(index.Eval(nil, []value.Value{v, value.OfString("a")}), value.String)
		}},
		{"CAST(kql_json_long(h, 'i-1;') AS VARCHAR)", func(v value.Value, _ string) value.Value {
			return value.Convert(index.Eval(nil, []value.Value{v, value.OfLong(-1)}), value.Long)
		}},
		{"CAST(kql_json_length(h, 'k1:b') AS VARCHAR)", func(v value.Value, _ string) value.Value {
			return fn.Lookup("array_length").Eval(nil, []value.Value{index.Eval(nil, []value.Value{v, value.OfString("b")})})
		}},
		{"kql_json_get(h, 'k1:a')", func(v value.Value, _ string) value.Value {
			return index.Eval(nil, []value.Value{v, value.OfString("a")})
		}},
		{"kql_json_get(h, 'i1;')", func(v value.Value, _ string) value.Value { return index.Eval(nil, []value.Value{v, value.OfLong(1)}) }},
		{"kql_json_get(h, 'i-1;')", func(v value.Value, _ string) value.Value { return index.Eval(nil, []value.Value{v, value.OfLong(-1)}) }},
		{"kql_json_get(h, 'k1:ai-1;k1:b')", func(v value.Value, _ string) value.Value {
			for _, k := range []value.Value{value.OfString("a"), value.OfLong(-1), value.OfString("b")} {
				v = index.Eval(nil, []value.Value{v, k})
			}
			return v
		}},
		{"CAST(to_json(list_transform(kql_json_elements(h, ''), x -> coalesce(x, 'null'))) AS VARCHAR)", func(v value.Value, _ string) value.Value { return expansion(v) }},
		{"CAST(to_json(list_transform(kql_json_elements(h, 'k1:a'), x -> coalesce(x, 'null'))) AS VARCHAR)", func(v value.Value, _ string) value.Value {
			return expansion(index.Eval(nil, []value.Value{v, value.OfString("a")}))
		}},
		{"kql_call_text('todynamic\tdynamic\tstring', h)", func(_ value.Value, s string) value.Value { return value.ParseDynamic(s) }},
		{"kql_call_text('tostring\tstring\tdynamic', h)", func(v value.Value, _ string) value.Value { return value.Convert(v, value.String) }},
	} {
		got := e.texts("SELECT " + c.text + " FROM p ORDER BY rowid")
		for i, s := range list {
			want := c.want(value.FromStored(value.Dynamic, s), s)
			text := "<null>"
			switch {
			case want.T == value.Dynamic && !want.Null: // the text may be another one, the value not
				text = string(value.AppendDynamic(nil, want))
				if got[i] != "<null>" {
					got[i] = string(value.AppendDynamic(nil, canonical(value.FromStored(value.Dynamic, got[i]), strings.Contains(c.text, "elements"))))
				}
			case want.T == value.String || !want.Null:
				text = want.Text()
			}
			if got[i] != text {
				t.Errorf("%s of %s gives %s, want %s", c.text, s, got[i], text)
			}
		}
	}
}

// TestCall: nulls, every type, and texts of any length go to Go and back.
func TestCall(t *testing.T) {
	e := open(t)
	for _, c := range []struct{ text, want string }{
		{"kql_call_text('split\tdynamic\tstring\tstring', 'a/b', '/')", `["a","b"]`},
		{"kql_call_text('split\tdynamic\tstring\tstring', 'C:\\a long text of many bytes\\x', '\\')", `["C:","a long text of many bytes","x"]`},
		{"CAST(kql_call_long('strlen\tlong\tstring', 'abc') AS VARCHAR)", "3"},
		{"CAST(kql_call_bool('isascii\tbool\tstring', 'ä') AS VARCHAR)", "false"},
		{"CAST(kql_call_long('tolong\tlong\treal', CAST(NULL AS DOUBLE)) AS VARCHAR)", "<null>"},
		{"CAST(kql_call_long('todatetime\tdatetime\tstring', '0001-01-02') AS VARCHAR)", "864000000000"},
		{"CAST(kql_call_real('todouble\treal\tdynamic', '1.5') AS VARCHAR)", "1.5"},
		{"CAST(kql_call_int('toint\tint\tstring', '7') AS VARCHAR)", "7"},
		{"kql_call_text('tostring\tstring\tdatetime', CAST(864000000000 AS BIGINT))", "0001-01-02T00:00:00.0000000Z"},
	} {
		if got := e.texts("SELECT " + c.text); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s gives %q, want %q", c.text, got, c.want)
		}
	}
	var res mapping.Result
	defer mapping.DestroyResult(&res)
	if mapping.Query(e.conn, "SELECT kql_call_text('rand\treal', 1)", &res) != mapping.StateError {
		t.Error("a function that is not pure is called")
	}
}

func BenchmarkJSON(b *testing.B) {
	e := open(b)
	rows := make([]string, 100_000)
	for i := range rows {
		rows[i] = `{"AttackTechniques":["T1059.001","T1027"],"SignerInfo":{"IssuerName":"Contoso CA","IsTrusted":true},"Score":` + []string{"7", "93"}[i%2] + `}`
	}
	e.pairs(rows, rows)
	for _, c := range []struct{ name, text string }{
		{"read", "SELECT count(*) > 0 FROM p WHERE length(h) > 5"},
		{"ours", "SELECT count(*) > 0 FROM p WHERE kql_json_long(h, 'k5:Score') > 90"},
		{"engine", "SELECT count(*) > 0 FROM p WHERE TRY_CAST(json_extract_string(h, '$.Score') AS BIGINT) > 90"},
		{"ours, in Go", "SELECT count(*) > 0 FROM p WHERE kql_call_long('tolong\tlong\tdynamic', kql_json_get(h, 'k5:Score')) > 90"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				e.run(c.text)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/row")
		})
	}
}

// expansion gives the texts of what mv-expand makes of v.
func expansion(v value.Value) value.Value {
	list := value.Array{v.Inner()}
	switch x := v.X.(type) {
	case value.Array:
		list = x
	case *value.Bag:
		list = nil
		for i, k := range x.Keys {
			list = append(list, value.OfBag(&value.Bag{Keys: []string{k}, Vals: []value.Value{x.Vals[i]}}))
		}
	}
	out := value.Array{}
	for _, e := range list {
		out = append(out, value.OfString(string(value.AppendDynamic(nil, e))))
	}
	return value.OfArray(out)
}

// canonical writes the texts of an array of JSON texts as kql/value does.
func canonical(v value.Value, texts bool) value.Value {
	list, ok := v.X.(value.Array)
	if !ok || !texts {
		return v
	}
	out := value.Array{}
	for _, e := range list {
		out = append(out, value.OfString(string(value.AppendDynamic(nil, value.FromStored(value.Dynamic, e.S)))))
	}
	return value.OfArray(out)
}

// TestWrap: the lower 64 bits of sums beyond them, and null of null.
func TestWrap(t *testing.T) {
	got := open(t).texts(`SELECT CAST(kql_wrap(sum(x)) AS VARCHAR) FROM (VALUES (1, 9223372036854775807), (1, 1), (2, -9223372036854775808), (2, -1),
		(3, 9223372036854775807), (3, 9223372036854775807), (3, 2), (4, -5), (5, NULL)) t(k, x) GROUP BY k ORDER BY k`)
	want := []string{"-9223372036854775808", "9223372036854775807", "0", "-5", "<null>"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
