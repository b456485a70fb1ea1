package fn

import (
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// part is a piece of a border, with the number of the edge that it is a piece of.
type part struct {
	edge
	number int
}

// overlay gives the borders of what two areas cover together, or have in common, each without holes and going around to the left. A border
// begins behind a piece of the edge with the highest number, the second area's edges being counted after the first's.
func overlay(a, b []ring, common bool) []ring {
	points := [2]int{}
	for i, area := range [2][]ring{a, b} {
		for _, r := range area {
			points[i] += len(r)
		}
	}
	checkPairs(points[:]...)
	var parts []part
	number := 0
	for _, side := range [2][2][]ring{{a, b}, {b, a}} {
		for _, r := range side[0] {
			for _, e := range edgesOf(r) {
				for _, piece := range pieces(e, side[1]) {
					if within(piece.a.along(piece.b, 0.5), side[1]) == common {
						parts = append(parts, part{piece, number})
					}
				}
				number++
			}
		}
	}
	return chain(parts)
}

func within(p vec, area []ring) bool {
	for _, r := range area {
		if r.contains(p) {
			return true
		}
	}
	return false
}

// pieces cuts an edge where it crosses the borders of an area.
func pieces(e edge, area []ring) (out []edge) {
	var cuts []vec
	for _, r := range area {
		for _, other := range edgesOf(r) {
			if p, ok := e.cross(other); ok {
				cuts = append(cuts, p)
			}
		}
	}
	sort.Slice(cuts, func(i, j int) bool { return e.a.angle(cuts[i]) < e.a.angle(cuts[j]) })
	at := e.a
	for _, p := range append(cuts, e.b) {
		out = append(out, edge{at, p})
		at = p
	}
	return out
}

// chain joins pieces to closed borders.
func chain(parts []part) (out []ring) {
	sort.SliceStable(parts, func(i, j int) bool {
		x, y := parts[i], parts[j]
		if x.number != y.number {
			return x.number < y.number
		}
		return s2Cell(x.a, maxS2) < s2Cell(y.a, maxS2)
	})
	from := map[vec]int{}
	for i, p := range parts {
		if _, ok := from[p.a]; ok {
			refuse("polygons whose borders touch are not joined")
		}
		from[p.a] = i
	}
	done := make([]bool, len(parts))
	for i := range parts {
		var loop []part
		for at := i; !done[at]; {
			done[at] = true
			loop = append(loop, parts[at])
			next, ok := from[parts[at].b]
			if !ok {
				refuse("polygons whose borders touch are not joined")
			}
			at = next
		}
		if len(loop) > 0 {
			out = append(out, closed(loop))
		}
	}
	return out
}

// closed turns a border so that a piece of the edge with the highest number comes last: of several next to each other the last one, of
// several with others between the first ones.
func closed(loop []part) ring {
	last, gap := 0, false
	for i, p := range loop {
		switch {
		case p.number < loop[last].number:
			gap = true
		case p.number > loop[last].number || !gap:
			last, gap = i, false
		}
	}
	var r ring
	for i := range loop {
		r = append(r, loop[(last+1+i)%len(loop)].a)
	}
	return append(r, r[0])
}

// shells gives the borders of polygons without holes, going around to the left.
func shells(polygons [][]ring) (out []ring) {
	for _, polygon := range polygons {
		if len(polygon) > 1 {
			refuse("polygons with holes are not joined")
		}
		r := polygon[0]
		if r.signedArea() < 0 {
			turned := make(ring, len(r))
			for i, p := range r {
				turned[len(r)-1-i] = p
			}
			r = turned
		}
		out = append(out, r)
	}
	return out
}

// onePolygon writes the result where it is one border.
func onePolygon(loops []ring) value.Value {
	if len(loops) != 1 || loops[0].signedArea() < 0 {
		refuse("polygons that together are several, or have holes, are not joined")
	}
	out := make(value.Array, len(loops[0]))
	for i, p := range loops[0] {
		lon, lat := p.lonLat()
		out[i] = realArray([]float64{lon, lat})
	}
	return geoJSON("Polygon", value.OfArray(value.Array{value.OfArray(out)}))
}

// joinAll joins the two areas with the fewest corners until one is left.
func joinAll(areas [][]ring) []ring {
	corners := func(area []ring) (n int) {
		for _, r := range area {
			n += len(r) - 1
		}
		return n
	}
	for len(areas) > 1 {
		sort.SliceStable(areas, func(i, j int) bool { return corners(areas[i]) < corners(areas[j]) })
		joined := overlay(areas[0], areas[1], false)
		for _, r := range joined {
			if r.signedArea() < 0 {
				refuse("polygons that together have holes are not joined")
			}
		}
		areas = append(areas[2:], joined)
	}
	return areas[0]
}

// evalUnionPolygons joins the polygons of an array; it is null where one is none.
func evalUnionPolygons(args []value.Value) value.Value {
	list, ok := arrayOf(args[0])
	if !ok || len(list) == 0 {
		return nullDynamic
	}
	var shapes [][][]ring
	for _, v := range list {
		polygons, ok := polygonsOf(v)
		if !ok {
			return nullDynamic
		}
		shapes = append(shapes, polygons)
	}
	var areas [][]ring
	for _, polygons := range shapes {
		if len(polygons) > 1 {
			refuse("geo_union_polygons_array() of multipolygons is not supported")
		}
		areas = append(areas, shells(polygons))
	}
	return onePolygon(joinAll(areas))
}
