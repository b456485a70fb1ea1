package fn

import (
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
