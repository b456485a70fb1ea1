package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// joinKinds are the names of the flavours, old ones among them.
var joinKinds = map[string]plan.JoinKind{"": plan.InnerUnique, "innerunique": plan.InnerUnique, "inner": plan.Inner, "leftouter": plan.LeftOuter,
	"rightouter": plan.RightOuter, "fullouter": plan.FullOuter, "leftsemi": plan.LeftSemi, "rightsemi": plan.RightSemi, "leftanti": plan.LeftAnti,
	"anti": plan.LeftAnti, "leftantisemi": plan.LeftAnti, "rightanti": plan.RightAnti, "rightantisemi": plan.RightAnti}

// joinSides binds the right side and the conditions of join and lookup.
func (b *binder) joinSides(r *rel, right syntax.Expr, on []syntax.Expr, where syntax.Expr, op syntax.Op) (*rel, []plan.JoinKey, []plan.ColID) {
	var rr *rel
	b.apart(func() { rr = b.table(right) })
	if rr.graph != nil || len(rr.results) > 0 {
		b.errorf(right.At(), codeTabular, "a table is needed here")
		rr = b.brokenTable()
	}
	if sharesColumns(r, rr) {
		rr = b.renewed(rr)
	}
	var keys []plan.JoinKey
	var rightKeys []plan.ColID
	row, rightRow, aggs := b.row, b.right, b.aggs
	b.row, b.right, b.aggs = r, rr, nil
	for _, e := range on {
		b.joinCondition(e, &keys, &rightKeys)
	}
	if where != nil {
		x := b.predicate(where, "the condition of "+op.Keyword)
		if x.ok() {
			b.refuse(where.At(), "%s with where is not supported; write %s … on keys, then | where", op.Keyword, op.Keyword)
		}
	}
	b.row, b.right, b.aggs = row, rightRow, aggs
	if len(on) == 0 && where == nil {
		b.errorf(op.KeywordAt, codeJoin, "%s needs its keys: on column, or on $left.a == $right.b", op.Keyword)
	}
	return rr, keys, rightKeys
}

// sharesColumns reports whether a column has one identity on both sides.
func sharesColumns(l, r *rel) bool {
	if len(l.cols) == 0 || len(r.cols) == 0 {
		return false
	}
	ids := make(map[plan.ColID]bool, len(l.cols))
	for _, c := range l.cols {
		ids[c.ID] = true
	}
	for _, c := range r.cols {
		if ids[c.ID] {
			return true
		}
	}
	return false
}

// joinCondition adds the keys of one condition: a name that both sides have, $left.a == $right.b, or several joined by and.
func (b *binder) joinCondition(e syntax.Expr, keys *[]plan.JoinKey, rightKeys *[]plan.ColID) {
	switch e := e.(type) {
	case *syntax.Paren:
		b.joinCondition(e.X, keys, rightKeys)
		return
	case *syntax.Name:
		b.joinColumn(e, keys, rightKeys)
		return
	case *syntax.Binary:
		switch e.Op {
		case "and":
			b.joinCondition(e.X, keys, rightKeys)
			b.joinCondition(e.Y, keys, rightKeys)
			return
		case "==", "=":
			l, lok := b.joinOperand(e.X, "$left")
			r, rok := b.joinOperand(e.Y, "$right")
			if lok && rok {
				b.joinKey(l, r, e, keys)
				*rightKeys = append(*rightKeys, r.col)
			}
			return
		}
	}
	if e.At().Len() > 0 {
		b.errorAdvice(e.At(), codeJoin, "put other conditions after the join: | where …", "a join compares columns for equality: on column, or on $left.a == $right.b")
	}
}

// joinOperand binds $left.a or $right.b.
func (b *binder) joinOperand(e syntax.Expr, side string) (bound, bool) {
	for {
		p, ok := e.(*syntax.Paren)
		if !ok {
			break
		}
		e = p.X
	}
	if p, ok := e.(*syntax.Path); ok {
		if n, ok := p.Base.(*syntax.Name); ok && n.Text == side {
			x := b.path(p)
			return x, x.ok()
		}
	}
	if e.At().Len() > 0 {
		b.errorf(e.At(), codeJoin, "%s.column is needed here: on $left.a == $right.b", side)
	}
	return bound{}, false
}

// joinColumn adds a key that has one name on both sides.
func (b *binder) joinColumn(n *syntax.Name, keys *[]plan.JoinKey, rightKeys *[]plan.ColID) {
	side := func(r *rel, other string) (bound, bool) {
		if c, ok := r.findAny(n.Text); ok {
			return bound{expr: ref(c), typ: c.Type, col: c.ID}, true
		}
		if r.open {
			c := b.infer(r, n.Text, n.At())
			return bound{expr: ref(c), typ: c.Type, col: c.ID}, true
		}
		if !r.broken {
			b.errorAdvice(n.At(), codeJoin, didYouMean(n.Text, r.names()), "the %s side of the join has no column %s", other, quoteName(n.Text))
		}
		return bound{}, false
	}
	l, lok := side(b.row, "left")
	r, rok := side(b.right, "right")
	if lok && rok {
		b.joinKey(l, r, n, keys)
		*rightKeys = append(*rightKeys, r.col)
	}
}

