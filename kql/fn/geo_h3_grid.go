package fn

import (
	"math"
	"sync"
)

// H3 lays a grid of hexagons on each of the twenty triangles of an icosahedron. A place on a triangle is given on the axes i and j, which
// point to two of its corners (120° apart; k points to the third, and i+j+k is zero), in cells of a resolution. Each finer resolution
// has a seventh of the area and is turned: to the left for the odd resolutions, back again for the even ones.

// axial is a place x·i + y·j.
type axial struct{ x, y int64 }

func (a axial) add(b axial) axial   { return axial{a.x + b.x, a.y + b.y} }
func (a axial) times(n int64) axial { return axial{a.x * n, a.y * n} }
func (a axial) left() axial         { return axial{a.x - a.y, a.x} } // turned by 60°
func (a axial) right() axial        { return axial{a.y, a.y - a.x} }
func (a axial) finer(odd bool) axial {
	if odd {
		return axial{2*a.x + a.y, 3*a.y - a.x}
	}
	return axial{3*a.x - a.y, a.x + 2*a.y}
}

// coarser gives the place of the cell around it in the resolution above one that is odd or even.
func (a axial) coarser(odd bool) axial {
	if odd {
		return axial{divRound(3*a.x-a.y, 7), divRound(a.x+2*a.y, 7)}
	}
	return axial{divRound(2*a.x+a.y, 7), divRound(3*a.y-a.x, 7)}
}

// ijk gives the place by the three axes, none of them negative and one of them zero.
func (a axial) ijk() (i, j, k int64) {
	low := min(a.x, a.y, 0)
	return a.x - low, a.y - low, -low
}

// plane gives the place where i is the x axis.
func (a axial) plane() (x, y float64) {
	return float64(a.x) - float64(a.y)/2, float64(a.y) * math.Sqrt(3) / 2
}

func divRound(n, d int64) int64 { return int64(math.Round(float64(n) / float64(d))) }

// nearestCell gives the cell that contains a place of the plane.
func nearestCell(px, py float64) axial {
	y := py * 2 / math.Sqrt(3)
	x := px + y/2
	// on the three axes with sum zero, the one rounded most follows from the others
	u, v, w := x-y, y, -x // steps between the three pairs of opposite sides
	ru, rv, rw := math.Round(u), math.Round(v), math.Round(w)
	du, dv, dw := math.Abs(ru-u), math.Abs(rv-v), math.Abs(rw-w)
	switch {
	case du >= dv && du >= dw: // what is given out are the other two
	case dv >= dw:
		rv = -ru - rw
	default:
		rw = -ru - rv
	}
	return axial{int64(-rw), int64(rv)}
}

// h3Unit is the side of a cell of resolution 0 on the plane that touches a triangle in its centre; h3Turn the angle between resolutions.
const h3Unit = 0.38196601125010500003

var h3Turn = math.Asin(math.Sqrt(3.0 / 28))

// onFace is a place on a triangle.
type onFace struct {
	face int
	at   axial
}

// point gives the direction of a place on a triangle's plane, in cells of a resolution that may be counted in thirds.
func (f h3Face) point(x, y float64, res int, thirds bool) vec {
	r, theta := math.Hypot(x, y), math.Atan2(y, x)
	r *= h3Unit / math.Pow(math.Sqrt(7), float64(res))
	if thirds {
		r /= 3
	}
	if res%2 == 1 {
		theta += h3Turn
	}
	return f.toward(f.azimuth-theta, math.Atan(r))
}

// toward goes from the triangle's centre by an angle in a direction.
func (f h3Face) toward(azimuth, angle float64) vec {
	sin, cos := math.Sincos(azimuth)
	sinR, cosR := math.Sincos(angle)
	e := f.east.times(sin).plus(f.north.times(cos))
	return f.center.times(cosR).plus(e.times(sinR))
}

// center gives the direction of a cell's centre.
func (c onFace) center(res int) vec {
	x, y := c.at.plane()
	return h3Faces()[c.face].point(x, y, res, false)
}

// faceCell gives the cell of a resolution around a direction, on the triangle whose centre is nearest.
func faceCell(p vec, res int) onFace {
	faces := h3Faces()
	best, near := 0, math.Inf(-1)
	for i, f := range faces {
		if d := f.center.dot(p); d > near {
			best, near = i, d
		}
	}
	f := faces[best]
	r := math.Tan(f.center.angle(p)) / h3Unit * math.Pow(math.Sqrt(7), float64(res))
	theta := f.azimuth - math.Atan2(p.dot(f.east), p.dot(f.north))
	if res%2 == 1 {
		theta -= h3Turn
	}
	sin, cos := math.Sincos(theta)
	return onFace{best, nearestCell(r*cos, r*sin)}
}

// h3Face is a triangle of the icosahedron: its centre, the directions there, the azimuth of axis i, and what lies behind each side.
type h3Face struct {
	center, north, east vec
	azimuth             float64
	beyond              [3]h3Side
}

// h3Side says how places behind a side of a triangle are written on the next one: turned left so often, then moved by units of the
// triangle's half side.
type h3Side struct {
	face, turns int
	move        axial
}

