package plan

// pushdown is the rule filter-pushdown.
func (o *optimizer) pushdown(n Node) Node { return o.push(n, nil) }

// push gives n with preds applied to its output, as far down as they can go.
func (o *optimizer) push(n Node, preds []Expr) Node {
	if o.fenced(n) {
		o.below(n, o.pushdown)
		return filtered(n, preds)
	}
	for _, e := range Exprs(n) {
		o.inExpr(*e, o.pushdown)
	}
	switch n := n.(type) {
	case *Filter:
		if Windowed(n.Pred) {
			n.In = o.push(n.In, nil)
			return filtered(n, preds)
		}
		return o.push(n.In, append(Conjuncts(n.Pred), preds...))
	case *Project:
		if anyWindowed(n.Items) {
			break
		}
		subst := make(map[ColID]Expr, len(n.Items))
		for _, it := range n.Items {
			switch it.Expr.(type) {
			case *Ref, *Lit:
				subst[it.Col.ID] = it.Expr
			}
		}
		down, stay := through(preds, subst)
		n.In = o.push(n.In, down)
		return filtered(n, stay)
	case *Sort:
		if n.N < 0 && !windowedSort(n) {
			n.In = o.push(n.In, preds)
			return n
		}
	case *Serialize:
		n.In = o.push(n.In, preds)
		return n
	case *Aggregate:
		if len(n.Keys) == 0 {
			break
		}
		subst := map[ColID]Expr{}
		for _, k := range n.Keys {
			if r, ok := k.Expr.(*Ref); ok {
				subst[k.Col.ID] = r
			}
		}
		down, stay := through(preds, subst)
		n.In = o.push(n.In, down)
		return filtered(n, stay)
	case *Union:
		legs, stay := o.legPreds(n, preds)
		for i, in := range n.Ins {
			n.Ins[i] = o.push(in, legs.leg(i))
		}
		return filtered(n, stay)
	case *Join:
		return o.pushJoin(n, preds)
	case *MvExpand:
		subst := map[ColID]Expr{}
		for _, c := range n.Out {
			if c.Item < 0 && !c.Index {
				subst[c.Col.ID] = &Ref{ID: c.Src, T: c.Col.Type}
			}
		}
		down, stay := through(preds, subst)
		n.In = o.push(n.In, down)
		return filtered(n, stay)
	case *MvApply:
		down, stay := through(preds, carried(n.Carry, false))
		n.In, n.Sub = o.push(n.In, down), o.push(n.Sub, nil)
		return filtered(n, stay)
	case *Parse:
		down, stay := through(preds, carried(n.Out, false))
		n.In = o.push(n.In, down)
		return filtered(n, stay)
	case *ParseKv:
		down, stay := through(preds, carried(n.Out, false))
		n.In = o.push(n.In, down)
		return filtered(n, stay)
	}
	for i, in := range n.Inputs() {
		n.SetInput(i, o.push(in, nil))
	}
	o.belowExprs(n, o.pushdown)
	return filtered(n, preds)
}

func windowedSort(n *Sort) bool {
	for _, k := range n.Keys {
		if Windowed(k.Expr) {
			return true
		}
	}
	return false
}

// pushJoin sends a predicate to the side that alone gives its columns, where dropping a row early cannot make another appear.
func (o *optimizer) pushJoin(n *Join, preds []Expr) Node {
	var l, r, stay = []Expr(nil), []Expr(nil), preds
	switch n.Kind {
	case Inner, LeftOuter, LeftSemi, LeftAnti:
		l, stay = through(stay, carried(n.Out, false))
	case InnerUnique: // the first row of each key must stay the first: whole keys may go, single rows not
		keys := carried(n.Out, false)
		for id, e := range keys {
			if !isKey(n.On, e.(*Ref).ID) {
				delete(keys, id)
			}
		}
		l, stay = through(stay, keys)
	}
	switch n.Kind {
	case Inner, InnerUnique, RightOuter, RightSemi, RightAnti:
		r, stay = through(stay, carried(n.Out, true))
	}
	n.Left, n.Right = o.push(n.Left, l), o.push(n.Right, r)
	return filtered(n, stay)
}

func isKey(on []JoinKey, id ColID) bool {
	for _, k := range on {
		if r, ok := k.L.(*Ref); ok && r.ID == id {
			return true
		}
	}
	return false
}

// carried maps a join's output columns of one side to that side's columns.
func carried(out []JoinCol, right bool) map[ColID]Expr {
	subst := map[ColID]Expr{}
	for _, c := range out {
		if c.Right == right {
			subst[c.Col.ID] = &Ref{ID: c.Src, T: c.Col.Type}
		}
	}
	return subst
}

// through rewrites the predicates that read only columns of subst, and gives the others as they are.
func through(preds []Expr, subst map[ColID]Expr) (down, stay []Expr) {
	for _, p := range preds {
		refs := map[ColID]bool{}
		Refs(p, refs)
		ok := true
		for id := range refs {
			ok = ok && subst[id] != nil
		}
		if !ok || isVolatile(p) {
			stay = append(stay, p)
			continue
		}
		down = append(down, MapExpr(p, func(e Expr) Expr {
			if r, ok := e.(*Ref); ok {
				return subst[r.ID]
			}
			return e
		}))
	}
	return down, stay
}

func isVolatile(e Expr) bool {
	found := false
	WalkExpr(e, func(e Expr) {
		if c, ok := e.(*Call); ok && Volatile(c.Fn) {
			found = true
		}
	})
	return found
}

// filtered puts preds over n, a filter each, the first one at the bottom.
func filtered(n Node, preds []Expr) Node {
	for _, p := range preds {
		n = NewFilter(n, p)
	}
	return n
}
