package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// earthRadius is the radius in metres of the sphere that geo functions compute on.
const earthRadius = 6371010.0

// vec is a point on the unit sphere.
type vec struct{ x, y, z float64 }

func (a vec) cross(b vec) vec   { return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x} }
func (a vec) dot(b vec) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) norm() float64     { return math.Sqrt(a.dot(a)) }

// angle gives the angle between two directions, exact for small ones too.
func (a vec) angle(b vec) float64 { return math.Atan2(a.cross(b).norm(), a.dot(b)) }

// degree is in radians.
const degree = math.Pi / 180

func vecOf(lon, lat float64) vec {
	l, p := lon*degree, lat*degree
	sinL, cosL := sincos(l)
	sinP, cosP := sincos(p)
	return vec{cosL * cosP, sinL * cosP, sinP}
}

func (a vec) lonLat() (lon, lat float64) {
	// adding 0 makes 0 of -0
	return atan2(a.y, a.x)*(180/math.Pi) + 0, atan2(a.z, math.Sqrt(a.x*a.x+a.y*a.y))*(180/math.Pi) + 0
}

func validPoint(lon, lat float64) bool { return math.Abs(lon) <= 180 && math.Abs(lat) <= 90 }

// points reads pairs of longitude and latitude from arguments; ok is false where one is null or out of range.
func points(args []value.Value, n int) (out []vec, ok bool) {
	for i := range n {
		lon, lat := number(args, 2*i, math.NaN()), number(args, 2*i+1, math.NaN())
		if !validPoint(lon, lat) {
			return nil, false
		}
		out = append(out, vecOf(lon, lat))
	}
	return out, true
}

// azimuth gives the direction from a to b, clockwise from north, between 0 and 2π.
func azimuth(a, b vec) float64 {
	north := vec{0, 0, 1}
	east := north.cross(a)
	up := a.cross(east)
	at := math.Atan2(b.dot(east), b.dot(up))
	if at < 0 {
		at += 2 * math.Pi
	}
	return at
}

func evalAzimuth(args []value.Value) value.Value {
	p, ok := points(args, 2)
	if !ok || p[0] == p[1] {
		return value.NullOf(value.Real)
	}
	return value.OfReal(azimuth(p[0], p[1]))
}

// evalGeoAngle gives the angle at the second point from the first clockwise to the third.
func evalGeoAngle(args []value.Value) value.Value {
	p, ok := points(args, 3)
	if !ok || p[0] == p[1] || p[1] == p[2] {
		return value.NullOf(value.Real)
	}
	at := azimuth(p[1], p[2]) - azimuth(p[1], p[0])
	if at < 0 {
		at += 2 * math.Pi
	}
	return value.OfReal(at)
}

// evalDistance gives the distance on the sphere, or on the spheroid where that is asked for.
func evalDistance(args []value.Value) value.Value {
	p, ok := points(args, 2)
	if !ok {
		return value.NullOf(value.Real)
	}
	if number(args, 4, 0) != 0 {
		metres, ok := spheroidDistance(number(args, 0, 0), number(args, 1, 0), number(args, 2, 0), number(args, 3, 0))
		if !ok {
			refuse("the distance on the spheroid of points on opposite sides of the earth cannot be told; leave out use_spheroid")
		}
		return value.OfReal(metres)
	}
	return value.OfReal(p[0].angle(p[1]) * earthRadius)
}

// evalPointInCircle compares the distance on the sphere with the radius.
func evalPointInCircle(args []value.Value) value.Value {
	p, ok := points(args, 2)
	radius := number(args, 4, math.NaN())
	if !ok || !(radius >= 0) || math.IsInf(radius, 0) {
		return nullBool
	}
	return value.OfBool(p[0].angle(p[1])*earthRadius <= radius)
}

// ring is a closed line of points; the first is repeated at the end.
type ring []vec

