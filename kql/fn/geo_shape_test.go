package fn

import (
	"math"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

func geoValue(t testing.TB, text string) value.Value {
	v, ok := value.ParseJSON(text)
	if !ok {
		t.Fatalf("%s is no JSON", text)
	}
	return v
}

func lineText(points string) string { return `{"type":"LineString","coordinates":[` + points + `]}` }

// TestDensifiedEdgesStayClose checks that every point lies on the straight edge of the map, and that the geodesics between them leave it by
// less than the tolerance.
func TestDensifiedEdgesStayClose(t *testing.T) {
	for _, tolerance := range []float64{1, 10, 1000} {
		out, refused := evalNamed(t, "geo_line_densify", geoValue(t, lineText("[10,40],[30,50]")), value.OfReal(tolerance))
		if refused != "" {
			t.Fatal(refused)
		}
		bag, _ := bagOf(out)
		c, _ := bag.Get("coordinates")
		list, _ := arrayOf(c)
		var last mapPoint
		for i, e := range list {
			pair := reals1(t, e)
			p := mapPoint{pair[0], pair[1]}
			if math.Abs((p.lat-40)-(p.lon-10)/2) > 1e-9 {
				t.Fatalf("%v lies beside the edge", p)
			}
			for f := 0.1; i > 0 && f < 1; f += 0.1 {
				if off := last.vec().along(p.vec(), f).angle(last.between(p, f).vec()) * earthRadius; off > tolerance {
					t.Fatalf("between %v and %v the geodesic is %v metres off, tolerance %v", last, p, off, tolerance)
				}
			}
			last = p
		}
		if len(list) < 3 {
			t.Errorf("tolerance %v: %d points", tolerance, len(list))
		}
	}
	if out, _ := evalNamed(t, "geo_line_densify", geoValue(t, lineText("[1,1],[2,2]")), value.OfReal(0)); !out.Null {
		t.Error("a tolerance of 0")
	}
	out, _ := evalNamed(t, "geo_line_densify", geoValue(t, lineText("[170,1],[190,3]")), value.OfReal(1000))
	if whole, _ := evalNamed(t, "geo_line_densify", geoValue(t, lineText("[170,1],[-170,3]")), value.OfReal(1000), value.OfBool(true)); !strings.HasPrefix(whole.Text(), `{"type":"LineString"`) ||
		strings.Contains(whole.Text(), ",[0.0,") || !strings.Contains(whole.Text(), "180.0,2.0") {
		t.Errorf("over the 180th meridian in one line: %s", whole.Text())
	}
	if text := out.Text(); !strings.HasPrefix(text, `{"type":"MultiLineString","coordinates":[[[170.0,1.0],`) ||
		!strings.Contains(text, "[179.999999999999,2.0") || !strings.Contains(text, "]],[[-179.999999999999,2.0") {
		t.Errorf("an edge over the 180th meridian: %s", text)
	}
}

func TestDensifyKeepsTheKindOfShape(t *testing.T) {
	for _, text := range []string{
		`{"type":"Polygon","coordinates":[[[1,1],[1.001,1],[1.001,1.001],[1,1]]]}`,
		`{"type":"MultiPolygon","coordinates":[[[[1,1],[1.001,1],[1.001,1.001],[1,1]]],[[[3,3],[3.001,3],[3.001,3.001],[3,3]]]]}`,
		`{"type":"MultiLineString","coordinates":[[[1,1],[1.001,1]],[[2,2],[2.001,2]]]}`,
	} {
		name := "geo_polygon_densify"
		if strings.Contains(text, "Line") {
			name = "geo_line_densify"
		}
		out, refused := evalNamed(t, name, geoValue(t, text))
		if refused != "" {
			t.Fatal(refused)
		}
		var got, want []float64
		flatten(out, &got)
		flatten(geoValue(t, text), &want)
		if !near(got, want, 1e-12) {
			t.Errorf("%s became %s", text, out.Text())
		}
	}
}

// flatten lists all numbers of a value.
func flatten(v value.Value, into *[]float64) {
	if a, ok := arrayOf(v); ok {
		for _, e := range a {
			flatten(e, into)
		}
	} else if b, ok := bagOf(v); ok {
		for _, e := range b.Vals {
			flatten(e, into)
		}
	} else if f := value.Convert(v, value.Real); !f.Null {
		*into = append(*into, f.Real())
	}
}

func TestSimplifyLine(t *testing.T) {
	straight := lineText("[0,0],[0.0001,0.000001],[0.0002,0],[0.0003,0.000001],[0.01,0]")
	bent := lineText("[0,0],[0.005,0.005],[0.01,0]")
	for _, c := range []struct {
		line   string
		points int
	}{{straight, 2}, {bent, 3}} {
		out, _ := evalNamed(t, "geo_line_simplify", geoValue(t, c.line), value.OfReal(10))
		var got []float64
		flatten(out, &got)
		if len(got) != 2*c.points {
			t.Errorf("%s became %s", c.line, out.Text())
		}
	}
	if out, _ := evalNamed(t, "geo_line_simplify", geoValue(t, bent), value.OfReal(1e5)); !out.Null {
		t.Errorf("a line shorter than the tolerance: %s", out.Text())
	}
}

func TestShapesThatCannotMeet(t *testing.T) {
	a := `{"type":"Polygon","coordinates":[[[0,0],[2,0],[1,1],[0,0]]]}`
	near := `{"type":"Polygon","coordinates":[[[0,0.5],[0.4,0.6],[0,1],[0,0.5]]]}` // within the circle about the first, but apart
	over := `{"type":"Polygon","coordinates":[[[1,0.5],[3,0.5],[2,1],[1,0.5]]]}`
	out, refused := evalNamed(t, "geo_intersection_2polygons", geoValue(t, a), geoValue(t, near))
	if refused != "" || out.Text() != `{"type":"GeometryCollection","geometries":[]}` {
		t.Errorf("apart: %s %s", out.Text(), refused)
	}
	out, refused = evalNamed(t, "geo_intersection_2polygons", geoValue(t, a), geoValue(t, over))
	var got []float64
	flatten(out, &got)
	if refused != "" || len(got) < 8 {
		t.Errorf("over each other: %s %s", out.Text(), refused)
	}
	for i := 0; i+1 < len(got); i += 2 {
		p := vecOf(got[i], got[i+1])
		for _, shape := range []string{a, over} {
			rings := first(polygonsOf(geoValue(t, shape)))[0]
			if !inPolygon(p, rings) && toLine(p, rings[0]) > 1e-12 {
				t.Errorf("%v, %v is not in %s", got[i], got[i+1], shape)
			}
		}
	}
	beside := `{"type":"Polygon","coordinates":[[[2,0],[3,0],[2,1],[2,0]]]}`
	if out, _ = evalNamed(t, "geo_intersection_2polygons", geoValue(t, a), geoValue(t, beside)); out.Text() != `{"type":"Point","coordinates":[2.0,0.0]}` {
		t.Errorf("polygons that touch in a corner: %s", out.Text())
	}
	if out, refused = evalNamed(t, "geo_line_buffer", geoValue(t, lineText("[0,0],[1,1]")), value.OfReal(0)); refused != "" || !out.Null {
		t.Error("a buffer without width")
	}
}

func TestUnionOfThree(t *testing.T) {
	shapes := `[{"type":"Polygon","coordinates":[[[0,0],[2,0],[1,2],[0,0]]]},{"type":"Polygon","coordinates":[[[1,1],[3,1],[2,3],[1,1]]]},{"type":"Polygon","coordinates":[[[1.2,0.3],[4,0.4],[1.4,0.6],[1.2,0.3]]]}]`
	out, refused := evalNamed(t, "geo_union_polygons_array", geoValue(t, shapes))
	if refused != "" {
		t.Fatal(refused)
	}
	joined, _ := polygonsOf(out)
	list, _ := arrayOf(geoValue(t, shapes))
	for lon := -0.5; lon < 4.5; lon += 0.07 {
		for lat := -0.5; lat < 3.5; lat += 0.07 {
			p, in := vecOf(lon, lat), false
			for _, v := range list {
				in = in || inPolygon(p, first(polygonsOf(v))[0])
			}
			if in != inPolygon(p, joined[0]) {
				t.Fatalf("%v, %v: in one of them %v, in the union %v", lon, lat, in, !in)
			}
		}
	}
}

func TestPolygonsThatAreNone(t *testing.T) {
	for _, c := range []struct {
		rings string
		valid bool
	}{
		{`[[0,0],[2,0],[2,2],[0,2],[0,0]]`, true},
		{`[[0,0],[2,2],[2,0],[0,2],[0,0]]`, false},                                    // its edges cross
		{`[[0,0],[2,0],[1,1],[2,2],[0,2],[1,1],[0,0]]`, false},                        // it goes through a point twice
		{`[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[0.5,1],[1,1],[0.5,0.5]]`, true}, // a hole
		{`[[0,0],[2,0],[2,2],[0,2],[0,0]],[[1,1],[3,1.1],[1,1.2],[1,1]]`, false},      // a hole that crosses the border
		{`[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0,0],[0.5,1],[1,1],[0,0]]`, true},         // a hole that touches it
		{`[[0,0],[2,0],[2,2],[2,2],[0,2],[0,0]]`, false},                              // an edge without length
		{`[[0,0],[2,0],[2,2],[0,2]]`, false},                                          // not closed
	} {
		out, refused := evalNamed(t, "geo_polygon_area", geoValue(t, `{"type":"Polygon","coordinates":[`+c.rings+`]}`))
		if refused != "" || out.Null == c.valid {
			t.Errorf("%s: %s %s", c.rings, out.Text(), refused)
		}
	}
	square := geoValue(t, `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}`)
	for _, c := range [][4]float64{{1, 1, 1, 1}, {1, -5, 1, 0}, {3, 0, 2, 0}} {
		out, _ := evalNamed(t, "geo_closest_point_on_polygon", value.OfReal(c[0]), value.OfReal(c[1]), square)
		var at []float64
		if flatten(out, &at); len(at) != 2 || math.Abs(at[0]-c[2]) > 1e-6 || math.Abs(at[1]-c[3]) > 1e-6 {
			t.Errorf("closest to %v: %v", c[:2], at)
		}
	}
}

// FuzzGeoJSON gives any JSON to the functions that read shapes: they answer or refuse.
func FuzzGeoJSON(f *testing.F) {
	for _, s := range []string{lineText("[0,0],[1,1]"), lineText("[0,0]"), `{"type":"Polygon","coordinates":[[[0,0],[2,0],[1,1],[0,0]]]}`, `{"type":"Polygon","coordinates":[]}`,
		`{"type":"MultiPolygon","coordinates":[[[]]]}`, `{"type":1,"coordinates":{}}`, `[]`, `{"type":"LineString","coordinates":[[1e308,0],[0,-1e308]]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, ok := value.ParseJSON(text)
		if !ok || len(text) > 1<<12 {
			return
		}
		v = value.OfDynamic(v)
		for _, name := range []string{"geo_line_densify", "geo_polygon_densify", "geo_line_simplify", "geo_line_length", "geo_polygon_area", "geo_polygon_centroid",
			"geo_line_buffer", "geo_polygon_buffer", "geo_polygon_simplify", "geo_union_lines_array", "geo_union_polygons_array", "geo_simplify_polygons_array", "geo_line_to_s2cells"} {
			evalNamed(t, name, v, value.OfReal(10_000))
		}
		evalNamed(t, "geo_intersection_2polygons", v, v)
		evalNamed(t, "geo_intersection_2lines", v, v)
		evalNamed(t, "geo_polygon_to_h3cells", v, value.OfLong(1))
		evalNamed(t, "geo_point_in_polygon", value.OfReal(1), value.OfReal(1), v)
	})
}
