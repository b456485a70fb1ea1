package fn

import (
	"math"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

func near(a, b []float64, by float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > by {
			return false
		}
	}
	return true
}

// TestFourierOfAnyLength compares with the sums by definition and goes back.
func TestFourierOfAnyLength(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 8, 12, 31, 100} {
		x := make([]complex128, n)
		for i := range x {
			x[i] = complex(float64(i%5), float64(i%3))
		}
		y := fourier(x, false)
		for k := range y {
			var want complex128
			for i := range x {
				want += x[i] * turn(float64(i*k%n)/float64(n), false)
			}
			if math.Abs(real(y[k]-want))+math.Abs(imag(y[k]-want)) > 1e-9 {
				t.Fatalf("length %d, place %d: %v, want %v", n, k, y[k], want)
			}
		}
		for i, c := range fourier(y, true) {
			c /= complex(float64(n), 0)
			if math.Abs(real(c-x[i]))+math.Abs(imag(c-x[i])) > 1e-9 {
				t.Fatalf("length %d does not come back: %v, was %v", n, c, x[i])
			}
		}
	}
}

func TestFilters(t *testing.T) {
	out, _ := evalNamed(t, "series_fir", realArray([]float64{0, 0, 6, 0, 0}), realArray([]float64{1, 1, 1}))
	if got := reals1(t, out); !near(got, []float64{0, 0, 2, 2, 2}, 1e-12) {
		t.Errorf("moving average %v", got)
	}
	out, _ = evalNamed(t, "series_fir", realArray([]float64{0, 0, 6, 0, 0}), realArray([]float64{1, 1, 1}), value.OfBool(true), value.OfBool(true))
	if got := reals1(t, out); !near(got, []float64{0, 2, 2, 2, 0}, 1e-12) {
		t.Errorf("centred %v", got)
	}
	out, _ = evalNamed(t, "series_fir", realArray([]float64{1, 4, 9}), realArray([]float64{1, -1}))
	if got := reals1(t, out); !near(got, []float64{1, 3, 5}, 1e-12) {
		t.Errorf("differences %v", got)
	}
	if out, _ = evalNamed(t, "series_fir", realArray([]float64{1}), realArray([]float64{1, -1}), value.OfBool(true)); !out.Null {
		t.Errorf("a filter with negative elements cannot be normalised: %s", out.Text())
	}
	out, _ = evalNamed(t, "series_iir", realArray([]float64{2, 2, 2}), realArray([]float64{1}), realArray([]float64{2, -1}))
	if got := reals1(t, out); !near(got, []float64{1, 1.5, 1.75}, 1e-12) {
		t.Errorf("recursive %v", got)
	}
	long := realArray(make([]float64, 1<<16))
	if _, refused := evalNamed(t, "series_fir", long, long); refused == "" {
		t.Error("too much work was not refused")
	}
}

func TestFitPoly(t *testing.T) {
	x, y := make([]float64, 50), make([]float64, 50)
	for i := range x {
		x[i] = float64(i)/10 - 2
		y[i] = 3*x[i]*x[i]*x[i] - x[i] + 7
	}
	out, _ := evalNamed(t, "series_fit_poly", realArray(y), realArray(x), value.OfLong(3))
	parts, _ := arrayOf(out)
	if c := reals1(t, parts[1]); !near(c, []float64{3, 0, -1, 7}, 1e-10) {
		t.Errorf("coefficients %v", c)
	}
	if math.Abs(parts[0].Real()-1) > 1e-12 || !near(reals1(t, parts[4]), y, 1e-10) {
		t.Errorf("fit %v", parts[0].Real())
	}
	for i := range x { // times are far from zero and close together
		x[i] = 6.3e17 + 864e9*float64(i)
	}
	out, _ = evalNamed(t, "series_fit_poly", realArray(y), realArray(x), value.OfLong(3))
	parts, _ = arrayOf(out)
	if !near(reals1(t, parts[4]), y, 1e-9) {
		t.Errorf("fit over times %v", parts[0].Real())
	}
	out, _ = evalNamed(t, "series_fit_poly", realArray([]float64{2, 4, 6}))
	parts, _ = arrayOf(out)
	if c := reals1(t, parts[1]); !near(c, []float64{2, 0}, 1e-12) {
		t.Errorf("a line through 1, 2, 3: %v", c)
	}
}

func TestFitLineCountsFromOne(t *testing.T) {
	out, _ := evalNamed(t, "series_fit_line", realArray([]float64{3, 5, 7}))
	parts, _ := arrayOf(out)
	if slope, at0 := parts[1].Real(), parts[4].Real(); slope != 2 || at0 != 1 {
		t.Errorf("slope %v, interception %v", slope, at0)
	}
}
