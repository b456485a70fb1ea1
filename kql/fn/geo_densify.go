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

// dateline is where a line that crosses the 180th meridian ends on one side, in degrees.
const dateline = 179.999999999999

// turnsAround counts how often a longitude goes over the 180th meridian.
func turnsAround(lon float64) float64 {
	if math.Abs(lon) <= 180 {
		return 0
	}
	return math.Round(lon / 360)
}

// densified gives the points of a chain of edges, in several lines where it crosses the 180th meridian: on the map it goes straight on from
// longitudes up to 180 to those beyond.
//
// With preserve, edges of more than half a turn go over the meridian instead, and nothing is cut.
func densified(v value.Value, tolerance float64, preserve bool) (lines value.Array, ok bool) {
	a, _ := arrayOf(v)
	if len(a) < 2 {
		return nil, false
	}
	d := densifier{tolerance: densifyScale * tolerance / earthRadius}
	for _, e := range a {
		pair, _ := arrayOf(e)
		p := mapPoint{number(pair, 0, math.NaN()), number(pair, 1, math.NaN())}
		if !(math.Abs(p.lon) <= 360 && math.Abs(p.lat) <= 90) {
			return nil, false
		}
		if len(d.out) == 0 {
			d.out = append(d.out, p)
			continue
		}
		last := d.out[len(d.out)-1]
		if preserve {
			p.lon = last.lon + math.Remainder(p.lon-last.lon, 360)
		}
		d.edge(last, p, 0)
	}
	var line value.Array
	add := func(lon, lat float64) { line = append(line, realArray([]float64{lon, lat})) }
	for i, p := range d.out {
		if i > 0 && !preserve && turnsAround(p.lon) != turnsAround(d.out[i-1].lon) {
			// the geodesic's latitude where it crosses
			at := edge{d.out[i-1].vec(), p.vec()}.normal().cross(vec{0, 1, 0})
			if at.x > 0 {
				at = at.times(-1)
			}
			_, lat := at.lonLat()
			from := math.Copysign(dateline, math.Remainder(d.out[i-1].lon, 360))
			add(from, lat)
			lines = append(lines, value.OfArray(line))
			line = nil
			add(-from, lat)
		}
		add(p.vec().lonLat())
	}
	return append(lines, value.OfArray(line)), true
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
				dense, ok := densified(c, tolerance, number(args, 2, 0) != 0)
				if !ok {
					return nullDynamic
				}
				out = append(out, dense...)
			}
			if depth == 0 {
				list = append(list, out...)
			} else {
				list = append(list, value.OfArray(out))
			}
		}
		if bag, _ := bagOf(args[0]); bag != nil {
			if t, _ := bag.Get("type"); t.S == kind && len(list) == 1 {
				return geoJSON(kind, list[0])
			}
		}
		return geoJSON("Multi"+kind, value.OfArray(list))
	}
}
