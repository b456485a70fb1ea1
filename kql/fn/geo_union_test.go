package fn

import (
	"math"
	"testing"
)

const (
	leftSquare  = `[[[0,0],[2,0],[2,1],[0,1],[0,0]]]`
	upperSquare = `[[[0.5,-1],[1.5,-1],[1.5,2],[0.5,2],[0.5,-1]]]`
)

func several2(parts string) string { return `{"type":"MultiPolygon","coordinates":[` + parts + `]}` }

// TestCrossOfTwoSquares: what both cover counts once.
func TestCrossOfTwoSquares(t *testing.T) {
	area := func(parts string) float64 {
		out, refused := evalNamed(t, "geo_polygon_area", geoValue(t, several2(parts)))
		if refused != "" {
			t.Fatal(refused)
		}
		return out.Real()
	}
	// the middle that they share is nearly the square between 0.5 and 1.5: edges along parallels are bent, so it is computed
	both := area(leftSquare + "," + upperSquare)
	if sum := area(leftSquare) + area(upperSquare); !(both < sum*0.9 && both > sum*0.7) {
		t.Errorf("together %v, alone %v", both, sum)
	}
	// a square within another adds nothing
	if within := area(leftSquare + ",[[[0.5,0.3],[0.7,0.3],[0.6,0.5],[0.5,0.3]]]"); math.Abs(within-area(leftSquare)) > 1e-3 {
		t.Errorf("%v, %v", within, area(leftSquare))
	}
	// the order does not matter, nor the direction
	turned := `[[[0,0],[0,1],[2,1],[2,0],[0,0]]]`
	if other := area(upperSquare + "," + turned); math.Abs(other/both-1) > 1e-12 {
		t.Errorf("%v, %v", other, both)
	}
	length := func(parts string) float64 {
		out, refused := evalNamed(t, "geo_polygon_perimeter", geoValue(t, several2(parts)))
		if refused != "" {
			t.Fatal(refused)
		}
		return out.Real()
	}
	if l := length(leftSquare + ",[[[0.5,0.3],[0.7,0.3],[0.6,0.5],[0.5,0.3]]]"); math.Abs(l-length(leftSquare)) > 1e-6 {
		t.Errorf("perimeter %v, %v", l, length(leftSquare))
	}
	// squares side by side have a border less, one that they share
	beside := `[[[2,0],[3,0],[3,1],[2,1],[2,0]]]`
	if both := area(leftSquare + "," + beside); math.Abs(both/(area(leftSquare)+area(beside))-1) > 1e-12 {
		t.Errorf("side by side %v", both)
	}
	shared := length(`[[[2,0],[3,0],[3,1],[2,0]]]`) - length(`[[[2,0],[3,0],[3,1],[2,0]]],[[[2,0],[3,0],[3,1],[2,0]]]`)
	if math.Abs(shared) > 1e-6 {
		t.Errorf("twice the same has %v metres more", shared)
	}
}

func TestCentroidOfTheCross(t *testing.T) {
	mirrored := `[[[-1,0],[1,0],[1,1],[-1,1],[-1,0]]],[[[-0.5,-1],[0.5,-1],[0.5,2],[-0.5,2],[-0.5,-1]]]`
	out, refused := evalNamed(t, "geo_polygon_centroid", geoValue(t, several2(mirrored)))
	if refused != "" {
		t.Fatal(refused)
	}
	var at []float64
	flatten(out, &at)
	if len(at) != 2 || math.Abs(at[0]) > 1e-9 || math.Abs(at[1]-0.5) > 1e-3 {
		t.Errorf("%v", out.Text())
	}
}

func TestTooManyPairsAreRefused(t *testing.T) {
	count := func(c pairCounter) (refused bool) {
		defer OnRefusal(func(*Refusal) { refused = true })
		c.count()
		return false
	}
	if count(0) || !count(maxPairs) {
		t.Error("the bound of pairs does not hold")
	}
}