// The sides, named by the axes between which they lie.
const (
	sideIJ = iota
	sideKI
	sideJK
)

// h3Orientation gives latitude and longitude of each triangle's centre and the azimuth of its axis i, in radians: where the grid lies on
// the earth. The triangles are numbered in four belts of five from north to south.
var h3Orientation = [20][3]float64{
	{0.803582649718989942, 1.248397419617396099, 5.619958268523939882}, {1.307747883455638156, 2.536945009877921159, 5.760339081714187279},
	{1.054751253523952054, -1.347517358900396623, 0.780213654393430055}, {0.600191595538186799, -0.450603909469755746, 0.430469363979999913},
	{0.491715428198773866, 0.401988202911306943, 6.130269123335111400}, {0.172745327415618701, 1.678146885280433686, 2.692877706530642877},
	{0.605929321571350690, 2.953923329812411617, 2.982963003477243874}, {0.427370518328979641, -1.888876200336285401, 3.532912002790141181},
	{-0.079066118549212831, -0.733429513380867741, 3.494305004259568154}, {-0.230961644455383637, 0.506495587332349035, 3.003214169499538391},
	{0.079066118549212831, 2.408163140208925497, 5.930472956509811562}, {0.230961644455383637, -2.635097066257444203, 0.138378484090254847},
	{-0.172745327415618701, -1.463445768309359553, 0.448714947059150361}, {-0.605929321571350690, -0.187669323777381622, 0.158629650112549365},
	{-0.427370518328979641, 1.252716453253507838, 5.891865957979238535}, {-0.600191595538186799, 2.690988744120037492, 2.711123289609793325},
	{-0.491715428198773866, -2.739604450678486295, 3.294508837434268316}, {-0.803582649718989942, -1.893195233972397139, 3.804819692245439833},
	{-1.307747883455638156, -0.604647643711872080, 3.664438879055192436}, {-1.054751253523952054, 1.794075294689396615, 2.361378999196363184},
}

var h3Faces = sync.OnceValue(func() *[20]h3Face {
	var out [20]h3Face
	acrossIJ, acrossKI, acrossJK := axial{0, -2}, axial{2, 2}, axial{-2, 0}
	for i, o := range h3Orientation {
		sinLat, cosLat := math.Sincos(o[0])
		sinLon, cosLon := math.Sincos(o[1])
		f := h3Face{center: vec{cosLat * cosLon, cosLat * sinLon, sinLat}, north: vec{-sinLat * cosLon, -sinLat * sinLon, cosLat},
			east: vec{-sinLon, cosLon, 0}, azimuth: o[2]}
		belt, at := i/5, i%5
		next, last := (at+1)%5, (at+4)%5
		switch belt {
		case 0:
			f.beyond = [3]h3Side{{last, 1, acrossIJ}, {next, 5, acrossKI}, {5 + at, 3, acrossJK}}
		case 1:
			f.beyond = [3]h3Side{{10 + at, 3, acrossKI}, {10 + last, 3, acrossIJ}, {at, 3, acrossJK}}
		case 2:
			f.beyond = [3]h3Side{{5 + at, 3, acrossKI}, {5 + next, 3, acrossIJ}, {15 + at, 3, acrossJK}}
		default:
			f.beyond = [3]h3Side{{15 + next, 1, acrossIJ}, {15 + last, 5, acrossKI}, {10 + at, 3, acrossJK}}
		}
		out[i] = f
	}
	return &out
})

// side gives the side of the triangle toward which a place lies.
func (a axial) side() int {
	_, j, k := a.ijk()
	switch {
	case k == 0:
		return sideIJ
	case j == 0:
		return sideKI
	}
	return sideJK
}

// crossed is a place that was written on the triangle next to its own, if it was outside. Directions were turned left so often. onSide
// holds of places in thirds that lie exactly on a side.
type crossed struct {
	onFace
	turns           int
	outside, onSide bool
}

// cross writes a place that lies outside its triangle on the neighbour; res must be even, places may be counted in thirds. fold is for the
// part of a pentagon's cells that lies beyond the sector which a pentagon lacks.
func (c onFace) cross(res int, fold, thirds bool) (out crossed) {
	unit := int64(1)
	for range res / 2 {
		unit *= 7
	}
	if thirds {
		unit *= 3
	}
	i, j, k := c.at.ijk()
	if sum := i + j + k; sum <= 2*unit {
		return crossed{onFace: c, onSide: thirds && sum == 2*unit}
	}
	side := c.at.side()
	turns := 0
	if side == sideKI && fold {
		turns = 5
		corner := axial{2 * unit, 0}
		c.at = c.at.add(corner.times(-1)).right().add(corner)
	}
	s := h3Faces()[c.face].beyond[side]
	for range s.turns {
		c.at = c.at.left()
	}
	c = onFace{s.face, c.at.add(s.move.times(unit))}
	i, j, k = c.at.ijk()
	return crossed{c, turns + s.turns, true, thirds && i+j+k == 2*unit}
}
