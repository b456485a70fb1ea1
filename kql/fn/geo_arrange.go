package fn

import (
	"math"
	"slices"
	"sort"
)

// Shapes are laid over each other as Google's S2 does (S2Builder with split edges): edges are cut where they cross, points closer together
// than a rounding error become one, and edges that pass a point so closely are led through it. What comes out is a graph whose edges meet at
// their ends only.

// Angles within which points become one, and edges are led through points.
const (
	mergeRadius = 4e-15
	passRadius  = 6e-15
)

// inEdge is an edge of a shape that is laid over others. weight says how much more often the area of its set is covered on the left of the
// edge than on its right: 1 for the border of an area, 0 for a line.
type inEdge struct {
	edge
	set, weight int
}

// arc is an edge of the graph between two of its points. Of what leads from u to v and back, net says how much more often each set covers
// the left side; on, whether the edge belongs to a shape of the set; first, which of the edges that were put in came first in each direction.
type arc struct {
	u, v  int
	net   [2]int
	on    [2]bool
	first [2]int
	left  [2]int // how often each set covers what is left of the edge from u to v
}

// noEdge is the number of no edge.
const noEdge = math.MaxInt

// graph is a set of points on the sphere, in the order of S2's curve, and the arcs between them.
type graph struct {
	points []vec
	arcs   []arc
	around [][]int // for each point its arcs, going around to the left; an arc is written as 2·index, +1 where it leads here
}

// arrange lays edges over each other.
func arrange(in []inEdge) *graph {
	edges := make([]edge, len(in))
	for i, e := range in {
		edges[i] = e.edge
	}
	sites := mergePoints(append(endsOf(edges), crossingsOf(edges)...), mergeRadius)
	g := &graph{points: sites.points}
	chains := chainsOf(edges, sites)
	at := map[[2]int]int{}
	for i, chain := range chains {
		for k := range chain[1:] {
			u, v, back := chain[k], chain[k+1], 0
			if u > v {
				u, v, back = v, u, 1
			}
			n, known := at[[2]int{u, v}]
			if !known {
				n = len(g.arcs)
				at[[2]int{u, v}] = n
				g.arcs = append(g.arcs, arc{u: u, v: v, first: [2]int{noEdge, noEdge}})
			}
			a := &g.arcs[n]
			a.on[in[i].set] = true
			a.first[back] = min(a.first[back], i)
			a.net[in[i].set] += in[i].weight * (1 - 2*back)
		}
	}
	g.turnAround()
	return g
}

func endsOf(edges []edge) []vec {
	out := make([]vec, 0, 2*len(edges))
	for _, e := range edges {
		out = append(out, e.a, e.b)
	}
	return out
}

// box is the smallest box of space, along the axes, around an edge.
type box struct{ low, high vec }

func boxOf(e edge, margin float64) box {
	bulge := margin + 1 - math.Sqrt(max(0, 1-e.a.minus(e.b).dot(e.a.minus(e.b))/4)) // how far the edge leaves its chord
	if e.a.dot(e.b) < 0 {
		bulge = margin + 1
	}
	m := vec{bulge, bulge, bulge}
	return box{vec{min(e.a.x, e.b.x), min(e.a.y, e.b.y), min(e.a.z, e.b.z)}.minus(m), vec{max(e.a.x, e.b.x), max(e.a.y, e.b.y), max(e.a.z, e.b.z)}.plus(m)}
}

func (b box) meets(c box) bool {
	return b.low.x <= c.high.x && c.low.x <= b.high.x && b.low.y <= c.high.y && c.low.y <= b.high.y && b.low.z <= c.high.z && c.low.z <= b.high.z
}

// maxPairs bounds how many pairs of edges, or of edges and points, are compared.
const maxPairs = 1 << 26

// pairCounter refuses what takes too long.
type pairCounter int

func (c *pairCounter) count() {
	if *c++; *c > maxPairs {
		refuse("shapes with so many points are not laid over each other; simplify them first")
	}
}

// crossingsOf gives the points where edges cross.
func crossingsOf(edges []edge) (out []vec) {
	eachCrossing(edges, func(e, f edge) bool {
		out = append(out, crossingPoint(e.a, e.b, f.a, f.b))
		return true
	})
	return out
}

