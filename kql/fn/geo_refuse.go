package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// What these functions give for arguments that are no shapes, or out of range, is known: null. For others Kusto's result depends on how it
// rounds points together, which is not known; then they refuse.

// refuseShape is for functions of one shape and a radius or tolerance.
func refuseShape(name string, valid func(v value.Value) bool, least, most, def float64) option {
	return pure(func(args []value.Value) value.Value {
		size := number(args, 1, def)
		if !valid(args[0]) || !(size >= least && size <= most) || len(args) > 1 && args[1].Null {
			return nullDynamic
		}
		refuse("%s() is not supported", name)
		return nullDynamic
	})
}

// refuseArray is for functions of an array of shapes and a tolerance.
func refuseArray(name string, valid func(v value.Value) bool, most, def float64) option {
	return pure(func(args []value.Value) value.Value {
		a, ok := arrayOf(args[0])
		tolerance := number(args, 1, def)
		if !ok || len(a) == 0 || !(tolerance >= 0 && tolerance <= most) || len(args) > 1 && args[1].Null {
			return nullDynamic
		}
		var all []vec
		for _, e := range a {
			if !valid(e) {
				return nullDynamic
			}
			for _, polygon := range first(polygonsOf(e)) {
				all = append(all, polygon[0]...)
			}
		}
		if len(all) > 0 && most > 0 && width(all)*earthRadius < tolerance { // what is smaller than the tolerance disappears
			return nullDynamic
		}
		refuse("%s() is not supported", name)
		return nullDynamic
	})
}

func first[T any](v T, _ bool) T { return v }

// manyPoints is from how many points on width is only estimated.
const manyPoints = 2000

// width is the largest angle between two of the points, of many an upper bound of it.
func width(all []vec) float64 {
	most := 0.0
	if len(all) > manyPoints {
		for _, p := range all {
			most = max(most, 2*all[0].angle(p))
		}
		return most
	}
	for i, p := range all {
		for _, q := range all[:i] {
			most = max(most, q.angle(p))
		}
	}
	return most
}

func isPolygon(v value.Value) bool { _, ok := polygonsOf(v); return ok }

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

// evalIntersection2Polygons gives what two polygons have in common, an empty collection where that is nothing.
func evalIntersection2Polygons(args []value.Value) value.Value {
	a, ok := polygonsOf(args[0])
	b, ok2 := polygonsOf(args[1])
	if !ok || !ok2 {
		return nullDynamic
	}
	for _, p := range a {
		for _, q := range b {
			if apart([][]ring{p, q}) || separated(p[0], q[0]) {
				continue
			}
			if len(a) > 1 || len(b) > 1 {
				refuse("geo_intersection_2polygons() of multipolygons that meet is not supported")
			}
			return onePolygon(overlay(shells(a), shells(b), true))
		}
	}
	return value.OfBag(&value.Bag{Keys: []string{"type", "geometries"}, Vals: []value.Value{value.OfString("GeometryCollection"), value.OfArray(value.Array{})}})
}

// separated reports whether two rings share no point, by clear margins: no corner of one within the other, and all edges apart.
func separated(a, b ring) bool {
	const margin = 1e-12
	for _, pair := range [2][2]ring{{a, b}, {b, a}} {
		for _, p := range pair[0] {
			if pair[1].contains(p) || toLine(p, pair[1]) < margin {
				return false
			}
		}
	}
	for i := 0; i+1 < len(a); i++ {
		for j := 0; j+1 < len(b); j++ {
			if crosses(a[i], a[i+1], b[j], b[j+1]) {
				return false
			}
		}
	}
	return true
}

// crosses reports whether two edges cut each other.
func crosses(a, b, c, d vec) bool {
	ab, cd := a.cross(b), c.cross(d)
	return math.Signbit(ab.dot(c)) != math.Signbit(ab.dot(d)) && math.Signbit(cd.dot(a)) != math.Signbit(cd.dot(b)) &&
		math.Signbit(ab.dot(d)) == math.Signbit(cd.dot(a))
}
