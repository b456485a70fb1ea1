package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// aggLowering lowers an aggregate over the rows for which filter is true (nil: all).
type aggLowering func(d sql.Dialect, filter sql.Expr, args []sql.Expr, t value.Type) (sql.Expr, bool)

// lowerAgg lowers a plain aggregate, whose first argument has the type that matters.
func lowerAgg(l aggLowering) option {
	return lower(func(d sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
		if len(args) == 0 {
			return nil, false
		}
		return l(d, nil, args, types[0])
	})
}

// lowerAggIf lowers an …if aggregate, whose predicate is the second argument.
func lowerAggIf(l aggLowering) option {
	return lower(func(d sql.Dialect, args []sql.Expr, types []value.Type, _ []*value.Value) (sql.Expr, bool) {
		if len(args) < 2 {
			return nil, false
		}
		return l(d, args[1], args[:1], types[0])
	})
}

func lowerCount(_ sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
	c := sql.Call{Name: "count"}
	if len(args) > 0 {
		c.Filter = args[0]
	}
	return c, true
}

func aggCall(name string, filter sql.Expr, args ...sql.Expr) sql.Expr {
	return sql.Call{Name: name, Args: args, Filter: filter}
}

// sqlCompensated sums reals (avg false) or averages them with the error of each addition taken along, as we do. What is infinite must not
// go that way: it would become no number.
func sqlCompensated(d sql.Dialect, avg bool, filter sql.Expr, x sql.Expr) sql.Expr {
	plain, exact := "sum", byDialect(d, "fsum", "sumKahan")
	sum := aggCall(exact, filter, x)
	if avg && d == sql.DuckDB {
		plain, sum = "avg", aggCall("favg", filter, x)
	} else if avg {
		plain, sum = "avg", bin("/", sum, aggCall("count", filter, x))
	}
	rough := aggCall(plain, filter, x)
	return when1(call(byDialect(d, "isfinite", "isFinite"), rough), sum, rough)
}

// sqlSum is sum: of nothing it is 0. A sum of whole numbers wraps around; DuckDB adds with more bits, of which the lower 64 are kept.
func sqlSum(d sql.Dialect, filter sql.Expr, args []sql.Expr, t value.Type) (sql.Expr, bool) {
	switch t {
	case value.Int, value.Long, value.Timespan:
		sum := aggCall("sum", filter, args[0])
		if d == sql.DuckDB {
			sum = call("kql_wrap", sum)
		}
		return orElse(sum, sqlLong(0)), true
	case value.Real:
		return orElse(sqlCompensated(d, false, filter, args[0]), sqlReal(0)), true
	}
	return nil, false
}

func sqlAvg(d sql.Dialect, filter sql.Expr, args []sql.Expr, t value.Type) (sql.Expr, bool) {
	switch t {
	case value.Int, value.Long:
		x := args[0]
		if d == sql.ClickHouse { // which would add up in as many bits
			x = call("toInt128", x)
		}
		return orElse(aggCall("avg", filter, x), sqlReal(math.NaN())), true
	case value.Real:
		return orElse(sqlCompensated(d, true, filter, args[0]), sqlReal(math.NaN())), true
	}
	return nil, false
}

func sqlExtremum(name string) aggLowering {
	return func(_ sql.Dialect, filter sql.Expr, args []sql.Expr, t value.Type) (sql.Expr, bool) {
		x := aggCall(name, filter, args[0])
		if t == value.String {
			return orElse(x, sqlText("")), true
		}
		return x, integral(t) || t == value.Bool
	}
}

func sqlDistinctCount(_ sql.Dialect, filter sql.Expr, args []sql.Expr, t value.Type) (sql.Expr, bool) {
	return sql.Call{Name: "count", Args: args[:1], Distinct: true, Filter: filter}, integral(t) || t == value.Bool || t == value.String || t == value.GUID
}

// sqlAny is take_any of one column: a value that is not empty if there is one.
func sqlAny(_ sql.Dialect, filter sql.Expr, args []sql.Expr, t value.Type) (sql.Expr, bool) {
	if len(args) != 1 || t == value.Dynamic {
		return nil, false
	}
	if t != value.String {
		return aggCall("any_value", filter, args[0]), true
	}
	filled := bin("<>", args[0], sqlText(""))
	if filter != nil {
		filled = bin("AND", filter, filled)
	}
	return orElse(aggCall("any_value", filled, args[0]), sqlText("")), true
}

func sqlBits(name string) aggLowering {
	return func(_ sql.Dialect, filter sql.Expr, args []sql.Expr, t value.Type) (sql.Expr, bool) {
		return aggCall(name, filter, args[0]), t == value.Int || t == value.Long
	}
}

// lowerPercentiles lowers percentile, percentiles and percentiles_array of whole numbers: the values at nearest rank, as a list of the
// engine's, of which Element takes one for each column.
func lowerPercentiles(array bool) option {
	return lower(func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
		if d != sql.DuckDB || !integral(types[0]) || array && types[0] != value.Long {
			return nil, false
		}
		var at []sql.Expr
		for i := range consts[1:] {
			c, ok := constant(consts, i+1)
			if !ok || c.T != value.Real && c.T != value.Long && c.T != value.Int {
				return nil, false
			}
			f := value.Convert(c, value.Real).Real()
			if f < 0 || f > 100 {
				return nil, false
			}
			at = append(at, sqlReal(quantileOf(f)))
		}
		if len(at) == 0 || len(at) > 100 {
			return nil, false
		}
		x := call("quantile_disc", args[0], call("list_value", at...))
		if array {
			return sql.Cast{X: call("to_json", x), T: sql.Text}, true
		}
		return x, true
	})
}

// Element gives one of the columns of an aggregate that is lowered to a list, from 0 on.
func Element(list sql.Expr, i int) sql.Expr { return call("list_extract", list, sqlLong(int64(i)+1)) }

// ListOfColumns reports whether an aggregate is lowered to a list with an element for each of its columns.
func ListOfColumns(f *Func) bool { return f.Name == "percentile" || f.Name == "percentiles" }

// lowerList lowers make_list and make_set of what JSON can say.
func lowerList(size int, distinct bool) option {
	return lower(func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
		t := types[0]
		if d != sql.DuckDB || t != value.String && t != value.Long && t != value.Bool {
			return nil, false
		}
		c := sql.Call{Name: "list", Args: args[:1], Distinct: distinct}
		if t != value.String {
			c.Filter = sql.Not{X: sql.IsNull{X: args[0]}}
		}
		var x sql.Expr = c
		most := size
		if len(args) > 1 {
			n, ok := constant(consts, 1)
			if !ok || n.I < 0 {
				return nil, false
			}
			most = int(min(n.I, MaxArray))
		}
		x = call("list_slice", x, sqlLong(1), sqlLong(int64(most)))
		return orElse(sql.Cast{X: call("to_json", x), T: sql.Text}, sqlText("[]")), true
	})
}
