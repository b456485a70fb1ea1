package value

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"sync"
)

// Kusto writes the reals within arrays and property bags by an algorithm (F. Loitsch, "Printing Floating-Point Numbers Quickly and Accurately
// with Integers", 2010: Grisu2) that nearly always finds the shortest digits, but of several equally short ones the highest rather than the
// nearest: 40.764323000000008 where other programs write 40.764323000000005. Both read back the same.

// scaled is f·2^e.
type scaled struct {
	f uint64
	e int
}

func (a scaled) normal() scaled {
	n := bits.LeadingZeros64(a.f)
	return scaled{a.f << n, a.e - n}
}

func (a scaled) times(b scaled) scaled {
	high, low := bits.Mul64(a.f, b.f)
	return scaled{high + low>>63, a.e + b.e + 64}
}

// The powers of ten that numbers are scaled with lie eight decimal places apart.
const (
	firstPower = -348
	powerStep  = 8
	powers     = 87
)

var powersOfTen = sync.OnceValue(func() *[powers]scaled {
	var out [powers]scaled
	for i := range out {
		n := firstPower + powerStep*i
		f := new(big.Float).SetPrec(2000).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil))
		if n < 0 {
			f.Quo(big.NewFloat(1).SetPrec(2000), f)
		}
		exp := f.MantExp(f) // 0.5 ≤ f < 1
		f.SetMantExp(f, 64)
		whole, _ := f.Add(f, big.NewFloat(0.5)).Int(nil)
		out[i] = scaled{whole.Uint64(), exp - 64}
	}
	return &out
})

// powerFor gives a power of ten that brings a number of the binary exponent e to between 2^-60 and 2^-32, and its negative decimal exponent.
func powerFor(e int) (p scaled, exp int) {
	const decimalsPerBit = 0.30102999566398114
	k := int(math.Ceil(float64(-61-e)*decimalsPerBit + 347))
	i := k>>3 + 1
	return powersOfTen()[i], -(firstPower + powerStep*i)
}

// maxRounded is from how many digits behind the point on the last digit is left as high as it may be.
const maxRounded = 9

// grisuDigits gives the digits of a positive number, and the power of ten of the last one.
func grisuDigits(f float64) (digits []byte, exp int) {
	raw := math.Float64bits(f)
	v := scaled{raw & (1<<52 - 1), -1074}
	if e := int(raw >> 52); e > 0 {
		v = scaled{v.f | 1<<52, e - 1075}
	}
	above := scaled{v.f<<1 + 1, v.e - 1}.normal()
	below := scaled{v.f<<1 - 1, v.e - 1}
	if v.f == 1<<52 {
		below = scaled{v.f<<2 - 1, v.e - 2}
	}
	below = scaled{below.f << (below.e - above.e), above.e}
	power, exp := powerFor(above.e)
	w, high, low := v.normal().times(power), above.times(power), below.times(power)
	low.f++
	high.f--
	delta, distance := high.f-low.f, high.f-w.f
	point := uint(-high.e)
	whole, rest := high.f>>point, high.f&(1<<point-1)
	for unit := tenTo(len(strconv.FormatUint(whole, 10)) - 1); unit > 0; unit /= 10 {
		digits = appendDigit(digits, whole/unit)
		whole %= unit
		if left := whole<<point + rest; left <= delta {
			lowerLast(digits, delta, left, unit<<point, distance)
			return digits, exp + len(strconv.FormatUint(unit, 10)) - 1
		}
	}
	for behind := 1; ; behind++ {
		rest *= 10
		delta *= 10
		digits = appendDigit(digits, rest>>point)
		rest &= 1<<point - 1
		if rest < delta {
			if behind < maxRounded {
				lowerLast(digits, delta, rest, 1<<point, distance*tenTo(behind))
			}
			return digits, exp - behind
		}
	}
}

func tenTo(n int) uint64 {
	out := uint64(1)
	for range n {
		out *= 10
	}
	return out
}

// appendDigit leaves out zeros at the beginning.
func appendDigit(digits []byte, d uint64) []byte {
	if d == 0 && len(digits) == 0 {
		return digits
	}
	return append(digits, '0'+byte(d))
}

// lowerLast brings the last digit as near to the number as it goes.
func lowerLast(digits []byte, delta, rest, unit, distance uint64) {
	for rest < distance && delta-rest >= unit && (rest+unit < distance || distance-rest > rest+unit-distance) {
		digits[len(digits)-1]--
		rest += unit
	}
}

// appendNested appends a finite real that stands in an array or a bag.
func appendNested(b []byte, f float64) []byte {
	if f == 0 {
		return AppendReal(b, f)
	}
	digits, exp := grisuDigits(math.Abs(f))
	top := exp + len(digits) - 1 // the power of ten of the first digit
	if f < 0 {
		b = append(b, '-')
	}
	zeros := func(n int) {
		for range n {
			b = append(b, '0')
		}
	}
	switch {
	case top < leastPlain || top > mostPlain:
		b = append(b, digits[0])
		if len(digits) > 1 {
			b = append(append(b, '.'), digits[1:]...)
		}
		return strconv.AppendInt(append(b, 'e'), int64(top), 10)
	case top < 0:
		b = append(b, "0."...)
		zeros(-top - 1)
		return append(b, digits...)
	case exp >= 0:
		b = append(b, digits...)
		zeros(exp)
		return append(b, ".0"...)
	}
	b = append(b, digits[:top+1]...)
	return append(append(b, '.'), digits[top+1:]...)
}
