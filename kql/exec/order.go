package exec

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// lacks reports whether v sorts among the nulls: null, or a real that is not a number.
func lacks(v value.Value) bool {
	return v.Null || v.T == value.Real && math.IsNaN(v.Real())
}

// ordering is one compiled sort key.
type ordering struct {
	desc, nullsFirst bool
}

// compareKeys orders two tuples of sort keys.
func compareKeys(a, b Row, how []ordering) int {
	for i, o := range how {
		x, y := a[i], b[i]
		xn, yn := lacks(x), lacks(y)
		switch {
		case xn && yn:
			continue
		case xn != yn:
			if xn == o.nullsFirst {
				return -1
			}
			return 1
		}
		if c := value.Compare(x, y); c != 0 {
			if o.desc {
				return -c
			}
			return c
		}
	}
	return 0
}

// zeroOf is the number, or the timespan, nothing.
func zeroOf(t value.Type) value.Value { return value.Convert(value.OfLong(0), t) }
