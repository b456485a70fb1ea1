package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// discrete is a table of which only the equality of values matters: what autocluster, basket and diffpatterns look for patterns in. Rows
// with equal values are one.
type discrete struct {
	c      *pluginCall
	dims   []int           // the columns of the input
	values [][]value.Value // by dimension and code
	rows   []discreteRow
	total  [2]float64 // weight of each side
}

type discreteRow struct {
	codes  []int32    // by dimension
	weight [2]float64 // of each side; all but diffpatterns have one side only
}

// none is the code of a dimension that a pattern leaves open.
const none int32 = -1

// found is a pattern: a code for each dimension, and the weight of the rows that have it.
type found struct {
	codes  []int32
	weight [2]float64
}

// discrete reads the input. The column at weightArg, if there is one, tells how much a row counts; side tells to which side it belongs.
func (c *pluginCall) discrete(weightArg int, skip map[plan.ColID]bool, side func(Row) (int, bool)) (*discrete, error) {
	weight := func(Row) float64 { return 1 }
	if weightArg < len(c.n.Args) && !isConst(c.n.Args[weightArg]) {
		f, err := c.arg(weightArg)
		if err != nil {
			return nil, err
		}
		weight = func(row Row) float64 {
			v := value.Convert(f(row), value.Real)
			if v.Null {
				return 0
			}
			return v.Real()
		}
		plan.Refs(c.n.Args[weightArg], skip)
	}
	d := &discrete{c: c}
	for i, col := range c.in.cols {
		if !skip[col.ID] {
			d.dims = append(d.dims, i)
		}
	}
	d.values = make([][]value.Value, len(d.dims))
	codes := make([]map[string]int32, len(d.dims))
	for i := range codes {
		codes[i] = map[string]int32{}
	}
	index := map[string]int{}
	var key, cell []byte
	err := c.in.run(func(b Batch) error {
		for _, row := range b {
			s, ok := side(row)
			w := weight(row)
			if !ok || !(w > 0) {
				continue
			}
			r := discreteRow{codes: make([]int32, len(d.dims))}
			key = key[:0]
			for i, at := range d.dims {
				cell = value.AppendKey(cell[:0], row[at])
				code, ok := codes[i][string(cell)]
				if !ok {
					code = int32(len(d.values[i]))
					codes[i][string(cell)] = code
					d.values[i] = append(d.values[i], row[at])
					if err := c.x.mem.grow(int64(len(cell)) + 2*valueBytes + extraSize(row[at], 0)); err != nil {
						return err
					}
				}
				r.codes[i] = code
				key = append(key, byte(code), byte(code>>8), byte(code>>16), byte(code>>24))
			}
			at, ok := index[string(key)]
			if !ok {
				if err := c.x.mem.grow(int64(8*len(d.dims)) + 2*rowBytes + 64); err != nil {
					return err
				}
				at = len(d.rows)
				index[string(key)] = at
				d.rows = append(d.rows, r)
			}
			d.rows[at].weight[s] += w
			d.total[s] += w
		}
		return c.x.alive()
	})
	return d, err
}

func oneSide(Row) (int, bool) { return 0, true }

// number gives a constant argument, which "~" leaves at what it is otherwise.
func (c *pluginCall) number(at int, otherwise float64) (float64, error) {
	if at >= len(c.n.Args) || !isConst(c.n.Args[at]) {
		return otherwise, nil
	}
	v, err := c.x.constant(c.n.Args[at])
	if err != nil || v.Null || v.T == value.String {
		return otherwise, err
	}
	return value.Convert(v, value.Real).Real(), nil
}

// wildcards gives, by dimension, what stands for any value: null and the empty text unless the arguments from the i-th on name another
// value for a type.
func (d *discrete) wildcards(from int) ([]value.Value, error) {
	out := make([]value.Value, len(d.c.in.cols))
	for i, col := range d.c.in.cols {
		out[i] = value.NullOf(col.Type)
	}
	for a := from; a < len(d.c.n.Args); a++ {
		if !isConst(d.c.n.Args[a]) {
			continue
		}
		v, err := d.c.x.constant(d.c.n.Args[a])
		if err != nil {
			return nil, err
		}
		if v.T == value.String && v.S == "~" {
			continue
		}
		for i, col := range d.c.in.cols {
			if col.Type == v.T {
				out[i] = v
			}
		}
	}
	return out, nil
}

// output makes the rows of patterns: a number each, what head says of it, and the input's columns.
func (d *discrete) output(list []found, wildcardsFrom int, head []plan.Column, say func(found) []value.Value) (*output, error) {
	wild, err := d.wildcards(wildcardsFrom)
	if err != nil {
		return nil, err
	}
	out := &output{cols: append(append([]plan.Column{own("SegmentId", value.Long)}, head...), d.c.in.cols...)}
	for i, f := range list {
		row := append(Row{value.OfLong(int64(i))}, say(f)...)
		at := len(row)
		row = append(row, wild...)
		for k, code := range f.codes {
			if code != none {
				row[at+d.dims[k]] = d.values[k][code]
			}
		}
		out.rows = append(out.rows, row)
	}
	return out, nil
}

// has reports whether a row has the pattern's values.
func (f *found) has(codes []int32) bool {
	for i, c := range f.codes {
		if c != none && c != codes[i] {
			return false
		}
	}
	return true
}

func percent(part, whole float64) value.Value {
	if whole == 0 {
		return value.OfReal(0)
	}
	return value.OfReal(100 * part / whole)
}
