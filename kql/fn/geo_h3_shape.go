package fn

import "math"

// h3Around are the digits of the steps around a cell, from a start in the direction of the axis i; h3Near is the order in which
// geo_h3cell_neighbors gives the cells next to one.
var (
	h3Around = [6]uint8{2, 3, 1, 5, 4, 6}
	h3Near   = [6]uint8{1, 4, 5, 3, 2, 6}
)

// h3Walk goes from place to place on the triangle of a cell, in the directions of the cell's digits.
type h3Walk struct {
	from  h3Cell
	start crossed
	at    axial
}

func (c h3Cell) walk() *h3Walk {
	start := c.laid()
	return &h3Walk{c, start, start.at}
}

// step moves by a digit's direction, so many times.
func (w *h3Walk) step(digit uint8, times int) {
	for range w.start.turns % 6 {
		digit = h3Left[digit]
	}
	w.at = w.at.add(h3Steps[digit].times(int64(times)))
}

// cell names the place; ok is false where a pentagon is near, around which the grid is not even.
func (w *h3Walk) cell() (c h3Cell, ok bool) {
	at := crossed{onFace: onFace{w.start.face, w.at}}.settle(w.from.res, true, false)
	c, ok = at.cell(w.from.res)
	return c, ok && !c.pentagon()
}

// ring gives the cells at a distance from a cell, around it in order.
func (c h3Cell) ring(distance int) []h3Cell {
	if distance == 0 {
		return []h3Cell{c}
	}
	if out, ok := c.evenRing(distance); ok {
		return out
	}
	return c.rings(distance)[distance]
}

// evenRing walks around a cell; ok is false where a pentagon is near.
func (c h3Cell) evenRing(distance int) (out []h3Cell, ok bool) {
	if c.pentagon() {
		return nil, false
	}
	w := c.walk()
	w.step(4, distance)
	apart := 1.7 * h3Unit / math.Pow(math.Sqrt(7), float64(c.res))
	seen := make(map[h3Cell]bool, 6*distance)
	var last vec
	for _, digit := range h3Around {
		for range distance {
			w.step(digit, 1)
			next, ok := w.cell()
			if !ok || seen[next] {
				return nil, false
			}
			center := next.place().center(c.res)
			if len(out) > 0 && last.angle(center) > apart {
				return nil, false
			}
			seen[next] = true
			out, last = append(out, next), center
		}
	}
	return out, true
}

// neighbors gives the cells next to a cell, of which a pentagon has five.
func (c h3Cell) neighbors() []h3Cell {
	if _, ok := c.evenRing(1); !ok {
		return c.beside()
	}
	out := make([]h3Cell, len(h3Near))
	for i, digit := range h3Near {
		w := c.walk()
		w.step(digit, 1)
		out[i], _ = w.cell()
	}
	return out
}

// h3Corners are the corners of a cell in a grid three times as fine, and for odd resolutions also finer and turned to an even one.
var h3Corners = [2][6]axial{
	{{2, 1}, {1, 2}, {-1, 1}, {-2, -1}, {-1, -2}, {1, -1}},
	{{5, 4}, {1, 5}, {-4, 1}, {-5, -4}, {-1, -5}, {4, -1}},
}

// border gives the corners of a cell. Where a side of a cell of an odd resolution crosses a side of a triangle it has a corner there too.
func (c h3Cell) border() []vec {
	if c.pentagon() {
		return c.pentagonBorder()
	}
	here := c.place()
	at := here.at.times(3)
	odd, res := c.res%2, c.res
	if odd == 1 {
		at = at.finer(false)
		res++
	}
	var out []vec
	var last onFace
	lastOnSide := false
	for v := range 7 {
		raw := onFace{here.face, at.add(h3Corners[odd][v%6])}
		on := raw.cross(res, false, true)
		if odd == 1 && v > 0 && on.face != last.face && !lastOnSide {
			other := on.face
			if last.face != here.face {
				other = last.face
			}
			before := at.add(h3Corners[odd][(v+5)%6])
			if x, y, ok := crossing(before, raw.at, here.face, other, res); ok {
				out = append(out, h3Faces()[here.face].point(x, y, res, true))
			}
		}
		if v < 6 {
			x, y := on.at.plane()
			out = append(out, h3Faces()[on.face].point(x, y, res, true))
		}
		last, lastOnSide = on.onFace, on.onSide
	}
	return out
}

// pentagonBorder gives the corners of a pentagon, which lie on five triangles; on odd resolutions all its sides cross the sides of triangles.
func (c h3Cell) pentagonBorder() []vec {
	here := c.place()
	at := here.at.times(3)
	odd, res := c.res%2, c.res
	if odd == 1 {
		at = at.finer(false)
		res++
	}
	var out []vec
	var last onFace
	for v := range 6 {
		on := onFace{here.face, at.add(h3Corners[odd][v%5])}
		for range maxCrossings {
			next := on.cross(res, false, true)
			on = next.onFace
			if !next.outside {
				break
			}
		}
		if odd == 1 && v > 0 {
			seen := on.on(last.face, res)
			if x, y, ok := crossing(last.at, seen.at, last.face, on.face, res); ok {
				out = append(out, h3Faces()[last.face].point(x, y, res, true))
			}
		}
		if v < 5 {
			x, y := on.at.plane()
			out = append(out, h3Faces()[on.face].point(x, y, res, true))
		}
		last = on
	}
	return out
}

// on writes a place, in thirds, on a triangle next to its own.
func (c onFace) on(face, res int) onFace {
	unit := int64(3)
	for range res / 2 {
		unit *= 7
	}
	for _, s := range h3Faces()[c.face].beyond {
		if s.face == face {
			at := c.at
			for range s.turns {
				at = at.left()
			}
			return onFace{face, at.add(s.move.times(unit))}
		}
	}
	return c
}

// crossing gives where the line between two places meets the side of a triangle toward another; ok is false where that is one of the two.
func crossing(a, b axial, face, other, res int) (x, y float64, ok bool) {
	far := 3.0
	for range res / 2 {
		far *= 7
	}
	half := far * math.Sqrt(3)
	corners := [3][2]float64{{2 * far, 0}, {-far, half}, {-far, -half}} // of the axes i, j, k
	from, to := corners[2], corners[0]
	switch other {
	case h3Faces()[face].beyond[sideIJ].face:
		from, to = corners[0], corners[1]
	case h3Faces()[face].beyond[sideJK].face:
		from, to = corners[1], corners[2]
	}
	ax, ay := a.plane()
	bx, by := b.plane()
	dx, dy, ex, ey := bx-ax, by-ay, to[0]-from[0], to[1]-from[1]
	t := ((from[0]-ax)*ey - (from[1]-ay)*ex) / (dx*ey - dy*ex)
	const atEnd = 1e-9
	return ax + t*dx, ay + t*dy, t > atEnd && t < 1-atEnd
}
