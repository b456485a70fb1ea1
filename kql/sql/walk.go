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
		Subqueries(e, func(s *Select) { walkSelect(s, f) })
	}
}

// Subqueries calls f with each subquery that stands in e, those inside of them not counted.
func Subqueries(e Expr, f func(*Select)) {
	switch e := e.(type) {
	case InQuery:
		f(e.Q)
	case Scalar:
		f(e.Q)
	}
	Parts(e, func(p Expr) { Subqueries(p, f) })
}

// Parts calls f with each expression directly inside e.
func Parts(e Expr, f func(Expr)) {
	all := func(es ...Expr) {
		for _, x := range es {
			if x != nil {
				f(x)
			}
		}
	}
	keys := func(os []Order) {
		for _, o := range os {
			all(o.X)
		}
	}
	switch e := e.(type) {
	case Call:
		all(e.Args...)
		all(e.Filter)
		keys(e.OrderBy)
	case Binary:
		all(e.L, e.R)
	case Not:
		all(e.X)
	case IsNull:
		all(e.X)
	case Cast:
		all(e.X)
	case In:
		all(e.X)
		all(e.List...)
	case InQuery:
		all(e.X)
	case Case:
		for _, w := range e.Whens {
			all(w.If, w.Then)
		}
		all(e.Else)
	case Window:
		all(e.F)
		all(e.Partition...)
		keys(e.OrderBy)
	}
}
