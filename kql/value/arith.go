package value

import (
	"math"
	"math/big"
)

// Add, Sub, Mul, Div and Mod are Kusto's arithmetic on two values of the types that the operators accept (numbers of one type, timespans,
// datetimes with timespans). A null on either side gives null; long arithmetic wraps around as 64-bit integers do; a datetime that
// leaves its range, and a whole number divided by zero, become null.
func Add(a, b Value) Value { return arith('+', a, b) }

// Sub is a - b.
func Sub(a, b Value) Value { return arith('-', a, b) }

// Mul is a * b.
func Mul(a, b Value) Value { return arith('*', a, b) }

// Div is a / b: long division truncates, timespan / timespan is real.
func Div(a, b Value) Value { return arith('/', a, b) }

// Mod is the mathematical remainder: it lies within [0, |b|).
func Mod(a, b Value) Value { return arith('%', a, b) }

// ArithType gives the type of a op b, Unknown where the operator is not defined for the types.
func ArithType(op byte, a, b Type) Type {
	if a.Numeric() && b.Numeric() {
		return max(Wider(a, b), Long)
	}
	spanA, spanB := a == Timespan, b == Timespan
	timeA, timeB := a == Datetime, b == Datetime
	switch op {
	case '+':
		if spanA && spanB {
			return Timespan
		}
		if timeA && spanB || spanA && timeB || timeA && timeB {
			return Datetime
		}
	case '-':
		if spanA && spanB || timeA && timeB {
			return Timespan
		}
		if timeA && spanB || spanA && timeB {
			return Datetime
		}
	case '*':
		if (spanA || timeA) && b.Numeric() {
			return a
		}
		if (spanB || timeB) && a.Numeric() {
			return b
		}
		if spanA && spanB {
			return Timespan
		}
	case '/':
		if (spanA || timeA) && b.Numeric() {
			return a
		}
		if spanA && spanB || timeA && (timeB || spanB) {
			return Real
		}
	case '%':
		if (spanA || timeA) && b.Numeric() {
			return a
		}
		if spanA && spanB || timeA && (timeB || spanB) {
			return Timespan
		}
	}
	return Unknown
}

func arith(op byte, a, b Value) Value {
	t := ArithType(op, a.T, b.T)
	if a.Null || b.Null || t == Unknown {
		return NullOf(t)
	}
	if a.T.Numeric() && b.T.Numeric() {
		a, b = Convert(a, t), Convert(b, t)
		switch t {
		case Real:
			return OfReal(arithReal(op, a.Real(), b.Real()))
		case Decimal:
			return arithDecimal(op, a.Rat(), b.Rat())
		}
		return arithLong(op, t, a.I, b.I)
	}
	switch {
	case (op == '*' || op == '/') && a.T.Numeric():
		return scale(op, t, b, a)
	case (op == '*' || op == '/') && b.T.Numeric():
		return scale(op, t, a, b)
	case op == '/':
		return OfReal(float64(a.I) / float64(b.I))
	}
	return arithLong(op, t, a.I, Convert(b, Long).I)
}

// scale multiplies or divides ticks by a number.
func scale(op byte, t Type, ticks, n Value) Value {
	if n.T == Int || n.T == Long {
		return arithLong(op, t, ticks.I, n.I)
	}
	f := arithReal(op, float64(ticks.I), Convert(n, Real).Real())
	i, ok := truncate(f)
	if !ok {
		return NullOf(t)
	}
	return ranged(t, i)
}

func ranged(t Type, i int64) Value {
	if t == Datetime && (i < MinTicks || i > MaxTicks) {
		return NullOf(t)
	}
	return Value{T: t, I: i}
}

func arithLong(op byte, t Type, x, y int64) Value {
	var n int64
	switch op {
	case '+':
		n = x + y
	case '-':
		n = x - y
	case '*':
		n = x * y
	case '/':
		if y == 0 {
			return NullOf(t)
		}
		n = x / y
	default:
		if y == 0 {
			return NullOf(t)
		}
		if y == math.MinInt64 { // has no absolute value
			if x >= 0 {
				n = x
			} else if x != y {
				n = x - y
			}
			break
		}
		n = FloorMod(x, max(y, -y))
	}
	return ranged(t, n)
}

func arithReal(op byte, x, y float64) float64 {
	switch op {
	case '+':
		return x + y
	case '-':
		return x - y
	case '*':
		return x * y
	case '/':
		return x / y
	}
	m := math.Mod(x, y)
	if m < 0 {
		m += math.Abs(y)
	}
	return m
}

func arithDecimal(op byte, x, y *big.Rat) Value {
	r := new(big.Rat)
	switch op {
	case '+':
		r.Add(x, y)
	case '-':
		r.Sub(x, y)
	case '*':
		r.Mul(x, y)
	case '/':
		if y.Sign() == 0 {
			return NullOf(Decimal)
		}
		r.Quo(x, y)
	default:
		if y.Sign() == 0 {
			return NullOf(Decimal)
		}
		d := new(big.Rat).Abs(y)
		r.Sub(x, d.Mul(d, new(big.Rat).SetInt(floorRat(new(big.Rat).Quo(x, d)))))
	}
	return ofDecimal(r)
}

func ofDecimal(r *big.Rat) Value {
	r, ok := RoundDecimal(r)
	if !ok {
		return NullOf(Decimal)
	}
	return OfDecimal(r)
}

// floorRat gives the largest integer that is not above r.
func floorRat(r *big.Rat) *big.Int {
	q, _ := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int)) // Euclidean: with a positive denominator that is the floor
	return q
}

// Neg is -v.
func Neg(v Value) Value {
	if v.Null {
		return NullOf(v.T)
	}
	switch v.T {
	case Int, Long:
		return OfLong(-v.I)
	case Real:
		return OfReal(-v.Real())
	case Decimal:
		return OfDecimal(new(big.Rat).Neg(v.Rat()))
	}
	return ranged(v.T, -v.I)
}

// Bin rounds v down to a multiple of size, counted from zero (a datetime's zero is 0001-01-01, so weeks begin on Mondays).
// A null, a zero or a negative size, and a result below the range of 64 bits, give null. Numbers come back as the wider of the two types (an int as a long).
func Bin(v, size Value) Value {
	t := v.T
	if v.T.Numeric() {
		if !size.T.Numeric() {
			return NullOf(t)
		}
		t = max(Wider(v.T, size.T), Long)
		v, size = Convert(v, t), Convert(size, t)
	}
	if v.Null || size.Null {
		return NullOf(t)
	}
	switch t {
	case Real:
		f := size.Real()
		if !(f > 0) {
			return NullOf(t)
		}
		return OfReal(math.Floor(v.Real()/f) * f)
	case Decimal:
		if size.Rat().Sign() <= 0 {
			return NullOf(t)
		}
		n := floorRat(new(big.Rat).Quo(v.Rat(), size.Rat()))
		return ofDecimal(new(big.Rat).Mul(new(big.Rat).SetInt(n), size.Rat()))
	}
	if size.I <= 0 {
		return NullOf(t)
	}
	m := FloorMod(v.I, size.I)
	if v.I < math.MinInt64+m {
		return NullOf(t)
	}
	return ranged(t, v.I-m)
}
