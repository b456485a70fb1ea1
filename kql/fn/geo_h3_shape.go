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
	if c.pentagon() {
		refuse("the H3 cells around %s, a pentagon, are not supported", c.name())
	}
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

// cell names the place.
func (w *h3Walk) cell() h3Cell {
	at := crossed{onFace: onFace{w.start.face, w.at}}.settle(w.from.res, true, false)
	c, ok := at.cell(w.from.res)
	if !ok || c.pentagon() {
		w.refuse()
	}
	return c
}

func (w *h3Walk) refuse() {
	refuse("the H3 cells around %s, which lie by a pentagon, are not supported", w.from.name())
}

// ring gives the cells at a distance from a cell, around it in order. It refuses where a pentagon is near: there the grid is not even.
func (c h3Cell) ring(distance int) []h3Cell {
	if distance == 0 {
		return []h3Cell{c}
	}
	w := c.walk()
	w.step(4, distance)
	apart := 1.7 * h3Unit / math.Pow(math.Sqrt(7), float64(c.res))
	out := make([]h3Cell, 0, 6*distance)
	seen := make(map[h3Cell]bool, 6*distance)
	var last vec
	for _, digit := range h3Around {
		for range distance {
			w.step(digit, 1)
			next := w.cell()
			center := next.place().center(c.res)
			if seen[next] || len(out) > 0 && last.angle(center) > apart {
				w.refuse()
			}
			seen[next] = true
			out, last = append(out, next), center
		}
	}
	return out
}

// neighbors gives the six cells next to a cell.
func (c h3Cell) neighbors() []h3Cell {
	c.ring(1) // refuses where there are not six
	out := make([]h3Cell, len(h3Near))
	for i, digit := range h3Near {
		w := c.walk()
		w.step(digit, 1)
		out[i] = w.cell()
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
		refuse("the border of the H3 cell %s, a pentagon, is not supported", c.name())
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
