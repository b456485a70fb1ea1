package fn

import (
	"math"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

const geohashDigits = "0123456789bcdefghjkmnpqrstuvwxyz"

// maxGeohash is the longest geohash.
const maxGeohash = 18

func evalPointToGeohash(args []value.Value) value.Value {
	lon, lat, n := number(args, 0, math.NaN()), number(args, 1, math.NaN()), int(number(args, 2, 5))
	if !validPoint(lon, lat) || n < 1 || n > maxGeohash || len(args) > 2 && args[2].Null {
		return value.OfString("")
	}
	west, east, south, north := -180.0, 180.0, -90.0, 90.0
	var b strings.Builder
	for bit, digit := 0, 0; b.Len() < n; bit++ {
		digit <<= 1
		if bit%2 == 0 {
			if mid := (west + east) / 2; lon >= mid {
				digit, west = digit|1, mid
			} else {
				east = mid
			}
		} else if mid := (south + north) / 2; lat >= mid {
			digit, south = digit|1, mid
		} else {
			north = mid
		}
		if bit%5 == 4 {
			b.WriteByte(geohashDigits[digit])
			digit = 0
		}
	}
	return value.OfString(b.String())
}

// geohashBox gives the rectangle of a geohash.
func geohashBox(s string) (west, east, south, north float64, ok bool) {
	west, east, south, north = -180, 180, -90, 90
	if s == "" || len(s) > maxGeohash {
		return 0, 0, 0, 0, false
	}
	for i := 0; i < 5*len(s); i++ {
		digit := strings.IndexByte(geohashDigits, lowerByte(s[i/5]))
		if digit < 0 {
			return 0, 0, 0, 0, false
		}
		up := digit>>(4-i%5)&1 == 1
		switch mid := (west + east) / 2; {
		case i%2 == 0 && up:
			west = mid
		case i%2 == 0:
			east = mid
		case up:
			south = (south + north) / 2
		default:
			north = (south + north) / 2
		}
	}
	return west, east, south, north, true
}

func geoPoint(lon, lat float64) value.Value {
	return geoJSON("Point", realArray([]float64{lon, lat}))
}

func geoJSON(kind string, coordinates value.Value) value.Value {
	return value.OfBag(&value.Bag{Keys: []string{"type", "coordinates"}, Vals: []value.Value{value.OfString(kind), coordinates}})
}

func evalGeohashCenter(args []value.Value) value.Value {
	w, e, s, n, ok := geohashBox(args[0].S)
	if !ok {
		return nullDynamic
	}
	return geoPoint((w+e)/2, (s+n)/2)
}

func evalGeohashPolygon(args []value.Value) value.Value {
	w, e, s, n, ok := geohashBox(args[0].S)
	if !ok {
		return nullDynamic
	}
	border := value.Array{realArray([]float64{w, s}), realArray([]float64{e, s}), realArray([]float64{e, n}), realArray([]float64{w, n}), realArray([]float64{w, s})}
	return geoJSON("Polygon", value.OfArray(value.Array{value.OfArray(border)}))
}

// s2Orientation says how each position of the Hilbert curve turns the orientation of the quarter at it.
var s2Orientation = [4]int{1, 0, 0, 3}

// s2Face gives the face of the cube that a direction meets, and where on it, in -1…1.
func s2Face(p vec) (face int, u, v float64) {
	x, y, z := math.Abs(p.x), math.Abs(p.y), math.Abs(p.z)
	switch {
	case x >= y && x >= z && p.x > 0:
		return 0, p.y / p.x, p.z / p.x
	case x >= y && x >= z:
		return 3, p.z / p.x, p.y / p.x
	case y >= z && p.y > 0:
		return 1, -p.x / p.y, p.z / p.y
	case y >= z:
		return 4, p.z / p.y, -p.x / p.y
	case p.z > 0:
		return 2, -p.x / p.z, -p.y / p.z
	}
	return 5, -p.y / p.z, -p.x / p.z
}

// s2Grid turns -1…1 into 0…2^30-1 with S2's quadratic projection, which makes cells of about equal area.
func s2Grid(u float64) int64 {
	return max(0, min(1<<30-1, int64(math.Floor(s2Side(u)*(1<<30)))))
}

// s2Cell gives the identity of the cell of a level around a direction.
func s2Cell(p vec, level int) uint64 {
	face, u, v := s2Face(p)
	i, j := s2Grid(u), s2Grid(v)
	orientation := face & 1
	id := uint64(face)
	for k := 29; k >= 0; k-- {
		ij := int(i>>k&1)<<1 | int(j>>k&1)
		pos := 0
		for q, x := range s2Order[orientation] {
			if x == ij {
				pos = q
			}
		}
		id = id<<2 | uint64(pos)
		orientation ^= s2Orientation[pos]
	}
	id = id<<1 | 1
	lowest := uint64(1) << (2 * (30 - level))
	return id&-lowest | lowest
}

// s2Order gives for each orientation the quarter (i, j as two bits) at each position of the curve.
var s2Order = [4][4]int{{0, 1, 3, 2}, {0, 2, 3, 1}, {3, 2, 0, 1}, {3, 1, 0, 2}}

func evalPointToS2(args []value.Value) value.Value {
	p, ok := points(args, 1)
	level := number(args, 2, 11)
	if !ok || level < 0 || level > 30 || len(args) > 2 && args[2].Null {
		return value.OfString("")
	}
	return value.OfString(s2Name(s2Cell(p[0], int(level))))
}

func s2Name(id uint64) string { return strings.TrimRight(hexToken(id), "0") }

// hexToken writes all sixteen digits.
func hexToken(id uint64) string {
	s := strconv.FormatUint(id, 16)
	return strings.Repeat("0", 16-len(s)) + s
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// parseS2 reads the name of a cell.
func parseS2(token string) (s square, ok bool) {
	if token == "" || len(token) > 16 {
		return s, false
	}
	id, err := strconv.ParseUint(token+strings.Repeat("0", 16-len(token)), 16, 64)
	lowest := id & -id
	if err != nil || id>>61 > 5 || lowest&0x1555555555555555 == 0 {
		return s, false
	}
	level := maxS2
	for l := lowest; l > 1; l >>= 2 {
		level--
	}
	face := int(id >> 61)
	s = square{face: face, orientation: face & 1, path: uint64(face)}
	for k := range level {
		s = s.quarter(int(id>>(59-2*k)) & 3)
	}
	return s, true
}

// s2Bounds gives the face of a cell and the square on it, in -1…1, that the cell covers.
func s2Bounds(token string) (face int, u0, v0, u1, v1 float64, ok bool) {
	s, ok := parseS2(token)
	if !ok {
		return 0, 0, 0, 0, 0, false
	}
	u0, v0, u1, v1 = s.bounds()
	return s.face, u0, v0, u1, v1, true
}

// s2Edge is the inverse of s2Grid, from 0…1.
func s2Edge(s float64) float64 {
	if s >= 0.5 {
		return (4*s*s - 1) / 3
	}
	return (1 - 4*(1-s)*(1-s)) / 3
}

// s2Point gives the direction of a place on a face of the cube.
func s2Point(face int, u, v float64) vec {
	switch face {
	case 0:
		return vec{1, u, v}
	case 1:
		return vec{-u, 1, v}
	case 2:
		return vec{-u, -v, 1}
	case 3:
		return vec{-1, -v, -u}
	case 4:
		return vec{v, -1, -u}
	}
	return vec{v, u, -1}
}

func evalS2Center(args []value.Value) value.Value {
	face, u0, v0, u1, v1, ok := s2Bounds(args[0].S)
	if !ok {
		return nullDynamic
	}
	// the centre lies in the middle of the grid, not of the face
	mid := func(a, b float64) float64 { return s2Edge((s2Side(a) + s2Side(b)) / 2) }
	return s2Point(face, mid(u0, u1), mid(v0, v1)).geoPoint()
}

// s2Side is the inverse of s2Edge.
func s2Side(u float64) float64 {
	if u >= 0 {
		return 0.5 * math.Sqrt(1+3*u)
	}
	return 1 - 0.5*math.Sqrt(1-3*u)
}

func evalS2Polygon(args []value.Value) value.Value {
	face, u0, v0, u1, v1, ok := s2Bounds(args[0].S)
	if !ok {
		return nullDynamic
	}
	var border value.Array
	for _, c := range [][2]float64{{u0, v0}, {u1, v0}, {u1, v1}, {u0, v1}, {u0, v0}} {
		lon, lat := s2Point(face, c[0], c[1]).lonLat()
		border = append(border, realArray([]float64{lon, lat}))
	}
	return geoJSON("Polygon", value.OfArray(value.Array{value.OfArray(border)}))
}
