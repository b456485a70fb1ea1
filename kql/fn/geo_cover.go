package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// maxCover is how many cells may cover a shape; coverLevel is their level where none is given.
const (
	maxCover   = 65_536
	coverLevel = 11
	maxS2      = 30
)

// edge is the geodesic between two points.
type edge struct{ a, b vec }

func edgesOf(line []vec) (out []edge) {
	for i := 0; i+1 < len(line); i++ {
		out = append(out, edge{line[i], line[i+1]})
	}
	return out
}

// square is an S2 cell: the bits of its place on a face of the cube, and how the curve runs in it.
type square struct {
	face, level, orientation int
	i, j                     int64
	path                     uint64 // face, then two bits for each level
}

func (s square) quarter(pos int) square {
	ij := s2Order[s.orientation][pos]
	return square{s.face, s.level + 1, s.orientation ^ s2Orientation[pos], s.i<<1 | int64(ij>>1), s.j<<1 | int64(ij&1), s.path<<2 | uint64(pos)}
}

func (s square) name() string {
	id := (s.path<<1 | 1) << (2 * (maxS2 - s.level))
	return s2Name(id)
}

// bounds gives the square on the face, in -1…1.
func (s square) bounds() (u0, v0, u1, v1 float64) {
	size := math.Ldexp(1, -s.level)
	return s2Edge(float64(s.i) * size), s2Edge(float64(s.j) * size), s2Edge(float64(s.i+1) * size), s2Edge(float64(s.j+1) * size)
}

// onCube gives a direction in the axes of a face: u, v, and w which points out of it.
func onCube(face int, p vec) (u, v, w float64) {
	switch face {
	case 0:
		return p.y, p.z, p.x
	case 1:
		return -p.x, p.z, p.y
	case 2:
		return -p.x, -p.y, p.z
	case 3:
		return -p.z, -p.y, -p.x
	case 4:
		return -p.z, p.x, -p.y
	}
	return p.y, p.x, -p.z
}

// touches reports whether an edge has a point in the cell: edges are straight on the face, so the cell's sides cut a part from the chord.
func (s square) touches(e edge) bool {
	u0, v0, u1, v1 := s.bounds()
	au, av, aw := onCube(s.face, e.a)
	bu, bv, bw := onCube(s.face, e.b)
	from, to := 0.0, 1.0
	for _, side := range [4][2]float64{{au - u0*aw, bu - u0*bw}, {u1*aw - au, u1*bw - bu}, {av - v0*aw, bv - v0*bw}, {v1*aw - av, v1*bw - bv}} {
		a, b := side[0], side[1] // how far within the side the ends lie
		switch {
		case a < 0 && b < 0:
			return false
		case a < 0:
			from = max(from, a/(a-b))
		case b < 0:
			to = min(to, a/(a-b))
		}
	}
	return from <= to
}

// near reports whether an edge comes as close to the cell as an angle.
func (s square) near(e edge, angle float64) bool {
	if s.touches(e) {
		return true
	}
	if angle <= 0 {
		return false
	}
	u0, v0, u1, v1 := s.bounds()
	corners := [5]vec{}
	for i, c := range [5][2]float64{{u0, v0}, {u1, v0}, {u1, v1}, {u0, v1}, {u0, v0}} {
		corners[i] = s2Point(s.face, c[0], c[1]).unit()
	}
	for i := range 4 {
		if min(toSegment(e.a, corners[i], corners[i+1]), toSegment(e.b, corners[i], corners[i+1]), toSegment(corners[i], e.a, e.b)) <= angle {
			return true
		}
	}
	return false
}

// cover gathers the cells of a level that a shape, widened by an angle, has a part in.
type cover struct {
	level  int
	angle  float64
	inside func(p vec) bool // of a shape with an area
	names  value.Array
}

// visit is false where there are too many cells.
func (c *cover) visit(s square, edges []edge) bool {
	var near []edge
	for _, e := range edges {
		if s.near(e, c.angle) {
			near = append(near, e)
		}
	}
	if len(near) == 0 {
		u0, v0, u1, v1 := s.bounds()
		if c.inside == nil || !c.inside(s2Point(s.face, (u0+u1)/2, (v0+v1)/2).unit()) {
			return true
		}
		return c.fill(s)
	}
	if s.level == c.level {
		c.names = append(c.names, value.OfString(s.name()))
		return len(c.names) <= maxCover
	}
	for pos := range 4 {
		if !c.visit(s.quarter(pos), near) {
			return false
		}
	}
	return true
}

// fill takes all cells of the level within one.
func (c *cover) fill(s square) bool {
	if s.level == c.level {
		c.names = append(c.names, value.OfString(s.name()))
		return len(c.names) <= maxCover
	}
	for pos := range 4 {
		if !c.fill(s.quarter(pos)) {
			return false
		}
	}
	return true
}

// coverShape gives the names of the cells in the order of the curve, null where they are too many or the arguments no good.
func coverShape(args []value.Value, edges []edge, inside func(p vec) bool) value.Value {
	level, radius := number(args, 1, coverLevel), number(args, 2, 0)
	if !(level >= 0 && level <= maxS2 && level == math.Trunc(level) && radius >= 0) || math.IsInf(radius, 0) || len(args) > 1 && args[1].Null {
		return nullDynamic
	}
	c := &cover{level: int(level), angle: radius / earthRadius, inside: inside, names: value.Array{}}
	for face := range 6 {
		if !c.visit(square{face: face, orientation: face & 1, path: uint64(face)}, edges) {
			return nullDynamic
		}
	}
	return value.OfArray(c.names)
}

func evalLineCells(args []value.Value) value.Value {
	if !isLine(args[0]) {
		return nullDynamic
	}
	var edges []edge
	for _, l := range first(linesOf(args[0])) {
		edges = append(edges, edgesOf(l)...)
	}
	return coverShape(args, edges, nil)
}

func evalPolygonCells(args []value.Value) value.Value {
	polygons, ok := polygonsOf(args[0])
	if !ok {
		return nullDynamic
	}
	var edges []edge
	for _, polygon := range polygons {
		for _, r := range polygon {
			edges = append(edges, edgesOf(r)...)
		}
	}
	return coverShape(args, edges, func(p vec) bool {
		for _, polygon := range polygons {
			if inPolygon(p, polygon) {
				return true
			}
		}
		return false
	})
}
