package fn

import (
	"cmp"
	"math"
	"slices"

	"github.com/vedette-siem/vedette/kql/value"
)

// shortestPeriod is the shortest period that is looked for; a series must hold a period more than twice.
const shortestPeriod = 4

// periodScores gives what Kusto calls the score of each period up to the one that is at least half of the series: the circular autocorrelation at that lag,
// stretched so that its least value is 0 and that at lag 0 is 1. Zeros for a series that is constant, none for one that is too short.
func periodScores(x []float64) []float64 {
	n := len(x)
	if n < 2*shortestPeriod {
		return nil
	}
	r := make([]float64, (n+1)/2+1)
	lags := autocorrelation(x)
	least := math.Inf(1)
	for lag := range r {
		r[lag] = lags[lag]
		if lag > 0 {
			r[lag] += lags[n-lag]
		}
		least = min(least, r[lag])
	}
	for lag := range r {
		if lags[0] == 0 {
			r[lag] = 0
		} else {
			r[lag] = (r[lag] - least) / (lags[0] - least)
		}
	}
	return r
}

// sameScore is how far rounding may part the scores of two lags that fit equally well; the shorter one counts.
const sameScore = 1e-10

// isPeriod is true where the score of a lag is the highest from half to one and a half of it, so that the small peaks around a period
// and its multiples are not periods themselves. The last lag that has a score is none: nothing tells whether a longer one is better.
func isPeriod(score []float64, lag int) bool {
	if lag < shortestPeriod || lag >= len(score)-1 || score[lag] <= 0 {
		return false
	}
	for i := lag - lag/2; i <= min(lag+lag/2, len(score)-1); i++ {
		if score[i] > score[lag]+sameScore || i < lag && score[i] >= score[lag]-sameScore {
			return false
		}
	}
	return true
}

// seasonalPeriod finds the period of a series with the highest score that reaches the threshold, 0 where it has none.
func seasonalPeriod(x []float64, threshold float64) int {
	score := periodScores(x)
	best := 0
	for lag := range score {
		if isPeriod(score, lag) && score[lag] >= threshold && (best == 0 || score[lag] > score[best]+sameScore) {
			best = lag
		}
	}
	return best
}

// mostPeriods bounds the number of periods that are asked for.
const mostPeriods = 1 << 16

// evalPeriodsDetect gives the periods between two bounds by descending score, filled up with zeros to the number asked for.
func evalPeriodsDetect(x []float64, args []value.Value) value.Value {
	low, high := number(args, 0, 0), number(args, 1, math.Inf(1))
	count := intArg(args, 2, 0)
	if len(x) == 0 || count < 1 {
		return nullTuple(2)
	}
	if count > mostPeriods {
		refuse("series_periods_detect(): at most %d periods are supported", mostPeriods)
	}
	score := periodScores(x)
	var found []int
	for lag := range score {
		if at := float64(lag); at >= low && at <= high && isPeriod(score, lag) {
			found = append(found, lag)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	periods, scores := make([]float64, count), make([]float64, count)
	for i, lag := range found[:min(count, len(found))] {
		periods[i], scores[i] = float64(lag), score[lag]
	}
	return value.OfArray(value.Array{realArray(periods), realArray(scores)})
}

// evalPeriodsValidate gives the scores of periods, 0 for those that are none.
func evalPeriodsValidate(x []float64, args []value.Value) value.Value {
	if len(x) == 0 {
		return nullTuple(2)
	}
	score := periodScores(x)
	periods, scores := make([]float64, len(args)), make([]float64, len(args))
	for i := range args {
		periods[i] = number(args, i, 0)
		if lag := math.Round(periods[i]); lag >= 0 && lag < float64(len(score)) && isPeriod(score, int(lag)) {
			scores[i] = score[int(lag)]
		}
	}
	return value.OfArray(value.Array{realArray(periods), realArray(scores)})
}

// autocorrelation gives the products of a series without its mean with itself shifted by each lag, over the product at lag 0; zeros
// for a series that is constant.
func autocorrelation(x []float64) []float64 {
	size := 1
	for size < 2*len(x) {
		size *= 2
	}
	c := make([]complex128, size)
	center, largest := mean(x), 0.0
	for i := range x {
		c[i] = complex(x[i]-center, 0)
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
