package fn

import (
	"math"
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// fences are the quantiles beyond which a value is an outlier, and what a distance of one means in units of the range between them.
type fences struct{ low, high, unit float64 }

// customUnit makes a score over the 10th to 90th percentile comparable with one over the quartiles.
const customUnit = 0.3606715639662027

// fencesOf gives the fences of a method.
func fencesOf(name, method string, low, high float64) fences {
	switch method {
	case "tukey":
		return fences{0.25, 0.75, 1}
	case "ctukey":
		if low != 0.1 || high != 0.9 {
			refuse("%s(): percentiles other than 10 and 90 are not supported; leave them out", name)
		}
		return fences{low, high, customUnit}
	}
	refuse("%s(): the method must be tukey or ctukey, not %q", name, method)
	return fences{}
}

// outlierScores gives how far each value lies beyond the fences, negative below them, 0 between. The fences are learnt from the values
// before learnt; those marked in skip, if any, are not looked at and score 0.
func outlierScores(x []float64, skip []bool, learnt int, f fences) []float64 {
	sorted := make([]float64, 0, len(x))
	for i, v := range x[:learnt] {
		if skip == nil || !skip[i] {
			sorted = append(sorted, v)
		}
	}
	out := make([]float64, len(x))
	if len(sorted) == 0 {
		return out
	}
	sort.Float64s(sorted)
	low, high := quantile(sorted, f.low), quantile(sorted, f.high)
	unit := f.unit * (high - low)
	for i, v := range x {
		switch {
		case skip != nil && skip[i]:
		case v > high:
			out[i] = (v - high) / unit
		case v < low:
			out[i] = (v - low) / unit
		}
	}
	return out
}

// quantile interpolates between the two values that are nearest in rank.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(math.Floor(at))
	j := min(i+1, len(sorted)-1)
	return sorted[i] + (sorted[j]-sorted[i])*(at-float64(i))
}

func evalSeriesOutliers(args []value.Value) value.Value {
	s, ok := seriesOf(args[0])
	if !ok {
		return nullDynamic
	}
	skip := make([]bool, len(s.x))
	ignore := number(args, 2, math.NaN())
	for i, f := range s.x {
		skip[i] = s.missing[i] || math.IsNaN(f) || f == ignore
	}
	f := fencesOf("series_outliers", textArg(args, 1, "ctukey"), number(args, 3, 10)/100, number(args, 4, 90)/100)
	return realArray(outlierScores(s.x, skip, len(s.x)-max(min(intArg(args, 5, 0), len(s.x)), 0), f))
}
