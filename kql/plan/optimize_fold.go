package plan

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/value"
)

// fold is the rule of that name.
func (o *optimizer) fold(n Node) Node {
	o.below(n, o.fold)
	for _, e := range Exprs(n) {
		*e = FoldExpr(*e, o.env)
	}
	if f, ok := n.(*Filter); ok {
		if l, ok := f.Pred.(*Lit); ok && !l.V.Null && l.V.T == value.Bool && l.V.Bool() {
			return f.In
		}
	}
	return n
}

// FoldExpr computes what does not depend on a row.
func FoldExpr(e Expr, env *fn.Env) Expr {
	return MapExpr(e, func(e Expr) Expr {
		c, ok := e.(*Call)
		if !ok || c.Fn.Kind != fn.Scalar || Volatile(c.Fn) {
			return e
		}
		vals := make([]value.Value, len(c.Args))
		for i, a := range c.Args {
			l, ok := a.(*Lit)
			if !ok {
				return simplify(c)
			}
			vals[i] = l.V
		}
		return compute(c, vals, env)
	})
}

// compute leaves a call that is refused as it is: it may never be run.
func compute(c *Call, vals []value.Value, env *fn.Env) (folded Expr) {
	defer fn.OnRefusal(func(*fn.Refusal) { folded = c })
	var v value.Value
	switch {
	case c.Fn.Lazy != nil:
		thunks := make([]func() value.Value, len(vals))
		for i := range vals {
			thunks[i] = func() value.Value { return vals[i] }
		}
		v = c.Fn.Lazy(env, thunks)
	case c.Fn.Eval != nil:
		v = c.Fn.Eval(env, vals)
	default:
		return c
	}
	if v.T != c.T { // the declaration is trusted over the value: a null may come without its type
		if !v.Null {
			return c
		}
		v = value.NullOf(c.T)
	}
	return &Lit{V: v}
}

// simplify drops constants from and and or.
func simplify(c *Call) Expr {
	if c.Fn.Name != "and" && c.Fn.Name != "or" {
		return c
	}
	var args []Expr
	for _, a := range c.Args {
		l, ok := a.(*Lit)
		switch {
		case !ok || l.V.Null || l.V.T != value.Bool:
			args = append(args, a)
		case l.V.Bool() != (c.Fn.Name == "and"):
			return l
		}
	}
	switch len(args) {
	case len(c.Args):
		return c
	case 0:
		return &Lit{V: value.OfBool(c.Fn.Name == "and")}
	case 1:
		return args[0]
	}
	return &Call{Fn: c.Fn, Args: args, T: c.T}
}
