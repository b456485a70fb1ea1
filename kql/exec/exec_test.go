package exec

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// Functions made for these tests, so that they hold the executor alone.
var (
	add = &fn.Func{Name: "+", Eval: func(_ *fn.Env, a []value.Value) value.Value { return value.Add(a[0], a[1]) }}
	mod = &fn.Func{Name: "%", Eval: func(_ *fn.Env, a []value.Value) value.Value { return value.Mod(a[0], a[1]) }}
	eq  = &fn.Func{Name: "==", Eval: func(_ *fn.Env, a []value.Value) value.Value { return value.OfBool(value.Equal(a[0], a[1])) }}
	sum = &fn.Func{Name: "sum", Kind: fn.Aggregate, Agg: func(*fn.Env, []value.Type, []*value.Value) fn.Accumulator { return &sumAcc{} }}
	prv = &fn.Func{Name: "prev", Kind: fn.Window}
	num = &fn.Func{Name: "row_number", Kind: fn.Window}
)

type sumAcc struct{ n int64 }

func (s *sumAcc) Add(a []value.Value)   { s.n += a[0].I }
func (s *sumAcc) Result() []value.Value { return []value.Value{value.OfLong(s.n)} }

func long(id plan.ColID, name string) plan.Column {
	return plan.Column{ID: id, Name: name, Type: value.Long}
}
func ref(id plan.ColID) plan.Expr { return &plan.Ref{ID: id, T: value.Long} }
func lit(n int64) plan.Expr       { return &plan.Lit{V: value.OfLong(n)} }
func call(f *fn.Func, args ...plan.Expr) plan.Expr {
	t := value.Long
	if f == eq {
		t = value.Bool
	}
	return &plan.Call{Fn: f, Args: args, T: t}
}
func numbers(id plan.ColID, from, to int64) plan.Node {
	return &plan.Range{Col: long(id, "x"), From: lit(from), To: lit(to), Step: lit(1)}
}

// text runs a tree and gives its rows, a line each.
func text(t *testing.T, root plan.Node, o Options) (string, error) {
	t.Helper()
	return textCtx(context.Background(), root, o)
}

func textCtx(ctx context.Context, root plan.Node, o Options) (string, error) {
	q := &plan.Query{Results: []plan.Result{{Root: root}}}
	r, err := New(ctx, q, o).Open(root)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for batch, err := range r.Rows() {
		if err != nil {
			return b.String(), err
		}
		for _, row := range batch {
			for i, v := range row {
				if i > 0 {
					b.WriteByte(',')
				}
				b.Write(v.AppendJSON(nil))
			}
			b.WriteByte(';')
		}
	}
	return b.String(), nil
}

