package fn

import (
	"math"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// TestBufferIsAsWideAsAsked checks that all corners of a buffer lie as far from the shape as the radius says, and the middles of its edges
// as far but for the tolerance.
func TestBufferIsAsWideAsAsked(t *testing.T) {
	const radius, tolerance = 20_000.0, 200.0
	line := lineText("[10,50],[11,50.5],[11.2,49.8]")
	square := `{"type":"Polygon","coordinates":[[[10,10],[11,10],[11,11],[10,11],[10,10]]]}`
	for _, c := range []struct {
		function, distance string
		args               []value.Value
	}{
		{"geo_point_buffer", "", []value.Value{value.OfReal(179.99), value.OfReal(-60), value.OfReal(radius), value.OfReal(tolerance)}},
		{"geo_line_buffer", "geo_distance_point_to_line", []value.Value{geoValue(t, line), value.OfReal(radius), value.OfReal(tolerance)}},
		{"geo_polygon_buffer", "geo_distance_point_to_polygon", []value.Value{geoValue(t, square), value.OfReal(radius), value.OfReal(tolerance)}},
	} {
		out, refused := evalNamed(t, c.function, c.args...)
		polygons, ok := polygonsOf(out)
		if refused != "" || !ok || len(polygons) != 1 || len(polygons[0]) != 1 {
			t.Fatalf("%s: %s %s", c.function, out.Text(), refused)
		}
		far := func(p vec) float64 {
			if c.distance == "" {
				return p.angle(vecOf(179.99, -60)) * earthRadius
			}
			lon, lat := p.lonLat()
			d, _ := evalNamed(t, c.distance, value.OfReal(lon), value.OfReal(lat), c.args[0])
			return d.Real()
		}
		r := polygons[0][0]
		for i, e := range edgesOf(r) {
			if d := far(r[i]); math.Abs(d-radius) > 1e-3 && c.function != "geo_line_buffer" {
				t.Errorf("%s: a corner is %v metres away", c.function, d)
			}
			if d := far(e.a.along(e.b, 0.5)); math.Abs(d-radius) > tolerance+1e-3 {
				t.Errorf("%s: the middle of an edge is %v metres away", c.function, d)
			}
		}
	}
}

func TestBufferFillsWhatItGoesAround(t *testing.T) {
	ring := `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0.1,0.1],[0.1,0.9],[0.9,0.9],[0.9,0.1],[0.1,0.1]]]}`
	for _, c := range []struct {
		radius float64
		rings  int
	}{{10_000, 2}, {60_000, 1}} {
		out, refused := evalNamed(t, "geo_polygon_buffer", geoValue(t, ring), value.OfReal(c.radius), value.OfReal(100))
		polygons, ok := polygonsOf(out)
		if refused != "" || !ok || len(polygons) != 1 || len(polygons[0]) != c.rings {
			t.Errorf("widened by %v: %s %s", c.radius, out.Text(), refused)
		}
	}
	out, _ := evalNamed(t, "geo_point_buffer", value.OfReal(0), value.OfReal(0), value.OfReal(0))
	if !out.Null {
		t.Errorf("no radius: %s", out.Text())
	}
}
