package exec

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// eval computes an expression for a row.
type eval func(row Row) value.Value

// scope says at which position of a row each column lies.
type scope map[plan.ColID]int

func scopeOf(cols []plan.Column) scope {
	s := make(scope, len(cols))
	for i, c := range cols {
		s[c.ID] = i
	}
	return s
}

// expr compiles e for rows laid out as s says. Window calls must have been replaced before (withWindows).
func (x *Executor) expr(e plan.Expr, s scope) (eval, error) {
	switch e := e.(type) {
	case *plan.Lit:
		v := e.V
		return func(Row) value.Value { return v }, nil
	case *plan.Ref:
		i, ok := s[e.ID]
		if !ok {
			return nil, errorf(Internal, "column %d is not among the input's", e.ID)
		}
		return func(row Row) value.Value { return row[i] }, nil
	case *plan.ScalarQuery, *plan.ListQuery:
		v, err := x.subquery(e)
		if err != nil {
			return nil, err
		}
		return func(Row) value.Value { return v }, nil
	case *plan.Call:
		return x.call(e, s)
	}
	return nil, errorf(Internal, "expression %T cannot be run", e)
}

func (x *Executor) exprs(es []plan.Expr, s scope) ([]eval, error) {
	out := make([]eval, len(es))
	for i, e := range es {
		var err error
		if out[i], err = x.expr(e, s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (x *Executor) call(e *plan.Call, s scope) (eval, error) {
	if x.pattern != nil && plan.GraphFunction(e.Fn) {
		return x.pattern.call(x, e, s)
	}
	if n, err := x.numberCall(e, s); n != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return n.asValue(e.T), nil
	}
	if isChoice(e) && !isConst(e) {
		return x.choice(e, s)
	}
	args, err := x.exprs(e.Args, s)
	if err != nil {
		return nil, err
	}
	if e.Fn.Eval == nil && e.Fn.Lazy == nil {
		return nil, errorf(Unsupported, "%s() cannot be used here", e.Fn.Name)
	}
	if f, ok := x.membership(e, args); ok {
		return f, nil
	}
	if f, ok := textTest(e, args); ok {
		return f, nil
	}
	if f, ok := textEquality(e, args); ok {
		return f, nil
	}
	run := x.apply(e.Fn, args, e.T)
	if isConst(e) {
		v := run(nil)
		return func(Row) value.Value { return v }, nil
	}
	return run, nil
}

// apply evaluates f over args. The arguments' slice is used again from row to row where the result cannot hold on to it.
func (x *Executor) apply(f *fn.Func, args []eval, t value.Type) eval {
	env := x.env
	if f.Lazy != nil {
		var cur Row
		thunks := make([]func() value.Value, len(args))
		for i, a := range args {
			thunks[i] = func() value.Value { return a(cur) }
		}
		return func(row Row) value.Value {
			outer := cur
			cur = row
			v := f.Lazy(env, thunks)
			cur = outer
			return v
		}
	}
	if t == value.Dynamic {
		return func(row Row) value.Value {
			vals := make([]value.Value, len(args))
			for i, a := range args {
				vals[i] = a(row)
			}
			return f.Eval(env, vals)
		}
	}
	vals := make([]value.Value, len(args))
	return func(row Row) value.Value {
		for i, a := range args {
			vals[i] = a(row)
		}
		return f.Eval(env, vals)
	}
}

// isConst reports whether e is the same for every row.
func isConst(e plan.Expr) bool {
	same := true
	plan.WalkExpr(e, func(e plan.Expr) {
		switch e := e.(type) {
		case *plan.Ref:
			same = false
		case *plan.Call:
			if plan.Volatile(e.Fn) || e.Fn.Kind != fn.Scalar {
				same = false
			}
		}
	})
	return same
}

// constant computes an expression that reads no column.
func (x *Executor) constant(e plan.Expr) (value.Value, error) {
	f, err := x.expr(e, scope{})
	if err != nil {
		return value.Value{}, err
	}
	return f(nil), nil
}

// subquery computes toscalar(T), or T's first column as an array, once.
func (x *Executor) subquery(e plan.Expr) (value.Value, error) {
	var in plan.Node
	scalar := false
	switch e := e.(type) {
	case *plan.ScalarQuery:
		in, scalar = e.In, true
	case *plan.ListQuery:
		in = e.In
	}
	if v, ok := x.lists[in]; ok {
		return v, nil
	}
	if scalar {
		in = plan.NewLimit(in, 1)
	}
	r, err := x.compile(in)
	if err != nil {
		return value.Value{}, err
	}
	t, err := x.collect(r)
	if err != nil {
		return value.Value{}, err
	}
	defer t.free()
	v := value.NullOf(e.Type())
	if scalar {
		if len(t.rows) > 0 && len(t.rows[0]) > 0 {
			v = t.rows[0][0]
		}
		x.lists[e.(*plan.ScalarQuery).In] = v
		return v, nil
	}
	list := make(value.Array, 0, len(t.rows))
	for _, row := range t.rows {
		if len(row) > 0 {
			list = append(list, element(row[0]))
		}
	}
	v = value.OfArray(list)
	x.lists[in] = v
	return v, nil
}

// element gives v as it stands inside an array: a dynamic scalar as the plain scalar.
func element(v value.Value) value.Value {
	if v.T == value.Dynamic {
		return v.Inner()
	}
	if v.Null {
		return value.NullOf(value.Dynamic)
	}
	return v
}