// position reads [longitude, latitude].
func position(v value.Value) (vec, bool) {
	a, ok := arrayOf(v)
	if !ok || len(a) < 2 {
		return vec{}, false
	}
	lon, lat := number(a, 0, math.NaN()), number(a, 1, math.NaN())
	if !validPoint(lon, lat) {
		return vec{}, false
	}
	return vecOf(lon, lat), true
}

func positions(v value.Value) ([]vec, bool) {
	a, ok := arrayOf(v)
	if !ok || len(a) < 2 {
		return nil, false
	}
	out := make([]vec, len(a))
	for i, e := range a {
		if out[i], ok = position(e); !ok {
			return nil, false
		}
	}
	return out, true
}

// coordinates gives the coordinates of a GeoJSON object of the type, or of Multi and the type as a list of them.
func coordinates(v value.Value, kind string) (list []value.Value, ok bool) {
	b, ok := bagOf(v)
	if !ok {
		return nil, false
	}
	t, _ := b.Get("type")
	c, _ := b.Get("coordinates")
	switch t.S {
	case kind:
		return []value.Value{c}, true
	case "Multi" + kind:
		a, ok := arrayOf(c)
		return a, ok && len(a) > 0
	}
	return nil, false
}

// polygonsOf reads a Polygon or MultiPolygon: for each, its border and its holes.
func polygonsOf(v value.Value) (out [][]ring, ok bool) {
	list, ok := coordinates(v, "Polygon")
	if !ok {
		return nil, false
	}
	for _, c := range list {
		rings, ok := arrayOf(c)
		if !ok || len(rings) == 0 {
			return nil, false
		}
		if inner, ok := arrayOf(rings[0]); ok && len(rings) == 1 && len(inner) > 0 { // one bracket too many is taken, as Kusto does
			if points, ok := arrayOf(inner[0]); ok && len(points) > 0 {
				if _, ok := arrayOf(points[0]); ok {
					rings = inner
				}
			}
		}
		var polygon []ring
		for _, r := range rings {
			p, ok := positions(r)
			if !ok || len(p) < 4 || p[0] != p[len(p)-1] {
				return nil, false
			}
			for i := range p[1:] {
				if p[i] == p[i+1] { // an edge without length
					return nil, false
				}
			}
			polygon = append(polygon, ring(p))
		}
		if !simple(polygon) {
			return nil, false
		}
		out = append(out, polygon)
	}
	return out, true
}

// simple reports whether no edges of a polygon cross, and no border goes through a point twice.
func simple(polygon []ring) bool {
	var edges []edge
	for _, r := range polygon {
		seen := make(map[vec]bool, len(r))
		for _, p := range r[1:] {
			if seen[p] {
				return false
			}
			seen[p] = true
		}
		edges = append(edges, edgesOf(r)...)
	}
	ok := true
	eachCrossing(edges, func(e, f edge) bool {
		ok = false
		return false
	})
	return ok
}

// linesOf reads a LineString or MultiLineString.
func linesOf(v value.Value) (out [][]vec, ok bool) {
	list, ok := coordinates(v, "LineString")
	if !ok {
		return nil, false
	}
	for _, c := range list {
		p, ok := positions(c)
		if !ok {
			return nil, false
		}
		out = append(out, p)
	}
	return out, true
}

// winding gives how often a ring goes around a point, by the sum of the angles under which its edges are seen.
func (r ring) winding(p vec) int {
	total := 0.0
	for i := 0; i+1 < len(r); i++ {
		a, b := p.cross(r[i]), p.cross(r[i+1])
		at := a.angle(b)
		if a.cross(b).dot(p) < 0 {
			at = -at
		}
		total += at
	}
	return int(math.Round(total / (2 * math.Pi)))
}

// contains holds for the smaller of the two areas that the ring's border divides the sphere into.
func (r ring) contains(p vec) bool {
	c := r.center()
	for _, q := range r {
		if c.dot(q) <= 0 { // more than half the sphere: what is seen around p may lie around the far side
			if r.signedArea() < 0 {
				r = r.turned()
			}
			return r.coversOf(p) > 0
		}
	}
	return c.dot(p) > 0 && r.winding(p) != 0
}

