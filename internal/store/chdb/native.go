package chdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

// block is one block of rows of a result: columns by name, type and values.
type block struct {
	rows    int
	columns []column
}

// column holds values of the Go types bool, int32, int64, float64 and string, nil for NULL.
type column struct {
	name, kind string
	values     []any
}

var errShort = errors.New("a block of the engine ends too early")

// reader reads the Native format: for each block the numbers of columns and rows, then each column's name, type and values.
type reader struct {
	b   []byte
	err error
}

func (r *reader) uvarint() int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > math.MaxInt32 {
		r.err = errShort
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.b) {
		r.err = errShort
	}
	if r.err != nil {
		return make([]byte, n)
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) text() string {
	n := r.uvarint()
	if n > len(r.b) {
		r.err = errShort
	}
	if r.err != nil {
		return ""
	}
	return string(r.bytes(n))
}

// blocks decodes the blocks that stand in b one after the other.
func blocks(b []byte) ([]block, error) {
	r := &reader{b: b}
	var out []block
	for len(r.b) > 0 {
		columns := r.uvarint()
		bl := block{rows: r.uvarint()}
		for i := 0; i < columns && r.err == nil; i++ {
			c := column{name: r.text(), kind: r.text()}
			c.values = r.column(c.kind, bl.rows)
			bl.columns = append(bl.columns, c)
		}
		if r.err != nil {
			return nil, r.err
		}
		out = append(out, bl)
	}
	return out, nil
}

// widths are the bytes that a value of each type of fixed size takes.
var widths = map[string]int{"Bool": 1, "UInt8": 1, "Int32": 4, "Int64": 8, "Float64": 8}

func (r *reader) column(kind string, rows int) []any {
	if rows > len(r.b) { // every value takes a byte at least
		r.err = errShort
		return nil
	}
	var null []byte
	if inner, ok := strings.CutPrefix(kind, "Nullable("); ok {
		kind = strings.TrimSuffix(inner, ")")
		null = r.bytes(rows)
	}
	out := make([]any, rows)
	width, fixed := widths[kind]
	if !fixed && kind != "String" {
		r.err = fmt.Errorf("the engine gave a column of type %s", kind)
	}
	for i := range out {
		if r.err != nil {
			return nil
		}
		var v any
		switch {
		case !fixed:
			v = r.text()
		case width == 1:
			v = r.bytes(1)[0] != 0
		case width == 4:
			v = int32(binary.LittleEndian.Uint32(r.bytes(4)))
		case kind == "Float64":
			v = math.Float64frombits(binary.LittleEndian.Uint64(r.bytes(8)))
		default:
			v = int64(binary.LittleEndian.Uint64(r.bytes(8)))
		}
		if null == nil || null[i] == 0 {
			out[i] = v
		}
	}
	return out
}
