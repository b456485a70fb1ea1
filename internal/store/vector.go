package store

import "github.com/vedette-siem/vedette/internal/schema"

// Kind is how a vector's values lie in memory.
type Kind uint8

// The kinds. Several Kusto types share one: see KindOf.
const (
	Text    Kind = iota // Bytes, Offsets
	Int32               // I32
	Int64               // I64
	Float64             // F64
	Bool                // Bools
)

// KindOf gives the kind in which values of a type are stored.
func KindOf(t schema.Type) Kind {
	switch t {
	case schema.Int:
		return Int32
	case schema.Long, schema.Datetime, schema.Timespan:
		return Int64
	case schema.Real:
		return Float64
	case schema.Bool:
		return Bool
	}
	return Text
}

// Vector is the values of one column. Exactly the slices of its Kind are used. A null has its Null set and any value in its place.
type Vector struct {
	Kind    Kind
	Bytes   []byte  // text of all rows, one after another; valid UTF-8
	Offsets []int32 // row i is Bytes[Offsets[i]:Offsets[i+1]]; one more than rows
	I32     []int32
	I64     []int64
	F64     []float64
	Bools   []bool
	Null    []bool // one for each row, or nil when no row is null
}

// NewVector makes an empty vector with room for rows values. Nullable vectors keep Null, others have none.
func NewVector(k Kind, nullable bool, rows int) Vector {
	v := Vector{Kind: k}
	switch k {
	case Text:
		v.Offsets = append(make([]int32, 0, rows+1), 0)
	case Int32:
		v.I32 = make([]int32, 0, rows)
	case Int64:
		v.I64 = make([]int64, 0, rows)
	case Float64:
		v.F64 = make([]float64, 0, rows)
	case Bool:
		v.Bools = make([]bool, 0, rows)
	}
	if nullable {
		v.Null = make([]bool, 0, rows)
	}
	return v
}

// Len gives the number of rows.
func (v *Vector) Len() int {
	switch v.Kind {
	case Text:
		return len(v.Offsets) - 1
	case Int32:
		return len(v.I32)
	case Int64:
		return len(v.I64)
	case Float64:
		return len(v.F64)
	}
	return len(v.Bools)
}

// IsNull reports whether row i is null.
func (v *Vector) IsNull(i int) bool { return v.Null != nil && v.Null[i] }

// Text gives the text of row i; it lies in the vector's own memory.
func (v *Vector) Text(i int) []byte { return v.Bytes[v.Offsets[i]:v.Offsets[i+1]] }

// Reset empties the vector and keeps its memory.
func (v *Vector) Reset() {
	v.Bytes = v.Bytes[:0]
	if v.Offsets != nil {
		v.Offsets = v.Offsets[:1]
	}
	v.I32, v.I64, v.F64, v.Bools = v.I32[:0], v.I64[:0], v.F64[:0], v.Bools[:0]
	if v.Null != nil {
		v.Null = v.Null[:0]
	}
}

func (v *Vector) valid() {
	if v.Null != nil {
		v.Null = append(v.Null, false)
	}
}

// EndText ends the row whose text has been appended to Bytes since the last row.
func (v *Vector) EndText() {
	v.Offsets = append(v.Offsets, int32(len(v.Bytes)))
	v.valid()
}

// AddText adds a row.
func (v *Vector) AddText(s []byte) {
	v.Bytes = append(v.Bytes, s...)
	v.EndText()
}

// AddString adds a row.
func (v *Vector) AddString(s string) {
	v.Bytes = append(v.Bytes, s...)
	v.EndText()
}

// AddInt adds a row to a vector of kind Int32 or Int64.
func (v *Vector) AddInt(i int64) {
	if v.Kind == Int32 {
		v.I32 = append(v.I32, int32(i))
	} else {
		v.I64 = append(v.I64, i)
	}
	v.valid()
}

// AddReal adds a row.
func (v *Vector) AddReal(f float64) {
	v.F64 = append(v.F64, f)
	v.valid()
}

// AddBool adds a row.
func (v *Vector) AddBool(b bool) {
	v.Bools = append(v.Bools, b)
	v.valid()
}

// AddMissing adds a null, or the empty value where the vector keeps no nulls.
func (v *Vector) AddMissing() {
	switch v.Kind {
	case Text:
		v.Offsets = append(v.Offsets, int32(len(v.Bytes)))
	case Int32:
		v.I32 = append(v.I32, 0)
	case Int64:
		v.I64 = append(v.I64, 0)
	case Float64:
		v.F64 = append(v.F64, 0)
	case Bool:
		v.Bools = append(v.Bools, false)
	}
	if v.Null != nil {
		v.Null = append(v.Null, true)
	}
}

// Truncate removes all rows from n on.
func (v *Vector) Truncate(n int) {
	switch v.Kind {
	case Text:
		v.Offsets = v.Offsets[:n+1]
		v.Bytes = v.Bytes[:v.Offsets[n]]
	case Int32:
		v.I32 = v.I32[:n]
	case Int64:
		v.I64 = v.I64[:n]
	case Float64:
		v.F64 = v.F64[:n]
	case Bool:
		v.Bools = v.Bools[:n]
	}
	if v.Null != nil {
		v.Null = v.Null[:n]
	}
}
