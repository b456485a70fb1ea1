package plan

import (
	"math"

	"github.com/vedette-siem/vedette/kql/value"
)

// timeRange is the rule of that name. The filters stay: a scan's bounds may be answered by files or days, not by rows.
func (o *optimizer) timeRange(n Node) Node {
	o.below(n, o.timeRange)
	f, ok := n.(*Filter)
	if !ok {
		return n
	}
	in := f.In
	for {
		if o.fenced(in) {
			return n
		}
		below, ok := in.(*Filter)
		if !ok {
			break
		}
		in = below.In
	}
	if s, ok := in.(*Scan); ok {
		times := timeColumns(s)
		for _, p := range Conjuncts(f.Pred) {
			from, to := timeBounds(p, times)
			s.From, s.To = max(s.From, from), min(s.To, to)
		}
	}
	return n
}

// timeColumns gives the columns that are the event time: the table's, and any other name of the same stored column.
func timeColumns(s *Scan) map[ColID]bool {
	times := map[ColID]bool{}
	stored := ""
	for i, c := range s.Cols {
		if s.TimeCol != 0 && c.ID == s.TimeCol {
			stored = s.Source[i]
		}
	}
	for i, c := range s.Cols {
		if stored != "" && s.Source[i] == stored {
			times[c.ID] = true
		}
	}
	return times
}

// timeBounds gives the bounds (both included) that p sets on an event time, the widest where it sets none.
func timeBounds(p Expr, times map[ColID]bool) (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	c, ok := p.(*Call)
	if !ok || len(c.Args) < 2 {
		return from, to
	}
	op, x, a := c.Fn.Name, c.Args[0], c.Args[1]
	if _, ok := x.(*Lit); ok && len(c.Args) == 2 {
		x, a = a, x
		op = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}[op]
	}
	r, ok := x.(*Ref)
	if !ok || !times[r.ID] {
		return from, to
	}
	t, ok := ticks(a)
	if !ok {
		return from, to
	}
	switch op {
	case ">":
		if t < math.MaxInt64 {
			from = t + 1
		}
	case ">=":
		from = t
	case "<":
		if t > math.MinInt64 {
			to = t - 1
		}
	case "<=":
		to = t
	case "==":
		from, to = t, t
	case "between":
		if len(c.Args) == 3 {
			if end, ok := ticks(c.Args[2]); ok {
				from, to = t, end
			} else if l, ok := c.Args[2].(*Lit); ok && !l.V.Null && l.V.T == value.Timespan && t+l.V.I >= t {
				from, to = t, t+l.V.I
			}
		}
	}
	return from, to
}

func ticks(e Expr) (int64, bool) {
	l, ok := e.(*Lit)
	if !ok || l.V.Null || l.V.T != value.Datetime {
		return 0, false
	}
	return l.V.I, true
}
