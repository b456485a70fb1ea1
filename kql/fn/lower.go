package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// The helpers of lowerings. A lowering gives an expression that has in every row the value that Eval gives, or refuses.

func sqlLong(n int64) sql.Expr    { return sql.Lit{V: n, T: sql.Long} }
func sqlText(s string) sql.Expr   { return sql.Lit{V: s, T: sql.Text} }
func sqlBool(b bool) sql.Expr     { return sql.Lit{V: b, T: sql.Bool} }
func sqlReal(f float64) sql.Expr  { return sql.Lit{V: f, T: sql.Double} }
func sqlNull(t sql.Type) sql.Expr { return sql.Lit{T: t} }

func bin(op string, l, r sql.Expr) sql.Expr       { return sql.Binary{Op: op, L: l, R: r} }
func call(name string, args ...sql.Expr) sql.Expr { return sql.Call{Name: name, Args: args} }
func orElse(x, whenNull sql.Expr) sql.Expr        { return call("coalesce", x, whenNull) }

// byDialect gives a function's name where the engines differ in nothing else.
func byDialect(d sql.Dialect, duckDB, clickHouse string) string {
	if d == sql.ClickHouse {
		return clickHouse
	}
	return duckDB
}

func when1(cond, then, otherwise sql.Expr) sql.Expr {
	return sql.Case{Whens: []sql.When{{If: cond, Then: then}}, Else: otherwise}
}

// integral types lie in the engine as whole numbers that compare as they do in Kusto.
func integral(t value.Type) bool {
	return t == value.Int || t == value.Long || t == value.Datetime || t == value.Timespan
}

// constant gives a constant argument that is not null.
func constant(consts []*value.Value, i int) (value.Value, bool) {
	if i >= len(consts) || consts[i] == nil || consts[i].Null || isNaN(*consts[i]) {
		return value.Value{}, false
	}
	return *consts[i], true
}

// magnitude bounds the absolute value of a whole number where that can be told from its type or form.
func magnitude(e sql.Expr, t value.Type) (float64, bool) {
	if t == value.Datetime {
		return float64(value.MaxTicks), true
	}
	switch e := e.(type) {
	case sql.Lit:
		if n, ok := e.V.(int64); ok {
			return math.Abs(float64(n)), true
		}
	case sql.Cast: // made by the conversion of an int or bool only
		if e.T == sql.Long && !e.Try {
			return 1 << 31, true
		}
	case sql.Call:
		if e.Name == "length" || e.Name == "strlen" {
			return 1 << 40, true
		}
	case sql.Binary:
		l, ok := magnitude(e.L, value.Long)
		r, ok2 := magnitude(e.R, value.Long)
		if !ok || !ok2 {
			return 0, false
		}
		switch e.Op {
		case "+", "-":
			return l + r, true
		case "*":
			return l * r, true
		}
	}
	return 0, false
}

// maxSafe is below 2^63, with room for the rounding of magnitudes.
const maxSafe = 9.2e18

// inRange makes ticks that are no datetime null.
func inRange(ticks sql.Expr) sql.Expr {
	ok := bin("AND", bin(">=", ticks, sqlLong(value.MinTicks)), bin("<=", ticks, sqlLong(value.MaxTicks)))
	return when1(ok, ticks, sqlNull(sql.Long))
}

// lowerArithmetic lowers, for DuckDB, what cannot overflow: it raises an error where Kusto and ClickHouse wrap around.
func lowerArithmetic(op string) lowering {
	return func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
		a, b := types[0], types[1]
		if a == value.Real && b == value.Real {
			return bin(op, args[0], args[1]), true
		}
		if !integral(a) || !integral(b) || op == "*" && (a == value.Datetime || b == value.Datetime) {
			return nil, false
		}
		l, ok := magnitude(args[0], a)
		r, ok2 := magnitude(args[1], b)
		total := l + r
		if op == "*" {
			total = l * r
		}
		if d == sql.DuckDB && (!ok || !ok2 || total > maxSafe) {
			return nil, false
		}
		x := bin(op, args[0], args[1])
		if value.ArithType(op[0], a, b) == value.Datetime {
			x = inRange(x)
		}
		return x, true
	}
}

// lowerDivide lowers the division by a constant, and that of reals by what ClickHouse divides by as we do: 0 too.
func lowerDivide(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	if d == sql.ClickHouse && (types[0] == value.Real || types[0] == value.Timespan) && types[0] == types[1] {
		return bin("/", args[0], args[1]), true
	}
	c, ok := constant(consts, 1)
	if !ok {
		return nil, false
	}
	switch {
	case types[0] == value.Real && types[1] == value.Real && c.Real() != 0:
		return bin("/", args[0], args[1]), true
	case types[0] == value.Timespan && types[1] == value.Timespan && c.I != 0:
		return bin("/", sql.Cast{X: args[0], T: sql.Double}, sqlReal(float64(c.I))), true
	case (types[0] == value.Long || types[0] == value.Timespan) && types[1] == value.Long && c.I > 0:
		return bin("//", args[0], args[1]), true
	}
	return nil, false
}

