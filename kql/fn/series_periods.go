package fn

import "math"

// shortestPeriod is the shortest period that is looked for; the longest is half of the series.
const shortestPeriod = 4

// Kusto does not say how it scores a period. Where its score is known it lies above the autocorrelation at the period's lag, by an eighth
// and more; so an autocorrelation that is clearlyPeriod of the threshold is a period, and one below clearlyNone of it is none. Between the
// two nothing is decided.
const (
	clearlyNone   = 0.57
	clearlyPeriod = 0.84
)

// seasonalPeriod finds the period of a series by the strongest peak of its autocorrelation, 0 where it clearly has none. It refuses
// where that is close to the threshold.
func seasonalPeriod(x []float64, threshold float64) int {
	if len(x) < 2*shortestPeriod {
		return 0
	}
	r := autocorrelation(x)
	best, score := 0, 0.0
	for lag := shortestPeriod; lag <= len(x)/2; lag++ {
		if r[lag] > score && r[lag] >= r[lag-1] && r[lag] >= r[lag+1] {
			best, score = lag, r[lag]
		}
	}
	switch {
	case score < clearlyNone*threshold:
		return 0
	case score < clearlyPeriod*threshold:
		refuse("whether a series has the period %d cannot be told as Kusto does; give the period in bins, or 0 for none, instead of -1", best)
	}
	return best
}

// autocorrelation gives the products of a series without its linear trend with itself at each lag, over the product at lag 0; zeros
// for a series that is a line.
func autocorrelation(x []float64) []float64 {
	fit := lineFit(fitLine(x), len(x))
	size := 1
	for size < 2*len(x) {
		size *= 2
	}
	c := make([]complex128, size)
	largest := 0.0
	for i := range x {
		c[i] = complex(x[i]-fit[i], 0)
		largest = max(largest, math.Abs(x[i]))
	}
	fourierPower2(c, false)
	for i, f := range c {
		c[i] = complex(real(f)*real(f)+imag(f)*imag(f), 0)
	}
	fourierPower2(c, true)
	out := make([]float64, len(x))
	whole := real(c[0]) / float64(size)
	if !(whole > 1e-20*largest*largest*float64(len(x))) {
		return out
	}
	for i := range out {
		out[i] = real(c[i]) / float64(size) / whole
	}
	return out
}
