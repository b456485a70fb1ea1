package fn

import (
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

func names(t *testing.T, function, cell string) []string {
	t.Helper()
	out, refused := evalNamed(t, function, value.OfString(cell))
	a, ok := arrayOf(out)
	if refused != "" || !ok {
		t.Fatalf("%s(%q): %s %s", function, cell, out.Text(), refused)
	}
	list := make([]string, len(a))
	for i, v := range a {
		list[i] = v.S
	}
	return list
}

// TestNeighborsAreMutual checks that a cell is a neighbour of each of its neighbours, and how many there are.
func TestNeighborsAreMutual(t *testing.T) {
	for _, c := range []struct {
		function, cell string
		count          int
	}{
		{"geo_geohash_neighbors", "u", 5}, {"geo_geohash_neighbors", "s", 8}, {"geo_geohash_neighbors", "8", 8}, {"geo_geohash_neighbors", "zz", 5}, {"geo_geohash_neighbors", "s00twy01mtw037ms", 8},
		{"geo_s2cell_neighbors", "1", 4}, {"geo_s2cell_neighbors", "89c259", 8}, {"geo_s2cell_neighbors", "0001", 7}, {"geo_s2cell_neighbors", "3fffffffffffffff", 7},
	} {
		around := names(t, c.function, c.cell)
		if len(around) != c.count {
			t.Errorf("%s(%q) has %d: %v", c.function, c.cell, len(around), around)
		}
		for _, other := range around {
			if back := strings.Join(names(t, c.function, other), " "); !strings.Contains(" "+back+" ", " "+c.cell+" ") {
				t.Errorf("%s: %q is beside %q but not the other way: %v", c.function, other, c.cell, back)
			}
		}
	}
	for _, function := range []string{"geo_geohash_neighbors", "geo_s2cell_neighbors"} {
		if out, _ := evalNamed(t, function, value.OfString("abc!")); !out.Null {
			t.Errorf("%s of no cell: %s", function, out.Text())
		}
	}
}
