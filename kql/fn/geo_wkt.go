package fn

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// wktKinds gives GeoJSON's name and the nesting of the coordinates of each shape of well-known text.
var wktKinds = map[string]struct {
	kind  string
	depth int
}{"POINT": {"Point", 0}, "LINESTRING": {"LineString", 1}, "POLYGON": {"Polygon", 2}, "MULTIPOINT": {"MultiPoint", 1},
	"MULTILINESTRING": {"MultiLineString", 2}, "MULTIPOLYGON": {"MultiPolygon", 3}}

// wktParser is a cursor over well-known text.
type wktParser struct {
	s string
	i int
}

func (p *wktParser) spaces() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *wktParser) take(c byte) bool {
	p.spaces()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *wktParser) until(stop string) string {
	p.spaces()
	from := p.i
	for p.i < len(p.s) && strings.IndexByte(stop, p.s[p.i]) < 0 {
		p.i++
	}
	return strings.TrimSpace(p.s[from:p.i])
}

// shape reads one shape; collections may hold others.
func (p *wktParser) shape(depth int) (value.Value, bool) {
	name := strings.ToUpper(p.until("("))
	if name == "GEOMETRYCOLLECTION" && depth < value.MaxDepth {
		list, ok := p.list(func() (value.Value, bool) { return p.shape(depth + 1) })
		return value.OfBag(&value.Bag{Keys: []string{"type", "geometries"}, Vals: []value.Value{value.OfString("GeometryCollection"), list}}), ok
	}
	k, ok := wktKinds[name]
	if !ok {
		return nullDynamic, false
	}
	if k.depth == 0 {
		if !p.take('(') {
			return nullDynamic, false
		}
		point, ok := p.point()
		return geoJSON(k.kind, point), ok && p.take(')')
	}
	c, ok := p.nested(k.depth)
	return geoJSON(k.kind, c), ok
}

func (p *wktParser) nested(depth int) (value.Value, bool) {
	if depth == 1 {
		return p.list(p.point)
	}
	return p.list(func() (value.Value, bool) { return p.nested(depth - 1) })
}

// list reads ( item, item … ).
func (p *wktParser) list(item func() (value.Value, bool)) (value.Value, bool) {
	if !p.take('(') {
		return nullDynamic, false
	}
	var a value.Array
	for {
		v, ok := item()
		if !ok {
			return nullDynamic, false
		}
		a = append(a, v)
		if !p.take(',') {
			return value.OfArray(a), p.take(')')
		}
	}
}

// point reads x y, in brackets or not.
func (p *wktParser) point() (value.Value, bool) {
	bracket := p.take('(')
	words := strings.Fields(p.until(",()"))
	if len(words) < 2 {
		return nullDynamic, false
	}
	x, ok := value.ParseReal(words[0])
	y, ok2 := value.ParseReal(words[1])
	return realArray([]float64{x, y}), ok && ok2 && (!bracket || p.take(')'))
}

func evalFromWKT(args []value.Value) value.Value {
	one := func(v value.Value) value.Value {
		p := wktParser{s: v.Text()}
		shape, ok := p.shape(0)
		if p.spaces(); !ok || p.i != len(p.s) {
			return nullDynamic
		}
		return shape
	}
	if a, ok := arrayOf(args[0]); ok {
		out := make(value.Array, len(a))
		for i, v := range a {
			out[i] = one(v)
		}
		return value.OfArray(out)
	}
	return one(args[0])
}
