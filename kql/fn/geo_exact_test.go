package fn

import (
	"math"
	"testing"
)

// TestSinesToTheLastDigit compares with values known to more digits than a double has.
func TestSinesToTheLastDigit(t *testing.T) {
	for _, c := range []struct{ x, sin, cos float64 }{
		{0, 0, 1}, {1, 0.84147098480789650665, 0.54030230586813971740}, {-1, -0.84147098480789650665, 0.54030230586813971740},
		{2, 0.90929742682568169540, -0.41614683654714238700}, {3, 0.14112000805986722210, -0.98999249660044545727},
		{0.5, 0.47942553860420300027, 0.87758256189037271612}, {1e-5, 9.9999999998333333333e-6, 0.99999999995000000000},
	} {
		if sin, cos := sincos(c.x); sin != c.sin || cos != c.cos {
			t.Errorf("%v: sine %v, cosine %v; want %v, %v", c.x, sin, cos, c.sin, c.cos)
		}
	}
}

func TestAnglesComeBack(t *testing.T) {
	for i := -3000; i <= 3000; i += 7 {
		x := float64(i) / 1000
		s, c := exactSincos(x)
		if got := atan2(s.hi, c.hi); math.Abs(got-x) > 4.5e-16 {
			t.Errorf("%v comes back as %v", x, got)
		}
	}
	if atan2(0, 0) != 0 || atan2(0, -1) != math.Pi || atan2(1, 0) != math.Pi/2 {
		t.Error("axes")
	}
}
