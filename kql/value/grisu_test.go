package value

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestNestedRealsReadBack checks that the text in arrays is the same number, and hardly ever longer than the shortest.
func TestNestedRealsReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	longer, count := 0, 0
	check := func(f float64) {
		text := string(AppendDynamic(nil, OfReal(f)))
		if back, err := strconv.ParseFloat(text, 64); err != nil || back != f {
			t.Fatalf("%v is written %s", f, text)
		}
		plain := string(AppendReal(nil, f))
		if len(text) > len(plain) {
			longer++
		}
		if strings.Contains(text, "e") != strings.Contains(plain, "e") {
			t.Fatalf("%v is written %s, alone %s", f, text, plain)
		}
		count++
	}
	for range 50_000 {
		check(random.Float64()*360 - 180)
		if f := math.Float64frombits(random.Uint64()); !math.IsNaN(f) && !math.IsInf(f, 0) {
			check(f)
		}
	}
	for _, f := range []float64{0, 1, -1, 10, 0.1, 1e20, 1e21, 1e22, 1e-6, 1e-7, 5e-324, math.MaxFloat64, 2.2250738585072014e-308, 123456789, 1 << 53, 0.5, 100} {
		check(f)
		if text, plain := string(AppendDynamic(nil, OfReal(f))), string(AppendReal(nil, f)); text != plain {
			t.Errorf("%s, alone %s", text, plain)
		}
	}
	if longer*200 > count {
		t.Errorf("%d of %d numbers are written with more digits than they need", longer, count)
	}
}

func TestNestedRealsAreTheHighest(t *testing.T) {
	if text := string(AppendDynamic(nil, OfReal(40.764323000000005))); text != "40.764323000000008" {
		t.Error(text)
	}
	if text := string(AppendReal(nil, 40.764323000000005)); text != "40.764323000000005" {
		t.Error(text)
	}
}