func TestNodes(t *testing.T) {
	shared := plan.NewShared(numbers(1, 1, 3), "s")
	join := func(kind plan.JoinKind) plan.Node {
		l := &plan.Values{Cols: []plan.Column{long(1, "k"), long(2, "l")}, Rows: []Row{
			{value.OfLong(1), value.OfLong(10)}, {value.OfLong(1), value.OfLong(11)}, {value.OfLong(2), value.OfLong(20)}, {value.NullOf(value.Long), value.OfLong(0)}}}
		r := &plan.Values{Cols: []plan.Column{long(3, "k"), long(4, "r")}, Rows: []Row{
			{value.OfLong(1), value.OfLong(100)}, {value.OfLong(3), value.OfLong(300)}, {value.NullOf(value.Long), value.OfLong(1)}}}
		out := []plan.JoinCol{{Col: long(5, "l"), Src: 2}, {Col: long(6, "r"), Right: true, Src: 4}}
		switch kind {
		case plan.LeftAnti, plan.LeftSemi:
			out = out[:1]
		case plan.RightAnti, plan.RightSemi:
			out = out[1:]
		}
		return &plan.Join{Kind: kind, Left: l, Right: r, On: []plan.JoinKey{{L: ref(1), R: ref(3)}}, Out: out}
	}
	sub := &plan.Input{Cols: []plan.Column{long(8, "e")}}
	arrays := &plan.Values{Cols: []plan.Column{{ID: 7, Name: "a", Type: value.Dynamic}}, Rows: []Row{
		{value.ParseDynamic("[1,2]")}, {value.ParseDynamic("[]")}, {value.NullOf(value.Dynamic)}, {value.ParseDynamic("[3]")}}}
	items := []plan.MvItem{{Col: long(8, "e"), Expr: &plan.Ref{ID: 7, T: value.Dynamic}, To: value.Long}}
	for _, c := range []struct {
		name string
		root plan.Node
		want string
	}{
		{"range", numbers(1, 1, 3), "1;2;3;"},
		{"filter", plan.NewFilter(numbers(1, 1, 6), call(eq, call(mod, ref(1), lit(2)), lit(0))), "2;4;6;"},
		{"project", plan.NewProject(numbers(1, 1, 2), []plan.Item{{Col: long(2, "y"), Expr: call(add, ref(1), lit(1))}, {Col: long(1, "x"), Expr: ref(1)}}), "2,1;3,2;"},
		{"window", plan.NewProject(numbers(1, 5, 7), []plan.Item{{Col: long(2, "y"), Expr: call(add, call(prv, call(num)), lit(0))}}), "null;1;2;"},
		{"limit", plan.NewLimit(numbers(1, 1, 1<<40), 2), "1;2;"},
		{"top", plan.NewSort(numbers(1, 1, 1000), []plan.SortKey{{Expr: ref(1), Desc: true}}, 2), "1000;999;"},
		{"sort is stable", plan.NewSort(numbers(1, 1, 4), []plan.SortKey{{Expr: call(mod, ref(1), lit(2))}}, -1), "2;4;1;3;"},
		{"distinct", plan.NewAggregate(numbers(1, 1, 9), []plan.Item{{Col: long(2, "y"), Expr: call(mod, ref(1), lit(3))}}, nil), "1;2;0;"},
		{"aggregate of nothing", plan.NewAggregate(numbers(1, 1, 0), nil, []plan.AggItem{{Cols: []plan.Column{long(2, "s")}, Fn: sum, Args: []plan.Expr{ref(1)}}}), "0;"},
		{"aggregate", plan.NewAggregate(numbers(1, 1, 5), []plan.Item{{Col: long(3, "k"), Expr: call(mod, ref(1), lit(2))}}, []plan.AggItem{{Cols: []plan.Column{long(2, "s")}, Fn: sum, Args: []plan.Expr{ref(1)}}}), "1,9;0,6;"},
		{"union of shared", &plan.Union{Ins: []plan.Node{shared, shared}, Cols: []plan.Column{long(4, "x"), long(5, "y")}, Map: []plan.Leg{{0: 1}, {1: 1}}}, "1,null;2,null;3,null;null,1;null,2;null,3;"},
		{"innerunique", join(plan.InnerUnique), "10,100;"},
		{"inner", join(plan.Inner), "10,100;11,100;"},
		{"leftouter", join(plan.LeftOuter), "10,100;11,100;20,null;0,null;"},
		{"rightouter", join(plan.RightOuter), "10,100;11,100;null,300;null,1;"},
		{"fullouter", join(plan.FullOuter), "10,100;11,100;20,null;0,null;null,300;null,1;"},
		{"leftsemi", join(plan.LeftSemi), "10;11;"},
		{"leftanti", join(plan.LeftAnti), "20;0;"},
		{"rightsemi", join(plan.RightSemi), "100;"},
		{"rightanti", join(plan.RightAnti), "300;1;"},
		{"mv-expand", plan.NewMvExpand(arrays, plan.MvExpand{Items: items, Out: []plan.MvCol{{Col: long(8, "e")}, {Col: long(9, "i"), Item: -1, Index: true}}, Limit: -1}), "1,0;2,1;null,0;3,0;"},
		{"mv-apply", plan.NewMvApply(arrays, plan.MvApply{Expand: &plan.MvExpand{Items: items, Out: []plan.MvCol{{Col: long(8, "e")}}, Limit: -1}, SubInput: sub,
			Sub:   plan.NewAggregate(sub, nil, []plan.AggItem{{Cols: []plan.Column{long(10, "s")}, Fn: sum, Args: []plan.Expr{ref(8)}}}),
			Carry: []plan.JoinCol{{Col: long(11, "s"), Right: true, Src: 10}}}), "3;0;0;3;"},
		{"toscalar", plan.NewProject(numbers(1, 1, 1), []plan.Item{{Col: long(2, "y"), Expr: call(add, &plan.ScalarQuery{In: numbers(3, 41, 50), T: value.Long}, ref(1))}}), "42;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := text(t, c.root, Options{})
			if err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestMemoryLimit(t *testing.T) {
	root := plan.NewSort(numbers(1, 1, 1<<40), []plan.SortKey{{Expr: ref(1)}}, -1)
	_, err := text(t, root, Options{Memory: 1 << 20})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Exhausted {
		t.Errorf("got %v, want a memory error", err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	stop := &fn.Func{Name: "stop", Eval: func(_ *fn.Env, a []value.Value) value.Value {
		if a[0].I == 5000 {
			cancel()
		}
		return value.OfBool(false)
	}}
	_, err := textCtx(ctx, plan.NewFilter(numbers(1, 1, 1<<40), &plan.Call{Fn: stop, Args: []plan.Expr{ref(1)}, T: value.Bool}), Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestStopEarly(t *testing.T) {
	root := numbers(1, 1, 1<<40)
	r, err := New(context.Background(), &plan.Query{}, Options{}).Open(root)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range r.Rows() {
		if err != nil || len(b) == 0 {
			t.Fatal(fmt.Sprint(err, len(b)))
		}
		break
	}
}
