package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// Shapes are widened as Google's S2 does (S2BufferOperation): a path goes around the shape at a distance, and what it goes around to the
// left at least once is the result. Circles and parallels of edges become chains of edges that come closer than the radius by up to an error.

// Kusto's tolerance in metres where none is given, and the least one as a part of the radius.
const (
	bufferTolerance    = 10
	leastErrorFraction = 1e-5
)

// What rounding may be off, in radians.
const (
	leastError         = 2.220446049250313e-16
	interpolationError = 1.6e-15
)

// buffer is a path around a shape, and how often it goes around farPoint.
type buffer struct {
	radius                           float64 // of what is around, in radians
	vertexStep, pointStep, edgeStep  float64 // the angles that an edge may span; edgeStep is 0 where edges need no path of their own
	path                             []vec
	inner, outer, innerAt, outerFrom vec // the shape's point and the path's point that we are at, and the first ones
	begun                            bool
	out                              overlay
}

// newBuffer prepares a path at a radius of less than half the sphere's girth; errorPart is the part of the radius that it may be off.
func newBuffer(radius, errorPart float64) *buffer {
	b := &buffer{radius: radius}
	requested := max(leastError, errorPart*radius)
	b.vertexStep = longestStep(radius, requested)
	b.pointStep = 2*math.Pi/math.Ceil(2*math.Pi/b.vertexStep) + 1e-15
	if rest := math.Pi/2 - radius; rest > requested+interpolationError {
		b.edgeStep = longestStep(rest, requested)
	}
	return b
}

// longestStep gives the angle that one edge of a circle may span.
func longestStep(radius, requested float64) float64 {
	step := 2*math.Pi/3 + 1e-15
	least := radius - requested
	switch {
	case radius < math.Pi/2:
		step = min(step, 2*math.Acos(math.Tan(least)/math.Tan(radius)))
	case least > math.Pi/2:
		step = min(step, 2*math.Acos(math.Tan(radius)/math.Tan(least)))
	}
	return step
}

// onRay gives the point at an angle from a point in a direction at right angles to it.
func onRay(from, toward vec, angle float64) vec {
	sin, cos := sincos(angle)
	return from.times(cos).plus(toward.times(sin)).unit()
}

// maxBufferPoints bounds a path.
const maxBufferPoints = 1 << 20

// along moves on to a point of the shape.
func (b *buffer) along(p vec) {
	if b.begun {
		b.out.far[0] += over(farPoint, b.inner, b.outer, p)
	}
	b.inner = p
	if len(b.path) == 0 {
		b.innerAt = p
	}
}

// add moves on to a point of the path.
func (b *buffer) add(p vec) {
	if len(b.path) >= maxBufferPoints {
		refuse("a buffer may have up to %d points; use a larger tolerance", maxBufferPoints)
	}
	if b.begun {
		b.out.far[0] += over(farPoint, b.inner, b.outer, p)
	} else {
		b.outerFrom, b.begun = p, true
	}
	b.path = append(b.path, p)
	b.outer = p
}

// end closes the path.
func (b *buffer) end() {
	b.out.far[0] += over(farPoint, b.inner, b.outer, b.innerAt) + over(farPoint, b.innerAt, b.outer, b.outerFrom)
	r := append(ring(b.path), b.path[0])
	for i, p := range r[1:] {
		if p != r[i] {
			b.out.edges = append(b.out.edges, inEdge{edge{r[i], p}, 0, 1})
		}
	}
	b.path, b.begun = nil, false
}

// point goes around a point.
func (b *buffer) point(p vec) {
	b.along(p)
	start, angle := p.ortho(), 0.0
	for range 4 {
		next := p.cross(start).unit()
		for ; angle < math.Pi/2; angle += b.pointStep {
			b.add(onRay(p, onRay(start, next, angle), b.radius))
		}
		angle -= math.Pi / 2
		start = next
	}
	b.end()
}

// axis is at right angles to an edge, on its right.
func axis(p, q vec) vec { return edge{q, p}.normal() }

