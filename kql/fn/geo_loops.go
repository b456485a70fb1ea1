package fn

import (
	"slices"
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// Borders and lines are put together from the arcs of a graph in the order in which S2 gives them (S2Builder::Graph): a loop begins behind
// its edge that was put in last, and loops and lines come in the order of their first edges.

// dart is an arc with a direction. input says which edge put in it is a part of.
type dart struct{ from, to, input int }

// border gives the darts that have the area for which in holds on the left, and not on the right.
func (g *graph) border(in func(covered [2]int) bool) (out []dart) {
	for i := range g.arcs {
		a := &g.arcs[i]
		left, right := in(a.turned(0)), in(a.turned(1))
		switch {
		case left && !right:
			out = append(out, dart{a.u, a.v, min(a.first[0], noEdge)})
		case right && !left:
			out = append(out, dart{a.v, a.u, min(a.first[1], noEdge)})
		default:
			continue
		}
		if d := &out[len(out)-1]; d.input == noEdge {
			d.input = min(a.first[0], a.first[1])
		}
	}
	sortDarts(out)
	return out
}

func sortDarts(darts []dart) {
	sort.Slice(darts, func(i, j int) bool {
		if darts[i].from != darts[j].from {
			return darts[i].from < darts[j].from
		}
		return darts[i].to < darts[j].to
	})
}

// leftTurns gives for each dart the one that follows it, the one that turns most to the left.
func (g *graph) leftTurns(darts []dart) []int {
	type end struct{ from, to int }
	leaving := map[end]int{}
	for i, d := range darts {
		leaving[end{d.from, d.to}] = i
	}
	next := make([]int, len(darts))
	for i := range next {
		next[i] = -1
	}
	for p, halves := range g.around {
		var in, out []int
		for k := len(halves) - 1; k >= 0; k-- { // going around to the right
			q := g.other(halves[k])
			if i, ok := leaving[end{p, q}]; ok {
				if len(in) > 0 {
					next[in[len(in)-1]] = i
					in = in[:len(in)-1]
				} else {
					out = append(out, i)
				}
			}
			if i, ok := leaving[end{q, p}]; ok {
				in = append(in, i)
			}
		}
		for _, i := range out { // those before the first that arrives follow the last ones
			if len(in) == 0 {
				refuse("the borders of these shapes lie too close together to be told apart")
			}
			next[in[len(in)-1]] = i
			in = in[:len(in)-1]
		}
	}
	return next
}

// loops puts darts together to loops that go through no point twice.
func (g *graph) loops(darts []dart) (out [][]int) {
	next := g.leftTurns(darts)
	place := map[int]int{}
	var path []int
	for start := range darts {
		for at := start; next[at] >= 0; {
			path = append(path, at)
			place[darts[at].from] = len(path) - 1
			follow := next[at]
			next[at] = -1
			if from, ok := place[darts[at].to]; ok {
				loop := slices.Clone(path[from:])
				path = path[:from]
				for _, i := range loop {
					delete(place, darts[i].from)
				}
				out = append(out, inOrder(darts, loop))
			}
			at = follow
		}
	}
	sortChains(darts, out)
	return out
}

// inOrder turns a loop so that the dart put in last comes last: of several next to each other the last one, of several with others between
// the first ones.
func inOrder(darts []dart, loop []int) []int {
	last, gap := 0, false
	for i, d := range loop {
		switch {
		case darts[d].input < darts[loop[last]].input:
			gap = true
		case darts[d].input > darts[loop[last]].input || !gap:
			last, gap = i, false
		}
	}
	return append(slices.Clone(loop[last+1:]), loop[:last+1]...)
}

func sortChains(darts []dart, chains [][]int) {
	sort.Slice(chains, func(i, j int) bool {
		a, b := chains[i][0], chains[j][0]
		if darts[a].input != darts[b].input {
			return darts[a].input < darts[b].input
		}
		return a < b
	})
}

// lines puts darts together to lines, which go on where exactly one dart arrives and one leaves.
func (g *graph) lines(darts []dart) (out [][]int) {
	arriving, leaving := make([]int, len(g.points)), make([]int, len(g.points))
	follows := make([]int, len(g.points))
	order := make([]int, len(darts))
	for i, d := range darts {
		arriving[d.to]++
		leaving[d.from]++
		follows[d.from] = i
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return darts[order[i]].input < darts[order[j]].input })
	used := make([]bool, len(darts))
	inner := func(p int) bool { return arriving[p] == 1 && leaving[p] == 1 }
	for _, loops := range [2]bool{false, true} {
		for _, i := range order {
			if used[i] || !loops && inner(darts[i].from) {
				continue
			}
			start := darts[i].from
			line := []int{i}
			used[i] = true
			for at := darts[i].to; inner(at) && at != start; at = darts[line[len(line)-1]].to {
				line = append(line, follows[at])
				used[follows[at]] = true
			}
			if loops {
				line = inOrder(darts, line)
			}
			out = append(out, line)
		}
	}
	sortChains(darts, out)
	return out
}

