package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// enter counts a step into the tree; false (reported once) when the query nests too deep or has grown too large.
func (b *binder) enter(at syntax.Span) bool {
	b.depth++
	b.nodes++
	if b.depth > maxDepth {
		b.errorf(at, codeTooLarge, "the expression nests deeper than %d levels; split it with let", maxDepth)
		return false
	}
	return b.fits()
}

// fits reports whether the query has not grown beyond the limit, and says so where it has.
func (b *binder) fits() bool {
	if b.nodes > maxNodes {
		b.errorf(syntax.Span{}, codeTooLarge, "the query grows to more than %d parts when its variables and functions are put in place; use materialize()", maxNodes)
		return false
	}
	return true
}

// expr binds a scalar expression.
func (b *binder) expr(e syntax.Expr) bound {
	defer func() { b.depth-- }()
	if !b.enter(e.At()) {
		return unknown(value.Unknown)
	}
	switch e := e.(type) {
	case *syntax.Name:
		return b.nameExpr(e)
	case *syntax.Literal:
		return b.literal(e)
	case *syntax.Dynamic:
		return b.dynamic(e)
	case *syntax.Paren:
		x := b.expr(e.X)
		x.tuple = nil
		return x
	case *syntax.Ordered:
		return b.expr(e.X)
	case *syntax.Named:
		return b.expr(e.X)
	case *syntax.Unary:
		return b.unary(e)
	case *syntax.Binary:
		return b.binary(e)
	case *syntax.InList:
		return b.inList(e)
	case *syntax.Between:
		op := "between"
		if e.Not {
			op = "!between"
		}
		return b.operator(op, e.OpAt, b.expr(e.X), b.expr(e.Low), b.expr(e.High))
	case *syntax.Path:
		return b.path(e)
	case *syntax.Index:
		return b.index(e)
	case *syntax.Call:
		return b.call(e)
	case *syntax.TypeOf:
		return b.typeOf(e)
	case *syntax.ToScalar:
		return b.toScalar(e.X, e.At())
	case *syntax.Bad:
		return unknown(value.Unknown)
	case *syntax.Star:
		b.errorf(e.At(), codeScalar, "* cannot stand here; name a column")
	case *syntax.Array, *syntax.Bag:
		b.errorf(e.At(), codeScalar, "arrays and property bags are written dynamic(…)")
	case *syntax.Func:
		b.errorf(e.At(), codeScalar, "a function can only be declared by let")
	default:
		b.errorf(e.At(), codeScalar, "a table stands where a single value is needed; take its first cell with toscalar(…)")
	}
	return unknown(value.Unknown)
}

// predicate binds a condition, which must be a bool.
func (b *binder) predicate(e syntax.Expr, what string) bound {
	x := b.expr(e)
	switch x.typ {
	case value.Bool, value.Unknown:
		return x
	case value.Dynamic:
		b.errorAdvice(e.At(), codeType, "convert it with tobool(…)", "%s must be bool, not dynamic", what)
	default:
		b.errorf(e.At(), codeType, "%s must be bool, not %s", what, x.typ)
	}
	return unknown(value.Bool)
}

// whole binds a constant whole number, such as that of take. ok=false when it is not known.
func (b *binder) whole(e syntax.Expr, what string) (int64, plan.Expr, bool) {
	x := b.expr(e)
	if !x.ok() {
		return 0, nil, false
	}
	if x.typ != value.Int && x.typ != value.Long && x.typ != value.Unknown {
		b.errorf(e.At(), codeType, "%s must be a whole number, not %s", what, x.typ)
		return 0, nil, false
	}
	if v := x.constant(); v != nil && !v.Null {
		return v.I, nil, true
	}
	if _, ok := x.expr.(*plan.ScalarQuery); ok || !readsRow(x.expr) {
		return 0, x.expr, true
	}
	b.errorf(e.At(), codeConstant, "%s must be a constant, not a value of each row", what)
	return 0, nil, false
}

// readsRow reports whether e depends on a column.
func readsRow(e plan.Expr) bool {
	found := false
	plan.WalkExpr(e, func(e plan.Expr) {
		if _, ok := e.(*plan.Ref); ok {
			found = true
		}
	})
	return found
}

// dynamic binds dynamic(…).
func (b *binder) unary(e *syntax.Unary) bound {
	if l, ok := e.X.(*syntax.Literal); ok && e.Op == "-" && l.Kind == syntax.LongLiteral && !l.Typed {
		if v, ok := value.Parse(value.Long, "-"+l.Text); ok { // the smallest long has no positive counterpart
			return literal(v)
		}
	}
	x := b.expr(e.X)
	if l, ok := e.X.(*syntax.Literal); ok && l.Kind == syntax.IntLiteral { // -int(1) is an int, where -toint(1) is a long
		if v := b.operator("unary"+e.Op, e.At(), x).constant(); v != nil {
			return literal(value.Convert(*v, value.Int))
		}
	}
	return b.operator("unary"+e.Op, e.At(), x)
}

