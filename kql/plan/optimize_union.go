package plan

import (
	"slices"

	"github.com/vedette-siem/vedette/kql/value"
)

// legPreds rewrites predicates over the columns of a union for each of its inputs. A search through all columns of all tables tests each of
// thousands of columns, of which an input has a few: only what reads those is looked at for it, the rest is computed once.
type legPreds struct {
	o     *optimizer
	n     *Union
	place map[ColID]int
	preds []*legPred
}

// legPred is a part of a predicate: an and or an or, or (parts nil) anything else.
type legPred struct {
	e      Expr
	parts  []*legPred
	of     map[ColID][]int // the parts that read a column
	always []int           // the parts that are neither true nor false by themselves where the input has none of their columns
	unit   bool            // what and, or is of nothing
	nulls  int             // how many parts are null where the input has none of their columns
	refs   map[ColID]bool
	absent Expr // what it is where the input has none of its columns; nil where it reads the source column, or cannot be computed
}

// legPreds gives the predicates that can be rewritten, and the others as they are.
func (o *optimizer) legPreds(n *Union, preds []Expr) (*legPreds, []Expr) {
	l := &legPreds{o: o, n: n, place: make(map[ColID]int, len(n.Cols))}
	for i, c := range n.Cols {
		l.place[c.ID] = i
	}
	var stay []Expr
	for _, p := range preds {
		if !l.covers(p) || isVolatile(p) {
			stay = append(stay, p)
			continue
		}
		l.preds = append(l.preds, l.part(p))
	}
	return l, stay
}

// covers reports whether e reads only columns of the union.
func (l *legPreds) covers(e Expr) bool {
	ok := true
	WalkExpr(e, func(e Expr) {
		if r, is := e.(*Ref); is {
			_, has := l.place[r.ID]
			ok = ok && has
		}
	})
	return ok
}

func (l *legPreds) part(e Expr) *legPred {
	p := &legPred{e: e, refs: map[ColID]bool{}}
	c, ok := e.(*Call)
	if !ok || c.Fn.Name != "and" && c.Fn.Name != "or" {
		Refs(e, p.refs)
		if l.n.WithSource == 0 || !p.refs[l.n.WithSource] {
			p.absent = FoldExpr(l.rewritten(e, nil), l.o.env)
		}
		return p
	}
	p.of, p.unit = map[ColID][]int{}, c.Fn.Name == "and"
	for i, a := range c.Args {
		in := l.part(a)
		p.parts = append(p.parts, in)
		for id := range in.refs {
			p.refs[id] = true
			p.of[id] = append(p.of[id], i)
		}
		switch v, null, known := known(in.absent); {
		case known && null:
			p.nulls++
		case !known || v != p.unit:
			p.always = append(p.always, i)
		}
	}
	if len(p.always) == 0 {
		p.absent = p.joined(nil, p.nulls > 0)
	}
	return p
}

// known gives the truth of a constant; null when it is neither.
func known(e Expr) (v, null, ok bool) {
	l, ok := e.(*Lit)
	if !ok || l.V.T != value.Bool {
		return false, false, false
	}
	return !l.V.Null && l.V.Bool(), l.V.Null, true
}

// leg gives the predicates over input i.
func (l *legPreds) leg(i int) []Expr {
	out := make([]Expr, len(l.preds))
	for k, p := range l.preds {
		out[k] = l.over(p, l.n.Map[i], i)
	}
	return out
}

func (l *legPreds) over(p *legPred, leg Leg, i int) Expr {
	if p.parts == nil {
		return l.rewritten(p.e, &i)
	}
	at := slices.Clone(p.always)
	for c := range leg {
		at = append(at, p.of[l.n.Cols[c].ID]...)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	args, nulls := make([]Expr, 0, len(at)), p.nulls
	for _, k := range at {
		in := p.parts[k]
		if _, null, _ := known(in.absent); null {
			nulls--
		}
		args = append(args, l.over(in, leg, i))
	}
	return p.joined(args, nulls > 0)
}

// joined gives the and, or the or, of args, and of null where that is one of them.
func (p *legPred) joined(args []Expr, null bool) Expr {
	if null {
		args = append(args, &Lit{V: value.NullOf(value.Bool)})
	}
	switch len(args) {
	case 0:
		return &Lit{V: value.OfBool(p.unit)}
	case 1:
		return args[0]
	}
	c := p.e.(*Call)
	return &Call{Fn: c.Fn, Args: args, T: c.T}
}

// rewritten gives e over the columns of input i, or of one that has none of them.
func (l *legPreds) rewritten(e Expr, i *int) Expr {
	return MapExpr(e, func(e Expr) Expr {
		r, ok := e.(*Ref)
		if !ok {
			return e
		}
		col := l.n.Cols[l.place[r.ID]]
		if i != nil {
			if l.n.WithSource != 0 && col.ID == l.n.WithSource {
				return &Lit{V: value.OfString(l.n.SourceNames[*i])}
			}
			if id := l.n.Map[*i][l.place[r.ID]]; id != 0 {
				return &Ref{ID: id, T: col.Type}
			}
		}
		return &Lit{V: value.NullOf(col.Type)}
	})
}
