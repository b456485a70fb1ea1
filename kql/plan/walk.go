package plan

// Exprs gives pointers to all expressions of n itself (not of its inputs), so that a rewrite can replace them in place.
func Exprs(n Node) []*Expr {
	var out []*Expr
	items := func(items []Item) {
		for i := range items {
			out = append(out, &items[i].Expr)
		}
	}
	list := func(es []Expr) {
		for i := range es {
			out = append(out, &es[i])
		}
	}
	some := func(es ...*Expr) {
		for _, e := range es {
			if *e != nil {
				out = append(out, e)
			}
		}
	}
	switch n := n.(type) {
	case *Range:
		some(&n.From, &n.To, &n.Step)
	case *Filter:
		some(&n.Pred)
	case *Project:
		items(n.Items)
	case *Aggregate:
		items(n.Keys)
		for i := range n.Aggs {
			list(n.Aggs[i].Args)
		}
	case *Sort:
		for i := range n.Keys {
			some(&n.Keys[i].Expr)
		}
	case *Join:
		for i := range n.On {
			some(&n.On[i].L, &n.On[i].R)
		}
	case *MvExpand:
		for i := range n.Items {
			some(&n.Items[i].Expr)
		}
	case *MvApply:
		for i := range n.Expand.Items {
			some(&n.Expand.Items[i].Expr)
		}
	case *Parse:
		some(&n.Expr)
	case *ParseKv:
		some(&n.Expr)
	case *MakeSeries:
		items(n.Keys)
		for i := range n.Aggs {
			list(n.Aggs[i].Agg.Args)
			some(&n.Aggs[i].Default)
		}
		some(&n.On, &n.From, &n.To, &n.Step)
	case *Partition:
		some(&n.Key)
	case *Evaluate:
		list(n.Args)
	case *Generic:
		if s, ok := n.Spec.(interface{ Exprs() []*Expr }); ok {
			out = append(out, s.Exprs()...)
		}
	}
	return out
}

// Subplans gives the trees that n runs over its own rows (mv-apply, partition, and operators whose Spec has a method Subplans).
func Subplans(n Node) []Node {
	switch n := n.(type) {
	case *MvApply:
		return []Node{n.Sub}
	case *Partition:
		return []Node{n.Sub}
	case *Generic:
		if s, ok := n.Spec.(interface{ Subplans() []Node }); ok {
			return s.Subplans()
		}
	}
	return nil
}

// Walk calls f for n and for every node below it: inputs, subplans, and the tables inside expressions. A Shared that several nodes
// point to is told each time, but what is below it only once.
func Walk(n Node, f func(Node)) { walk(n, f, map[Node]bool{}) }

func walk(n Node, f func(Node), seen map[Node]bool) {
	if n == nil {
		return
	}
	f(n)
	if seen[n] {
		return
	}
	seen[n] = true
	for _, in := range n.Inputs() {
		walk(in, f, seen)
	}
	for _, sub := range Subplans(n) {
		walk(sub, f, seen)
	}
	for _, e := range Exprs(n) {
		WalkExpr(*e, func(e Expr) {
			switch e := e.(type) {
			case *ScalarQuery:
				walk(e.In, f, seen)
			case *ListQuery:
				walk(e.In, f, seen)
			}
		})
	}
}

// WalkExpr calls f for e and every expression inside it, outer ones first. It does not enter tables.
func WalkExpr(e Expr, f func(Expr)) {
	if e == nil {
		return
	}
	f(e)
	if c, ok := e.(*Call); ok {
		for _, a := range c.Args {
			WalkExpr(a, f)
		}
	}
}

// MapExpr rebuilds e from the inside out: f is asked for each expression, after its arguments were mapped, and gives what stands in
// its place. What does not change is not copied.
func MapExpr(e Expr, f func(Expr) Expr) Expr {
	c, ok := e.(*Call)
	if !ok {
		return f(e)
	}
	args := c.Args
	for i, a := range c.Args {
		if m := MapExpr(a, f); m != a {
			if &args[0] == &c.Args[0] {
				args = append([]Expr(nil), c.Args...)
			}
			args[i] = m
		}
	}
	if len(args) > 0 && &args[0] != &c.Args[0] {
		c = &Call{Fn: c.Fn, Args: args, T: c.T}
	}
	return f(c)
}

// Refs adds the columns that e reads to set.
func Refs(e Expr, set map[ColID]bool) {
	WalkExpr(e, func(e Expr) {
		if r, ok := e.(*Ref); ok {
			set[r.ID] = true
		}
	})
}
