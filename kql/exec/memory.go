package exec

import "github.com/vedette-siem/vedette/kql/value"

// DefaultMemory is the memory limit of a query that sets none: Kusto's own budget of an operator.
const DefaultMemory = 5 << 30

const (
	valueBytes = 48 // of one value.Value
	rowBytes   = 24 // of a row's slice header
	arenaRows  = 256
	sizeDepth  = 64 // how deep a dynamic is measured
)

// account counts what the operators of one query hold.
type account struct{ used, limit int64 }

func (a *account) grow(n int64) error {
	a.used += n
	if a.used <= a.limit {
		return nil
	}
	return errorf(Exhausted, "the query needs more than its memory limit of %d MiB", a.limit>>20).
		hint("narrow the time range, or filter, project or summarize earlier")
}

func (a *account) free(n int64) { a.used -= n }

// table holds rows on behalf of an operator: copies of them, so that a kept row does not hold its whole batch, counted against the limit.
type table struct {
	mem   *account
	rows  []Row
	arena []value.Value
	bytes int64
}

func (t *table) add(row Row) error {
	n := rowSize(row)
	t.bytes += n
	if err := t.mem.grow(n); err != nil {
		return err
	}
	if len(t.arena) < len(row) {
		t.arena = make([]value.Value, len(row)*arenaLen(len(t.rows)))
	}
	kept := t.arena[:len(row):len(row)]
	t.arena = t.arena[len(row):]
	copy(kept, row)
	t.rows = append(t.rows, kept)
	return nil
}

// arenaLen grows with the table: most tables of a query are small.
func arenaLen(rows int) int { return min(arenaRows, max(1, rows)) }

func (t *table) addAll(b Batch) error {
	for _, row := range b {
		if err := t.add(row); err != nil {
			return err
		}
	}
	return nil
}

// free gives the memory back; the rows must not be used afterwards by the one who freed them.
func (t *table) free() {
	t.mem.free(t.bytes)
	t.rows, t.arena, t.bytes = nil, nil, 0
}

func rowSize(row Row) int64 {
	n := int64(rowBytes + valueBytes*len(row))
	for i := range row {
		n += extraSize(row[i], 0)
	}
	return n
}

// extraSize is what a value holds beside itself.
func extraSize(v value.Value, depth int) int64 {
	n := int64(len(v.S))
	if v.X == nil || depth > sizeDepth {
		return n
	}
	switch x := v.X.(type) {
	case value.Value:
		n += valueBytes + extraSize(x, depth+1)
	case value.Array:
		n += int64(valueBytes * len(x))
		for _, e := range x {
			n += extraSize(e, depth+1)
		}
	case *value.Bag:
		for i, k := range x.Keys {
			n += int64(len(k)) + 16 + valueBytes + extraSize(x.Vals[i], depth+1)
		}
	default: // *big.Rat
		n += 96
	}
	return n
}
