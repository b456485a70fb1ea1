package fn

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// randomStar gives a polygon around a random place, with corners on a coarse grid, so that many touch and share edges.
func randomStar(random *rand.Rand) value.Value {
	x, y := 2*random.Float64()-1, 2*random.Float64()-1
	grid := []float64{1, 10, 10, 100, 1e6}
	round := func(f float64) float64 { g := grid[random.IntN(len(grid))]; return math.Round(f*g) / g }
	var border []mapPoint
	for i := range 3 + random.IntN(6) {
		angle, far := float64(i)+random.Float64()*0.6, 0.4+0.8*random.Float64()
		border = append(border, mapPoint{round(x + far*math.Cos(angle)), round(y + far*math.Sin(angle))})
	}
	return polygonValue(border)
}

func areaOf(polygons [][]ring) (sum float64) {
	for _, polygon := range polygons {
		for _, r := range polygon {
			sum += r.signedArea()
		}
	}
	return sum
}

// TestAreasAddUp checks that what two polygons cover together and what they have in common are as large as the two.
func TestAreasAddUp(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	tested := 0
	for range 1000 {
		v, w := randomStar(random), randomStar(random)
		a, ok := polygonsOf(v)
		b, ok2 := polygonsOf(w)
		if !ok || !ok2 { // its edges cross
			continue
		}
		tested++
		var o overlay
		o.areas(0, a)
		o.areas(1, b)
		g := o.graph()
		whole := areaOf(oriented(a)) + areaOf(oriented(b))
		either, both := areaOf(g.polygons(g.border(inAny))), areaOf(g.polygons(g.border(inBoth)))
		if math.Abs(whole-either-both) > 1e-12 {
			t.Errorf("%s and %s: %v together, %v in common, %v alone", v.Text(), w.Text(), either, both, whole)
		}
	}
	if tested < 300 {
		t.Errorf("only %d pairs of polygons", tested)
	}
}

func TestWhatLinesHaveInCommon(t *testing.T) {
	square := `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}`
	for _, c := range []struct{ function, a, b, want string }{
		{"geo_intersection_2lines", lineText("[0,0],[4,0]"), lineText("[1,0],[2,0]"), lineText("[1.0,0.0],[2.0,0.0]")},
		{"geo_intersection_2lines", lineText("[0,0],[1,0]"), lineText("[1,0],[2,1]"), `{"type":"Point","coordinates":[1.0,0.0]}`},
		{"geo_intersection_2lines", lineText("[0,0],[1,0]"), lineText("[0,1],[1,1]"), `{"type":"GeometryCollection","geometries":[]}`},
		{"geo_intersection_2lines", lineText("[0,-1],[0,0],[1,0],[1,-1]"), lineText("[0,0],[0,1],[1,1],[1,0]"), `{"type":"MultiPoint","coordinates":[[0.0,0.0],[1.0,0.0]]}`},
		{"geo_intersection_line_with_polygon", lineText("[1,1],[1.5,1]"), square, lineText("[1.0,1.0],[1.5,1.0]")},
		{"geo_intersection_line_with_polygon", lineText("[-1,0],[0,0],[1,-1]"), square, `{"type":"Point","coordinates":[0.0,0.0]}`},
		{"geo_intersection_line_with_polygon", lineText("[-1,0],[5,0]"), square, lineText("[0.0,0.0],[2.0,0.0]")},
	} {
		out, refused := evalNamed(t, c.function, geoValue(t, c.a), geoValue(t, c.b))
		var got, want []float64
		flatten(out, &got)
		flatten(geoValue(t, c.want), &want)
		if kind := c.want[:strings.Index(c.want, ",")]; refused != "" || !strings.HasPrefix(out.Text(), kind) || !slices.EqualFunc(got, want, func(x, y float64) bool { return math.Abs(x-y) < 1e-12 }) {
			t.Errorf("%s of %s and %s: %s %s, want %s", c.function, c.a, c.b, out.Text(), refused, c.want)
		}
	}
}
