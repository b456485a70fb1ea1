package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// maxSimplify is the largest tolerance in metres; simplifyTolerance is the one where none is given.
const (
	maxSimplify       = 7_800_000
	simplifyTolerance = 10
)

// subsample gives the points of a line that are needed so that the edges between them pass within a tolerance (an angle) of all points
// left out, in order. The first and the last point stay, repeated points do not.
func subsample(line []vec, tolerance float64) []vec {
	out := []vec{line[0]}
	for at := 0; at+1 < len(line); {
		next := farthestVisible(line, at, tolerance)
		if line[next] != line[at] {
			out = append(out, line[next])
		}
		at = next
	}
	return out
}

// farthestVisible gives the last point to which an edge from one can go without leaving any between by more than the tolerance: the
// directions that are allowed are narrowed from point to point.
func farthestVisible(line []vec, at int, tolerance float64) int {
	origin := line[at]
	x, y := frame(origin)
	// the allowed directions lie around middle, by at most half
	middle, half := 0.0, math.Pi
	last := 0.0
	index := at + 1
	for ; index < len(line); index++ {
		distance := origin.angle(line[index])
		if distance > math.Pi/2 && last > 0 {
			break
		}
		if distance < last && last > tolerance {
			break
		}
		last = distance
		if distance <= tolerance {
			continue
		}
		center := math.Atan2(line[index].dot(y), line[index].dot(x))
		if math.Abs(turnTo(middle, center)) > half {
			break
		}
		width := math.Asin(math.Sin(tolerance) / math.Sin(distance))
		// the cut of both ranges
		low := max(-half, turnTo(middle, center)-width)
		high := min(half, turnTo(middle, center)+width)
		middle, half = middle+(low+high)/2, (high-low)/2
	}
	return index - 1
}

// turnTo gives the angle from a to b, between -π and π.
func turnTo(a, b float64) float64 { return math.Remainder(b-a, 2*math.Pi) }

// frame gives two directions at right angles to a point and each other.
func frame(p vec) (x, y vec) {
	x = vec{0, 0, 1}.cross(p)
	if x.norm() < 1e-15 {
		x = vec{1, 0, 0}
	}
	x = x.unit()
	return x, p.cross(x)
}

// evalLineSimplify simplifies lines; several are joined before where they go on from each other.
func evalLineSimplify(args []value.Value) value.Value {
	tolerance, ok := toleranceOf(args)
	lines, ok2 := linesOf(args[0])
	if !ok || !ok2 {
		return nullDynamic
	}
	if len(lines) > 1 {
		lines = joinedLines(lines)
	}
	var out [][]vec
	for _, l := range lines {
		l = subsample(l, tolerance)
		if len(l) > 2 || len(l) == 2 && l[0].angle(l[1]) >= tolerance { // a line shorter than the tolerance disappears
			out = append(out, l)
		}
	}
	if len(out) == 0 {
		return nullDynamic
	}
	return linesJSON(out)
}

// toleranceOf reads an optional tolerance as an angle.
func toleranceOf(args []value.Value) (angle float64, ok bool) {
	tolerance := number(args, 1, simplifyTolerance)
	return tolerance / earthRadius, tolerance >= 0 && tolerance <= maxSimplify && (len(args) < 2 || !args[1].Null)
}

// simplify simplifies areas together; an area smaller than the tolerance is gone.
func simplify(areas [][][]ring, tolerance float64) [][][]ring {
	out := make([][][]ring, len(areas))
	if tolerance == 0 {
		return areas
	}
	s := &snapper{radius: tolerance}
	for i, area := range areas {
		s.add(area, i)
	}
	s.choose()
	edges := s.straighten()
	for i := range areas {
		out[i] = s.simplified(edges, i)
	}
	return out
}

func evalPolygonSimplify(args []value.Value) value.Value {
	tolerance, ok := toleranceOf(args)
	polygons, ok2 := polygonsOf(args[0])
	if !ok || !ok2 {
		return nullDynamic
	}
	out := simplify([][][]ring{simplest(polygons)}, tolerance)[0]
	if len(out) == 0 {
		return nullDynamic
	}
	return polygonsJSON(out)
}

// evalSimplifyPolygons gives the array of the simplified polygons, in which borders that several have are still the same.
func evalSimplifyPolygons(args []value.Value) value.Value {
	list, ok := arrayOf(args[0])
	tolerance, ok2 := toleranceOf(args)
	if !ok || !ok2 || len(list) == 0 {
		return nullDynamic
	}
	var areas [][][]ring
	for _, v := range list {
		polygons, ok := polygonsOf(v)
		if !ok {
			return nullDynamic
		}
		areas = append(areas, simplest(polygons))
	}
	out := value.Array{}
	for _, area := range simplify(areas, tolerance) {
		if len(area) > 0 {
			out = append(out, polygonsJSON(area))
		}
	}
	if len(out) == 0 {
		return nullDynamic
	}
	return value.OfArray(out)
}
