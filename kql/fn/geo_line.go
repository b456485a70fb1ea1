package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

func (a vec) plus(b vec) vec        { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) times(k float64) vec   { return vec{a.x * k, a.y * k, a.z * k} }
func (a vec) unit() vec             { return a.times(1 / a.norm()) }
func (a vec) geoPoint() value.Value { return geoPoint(a.lonLat()) }

// closest gives the point of an edge that is nearest to p.
func closest(p, a, b vec) vec {
	n := a.cross(b)
	if n.norm() > 0 {
		n = n.unit()
		if n.cross(a).dot(p) >= 0 && b.cross(n).dot(p) >= 0 {
			if foot := p.plus(n.times(-p.dot(n))); foot.norm() > 0 {
				return foot.unit()
			}
		}
	}
	if p.angle(a) <= p.angle(b) {
		return a
	}
	return b
}

// closestOn gives the nearest point of lines, and how far along all of them together it lies.
func closestOn(p vec, lines [][]vec) (at vec, along float64) {
	best, before := math.Inf(1), 0.0
	for _, l := range lines {
		for i := 0; i+1 < len(l); i++ {
			c := closest(p, l[i], l[i+1])
			if d := p.angle(c); d < best {
				best, at, along = d, c, before+l[i].angle(c)
			}
			before += l[i].angle(l[i+1])
		}
	}
	return at, along
}

func evalClosestOnLine(args []value.Value) value.Value {
	p, ok := points(args, 1)
	lines, ok2 := linesOf(args[2])
	if !ok || !ok2 {
		return nullDynamic
	}
	at, _ := closestOn(p[0], lines)
	return at.geoPoint()
}

func evalClosestOnPolygon(args []value.Value) value.Value {
	p, ok := points(args, 1)
	polygons, ok2 := polygonsOf(args[2])
	if !ok || !ok2 {
		return nullDynamic
	}
	for _, polygon := range polygons {
		if inPolygon(p[0], polygon) {
			return p[0].geoPoint()
		}
	}
	at, _ := closestOn(p[0], bordersOf(polygons))
	return at.geoPoint()
}

func evalLocatePoint(args []value.Value) value.Value {
	lines, ok := linesOf(args[0])
	p, ok2 := points(args[1:], 1)
	if !ok || !ok2 {
		return value.NullOf(value.Real)
	}
	total := 0.0
	for _, l := range lines {
		total += lengthOf(l) / earthRadius
	}
	_, along := closestOn(p[0], lines)
	return value.OfReal(along / total)
}

func evalInterpolatePoint(args []value.Value) value.Value {
	lines, ok := linesOf(args[0])
	f := number(args, 1, math.NaN())
	if !ok || !(f >= 0 && f <= 1) {
		return nullDynamic
	}
	left := 0.0
	for _, l := range lines {
		left += f * lengthOf(l) / earthRadius
	}
	var last vec
	for _, l := range lines {
		for i := 0; i+1 < len(l); i++ {
			a, b := l[i], l[i+1]
			d := a.angle(b)
			if left <= d && d > 0 {
				return a.times(math.Sin(d - left)).plus(b.times(math.Sin(left))).unit().geoPoint()
			}
			left, last = left-d, b
		}
	}
	return last.geoPoint()
}

// evalLineCentroid gives the centre of mass of lines: the edges' centres, weighted with their lengths.
func evalLineCentroid(args []value.Value) value.Value {
	lines, ok := linesOf(args[0])
	if !ok {
		return nullDynamic
	}
	var sum vec
	for _, l := range lines {
		for i := 0; i+1 < len(l); i++ {
			both, apart := l[i].plus(l[i+1]), l[i].plus(l[i+1].times(-1))
			sum = sum.plus(both.times(apart.norm() / both.norm()))
		}
	}
	if sum.norm() == 0 {
		return nullDynamic
	}
	return sum.unit().geoPoint()
}

// triangleCentroid is the integral of the position over a spherical triangle.
func triangleCentroid(a, b, c vec) vec {
	ratio := func(angle float64) float64 {
		if angle == 0 {
			return 1
		}
		return angle / math.Sin(angle)
	}
	ra, rb, rc := ratio(b.angle(c)), ratio(c.angle(a)), ratio(a.angle(b))
	x := vec{a.x, b.x - a.x, c.x - a.x}
	y := vec{a.y, b.y - a.y, c.y - a.y}
	z := vec{a.z, b.z - a.z, c.z - a.z}
	r := vec{ra, rb - ra, rc - ra}
	return vec{y.cross(z).dot(r), z.cross(x).dot(r), x.cross(y).dot(r)}.times(0.5)
}

func evalPolygonCentroid(args []value.Value) value.Value {
	polygons, ok := polygonsOf(args[0])
	if !ok {
		return nullDynamic
	}
	return borderCentroid(unionBorder(polygons)).unit().geoPoint()
}

// meet reports whether two edges cross or touch.
func meet(a, b, c, d vec) bool {
	if a == c || a == d || b == c || b == d {
		return true
	}
	side := func(p, q, r vec) float64 { return p.cross(q).dot(r) }
	abc, abd, cda, cdb := side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
	if abc*abd > 0 || cda*cdb > 0 {
		return false
	}
	return a.plus(b).dot(c.plus(d)) > 0 // not at the other side of the sphere
}

func linesMeet(x, y [][]vec) bool {
	for _, l := range x {
		for _, m := range y {
			for i := 0; i+1 < len(l); i++ {
				for j := 0; j+1 < len(m); j++ {
					if meet(l[i], l[i+1], m[j], m[j+1]) {
						return true
					}
				}
			}
		}
	}
	return false
}

func bordersOf(polygons [][]ring) (out [][]vec) {
	for _, polygon := range polygons {
		for _, r := range polygon {
			out = append(out, r)
		}
	}
	return out
}

func anyInside(lines [][]vec, polygons [][]ring) bool {
	for _, l := range lines {
		for _, polygon := range polygons {
			if inPolygon(l[0], polygon) {
				return true
			}
		}
	}
	return false
}

func evalLinesMeet(args []value.Value) value.Value {
	x, ok := linesOf(args[0])
	y, ok2 := linesOf(args[1])
	if !ok || !ok2 {
		return nullBool
	}
	return value.OfBool(linesMeet(x, y))
}

func evalLineMeetsPolygon(args []value.Value) value.Value {
	x, ok := linesOf(args[0])
	y, ok2 := polygonsOf(args[1])
	if !ok || !ok2 {
		return nullBool
	}
	return value.OfBool(linesMeet(x, bordersOf(y)) || anyInside(x, y))
}

func evalPolygonsMeet(args []value.Value) value.Value {
	x, ok := polygonsOf(args[0])
	y, ok2 := polygonsOf(args[1])
	if !ok || !ok2 {
		return nullBool
	}
	return value.OfBool(linesMeet(bordersOf(x), bordersOf(y)) || anyInside(bordersOf(x), y) || anyInside(bordersOf(y), x))
}

func first[T any](v T, _ bool) T { return v }

// isLine holds for lines none of whose edges is without length.
func isLine(v value.Value) bool {
	lines, ok := linesOf(v)
	for _, l := range lines {
		for i := range l[1:] {
			ok = ok && l[i] != l[i+1]
		}
	}
	return ok
}
