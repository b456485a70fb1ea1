package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
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

// scalar binds an expression that must be of type t; other types are refused unless they convert without loss.
func (b *binder) scalar(e syntax.Expr, t value.Type, what string) bound {
	x := b.expr(e)
	if x.typ == t || x.typ == value.Unknown {
		return x
	}
	if wider(t, x.typ) || x.typ == value.Dynamic {
		if x.ok() {
			x.expr = b.convert(x.expr, t)
		}
		return bound{expr: x.expr, typ: t}
	}
	b.errorf(e.At(), codeType, "%s must be %s, not %s", what, t, x.typ)
	return unknown(t)
}

// predicate binds a condition. A dynamic counts by its bool; anything else must be a bool.
func (b *binder) predicate(e syntax.Expr, what string) bound { return b.scalar(e, value.Bool, what) }

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

func (b *binder) literal(e *syntax.Literal) bound {
	t := literalTypes[e.Kind]
	if b.search && t == value.String {
		return b.searchText(e.Text, e.At())
	}
	switch {
	case e.Null && t == value.Unknown:
		return literal(value.NullOf(value.Dynamic))
	case e.Null:
		return literal(value.NullOf(t))
	case t == value.String:
		return literal(value.OfString(e.Text))
	}
	v, ok := value.Parse(t, e.Text)
	if !ok {
		if t == value.Long {
			b.errorf(e.At(), codeType, "%s is not within the range of long", e.Text)
			return unknown(t)
		}
		v = value.NullOf(t)
	}
	return literal(v)
}

var literalTypes = map[syntax.LiteralKind]value.Type{syntax.BoolLiteral: value.Bool, syntax.IntLiteral: value.Int, syntax.LongLiteral: value.Long,
	syntax.RealLiteral: value.Real, syntax.DecimalLiteral: value.Decimal, syntax.DateTimeLiteral: value.Datetime, syntax.TimeSpanLiteral: value.Timespan,
	syntax.GuidLiteral: value.GUID, syntax.StringLiteral: value.String}

// dynamic binds dynamic(…).
func (b *binder) dynamic(e *syntax.Dynamic) bound {
	v, ok := b.dynamicValue(e.Value, 0)
	if !ok {
		return unknown(value.Dynamic)
	}
	return literal(value.OfDynamic(v))
}

func (b *binder) dynamicValue(e syntax.Expr, depth int) (value.Value, bool) {
	if depth > maxDepth {
		b.errorf(e.At(), codeTooLarge, "the dynamic literal nests deeper than %d levels", maxDepth)
		return value.Value{}, false
	}
	switch e := e.(type) {
	case *syntax.Array:
		a := make(value.Array, 0, len(e.Items))
		for _, it := range e.Items {
			v, ok := b.dynamicValue(it, depth+1)
			if !ok {
				return v, false
			}
			if v.Null && v.T != value.String {
				v = value.NullOf(value.Dynamic)
			}
			a = append(a, v)
		}
		return value.OfArray(a), true
	case *syntax.Bag:
		bag := value.NewBag(len(e.Pairs))
		for _, p := range e.Pairs {
			v, ok := b.dynamicValue(p.Value, depth+1)
			if !ok {
				return v, false
			}
			if v.Null && v.T != value.String {
				v = value.NullOf(value.Dynamic)
			}
			bag.Set(p.Key.Text, v)
		}
		return value.OfBag(bag.Bag()), true
	case *syntax.Dynamic:
		return b.dynamicValue(e.Value, depth+1)
	case *syntax.Paren:
		return b.dynamicValue(e.X, depth+1)
	case *syntax.Literal, *syntax.Unary:
		search := b.search
		b.search = false
		x := b.expr(e)
		b.search = search
		if v := x.constant(); v != nil {
			if v.T == value.Dynamic {
				return v.Inner(), true
			}
			return *v, true
		}
		return value.Value{}, false
	}
	if e.At().Len() > 0 {
		b.errorf(e.At(), codeConstant, "a dynamic literal holds only literals; use pack_array() or bag_pack() for computed values")
	}
	return value.Value{}, false
}

