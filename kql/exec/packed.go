package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// packed holds many rows by column: numbers as numbers and strings as strings, a fraction of what the rows' values would take, and for
// the most part nothing that the garbage collector has to look at.
type packed struct {
	cols []packedCol
	n    int
}

// packedCol holds a column in nums or texts with nulls, or in values where it may hold other things than its type's scalars.
type packedCol struct {
	t      value.Type
	nums   []int64
	texts  []string
	nulls  []bool
	values []value.Value
	whole  bool // values is used
}

func newPacked(cols []plan.Column) *packed {
	p := &packed{cols: make([]packedCol, len(cols))}
	for i, c := range cols {
		p.cols[i] = packedCol{t: c.Type, whole: c.Type == value.Dynamic || c.Type == value.Decimal || c.Type == value.Unknown}
	}
	return p
}

// add keeps the values of row at the places in from, one for each column, and says how many bytes they take.
func (p *packed) add(row Row, from []int) int64 {
	bytes := int64(0)
	for i := range p.cols {
		bytes += p.cols[i].add(row[from[i]], p.n)
	}
	p.n++
	return bytes
}

// at gives the value of a column in a row.
func (p *packed) at(col, row int) value.Value {
	c := &p.cols[col]
	switch {
	case c.whole:
		return c.values[row]
	case c.nulls[row]:
		return value.NullOf(c.t)
	case c.textual():
		return value.Value{T: c.t, S: c.texts[row]}
	}
	return value.Value{T: c.t, I: c.nums[row]}
}

func (c *packedCol) textual() bool { return c.t == value.String || c.t == value.GUID }

func (c *packedCol) add(v value.Value, n int) int64 {
	if !c.whole && v.T != c.t {
		c.widen(n)
	}
	switch {
	case c.whole:
		c.values = append(c.values, v)
		return valueBytes + extraSize(v, 0)
	case c.textual():
		c.nulls, c.texts = append(c.nulls, v.Null), append(c.texts, v.S)
		return int64(len(v.S)) + 17
	}
	c.nulls, c.nums = append(c.nulls, v.Null), append(c.nums, v.I)
	return 9
}

// widen turns the n values so far into whole values: there comes one of another type.
func (c *packedCol) widen(n int) {
	p := packed{cols: []packedCol{*c}}
	values := make([]value.Value, n)
	for i := range values {
		values[i] = p.at(0, i)
	}
	*c = packedCol{t: c.t, whole: true, values: values}
}

// rowIndex holds rows and finds those of a key, in the order in which they came.
type rowIndex struct {
	mem   *account
	rows  *packed
	from  []int
	keys  *keyIndex
	first []int32 // row of each key
	last  []int32
	next  []int32 // row of the same key after each row, or -1
	bytes int64
}

// newRowIndex makes an index of rows laid out as cols, of which it keeps those at the places in keep.
func newRowIndex(mem *account, cols []plan.Column, keep []int) *rowIndex {
	kept := make([]plan.Column, len(keep))
	for i, k := range keep {
		kept[i] = cols[k]
	}
	return &rowIndex{mem: mem, rows: newPacked(kept), from: keep, keys: newKeyIndex(mem)}
}

// add keeps a row, under its key when it has one.
func (x *rowIndex) add(key []byte, keyed bool, row Row) error {
	at := int32(x.rows.n)
	if x.rows.n >= keyIndexMax {
		return errorf(Exhausted, "the query needs more than %d rows in one step", keyIndexMax)
	}
	n := x.rows.add(row, x.from) + 12
	x.bytes += n
	if err := x.mem.grow(n); err != nil {
		return err
	}
	x.next = append(x.next, -1)
	if !keyed {
		return nil
	}
	id, isNew, err := x.keys.add(key)
	if err != nil {
		return err
	}
	if isNew {
		x.first, x.last = append(x.first, at), append(x.last, at)
		return nil
	}
	x.next[x.last[id]] = at
	x.last[id] = at
	return nil
}

// free gives the memory back.
func (x *rowIndex) free() {
	x.mem.free(x.bytes)
	x.keys.free()
}
