package fn

import (
	"math"
	"math/cmplx"

	"github.com/vedette-siem/vedette/kql/value"
)

// fft gives the discrete Fourier transform of any length: by halves while the length is even, directly for what is left.
func fft(x []complex128, inverse bool) []complex128 {
	n := len(x)
	if n <= 1 {
		return append([]complex128(nil), x...)
	}
	sign := -2 * math.Pi / float64(n)
	if inverse {
		sign = -sign
	}
	out := make([]complex128, n)
	if n%2 != 0 {
		for k := range out {
			for j, v := range x {
				out[k] += v * cmplx.Rect(1, sign*float64(k*j%n))
			}
		}
		return out
	}
	even, odd := make([]complex128, n/2), make([]complex128, n/2)
	for i := range even {
		even[i], odd[i] = x[2*i], x[2*i+1]
	}
	even, odd = fft(even, inverse), fft(odd, inverse)
	for k := range even {
		t := cmplx.Rect(1, sign*float64(k)) * odd[k]
		out[k], out[k+n/2] = even[k]+t, even[k]-t
	}
	return out
}

// maxFFT bounds the length of a transform, which costs its square where the length is odd.
const maxFFT = 1 << 14

func evalFFT(inverse bool) option {
	return pure(func(args []value.Value) value.Value {
		re, ok := numbers(args[0])
		if !ok || len(re) > maxFFT {
			return nullTuple(2)
		}
		im := make([]float64, len(re))
		if len(args) > 1 && !args[1].Null {
			if im, ok = numbers(args[1]); !ok || len(im) != len(re) {
				return nullTuple(2)
			}
		}
		x := make([]complex128, len(re))
		for i := range x {
			x[i] = complex(re[i], im[i])
		}
		y := fft(x, inverse)
		outRe, outIm := make([]float64, len(y)), make([]float64, len(y))
		for i, c := range y {
			if inverse {
				c /= complex(float64(len(y)), 0)
			}
			outRe[i], outIm[i] = real(c), imag(c)
		}
		return value.OfArray(value.Array{realArray(outRe), realArray(outIm)})
	})
}
