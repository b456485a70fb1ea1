package plan

// columns is a set of columns; nil means all there are.
type columns map[ColID]bool

func (c columns) has(id ColID) bool { return c == nil || c[id] }

// with gives the set with the columns that the expressions read.
func (c columns) with(es ...Expr) columns {
	if c == nil {
		return nil
	}
	out := make(columns, len(c))
	for id := range c {
		out[id] = true
	}
	for _, e := range es {
		Refs(e, out)
	}
	return out
}

// prune is the rule of that name.
func (o *optimizer) prune(n Node) Node {
	o.need(n, nil)
	return n
}

// need drops what is not in want from n and below. A node always keeps one column, so that rows keep a shape.
func (o *optimizer) need(n Node, want columns) {
	if o.fenced(n) {
		want = nil
		if o.done[n] {
			return
		}
		o.done[n] = true
	}
	for _, e := range Exprs(n) {
		WalkExpr(*e, func(e Expr) {
			switch e := e.(type) {
			case *ScalarQuery:
				o.need(e.In, firstColumn(e.In))
			case *ListQuery:
				o.need(e.In, firstColumn(e.In))
			}
		})
	}
	switch n := n.(type) {
	case *Scan:
		o.scan(n, want)
	case *Filter:
		o.need(n.In, want.with(n.Pred))
	case *Sort:
		for _, k := range n.Keys {
			want = want.with(k.Expr)
		}
		o.need(n.In, want)
	case *Limit:
		o.need(n.In, want)
	case *Serialize:
		o.need(n.In, want)
	case *Project:
		n.Items = keep(n.Items, func(it Item) bool { return want.has(it.Col.ID) })
		o.need(n.In, columns{}.with(itemExprs(n.Items)...))
	case *Aggregate:
		n.Aggs = keepAny(n.Aggs, len(n.Keys) == 0, func(a AggItem) bool { return anyWanted(a.Cols, want) })
		es := itemExprs(n.Keys)
		for i := range n.Aggs {
			slim(&n.Aggs[i], want)
			es = append(es, n.Aggs[i].Args...)
		}
		o.need(n.In, columns{}.with(es...))
	case *Join:
		o.join(n, want)
	case *Union:
		o.union(n, want)
	case *MvExpand:
		n.Out = keep(n.Out, func(c MvCol) bool { return want.has(c.Col.ID) })
		o.need(n.In, expandNeeds(n))
	case *Parse:
		n.Out = keep(n.Out, func(c JoinCol) bool { return want.has(c.Col.ID) })
		o.need(n.In, sources(n.Out, false).with(n.Expr))
	case *ParseKv:
		n.Out = keep(n.Out, func(c JoinCol) bool { return want.has(c.Col.ID) })
		o.need(n.In, sources(n.Out, false).with(n.Expr))
	case *MakeSeries:
		es := append(itemExprs(n.Keys), n.On)
		for _, a := range n.Aggs {
			es = append(es, a.Agg.Args...)
		}
		o.need(n.In, columns{}.with(es...))
	case *MvApply:
		o.mvApply(n, want)
	case *Input:
		if o.inputs[n] = merged(o.inputs[n], want); want == nil {
			o.whole[n] = true
		}
	case *Partition:
		o.need(n.Sub, nil)
		o.need(n.In, nil)
	case *Sample:
		if n.Distinct {
			want = nil
		}
		o.need(n.In, want)
	default:
		for _, in := range n.Inputs() {
			o.need(in, nil)
		}
	}
}

// slim drops from arg_max and arg_min the columns that come along for nobody.
func slim(a *AggItem, want columns) {
	if a.Fn.Name != "arg_max" && a.Fn.Name != "arg_min" || len(a.Args) != len(a.Cols) {
		return
	}
	args, cols := a.Args, a.Cols
	a.Args, a.Cols = nil, nil
	for i, c := range cols {
		if i == 0 || want.has(c.ID) {
			a.Args, a.Cols = append(a.Args, args[i]), append(a.Cols, c)
		}
	}
}

