package fn

import "github.com/vedette-siem/vedette/kql/value"

// elementKey is equal for equal elements; numbers are equal whatever their type.
func elementKey(v value.Value) string {
	v = v.Inner()
	if v.T == value.Int {
		v = value.OfLong(v.I)
	}
	if v.T == value.Real && !v.Null {
		if f := v.Real(); f == float64(int64(f)) && f < 1<<53 && f > -(1<<53) {
			v = value.OfLong(int64(f))
		}
	}
	return string(value.AppendKey(nil, v))
}

// distinct is a set that keeps the order in which elements came.
type distinct struct {
	seen map[string]bool
	list value.Array
}

func newDistinct() *distinct { return &distinct{seen: map[string]bool{}, list: value.Array{}} }

func (d *distinct) add(v value.Value) bool {
	k := elementKey(v)
	if d.seen[k] {
		return false
	}
	d.seen[k] = true
	d.list = append(d.list, element(v))
	return true
}

func keysOf(a value.Array) map[string]bool {
	m := make(map[string]bool, len(a))
	for _, v := range a {
		m[elementKey(v)] = true
	}
	return m
}

func evalSetHasElement(args []value.Value) value.Value {
	a, ok := arrayOf(args[0])
	if !ok {
		return nullBool
	}
	for _, e := range a {
		if sameElement(e, args[1]) {
			return value.OfBool(true)
		}
	}
	return value.OfBool(false)
}

func evalSetUnion(args []value.Value) value.Value {
	d := newDistinct()
	for _, v := range args {
		a, ok := arrayOf(v)
		if !ok {
			return nullDynamic
		}
		for _, e := range a {
			if len(d.list) < MaxArray {
				d.add(e)
			}
		}
	}
	return value.OfArray(d.list)
}

// filterSet gives the distinct elements of the first array that all others have (want true) or lack (want false).
func filterSet(want bool) option {
	return arrays(func(first value.Array, args []value.Value) value.Value {
		var others []map[string]bool
		for _, v := range args[1:] {
			a, ok := arrayOf(v)
			if !ok {
				return nullDynamic
			}
			others = append(others, keysOf(a))
		}
		d := newDistinct()
	next:
		for _, e := range first {
			k := elementKey(e)
			for _, o := range others {
				if o[k] != want {
					continue next
				}
			}
			d.add(e)
		}
		return value.OfArray(d.list)
	})
}

func evalSetEquals(args []value.Value) value.Value {
	a, ok := arrayOf(args[0])
	b, ok2 := arrayOf(args[1])
	if !ok || !ok2 {
		return nullBool
	}
	x, y := keysOf(a), keysOf(b)
	if len(x) != len(y) {
		return value.OfBool(false)
	}
	for k := range x {
		if !y[k] {
			return value.OfBool(false)
		}
	}
	return value.OfBool(true)
}

func evalJaccard(args []value.Value) value.Value {
	a, ok := arrayOf(args[0])
	b, ok2 := arrayOf(args[1])
	if !ok || !ok2 {
		return value.NullOf(value.Real)
	}
	x, y := keysOf(a), keysOf(b)
	common := 0
	for k := range x {
		if y[k] {
			common++
		}
	}
	return value.OfReal(float64(common) / float64(len(x)+len(y)-common))
}