// pathOf gives the points that darts lead through, the last one too.
func (g *graph) pathOf(darts []dart, chain []int) []vec {
	out := make([]vec, 0, len(chain)+1)
	for _, i := range chain {
		out = append(out, g.points[darts[i].from])
	}
	return append(out, g.points[darts[chain[len(chain)-1]].to])
}

// polygons gives the areas within borders: each outer border, in order, with the holes in it.
func (g *graph) polygons(darts []dart) (out [][]ring) {
	var holes []ring
	for _, loop := range g.loops(darts) {
		r := ring(g.pathOf(darts, loop))
		if r.signedArea() >= 0 {
			out = append(out, []ring{r})
		} else {
			holes = append(holes, r)
		}
	}
	for _, hole := range holes {
		best, least := -1, 0.0
		for i, polygon := range out {
			if area := polygon[0].signedArea(); polygon[0].holds(hole) && (best < 0 || area < least) {
				best, least = i, area
			}
		}
		if best >= 0 {
			out[best] = append(out[best], hole)
		}
	}
	return out
}

// holds reports whether a ring that does not cross this one lies within it: by one of its edges' middles, where the two may share points.
func (r ring) holds(other ring) bool {
	for _, e := range edgesOf(other) {
		if m := e.a.along(e.b, 0.5); toLine(m, r) > 2*passRadius {
			return r.contains(m)
		}
	}
	return r.contains(other.center())
}

func positionsOf(line []vec) value.Value {
	out := make(value.Array, len(line))
	for i, p := range line {
		lon, lat := p.lonLat()
		out[i] = realArray([]float64{lon, lat})
	}
	return value.OfArray(out)
}

// oneOrMany writes one shape of a kind, or a multiple one.
func oneOrMany(kind string, coordinates []value.Value) value.Value {
	if len(coordinates) == 1 {
		return geoJSON(kind, coordinates[0])
	}
	return geoJSON("Multi"+kind, value.OfArray(coordinates))
}

func polygonsJSON(polygons [][]ring) value.Value {
	var list []value.Value
	for _, polygon := range polygons {
		var rings value.Array
		for _, r := range polygon {
			rings = append(rings, positionsOf(r))
		}
		list = append(list, value.OfArray(rings))
	}
	return oneOrMany("Polygon", list)
}

func linesJSON(lines [][]vec) value.Value {
	var list []value.Value
	for _, l := range lines {
		list = append(list, positionsOf(l))
	}
	return oneOrMany("LineString", list)
}

func pointsJSON(points []vec) value.Value {
	var list []value.Value
	for _, p := range points {
		lon, lat := p.lonLat()
		list = append(list, realArray([]float64{lon, lat}))
	}
	return oneOrMany("Point", list)
}
