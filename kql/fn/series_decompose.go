package fn

import (
	"math"
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// decomposition is a series as the sum of what repeats, a trend, and a rest.
type decomposition struct{ baseline, seasonal, trend, residual []float64 }

// decomposing says how to decompose a series.
type decomposing struct {
	period    int // -1: find it; 0: none
	trend     string
	test      int     // points at the end that are not learnt from
	threshold float64 // the score from which a period that was found counts
}

// learnt gives how many of n points are learnt from.
func (how decomposing) learnt(n int) int { return n - max(min(how.test, n-1), 0) }

// decompose takes the medians of the points of one phase as the season, and fits the trend to what is left.
func decompose(x []float64, how decomposing) decomposition {
	n := len(x)
	learnt := how.learnt(n)
	d := decomposition{seasonal: seasonOf(x[:learnt], n, how.period, how.threshold), trend: make([]float64, n), baseline: make([]float64, n), residual: make([]float64, n)}
	rest := make([]float64, learnt)
	for i := range rest {
		rest[i] = x[i] - d.seasonal[i]
	}
	var slope, at0 float64
	switch how.trend {
	case "avg":
		at0 = mean(rest)
	case "linefit":
		l := fitLine(rest)
		slope, at0 = l.slope, l.at(0)
	case "none":
	default:
		refuse("series_decompose(): the trend must be avg, linefit or none, not %q", how.trend)
	}
	for i := range x {
		d.trend[i] = at0 + slope*float64(i)
		d.baseline[i] = d.seasonal[i] + d.trend[i]
		d.residual[i] = x[i] - d.baseline[i]
	}
	return d
}

// seasonOf gives the seasonal component for n points, learnt from x: zeros where there is no period.
func seasonOf(x []float64, n, period int, threshold float64) []float64 {
	out := make([]float64, n)
	if period < 0 {
		period = seasonalPeriod(x, threshold)
	}
	if period <= 0 || period > len(x) {
		return out
	}
	phase := make([]float64, 0, len(x)/period+1)
	for p := range period {
		phase = phase[:0]
		for i := p; i < len(x); i += period {
			phase = append(phase, x[i])
		}
		m := median(phase)
		for i := p; i < n; i += period {
			out[i] = m
		}
	}
	return out
}

// median sorts x.
func median(x []float64) float64 {
	sort.Float64s(x)
	if n := len(x); n%2 == 0 {
		return (x[n/2-1] + x[n/2]) / 2
	}
	return x[len(x)/2]
}

// seasonThreshold is the score from which a period counts where none is given.
const seasonThreshold = 0.6

func evalDecompose(x []float64, args []value.Value) value.Value {
	if len(x) == 0 {
		return nullTuple(4)
	}
	d := decompose(x, decomposing{intArg(args, 0, -1), textArg(args, 1, "avg"), intArg(args, 2, 0), number(args, 3, seasonThreshold)})
	return value.OfArray(value.Array{realArray(d.baseline), realArray(d.seasonal), realArray(d.trend), realArray(d.residual)})
}

func evalDecomposeForecast(x []float64, args []value.Value) value.Value {
	points := intArg(args, 0, 0)
	if len(x) == 0 || points < 0 || points >= len(x) {
		return nullDynamic
	}
	d := decompose(x, decomposing{intArg(args, 1, -1), textArg(args, 2, "linefit"), points, number(args, 3, seasonThreshold)})
	return realArray(d.baseline)
}

func evalDecomposeAnomalies(x []float64, args []value.Value) value.Value {
	if len(x) == 0 {
		return nullTuple(3)
	}
	threshold := number(args, 0, 1.5)
	how := decomposing{intArg(args, 1, -1), textArg(args, 2, "avg"), intArg(args, 3, 0), number(args, 5, seasonThreshold)}
	d := decompose(x, how)
	score := outlierScores(d.residual, nil, how.learnt(len(x)), fencesOf("series_decompose_anomalies", textArg(args, 4, "ctukey"), 0.1, 0.9))
	flags := make(value.Array, len(score))
	for i, s := range score {
		flag := int64(0)
		if math.Abs(s) > threshold {
			flag = int64(sign(s))
		}
		flags[i] = value.OfLong(flag)
	}
	return value.OfArray(value.Array{value.OfArray(flags), realArray(score), realArray(d.baseline)})
}

// evalSeasonal gives the seasonal component alone.
func evalSeasonal(x []float64, args []value.Value) value.Value {
	const threshold = 0.7
	return realArray(seasonOf(x[:len(x)-max(min(intArg(args, 1, 0), len(x)), 0)], len(x), intArg(args, 0, -1), threshold))
}
