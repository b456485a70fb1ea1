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

func evalLineSimplify(args []value.Value) value.Value {
	tolerance := number(args, 1, simplifyTolerance)
	lines, ok := linesOf(args[0])
	if !ok || !(tolerance >= 0 && tolerance < maxSimplify) || len(args) > 1 && args[1].Null {
		return nullDynamic
	}
	if len(lines) > 1 {
		refuse("geo_line_simplify() does not join the lines of a MultiLineString; simplify them one by one")
	}
	line := subsample(lines[0], tolerance/earthRadius)
	if len(line) == 2 && line[0].angle(line[1])*earthRadius < tolerance {
		return nullDynamic // a line shorter than the tolerance disappears
	}
	out := make(value.Array, len(line))
	for i, p := range line {
		lon, lat := p.lonLat()
		out[i] = realArray([]float64{lon, lat})
	}
	return geoJSON("LineString", value.OfArray(out))
}
