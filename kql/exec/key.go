package exec

import "github.com/vedette-siem/vedette/kql/value"

// rowKey appends the grouping keys of all values.
func rowKey(b []byte, row Row) []byte {
	for i := range row {
		b = value.AppendKey(b, row[i])
	}
	return b
}
