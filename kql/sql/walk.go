package sql

// Scans gives the stored tables that q reads, in the order in which they stand in it.
func Scans(q *Query) []Scan {
	var out []Scan
	walkSelect(q.Root, func(f From) {
		if s, ok := f.(Scan); ok {
			out = append(out, s)
		}
	})
	return out
}

func walkSelect(s *Select, f func(From)) {
	if s == nil {
		return
	}
	for _, c := range s.With {
		walkSelect(c.Q, f)
	}
	for _, u := range s.Union {
		walkSelect(u, f)
	}
	es := []Expr{s.Where, s.Having, s.Qualify}
	for _, it := range s.Items {
		es = append(es, it.X)
	}
	es = append(es, s.GroupBy...)
	for _, o := range s.OrderBy {
		es = append(es, o.X)
	}
	walkFrom(s.From, f)
	walkExprs(es, f)
}

func walkFrom(from From, f func(From)) {
	if from == nil {
		return
	}
	f(from)
	switch from := from.(type) {
	case Sub:
		walkSelect(from.Q, f)
	case Join:
		walkFrom(from.L, f)
		walkFrom(from.R, f)
		walkExprs([]Expr{from.On}, f)
	}
}

// walkExprs finds the subqueries inside expressions.
func walkExprs(es []Expr, f func(From)) {
	for _, e := range es {
		switch e := e.(type) {
		case Call:
			walkExprs(e.Args, f)
			walkExprs([]Expr{e.Filter}, f)
		case Binary:
			walkExprs([]Expr{e.L, e.R}, f)
		case Not:
			walkExprs([]Expr{e.X}, f)
		case IsNull:
			walkExprs([]Expr{e.X}, f)
		case Cast:
			walkExprs([]Expr{e.X}, f)
		case In:
			walkExprs([]Expr{e.X}, f)
			walkExprs(e.List, f)
		case InQuery:
			walkExprs([]Expr{e.X}, f)
			walkSelect(e.Q, f)
		case Case:
			for _, w := range e.Whens {
				walkExprs([]Expr{w.If, w.Then}, f)
			}
			walkExprs([]Expr{e.Else}, f)
		case Scalar:
			walkSelect(e.Q, f)
		case Window:
			walkExprs(e.F.Args, f)
			walkExprs(e.Partition, f)
		}
	}
}
