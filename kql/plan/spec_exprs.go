package plan

// The Specs of Generic nodes tell Exprs their expressions.

// Exprs gives the expressions over the input's columns, and By over those of the level's aggregates.
func (s *TopNested) Exprs() []*Expr {
	var out []*Expr
	for i := range s.Levels {
		l := &s.Levels[i]
		out = append(out, &l.Of.Expr)
		if l.Others != nil {
			out = append(out, &l.Others)
		}
		for a := range l.Aggs {
			for k := range l.Aggs[a].Args {
				out = append(out, &l.Aggs[a].Args[k])
			}
		}
		out = append(out, &l.By.Expr)
	}
	return out
}

// Exprs gives Of and Weight.
func (s *TopHitters) Exprs() []*Expr {
	out := []*Expr{&s.Of.Expr}
	if s.Weight != nil {
		out = append(out, &s.Weight)
	}
	return out
}

// Exprs gives the expression that is reduced.
func (s *Reduce) Exprs() []*Expr { return []*Expr{&s.Expr} }

// Exprs gives defaults, keys, conditions and assignments.
func (s *ScanOp) Exprs() []*Expr {
	var out []*Expr
	for i := range s.Declared {
		if s.Declared[i].Default != nil {
			out = append(out, &s.Declared[i].Default)
		}
	}
	for i := range s.Order {
		out = append(out, &s.Order[i].Expr)
	}
	for i := range s.Keys {
		out = append(out, &s.Keys[i])
	}
	for i := range s.Steps {
		out = append(out, &s.Steps[i].Cond)
		for k := range s.Steps[i].Set {
			out = append(out, &s.Steps[i].Set[k].Expr)
		}
	}
	return out
}

func (g *Graph) exprs() []*Expr {
	var out []*Expr
	for i := range g.Steps {
		if g.Steps[i].Pred != nil {
			out = append(out, &g.Steps[i].Pred)
		}
	}
	return out
}

// Exprs gives the conditions on nodes and edges, on matches, and what is projected.
func (s *GraphMatch) Exprs() []*Expr {
	out := s.Graph.exprs()
	if s.Where != nil {
		out = append(out, &s.Where)
	}
	for i := range s.Project {
		out = append(out, &s.Project[i].Expr)
	}
	return out
}

// Exprs gives the conditions on nodes and edges.
func (s *GraphTable) Exprs() []*Expr { return s.Graph.exprs() }