// eachCrossing calls do with every two edges that cross, until it returns false.
func eachCrossing(edges []edge, do func(e, f edge) bool) {
	boxes := make([]box, len(edges))
	order := make([]int, len(edges))
	for i, e := range edges {
		boxes[i], order[i] = boxOf(e, 0), i
	}
	sort.Slice(order, func(i, j int) bool { return boxes[order[i]].low.x < boxes[order[j]].low.x })
	var pairs pairCounter
	for k, i := range order {
		for _, j := range order[k+1:] {
			if boxes[j].low.x > boxes[i].high.x {
				break
			}
			pairs.count()
			e, f := edges[i], edges[j]
			if boxes[i].meets(boxes[j]) && crosses(e.a, e.b, f.a, f.b) && !do(e, f) {
				return
			}
		}
	}
}

// sortAlongCurve orders points by their places on S2's curve.
func sortAlongCurve(points []vec) []vec {
	type place struct {
		cell uint64
		vec
	}
	places := make([]place, len(points))
	for i, p := range points {
		places[i] = place{s2Cell(p, maxS2), p}
	}
	sort.Slice(places, func(i, j int) bool {
		if places[i].cell != places[j].cell {
			return places[i].cell < places[j].cell
		}
		return places[i].less(places[j].vec)
	})
	for i, p := range places {
		points[i] = p.vec
	}
	return points
}

// placeIndex finds points by their places.
type placeIndex struct {
	size   float64
	cells  map[[3]int64][]int
	points []vec
}

func (n *placeIndex) cell(p vec) [3]int64 {
	return [3]int64{int64(math.Floor(p.x / n.size)), int64(math.Floor(p.y / n.size)), int64(math.Floor(p.z / n.size))}
}

func (n *placeIndex) add(p vec) {
	c := n.cell(p)
	n.cells[c] = append(n.cells[c], len(n.points))
	n.points = append(n.points, p)
}

// nearest gives the number of the point that is closest to p, or -1 where none is within an angle, of at most the size.
func (n *placeIndex) nearest(p vec, radius float64) int {
	c := n.cell(p)
	best, least := -1, radius
	for dx := int64(-1); dx <= 1; dx++ {
		for dy := int64(-1); dy <= 1; dy++ {
			for dz := int64(-1); dz <= 1; dz++ {
				for _, i := range n.cells[[3]int64{c[0] + dx, c[1] + dy, c[2] + dz}] {
					if d := n.points[i].minus(p).norm(); d <= least {
						best, least = i, d
					}
				}
			}
		}
	}
	return best
}

// mergePoints keeps, going along the curve, the points that are farther than a radius from those kept already.
func mergePoints(points []vec, radius float64) *placeIndex {
	n := &placeIndex{size: max(radius, 1e-12), cells: map[[3]int64][]int{}}
	for _, p := range sortAlongCurve(slices.Clone(points)) {
		if n.nearest(p, radius) < 0 {
			n.add(p)
		}
	}
	return n
}

// chainsOf gives for each edge the points that it is led through, in order.
func chainsOf(edges []edge, sites *placeIndex) [][]int {
	points := sites.points
	byX := make([]int, len(points))
	for i := range byX {
		byX[i] = i
	}
	sort.Slice(byX, func(i, j int) bool { return points[byX[i]].x < points[byX[j]].x })
	var pairs pairCounter
	out := make([][]int, len(edges))
	for i, e := range edges {
		first, last := sites.nearest(e.a, mergeRadius), sites.nearest(e.b, mergeRadius)
		chain := []int{first}
		b, n := boxOf(e, 2*passRadius), e.normal()
		from := sort.Search(len(byX), func(k int) bool { return points[byX[k]].x >= b.low.x })
		for _, k := range byX[from:] {
			p := points[k]
			if p.x > b.high.x {
				break
			}
			pairs.count()
			if k != first && k != last && b.meets(box{p, p}) && e.passes(p, n) {
				chain = append(chain, k)
			}
		}
		sort.Slice(chain[1:], func(x, y int) bool {
			return points[chain[1+x]].minus(e.a).norm() < points[chain[1+y]].minus(e.a).norm()
		})
		if last != first {
			chain = append(chain, last)
		}
		out[i] = chain
	}
	return out
}

// passes reports whether an edge with the normal n comes so close to p, between its ends, that it is led through it.
func (e edge) passes(p, n vec) bool {
	return math.Abs(p.dot(n)) <= passRadius && n.cross(e.a).dot(p) > 0 && e.b.cross(n).dot(p) > 0
}
