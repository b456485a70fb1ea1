package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// Densifying turns edges that are straight on a map of longitudes and latitudes into chains of geodesics, with points between where the two
// are farther apart than the tolerance. The distance of the two is measured at two places of an edge, from which it is estimated.
const (
	densifyAt        = 0.31215691082248312 // of an edge's length from either end
	densifyScale     = 0.83829992569888509 // of the tolerance
	maxDensePoints   = 10_485_760
	maxDensifyDepth  = 30
	minDensify       = 0.1 // metres
	maxDensify       = 10_000
	densifyTolerance = 10
)

// mapPoint is a longitude and latitude in degrees.
type mapPoint struct{ lon, lat float64 }

func (a mapPoint) vec() vec { return vecOf(a.lon, a.lat) }

// between gives the point at a fraction of the way on the map.
func (a mapPoint) between(b mapPoint, f float64) mapPoint {
	return mapPoint{a.lon + f*(b.lon-a.lon), a.lat + f*(b.lat-a.lat)}
}

// along gives the point at a fraction of the geodesic.
func (a vec) along(b vec, f float64) vec {
	all := a.angle(b)
	if all == 0 {
		return a
	}
	return a.times(math.Sin((1 - f) * all)).plus(b.times(math.Sin(f * all))).unit()
}

type densifier struct {
	tolerance float64 // radians
	out       []mapPoint
}

// edge appends the points of an edge but its first.
func (d *densifier) edge(a, b mapPoint, depth int) {
	if len(d.out) >= maxDensePoints {
		refuse("a densified line may have up to %d points; use a larger tolerance", maxDensePoints)
	}
	va, vb := a.vec(), b.vec()
	far := va.dot(vb) < -1e-14
	for _, f := range []float64{densifyAt, 1 - densifyAt} {
		far = far || va.along(vb, f).angle(a.between(b, f).vec()) > d.tolerance
	}
	if !far || depth == maxDensifyDepth {
		d.out = append(d.out, b)
		return
	}
	middle := a.between(b, 0.5)
	d.edge(a, middle, depth+1)
	d.edge(middle, b, depth+1)
}

// densified gives the points of a chain of edges.
func densified(v value.Value, tolerance float64) (value.Value, bool) {
	a, _ := arrayOf(v)
	for _, e := range a {
		if pair, _ := arrayOf(e); math.Abs(number(pair, 0, 0)) > 180 {
			refuse("densifying an edge over the 180th meridian is not supported; split it there")
		}
	}
	if _, ok := positions(v); !ok {
		return nullDynamic, false
	}
	d := densifier{tolerance: densifyScale * tolerance / earthRadius}
	for i, e := range a {
		pair, _ := arrayOf(e)
		p := mapPoint{number(pair, 0, 0), number(pair, 1, 0)}
		if i == 0 {
			d.out = append(d.out, p)
			continue
		}
		last := d.out[len(d.out)-1]
		if math.Abs(p.lon-last.lon) > 180 {
			refuse("densifying an edge over the 180th meridian is not supported; split it there")
		}
		d.edge(last, p, 0)
	}
	out := make(value.Array, len(d.out))
	for i, p := range d.out {
		lon, lat := p.vec().lonLat()
		out[i] = realArray([]float64{lon, lat})
	}
	return value.OfArray(out), true
}

// densify makes the evaluation for a kind of shape whose coordinates are chains at a depth of arrays.
func densify(kind string, depth int) func(args []value.Value) value.Value {
	return func(args []value.Value) value.Value {
		tolerance := number(args, 1, densifyTolerance)
		if !(tolerance >= minDensify && tolerance <= maxDensify) || len(args) > 1 && args[1].Null {
			return nullDynamic
		}
		var list value.Array
		shapes, ok := coordinates(args[0], kind)
		if kind == "Polygon" {
			_, ok = polygonsOf(args[0])
		}
		if !ok {
			return nullDynamic
		}
		for _, s := range shapes {
			chains := value.Array{s}
			if depth > 0 {
				chains, _ = arrayOf(s)
			}
			out := value.Array{}
			for _, c := range chains {
				dense, ok := densified(c, tolerance)
				if !ok {
					return nullDynamic
				}
				out = append(out, dense)
			}
			if depth == 0 {
				list = append(list, out[0])
			} else {
				list = append(list, value.OfArray(out))
			}
		}
		if bag, _ := bagOf(args[0]); bag != nil {
			if t, _ := bag.Get("type"); t.S == kind {
				return geoJSON(kind, list[0])
			}
		}
		return geoJSON("Multi"+kind, value.OfArray(list))
	}
}
