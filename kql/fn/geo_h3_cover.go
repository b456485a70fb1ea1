package fn

import (
	"math"
	"sort"

	"github.com/vedette-siem/vedette/kql/value"
)

// beside gives the cells that share a side with a cell, going around it, found by stepping over the middles of its sides.
func (c h3Cell) beside() (out []h3Cell) {
	center, border := c.place().center(c.res), c.border()
	seen := map[h3Cell]bool{c: true}
	for i, a := range border {
		over := a.plus(border[(i+1)%len(border)]).unit()
		over = over.plus(over.minus(center).times(stepOver)).unit()
		if next, ok := h3CellOf(over, c.res); ok && !seen[next] {
			seen[next] = true
			out = append(out, next)
		}
	}
	return out
}

// stepOver is how far beyond a side beside looks, as a part of the way from the middle to the side.
const stepOver = 0.25

// rings gives the cells by their distance from a cell, counted in steps from neighbour to neighbour.
func (c h3Cell) rings(distance int) [][]h3Cell {
	out := [][]h3Cell{{c}}
	seen := map[h3Cell]bool{c: true}
	for len(out) <= distance {
		var ring []h3Cell
		for _, from := range out[len(out)-1] {
			for _, next := range from.beside() {
				if !seen[next] {
					seen[next] = true
					ring = append(ring, next)
				}
			}
		}
		out = append(out, ring)
	}
	return out
}

// h3Cover gathers the cells of a resolution that have a part in polygons widened by an angle.
type h3Cover struct {
	polygons [][]ring
	edges    []edge
	boxes    []box
	angle    float64
}

// touches reports whether a cell has a part in the polygons.
func (h *h3Cover) touches(c h3Cell) bool {
	border := c.border()
	border = append(border, border[0])
	center := c.place().center(c.res)
	reach := 0.0
	for _, p := range border {
		reach = max(reach, center.apart(p))
	}
	reach += chord(min(h.angle, math.Pi))
	around := box{center.minus(vec{reach, reach, reach}), center.plus(vec{reach, reach, reach})}
	for i, e := range h.edges {
		if !around.meets(h.boxes[i]) {
			continue
		}
		for k := range border[1:] {
			if edgesApart(e, edge{border[k], border[k+1]}) <= h.angle {
				return true
			}
		}
		if ring(border).contains(e.a) {
			return true
		}
	}
	for _, polygon := range h.polygons {
		if inPolygon(center, polygon) {
			return true
		}
	}
	return false
}

// edgesApart gives the angle between the nearest points of two edges.
func edgesApart(e, f edge) float64 {
	if crosses(e.a, e.b, f.a, f.b) {
		return 0
	}
	return min(toSegment(e.a, f.a, f.b), toSegment(e.b, f.a, f.b), toSegment(f.a, e.a, e.b), toSegment(f.b, e.a, e.b))
}

// evalPolygonH3 gives the names, in ascending order, of the H3 cells that cover a polygon; null where they are too many.
func evalPolygonH3(args []value.Value) value.Value {
	polygons, ok := polygonsOf(args[0])
	res, ok2 := h3Resolution(args, 1, h3DefaultRes)
	radius := number(args, 2, 0)
	if !ok || !ok2 || !(radius >= 0) || math.IsInf(radius, 0) || len(args) > 1 && args[1].Null {
		return nullDynamic
	}
	h := &h3Cover{polygons: polygons, angle: radius / earthRadius}
	var queue []h3Cell
	seen := map[h3Cell]bool{}
	for _, polygon := range polygons {
		for _, r := range polygon {
			for _, e := range edgesOf(r) {
				h.edges = append(h.edges, e)
				h.boxes = append(h.boxes, boxOf(e, 0))
			}
		}
		if c, ok := h3CellOf(polygon[0][0], res); ok && !seen[c] {
			seen[c] = true
			queue = append(queue, c)
		}
	}
	var names []string
	for len(queue) > 0 {
		c := queue[0]
		queue = queue[1:]
		if len(names) > maxCover {
			return nullDynamic
		}
		names = append(names, c.name())
		for _, next := range c.beside() {
			if !seen[next] {
				seen[next] = true
				if h.touches(next) {
					queue = append(queue, next)
				}
			}
		}
	}
	sort.Strings(names)
	out := make(value.Array, len(names))
	for i, n := range names {
		out[i] = value.OfString(n)
	}
	return value.OfArray(out)
}
