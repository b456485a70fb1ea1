package value

import (
	"math/big"
	"strings"
)

// DecimalDigits is the precision of a decimal: 34 significant digits, as IEEE 754 decimal128.
const DecimalDigits = 34

// maxDecimalExp bounds a decimal's magnitude: values of 10^maxDecimalExp and more are refused.
const maxDecimalExp = 6144

// Rat gives the decimal's value; it must not be asked of a null or of another type. It must not be changed.
func (v Value) Rat() *big.Rat { return v.X.(*big.Rat) }

// ParseDecimal reads a decimal: an optional sign, digits with a point, an optional exponent.
func ParseDecimal(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 8192 {
		return nil, false
	}
	mantissa, exp, hasExp := strings.Cut(strings.ToLower(s), "e")
	if hasExp {
		digits := strings.TrimLeft(exp, "+-")
		if digits == "" || len(digits) > 4 || len(exp)-len(digits) > 1 {
			return nil, false
		}
	}
	body := strings.TrimLeft(mantissa, "+-")
	if len(mantissa)-len(body) > 1 || strings.Trim(body, "0123456789.") != "" || strings.Count(body, ".") > 1 || body == "." || body == "" {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, false
	}
	return RoundDecimal(r)
}

var ten = big.NewInt(10)

func pow10(n int) *big.Int { return new(big.Int).Exp(ten, big.NewInt(int64(n)), nil) }

// RoundDecimal rounds r to 34 significant digits, halves to even, and says whether it is within a decimal's range. r may be changed.
func RoundDecimal(r *big.Rat) (*big.Rat, bool) {
	if r.Sign() == 0 {
		return r, true
	}
	exp := decimalExponent(r)
	if exp >= maxDecimalExp {
		return nil, false
	}
	if exp < -maxDecimalExp {
		return new(big.Rat), true
	}
	shift := DecimalDigits - 1 - exp // r * 10^shift has 34 digits before the point
	num, den := new(big.Int).Set(r.Num()), new(big.Int).Set(r.Denom())
	if shift > 0 {
		num.Mul(num, pow10(shift))
	} else {
		den.Mul(den, pow10(-shift))
	}
	q, rem := new(big.Int).QuoRem(num, den, new(big.Int))
	if rem.Sign() == 0 {
		return r, true
	}
	rem.Abs(rem).Lsh(rem, 1)
	if c := rem.Cmp(den); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(int64(num.Sign())))
	}
	out := new(big.Rat).SetInt(q)
	if shift > 0 {
		out.Quo(out, new(big.Rat).SetInt(pow10(shift)))
	} else {
		out.Mul(out, new(big.Rat).SetInt(pow10(-shift)))
	}
	return out, true
}

// decimalExponent gives e with 10^e <= |r| < 10^(e+1); r is not 0.
func decimalExponent(r *big.Rat) int {
	num, den := new(big.Int).Abs(r.Num()), r.Denom()
	e := len(num.String()) - len(den.String())
	if e >= 0 {
		if num.Cmp(new(big.Int).Mul(den, pow10(e))) < 0 {
			e--
		}
	} else if new(big.Int).Mul(num, pow10(-e)).Cmp(den) < 0 {
		e--
	}
	return e
}

// DecimalText gives the canonical text of a decimal: plain digits without zeros at the end of the fraction.
func DecimalText(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	places := DecimalDigits - 1 - decimalExponent(r)
	if places < 1 {
		places = 1
	}
	return strings.TrimRight(strings.TrimRight(r.FloatString(places), "0"), ".")
}
