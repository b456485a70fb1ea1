package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// expansion binds what mv-expand and mv-apply have in common: the expanded columns, in place of the columns of their names.
func (b *binder) expansion(r *rel, items []*syntax.MvItem, limit syntax.Expr, params syntax.Params, op syntax.Op) plan.MvExpand {
	e := plan.MvExpand{Limit: -1}
	p := b.newProjection(len(r.cols) + len(items))
	p.carry(r)
	kind := b.optionWord(params, "bagexpansion", "bag", "array")
	if kind == "" {
		kind = b.optionWord(params, "kind", "bag", "array")
	}
	e.Array = kind == "array"
	at := map[plan.ColID]int{}
	b.over(r, func() {
		for _, it := range items {
			if it.X == nil { // a type alone: the language allows it, but does not say what it means
				b.refuse(it.At(), "%s needs something to expand", op.Keyword)
				continue
			}
			x := b.expr(it.X)
			if x.ok() && x.typ != value.Dynamic && x.typ != value.Unknown {
				b.errorAdvice(it.X.At(), codeType, "use parse_json(…) or split(…) to make one of a string", "%s needs a dynamic value, not %s", op.Keyword, x.typ)
			}
			to := value.Dynamic
			if it.To != nil && it.To.Type != nil && it.To.Type.Schema == nil {
				to = b.typeName(it.To.Type)
			}
			expr := x.expr
			if expr == nil {
				expr = &plan.Lit{V: value.NullOf(value.Dynamic)}
			}
			item := plan.MvItem{Col: b.newColumn("", to), Expr: b.convert(expr, value.Dynamic), To: to}
			at[item.Col.ID] = len(e.Items)
			e.Items = append(e.Items, item)
			// the element's column takes the place that the expression would have
			x.expr, x.tuple = ref(item.Col), nil
			if n, ok := it.X.(*syntax.Named); ok {
				b.addNamed(p, n, x, replacing, &to)
			} else {
				b.addBound(p, it.X, x, replacing, "", &to)
			}
		}
	})
	index := plan.ColID(0)
	if name := params.Word("with_itemindex"); name != "" {
		c := b.newColumn(name, value.Long)
		index = c.ID
		p.add(plan.Item{Col: c, Expr: ref(c)}, "", false)
	}
	if limit != nil {
		b.over(r, func() {
			if n, _, ok := b.whole(limit, "the limit of "+op.Keyword); ok {
				e.Limit = n
			}
		})
	} else if op.Keyword == "mvexpand" {
		e.Limit = 128
	}
	for _, it := range p.items {
		c := plan.MvCol{Col: it.Col, Item: -1}
		src := it.Expr.(*plan.Ref).ID
		if i, ok := at[src]; ok {
			c.Item = i
			e.Items[i].Col = it.Col
		} else if src == index {
			c.Index = true
		} else {
			c.Src = src
		}
		e.Out = append(e.Out, c)
	}
	return e
}

func (b *binder) mvExpand(r *rel, op *syntax.MvExpand) *rel {
	e := b.expansion(r, op.Items, op.Limit, op.Params, op.Op)
	visible := len(e.Out)
	for _, c := range r.hidden {
		e.Out = append(e.Out, plan.MvCol{Col: c, Src: c.ID, Item: -1})
	}
	node := plan.NewMvExpand(r.node, e)
	out := r.derive(node, node.Columns()[:visible:visible])
	out.hidden = r.hidden
	return out
}

// mvApply runs a subquery over the expansion of each row. Its columns follow the input's, but for those expanded as they are.
func (b *binder) mvApply(r *rel, op *syntax.MvApply) *rel {
	e := b.expansion(r, op.Items, op.Limit, op.Params, op.Op)
	e.Limit = max(e.Limit, -1)
	if op.ID != nil {
		b.expr(op.ID)
	}
	in := &plan.Input{Cols: e.Columns()}
	fed := &rel{node: in, cols: in.Cols, open: r.open, inferred: r.inferred, serialized: r.serialized, sorted: r.sorted}
	var sub *rel
	b.over(fed, func() { sub = b.sub(fed, op.Sub) })
	if sub.graph != nil || len(sub.results) > 0 {
		b.errorf(op.Sub.At(), codeTabular, "the subquery of mv-apply must give one table")
		sub = b.brokenTable()
	}
	applied := map[plan.ColID]bool{}
	b.over(r, func() {
		for _, it := range op.Items {
			if n, ok := it.X.(*syntax.Name); ok {
				if c, ok := r.find(n.Text); ok {
					applied[c.ID] = true
				}
			}
		}
	})
	p := b.newProjection(len(r.cols) + len(sub.cols))
	right := map[plan.ColID]bool{}
	for _, it := range refs(r.cols) {
		if !applied[it.Col.ID] {
			p.add(it, "", false)
			p.doNotAdd(it.Col.ID)
		}
	}
	for _, it := range refs(sub.cols) {
		right[it.Col.ID] = !p.skip[it.Col.ID]
		p.add(it, "", true)
	}
	node := plan.MvApply{Expand: &e, SubInput: in, Sub: sub.node}
	for _, it := range p.items {
		src := it.Expr.(*plan.Ref).ID
		node.Carry = append(node.Carry, plan.JoinCol{Col: it.Col, Right: right[src], Src: src})
	}
	out := r.derive(plan.NewMvApply(r.node, node), columnsOf(p.items))
	out.open = r.open || sub.open
	out.broken = r.broken || sub.broken
	return out
}