// floorMod is the remainder that is never negative; n is above 0 and below 2^62.
func floorMod(x sql.Expr, n int64, never0 bool) sql.Expr {
	if never0 {
		return bin("%", x, sqlLong(n))
	}
	return bin("%", bin("+", bin("%", x, sqlLong(n)), sqlLong(n)), sqlLong(n))
}

func lowerModulo(_ sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	c, ok := constant(consts, 1)
	if !ok || !integral(types[0]) || types[0] == value.Datetime || types[1] != value.Long || c.I <= 0 || c.I >= 1<<62 {
		return nil, false
	}
	return floorMod(args[0], c.I, false), true
}

func lowerBin(_ sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	size, ok := constant(consts, 1)
	if !ok {
		return nil, false
	}
	x, t := args[0], types[0]
	switch {
	case t == value.Real && types[1] == value.Real && size.Real() > 0:
		return bin("*", call("floor", bin("/", x, args[1])), args[1]), true
	case !integral(t) || !integral(types[1]) || size.I <= 0 || size.I >= 1<<62:
		return nil, false
	case t == value.Datetime:
		return bin("-", x, floorMod(x, size.I, true)), true
	}
	rest := floorMod(x, size.I, false)
	return when1(bin(">=", x, bin("+", sqlLong(math.MinInt64), rest)), bin("-", x, rest), sqlNull(sql.Long)), true
}

// comparable says which types an engine compares for equality as Kusto does.
func comparable(t value.Type) bool {
	return integral(t) || t == value.Bool || t == value.String || t == value.GUID || t == value.Decimal
}

// lowerEquality lowers == and !=: of one null the answer is known, of two it is null. In DuckDB what is no number equals itself.
func lowerEquality(op string, ofOneNull bool) lowering {
	return func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
		if types[0] != types[1] {
			return nil, false
		}
		x := bin(op, args[0], args[1])
		_, leftKnown := constant(consts, 0)
		_, rightKnown := constant(consts, 1)
		switch t := types[0]; {
		case t == value.String:
			return x, true
		case !comparable(t) && !(t == value.Real && (leftKnown || rightKnown || d == sql.ClickHouse)):
			return nil, false
		case leftKnown || rightKnown:
			return orElse(x, sqlBool(ofOneNull)), true
		}
		both := bin("AND", sql.IsNull{X: args[0]}, sql.IsNull{X: args[1]})
		return orElse(x, when1(both, sqlNull(sql.Bool), sqlBool(ofOneNull))), true
	}
}

// lowerOrder lowers < <= > >=. DuckDB puts NaN above all numbers.
func lowerOrder(op string) lowering {
	return func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
		if types[0] != types[1] {
			return nil, false
		}
		if types[0] == value.Real {
			_, right := constant(consts, 1)
			return bin(op, args[0], args[1]), right && op[0] == '<' || d == sql.ClickHouse
		}
		return bin(op, args[0], args[1]), integral(types[0]) || types[0] == value.Bool
	}
}

// lowerBetween lowers whole numbers, and real ones between constants.
func lowerBetween(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	from, ok := constant(consts, 1)
	to, ok2 := constant(consts, 2)
	last := args[2]
	switch {
	case types[0] == value.Datetime && types[1] == value.Datetime && types[2] == value.Timespan && ok2:
		if !ok {
			if to.I <= -maxSpan || to.I >= maxSpan {
				return nil, false
			}
			last = inRange(bin("+", args[1], args[2]))
			break
		}
		end := value.Add(from, to)
		if end.Null {
			return nil, false
		}
		last = sqlLong(end.I)
	case types[0] != types[1] || types[0] != types[2] || !integral(types[0]) && (types[0] != value.Real || (!ok || !ok2) && d != sql.ClickHouse):
		return nil, false
	}
	return bin("AND", bin(">=", args[0], args[1]), bin("<=", args[0], last)), true
}

// maxSpan is a timespan that added to any datetime does not overflow.
const maxSpan = 1 << 62

func lowerLogic(op string) lowering {
	return func(_ sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
		x := args[0]
		for _, a := range args[1:] {
			x = bin(op, x, a)
		}
		return x, true
	}
}

func lowerNot(_ sql.Dialect, args []sql.Expr, _ []value.Type, _ []*value.Value) (sql.Expr, bool) {
	return sql.Not{X: args[0]}, true
}

// negated lowers the negation of what another lowering gives.
func negated(l lowering) lowering {
	return func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
		x, ok := l(d, args, types, consts)
		return sql.Not{X: x}, ok
	}
}
