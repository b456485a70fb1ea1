package fn

import "math"

// turned gives a ring that goes around the other way, ending with the same edge.
func (r ring) turned() ring {
	out := make(ring, 0, len(r))
	for i := len(r) - 2; i >= 0; i-- {
		out = append(out, r[i])
	}
	return append(out, out[0])
}

// oriented gives polygons with the area on the left: borders going around to the left, holes to the right.
func oriented(polygons [][]ring) [][]ring {
	out := make([][]ring, len(polygons))
	for i, polygon := range polygons {
		for h, r := range polygon {
			if (r.signedArea() > 0) != (h == 0) {
				r = r.turned()
			}
			out[i] = append(out[i], r)
		}
	}
	return out
}

// unionBorder gives the edges, each with the area on its left, of what several polygons cover together.
func unionBorder(polygons [][]ring) (out []edge) {
	if !apart(polygons) {
		polygons = joined(polygons)
	}
	for _, polygon := range oriented(polygons) {
		for _, r := range polygon {
			out = append(out, edgesOf(r)...)
		}
	}
	return out
}

// signedArea is positive where the points go around to the left.
func (r ring) signedArea() float64 {
	sum := 0.0
	for _, e := range edgesOf(r) {
		sum += e.areaSeen(r[0])
	}
	return math.Remainder(sum, 4*math.Pi)
}

// areaSeen is the area of the triangle of a point and the edge, negative where it lies on the right.
func (e edge) areaSeen(p vec) float64 {
	return 2 * math.Atan2(p.dot(e.a.cross(e.b)), 1+p.dot(e.a)+e.a.dot(e.b)+e.b.dot(p))
}

// borderLength, borderArea and borderCentroid are of an area on the unit sphere by its border.
func borderLength(border []edge) float64 {
	sum := 0.0
	for _, e := range border {
		sum += e.a.angle(e.b)
	}
	return sum
}

func borderArea(border []edge) float64 {
	sum := 0.0
	for _, e := range border {
		sum += e.areaSeen(border[0].a)
	}
	return sum
}

// borderCentroid is the integral of the position over the area.
func borderCentroid(border []edge) vec {
	var sum vec
	for _, e := range border {
		sum = sum.plus(triangleCentroid(border[0].a, e.a, e.b))
	}
	return sum
}
