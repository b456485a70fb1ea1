package fn

import (
	"cmp"
	"math"
	"sort"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

var nullDynamic = value.NullOf(value.Dynamic)

// arrays makes an evaluation that is null unless the first argument is an array.
func arrays(e func(a value.Array, args []value.Value) value.Value) option {
	return pure(func(args []value.Value) value.Value {
		a, ok := arrayOf(args[0])
		if !ok {
			return nullDynamic
		}
		return e(a, args)
	})
}

// element is a value as it lies inside an array or bag.
func element(v value.Value) value.Value {
	if v.T == value.Dynamic {
		if in := v.Inner(); in.T != value.Dynamic {
			return in
		}
		return v
	}
	if v.Null {
		return nullDynamic
	}
	return v
}

func evalArrayLength(args []value.Value) value.Value {
	a, ok := arrayOf(args[0])
	if !ok {
		return value.NullOf(value.Long)
	}
	return value.OfLong(int64(len(a)))
}

// evalRange makes start, start+step … up to and including stop.
func evalRange(args []value.Value) value.Value {
	at, stop := args[0], args[1]
	step := value.OfLong(1)
	switch {
	case len(args) > 2:
		step = args[2]
	case at.T == value.Datetime || at.T == value.Timespan:
		step = value.OfTimespan(value.TicksPerHour)
	}
	if at.Null || stop.Null || step.Null {
		return nullDynamic
	}
	t := at.T
	for _, v := range []value.Value{stop, step} {
		if t.Numeric() && v.T.Numeric() {
			t = value.Wider(t, v.T)
		}
	}
	if t.Numeric() {
		at, stop, step = value.Convert(at, t), value.Convert(stop, t), value.Convert(step, t)
	}
	zero := value.Convert(value.OfLong(0), step.T)
	sign := value.Compare(step, zero)
	if sign == 0 || at.T != stop.T && !(at.T.Numeric() && stop.T.Numeric()) {
		return nullDynamic
	}
	out := make(value.Array, 0, rangeLen(at, stop, step, sign))
	if t == value.Real { // by multiplication, so that errors do not add up
		for i := 0; len(out) < MaxArray; i++ {
			x := at.Real() + float64(i)*step.Real()
			if float64(sign)*(x-stop.Real()) > 0 || x != x {
				break
			}
			out = append(out, value.OfReal(x))
		}
		return value.OfArray(out)
	}
	for len(out) < MaxArray && !at.Null && sign*value.Compare(at, stop) <= 0 {
		if at.T == value.Int {
			at = value.OfLong(at.I)
		}
		out = append(out, at)
		next := value.Add(at, step)
		if !next.Null && sign*value.Compare(next, at) <= 0 { // wrapped around
			break
		}
		at = next
	}
	return value.OfArray(out)
}

// rangeLen is how many elements a range of whole numbers or times has; of others it does not tell.
func rangeLen(at, stop, step value.Value, sign int) int64 {
	if at.T == value.Real || at.T == value.Decimal || step.I == math.MinInt64 {
		return 0
	}
	from, to := at.I, stop.I
	if sign < 0 {
		from, to = to, from
	}
	if from > to {
		return 0
	}
	return int64(min(uint64(to-from)/uint64(int64(sign)*step.I), MaxArray-1)) + 1
}

func evalRepeat(args []value.Value) value.Value {
	n := args[1]
	if n.Null || n.I < 0 {
		return nullDynamic
	}
	out := make(value.Array, min(n.I, MaxArray))
	for i := range out {
		out[i] = element(args[0])
	}
	return value.OfArray(out)
}

func evalArrayConcat(args []value.Value) value.Value {
	out := value.Array{}
	for _, v := range args {
		if a, ok := arrayOf(v); ok {
			out = append(out, a...)
		}
		if len(out) > MaxArray {
			out = out[:MaxArray]
		}
	}
	return value.OfArray(out)
}

func evalArrayIff(cond value.Array, args []value.Value) value.Value {
	out := make(value.Array, len(cond))
	pick := func(v value.Value, i int) value.Value {
		if a, ok := arrayOf(v); ok {
			if i < len(a) {
				return a[i]
			}
			return nullDynamic
		}
		return element(v)
	}
	for i, c := range cond {
		b := value.Convert(c, value.Bool)
		switch {
		case b.Null:
			out[i] = nullDynamic
		case b.I != 0:
			out[i] = pick(args[1], i)
		default:
			out[i] = pick(args[2], i)
		}
	}
	return value.OfArray(out)
}

func evalArrayIndexOf(args []value.Value) value.Value {
	a, ok := arrayOf(args[0])
	if !ok {
		return value.NullOf(value.Long)
	}
	n := int64(len(a))
	start, length, occurrence := int64(0), n, int64(1)
	if len(args) > 2 && !args[2].Null {
		if start = args[2].I; start < 0 {
			start = max(start+n, 0)
		}
	}
	if len(args) > 3 && !args[3].Null && args[3].I >= 0 {
		length = args[3].I
	}
	if len(args) > 4 && !args[4].Null {
		occurrence = args[4].I
	}
	for i := start; i < n && i-start < length; i++ {
		if sameElement(a[i], args[1]) {
			if occurrence--; occurrence == 0 {
				return value.OfLong(i)
			}
		}
	}
	return value.OfLong(-1)
}

// sameElement compares an element with a value: of one type, or both numbers, or by text with a string.
func sameElement(e, v value.Value) bool {
	e, v = e.Inner(), v.Inner()
	if e.Null || v.Null {
		return e.Null && v.Null
	}
	if e.T != v.T && e.T != value.Dynamic && v.T != value.Dynamic && (e.T == value.String || v.T == value.String) {
		return e.Text() == v.Text()
	}
	return value.Equal(e, v)
}

// evalArraySlice gives the elements from start to end, both included.
func evalArraySlice(a value.Array, args []value.Value) value.Value {
	if args[1].Null || args[2].Null {
		return nullDynamic
	}
	n := int64(len(a))
	from, to := args[1].I, args[2].I
	if from < 0 {
		from = max(from+n, 0)
	}
	if to < 0 {
		to += n
	}
	to = min(to, n-1)
	if from > to {
		return value.OfArray(value.Array{})
	}
	return value.OfArray(append(value.Array{}, a[from:to+1]...))
}

func evalArraySplit(a value.Array, args []value.Value) value.Value {
	var at []int
	n := int64(len(a))
	add := func(v value.Value) {
		if i := value.Convert(v, value.Long); !i.Null {
			x := i.I
			if x < 0 {
				x = max(x+n, 0)
			}
			at = append(at, int(min(x, n)))
		}
	}
	if list, ok := arrayOf(args[1]); ok {
		for _, v := range list {
			add(v)
		}
	} else {
		add(args[1])
	}
	out := value.Array{}
	from := 0
	for _, i := range at {
		i = max(i, from)
		out = append(out, value.OfArray(append(value.Array{}, a[from:i]...)))
		from = i
	}
	return value.OfArray(append(out, value.OfArray(append(value.Array{}, a[from:]...))))
}

// shiftArray moves elements left (sign 1) or right (sign -1); the places that become free are filled.
func shiftArray(sign int64) func(a value.Array, args []value.Value) value.Value {
	return func(a value.Array, args []value.Value) value.Value {
		if args[1].Null {
			return nullDynamic
		}
		fill := nullDynamic
		if len(args) > 2 {
			fill = element(args[2])
		}
		n := sign * args[1].I
		out := make(value.Array, len(a))
		for i := range out {
			if from := int64(i) + n; from >= 0 && from < int64(len(a)) {
				out[i] = a[from]
			} else {
				out[i] = fill
			}
		}
		return value.OfArray(out)
	}
}

func rotateArray(sign int64) func(a value.Array, args []value.Value) value.Value {
	return func(a value.Array, args []value.Value) value.Value {
		if args[1].Null {
			return nullDynamic
		}
		out := make(value.Array, len(a))
		for i := range out {
			out[i] = a[value.FloorMod(int64(i)+sign*(args[1].I%int64(len(a))), int64(len(a)))]
		}
		return value.OfArray(out)
	}
}

func evalArrayReverse(a value.Array, _ []value.Value) value.Value {
	out := make(value.Array, len(a))
	for i, v := range a {
		out[len(a)-1-i] = v
	}
	return value.OfArray(out)
}

// sortArrays sorts the first array (sign 1: upwards) and the others of its length in the same order; nulls come last unless told.
func sortArrays(sign int) func(a value.Array, args []value.Value) value.Value {
	return func(a value.Array, args []value.Value) value.Value {
		nullsLast := true
		if last := args[len(args)-1]; last.T == value.Bool {
			nullsLast = last.Null || last.I != 0
			args = args[:len(args)-1]
		}
		order := make([]int, len(a))
		for i := range order {
			order[i] = i
		}
		sort.SliceStable(order, func(i, j int) bool {
			x, y := a[order[i]].Inner(), a[order[j]].Inner()
			if x.Null || y.Null {
				return x.Null != y.Null && x.Null != nullsLast
			}
			return sign*compareElements(x, y) < 0
		})
		sorted := make(value.Array, len(args))
		for k, arg := range args {
			b, ok := arrayOf(arg)
			if !ok || len(b) != len(a) {
				sorted[k] = nullDynamic
				continue
			}
			out := make(value.Array, len(b))
			for i, from := range order {
				out[i] = b[from]
			}
			sorted[k] = value.OfArray(out)
		}
		if len(sorted) == 1 {
			return sorted[0]
		}
		return value.OfArray(sorted)
	}
}

// compareElements orders elements of different types: numbers and times, then text, then guids, then all others.
func compareElements(x, y value.Value) int {
	if x.T != y.T && !(x.T.Numeric() && y.T.Numeric()) {
		return cmp.Or(elementGroup(x.T)-elementGroup(y.T), int(x.T)-int(y.T))
	}
	return value.Compare(x, y)
}

func elementGroup(t value.Type) int {
	switch {
	case t.Numeric() || t == value.Datetime || t == value.Timespan:
		return 0
	case t == value.String:
		return 1
	case t == value.GUID:
		return 2
	}
	return 3
}

func evalZip(args []value.Value) value.Value {
	n := 0
	lists := make([]value.Array, len(args))
	for i, v := range args {
		a, ok := arrayOf(v)
		if !ok {
			a = value.Array{element(v)}
		}
		lists[i] = a
		n = max(n, len(a))
	}
	out := make(value.Array, n)
	for i := range out {
		row := make(value.Array, len(lists))
		for k, a := range lists {
			row[k] = nullDynamic
			if i < len(a) {
				row[k] = a[i]
			}
		}
		out[i] = value.OfArray(row)
	}
	return value.OfArray(out)
}

func evalPackArray(args []value.Value) value.Value {
	out := make(value.Array, len(args))
	for i, v := range args {
		out[i] = element(v)
	}
	return value.OfArray(out)
}

// sortKeys gives the value with all keys in order, for dynamic_to_json.
func sortKeys(v value.Value, depth int) value.Value {
	if depth > value.MaxDepth {
		return v
	}
	if a, ok := arrayOf(v); ok {
		out := make(value.Array, len(a))
		for i, e := range a {
			out[i] = sortKeys(e, depth+1)
		}
		return value.OfArray(out)
	}
	if b, ok := bagOf(v); ok {
		order := make([]int, len(b.Keys))
		for i := range order {
			order[i] = i
		}
		sort.Slice(order, func(i, j int) bool { return strings.Compare(b.Keys[order[i]], b.Keys[order[j]]) < 0 })
		out := &value.Bag{}
		for _, i := range order {
			out.Keys, out.Vals = append(out.Keys, b.Keys[i]), append(out.Vals, sortKeys(b.Vals[i], depth+1))
		}
		return value.OfBag(out)
	}
	return v
}

func evalDynamicToJSON(args []value.Value) value.Value {
	if args[0].Null {
		return value.OfString("")
	}
	return str(string(value.AppendDynamic(nil, sortKeys(value.OfDynamic(args[0]), 0))))
}
