package fn

import (
	"math"
	"slices"
	"sort"
)

// farPoint is a place that shapes do not go through (S2's origin): how often they cover it is counted, and from there, crossing by crossing,
// how often they cover the areas between the arcs of a graph.
var farPoint = vec{-0.0099994664350250197, 0.0025924542609324121, 0.99994664350250195}

// over is 1 where the triangle a, b, c, going around to the left, covers p, -1 where it does so to the right, and 0 elsewhere.
func over(p, a, b, c vec) int {
	s := sideOf(a, b, c)
	if s != 0 && sideOf(a, b, p) == s && sideOf(b, c, p) == s && sideOf(c, a, p) == s {
		return s
	}
	return 0
}

// coversOf counts how often a ring that goes around the smaller area to the left covers a point.
func (r ring) coversOf(p vec) int {
	count, sum := 0, 0.0
	for _, e := range edgesOf(r) {
		count += over(p, r[0], e.a, e.b)
		sum += e.areaSeen(r[0])
	}
	// the triangles may together go around the sphere once too often
	return count - int(math.Round((sum-r.signedArea())/(4*math.Pi)))
}

func (a *arc) turned(back int) (left [2]int) {
	left = a.left
	if back == 1 {
		left[0], left[1] = left[0]-a.net[0], left[1]-a.net[1]
	}
	return left
}

// other gives the point at the far end of an arc seen from a point around which it lies.
func (g *graph) other(half int) int {
	if half&1 == 0 {
		return g.arcs[half/2].v
	}
	return g.arcs[half/2].u
}

// turnAround sorts the arcs around each point.
func (g *graph) turnAround() {
	g.around = make([][]int, len(g.points))
	for i, a := range g.arcs {
		g.around[a.u] = append(g.around[a.u], 2*i)
		g.around[a.v] = append(g.around[a.v], 2*i+1)
	}
	for v, halves := range g.around {
		g.sortAround(g.points[v], halves)
	}
}

// sameDirection is the angle within which directions are compared exactly.
const sameDirection = 1e-9

// sortAround sorts arcs around a point, beginning with the first of them.
func (g *graph) sortAround(p vec, halves []int) {
	if len(halves) < 3 {
		return
	}
	x := direction(p, g.points[g.other(halves[0])])
	y := p.cross(x)
	angle := make(map[int]float64, len(halves))
	for _, h := range halves[1:] {
		d := direction(p, g.points[g.other(h)])
		at := math.Atan2(d.dot(y), d.dot(x))
		first := g.points[g.other(halves[0])]
		if at < 0 && (at < -sameDirection || sideOf(p, first, g.points[g.other(h)]) < 0) {
			at += 2 * math.Pi
		} else if at >= 0 && at < sameDirection && sideOf(p, first, g.points[g.other(h)]) < 0 {
			at = 2 * math.Pi
		}
		angle[h] = at
	}
	rest := halves[1:]
	sort.Slice(rest, func(i, j int) bool {
		a, b := rest[i], rest[j]
		if math.Abs(angle[a]-angle[b]) > sameDirection {
			return angle[a] < angle[b]
		}
		return sideOf(p, g.points[g.other(a)], g.points[g.other(b)]) > 0
	})
}

// direction is at right angles to p, toward q.
func direction(p, q vec) vec {
	d := q.minus(p)
	d = d.minus(p.times(d.dot(p)))
	if n := d.norm(); n > 0 {
		return d.times(1 / n)
	}
	return p.ortho()
}

// cover counts how often each set covers both sides of every arc; far says how often they cover farPoint.
func (g *graph) cover(far [2]int) {
	known := make([]bool, len(g.points))
	for start := range g.points {
		if known[start] || len(g.around[start]) == 0 {
			continue
		}
		g.coverFrom(start, g.covers(start, far))
		known[start] = true
		for queue := []int{start}; len(queue) > 0; {
			u := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			for _, h := range g.around[u] {
				v := g.other(h)
				if known[v] {
					continue
				}
				known[v] = true
				// what is left of the arc is the same seen from its other end
				g.walk(v, slices.Index(g.around[v], h^1), g.arcs[h/2].left)
				queue = append(queue, v)
			}
		}
	}
}

// covers counts the crossings on the way from farPoint to a point, but for the arcs that end there.
func (g *graph) covers(to int, far [2]int) [2]int {
	p := g.points[to]
	for _, a := range g.arcs {
		if a.u == to || a.v == to || a.net == [2]int{} || !crosses(farPoint, p, g.points[a.u], g.points[a.v]) {
			continue
		}
		side := sideOf(g.points[a.u], g.points[a.v], p)
		far[0] += side * a.net[0]
		far[1] += side * a.net[1]
	}
	return far
}

// coverFrom counts around a point, from the side that farPoint lies on.
func (g *graph) coverFrom(p int, covered [2]int) {
	halves := g.around[p]
	between := len(halves) - 1 // farPoint lies behind the last arc that is not left of it
	at := g.points[p]
	for i := range halves {
		a, b := g.points[g.other(halves[i])], g.points[g.other(halves[(i+1)%len(halves)])]
		if len(halves) == 1 || inWedge(at, a, farPoint, b) {
			between = i
			break
		}
	}
	h := halves[between]
	left := covered
	if h&1 == 1 { // the arc leads here: what is on its right from here is its left
		for s := range left {
			left[s] += g.arcs[h/2].net[s]
		}
	}
	g.walk(p, between, left)
}

// inWedge reports whether, going around p to the left, q comes between a and b.
func inWedge(p, a, q, b vec) bool {
	aq, qb, ab := sideOf(p, a, q) > 0, sideOf(p, q, b) > 0, sideOf(p, a, b) > 0
	if ab {
		return aq && qb
	}
	return aq || qb
}

// walk goes around a point to the left from one of its arcs, for which what is left of it from u to v is known.
func (g *graph) walk(p, from int, left [2]int) {
	halves := g.around[p]
	g.arcs[halves[from]/2].left = left
	here := g.arcs[halves[from]/2].turned(halves[from] & 1)
	for k := 1; k < len(halves); k++ {
		h := halves[(from+k)%len(halves)]
		a := &g.arcs[h/2]
		if h&1 == 0 { // it leaves: we come from its right
			a.left = [2]int{here[0] + a.net[0], here[1] + a.net[1]}
		} else { // it arrives: we come from its left
			a.left = here
		}
		here = a.turned(h & 1)
	}
}
