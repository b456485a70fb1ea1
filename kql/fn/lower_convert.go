package fn

import (
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// emptyDynamic are the texts under which a dynamic that is null or an empty string may be stored.
var emptyDynamic = []sql.Expr{sqlText(""), sqlText("null"), sqlText(`""`)}

func lowerIsEmpty(_ sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	switch types[0] {
	case value.String:
		return bin("=", args[0], sqlText("")), true
	case value.Dynamic:
		return bin("OR", sql.IsNull{X: args[0]}, orElse(sql.In{X: args[0], List: emptyDynamic}, sqlBool(true))), true
	}
	return sql.IsNull{X: args[0]}, true
}

func lowerIsNull(_ sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	switch types[0] {
	case value.String:
		return sqlBool(false), true
	case value.Dynamic:
		return orElse(bin("=", args[0], sqlText("null")), sqlBool(true)), true
	}
	return sql.IsNull{X: args[0]}, true
}

func lowerIff(_ sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	return when1(args[0], args[1], args[2]), types[1] == types[2]
}

func lowerCase(_ sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	last := len(args) - 1
	c := sql.Case{Else: args[last]}
	for i := 0; i+1 < len(args); i += 2 {
		if types[i+1] != types[last] {
			return nil, false
		}
		c.Whens = append(c.Whens, sql.When{If: args[i], Then: args[i+1]})
	}
	return c, true
}

func lowerCoalesce(_ sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	for _, t := range types {
		if t != types[0] {
			return nil, false
		}
	}
	if types[0] == value.Dynamic {
		return nil, false
	}
	if types[0] != value.String {
		return call("coalesce", args...), true
	}
	c := sql.Case{Else: args[len(args)-1]}
	for _, a := range args[:len(args)-1] {
		c.Whens = append(c.Whens, sql.When{If: bin("<>", a, sqlText("")), Then: a})
	}
	return c, true
}

// lowerToString lowers the texts that engines write as Kusto does.
func lowerToString(d sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	x := args[0]
	switch types[0] {
	case value.String:
		return x, true
	case value.GUID, value.Decimal:
		return orElse(x, sqlText("")), true
	case value.Int, value.Long:
		return orElse(sql.Cast{X: x, T: sql.Text}, sqlText("")), true
	case value.Dynamic:
		return jsonRead("kql_json_text", x), d == sql.DuckDB
	case value.Bool:
		yes := sql.When{If: x, Then: sqlText("true")}
		no := sql.When{If: sql.Not{X: x}, Then: sqlText("false")}
		return sql.Case{Whens: []sql.When{yes, no}, Else: sqlText("")}, true
	}
	return nil, false
}

// lowerToWhole lowers tolong and toint of what is not text.
func lowerToWhole(to sql.Type) lowering {
	return func(d sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
		x := args[0]
		switch types[0] {
		case value.Dynamic:
			x = jsonRead("kql_json_long", x)
			if to != sql.Long {
				x = sql.Cast{X: x, T: to, Try: true}
			}
			return x, d == sql.DuckDB
		case value.Int, value.Bool:
			return sql.Cast{X: x, T: to}, true
		case value.Long, value.Datetime, value.Timespan:
			if to == sql.Long {
				return x, true
			}
			return sql.Cast{X: x, T: to, Try: true}, true
		case value.Real: // engines round where Kusto cuts off
			return sql.Cast{X: call("trunc", x), T: to, Try: true}, true
		}
		return nil, false
	}
}

func lowerToReal(_ sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
	switch t := types[0]; {
	case t == value.Real:
		return args[0], true
	case integral(t):
		return sql.Cast{X: args[0], T: sql.Double}, true
	}
	return nil, false
}

// lowerExtreme lowers max_of and min_of of whole numbers: engines skip nulls too.
func lowerExtreme(name string) lowering {
	return func(_ sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
		for _, t := range types {
			if t != types[0] || !integral(t) {
				return nil, false
			}
		}
		return call(name, args...), true
	}
}
