package exec

import (
	"slices"

	"github.com/vedette-siem/vedette/kql/plan"
)

// stage is a step of the search: it binds a node, or follows an edge or a path from a node that is bound.
type stage struct {
	node *piece
	hop  *hop

	conds, late []eval // what can be asked now; late also needs the arrays of properties
}

// hop is an edge of a pattern with the nodes at its ends, as the search goes: from is bound before to.
type hop struct {
	edge     *piece
	from, to *piece
	dir      int      // as plan.GraphElement.Dir, seen from the node from
	back     bool     // the search goes from right to left
	sequence []*piece // the elements of the pattern that it is part of
	far      []int32  // by node: how many steps at least to a candidate of to, -1: none can be reached; nil: unknown
}

// hops gives the edges of all patterns from left to right.
func (m *matcher) hops() []*hop {
	at := 0
	take := func(el plan.GraphElement) *piece {
		if e := m.p.byName[el.Name]; e != nil && el.Name != "" {
			if e.index == at {
				at++
			}
			return e
		}
		at++
		return m.p.elements[at-1]
	}
	var out []*hop
	for _, list := range m.spec.Patterns {
		var sequence []*piece
		for _, el := range list {
			sequence = append(sequence, take(el))
		}
		for i := 1; i+1 < len(sequence); i += 2 {
			out = append(out, &hop{edge: sequence[i], from: sequence[i-1], to: sequence[i+1], dir: sequence[i].Dir, sequence: sequence})
		}
	}
	return out
}

// turn makes the hop go the other way.
func (h *hop) turn() {
	h.from, h.to, h.dir, h.back = h.to, h.from, -h.dir, !h.back
}

// plan decides the order of the search: from the node with the fewest candidates along the edges to those with few.
func (m *matcher) plan() {
	rest := m.hops()
	bound := map[int]bool{}
	m.stages = nil
	add := func(s *stage, pieces ...*piece) {
		for _, e := range pieces {
			bound[e.index] = true
		}
		m.stages = append(m.stages, s)
	}
	count := func(e *piece) int { return len(m.candidates[e.index]) }
	for {
		best := -1
		for i, h := range rest {
			if bound[h.to.index] && (!bound[h.from.index] || count(h.to) < count(h.from)) {
				h.turn()
			}
			if !bound[h.from.index] {
				continue
			}
			if bound[h.to.index] {
				best = i
				break
			}
			if best < 0 || count(h.to) < count(rest[best].to) {
				best = i
			}
		}
		if best >= 0 {
			h := rest[best]
			rest = slices.Delete(rest, best, best+1)
			m.reach(h)
			add(&stage{hop: h}, h.edge, h.to)
			continue
		}
		var start *piece
		for _, e := range m.p.elements {
			if !e.Edge && !bound[e.index] && (start == nil || count(e) < count(start)) {
				start = e
			}
		}
		if start == nil {
			break
		}
		add(&stage{node: start}, start)
	}
	known := map[int]bool{}
	asked := make([]bool, len(m.conds))
	for _, s := range m.stages {
		if s.node != nil {
			known[s.node.index] = true
		} else {
			known[s.hop.edge.index], known[s.hop.to.index] = true, true
		}
		for i, c := range m.conds {
			if asked[i] || !subset(c.needs, known) {
				continue
			}
			asked[i] = true
			if c.late {
				s.late = append(s.late, c.f)
			} else {
				s.conds = append(s.conds, c.f)
			}
		}
	}
}

func subset(a, of map[int]bool) bool {
	for k := range a {
		if !of[k] {
			return false
		}
	}
	return true
}

// reach counts the steps from each node to the candidates at the far end of a path, where those are not all nodes.
func (m *matcher) reach(h *hop) {
	if !h.edge.Variable || m.allowed[h.to.index] == nil {
		return
	}
	h.far = make([]int32, len(m.g.nodes))
	for i := range h.far {
		h.far[i] = -1
	}
	layer := m.candidates[h.to.index]
	for _, n := range layer {
		h.far[n.index] = 0
	}
	for d := int32(1); len(layer) > 0 && int(d) <= h.edge.Max; d++ {
		var next []*node
		for _, n := range layer {
			for _, before := range n.neighbors(-h.dir) {
				if h.far[before.index] < 0 {
					h.far[before.index] = d
					next = append(next, before)
				}
			}
		}
		layer = next
	}
}

// search runs the stages from the i-th on.
func (m *matcher) search(i int) error {
	if i == len(m.stages) {
		return m.emit()
	}
	s := m.stages[i]
	next := func() error {
		if !m.holdAll(s.conds) {
			return nil
		}
		if len(s.late) > 0 {
			m.p.arrays()
			if !m.holdAll(s.late) {
				return nil
			}
		}
		return m.search(i + 1)
	}
	if s.hop != nil {
		least, most := 1, 1
		if s.hop.edge.Variable {
			least, most = s.hop.edge.Min, s.hop.edge.Max
		}
		return m.walk(s.hop, least, most, next)
	}
	for _, n := range m.candidates[s.node.index] {
		if err := m.tick(); err != nil {
			return err
		}
		m.p.bindNode(s.node, n)
		if err := next(); err != nil {
			return err
		}
	}
	s.node.node = nil
	return nil
}
