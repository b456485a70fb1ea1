package fn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// TestEveryBottomPlaceIsKnown holds the turns that were found: all ten places of each triangle have a base cell, and each base cell
// keeps its digits on its home.
func TestEveryBottomPlaceIsKnown(t *testing.T) {
	bottom := h3Bottom()
	within := 0
	for o, turns := range bottom {
		if i, j, k := o.at.ijk(); i+j+k <= 2 {
			within++
		}
		if !turns.known {
			t.Errorf("no turns at %v", o)
		}
	}
	if within != 200 {
		t.Errorf("%d places on the triangles, want 200", within)
	}
	for b := range h3Bases {
		home, _ := h3Home(b)
		if turns := bottom[home]; turns.base != b || turns.left != 0 {
			t.Errorf("base cell %d at home: %+v", b, turns)
		}
	}
}

// TestCellsComeBack names the cells of random points and goes back: the point lies near the cell's centre, the centre in the cell.
func TestCellsComeBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		z, l := 2*rng.Float64()-1, 2*math.Pi*rng.Float64()
		p := vec{math.Sqrt(1-z*z) * math.Cos(l), math.Sqrt(1-z*z) * math.Sin(l), z}
		res := rng.IntN(maxH3 + 1)
		c, ok := h3CellOf(p, res)
		if !ok {
			t.Fatalf("no cell of resolution %d at %v", res, p)
		}
		center := c.place().center(res)
		if at, most := center.angle(p), 0.4/math.Pow(math.Sqrt(7), float64(res)); at > most {
			t.Fatalf("%s: the centre lies %g from the point, at most %g", c.name(), at, most)
		}
		if back, ok := h3CellOf(center, res); !ok || back != c {
			t.Fatalf("%s comes back as %s", c.name(), back.name())
		}
		if again, ok := parseH3(c.name()); !ok || again != c {
			t.Fatalf("%s is read as %s, %v", c.name(), again.name(), ok)
		}
	}
}

// TestRingsAreClosed checks around random cells that a ring's cells lie where they should and that each has the middle as its neighbour.
func TestRingsAreClosed(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		z, l := 2*rng.Float64()-1, 2*math.Pi*rng.Float64()
		p := vec{math.Sqrt(1-z*z) * math.Cos(l), math.Sqrt(1-z*z) * math.Sin(l), z}
		c, _ := h3CellOf(p, 2+rng.IntN(maxH3-1))
		for _, n := range c.neighbors() {
			if !slices.Contains(n.neighbors(), c) {
				t.Errorf("%s has the neighbour %s, but not the other way round", c.name(), n.name())
			}
		}
		if even, ok := c.evenRing(2); ok {
			if other := c.rings(2)[2]; len(even) != 12 || len(other) != 12 {
				t.Errorf("at distance 2 of %s are %d cells, counted otherwise %d", c.name(), len(even), len(other))
			}
		}
	}
}

// TestPentagons checks that each of the twelve has five neighbours, and ten corners on odd resolutions.
func TestPentagons(t *testing.T) {
	count := 0
	for base := range h3Bases {
		if _, pentagon := h3Home(base); !pentagon {
			continue
		}
		count++
		for res := range 8 {
			c := h3Cell{base: base, res: res}
			if n, b := len(c.neighbors()), len(c.border()); n != 5 || b != 5+5*(res%2) {
				t.Errorf("%s has %d neighbours and %d corners", c.name(), n, b)
			}
			for _, n := range c.neighbors() {
				if !slices.Contains(n.neighbors(), c) || len(n.neighbors()) != 6 {
					t.Errorf("%s, beside the pentagon %s, has %d neighbours", n.name(), c.name(), len(n.neighbors()))
				}
			}
			if second := c.ring(2); res > 0 && len(second) != 10 {
				t.Errorf("%d cells at distance 2 of %s", len(second), c.name())
			}
		}
	}
	if count != 12 {
		t.Errorf("%d pentagons", count)
	}
}

// TestPolygonIsCovered checks that every point of a polygon lies in one of its cells, and that every cell has a part in it.
func TestPolygonIsCovered(t *testing.T) {
	polygon := geoValue(t, `{"type":"Polygon","coordinates":[[[9,60],[13,60],[13,66],[9,66],[9,60]]]}`) // with a pentagon within
	rings := first(polygonsOf(polygon))[0]
	for _, res := range []int{1, 2, 3, 4} {
		out, refused := evalNamed(t, "geo_polygon_to_h3cells", polygon, value.OfLong(int64(res)))
		list, _ := arrayOf(out)
		if refused != "" || len(list) == 0 {
			t.Fatalf("%s %s", out.Text(), refused)
		}
		cells := map[string]bool{}
		for _, v := range list {
			cells[v.S] = true
		}
		for lon := 8.0; lon < 14; lon += 0.13 {
			for lat := 59.0; lat < 67; lat += 0.17 {
				p := vecOf(lon, lat)
				if c, _ := h3CellOf(p, res); inPolygon(p, rings) && !cells[c.name()] {
					t.Fatalf("resolution %d: %v, %v is not covered", res, lon, lat)
				}
			}
		}
		if wider, _ := evalNamed(t, "geo_polygon_to_h3cells", polygon, value.OfLong(int64(res)), value.OfReal(1e5)); len(first(arrayOf(wider))) <= len(list) && res > 2 {
			t.Errorf("resolution %d: no more cells with a radius", res)
		}
	}
}

// TestBordersMeet checks that each corner of a cell is a corner of two of its neighbours.
func TestBordersMeet(t *testing.T) {
	for _, at := range [][2]float64{{12, 41}, {-71, 42}, {151, -33}, {37, 55}} {
		for res := range 10 {
			c, _ := h3CellOf(vecOf(at[0], at[1]), res)
			neighbors := c.neighbors()
			for _, p := range c.border() {
				shared := 0
				for _, n := range neighbors {
					for _, q := range n.border() {
						if p.angle(q) < 1e-9 {
							shared++
						}
					}
				}
				if shared < 1 {
					t.Errorf("%s: a corner is none of a neighbour", c.name())
				}
			}
		}
	}
}
