package fn

import (
	"math"
	"slices"
	"sort"
)

// Borders are simplified as Google's S2 does (S2Builder with simplified edge chains), so that borders that several polygons share stay
// shared: corners are chosen, in the order of S2's curve, none closer than the tolerance to another; every edge is led through those that are
// nearest to some part of it; and then chains of edges that are straight but for the tolerance become one (geo_chain.go).

// What S2 allows beside the tolerance: how far an edge may be led away from where it was, and how close to a corner that it does not pass.
const (
	edgeDeviation  = 1.1
	siteSeparation = 0.5
)

// snapper leads edges through sites.
type snapper struct {
	radius float64 // the tolerance as an angle
	edges  []edge
	layer  []int // of each edge: which polygon it belongs to
	sites  []vec
	near   [][]int // for each edge the sites that may matter to it, from its start on
}

// add takes the borders of an area as the edges of a layer.
func (s *snapper) add(polygons [][]ring, layer int) {
	for _, polygon := range oriented(polygons) {
		for _, r := range polygon {
			for _, e := range edgesOf(r) {
				s.edges = append(s.edges, e)
				s.layer = append(s.layer, layer)
			}
		}
	}
}

// splitLength is the length from which on an edge may leave its place by more than is allowed though its ends do not.
func (s *snapper) splitLength() float64 {
	return chord(2 * math.Acos(math.Sin(s.radius)/math.Sin(edgeDeviation*s.radius)))
}

func chord(angle float64) float64 { return 2 * math.Sin(angle/2) }

func (a vec) apart(b vec) float64 { return a.minus(b).norm() }

// choose picks the sites, and adds more where an edge would be led too far away or too close to another site.
func (s *snapper) choose() {
	s.sites = mergePoints(endsOf(s.edges), chord(s.radius)).points
	s.near = make([][]int, len(s.edges))
	reach := s.radius * (edgeDeviation + siteSeparation)
	byX := make([]int, len(s.sites))
	for i := range byX {
		byX[i] = i
	}
	sort.Slice(byX, func(i, j int) bool { return s.sites[byX[i]].x < s.sites[byX[j]].x })
	var pairs pairCounter
	for i, e := range s.edges {
		b := boxOf(e, chord(reach))
		from := sort.Search(len(byX), func(k int) bool { return s.sites[byX[k]].x >= b.low.x })
		for _, k := range byX[from:] {
			p := s.sites[k]
			if p.x > b.high.x {
				break
			}
			pairs.count()
			if b.meets(box{p, p}) && toSegment(p, e.a, e.b) <= reach {
				s.near[i] = append(s.near[i], k)
			}
		}
		s.sortNear(i)
	}
	for last := range s.edges {
		for queue := []int{last}; len(queue) > 0; {
			e := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			site, needed := s.missing(e)
			if !needed {
				continue
			}
			s.sites = append(s.sites, site)
			for i, other := range s.edges {
				pairs.count()
				if toSegment(site, other.a, other.b) <= reach {
					s.near[i] = append(s.near[i], len(s.sites)-1)
					s.sortNear(i)
					if i <= last {
						queue = append(queue, i)
					}
				}
			}
		}
	}
}

