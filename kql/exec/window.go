package exec

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// windowed is an input with the values of window calls as further columns at the end; extra says how many.
type windowed struct {
	relation
	extra int
}

// withWindows compiles in and, where es use window functions, holds its rows, computes the calls for every row and gives expressions
// that read the results instead.
func (x *Executor) withWindows(in plan.Node, es []plan.Expr) (*windowed, []plan.Expr, error) {
	r, err := x.compile(in)
	if err != nil {
		return nil, nil, err
	}
	any := false
	for _, e := range es {
		any = any || hasWindow(e)
	}
	if !any {
		return &windowed{*r, 0}, es, nil
	}
	p := &windowPlan{x: x, cols: append([]plan.Column(nil), r.cols...), next: -1}
	out := make([]plan.Expr, len(es))
	for i, e := range es {
		out[i] = plan.MapExpr(e, p.replace)
	}
	if p.err != nil {
		return nil, nil, p.err
	}
	n := len(r.cols)
	run := func(emit func(Batch) error) error {
		t, err := x.collect(r)
		if err != nil {
			return err
		}
		defer t.free()
		grown := int64(len(t.rows)) * int64(len(p.cols)) * valueBytes
		if err := x.mem.grow(grown); err != nil {
			return err
		}
		defer x.mem.free(grown)
		rows := make([]Row, len(t.rows))
		for i, row := range t.rows {
			wide := make(Row, len(p.cols))
			copy(wide, row)
			rows[i] = wide
		}
		for i, w := range p.calls {
			if err := x.alive(); err != nil {
				return err
			}
			w.compute(rows, n+i)
		}
		return x.emitRows(rows, emit)
	}
	return &windowed{relation{p.cols, run}, len(p.calls)}, out, nil
}

func hasWindow(e plan.Expr) bool {
	found := false
	plan.WalkExpr(e, func(e plan.Expr) {
		if c, ok := e.(*plan.Call); ok && c.Fn.Kind == fn.Window {
			found = true
		}
	})
	return found
}

// windowPlan gathers window calls, inner ones first, so that an outer one can read their columns.
type windowPlan struct {
	x     *Executor
	cols  []plan.Column
	calls []windowCall
	next  plan.ColID // ids below 0 are ours alone
	err   error
}

func (p *windowPlan) replace(e plan.Expr) plan.Expr {
	c, ok := e.(*plan.Call)
	if !ok || c.Fn.Kind != fn.Window || p.err != nil {
		return e
	}
	args, err := p.x.exprs(c.Args, scopeOf(p.cols))
	if err != nil {
		p.err = err
		return e
	}
	f, ok := windowFuncs[c.Fn.Name]
	if !ok {
		p.err = errorf(Unsupported, "window function %s() is not supported", c.Fn.Name)
		return e
	}
	col := plan.Column{ID: p.next, Name: c.Fn.Name, Type: c.T}
	p.next--
	p.cols = append(p.cols, col)
	p.calls = append(p.calls, windowCall{f, args, c.T})
	return &plan.Ref{ID: col.ID, T: c.T}
}

type windowCall struct {
	f    windowFunc
	args []eval
	t    value.Type
}

func (w windowCall) compute(rows []Row, at int) { w.f(rows, at, w.args, w.t) }

// windowFunc fills column at of every row.
type windowFunc func(rows []Row, at int, args []eval, t value.Type)

var windowFuncs = map[string]windowFunc{
	"prev":               func(rows []Row, at int, args []eval, t value.Type) { shifted(rows, at, args, t, -1) },
	"next":               func(rows []Row, at int, args []eval, t value.Type) { shifted(rows, at, args, t, 1) },
	"row_number":         rowNumber,
	"row_cumsum":         rowCumsum,
	"row_rank_dense":     func(rows []Row, at int, args []eval, _ value.Type) { rowRank(rows, at, args, false) },
	"row_rank_min":       func(rows []Row, at int, args []eval, _ value.Type) { rowRank(rows, at, args, true) },
	"row_rank":           func(rows []Row, at int, args []eval, _ value.Type) { rowRank(rows, at, args, false) },
	"row_window_session": rowWindowSession,
}

// arg gives the i-th argument for a row, or other when the call has fewer.
func arg(args []eval, i int, row Row, other value.Value) value.Value {
	if i < len(args) {
		return args[i](row)
	}
	return other
}

func truth(v value.Value) bool { v = v.Inner(); return !v.Null && v.T == value.Bool && v.Bool() }

// shifted is prev(x [, offset [, default]]) and next(…).
func shifted(rows []Row, at int, args []eval, t value.Type, sign int64) {
	for i, row := range rows {
		off := arg(args, 1, row, value.OfLong(1))
		j := int64(i) + sign*off.I
		switch {
		case off.Null:
			row[at] = value.NullOf(t)
		case j >= 0 && j < int64(len(rows)):
			row[at] = args[0](rows[j])
		default:
			row[at] = arg(args, 2, row, value.NullOf(t))
		}
	}
}

// rowNumber is row_number([start [, restart]]).
func rowNumber(rows []Row, at int, args []eval, _ value.Type) {
	var n int64
	for i, row := range rows {
		start := arg(args, 0, row, value.OfLong(1)).I
		if i == 0 || truth(arg(args, 1, row, value.OfBool(false))) {
			n = start
		}
		row[at] = value.OfLong(n)
		n++
	}
}

// rowCumsum is row_cumsum(x [, restart]); a null adds nothing.
func rowCumsum(rows []Row, at int, args []eval, t value.Type) {
	sum := zeroOf(t)
	for _, row := range rows {
		if truth(arg(args, 1, row, value.OfBool(false))) {
			sum = zeroOf(t)
		}
		if v := args[0](row).Inner(); !v.Null {
			sum = value.Convert(value.Add(sum, v), t)
		}
		row[at] = sum
	}
}

// rowRank is row_rank_dense(x [, restart]), and row_rank_min, which leaves gaps after equals.
func rowRank(rows []Row, at int, args []eval, gaps bool) {
	var rank, seen int64
	var last []byte
	for i, row := range rows {
		key := value.AppendKey(nil, args[0](row))
		if i == 0 || truth(arg(args, 1, row, value.OfBool(false))) {
			rank, seen = 1, 1
		} else {
			seen++
			if string(key) != string(last) {
				rank++
				if gaps {
					rank = seen
				}
			}
		}
		last = key
		row[at] = value.OfLong(rank)
	}
}

// rowWindowSession is row_window_session(x, maxFromFirst, maxBetween [, restart]): the first x of the session that the row is in.
func rowWindowSession(rows []Row, at int, args []eval, t value.Type) {
	start, last := value.NullOf(t), value.NullOf(t)
	for _, row := range rows {
		v := args[0](row)
		if v.Null {
			row[at] = value.NullOf(t)
			start, last = value.NullOf(t), value.NullOf(t)
			continue
		}
		first, between := args[1](row), args[2](row)
		if start.Null || truth(arg(args, 3, row, value.OfBool(false))) || beyond(start, v, first) || beyond(last, v, between) {
			start = v
		}
		last = v
		row[at] = start
	}
}

// beyond reports whether v lies at least limit after from.
func beyond(from, v, limit value.Value) bool {
	return !limit.Null && value.Compare(value.Sub(v, from), limit) >= 0
}
