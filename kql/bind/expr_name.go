package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

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
	switch whole := key.typ == value.Long || key.typ == value.Int; {
	case base.shape == fn.ArrayOf && key.typ == value.String:
		b.errorf(e.Key.At(), codeType, "an element of an array has a number, not a name")
	case base.shape == fn.BagOf && whole:
		b.errorf(e.Key.At(), codeType, "an element of a property bag has a name, not a number")
	case base.shape == fn.Primitive:
		b.errorf(e.Key.At(), codeType, "%s has no elements", base.shape)
	}
	if c := key.constant(); c != nil && c.T == value.String {
		return b.operator(".", e.Key.At(), base, key)
	}
	return b.operator("[]", e.Key.At(), base, key)
}

func (b *binder) membersOf(n *syntax.Name) *members {
	switch {
	case n.Text == "$left" && b.row != nil && b.right != nil:
		return &members{cols: b.row.cols, open: b.row.open, of: b.row}
	case n.Text == "$right" && b.right != nil:
		return &members{cols: b.right.cols, open: b.right.open, of: b.right}
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
		if _, bad := selector.(*syntax.Bad); !bad {
			b.errorf(selector.At(), codeColumn, "the name of a column must follow %s.", of)
		}
		return unknown(value.Unknown)
	}
	for _, c := range m.cols {
		if c.Name == sel.Text {
			return bound{expr: ref(c), typ: c.Type, col: c.ID}
		}
	}
	if m.open && m.of != nil {
		c, ok := m.of.findAny(sel.Text)
		if !ok {
			c = b.infer(m.of, sel.Text, sel.At())
		}
		return bound{expr: ref(c), typ: c.Type, col: c.ID}
	}
	if m.open {
		return bound{expr: &plan.Lit{V: value.NullOf(value.Unknown)}, typ: value.Unknown}
	}
	all := make([]string, len(m.cols))
	for i, c := range m.cols {
		all[i] = c.Name
	}
	b.errorAdvice(sel.At(), codeUnknownColumn, didYouMean(sel.Text, all), "%s has no column %s", of, quoteName(sel.Text))
	return unknown(value.Unknown)
}

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
		if b.row.node == nil { // the elements of a graph, which are not of one table
			return bound{expr: &plan.Lit{V: value.NullOf(value.Unknown)}, typ: value.Unknown}
		}
		c := b.infer(b.row, n.Text, n.At())
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

func (b *binder) symbolExpr(n *syntax.Name, sym *symbol) bound {
	switch {
	case sym.value != nil:
		if !b.grow(sym) {
			return unknown(sym.value.typ)
		}
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
	case sym.members != nil && sym.members.element != "":
		return b.elementValue(sym.members.element)
	case sym.members != nil:
		b.errorf(n.At(), codeScalar, "%s has columns; name one of them as %s.column", quoteName(n.Text), n.Text)
	default:
		b.errorf(n.At(), codeScalar, "%s is a table where a single value is needed; take its first cell with toscalar(…)", quoteName(n.Text))
	}
	return unknown(value.Unknown)
}

// grow counts the parts of a variable that is put in place: one that is made of others, many times over, can be very large.
func (b *binder) grow(sym *symbol) bool {
	if sym.size == 0 {
		sym.size = sizeOf(sym.value.expr, maxNodes)
	}
	b.nodes += sym.size
	return b.fits()
}

// sizeOf counts the parts of an expression, up to a limit.
func sizeOf(e plan.Expr, limit int) int {
	n := 1
	if c, ok := e.(*plan.Call); ok {
		for _, a := range c.Args {
			if n > limit {
				break
			}
			n += sizeOf(a, limit-n)
		}
	}
	return n
}
