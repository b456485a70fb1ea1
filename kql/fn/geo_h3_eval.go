package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// Kusto's limits: the resolution of a cell where none is given, how far down its children are, and how far its rings.
const (
	h3DefaultRes = 6
	h3Deepest    = 5
	h3Farthest   = 142
)

// h3Resolution reads an optional resolution.
func h3Resolution(args []value.Value, at, def int) (int, bool) {
	if at >= len(args) {
		return def, def >= 0 && def <= maxH3
	}
	f := number(args, at, math.NaN())
	return int(f), f >= 0 && f <= maxH3 && f == math.Trunc(f)
}

func evalPointToH3(args []value.Value) value.Value {
	p, ok := points(args, 1)
	res, ok2 := h3Resolution(args, 2, h3DefaultRes)
	if !ok || !ok2 {
		return value.OfString("")
	}
	c, ok := h3CellOf(p[0], res)
	if !ok {
		refuse("the H3 cell of the point cannot be told")
	}
	return value.OfString(c.name())
}

// h3Cells makes an evaluation of a cell; of what is none the result is null.
func h3Cells(t value.Type, e func(c h3Cell, args []value.Value) value.Value) option {
	return pure(func(args []value.Value) value.Value {
		c, ok := parseH3(args[0].S)
		if !ok {
			return value.NullOf(t)
		}
		return e(c, args)
	})
}

func evalH3Center(c h3Cell, _ []value.Value) value.Value { return c.place().center(c.res).geoPoint() }

func evalH3Level(c h3Cell, _ []value.Value) value.Value { return value.OfInt(int32(c.res)) }

func evalH3Polygon(c h3Cell, _ []value.Value) value.Value {
	corners := c.border()
	border := make(value.Array, 0, len(corners)+1)
	for _, p := range append(corners, corners[0]) {
		lon, lat := p.lonLat()
		border = append(border, realArray([]float64{lon, lat}))
	}
	return geoJSON("Polygon", value.OfArray(value.Array{value.OfArray(border)}))
}

func evalH3Parent(c h3Cell, args []value.Value) value.Value {
	res, ok := h3Resolution(args, 1, c.res-1)
	if !ok || res > c.res {
		return value.OfString("")
	}
	for r := res + 1; r <= c.res; r++ {
		c.digit[r] = 0
	}
	c.res = res
	return value.OfString(c.name())
}

func h3Names(cells []h3Cell) value.Value {
	out := make(value.Array, len(cells))
	for i, c := range cells {
		out[i] = value.OfString(c.name())
	}
	return value.OfArray(out)
}

func evalH3Children(c h3Cell, args []value.Value) value.Value {
	res, ok := h3Resolution(args, 1, c.res+1)
	if !ok || res < c.res || res > c.res+h3Deepest {
		return nullDynamic
	}
	cells := []h3Cell{c}
	for r := c.res + 1; r <= res; r++ {
		next := make([]h3Cell, 0, 7*len(cells))
		for _, c := range cells {
			lacking := c.pentagon()
			c.res = r
			for d := range uint8(7) {
				if c.digit[r] = d; d != 1 || !lacking {
					next = append(next, c)
				}
			}
		}
		cells = next
	}
	return h3Names(cells)
}

func evalH3Neighbors(c h3Cell, _ []value.Value) value.Value { return h3Names(c.neighbors()) }

func evalH3Rings(c h3Cell, args []value.Value) value.Value {
	f := number(args, 1, math.NaN())
	if !(f >= 0 && f <= h3Farthest) || f != math.Trunc(f) {
		return nullDynamic
	}
	out := value.Array{}
	for d := range int(f) + 1 {
		out = append(out, h3Names(c.ring(d)))
	}
	return value.OfArray(out)
}
