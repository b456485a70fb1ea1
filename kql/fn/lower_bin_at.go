package fn

import (
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// lowerBinAt lowers bin_at of a datetime with a constant timespan and a constant fixed point.
func lowerBinAt(_ sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool) {
	size, ok := constant(consts, 1)
	_, ok2 := constant(consts, 2)
	if !ok || !ok2 || types[0] != value.Datetime || types[1] != value.Timespan || types[2] != value.Datetime || size.I <= 0 || size.I >= 1<<61 {
		return nil, false
	}
	x := args[0]
	return inRange(bin("-", x, floorMod(bin("-", x, args[2]), size.I, false))), true
}
