package fn

import (
	"math"
	"slices"

	"github.com/vedette-siem/vedette/kql/value"
)

// maxDegree is the highest degree of series_fit_poly.
const maxDegree = 100

// evalFitPoly fits a polynomial; the points lie at the numbers of the second argument, or at 1, 2, 3 …
func evalFitPoly(y []float64, args []value.Value) value.Value {
	x := make([]float64, len(y))
	for i := range x {
		x[i] = float64(i + 1)
	}
	if len(args) > 0 && !args[0].Null {
		var ok bool
		if x, ok = numbers(args[0]); !ok || len(x) != len(y) {
			return nullTuple(5)
		}
	}
	degree := intArg(args, 1, 1)
	if degree < 0 || degree >= len(y) {
		return nullTuple(5)
	}
	if degree > maxDegree {
		refuse("series_fit_poly(): the degree may be up to %d", maxDegree)
	}
	// between -1 and 1 the powers of x stay apart, wherever the points lie
	center, half := middleOf(x)
	t := make([]float64, len(x))
	for i, f := range x {
		t[i] = (f - center) / half
	}
	inT, ok := fitPolynomial(t, y, degree)
	if !ok {
		return nullTuple(5)
	}
	fit := make([]float64, len(x))
	for i, f := range t {
		for _, k := range inT {
			fit[i] = fit[i]*f + k
		}
	}
	c := substitute(inT, center, half)
	variance, rest := spreadOf(y), 0.0
	for i := range y {
		rest += (y[i] - fit[i]) * (y[i] - fit[i])
	}
	rvariance, rsquare := 0.0, 1.0
	if len(y) > 1 {
		rvariance = rest / float64(len(y)-1)
	}
	if variance > 0 {
		rsquare = 1 - rvariance/variance
	}
	return value.OfArray(value.Array{value.OfReal(rsquare), realArray(c), value.OfReal(variance), value.OfReal(rvariance), realArray(fit)})
}

// middleOf gives the middle of the smallest and the largest number, and half their distance (1 where that is 0).
func middleOf(x []float64) (center, half float64) {
	low, high := slices.Min(x), slices.Max(x)
	if half = (high - low) / 2; half == 0 {
		half = 1
	}
	return low + (high-low)/2, half
}

// substitute gives the coefficients in x of a polynomial in (x-center)/half, that of the highest power first.
func substitute(c []float64, center, half float64) []float64 {
	out := []float64{0}
	for _, k := range c {
		// out·(x-center)/half + k
		next := make([]float64, len(out)+1)
		for i, o := range out {
			next[i] += o / half
			next[i+1] -= o / half * center
		}
		next[len(next)-1] += k
		out = next
	}
	return out[len(out)-len(c):]
}

// fitPolynomial gives the coefficients, that of the highest power first, by Householder's method on columns scaled to length 1. It
// is false where the points do not decide them.
func fitPolynomial(x, y []float64, degree int) ([]float64, bool) {
	n, m := len(x), degree+1
	cols, scale := make([][]float64, m), make([]float64, m)
	for j := range cols {
		cols[j] = make([]float64, n)
		for i := range x {
			cols[j][i] = math.Pow(x[i], float64(degree-j))
		}
		if scale[j] = math.Sqrt(dot(cols[j], cols[j])); scale[j] == 0 || math.IsInf(scale[j], 0) || math.IsNaN(scale[j]) {
			return nil, false
		}
		for i := range cols[j] {
			cols[j][i] /= scale[j]
		}
	}
	rhs := append([]float64(nil), y...)
	diag := make([]float64, m)
	for j := range cols {
		v := cols[j][j:]
		norm := math.Sqrt(dot(v, v))
		if norm < 1e-14 {
			return nil, false
		}
		if v[0] > 0 {
			norm = -norm
		}
		diag[j] = norm
		v[0] -= norm
		vv := dot(v, v)
		for k := j + 1; k < m; k++ {
			reflect(cols[k][j:], v, vv)
		}
		reflect(rhs[j:], v, vv)
	}
	c := make([]float64, m)
	for j := m - 1; j >= 0; j-- {
		sum := rhs[j]
		for k := j + 1; k < m; k++ {
			sum -= cols[k][j] * c[k]
		}
		c[j] = sum / diag[j]
	}
	for j := range c {
		c[j] /= scale[j]
	}
	return c, true
}

// reflect mirrors u at the plane to which v is normal.
func reflect(u, v []float64, vv float64) {
	f := 2 * dot(u, v) / vv
	for i := range v {
		u[i] -= f * v[i]
	}
}

// spreadOf is the variance of a sample, 0 of a single value.
func spreadOf(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	m, squares := mean(x), 0.0
	for _, f := range x {
		squares += (f - m) * (f - m)
	}
	return squares / float64(len(x)-1)
}
