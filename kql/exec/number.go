package exec

import (
	"math"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// number computes an expression whose type lies in a value's I alone: the I, and whether it is null. Arithmetic and comparisons of
// numbers and times are compiled to it, because a value is six machine words and most of their time would go into copying those.
// The meaning of every operation is that of its function's own evaluation.
type number func(row Row) (i int64, null bool)

// isNumber tells the types that lie in I.
func isNumber(t value.Type) bool { return t == value.Real || isWhole(t) }

// isWhole tells the types of which I is the value itself.
func isWhole(t value.Type) bool {
	return t == value.Bool || t == value.Int || t == value.Long || t == value.Datetime || t == value.Timespan
}

// numberCall compiles a call that can be computed on numbers; n is nil for any other.
func (x *Executor) numberCall(e *plan.Call, s scope) (n number, err error) {
	build := numberOp(e)
	if build == nil {
		return nil, nil
	}
	args := []number{}
	for _, a := range e.Args {
		arg, err := x.number(a, s)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	n = build(args)
	if isConst(e) {
		i, null := n(nil)
		return func(Row) (int64, bool) { return i, null }, nil
	}
	return n, nil
}

// number compiles an expression of a number's type.
func (x *Executor) number(e plan.Expr, s scope) (number, error) {
	t := e.Type()
	if c, ok := e.(*plan.Call); ok {
		if n, err := x.numberCall(c, s); n != nil || err != nil {
			return n, err
		}
	}
	if r, ok := e.(*plan.Ref); ok {
		if at, ok := s[r.ID]; ok {
			return func(row Row) (int64, bool) { return numberIn(&row[at], t) }, nil
		}
	}
	f, err := x.expr(e, s)
	if err != nil {
		return nil, err
	}
	return func(row Row) (int64, bool) {
		v := f(row)
		return numberIn(&v, t)
	}, nil
}

// numberIn gives v, an expression of type t.
func numberIn(v *value.Value, t value.Type) (int64, bool) {
	if v.T == t || v.Null {
		return v.I, v.Null
	}
	c := value.Convert(*v, t)
	return c.I, c.Null
}

// asValue makes a value of type t of a number.
func (n number) asValue(t value.Type) eval {
	null := value.NullOf(t)
	return func(row Row) value.Value {
		i, isNull := n(row)
		if isNull {
			return null
		}
		return value.Value{T: t, I: i}
	}
}

// choice compiles case and iff.
func (x *Executor) choice(e *plan.Call, s scope) (eval, error) {
	var tests []number
	var results []eval
	last := len(e.Args) - 1
	for i, a := range e.Args {
		if i%2 == 0 && i < last {
			n, err := x.number(a, s)
			if err != nil {
				return nil, err
			}
			tests = append(tests, n)
			continue
		}
		f, err := x.expr(a, s)
		if err != nil {
			return nil, err
		}
		results = append(results, f)
	}
	return func(row Row) value.Value {
		for i, test := range tests {
			if yes, null := test(row); !null && yes != 0 {
				return results[i](row)
			}
		}
		return results[len(tests)](row)
	}, nil
}

// isChoice tells calls of case and iff whose conditions are bools.
func isChoice(e *plan.Call) bool {
	if e.Fn.Name != "case" && e.Fn.Name != "iff" && e.Fn.Name != "iif" || len(e.Args)%2 == 0 {
		return false
	}
	for i := 0; i < len(e.Args)-1; i += 2 {
		if e.Args[i].Type() != value.Bool {
			return false
		}
	}
	return true
}

// numberOp gives what makes the computation of a call from those of its arguments, or nil where it cannot be done on numbers.
func numberOp(e *plan.Call) func(args []number) number {
	for _, a := range e.Args {
		if !isNumber(a.Type()) {
			return nil
		}
	}
	switch op := e.Fn.Name; op {
	case "and", "or":
		for _, a := range e.Args {
			if a.Type() != value.Bool {
				return nil
			}
		}
		return func(args []number) number { return logic(args, op == "or") }
	case "between":
		if len(e.Args) != 3 || !alike(e.Args[0], e.Args[1]) || !alike(e.Args[0], e.Args[2]) {
			return nil
		}
		isReal := e.Args[0].Type() == value.Real
		return func(args []number) number {
			low, high := compare(">=", isReal, args[0], args[1]), compare("<=", isReal, args[0], args[2])
			return logic([]number{low, high}, false)
		}
	}
	if len(e.Args) != 2 {
		return nil
	}
	a, b := e.Args[0].Type(), e.Args[1].Type()
	switch op := e.Fn.Name; op {
	case "==", "!=", "<", "<=", ">", ">=":
		if !alike(e.Args[0], e.Args[1]) {
			return nil
		}
		return func(args []number) number { return compare(op, a == value.Real, args[0], args[1]) }
	case "+", "-", "*", "/", "%":
		if e.T != value.ArithType(op[0], a, b) {
			return nil
		}
		if a == value.Real && b == value.Real && op != "%" {
			return func(args []number) number { return realArithmetic(op, args[0], args[1]) }
		}
		if isWhole(a) && isWhole(b) && wholeArithmetic(op, a, b) {
			return func(args []number) number { return arithmetic(op, e.T == value.Datetime, args[0], args[1]) }
		}
	case "bin", "floor":
		if wholeBin(e.T, a, b) {
			return func(args []number) number { return bin(e.T == value.Datetime, args[0], args[1]) }
		}
	}
	return nil
}

// alike tells whether two expressions' numbers can be compared as they are.
func alike(a, b plan.Expr) bool {
	s, t := a.Type(), b.Type()
	return s == t || (s == value.Int || s == value.Long) && (t == value.Int || t == value.Long)
}

// wholeArithmetic tells the operations that are those of 64-bit integers.
func wholeArithmetic(op string, a, b value.Type) bool {
	number := func(t value.Type) bool { return t == value.Int || t == value.Long }
	time := func(t value.Type) bool { return t == value.Datetime || t == value.Timespan }
	switch op {
	case "+", "-":
		return number(a) && number(b) || time(a) && time(b)
	case "*":
		return number(a) && number(b) || number(a) && b == value.Timespan || a == value.Timespan && number(b)
	}
	return number(a) && number(b)
}

// wholeBin tells the bins of 64-bit integers.
func wholeBin(t, a, b value.Type) bool {
	if a == value.Datetime || a == value.Timespan {
		return t == a && b == value.Timespan
	}
	return (a == value.Int || a == value.Long) && (b == value.Int || b == value.Long) && t == value.Long
}

// arithmetic computes op on integers; a datetime that leaves its range, and anything divided by zero, is null.
func arithmetic(op string, datetime bool, a, b number) number {
	return func(row Row) (int64, bool) {
		i, null := a(row)
		j, null2 := b(row)
		if null || null2 {
			return 0, true
		}
		switch op {
		case "+":
			i += j
		case "-":
			i -= j
		case "*":
			i *= j
		case "%":
			if j == 0 || j == math.MinInt64 { // the least has no absolute value
				v := value.Mod(value.OfLong(i), value.OfLong(j))
				return v.I, v.Null
			}
			i = value.FloorMod(i, max(j, -j))
		default:
			if j == 0 {
				return 0, true
			}
			i /= j
		}
		return i, datetime && (i < value.MinTicks || i > value.MaxTicks)
	}
}

func realArithmetic(op string, a, b number) number {
	return func(row Row) (int64, bool) {
		i, null := a(row)
		j, null2 := b(row)
		if null || null2 {
			return 0, true
		}
		x, y := math.Float64frombits(uint64(i)), math.Float64frombits(uint64(j))
		switch op {
		case "+":
			x += y
		case "-":
			x -= y
		case "*":
			x *= y
		default:
			x /= y
		}
		return int64(math.Float64bits(x)), false
	}
}

// compare makes a comparison: null where a side is (== and != only where both are), and false for NaN (but for !=).
func compare(op string, isReal bool, a, b number) number {
	equality := op == "==" || op == "!="
	return func(row Row) (int64, bool) {
		i, null := a(row)
		j, null2 := b(row)
		if null || null2 {
			return oneIf(op == "!="), null == null2 || !equality
		}
		if isReal {
			return oneIf(holds(op, math.Float64frombits(uint64(i)), math.Float64frombits(uint64(j)))), false
		}
		return oneIf(holds(op, i, j)), false
	}
}

func holds[T int64 | float64](op string, a, b T) bool {
	switch op {
	case "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

func oneIf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// logic is and, or or: the first argument that decides ends it, else a null makes it null.
func logic(args []number, or bool) number {
	decides := oneIf(or)
	return func(row Row) (int64, bool) {
		sawNull := false
		for _, a := range args {
			if i, null := a(row); null {
				sawNull = true
			} else if oneIf(i != 0) == decides {
				return decides, false
			}
		}
		return 1 - decides, sawNull
	}
}

// bin rounds down to a multiple of the size.
func bin(datetime bool, a, b number) number {
	return func(row Row) (int64, bool) {
		i, null := a(row)
		size, null2 := b(row)
		if null || null2 || size <= 0 {
			return 0, true
		}
		m := value.FloorMod(i, size)
		if i < math.MinInt64+m {
			return 0, true
		}
		i -= m
		return i, datetime && (i < value.MinTicks || i > value.MaxTicks)
	}
}
