package fn

import (
	"strconv"
	"sync"
)

// maxH3 is the finest resolution.
const maxH3 = 15

// h3Cell is a cell: a base cell and, for each resolution from 1, the digit of the cell within that of the resolution above. Twelve base
// cells are pentagons, which lack the part with the first digit 1.
type h3Cell struct {
	base, res int
	digit     [maxH3 + 1]uint8 // from 1
}

// h3Steps are the places of the digits around the middle; the digits are sums of the axes k = 1, j = 2 and i = 4.
var h3Steps = [7]axial{{0, 0}, {-1, -1}, {0, 1}, {-1, 0}, {1, 0}, {0, -1}, {1, 1}}

// h3Left and h3Right give the digit that a digit becomes when it is turned by 60°.
var (
	h3Left  = [7]uint8{0, 5, 3, 1, 6, 4, 2}
	h3Right = [7]uint8{0, 3, 6, 2, 5, 1, 4}
)

// h3Homes gives the home of each base cell: a triangle as a letter, then the digit of the place on it, 7 for the corner of axis i, where
// the pentagons lie.
const h3Homes = "b4c6b0c4a7b6b1c0a4c2b2b3d4d6l7e4a0g2a1c3h1c1a6g1k7g0d0l4e6d2a3e0f2a2h2l6h0k4m7g5h5e1d1d3e2g4l0i1f1o7f0m4k6e3m6h4l2k0n7k1l1j2i2g7i0j1o4f5q3" +
	"i5f4m0h7m2k2j0n4q1p3p2q2o6n6f7i4o0j5o1r1m1q0r3p1q5j4p0n0i7n2r5t2o2t3r2n1r0q4j7p5p4s3s1t1r4t0s2s5t7t4s0t5s4"

const h3Bases = len(h3Homes) / 2

func h3Home(base int) (c onFace, pentagon bool) {
	c.face = int(h3Homes[2*base] - 'a')
	d := h3Homes[2*base+1] - '0'
	if d == 7 {
		c.at = axial{2, 0}
		return c, true
	}
	c.at = h3Steps[d]
	return c, false
}

// parseH3 reads a cell's name: up to sixteen hexadecimal digits.
func parseH3(s string) (c h3Cell, ok bool) {
	id, err := strconv.ParseUint(s, 16, 64)
	if err != nil || id>>59 != 1 || id>>56&7 != 0 {
		return c, false
	}
	c.res, c.base = int(id>>52&15), int(id>>45&127)
	if c.base >= h3Bases {
		return c, false
	}
	for r := 1; r <= maxH3; r++ {
		d := uint8(id >> (45 - 3*r) & 7)
		if (d == 7) != (r > c.res) {
			return c, false
		}
		if r <= c.res {
			c.digit[r] = d
		}
	}
	_, pentagon := h3Home(c.base)
	return c, !pentagon || c.leading() != 1
}

// name writes the cell in hexadecimal.
func (c h3Cell) name() string {
	id := uint64(1)<<59 | uint64(c.res)<<52 | uint64(c.base)<<45
	for r := 1; r <= maxH3; r++ {
		d := uint64(7)
		if r <= c.res {
			d = uint64(c.digit[r])
		}
		id |= d << (45 - 3*r)
	}
	return strconv.FormatUint(id, 16)
}

// leading gives the first digit that is not 0, or 0.
func (c h3Cell) leading() uint8 {
	for _, d := range c.digit[1 : c.res+1] {
		if d != 0 {
			return d
		}
	}
	return 0
}

// pentagon reports whether the cell itself has five sides.
func (c h3Cell) pentagon() bool {
	_, p := h3Home(c.base)
	return p && c.leading() == 0
}

func (c h3Cell) turn(by *[7]uint8) h3Cell {
	for r := 1; r <= c.res; r++ {
		c.digit[r] = by[c.digit[r]]
	}
	return c
}

// place gives where the cell lies: a triangle, and the place on it.
func (c h3Cell) place() onFace { return c.laid().onFace }

// laid gives the cell's place and how often the directions of its digits are turned left there.
func (c h3Cell) laid() crossed {
	home, pentagon := h3Home(c.base)
	at := crossed{onFace: home}
	middle := home.at == axial{}
	leading := c.leading()
	if pentagon && leading == 5 {
		c, at.turns = c.turn(&h3Right), 5
	}
	for r := 1; r <= c.res; r++ {
		at.at = at.at.finer(r%2 == 1).add(h3Steps[c.digit[r]])
	}
	if !pentagon && (c.res == 0 || middle) {
		return at
	}
	return at.settle(c.res, pentagon, pentagon && c.leadingAfter(leading) == 4)
}

