package fn

import (
	"math"
	"testing"
)

// TestSpheroidDistance checks against lengths that are known without the iteration: along the equator, and the quarter of a meridian.
func TestSpheroidDistance(t *testing.T) {
	for _, c := range []struct{ lon1, lat1, lon2, lat2, metres float64 }{
		{10, 0, 20, 0, equatorRadius * 10 * degree},
		{175, 0, -175, 0, equatorRadius * 10 * degree},
		{0, 0, 77, 90, 10001965.729},
		{-30, -90, 20, 90, 2 * 10001965.729},
		{5, 5, 5, 5, 0},
	} {
		if m, ok := spheroidDistance(c.lon1, c.lat1, c.lon2, c.lat2); !ok || math.Abs(m-c.metres) > 2e-3 {
			t.Errorf("%v: %v, %v", c, m, ok)
		}
	}
	if _, ok := spheroidDistance(0, 0, 179.9, 0.1); ok {
		t.Error("the iteration for opposite points ended")
	}
}
