package fn

import (
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// overlay gathers the edges of shapes of two sets.
type overlay struct {
	edges []inEdge
	far   [2]int
}

func (o *overlay) areas(set int, polygons [][]ring) {
	for _, polygon := range oriented(polygons) {
		for _, r := range polygon {
			o.border(set, r)
			o.far[set] += r.coversOf(farPoint)
		}
	}
}

func (o *overlay) border(set int, r ring) {
	for _, e := range edgesOf(r) {
		o.edges = append(o.edges, inEdge{e, set, 1})
	}
}

func (o *overlay) lines(set int, lines [][]vec) {
	for _, l := range lines {
		for _, e := range edgesOf(l) {
			o.edges = append(o.edges, inEdge{e, set, 0})
		}
	}
}

func (o *overlay) graph() *graph {
	g := arrange(o.edges)
	g.cover(o.far)
	return g
}

func inAny(covered [2]int) bool  { return covered[0] > 0 || covered[1] > 0 }
func inBoth(covered [2]int) bool { return covered[0] > 0 && covered[1] > 0 }

// joined gives what polygons cover together. As S2 does (S2Polygon::DestructiveUnion), the two areas with the fewest corners are joined
// until one is left.
func joined(polygons [][]ring) [][]ring {
	areas := make([][][]ring, len(polygons))
	for i, polygon := range polygons {
		areas[i] = [][]ring{polygon}
	}
	return joinAll(areas)
}

func joinAll(areas [][][]ring) [][]ring {
	corners := func(area [][]ring) (n int) {
		for _, polygon := range area {
			for _, r := range polygon {
				n += len(r) - 1
			}
		}
		return n
	}
	sort.SliceStable(areas, func(i, j int) bool { return corners(areas[i]) < corners(areas[j]) })
	for len(areas) > 1 {
		var o overlay
		o.areas(0, areas[0])
		o.areas(1, areas[1])
		g := o.graph()
		both := g.polygons(g.border(inAny))
		areas = areas[2:]
		at := sort.Search(len(areas), func(i int) bool { return corners(areas[i]) > corners(both) })
		areas = append(areas[:at:at], append([][][]ring{both}, areas[at:]...)...)
	}
	return areas[0]
}

// simplest gives a shape of one area: the polygons of a multipolygon are joined.
func simplest(polygons [][]ring) [][]ring {
	if len(polygons) > 1 && !apart(polygons) {
		return joined(polygons)
	}
	return polygons
}

// evalUnionPolygons joins the polygons of an array; it is null where one is none.
func evalUnionPolygons(args []value.Value) value.Value {
	list, ok := arrayOf(args[0])
	if !ok || len(list) == 0 {
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
	return polygonsJSON(oriented(joinAll(areas)))
}

// common is what shapes of both sets have in common: areas, then the lines and points that do not lie on these.
func (o *overlay) common() value.Value {
	g := o.graph()
	polygons := g.polygons(g.border(inBoth))
	lines, points := g.thin()
	return collection(polygons, lines, points)
}

// collection writes the points, lines and areas of a result: one shape where they are of one kind.
func collection(polygons [][]ring, lines [][]vec, points []vec) value.Value {
	var shapes value.Array
	if len(points) > 0 {
		shapes = append(shapes, pointsJSON(points))
	}
	if len(lines) > 0 {
		shapes = append(shapes, linesJSON(lines))
	}
	if len(polygons) > 0 {
		shapes = append(shapes, polygonsJSON(polygons))
	}
	if len(shapes) == 1 {
		return shapes[0]
	}
	if shapes == nil {
		shapes = value.Array{}
	}
	return value.OfBag(&value.Bag{Keys: []string{"type", "geometries"}, Vals: []value.Value{value.OfString("GeometryCollection"), value.OfArray(shapes)}})
}

// thin gives the arcs and points that belong to both sets, borders included, but do not lie on an area that does.
func (g *graph) thin() (lines [][]vec, points []vec) {
	var darts []dart
	taken := make([]bool, len(g.points))
	for i := range g.arcs {
		a := &g.arcs[i]
		left, right := a.turned(0), a.turned(1)
		if inBoth(left) || inBoth(right) {
			taken[a.u], taken[a.v] = true, true
			continue
		}
		if !(a.on[0] || left[0] > 0 || right[0] > 0) || !(a.on[1] || left[1] > 0 || right[1] > 0) {
			continue
		}
		taken[a.u], taken[a.v] = true, true
		if a.first[0] <= a.first[1] {
			darts = append(darts, dart{a.u, a.v, a.first[0]})
		} else {
			darts = append(darts, dart{a.v, a.u, a.first[1]})
		}
	}
	sortDarts(darts)
	for _, line := range g.lines(darts) {
		lines = append(lines, g.pathOf(darts, line))
	}
	for p, halves := range g.around {
		var in [2]bool
		for _, h := range halves {
			a := &g.arcs[h/2]
			for s := range in {
				in[s] = in[s] || a.on[s] || a.left[s] > 0 || a.left[s]-a.net[s] > 0
			}
		}
		if in[0] && in[1] && !taken[p] {
			points = append(points, g.points[p])
		}
	}
	return lines, points
}

func evalIntersection2Polygons(args []value.Value) value.Value {
	a, ok := polygonsOf(args[0])
	b, ok2 := polygonsOf(args[1])
	if !ok || !ok2 {
		return nullDynamic
	}
	var o overlay
	o.areas(0, simplest(a))
	o.areas(1, simplest(b))
	return o.common()
}

func evalIntersection2Lines(args []value.Value) value.Value {
	if !isLine(args[0]) || !isLine(args[1]) {
		return nullDynamic
	}
	var o overlay
	o.lines(0, first(linesOf(args[0])))
	o.lines(1, first(linesOf(args[1])))
	return o.common()
}

func evalIntersectionLinePolygon(args []value.Value) value.Value {
	polygons, ok := polygonsOf(args[1])
	if !ok || !isLine(args[0]) {
		return nullDynamic
	}
	var o overlay
	o.lines(0, first(linesOf(args[0])))
	o.areas(1, simplest(polygons))
	return o.common()
}

// evalUnionLines joins the lines of an array; edges that several have count once.
func evalUnionLines(args []value.Value) value.Value {
	list, ok := arrayOf(args[0])
	if !ok || len(list) == 0 {
		return nullDynamic
	}
	var all [][]vec
	for _, v := range list {
		if !isLine(v) {
			return nullDynamic
		}
		all = append(all, first(linesOf(v))...)
	}
	return linesJSON(joinedLines(all))
}

func joinedLines(all [][]vec) [][]vec {
	var o overlay
	for _, l := range all { // as two sets, which have everything in common
		o.lines(0, [][]vec{l})
		o.lines(1, [][]vec{l})
	}
	lines, _ := o.graph().thin()
	return lines
}
