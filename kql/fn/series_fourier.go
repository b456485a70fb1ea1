package fn

import (
	"math"
	mathbits "math/bits"
	"math/cmplx"

	"github.com/vedette-siem/vedette/kql/value"
)

// transformSeries gives the discrete Fourier transform of a series with its imaginary part, or the inverse.
func transformSeries(inverse bool) func(args []value.Value) value.Value {
	return func(args []value.Value) value.Value {
		re, ok := numbers(args[0])
		im := make([]float64, len(re))
		if ok && len(args) > 1 && !args[1].Null {
			im, ok = numbers(args[1])
		}
		if !ok || len(im) != len(re) {
			return nullTuple(2)
		}
		x := make([]complex128, len(re))
		for i := range x {
			x[i] = complex(re[i], im[i])
		}
		y := fourier(x, inverse)
		outRe, outIm := make([]float64, len(y)), make([]float64, len(y))
		for i, c := range y {
			if inverse {
				c /= complex(float64(len(y)), 0)
			}
			outRe[i], outIm[i] = real(c), imag(c)
		}
		return value.OfArray(value.Array{realArray(outRe), realArray(outIm)})
	}
}

// fourier gives the sums of x[k]·exp(∓2πi·jk/n), without the inverse's division by n.
func fourier(x []complex128, inverse bool) []complex128 {
	n := len(x)
	if n < 2 {
		return append([]complex128(nil), x...)
	}
	if n&(n-1) == 0 {
		y := append([]complex128(nil), x...)
		fourierPower2(y, inverse)
		return y
	}
	// Bluestein: the transform of any length as a convolution, which powers of 2 can do
	m := 1 << mathbits.Len(uint(2*n-1))
	a, b, chirp := make([]complex128, m), make([]complex128, m), make([]complex128, n)
	for i := range x {
		chirp[i] = turn(float64(i*i%(2*n))/float64(2*n), inverse)
		a[i] = x[i] * chirp[i]
		b[i] = cmplx.Conj(chirp[i])
		if i > 0 {
			b[m-i] = b[i]
		}
	}
	fourierPower2(a, false)
	fourierPower2(b, false)
	for i := range a {
		a[i] *= b[i]
	}
	fourierPower2(a, true)
	for i := range chirp {
		chirp[i] *= a[i] / complex(float64(m), 0)
	}
	return chirp
}

// turn is exp(∓2πi·part).
func turn(part float64, inverse bool) complex128 {
	sin, cos := math.Sincos(2 * math.Pi * part)
	if !inverse {
		sin = -sin
	}
	return complex(cos, sin)
}

// fourierPower2 transforms in place, for lengths that are a power of 2.
func fourierPower2(x []complex128, inverse bool) {
	n := len(x)
	shift := 64 - mathbits.Len(uint(n-1))
	for i := range x {
		if j := int(mathbits.Reverse64(uint64(i)) >> shift); j > i {
			x[i], x[j] = x[j], x[i]
		}
	}
	w := make([]complex128, n/2)
	for i := range w {
		w[i] = turn(float64(i)/float64(n), inverse)
	}
	for size := 2; size <= n; size *= 2 {
		half, step := size/2, n/size
		for at := 0; at < n; at += size {
			for k := range half {
				u, v := x[at+k], x[at+k+half]*w[k*step]
				x[at+k], x[at+k+half] = u+v, u-v
			}
		}
	}
}
