package bind

import (
	"errors"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// bound is a bound scalar expression. Where something was wrong with it, expr is nil and typ is what is known of it (mostly Unknown);
// that has been reported, and whoever uses it reports nothing more about it.
type bound struct {
	expr    plan.Expr
	typ     value.Type
	col     plan.ColID          // the column, when the expression is nothing but a column
	noop    plan.ColID          // the column that a conversion to its own type leaves as it is: tostring(s)
	tuple   []plan.Item         // the columns of a function that gives several; Col has a name and type, the identity is fresh
	aggRefs map[plan.ColID]bool // the columns that are themselves arguments of an aggregate
	schema  []plan.Column       // typeof(…) with columns
	shape   fn.Shape            // what kind of dynamic value it is, where the text tells
}

func (x bound) ok() bool { return x.expr != nil }

// constant gives the value of a constant expression, else nil.
func (x bound) constant() *value.Value {
	if l, ok := x.expr.(*plan.Lit); ok {
		return &l.V
	}
	return nil
}

// column gives the column that stands for the expression's result: the one it is, or the one that it converts to its own type.
func (x bound) column() plan.ColID {
	if x.col != 0 {
		return x.col
	}
	return x.noop
}

func literal(v value.Value) bound { return bound{expr: &plan.Lit{V: v}, typ: v.T} }

// unknown is an expression about which something has been reported.
func unknown(t value.Type) bound { return bound{typ: t} }

// conversions name the function that converts to a type.
var conversions = map[value.Type]string{value.Bool: "tobool", value.Int: "toint", value.Long: "tolong", value.Real: "toreal", value.Decimal: "todecimal",
	value.String: "tostring", value.Datetime: "todatetime", value.Timespan: "totimespan", value.GUID: "toguid"}

// asDynamic makes a dynamic of a scalar; a string is not parsed.
var asDynamic = &fn.Func{Name: "asdynamic", Doc: "Makes a dynamic value of a scalar.", Hidden: true,
	Bind: func(args []fn.Arg) (value.Type, []value.Type, error) {
		return value.Dynamic, []value.Type{args[0].Type}, nil
	},
	Eval: func(_ *fn.Env, args []value.Value) value.Value { return value.OfDynamic(args[0]) }}

// convert gives e as a value of type t.
func (b *binder) convert(e plan.Expr, t value.Type) plan.Expr {
	from := e.Type()
	if from == t || t == value.Unknown {
		return e
	}
	if l, ok := e.(*plan.Lit); ok && l.V.Null && l.V.T != value.String {
		return &plan.Lit{V: value.NullOf(t)}
	}
	f := asDynamic
	if t != value.Dynamic {
		if f = fn.Lookup(conversions[t]); f == nil {
			return e
		}
	}
	return b.fold(&plan.Call{Fn: f, Args: []plan.Expr{e}, T: t})
}

// fold computes a call whose arguments are all constants. One that is refused stays, and is refused when the query runs.
func (b *binder) fold(c *plan.Call) (folded plan.Expr) {
	defer fn.OnRefusal(func(*fn.Refusal) { folded = c })
	if c.Fn.Kind != fn.Scalar || plan.Volatile(c.Fn) || contextual[c.Fn.Name] || c.Fn.Eval == nil && c.Fn.Lazy == nil {
		return c
	}
	vals := make([]value.Value, len(c.Args))
	for i, a := range c.Args {
		l, ok := a.(*plan.Lit)
		if !ok {
			return c
		}
		vals[i] = l.V
	}
	if c.Fn.Eval != nil {
		return &plan.Lit{V: typed(c.Fn.Eval(&b.env, vals), c.T)}
	}
	thunks := make([]func() value.Value, len(vals))
	for i, v := range vals {
		thunks[i] = func() value.Value { return v }
	}
	return &plan.Lit{V: typed(c.Fn.Lazy(&b.env, thunks), c.T)}
}

// typed gives a null the type that its expression has.
func typed(v value.Value, t value.Type) value.Value {
	if v.Null && v.T != t && t != value.Unknown {
		return value.NullOf(t)
	}
	return v
}

// contextual functions depend on who asks, or on something that is known only when the query runs.
var contextual = map[string]bool{"current_principal": true, "current_principal_details": true, "current_database": true, "current_cluster_endpoint": true,
	"current_principal_is_member_of": true, "cursor_current": true, "current_cursor": true, geoInfo: true, "assert": true, "ingestion_time": true, "extent_id": true, "extent_tags": true}

// fnArgs gives the arguments as the declaration's Bind wants them.
func fnArgs(args []bound) []fn.Arg {
	out := make([]fn.Arg, len(args))
	for i, a := range args {
		out[i] = fn.Arg{Type: a.typ, Const: a.constant(), Fixed: a.ok() && fixed(a.expr), Shape: a.shape}
	}
	return out
}

// fixed reports whether e has one value for the whole query.
func fixed(e plan.Expr) bool {
	same := !readsRow(e)
	plan.WalkExpr(e, func(e plan.Expr) {
		if c, ok := e.(*plan.Call); ok && (c.Fn.Kind != fn.Scalar || plan.Volatile(c.Fn)) {
			same = false
		}
	})
	return same
}

// apply binds a call of f. Errors of the declaration are reported at the span, or at that of the argument where spans tell it.
func (b *binder) apply(f *fn.Func, args []bound, at syntax.Span, spans ...syntax.Span) bound {
	fargs := fnArgs(args)
	t, as, err := f.Bind(fargs)
	vague := false
	for _, a := range args {
		vague = vague || a.typ == value.Unknown || !a.ok()
	}
	if err != nil {
		var constant *fn.NotConstant
		var argument *fn.ArgumentError
		if errors.As(err, &argument) && argument.Index < len(spans) {
			at = spans[argument.Index]
		}
		var count *fn.CountError
		switch {
		case vague && !errors.As(err, &count):
		case errors.As(err, &constant):
			b.errorf(at, codeConstant, "%s", err)
		default:
			b.errorf(at, codeArguments, "%s", err)
		}
		return unknown(t)
	}
	exprs := make([]plan.Expr, len(args))
	for i, a := range args {
		if !a.ok() {
			return unknown(t)
		}
		exprs[i] = a.expr
		if i < len(as) {
			exprs[i] = b.convert(a.expr, as[i])
		}
	}
	expr := b.fold(&plan.Call{Fn: f, Args: exprs, T: t})
	if f.FixedType != value.Unknown && fixed(expr) {
		t = f.FixedType
		expr = b.convert(expr, t)
	}
	return bound{expr: expr, typ: t, shape: f.Gives()}
}

// operator applies the operator with the symbol.
func (b *binder) operator(symbol string, at syntax.Span, args ...bound) bound {
	f := fn.Operator(symbol)
	if f == nil {
		b.errorf(at, codeUnknownFunction, "there is no operator %s", symbol)
		return unknown(value.Unknown)
	}
	return b.apply(f, args, at)
}
