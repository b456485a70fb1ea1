package fn

import (
	"hash/fnv"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// inHashOrder gives names in the order in which Kusto gives neighbours: that of a hash set with eight buckets, which holds the buckets in the
// order in which they were first used, and in each the names from the last to the first. The hash is FNV-1a of the name.
func inHashOrder(names []string) value.Value {
	var order []uint64
	buckets := map[uint64][]string{}
	for _, name := range names {
		h := fnv.New64a()
		h.Write([]byte(name))
		b := h.Sum64() % 8
		if buckets[b] == nil {
			order = append(order, b)
		}
		buckets[b] = append(buckets[b], name)
	}
	out := make(value.Array, 0, len(names))
	for _, b := range order {
		slices.Reverse(buckets[b])
		for _, name := range buckets[b] {
			out = append(out, value.OfString(name))
		}
	}
	return value.OfArray(out)
}

// geohashSteps are the directions, east and north, in which the geohashes around one lie, row by row from the north west.
var geohashSteps = [8][2]int64{{-1, 1}, {0, 1}, {1, 1}, {-1, 0}, {1, 0}, {-1, -1}, {0, -1}, {1, -1}}

// evalGeohashNeighbors gives the geohashes of the same length around one. Behind the 180th meridian the grid goes on, behind the poles it ends.
func evalGeohashNeighbors(args []value.Value) value.Value {
	s := args[0].S
	if _, _, _, _, ok := geohashBox(s); !ok {
		return nullDynamic
	}
	// the digits' bits belong to longitude and latitude in turn
	var x, y uint64
	bits := 5 * len(s)
	for i := range bits {
		bit := uint64(strings.IndexByte(geohashDigits, lowerByte(s[i/5]))>>(4-i%5)) & 1
		if i%2 == 0 {
			x = x<<1 | bit
		} else {
			y = y<<1 | bit
		}
	}
	wide, high := uint64(1)<<((bits+1)/2), uint64(1)<<(bits/2)
	var out []string
	for _, step := range geohashSteps {
		east, north := (x+uint64(step[0]))%wide, y+uint64(step[1])
		if north < high {
			out = append(out, geohashName(east, north, len(s)))
		}
	}
	return inHashOrder(out)
}

// geohashName writes the geohash of a place in the grid of its length.
func geohashName(x, y uint64, length int) string {
	name := make([]byte, length)
	bits := 5 * length
	for i := range name {
		digit := 0
		for k := 5 * i; k < 5*i+5; k++ {
			from, left := x, (bits-1-k)/2
			if k%2 == 1 {
				from = y
			}
			digit = digit<<1 | int(from>>left&1)
		}
		name[i] = geohashDigits[digit]
	}
	return string(name)
}

// s2Steps are the directions, in the grid of a face, in the order in which S2 gives the cells around one (S2CellId::AppendAllNeighbors): the
// lower corners, below, above, left, right, the upper corners.
var s2Steps = [8][2]int64{{-1, -1}, {1, -1}, {0, -1}, {0, 1}, {-1, 0}, {1, 0}, {-1, 1}, {1, 1}}

// evalS2Neighbors gives the cells of the same level that share an edge or a corner with one: eight, but at the corners of the cube's faces.
func evalS2Neighbors(args []value.Value) value.Value {
	c, ok := parseS2(args[0].S)
	if !ok {
		return nullDynamic
	}
	var out []string
	seen := map[string]bool{c.name(): true}
	for _, step := range s2Steps {
		name := c.beside(step[0], step[1])
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return inHashOrder(out)
}

// beside names the cell that lies some steps away, over the face's edge where it comes to that.
func (s square) beside(di, dj int64) string {
	size := 1 / float64(int64(1)<<s.level)
	// beyond the edge a linear projection is continued on to the next face, as S2 does (FromFaceIJWrap)
	place := func(i int64) float64 {
		t := (float64(i) + 0.5) * size
		if t < 0 || t > 1 {
			return max(-1-wrapStep, min(1+wrapStep, 2*t-1))
		}
		return s2Edge(t)
	}
	return s2Name(s2Cell(s2Point(s.face, place(s.i+di), place(s.j+dj)), s.level))
}

// wrapStep is how far beyond the edge of a face a point is that lies on the next one for certain.
const wrapStep = 2.220446049250313e-16
