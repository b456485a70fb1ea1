package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// maxPending is how many edges the rows of a batch may have in their paths.
const maxPending = 1 << 16

// maxHops bounds the edges of a pattern: the search goes as deep.
const maxHops = 100

// matcher is a compiled graph-match.
type matcher struct {
	x     *Executor
	p     *pattern
	spec  *plan.GraphMatch
	conds []cond
	out   []eval
	late  bool // out reads arrays of properties
	never bool // a condition that reads no element is false

	g          *graph
	candidates [][]*node // by element: the nodes that fulfil its conditions
	allowed    [][]bool  // the same by the node's index; nil: all
	stages     []*stage
	w          *writer
	pending    int // edges in the rows that have not been handed on
	steps      int
}

// cond is a part of the condition: it can be asked when the elements that it needs are bound.
type cond struct {
	f     eval
	needs map[int]bool
	late  bool // it reads arrays of properties
}

func (x *Executor) graphMatch(n *plan.Generic, s *plan.GraphMatch, ins []*relation) (*relation, error) {
	m := &matcher{x: x, p: newPattern(s), spec: s}
	hops := 0
	for _, list := range s.Patterns {
		hops += len(list) / 2
	}
	if hops > maxHops {
		return nil, errorf(Unsupported, "a pattern of more than %d edges cannot be looked for", maxHops)
	}
	sc := m.p.scope()
	owner := map[plan.ColID]*piece{}
	for _, e := range m.p.elements {
		for _, cols := range [][]plan.Column{e.Cols, e.Step, e.Inner} {
			for _, c := range cols {
				owner[c.ID] = e
			}
		}
	}
	for _, e := range conjuncts(s.Where) {
		if err := m.condition(e, sc, owner); err != nil {
			return nil, err
		}
	}
	for _, it := range s.Project {
		f, err := x.within(m.p, it.Expr, sc)
		if err != nil {
			return nil, err
		}
		_, late, err := m.reads(it.Expr, owner)
		if err != nil {
			return nil, err
		}
		m.out, m.late = append(m.out, f), m.late || late
	}
	return &relation{n.Cols, func(emit func(Batch) error) error {
		g, err := x.graph(&s.Graph, ins)
		if err != nil {
			return err
		}
		m.g, m.w = g, x.writer(emit)
		if m.never || s.Cycles == "none" && m.closed() {
			return nil
		}
		m.choose()
		if s.Shortest {
			err = m.shortest()
		} else {
			m.plan()
			err = m.search(0)
		}
		if err != nil {
			return err
		}
		return m.w.flush()
	}}, nil
}

// closed reports whether a pattern comes back to one of its nodes, so that what it describes is a cycle.
func (m *matcher) closed() bool {
	for _, list := range m.spec.Patterns {
		steps, names := 0, map[string]bool{}
		again := false
		for _, el := range list {
			switch {
			case el.Variable:
				steps += el.Min
			case el.Edge:
				steps++
			case el.Name != "":
				again = again || names[el.Name]
				names[el.Name] = true
			}
		}
		if again && steps > 0 {
			return true
		}
	}
	return false
}

// conjuncts gives the parts of a condition that must all hold.
func conjuncts(e plan.Expr) []plan.Expr {
	if e == nil {
		return nil
	}
	todo, out := []plan.Expr{e}, []plan.Expr(nil)
	for len(todo) > 0 {
		e := todo[0]
		todo = todo[1:]
		if c, ok := e.(*plan.Call); ok && c.Fn.Name == "and" {
			todo = append(append([]plan.Expr(nil), c.Args...), todo...)
			continue
		}
		out = append(out, e)
	}
	return out
}

// reads gives the elements that an expression needs, and marks the arrays of properties that it reads.
func (m *matcher) reads(e plan.Expr, owner map[plan.ColID]*piece) (needs map[int]bool, late bool, err error) {
	needs = map[int]bool{}
	plan.WalkExpr(e, func(e plan.Expr) {
		switch e := e.(type) {
		case *plan.Ref:
			of := owner[e.ID]
			if of == nil {
				return
			}
			needs[of.index] = true
			for i, c := range of.Cols {
				if of.Variable && c.ID == e.ID {
					late = true
					of.late = append(of.late, i)
				}
			}
		case *plan.Call:
			if plan.GraphFunction(e.Fn) {
				of, _, failed := m.p.of(e)
				if failed != nil {
					err = failed
				} else if of != nil {
					needs[of.index] = true
				}
			}
		}
	})
	return needs, late, err
}

