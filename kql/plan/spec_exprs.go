package plan

// The methods Exprs give pointers to all expressions of a Spec, for Exprs of this package.

func itemPtrs(items []Item) []*Expr {
	out := make([]*Expr, len(items))
	for i := range items {
		out[i] = &items[i].Expr
	}
	return out
}

func exprPtrs(es []Expr) []*Expr {
	out := make([]*Expr, len(es))
	for i := range es {
		out[i] = &es[i]
	}
	return out
}

// present drops the pointers to what is not there.
func present(ps []*Expr) []*Expr {
	out := ps[:0]
	for _, p := range ps {
		if *p != nil {
			out = append(out, p)
		}
	}
	return out
}

// Exprs gives the expressions of all levels. Those of By are over the aggregates' columns, not over the input's.
func (s *TopNested) Exprs() []*Expr {
	var out []*Expr
	for i := range s.Levels {
		l := &s.Levels[i]
		out = append(out, &l.Of.Expr, &l.Others, &l.By.Expr)
		for j := range l.Aggs {
			out = append(out, exprPtrs(l.Aggs[j].Args)...)
		}
	}
	return present(out)
}

// Exprs gives the value's and the weight's expression.
func (s *TopHitters) Exprs() []*Expr { return present([]*Expr{&s.Of.Expr, &s.Weight}) }

// Exprs gives the expression of the text.
func (s *Reduce) Exprs() []*Expr { return present([]*Expr{&s.Expr}) }

// Exprs gives the order, the partition, the defaults and the steps' conditions and values.
func (s *ScanOp) Exprs() []*Expr {
	var out []*Expr
	for i := range s.Order {
		out = append(out, &s.Order[i].Expr)
	}
	out = append(out, exprPtrs(s.Keys)...)
	for i := range s.Declared {
		out = append(out, &s.Declared[i].Default)
	}
	for i := range s.Steps {
		out = append(out, &s.Steps[i].Cond)
		out = append(out, itemPtrs(s.Steps[i].Set)...)
	}
	return present(out)
}

func (g *Graph) exprs() []*Expr {
	var out []*Expr
	for i := range g.Where {
		out = append(out, &g.Where[i].Pred)
	}
	return out
}

// Exprs gives the conditions and the output's expressions, which are over the elements' columns.
func (s *GraphMatch) Exprs() []*Expr {
	out := append(s.Graph.exprs(), &s.Where)
	return present(append(out, itemPtrs(s.Project)...))
}

// Exprs gives the conditions on nodes and edges.
func (s *GraphTable) Exprs() []*Expr { return present(s.Graph.exprs()) }