// vertexArc goes around a point from one direction to another, without the last point.
func (b *buffer) vertexArc(p, from, to vec) {
	next, span := p.cross(from).unit(), from.angle(to)
	for angle := 0.0; ; {
		b.add(onRay(p, onRay(from, next, angle), b.radius))
		if angle += b.vertexStep; angle >= span {
			return
		}
	}
}

// edgeArc goes along an edge on its right, without the last point.
func (b *buffer) edgeArc(p, q vec) {
	right := axis(p, q)
	if b.edgeStep == 0 {
		b.add(right)
		b.along(q)
		return
	}
	next, span := p.cross(right).unit(), p.angle(q)
	for angle := 0.0; ; {
		b.add(onRay(onRay(p, next, angle), right, b.radius))
		if angle += b.edgeStep; angle >= span {
			break
		}
	}
	b.along(q)
}

// edgeAndVertex goes along an edge from p to q and around q as far as the edge from there to r needs.
func (b *buffer) edgeAndVertex(p, q, r vec) {
	b.edgeArc(p, q)
	if sideOf(p, q, r) >= 0 {
		end := axis(q, r)
		b.vertexArc(q, axis(p, q), end)
		if b.edgeStep == 0 {
			b.add(onRay(q, end, b.radius))
		}
		return
	}
	// the path goes through the point itself, or what is to the left of it would be covered too often
	if b.edgeStep != 0 {
		b.add(onRay(q, axis(p, q), b.radius))
	}
	b.add(q)
}

// line goes along both sides of a line.
func (b *buffer) line(l []vec) {
	n := len(l)
	if n == 2 && l[0] == l[1] {
		b.point(l[0])
		return
	}
	b.along(l[0])
	first, last := axis(l[0], l[1]), axis(l[n-2], l[n-1])
	b.vertexArc(l[0], first.times(-1), first)
	for i := 0; i+2 < n; i++ {
		b.edgeAndVertex(l[i], l[i+1], l[i+2])
	}
	b.edgeArc(l[n-2], l[n-1])
	b.vertexArc(l[n-1], last, last.times(-1))
	for i := n - 3; i >= 0; i-- {
		b.edgeAndVertex(l[i+2], l[i+1], l[i])
	}
	b.edgeArc(l[1], l[0])
	b.end()
}

// area goes along a border that has the area on its left.
func (b *buffer) area(r ring) {
	n := len(r) - 1
	b.along(r[0])
	for i := range n {
		b.edgeAndVertex(r[i], r[i+1], r[(i+2)%n])
	}
	b.end()
	b.out.far[0] += r.coversOf(farPoint)
}

// result gives what the paths go around.
func (b *buffer) result() value.Value {
	g := b.out.graph()
	polygons := g.polygons(g.border(inAny))
	if len(polygons) == 0 {
		return nullDynamic
	}
	return polygonsJSON(polygons)
}

// bufferOf reads radius and tolerance, from an argument on; ok is false where they are none.
func bufferOf(args []value.Value, at int) (b *buffer, ok bool) {
	radius, tolerance := number(args, at, math.NaN()), number(args, at+1, bufferTolerance)
	if !(radius > 0 && radius < math.Pi*earthRadius) || !(tolerance > 0) || len(args) > at+1 && args[at+1].Null {
		return nil, false
	}
	part := max(leastErrorFraction, min(1, tolerance/radius))
	return newBuffer(radius/earthRadius, part), true
}

func evalPointBuffer(args []value.Value) value.Value {
	p, ok := points(args, 1)
	b, ok2 := bufferOf(args, 2)
	if !ok || !ok2 {
		return nullDynamic
	}
	b.point(p[0])
	return b.result()
}

func evalLineBuffer(args []value.Value) value.Value {
	b, ok := bufferOf(args, 1)
	if !ok || !isLine(args[0]) {
		return nullDynamic
	}
	for _, l := range first(linesOf(args[0])) {
		b.line(l)
	}
	return b.result()
}

func evalPolygonBuffer(args []value.Value) value.Value {
	polygons, ok := polygonsOf(args[0])
	b, ok2 := bufferOf(args, 1)
	if !ok || !ok2 {
		return nullDynamic
	}
	for _, polygon := range oriented(simplest(polygons)) {
		for _, r := range polygon {
			b.area(r)
		}
	}
	return b.result()
}
