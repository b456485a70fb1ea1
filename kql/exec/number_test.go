package exec

import (
	"math"
	"testing"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// edges are values of a type at and about its limits, and its null.
func edges(t value.Type) []value.Value {
	out := []value.Value{value.NullOf(t)}
	switch t {
	case value.Bool:
		return append(out, value.OfBool(false), value.OfBool(true))
	case value.Real:
		for _, f := range []float64{0, math.Copysign(0, -1), 1.5, -1.5, 1e300, math.Inf(1), math.Inf(-1), math.NaN()} {
			out = append(out, value.OfReal(f))
		}
		return out
	case value.Datetime:
		for _, i := range []int64{value.MinTicks, 1, 635556672000000000, value.MaxTicks} {
			out = append(out, value.OfDatetime(i))
		}
		return out
	case value.Int:
		for _, i := range []int32{math.MinInt32, -7, 0, 1, 3, math.MaxInt32} {
			out = append(out, value.OfInt(i))
		}
		return out
	}
	for _, i := range []int64{math.MinInt64, -7, -1, 0, 1, 3, math.MaxInt64} {
		out = append(out, value.Value{T: t, I: i})
	}
	return out
}

// What is compiled to numbers gives what the functions themselves give, for every pair of types that the compiler takes.
func TestNumbersAreWhatTheFunctionsGive(t *testing.T) {
	types := []value.Type{value.Bool, value.Int, value.Long, value.Real, value.Datetime, value.Timespan}
	x := &Executor{}
	s := scope{1: 0, 2: 1}
	taken := 0
	for _, name := range []string{"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "bin"} {
		f := fn.Operator(name)
		if f == nil {
			f = fn.Lookup(name)
		}
		for _, a := range types {
			for _, b := range types {
				result := value.Bool
				switch name {
				case "+", "-", "*", "/", "%":
					result = value.ArithType(name[0], a, b)
				case "bin":
					result = a
				}
				e := &plan.Call{Fn: f, T: result, Args: []plan.Expr{&plan.Ref{ID: 1, T: a}, &plan.Ref{ID: 2, T: b}}}
				n, err := x.numberCall(e, s)
				if err != nil {
					t.Fatal(err)
				}
				if n == nil {
					continue
				}
				taken++
				for _, v := range edges(a) {
					for _, w := range edges(b) {
						got, want := n.asValue(result)(Row{v, w}), evaluate(f, v, w)
						if string(value.AppendKey(nil, value.Convert(want, result))) != string(value.AppendKey(nil, got)) || want.Null != got.Null {
							t.Errorf("%s %s %s: %s, the function gives %s", v.Text(), name, w.Text(), got.Text(), want.Text())
						}
					}
				}
			}
		}
	}
	if taken < 40 {
		t.Errorf("only %d pairs of types are compiled to numbers", taken)
	}
}

func evaluate(f *fn.Func, args ...value.Value) value.Value {
	if f.Lazy == nil {
		return f.Eval(nil, args)
	}
	thunks := make([]func() value.Value, len(args))
	for i, a := range args {
		thunks[i] = func() value.Value { return a }
	}
	return f.Lazy(nil, thunks)
}

func TestKeyIndex(t *testing.T) {
	mem := &account{limit: 1 << 20}
	k := newKeyIndex(mem)
	for round := range 2 {
		for i := range 1000 {
			id, isNew, err := k.add(value.AppendKey(nil, value.OfLong(int64(i))))
			if err != nil || id != i || isNew != (round == 0) {
				t.Fatalf("round %d: key %d has the number %d, new %v, %v", round, i, id, isNew, err)
			}
		}
	}
	if _, ok := k.find([]byte("another")); ok {
		t.Error("a key that was never added was found")
	}
	if k.free(); mem.used != 0 {
		t.Errorf("%d bytes are not given back", mem.used)
	}
}

// A column that turns out to hold something else than its type keeps what it has.
func TestPackedKeepsOtherTypes(t *testing.T) {
	p := newPacked([]plan.Column{{ID: 1, Type: value.Long}, {ID: 2, Type: value.String}, {ID: 3, Type: value.Dynamic}})
	rows := []Row{
		{value.OfLong(5), value.OfString("a"), value.OfArray(value.Array{value.OfLong(1)})},
		{value.NullOf(value.Long), value.OfString(""), value.NullOf(value.Dynamic)},
		{value.OfReal(1.5), value.OfString("b"), value.OfDynamic(value.OfString("x"))},
		{value.OfLong(6), value.OfString("c"), value.NullOf(value.Dynamic)},
	}
	for _, r := range rows {
		p.add(r, []int{0, 1, 2})
	}
	for i, r := range rows {
		for c, want := range r {
			if got := p.at(c, i); got.Text() != want.Text() || got.T != want.T || got.Null != want.Null {
				t.Errorf("row %d, column %d: %s became %s", i, c, want.Text(), got.Text())
			}
		}
	}
}
