package value

import (
	"encoding/binary"
	"math"
	"strings"
)

// Compare orders two values of one type: -1, 0 or 1. Nulls come first, then NaN, then the rest. Numbers of different types are compared
// as the wider of the two.
func Compare(a, b Value) int {
	a, b = a.Inner(), b.Inner()
	if a.Null || b.Null {
		return boolInt(b.Null && !a.Null) - boolInt(a.Null && !b.Null)
	}
	if a.T != b.T && a.T.Numeric() && b.T.Numeric() {
		t := Wider(a.T, b.T)
		if t == Real { // a long beyond 2^53 is not rounded
			return compareMixed(a, b)
		}
		a, b = Convert(a, t), Convert(b, t)
	}
	if a.T != b.T {
		return int(a.T) - int(b.T)
	}
	switch a.T {
	case Real:
		return compareReal(a.Real(), b.Real())
	case Decimal:
		return a.Rat().Cmp(b.Rat())
	case String, GUID:
		return strings.Compare(a.S, b.S)
	case Dynamic:
		return strings.Compare(a.Text(), b.Text())
	}
	switch {
	case a.I < b.I:
		return -1
	case a.I > b.I:
		return 1
	}
	return 0
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func compareReal(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	case x == y:
		return 0
	}
	return boolInt(math.IsNaN(y)) - boolInt(math.IsNaN(x))
}

// compareMixed compares a real with an integer exactly.
func compareMixed(a, b Value) int {
	if a.T != Real {
		return -compareMixed(b, a)
	}
	if b.T == Real {
		return compareReal(a.Real(), b.Real())
	}
	f := a.Real()
	switch {
	case math.IsNaN(f) || f < -9.3e18:
		return -1
	case f > 9.3e18:
		return 1
	}
	if c := compareReal(math.Floor(f), float64(b.I)); c != 0 {
		return c
	}
	if math.Floor(f) >= 1<<63 {
		return 1
	}
	switch n := int64(math.Floor(f)); {
	case n < b.I:
		return -1
	case n > b.I:
		return 1
	}
	return boolInt(f != math.Floor(f))
}

// Equal reports whether two values are the same: of one type after widening numbers; two nulls are equal, NaN equals nothing.
func Equal(a, b Value) bool {
	a, b = a.Inner(), b.Inner()
	if a.Null || b.Null {
		return a.Null && b.Null
	}
	if a.T == Dynamic && b.T == Dynamic {
		return string(AppendKey(nil, a)) == string(AppendKey(nil, b))
	}
	if a.T != b.T && !(a.T.Numeric() && b.T.Numeric()) {
		return false
	}
	if a.T == Real && math.IsNaN(a.Real()) || b.T == Real && math.IsNaN(b.Real()) {
		return false
	}
	return Compare(a, b) == 0
}

// AppendKey appends bytes that are equal exactly for values that belong into one group: of one type and equal, where nulls equal each
// other, NaN equals NaN and 0.0 equals -0.0. Keys of several values may be joined; none is the beginning of another.
func AppendKey(b []byte, v Value) []byte {
	v = v.Inner()
	if v.Null {
		return append(b, 0)
	}
	b = append(b, byte(v.T)+1)
	switch v.T {
	case String, GUID:
		b = binary.AppendUvarint(b, uint64(len(v.S)))
		return append(b, v.S...)
	case Real:
		f := v.Real()
		switch {
		case f == 0:
			f = 0
		case math.IsNaN(f):
			f = math.NaN()
		}
		return binary.BigEndian.AppendUint64(b, math.Float64bits(f))
	case Decimal:
		s := DecimalText(v.Rat())
		b = binary.AppendUvarint(b, uint64(len(s)))
		return append(b, s...)
	case Dynamic:
		switch x := v.X.(type) {
		case Array:
			b = binary.AppendUvarint(append(b, 'a'), uint64(len(x)))
			for _, e := range x {
				b = AppendKey(b, e)
			}
		case *Bag:
			b = binary.AppendUvarint(append(b, 'b'), uint64(len(x.Keys)))
			for i, k := range x.Keys {
				b = binary.AppendUvarint(b, uint64(len(k)))
				b = append(b, k...)
				b = AppendKey(b, x.Vals[i])
			}
		}
		return b
	}
	return binary.BigEndian.AppendUint64(b, uint64(v.I))
}

// Wider gives the type to which two numeric types (or two equal types) are converted before they meet: int < long < real < decimal.
func Wider(a, b Type) Type {
	if a > b {
		return a
	}
	return b
}