func (b *binder) unary(e *syntax.Unary) bound {
	if l, ok := e.X.(*syntax.Literal); ok && e.Op == "-" && l.Kind == syntax.LongLiteral && !l.Typed {
		if v, ok := value.Parse(value.Long, "-"+l.Text); ok { // the smallest long has no positive counterpart
			return literal(v)
		}
	}
	return b.operator("unary"+e.Op, e.At(), b.expr(e.X))
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
func (b *binder) typeOf(e *syntax.TypeOf) bound {
	if e.Type != nil && e.Type.Schema != nil {
		x := literal(value.OfString("table"))
		x.schema = b.schemaColumns(e.Type.Schema)
		if e.Type.Schema.Open && b.row != nil {
			if e.Type.Schema.OpenFirst {
				x.schema = append(append([]plan.Column(nil), b.row.cols...), x.schema...)
			} else {
				x.schema = append(x.schema, b.row.cols...)
			}
		}
		return x
	}
	t := b.typeName(e.Type)
	return literal(value.OfString(t.String()))
}

// typeName gives the scalar type that was written.
func (b *binder) typeName(t *syntax.Type) value.Type {
	if t == nil {
		return value.String
	}
	if typ, ok := value.TypeOf(strings.ToLower(t.Name)); ok {
		return typ
	}
	switch t.Name {
	case "float":
		return value.Real
	case "uint", "uint32", "int8", "uint8", "int16", "uint16":
		return value.Int
	case "ulong", "uint64":
		return value.Long
	}
	b.errorf(t.At(), codeType, "there is no type %s; the types are bool, int, long, real, decimal, string, datetime, timespan, guid and dynamic", t.Name)
	return value.Unknown
}

// schemaColumns gives declared columns without identities. A name that occurs twice is reported.
func (b *binder) schemaColumns(s *syntax.Schema) []plan.Column {
	out := make([]plan.Column, 0, len(s.Columns))
	seen := map[string]bool{}
	for _, c := range s.Columns {
		if seen[c.Name.Text] {
			b.errorf(c.Name.At(), codeDuplicateColumn, "the column %s is declared twice", quoteName(c.Name.Text))
			continue
		}
		seen[c.Name.Text] = true
		out = append(out, plan.Column{Name: c.Name.Text, Type: b.typeName(c.Type)})
	}
	return out
}

// path binds base.name: a member of a dynamic value, or a column of $left, $right, a scan step or a graph element.
func (b *binder) path(e *syntax.Path) bound {
	if n, ok := e.Base.(*syntax.Name); ok {
		if m := b.membersOf(n); m != nil {
			return b.member(m, n.Text, e.Selector)
		}
	}
	sel, ok := e.Selector.(*syntax.Name)
	if !ok {
		if _, bad := e.Selector.(*syntax.Bad); !bad {
			if b.isTablePath(e) {
				b.errorf(e.At(), codeScalar, "a table stands where a single value is needed; take its first cell with toscalar(…)")
			} else {
				b.errorf(e.Selector.At(), codeScalar, "a function cannot be called on a value; write f(value)")
			}
		}
		return unknown(value.Unknown)
	}
	base := b.expr(e.Base)
	if base.typ == value.Unknown {
		return b.vague(base)
	}
	return b.operator(".", sel.At(), base, literal(value.OfString(sel.Text)))
}

// vague is something of an unknown value: still unknown, but only broken where the value is.
func (b *binder) vague(base bound) bound {
	if !base.ok() {
		return unknown(value.Unknown)
	}
	return bound{expr: base.expr, typ: value.Unknown}
}

func (b *binder) index(e *syntax.Index) bound {
	base, key := b.expr(e.Base), b.expr(e.Key)
	if base.typ == value.Unknown {
		return b.vague(base)
	}
	if c := key.constant(); c != nil && len(base.tuple) > 1 {
		if c.T == value.Long && 0 <= c.I && c.I < int64(len(base.tuple)) {
			it := base.tuple[c.I]
			return bound{expr: it.Expr, typ: it.Col.Type}
		}
		return literal(value.NullOf(value.Dynamic))
	}
	if !key.ok() && key.typ == value.Unknown {
		return unknown(value.Dynamic)
	}
	if c := key.constant(); c != nil && c.T == value.String {
		return b.operator(".", e.Key.At(), base, key)
	}
	return b.operator("[]", e.Key.At(), base, key)
}

// membersOf gives what name.… can be followed by when the name stands for a tuple of columns, else nil.
func (b *binder) membersOf(n *syntax.Name) *members {
	switch {
	case n.Text == "$left" && b.row != nil && b.right != nil:
		return &members{cols: b.row.cols, open: b.row.open}
	case n.Text == "$right" && b.right != nil:
		return &members{cols: b.right.cols, open: b.right.open}
	}
	if n.Form != syntax.PlainName && n.Form != syntax.BracketedName {
		return nil
	}
	if _, ok := b.row.find(n.Text); ok {
		return nil
	}
	if sym := b.scope.find(n.Text); sym != nil {
		return sym.members
	}
	return nil
}

func (b *binder) member(m *members, of string, selector syntax.Expr) bound {
	sel, ok := selector.(*syntax.Name)
	if !ok {
		return unknown(value.Unknown)
	}
	for _, c := range m.cols {
		if c.Name == sel.Text {
			return bound{expr: ref(c), typ: c.Type, col: c.ID}
		}
	}
	if m.open {
		c := b.newColumn(sel.Text, value.Unknown)
		return bound{expr: ref(c), typ: c.Type, col: c.ID}
	}
	all := make([]string, len(m.cols))
	for i, c := range m.cols {
		all[i] = c.Name
	}
	b.errorAdvice(sel.At(), codeUnknownColumn, didYouMean(sel.Text, all), "%s has no column %s", of, quoteName(sel.Text))
	return unknown(value.Unknown)
}

// nameExpr binds a name in a scalar place.
func (b *binder) nameExpr(n *syntax.Name) bound {
	if n.Wildcard {
		b.errorf(n.At(), codeScalar, "a name with * can only stand in project-away, project-keep, project-reorder and union")
		return unknown(value.Unknown)
	}
	if b.aggs == nil || b.aggs.inside > 0 {
		if x, ok := b.columnExpr(n.Text); ok {
			return x
		}
	}
	if sym := b.scope.find(n.Text); sym != nil {
		return b.symbolExpr(n, sym)
	}
	if b.search && b.row != nil {
		// a bare word in search is not a text
		b.search = false
		defer func() { b.search = true }()
	}
	if b.aggs != nil && b.aggs.inside == 0 {
		if _, ok := b.row.findAny(n.Text); ok {
			b.errorAdvice(n.At(), codeAggregate, "wrap it in an aggregate such as take_any(…), or add it to by",
				"the column %s stands outside of an aggregate", quoteName(n.Text))
			return unknown(value.Unknown)
		}
	}
	if sym := b.storedFunction(n.Text); sym != nil {
		if o := b.callFunction(sym, nil, n.At(), nil); o.table == nil {
			return o.val
		}
		b.errorf(n.At(), codeScalar, "%s gives a table where a single value is needed; take its first cell with toscalar(…)", quoteName(n.Text))
		return unknown(value.Unknown)
	}
	if _, ok := b.lookupTable(n.Text); ok {
		b.errorf(n.At(), codeScalar, "%s is a table; a single value is needed here", quoteName(n.Text))
		return unknown(value.Unknown)
	}
	if b.row != nil && b.row.open {
		c := b.newColumn(n.Text, value.Unknown)
		b.row.inferred = append(b.row.inferred, c)
		return bound{expr: ref(c), typ: value.Unknown, col: c.ID}
	}
	if fn.Lookup(n.Text) != nil {
		b.errorAdvice(n.At(), codeArguments, "write "+n.Text+"(…)", "%s is a function and needs its arguments in parentheses", quoteName(n.Text))
		return unknown(value.Unknown)
	}
	if b.row == nil {
		all := append(b.scope.names(func(s *symbol) bool { return s.members == nil }), b.cat.Tables()...)
		b.errorAdvice(n.At(), codeUnknownName, didYouMean(n.Text, all), "there is no variable or table %s", quoteName(n.Text))
		return unknown(value.Unknown)
	}
	b.unknownColumn(n.Text, n.At())
	return unknown(value.Unknown)
}

// unknownColumn reports a name that is no column of the current row.
func (b *binder) unknownColumn(name string, at syntax.Span) {
	if b.row.broken {
		return
	}
	all := append(b.row.names(), b.scope.names(func(s *symbol) bool { return s.value != nil })...)
	if b.right != nil {
		all = append(all, b.right.names()...)
	}
	b.errorAdvice(at, codeUnknownColumn, didYouMean(name, all), "there is no column %s", quoteName(name))
}

// columnExpr gives the column of the current row (of either side in the condition of a join).
func (b *binder) columnExpr(name string) (bound, bool) {
	c, ok := b.row.findAny(name)
	if !ok && b.right != nil {
		c, ok = b.right.findAny(name)
	}
	if !ok {
		return bound{}, false
	}
	return bound{expr: ref(c), typ: c.Type, col: c.ID}, true
}

// symbolExpr gives the value of a variable.
func (b *binder) symbolExpr(n *syntax.Name, sym *symbol) bound {
	switch {
	case sym.value != nil:
		if sym.level != b.level && !sym.fixed && sym.value.ok() && readsRow(sym.value.expr) {
			b.errorf(n.At(), codeConstant, "%s depends on the row and cannot be used inside a table", quoteName(n.Text))
			return unknown(sym.value.typ)
		}
		if b.search && sym.value.typ == value.String {
			if v := sym.value.constant(); v != nil {
				return b.searchText(v.S, n.At())
			}
		}
		x := *sym.value
		x.col, x.noop = 0, 0
		return x
	case sym.broken:
	case sym.fun != nil:
		if o := b.callFunction(sym.fun, nil, n.At(), nil); o.table == nil {
			return o.val
		}
		b.errorf(n.At(), codeScalar, "%s gives a table where a single value is needed; take its first cell with toscalar(…)", quoteName(n.Text))
	case sym.members != nil && sym.members.joined:
		return b.pack(fn.Lookup("bag_pack"), sym.members.cols)
	case sym.members != nil:
		b.errorf(n.At(), codeScalar, "%s has columns; name one of them as %s.column", quoteName(n.Text), n.Text)
	default:
		b.errorf(n.At(), codeScalar, "%s is a table where a single value is needed; take its first cell with toscalar(…)", quoteName(n.Text))
	}
	return unknown(value.Unknown)
}
