package fn

import (
	"math"
	"math/rand/v2"
	"testing"
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
	walked := 0
	for range 500 {
		z, l := 2*rng.Float64()-1, 2*math.Pi*rng.Float64()
		p := vec{math.Sqrt(1-z*z) * math.Cos(l), math.Sqrt(1-z*z) * math.Sin(l), z}
		c, _ := h3CellOf(p, 2+rng.IntN(maxH3-1))
		func() {
			defer OnRefusal(func(*Refusal) { walked-- })
			walked++
			for _, n := range c.neighbors() {
				back := false
				for _, m := range n.neighbors() {
					back = back || m == c
				}
				if !back {
					t.Errorf("%s has the neighbour %s, but not the other way round", c.name(), n.name())
				}
			}
			if n := len(c.ring(2)); n != 12 {
				t.Errorf("%d cells at distance 2 of %s", n, c.name())
			}
		}()
	}
	if walked < 480 {
		t.Errorf("only %d of 500 cells have rings", walked)
	}
}

// TestBordersMeet checks that each corner of a cell is a corner of two of its neighbours.
func TestBordersMeet(t *testing.T) {
	for _, at := range [][2]float64{{12, 41}, {-71, 42}, {151, -33}, {37, 55}} {
		for res := range 10 {
			c, _ := h3CellOf(vecOf(at[0], at[1]), res)
			func() {
				defer OnRefusal(func(*Refusal) {})
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
			}()
		}
	}
}