// settle writes a place on the triangle that it lies on; again does so more than once, as cells by a pentagon may need.
func (c crossed) settle(res int, again, fold bool) crossed {
	odd := res%2 == 1
	on := c.onFace
	if odd { // sides are straight on the grids of even resolutions only
		on.at = on.at.finer(false)
		res++
	}
	moved := false
	for range maxCrossings {
		next := on.cross(res, fold, false)
		if !next.outside {
			break
		}
		on, moved, fold = next.onFace, true, false
		c.turns += next.turns
		if !again {
			break
		}
	}
	if !moved {
		return c
	}
	if odd {
		on.at = on.at.coarser(false)
	}
	c.onFace = on
	return c
}

// maxCrossings bounds how many triangles a place is away from its own.
const maxCrossings = 20

// leadingAfter gives the first digit after the turn that place makes.
func (c h3Cell) leadingAfter(before uint8) uint8 {
	if before == 5 {
		return h3Right[5]
	}
	return before
}

// h3Turns says how the digits on a triangle become those of a base cell.
type h3Turns struct {
	base     int
	pentagon bool
	right    bool // where the first digit would be 1, which a pentagon lacks, turn right rather than left
	left     int
	known    bool
}

// apply turns digits that were read on the triangle.
func (t h3Turns) apply(c h3Cell) h3Cell {
	c.base = t.base
	if t.pentagon && c.leading() == 1 {
		if t.right {
			c = c.turn(&h3Right)
		} else {
			c = c.turn(&h3Left)
		}
	}
	for range t.left {
		c = c.turn(&h3Left)
		if t.pentagon && c.leading() == 1 {
			c = c.turn(&h3Left)
		}
	}
	return c
}

// cell gives the name of a place: the digits on the way up to resolution 0, turned as the base cell there has them.
func (o onFace) cell(res int) (h3Cell, bool) {
	c := h3Cell{res: res}
	at := o.at
	for r := res; r > 0; r-- {
		odd := r%2 == 1
		above := at.coarser(odd)
		step := at.add(above.finer(odd).times(-1))
		found := false
		for d, s := range h3Steps {
			if s == step {
				c.digit[r], found = uint8(d), true
			}
		}
		if !found {
			return c, false
		}
		at = above
	}
	t := h3Bottom()[onFace{o.face, at}]
	if !t.known {
		return c, false
	}
	return t.apply(c), true
}

// h3Bottom gives for the places of resolution 0 on each triangle their base cells. How its digits are turned there follows from
// requiring that cells of a finer resolution on that triangle come out where they lie.
var h3Bottom = sync.OnceValue(func() map[onFace]h3Turns {
	homes := make([]vec, h3Bases)
	for b := range homes {
		c, _ := h3Home(b)
		homes[b] = c.center(0)
	}
	out := map[onFace]h3Turns{}
	for face := range 20 {
		for x := int64(-2); x <= 2; x++ {
			for y := int64(-2); y <= 2; y++ {
				o := onFace{face, axial{x, y}}
				if i, j, k := o.at.ijk(); i+j+k > 2 {
					continue // behind a side: below
				}
				for b, home := range homes {
					if o.center(0).dot(home) > 1-1e-9 {
						out[o] = h3TurnsAt(o, b)
					}
				}
			}
		}
	}
	// a cell on the side of a triangle may have its base cell behind it
	for face := range 20 {
		for x := int64(-2); x <= 2; x++ {
			for y := int64(-2); y <= 2; y++ {
				o := onFace{face, axial{x, y}}
				next := o.cross(0, false, false)
				if t := out[next.onFace]; next.outside && t.known && !t.pentagon {
					t.left = (t.left + next.turns) % 6
					out[o] = t
				}
			}
		}
	}
	return out
})

func h3TurnsAt(o onFace, base int) h3Turns {
	_, pentagon := h3Home(base)
	for n := range 12 {
		t := h3Turns{base: base, pentagon: pentagon, right: n >= 6, left: n % 6, known: true}
		if t.right && !pentagon {
			break
		}
		if t.fits(o) {
			return t
		}
	}
	return h3Turns{}
}

// fits reports whether all cells of resolution 2 within the triangle come out where they lie.
func (t h3Turns) fits(o onFace) bool {
	tested := false
	for d := range 49 {
		c := h3Cell{res: 2}
		c.digit[1], c.digit[2] = uint8(d/7), uint8(d%7)
		at := o.at.finer(true).add(h3Steps[d/7]).finer(false).add(h3Steps[d%7])
		if i, j, k := at.ijk(); d == 0 || i+j+k >= 14 {
			continue
		}
		tested = true
		if t.apply(c).place().center(2).dot((onFace{o.face, at}).center(2)) < 1-1e-9 {
			return false
		}
	}
	return tested
}

// h3CellOf gives the cell of a resolution around a direction.
func h3CellOf(p vec, res int) (h3Cell, bool) { return faceCell(p, res).cell(res) }
