package fn

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// numericSeries makes an evaluation of a series all of whose elements are numbers, with the arguments behind it; for others each of its
// results is null (width 0: the one result).
func numericSeries(width int, e func(x []float64, args []value.Value) value.Value) option {
	return pure(func(args []value.Value) value.Value {
		x, ok := numbers(args[0])
		switch {
		case ok:
			return e(x, args[1:])
		case width == 0:
			return nullDynamic
		}
		return nullTuple(width)
	})
}

// intArg, textArg and boolArg read an optional argument, as number does for reals.
func intArg(args []value.Value, at, def int) int {
	if at >= len(args) || args[at].Null {
		return def
	}
	return int(max(min(args[at].I, math.MaxInt32), math.MinInt32))
}

func textArg(args []value.Value, at int, def string) string {
	if at >= len(args) || args[at].S == "" {
		return def
	}
	return args[at].S
}

func boolArg(args []value.Value, at int, def bool) bool {
	if at >= len(args) || args[at].Null {
		return def
	}
	return args[at].I != 0
}
