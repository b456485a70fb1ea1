package fn

import (
	"math"
	"sort"
)

// unionMargin is the angle within which points are not told apart: shapes that touch so closely are refused.
const unionMargin = 1e-13

// unionBorder gives the edges, each with the area on its left, of what several polygons cover together. Where borders run along each
// other it refuses.
func unionBorder(polygons [][]ring) []edge {
	directed := make([][]edge, len(polygons))
	for i, polygon := range polygons {
		for h, r := range polygon {
			edges := edgesOf(r)
			if (r.signedArea() > 0) != (h == 0) { // a border goes to the left, a hole to the right
				for k, e := range edges {
					edges[k] = edge{e.b, e.a}
				}
			}
			directed[i] = append(directed[i], edges...)
		}
	}
	if apart(polygons) {
		var all []edge
		for _, edges := range directed {
			all = append(all, edges...)
		}
		return all
	}
	counts := make([]int, len(directed))
	for i, edges := range directed {
		counts[i] = len(edges)
	}
	checkPairs(counts...)
	var out []edge
	for i, edges := range directed {
		for _, e := range edges {
			out = append(out, outside(e, i, polygons, directed)...)
		}
	}
	return out
}

// maxPairs bounds how many pairs of edges are compared.
const maxPairs = 1 << 22

// checkPairs refuses shapes of so many edges that comparing all of one with all of the others takes too long.
func checkPairs(edges ...int) {
	all, pairs := 0, 0
	for _, n := range edges {
		pairs += n * all
		if all += n; pairs > maxPairs {
			refuse("polygons with so many points are not joined; simplify them first")
		}
	}
}

// outside cuts an edge of polygon i where it crosses the borders of others, and gives the parts that lie in none of these.
func outside(e edge, i int, polygons [][]ring, directed [][]edge) (out []edge) {
	cuts := []float64{0, 1}
	length := e.a.angle(e.b)
	for j, edges := range directed {
		if j == i {
			continue
		}
		for _, other := range edges {
			if p, ok := e.cross(other); ok {
				cuts = append(cuts, e.a.angle(p)/length)
			}
		}
	}
	sort.Float64s(cuts)
	at := e.a
	for k := 1; k < len(cuts); k++ {
		next := e.b
		if k < len(cuts)-1 {
			next = e.a.along(e.b, cuts[k])
		}
		middle := e.a.along(e.b, (cuts[k-1]+cuts[k])/2)
		covered := false
		for j, polygon := range polygons {
			if j == i {
				continue
			}
			for _, r := range polygon {
				if toLine(middle, r) < unionMargin && cuts[k]-cuts[k-1] > unionMargin {
					refuse("polygons whose borders run along each other are not joined")
				}
			}
			covered = covered || inPolygon(middle, polygon)
		}
		if !covered && at != next {
			out = append(out, edge{at, next})
		}
		at = next
	}
	return out
}

// cross gives where two edges cut each other. It refuses where one ends on the other.
func (e edge) cross(f edge) (vec, bool) {
	if toSegment(e.a, f.a, f.b) < unionMargin || toSegment(e.b, f.a, f.b) < unionMargin || toSegment(f.a, e.a, e.b) < unionMargin || toSegment(f.b, e.a, e.b) < unionMargin {
		refuse("polygons that touch in a corner are not joined")
	}
	if !crosses(e.a, e.b, f.a, f.b) {
		return vec{}, false
	}
	p := e.a.cross(e.b).unit().cross(f.a.cross(f.b).unit())
	if p.dot(e.a.plus(e.b)) < 0 {
		p = p.times(-1)
	}
	return p.unit(), true
}

// signedArea is positive where the points go around to the left.
func (r ring) signedArea() float64 {
	sum := 0.0
	for _, e := range edgesOf(r) {
		sum += e.areaSeen(r[0])
	}
	return sum
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