// condition files a part of the condition: with the element that it is about, if it is about one, so that the search need not go astray.
func (m *matcher) condition(e plan.Expr, sc scope, owner map[plan.ColID]*piece) error {
	needs, late, err := m.reads(e, owner)
	if err != nil {
		return err
	}
	f, err := m.x.within(m.p, e, sc)
	if err != nil {
		return err
	}
	var only *piece
	for i := range needs {
		only = m.p.elements[i]
	}
	switch {
	case len(needs) == 0:
		m.never = m.never || !truth(f(nil))
		return nil
	case len(needs) > 1 || late:
	case !only.Edge:
		only.passes = append(only.passes, f)
		return nil
	default:
		if step, inner, ok := m.everyStep(e); ok {
			if f, err = m.x.within(m.p, step, sc); err != nil {
				return err
			}
			if inner {
				only.inside = append(only.inside, f)
			} else {
				only.passes = append(only.passes, f)
			}
			return nil
		}
		if !only.Variable && !asksElement(e) {
			only.passes = append(only.passes, f)
			return nil
		}
	}
	m.conds = append(m.conds, cond{f, needs, late})
	return nil
}

// everyStep gives the condition within all(e, …) that asks nothing but each step of e, or each node inside it, on its own.
func (m *matcher) everyStep(e plan.Expr) (step plan.Expr, inner, ok bool) {
	c, isCall := e.(*plan.Call)
	if !isCall || c.Fn.Name != "all" || !plan.GraphFunction(c.Fn) || len(c.Args) != 2 || asksElement(c.Args[1]) {
		return nil, false, false
	}
	_, inner, err := m.p.of(c)
	return c.Args[1], inner, err == nil
}

// asksElement reports whether e calls a function on an element that it names.
func asksElement(e plan.Expr) bool {
	asks := false
	plan.WalkExpr(e, func(e plan.Expr) {
		if c, ok := e.(*plan.Call); ok && plan.GraphFunction(c.Fn) {
			l, ok := c.Args[0].(*plan.Lit)
			asks = asks || !ok || l.V.S != ""
		}
	})
	return asks
}

// choose finds the nodes that fulfil the conditions on each node of the patterns.
func (m *matcher) choose() {
	m.candidates = make([][]*node, len(m.p.elements))
	m.allowed = make([][]bool, len(m.p.elements))
	for i, e := range m.p.elements {
		if e.Edge {
			continue
		}
		if len(e.passes) == 0 {
			m.candidates[i] = m.g.nodes
			continue
		}
		m.allowed[i] = make([]bool, len(m.g.nodes))
		for _, n := range m.g.nodes {
			m.p.bindNode(e, n)
			if m.holdAll(e.passes) {
				m.candidates[i] = append(m.candidates[i], n)
				m.allowed[i][n.index] = true
			}
		}
		e.node = nil
	}
}

func (m *matcher) holdAll(fs []eval) bool {
	for _, f := range fs {
		if !truth(f(m.p.row)) {
			return false
		}
	}
	return true
}

// emit writes the match that the pattern is bound to. Rows with long paths are handed on before they are many.
func (m *matcher) emit() error {
	if m.late {
		m.p.arrays()
	}
	for _, e := range m.p.elements {
		m.pending += len(e.edges)
	}
	if m.pending > maxPending {
		m.pending = 0
		if err := m.w.flush(); err != nil {
			return err
		}
	}
	row, err := m.w.row(len(m.out))
	if err != nil {
		return err
	}
	for i, f := range m.out {
		v := f(m.p.row)
		if t := m.spec.Project[i].Col.Type; v.T != t {
			v = value.Convert(v, t)
		}
		row[i] = v
	}
	return nil
}

// tick looks for cancellation from time to time.
func (m *matcher) tick() error {
	m.steps++
	if m.steps&1023 == 0 {
		return m.x.alive()
	}
	return nil
}
