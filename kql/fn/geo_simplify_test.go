package fn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// rough gives the points of a way that strays from a straight line by up to amount.
func rough(random *rand.Rand, from, to mapPoint, amount float64) []mapPoint {
	out := []mapPoint{from}
	for i := 1; i < 60; i++ {
		p := from.between(to, float64(i)/60)
		out = append(out, mapPoint{p.lon + amount*(2*random.Float64()-1), p.lat + amount*(2*random.Float64()-1)})
	}
	return out
}

func polygonValue(border []mapPoint) value.Value {
	var list value.Array
	for _, p := range append(border, border[0]) {
		list = append(list, realArray([]float64{p.lon, p.lat}))
	}
	return geoJSON("Polygon", value.OfArray(value.Array{value.OfArray(list)}))
}

// TestSimplifiedNeighborsStayNeighbors: two areas with a common border have one afterwards too, and lose no more than the tolerance.
func TestSimplifiedNeighborsStayNeighbors(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	a, b, c, d, e, f := mapPoint{0, 0}, mapPoint{0.1, 0}, mapPoint{0.2, 0}, mapPoint{0.2, 0.1}, mapPoint{0.1, 0.1}, mapPoint{0, 0.1}
	const amount = 0.0003
	common := rough(random, b, e, amount)
	back := slices.Clone(common[1:])
	slices.Reverse(back)
	west := slices.Concat(rough(random, a, b, amount), common, rough(random, e, f, amount), rough(random, f, a, amount))
	east := slices.Concat(rough(random, b, c, amount), rough(random, c, d, amount), rough(random, d, e, amount), []mapPoint{e}, back)
	before := value.OfArray(value.Array{polygonValue(west), polygonValue(east)})
	whole := first(polygonsOf(polygonValue(west)))
	for _, tolerance := range []float64{10, 40, 200} {
		out, refused := evalNamed(t, "geo_simplify_polygons_array", before, value.OfReal(tolerance))
		list, ok := arrayOf(out)
		if refused != "" || !ok || len(list) != 2 {
			t.Fatalf("%v: %s %s", tolerance, out.Text(), refused)
		}
		first1, second := first(polygonsOf(list[0]))[0][0], first(polygonsOf(list[1]))[0][0]
		shared := 0
		for _, p := range edgesOf(first1) {
			for _, q := range edgesOf(second) {
				if p.a == q.b && p.b == q.a {
					shared++
				}
			}
			if off := toLine(p.a.along(p.b, 0.5), whole[0][0]) * earthRadius; off > 2.2*tolerance {
				t.Errorf("tolerance %v: an edge is %v metres off", tolerance, off)
			}
		}
		if shared == 0 || len(first1) >= len(whole[0][0]) || tolerance == 200 && len(first1) > 10 {
			t.Errorf("tolerance %v: %d corners, %d edges shared", tolerance, len(first1), shared)
		}
	}
	if out, _ := evalNamed(t, "geo_polygon_simplify", polygonValue(west), value.OfReal(50_000)); !out.Null {
		t.Errorf("an area smaller than the tolerance: %s", out.Text())
	}
	if out, _ := evalNamed(t, "geo_polygon_simplify", polygonValue(west), value.OfReal(0)); math.Abs(borderLength(unionBorder(first(polygonsOf(out))))-borderLength(unionBorder(whole))) > 1e-12 {
		t.Error("without a tolerance the border changed")
	}
}