// center is the direction of the mean of a ring's points.
func (r ring) center() vec {
	var c vec
	for _, p := range r[:len(r)-1] {
		c = vec{c.x + p.x, c.y + p.y, c.z + p.z}
	}
	return c
}

func inPolygon(p vec, polygon []ring) bool {
	if !polygon[0].contains(p) {
		return false
	}
	for _, hole := range polygon[1:] {
		if hole.contains(p) {
			return false
		}
	}
	return true
}

func evalPointInPolygon(args []value.Value) value.Value {
	p, ok := points(args, 1)
	polygons, ok2 := polygonsOf(args[2])
	if !ok || !ok2 {
		return nullBool
	}
	for _, polygon := range polygons {
		if inPolygon(p[0], polygon) {
			return value.OfBool(true)
		}
	}
	return value.OfBool(false)
}

// toSegment gives the angle between a point and the nearest point of an edge.
func toSegment(p, a, b vec) float64 {
	n := a.cross(b)
	if n.norm() > 0 && n.cross(a).dot(p) >= 0 && b.cross(n).dot(p) >= 0 {
		return math.Abs(math.Pi/2 - n.angle(p))
	}
	return min(p.angle(a), p.angle(b))
}

func toLine(p vec, line []vec) float64 {
	best := math.Inf(1)
	for i := 0; i+1 < len(line); i++ {
		best = min(best, toSegment(p, line[i], line[i+1]))
	}
	return best
}

func evalDistanceToLine(args []value.Value) value.Value {
	p, ok := points(args, 1)
	lines, ok2 := linesOf(args[2])
	if !ok || !ok2 {
		return value.NullOf(value.Real)
	}
	best := math.Inf(1)
	for _, l := range lines {
		best = min(best, toLine(p[0], l))
	}
	return value.OfReal(best * earthRadius)
}

func evalDistanceToPolygon(args []value.Value) value.Value {
	p, ok := points(args, 1)
	polygons, ok2 := polygonsOf(args[2])
	if !ok || !ok2 {
		return value.NullOf(value.Real)
	}
	best := math.Inf(1)
	for _, polygon := range polygons {
		if inPolygon(p[0], polygon) {
			return value.OfReal(0)
		}
		for _, r := range polygon {
			best = min(best, toLine(p[0], r))
		}
	}
	return value.OfReal(best * earthRadius)
}

func lengthOf(line []vec) float64 {
	sum := 0.0
	for i := 0; i+1 < len(line); i++ {
		sum += line[i].angle(line[i+1])
	}
	return sum * earthRadius
}

func evalLineLength(args []value.Value) value.Value {
	lines, ok := linesOf(args[0])
	if !ok {
		return value.NullOf(value.Real)
	}
	sum := 0.0
	for _, l := range lines {
		sum += lengthOf(l)
	}
	return value.OfReal(sum)
}

func evalPolygonPerimeter(args []value.Value) value.Value {
	polygons, ok := polygonsOf(args[0])
	if !ok {
		return value.NullOf(value.Real)
	}
	return value.OfReal(borderLength(unionBorder(polygons)) * earthRadius)
}

// apart reports whether no two polygons can meet: the caps around their borders do not.
func apart(polygons [][]ring) bool {
	type circle struct {
		center vec
		radius float64
	}
	var caps []circle
	for _, polygon := range polygons {
		c := circle{center: polygon[0].center()}
		for _, p := range polygon[0] {
			c.radius = max(c.radius, c.center.angle(p))
		}
		for _, other := range caps {
			if c.center.angle(other.center) <= c.radius+other.radius {
				return false
			}
		}
		caps = append(caps, c)
	}
	return true
}

func evalPolygonArea(args []value.Value) value.Value {
	polygons, ok := polygonsOf(args[0])
	if !ok {
		return value.NullOf(value.Real)
	}
	return value.OfReal(borderArea(unionBorder(polygons)) * earthRadius * earthRadius)
}
