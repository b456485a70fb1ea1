package fn

import (
	"math"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// TestPeriodScores: the scores are those of the sums written out.
func TestPeriodScores(t *testing.T) {
	for _, n := range []int{8, 25, 60} {
		x := reals1(t, weekly(n, 0.3, n/2))
		sums, least := make([]float64, n), math.Inf(1)
		for lag := range sums {
			for i := range x {
				sums[lag] += x[i] * x[(i+lag)%n]
			}
			least = min(least, sums[lag])
		}
		for lag, got := range periodScores(x) {
			if want := (sums[lag] - least) / (sums[0] - least); math.Abs(got-want) > 1e-12 {
				t.Errorf("%d points, lag %d: %v, want %v", n, lag, got, want)
			}
		}
	}
}

// TestSeasonalPeriod: a pattern is found; a line and a constant have none, and neither has a pattern that is too long for the series.
func TestSeasonalPeriod(t *testing.T) {
	line, flat := make([]float64, 60), make([]float64, 60)
	for i := range line {
		line[i], flat[i] = 3*float64(i)+2, 5
	}
	for _, c := range []struct {
		x    []float64
		want int
	}{
		{line, 0}, {flat, 0}, {nil, 0}, {[]float64{1}, 0}, {[]float64{1, 9, 2, 8, 3, 7}, 0},
		{reals1(t, weekly(70, 0, -1)), 7}, {reals1(t, weekly(70, 0.05, -1)), 7}, {reals1(t, weekly(14, 0, -1)), 0},
	} {
		if p := seasonalPeriod(c.x, seasonThreshold); p != c.want {
			t.Errorf("%v has the period %d, want %d", c.x, p, c.want)
		}
	}
}

// TestPeriods: detect sorts and fills up, validate scores what is a period.
func TestPeriods(t *testing.T) {
	out, _ := evalNamed(t, "series_periods_detect", weekly(70, 0, -1), value.OfReal(0), value.OfReal(35), value.OfLong(3))
	parts, _ := arrayOf(out)
	if p, s := reals1(t, parts[0]), reals1(t, parts[1]); len(p) != 3 || p[0] != 7 || math.Abs(s[0]-1) > 1e-12 || p[1] != 0 || s[1] != 0 {
		t.Errorf("periods %v, scores %v", p, s)
	}
	out, _ = evalNamed(t, "series_periods_validate", weekly(70, 0, -1), value.OfReal(7), value.OfReal(5), value.OfReal(700), value.NullOf(value.Real))
	parts, _ = arrayOf(out)
	if s := reals1(t, parts[1]); len(s) != 4 || math.Abs(s[0]-1) > 1e-12 || s[1] != 0 || s[2] != 0 || s[3] != 0 {
		t.Errorf("scores %v", s)
	}
	out, _ = evalNamed(t, "series_periods_detect", weekly(70, 0, -1), value.OfReal(8), value.OfReal(35), value.OfLong(1))
	parts, _ = arrayOf(out)
	if p := reals1(t, parts[0]); len(p) != 1 || p[0] != 0 {
		t.Errorf("beyond the least period: %v", p)
	}
}
