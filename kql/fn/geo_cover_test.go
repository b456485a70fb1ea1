package fn

import (
	"math"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

func coverOf(t *testing.T, name string, args ...value.Value) map[string]bool {
	t.Helper()
	out, refused := evalNamed(t, name, args...)
	list, ok := arrayOf(out)
	if refused != "" || !ok {
		t.Fatalf("%s: %s %s", name, out.Text(), refused)
	}
	set, last := map[string]bool{}, ""
	for _, v := range list {
		if v.S <= last {
			t.Errorf("%s after %s", v.S, last)
		}
		set[v.S], last = true, v.S
	}
	return set
}

// TestCoverHasTheCellOfEveryPoint walks over a shape; each point's own cell must be among the covering ones, and each of these near it.
func TestCoverHasTheCellOfEveryPoint(t *testing.T) {
	const level = 9
	line := coverOf(t, "geo_line_to_s2cells", geoValue(t, lineText("[10,40],[14,43],[13,39]")), value.OfReal(level))
	for _, e := range []edge{{vecOf(10, 40), vecOf(14, 43)}, {vecOf(14, 43), vecOf(13, 39)}} {
		for f := 0.0; f <= 1; f += 0.001 {
			if name := strings.TrimRight(hexToken(s2Cell(e.a.along(e.b, f), level)), "0"); !line[name] {
				t.Fatalf("%s is missing", name)
			}
		}
	}
	shape := `{"type":"Polygon","coordinates":[[[10,40],[14,40],[14,43],[10,43],[10,40]],[[11,41],[11,42],[13,42],[13,41],[11,41]]]}`
	polygon := coverOf(t, "geo_polygon_to_s2cells", geoValue(t, shape), value.OfReal(level))
	rings, _ := polygonsOf(geoValue(t, shape))
	for lon := 9.5; lon < 14.5; lon += 0.03 {
		for lat := 39.5; lat < 43.5; lat += 0.03 {
			p := vecOf(lon, lat)
			name := strings.TrimRight(hexToken(s2Cell(p, level)), "0")
			if inPolygon(p, rings[0]) && !polygon[name] {
				t.Fatalf("%s at %v, %v is missing", name, lon, lat)
			}
			if far := min(toLine(p, rings[0][0]), toLine(p, rings[0][1])) > 0.01; far && !inPolygon(p, rings[0]) && polygon[name] {
				t.Fatalf("%s at %v, %v is too far away", name, lon, lat)
			}
		}
	}
}

func TestCoverOfAWideLine(t *testing.T) {
	const level, radius = 10, 20_000.0
	line := geoValue(t, lineText("[10,40],[10.5,40.5]"))
	narrow, wide := coverOf(t, "geo_line_to_s2cells", line, value.OfReal(level)), coverOf(t, "geo_line_to_s2cells", line, value.OfReal(level), value.OfReal(radius))
	if len(wide) <= len(narrow) {
		t.Errorf("%d cells, %d within %v metres", len(narrow), len(wide), radius)
	}
	ends := []vec{vecOf(10, 40), vecOf(10.5, 40.5)}
	for lon := 9.0; lon < 11.5; lon += 0.02 {
		for lat := 39.0; lat < 41.5; lat += 0.02 {
			p := vecOf(lon, lat)
			name := strings.TrimRight(hexToken(s2Cell(p, level)), "0")
			if toLine(p, ends)*earthRadius <= radius && !wide[name] {
				t.Fatalf("%s at %v, %v is missing", name, lon, lat)
			}
		}
	}
	for name := range narrow {
		if !wide[name] {
			t.Errorf("%s is missing in the wide cover", name)
		}
	}
}

func TestCoverHasALimit(t *testing.T) {
	half := geoValue(t, `{"type":"Polygon","coordinates":[[[-5,3],[60,-10],[71,48],[-5,3]]]}`)
	if out, _ := evalNamed(t, "geo_polygon_to_s2cells", half, value.OfReal(30)); !out.Null {
		t.Error("too many cells")
	}
	if out, _ := evalNamed(t, "geo_polygon_to_s2cells", half, value.OfReal(math.Pi)); !out.Null {
		t.Error("a broken level")
	}
	coarse, fine := coverOf(t, "geo_polygon_to_s2cells", half, value.OfReal(4)), coverOf(t, "geo_polygon_to_s2cells", half, value.OfReal(5))
	if len(fine) < 2*len(coarse) || len(fine) > 4*len(coarse) {
		t.Errorf("%d cells of level 4, %d of level 5", len(coarse), len(fine))
	}
}