// binary binds an operator of two operands. Chains of and/or become one call with all operands, so that their length is no depth.
func (b *binder) binary(e *syntax.Binary) bound {
	if e.Op == "and" || e.Op == "or" {
		var parts []syntax.Expr
		x := syntax.Expr(e)
		for {
			bin, ok := x.(*syntax.Binary)
			if !ok || bin.Op != e.Op {
				parts = append(parts, x)
				break
			}
			parts = append(parts, bin.Y)
			x = bin.X
		}
		args := make([]bound, len(parts))
		for i := range parts {
			args[i] = b.expr(parts[len(parts)-1-i])
		}
		return b.operator(e.Op, e.OpAt, args...)
	}
	search := b.search
	b.search = false
	defer func() { b.search = search }()
	if _, star := e.X.(*syntax.Star); star && b.row != nil {
		return b.searchColumns(e.Op, b.expr(e.Y), e.OpAt)
	}
	op := e.Op
	switch op {
	case "=":
		op = "=="
	case ":":
		return b.searchColon(e)
	}
	b.adviseHas(e)
	b.adviseCase(e)
	return b.operator(op, e.OpAt, b.expr(e.X), b.expr(e.Y))
}

// inList binds in, has_any and their kin: the list is one table, or values.
func (b *binder) inList(e *syntax.InList) bound {
	search := b.search
	b.search = false
	defer func() { b.search = search }()
	_, star := e.X.(*syntax.Star)
	star = star && b.row != nil
	args := []bound{{}}
	if !star {
		args[0] = b.expr(e.X)
	}
	for _, it := range e.Items {
		o := b.any(it)
		if o.table != nil && len(e.Items) > 1 {
			b.errorAdvice(it.At(), codeScalar, "put the tables together first, e.g. in (union A, B)", "a table can only be the whole list of %s, not one of its items", e.Op)
		}
		if o.table == nil {
			args = append(args, o.val)
			continue
		}
		if len(o.table.cols) == 0 {
			if !o.table.broken && !o.table.open {
				b.errorf(it.At(), codeTabular, "the table on the right of %s has no columns", e.Op)
			}
			args = append(args, unknown(value.Dynamic))
			continue
		}
		args = append(args, b.list(o.table))
	}
	if star {
		return b.searchEach(e.At(), func(c plan.Column) bound {
			return b.operator(e.Op, e.OpAt, append([]bound{{expr: b.convert(ref(c), value.String), typ: value.String}}, args[1:]...)...)
		})
	}
	return b.operator(e.Op, e.OpAt, args...)
}

// list gives the first column of a table as an array.
func (b *binder) list(r *rel) bound {
	if r.broken {
		return unknown(value.Dynamic)
	}
	return bound{expr: &plan.ListQuery{In: plan.NewProject(r.node, refs(r.cols[:1]))}, typ: value.Dynamic}
}

// toScalar binds toscalar(x): the first cell of a table, or a scalar that must not depend on the row.
func (b *binder) toScalar(x syntax.Expr, at syntax.Span) bound {
	var o operand
	b.apart(func() { o = b.any(x) })
	switch {
	case o.table == nil:
		return bound{expr: o.val.expr, typ: o.val.typ}
	case o.table.broken && len(o.table.cols) == 0:
		return unknown(value.Unknown)
	case len(o.table.cols) == 0:
		b.errorf(at, codeTabular, "the table in toscalar() has no columns")
		return unknown(value.Unknown)
	}
	r := o.table
	return bound{expr: &plan.ScalarQuery{In: plan.NewProject(r.node, refs(r.cols[:1])), T: r.cols[0].Type}, typ: r.cols[0].Type}
}

// typeOf binds typeof(…): the type's name as a constant, or a list of columns.
// typeName gives the scalar type that was written.
// schemaColumns gives declared columns without identities. A name that occurs twice is reported.
// path binds base.name: a member of a dynamic value, or a column of $left, $right, a scan step or a graph element.
// vague is something of an unknown value: still unknown, but only broken where the value is.
// membersOf gives what name.… can be followed by when the name stands for a tuple of columns, else nil.
// nameExpr binds a name in a scalar place.
// unknownColumn reports a name that is no column of the current row.
// columnExpr gives the column of the current row (of either side in the condition of a join).
// symbolExpr gives the value of a variable.
