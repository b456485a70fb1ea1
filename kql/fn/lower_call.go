package fn

import (
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// CallEngine gives a call of f that the engine answers by asking Go: the way into SQL of every pure function that has no other. result is
// the call's type. It refuses what a value's stored form would change: a dynamic that holds more than JSON can say.
func CallEngine(d sql.Dialect, f *Func, args []sql.Expr, types []value.Type, consts []*value.Value, result value.Type) (sql.Expr, bool) {
	if d != sql.DuckDB || !f.pure || f.Kind != Scalar || f.Tuple != nil || len(args) == 0 || result == value.Unknown {
		return nil, false
	}
	if result == value.Dynamic && !jsonResult[f.Name] {
		return nil, false
	}
	for i, t := range types {
		switch {
		case t == value.Unknown, consts[i] != nil && !jsonOnly(*consts[i], 0):
			return nil, false
		case result == value.Dynamic && t != value.String && t != value.Dynamic && t != value.Bool && t != value.Long:
			return nil, false
		}
	}
	name := map[sql.Type]string{sql.Bool: "kql_call_bool", sql.Int: "kql_call_int", sql.Long: "kql_call_long", sql.Double: "kql_call_real", sql.Text: "kql_call_text"}
	return call(name[storageOf(result)], append([]sql.Expr{sqlText(CallText(f, types, result))}, args...)...), true
}

// jsonResult are the functions whose dynamic results have nothing but what JSON can say, given arguments like that.
var jsonResult = map[string]bool{"split": true, "extract_all": true, "extractall": true, "extract_json": true, "extractjson": true, "parse_url": true, "parseurl": true,
	"parse_urlquery": true, "parse_path": true, "parse_csv": true, "parse_xml": true, "parse_user_agent": true, "parse_command_line": true,
	"bag_keys": true, "bag_merge": true, "bag_pack": true, "pack": true, "pack_dictionary": true, "pack_array": true, "bag_remove_keys": true,
	"array_concat": true, "array_slice": true, "array_split": true, "array_reverse": true, "set_union": true, "set_difference": true,
	"set_intersect": true, "zip": true, "treepath": true, "coalesce": true, "[]": true, ".": true}

// jsonOnly reports whether v is the same again after it was stored: no dynamic with a datetime, a decimal or a real that is no number.
func jsonOnly(v value.Value, depth int) bool {
	if depth > value.MaxDepth {
		return false
	}
	if v.T != value.Dynamic {
		return depth == 0 || v.Null || v.T == value.String || v.T == value.Bool || v.T == value.Long || v.T == value.Real && !isNaN(v) && v.Real()-v.Real() == 0
	}
	switch x := v.X.(type) {
	case value.Array:
		for _, e := range x {
			if !jsonOnly(e, depth+1) {
				return false
			}
		}
	case *value.Bag:
		for _, e := range x.Vals {
			if !jsonOnly(e, depth+1) {
				return false
			}
		}
	case value.Value:
		return jsonOnly(x, depth+1)
	}
	return true
}

// CallText names a call's function and types; ParseCall reads it.
func CallText(f *Func, types []value.Type, result value.Type) string {
	parts := []string{f.Name, result.String()}
	for _, t := range types {
		parts = append(parts, t.String())
	}
	return strings.Join(parts, "\t")
}

// ParseCall reads what CallText wrote.
func ParseCall(text string) (f *Func, types []value.Type, result value.Type, ok bool) {
	parts := strings.Split(text, "\t")
	if f = Lookup(parts[0]); f == nil {
		f = Operator(parts[0])
	}
	if f == nil || !f.pure || len(parts) < 2 {
		return nil, nil, 0, false
	}
	for i, p := range parts[1:] {
		t, known := value.TypeOf(p)
		if !known {
			return nil, nil, 0, false
		}
		if i == 0 {
			result = t
		} else {
			types = append(types, t)
		}
	}
	return f, types, result, true
}

// ParsePath reads the path of a call of kql_json_get: keys as strings and indexes as longs.
func ParsePath(path string) []value.Value {
	var out []value.Value
	for path != "" {
		end := strings.IndexAny(path, ":;")
		if end < 1 {
			return out
		}
		n, err := strconv.ParseInt(path[1:end], 10, 64)
		rest := path[end+1:]
		switch {
		case err != nil:
			return out
		case path[0] == 'i':
			out = append(out, value.OfLong(n))
		case n < 0 || n > int64(len(rest)):
			return out
		default:
			out = append(out, value.OfString(rest[:n]))
			rest = rest[n:]
		}
		path = rest
	}
	return out
}

// maxIndex bounds the indexes of a path.
const maxIndex = 1 << 30

// lowerIndex lowers a.b and a[b] with a constant key: one path for a whole chain of them.
func lowerIndex(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	if d != sql.DuckDB || types[0] != value.Dynamic || consts[1] == nil || consts[1].Null {
		return nil, false
	}
	key := consts[1].Inner()
	var step string
	switch {
	case key.Null:
		return nil, false
	case key.T == value.String:
		step = "k" + strconv.Itoa(len(key.S)) + ":" + key.S
	case isInteger(key.T) && key.I > -maxIndex && key.I < maxIndex:
		step = "i" + strconv.FormatInt(key.I, 10) + ";"
	default:
		return nil, false
	}
	x, path := jsonAt(args[0])
	if len(ParsePath(path)) >= 60 {
		return nil, false
	}
	return call("kql_json_get", x, sqlText(path+step)), true
}

// jsonAt gives the text and the path in it that x stands for.
func jsonAt(x sql.Expr) (sql.Expr, string) {
	if c, ok := x.(sql.Call); ok {
		switch c.Name {
		case "kql_json_get":
			return c.Args[0], c.Args[1].(sql.Lit).V.(string)
		case "kql_json_parse": // text that is not JSON has no members either
			return c.Args[0], ""
		}
	}
	return x, ""
}

// jsonRead gives a function over JSON text of x.
func jsonRead(name string, x sql.Expr) sql.Expr {
	if y, path := jsonAt(x); path != "" {
		return call(name, y, sqlText(path))
	}
	return call(name, x, sqlText(""))
}

// lowerParseJSON lowers parse_json.
func lowerParseJSON(d sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	switch types[0] {
	case value.Dynamic:
		return args[0], true
	case value.String:
		return call("kql_json_parse", args[0]), d == sql.DuckDB
	}
	return nil, false
}

func lowerArrayLength(d sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	return jsonRead("kql_json_length", args[0]), d == sql.DuckDB && types[0] == value.Dynamic
}

// Elements gives a row for each element of the dynamic x, as mv-expand does; it may only stand as a column of a SELECT.
func Elements(x sql.Expr) sql.Expr { return call("unnest", jsonRead("kql_json_elements", x)) }
