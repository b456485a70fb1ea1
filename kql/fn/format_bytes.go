package fn

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/vedette-siem/vedette/kql/value"
)

var byteUnits = []string{"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"}

// evalFormatBytes writes a size in the unit that is asked for, else in the largest one of which there is at least one.
func evalFormatBytes(args []value.Value) value.Value {
	if args[0].Null {
		return value.OfString("")
	}
	size := args[0].Real()
	at := -1
	if len(args) > 2 && args[2].S != "" {
		at = slices.Index(byteUnits, args[2].S)
	}
	if at < 0 {
		at = 0
		for x := math.Abs(size); x >= 1024 && at < len(byteUnits)-1; x /= 1024 {
			at++
		}
	}
	digits := value.OfLong(0)
	if len(args) > 1 {
		digits = value.Convert(args[1], value.Long)
	}
	n := evalRound([]value.Value{value.OfReal(math.Ldexp(size, -10*at)), digits}).Real()
	return value.OfString(strconv.FormatFloat(n, 'f', -1, 64) + " " + byteUnits[at])
}

// checkUnit makes Bind refuse a unit that there is not.
func checkUnit(fn *Func) {
	inner := fn.Bind
	fn.Bind = func(args []Arg) (value.Type, []value.Type, error) {
		if len(args) > 2 && args[2].Const != nil && args[2].Const.S != "" && !slices.Contains(byteUnits, args[2].Const.S) {
			return value.String, nil, fmt.Errorf("format_bytes(): argument 3 (unit) must be one of %v", byteUnits)
		}
		return inner(args)
	}
}
