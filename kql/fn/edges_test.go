package fn

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// edgeValues are those at which arithmetic, indexes and sizes go wrong if they are not looked at.
func edgeValues() []value.Value {
	var out []value.Value
	for _, n := range []int64{0, 1, -1, 2, 7, 63, 64, 1000, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, value.UnixTicks, value.MaxTicks} {
		out = append(out, value.OfLong(n), value.OfTimespan(n), value.OfReal(float64(n)))
		if n >= value.MinTicks && n <= value.MaxTicks {
			out = append(out, value.OfDatetime(n))
		}
		if n == int64(int32(n)) {
			out = append(out, value.OfInt(int32(n)))
		}
	}
	for _, f := range []float64{0.5, -0.5, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 5e-324} {
		out = append(out, value.OfReal(f))
	}
	for _, s := range []string{"", "a", "é", "a b.c", "\xff\xfe", "(", "{}", "0", "-1", "2024-01-02", "1.02:03:04", "$.a[0]", "::1/129", "1.2.3.4/33", "%", "year", "yyyy-MM-dd", "xn--a-", "=", strings.Repeat("x", 2000), "<a>", "[1,2]", "long"} {
		out = append(out, value.OfString(s))
	}
	for _, s := range []string{"null", "[]", "{}", "[null,1,-1,2.5,\"a\",[1],{}]", `{"a":{"b":[1]}}`, `[1,2,3,4,5,6,7,8,9]`, `["hll",14,1]`, `["tdigest",1.0,2.0]`, `"x"`, "5", "[[1,2],[3,4],[5,6]]", "[1e308,1e308,-1e308]"} {
		v, _ := value.ParseJSON(s)
		out = append(out, v)
	}
	for _, t := range letters {
		out = append(out, value.NullOf(t))
	}
	return append(out, value.OfBool(true), value.OfBool(false), value.OfGUID("74be27de-1e4e-49d9-b579-fe0b331d3642"), value.Convert(value.OfString("-1.5"), value.Decimal), value.Convert(value.OfString("9e6000"), value.Decimal))
}

// TestFunctionsStandEdges: no arguments that a declaration takes make an evaluation panic, and each result has the type that it declares.
func TestFunctionsStandEdges(t *testing.T) {
	all := edgeValues()
	random := rand.New(rand.NewPCG(1, 2))
	env := &Env{Now: value.UnixTicks}
	for _, f := range All() {
		if f.Kind != Scalar || f.Eval == nil || strings.HasPrefix(f.Name, "geo_") {
			continue
		}
		for range 60 {
			args := make([]value.Value, random.IntN(max(len(f.Params), 2)+2))
			bound := make([]Arg, len(args))
			for i := range args {
				args[i] = all[random.IntN(len(all))]
				bound[i] = Arg{Type: args[i].T, Const: &args[i]}
			}
			typ, as, err := f.Bind(bound)
			if err != nil || typ == value.Unknown {
				continue
			}
			for i := range args {
				args[i] = value.Convert(args[i], as[i])
			}
			func() {
				defer func() {
					if p := recover(); p != nil {
						if _, refused := p.(*Refusal); !refused {
							t.Errorf("%s%v: %v", f.Name, texts(args), p)
						}
					}
				}()
				if v := f.Eval(env, args); v.T != typ && !v.Null {
					t.Errorf("%s%v gives %s, its declaration says %s", f.Name, texts(args), v.T, typ)
				}
			}()
		}
	}
}

// TestAggregatesStandEdges: nor do rows of an aggregate, whatever its constants.
func TestAggregatesStandEdges(t *testing.T) {
	all := edgeValues()
	random := rand.New(rand.NewPCG(3, 4))
	for _, f := range All() {
		if f.Kind != Aggregate || f.Agg == nil {
			continue
		}
		for range 200 {
			args := make([]value.Value, random.IntN(max(len(f.Params), 1)+1))
			bound := make([]Arg, len(args))
			for i := range args {
				args[i] = all[random.IntN(len(all))]
				bound[i] = Arg{Type: args[i].T, Const: &args[i]}
			}
			typ, as, err := f.Bind(bound)
			if err != nil || typ == value.Unknown {
				continue
			}
			consts := make([]*value.Value, len(args))
			for i, a := range args {
				a = value.Convert(a, as[i])
				args[i], consts[i] = a, &a
			}
			func() {
				defer func() {
					if p := recover(); p != nil {
						if _, refused := p.(*Refusal); !refused {
							t.Errorf("%s%v: %v", f.Name, texts(args), p)
						}
					}
				}()
				acc := f.Agg(&Env{}, as, consts)
				acc.Add(args)
				row := append([]value.Value(nil), args...)
				for range 5 {
					for i := range row {
						if v := all[random.IntN(len(all))]; v.T == as[i] {
							row[i] = v
						}
					}
					acc.Add(row)
				}
				for _, v := range acc.Result() {
					if v.T == value.Unknown {
						t.Errorf("%s%v gives a value without a type", f.Name, texts(args))
					}
				}
			}()
		}
	}
}

func texts(args []value.Value) []string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = a.T.String() + ":" + a.Text()[:min(len(a.Text()), 40)]
	}
	return out
}