func (s *snapper) sortNear(e int) {
	from := s.edges[e].a
	slices.SortStableFunc(s.near[e], func(i, j int) int {
		return compareFloat(from.apart(s.sites[i]), from.apart(s.sites[j]))
	})
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// missing gives a site that must be added so that an edge is led closely enough along itself.
func (s *snapper) missing(e int) (site vec, needed bool) {
	chain := s.chain(e)
	input := s.edges[e]
	at := 0
	for _, k := range s.near[e] {
		if at < len(chain) && k == chain[at] {
			if at++; at == len(chain) {
				break
			}
			a, b := s.sites[chain[at-1]], s.sites[chain[at]]
			if a.apart(b) >= s.splitLength() && !(edge{a, b}).staysBy(input, edgeDeviation*s.radius) {
				middle := closest(a, input.a, input.b).plus(closest(b, input.a, input.b)).unit()
				return s.separation(middle, a, b, input), true
			}
			continue
		}
		if at > 0 {
			a, b := s.sites[chain[at-1]], s.sites[chain[at]]
			if toSegment(s.sites[k], a, b) < siteSeparation*s.radius {
				return s.separation(s.sites[k], a, b, input), true
			}
		}
	}
	return vec{}, false
}

// separation gives the place on an edge, in the gap between what the sites a and b cover of it, that is nearest to a point.
func (s *snapper) separation(p, a, b vec, input edge) vec {
	along, n := input.b.minus(input.a), input.normal()
	site := closest(p, input.a, input.b)
	low, high := s.coverEnd(a, n), s.coverEnd(b, n.times(-1))
	switch {
	case site.minus(low).dot(along) < 0:
		site = low
	case high.minus(site).dot(along) < 0:
		site = high
	}
	return site
}

// coverEnd gives the end, on the far side, of the part of an edge with the normal n that lies within the radius of p.
func (s *snapper) coverEnd(p, n vec) vec {
	sin2 := math.Pow(math.Sin(s.radius), 2)
	off := n.dot(p)
	across := n.cross(p)
	middle := p.minus(n.times(off)).times(math.Sqrt(1 - sin2))
	return middle.plus(across.times(math.Sqrt(max(0, sin2-off*off)))).unit()
}

// staysBy reports whether every point of an edge is within a tolerance of another edge.
func (e edge) staysBy(other edge, tolerance float64) bool {
	a, b := closest(e.a, other.a, other.b), closest(e.b, other.a, other.b)
	if e.a.angle(a) > tolerance || e.b.angle(b) > tolerance {
		return false
	}
	n, m := other.normal(), e.normal()
	if n.dot(a.cross(b)) < 0 {
		n = n.times(-1)
	}
	planes := n.angle(m)
	if planes <= tolerance {
		return true
	}
	if planes >= math.Pi-0.01 {
		return (e.a.angle(other.a) < e.a.angle(other.b)) == (e.b.angle(other.a) < e.b.angle(other.b))
	}
	farthest := n.minus(m.times(n.dot(m))).unit()
	on := func(p vec) bool { return sideOf(m, e.a, p) > 0 && sideOf(p, e.b, m) > 0 }
	return !on(farthest) && !on(farthest.times(-1))
}

// chain gives the sites that an edge is led through: those whose regions (of the points nearer to them than to other sites) it goes through.
func (s *snapper) chain(e int) (out []int) {
	x, y := s.edges[e].a, s.edges[e].b
	adjacent := chord(2*s.radius) * (1 + 1e-14)
next:
	for _, k := range s.near[e] {
		c := s.sites[k]
		if toSegment(c, x, y) > s.radius {
			continue
		}
		for ; len(out) > 0; out = out[:len(out)-1] {
			b := s.sites[out[len(out)-1]]
			if b.apart(c) >= adjacent {
				break
			}
			first, second := s.excluded(b, c, x, y)
			if first {
				continue
			}
			if second {
				continue next
			}
			if len(out) < 2 {
				break
			}
			a := s.sites[out[len(out)-2]]
			if a.apart(c) >= adjacent {
				break
			}
			side := sideOf(x, y, b)
			if sideOf(a, b, c) == side || circleSide(x, y, a, b, c) != side {
				break
			}
		}
		out = append(out, k)
	}
	return out
}

// circleSide tells on which side of an edge the centre of the circle through three points lies.
func circleSide(x, y, a, b, c vec) int {
	center := b.minus(a).cross(c.minus(a))
	d := (edge{x, y}).normal().dot(center)
	if sideOf(a, b, c) < 0 {
		d = -d
	}
	return compareFloat(d, 0)
}

// excluded reports whether, of two sites of which a is nearer to x, one covers all of the edge between x and y that the other covers.
func (s *snapper) excluded(a, b, x, y vec) (first, second bool) {
	if y.apart(a) < y.apart(b) {
		return false, true
	}
	n := x.minus(y).cross(x.plus(y))
	n2 := n.dot(n)
	off := func(p vec) float64 {
		if p.apart(y) < p.apart(x) {
			return p.minus(y).dot(n)
		}
		return p.minus(x).dot(n)
	}
	r2 := math.Pow(chord(s.radius), 2)
	covered := n2 * r2 * (1 - r2/4)
	offA, offB := off(a), off(b)
	more := (1 - r2/2) * (math.Sqrt(max(0, covered-offB*offB)) - math.Sqrt(max(0, covered-offA*offA)))
	sin := a.minus(b).cross(a.plus(b)).dot(n) / 2
	if math.Abs(more) < sin || a.dot(b)*n2-offA*offB <= 0 {
		return false, false
	}
	if sin < 0 {
		farA, farB := more >= 0 && a.apart(x) > math.Sqrt2, more <= 0 && b.apart(y) > math.Sqrt2
		if !farA && !farB {
			return false, false
		}
		return farA, !farA
	}
	return more > 0, more <= 0
}