// joinKey adds an equality. Both sides are of one type, but for int beside long.
func (b *binder) joinKey(l, r bound, e syntax.Expr, keys *[]plan.JoinKey) {
	for _, t := range []value.Type{l.typ, r.typ} {
		if t == value.Dynamic {
			b.errorAdvice(e.At(), codeJoin, "extend a column with tostring(…) on both sides and join on that", "dynamic values cannot be joined on")
			return
		}
	}
	t := l.typ
	switch {
	case l.typ == r.typ, l.typ == value.Unknown, r.typ == value.Unknown:
		if t == value.Unknown {
			t = r.typ
		}
	case promoted(l.typ) == promoted(r.typ):
		t = value.Long
	default:
		b.errorAdvice(e.At(), codeJoin, "convert one of them before the join", "the keys are of different types: %s and %s", l.typ, r.typ)
		return
	}
	*keys = append(*keys, plan.JoinKey{L: b.convert(l.expr, t), R: b.convert(r.expr, t)})
}

// join puts out the columns of both sides, the right keys too; a name that is taken gets a number.
func (b *binder) join(r *rel, op *syntax.Join) *rel {
	word := op.Params.Word("kind")
	kind, ok := joinKinds[word]
	if !ok {
		b.errorf(op.Params.Get("kind").At(), codeUnknownOption,
			"there is no join kind %s; the kinds are innerunique, inner, leftouter, rightouter, fullouter, leftsemi, leftanti, rightsemi and rightanti", word)
	}
	rr, keys, _ := b.joinSides(r, op.Right, op.On, op.Where, op.Op)
	node := &plan.Join{Kind: kind, Left: r.node, Right: rr.node, On: keys}
	if b.foreign == nil && b.quiet == 0 {
		b.joins[node] = op.KeywordAt
	}
	var cols []plan.Column
	var sides []bool
	if kind != plan.RightSemi && kind != plan.RightAnti {
		cols = append(cols, r.cols...)
		sides = make([]bool, len(r.cols))
	}
	if kind != plan.LeftSemi && kind != plan.LeftAnti {
		cols = append(cols, rr.cols...)
		for range rr.cols {
			sides = append(sides, true)
		}
	}
	return b.joined(node, r, rr, cols, sides, kind)
}

// joined completes a join with its output columns.
func (b *binder) joined(node *plan.Join, r, rr *rel, cols []plan.Column, sides []bool, kind plan.JoinKind) *rel {
	node.Out = make([]plan.JoinCol, len(cols))
	for i, c := range cols {
		node.Out[i] = plan.JoinCol{Right: sides[i], Src: c.ID}
	}
	uniqueColumns(cols)
	for i, c := range cols {
		node.Out[i].Col = c
	}
	out := &rel{node: node, cols: cols, broken: r.broken || rr.broken}
	if kind != plan.RightSemi && kind != plan.RightAnti {
		out.open = r.open
	}
	if kind != plan.LeftSemi && kind != plan.LeftAnti {
		out.open = out.open || rr.open
	}
	// What a side hides can still be named, where it is put out at all; of both sides, that of the left.
	hide := func(side *rel, right bool) {
		for _, c := range side.hidden {
			if _, taken := out.findAny(c.Name); !taken {
				node.Out = append(node.Out, plan.JoinCol{Col: c, Right: right, Src: c.ID})
				out.hidden = append(out.hidden, c)
			}
		}
	}
	if kind != plan.RightSemi && kind != plan.RightAnti {
		hide(r, false)
	}
	if kind != plan.LeftSemi && kind != plan.LeftAnti {
		hide(rr, true)
	}
	return out
}

// lookup is a left outer (or inner) join without the right keys.
func (b *binder) lookup(r *rel, op *syntax.Lookup) *rel {
	kind := plan.LeftOuter
	switch word := op.Params.Word("kind"); word {
	case "", "leftouter":
	case "inner":
		kind = plan.Inner
	default:
		b.errorf(op.Params.Get("kind").At(), codeUnknownOption, "there is no lookup kind %s; the kinds are leftouter and inner", word)
	}
	rr, keys, rightKeys := b.joinSides(r, op.Right, op.On, op.Where, op.Op)
	node := &plan.Join{Kind: kind, Left: r.node, Right: rr.node, On: keys}
	cols := append([]plan.Column(nil), r.cols...)
	sides := make([]bool, len(r.cols))
next:
	for _, c := range rr.cols {
		for _, k := range rightKeys {
			if k == c.ID {
				continue next
			}
		}
		cols = append(cols, c)
		sides = append(sides, true)
	}
	return b.joined(node, r, rr, cols, sides, kind)
}