func (o *optimizer) scan(n *Scan, want columns) {
	if want == nil {
		return
	}
	cols, source := n.Cols, n.Source
	n.Cols, n.Source = nil, nil
	for i, c := range cols {
		if want.has(c.ID) {
			n.Cols, n.Source = append(n.Cols, c), append(n.Source, source[i])
		}
	}
	if len(n.Cols) == 0 && len(cols) > 0 {
		n.Cols, n.Source = cols[:1], source[:1]
		for i, c := range cols {
			if c.ID == n.TimeCol {
				n.Cols, n.Source = cols[i:i+1], source[i:i+1]
			}
		}
	}
}

func (o *optimizer) join(n *Join, want columns) {
	n.Out = keep(n.Out, func(c JoinCol) bool { return want.has(c.Col.ID) })
	l, r := sources(n.Out, false), sources(n.Out, true)
	for _, k := range n.On {
		l, r = l.with(k.L), r.with(k.R)
	}
	o.need(n.Left, l)
	o.need(n.Right, r)
}

func (o *optimizer) union(n *Union, want columns) {
	var at []int
	for i, c := range n.Cols {
		if want.has(c.ID) {
			at = append(at, i)
		}
	}
	if len(at) == 0 && len(n.Cols) > 0 {
		at = []int{0}
	}
	n.Cols = pick(n.Cols, at)
	place := make(map[int]int, len(at))
	for i, k := range at {
		place[k] = i
	}
	for i, in := range n.Ins {
		leg, set := Leg{}, columns{}
		for k, id := range n.Map[i] {
			if to, ok := place[k]; ok {
				leg[to], set[id] = id, true
			}
		}
		n.Map[i] = leg
		o.need(in, set)
	}
}

// mvApply drops from the rows that are fed to the subplan what it does not read.
func (o *optimizer) mvApply(n *MvApply, want columns) {
	n.Carry = keep(n.Carry, func(c JoinCol) bool { return want.has(c.Col.ID) })
	o.need(n.Sub, sources(n.Carry, true))
	if o.whole[n.SubInput] {
		o.need(n.In, nil)
		return
	}
	n.SubInput.Cols = keep(n.SubInput.Cols, func(c Column) bool { return o.inputs[n.SubInput][c.ID] })
	fed := columns{}
	for _, c := range n.SubInput.Cols {
		fed[c.ID] = true
	}
	expanded := columns{}
	for _, c := range n.Expand.Out {
		expanded[c.Col.ID] = true
	}
	n.Expand.Out = keep(n.Expand.Out, func(c MvCol) bool { return fed[c.Col.ID] })
	below := merged(sources(n.Carry, false), expandNeeds(n.Expand))
	for id := range fed {
		if !expanded[id] {
			below[id] = true
		}
	}
	o.need(n.In, below)
}

func merged(a, b columns) columns {
	out := columns{}
	for id := range a {
		out[id] = true
	}
	for id := range b {
		out[id] = true
	}
	return out
}

func expandNeeds(n *MvExpand) columns {
	set := columns{}
	for _, it := range n.Items {
		set = set.with(it.Expr)
	}
	for _, c := range n.Out {
		if c.Item < 0 && !c.Index {
			set[c.Src] = true
		}
	}
	return set
}

func sources(out []JoinCol, right bool) columns {
	set := columns{}
	for _, c := range out {
		if c.Right == right {
			set[c.Src] = true
		}
	}
	return set
}

func firstColumn(n Node) columns {
	if cols := n.Columns(); len(cols) > 0 {
		return columns{cols[0].ID: true}
	}
	return nil
}

func anyWanted(cols []Column, want columns) bool {
	for _, c := range cols {
		if want.has(c.ID) {
			return true
		}
	}
	return false
}

func itemExprs(items []Item) []Expr {
	es := make([]Expr, len(items))
	for i, it := range items {
		es[i] = it.Expr
	}
	return es
}

// keep gives the elements that ok accepts, and the first one where it accepts none.
func keep[T any](list []T, ok func(T) bool) []T { return keepAny(list, true, ok) }

func keepAny[T any](list []T, one bool, ok func(T) bool) []T {
	var out []T
	for _, x := range list {
		if ok(x) {
			out = append(out, x)
		}
	}
	if len(out) == 0 && one && len(list) > 0 {
		out = list[:1]
	}
	return out
}

func pick[T any](list []T, at []int) []T {
	out := make([]T, len(at))
	for i, k := range at {
		out[i] = list[k]
	}
	return out
}
