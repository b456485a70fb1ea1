package fn

import "math"

// arcRange is a range of directions, going to the left from low to high, each between -π and π. The whole circle is -π to π, nothing π to -π.
type arcRange struct{ low, high float64 }

var (
	allDirections = arcRange{-math.Pi, math.Pi}
	noDirections  = arcRange{math.Pi, -math.Pi}
)

func (r arcRange) empty() bool { return r == noDirections }

func (r arcRange) inverted() bool { return r.low > r.high }

func (r arcRange) length() float64 {
	l := r.high - r.low
	if l >= 0 {
		return l
	}
	if l += 2 * math.Pi; l > 0 {
		return l
	}
	return -1
}

func (r arcRange) has(at float64) bool {
	if r.inverted() {
		return (at >= r.low || at <= r.high) && !r.empty()
	}
	return at >= r.low && at <= r.high
}

func (r arcRange) covers(s arcRange) bool {
	switch {
	case r.inverted() && s.inverted():
		return s.low >= r.low && s.high <= r.high
	case r.inverted():
		return (s.low >= r.low || s.high <= r.high) && !r.empty()
	case s.inverted():
		return r == allDirections || s.empty()
	}
	return s.low >= r.low && s.high <= r.high
}

// common gives what two ranges share; where that is two ranges, the shorter of both.
func (r arcRange) common(s arcRange) arcRange {
	if s.empty() {
		return noDirections
	}
	if r.has(s.low) {
		if !r.has(s.high) {
			return arcRange{s.low, r.high}
		}
		if s.length() < r.length() {
			return s
		}
		return r
	}
	if r.has(s.high) {
		return arcRange{r.low, s.high}
	}
	if s.has(r.low) {
		return r
	}
	return noDirections
}

func (r arcRange) rest() arcRange {
	if r.low == r.high {
		return allDirections
	}
	return arcRange{r.high, r.low}
}

// sight holds the directions from a point in which an edge may go so that it passes some discs, and leaves others on one side (S2's
// S2PolylineSimplifier).
type sight struct {
	from, x, y vec
	allowed    arcRange
	waiting    []barred // what to avoid, as long as every direction is allowed
}

// barred are directions to avoid, in which a disc lies on the left of the edge or on the right.
type barred struct {
	arcRange
	left bool
}

func newSight(from vec) *sight {
	w := &sight{from: from, allowed: allDirections}
	// the axis along which from is shortest
	switch x, y, z := math.Abs(from.x), math.Abs(from.y), math.Abs(from.z); {
	case x < y && x < z:
		w.y = vec{0, from.z, -from.y}
		w.x = vec{from.y*from.y + from.z*from.z, -from.y * from.x, -from.z * from.x}
	case y < z && !(x < y):
		w.y = vec{-from.z, 0, from.x}
		w.x = vec{-from.x * from.y, from.z*from.z + from.x*from.x, -from.z * from.y}
	default:
		w.y = vec{from.y, -from.x, 0}
		w.x = vec{-from.x * from.z, -from.y * from.z, from.x*from.x + from.y*from.y}
	}
	return w
}

func (w *sight) direction(p vec) float64 { return math.Atan2(p.dot(w.y), p.dot(w.x)) }

// half gives half the angle under which a disc is seen; it is π where the disc lies over the point.
func (w *sight) half(p vec, radius, round float64) float64 {
	r2, d2 := math.Pow(chord(radius), 2), math.Pow(w.from.apart(p), 2)
	if d2 <= r2 {
		return math.Pi
	}
	half := math.Asin(math.Sqrt(r2 * (1 - r2/4) / (d2 * (1 - d2/4))))
	const rounding = 1.1102230246251565e-16
	return half + round*(24*rounding+17*rounding*half)
}

// reaches reports whether an edge may end in p.
func (w *sight) reaches(p vec) bool {
	if w.from.apart(p) > math.Sqrt2 {
		return false
	}
	at := w.direction(p)
	for _, b := range w.waiting {
		if b.has(at) {
			return false
		}
	}
	return w.allowed.has(at)
}

// pass requires that the edge goes through a disc; it is false where no direction is left.
func (w *sight) pass(p vec, radius float64) bool {
	half := w.half(p, radius, -1)
	if half >= math.Pi {
		return true
	}
	if half < 0 {
		w.allowed = noDirections
		return false
	}
	center := w.direction(p)
	target := arcRange{math.Remainder(center-half, 2*math.Pi), math.Remainder(center+half, 2*math.Pi)}
	if target.low <= -math.Pi {
		target.low = math.Pi
	}
	w.allowed = w.allowed.common(target)
	for _, b := range w.waiting {
		w.bar(b)
	}
	w.waiting = nil
	return !w.allowed.empty()
}

// avoid requires that the edge leaves a disc on one side; it is false where no direction is left.
func (w *sight) avoid(p vec, radius float64, left bool) bool {
	half := w.half(p, radius, 1)
	if half >= math.Pi {
		w.allowed = noDirections
		return false
	}
	center := w.direction(p)
	toRight, toLeft := math.Pi/2, half
	if left {
		toRight, toLeft = half, math.Pi/2
	}
	b := barred{arcRange{math.Remainder(center-toRight, 2*math.Pi), math.Remainder(center+toLeft, 2*math.Pi)}, left}
	if w.allowed == allDirections {
		w.waiting = append(w.waiting, b)
		return true
	}
	w.bar(b)
	return !w.allowed.empty()
}

func (w *sight) bar(b barred) {
	switch {
	case !w.allowed.covers(b.arcRange):
		w.allowed = w.allowed.common(b.rest())
	case b.left:
		w.allowed = arcRange{w.allowed.low, b.low}
	default:
		w.allowed = arcRange{b.high, w.allowed.high}
	}
}
