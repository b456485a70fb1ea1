package exec

import "slices"

// trail is the path that is being walked.
type trail struct {
	nodes []*node
	edges []*edge
	next  []int // by node: the edge that is tried next
}

func (t *trail) push(e *edge, n *node) {
	t.edges, t.nodes = append(t.edges, e), append(t.nodes, n)
}

// pop takes the last edge back.
func (t *trail) pop() {
	last := len(t.edges) - 1
	t.edges[last].taken = false
	t.edges, t.nodes = t.edges[:last], t.nodes[:last+1]
}

// step gives the i-th edge that leads from n in a direction, and where to. A loop leads back in both directions, but is one edge.
func (n *node) step(dir, i int) (e *edge, to *node, ok bool) {
	if dir >= 0 {
		if i < len(n.out) {
			return n.out[i], n.out[i].to, true
		}
		i -= len(n.out)
	}
	if dir <= 0 && i < len(n.in) {
		if e = n.in[i]; dir == 0 && e.from == e.to {
			return nil, n, true
		}
		return e, e.from, true
	}
	return nil, nil, false
}

// walk binds the hop's edge to every path of least to most edges from the node that is bound, and its far node to the path's end, and calls
// found for each.
func (m *matcher) walk(h *hop, least, most int, found func() error) error {
	t := &trail{nodes: []*node{h.from.node}}
	if least == 0 {
		if err := m.arrive(h, t, found); err != nil {
			return err
		}
	}
	if most > 0 {
		t.next = append(t.next, 0)
	}
	for len(t.next) > 0 {
		if err := m.tick(); err != nil {
			return err
		}
		depth := len(t.next) - 1
		e, to, ok := t.nodes[depth].step(h.dir, t.next[depth])
		if !ok {
			t.next = t.next[:depth]
			if depth > 0 {
				t.pop()
			}
			continue
		}
		t.next[depth]++
		if e == nil || !m.may(h, t, e, to, most) {
			continue
		}
		t.push(e, to)
		e.taken = m.spec.Cycles != "all"
		if depth+1 >= least {
			if err := m.arrive(h, t, found); err != nil {
				return err
			}
		}
		if depth+1 < most && (m.spec.Cycles != "none" || to != h.to.node) && m.mayContinue(h, to) {
			t.next = append(t.next, 0)
		} else {
			t.pop()
		}
	}
	return nil
}

// may reports whether the path can go along e to a node.
func (m *matcher) may(h *hop, t *trail, e *edge, to *node, most int) bool {
	if e.taken {
		return false
	}
	if h.far != nil && (h.far[to.index] < 0 || len(t.edges)+1+int(h.far[to.index]) > most) {
		return false
	}
	if m.spec.Cycles == "none" && (slices.Contains(t.nodes, to) || to != h.to.node && m.visited(h, to)) {
		return false
	}
	return m.mayStep(h, e)
}

// mayStep reports whether the edge fulfils the conditions on each step.
func (m *matcher) mayStep(h *hop, e *edge) bool {
	if len(h.edge.passes) == 0 {
		return true
	}
	m.p.atEdge(e, h.edge.stepAt)
	return m.holdAll(h.edge.passes)
}

// mayContinue reports whether the path can go on from a node.
func (m *matcher) mayContinue(h *hop, n *node) bool {
	if len(h.edge.inside) == 0 {
		return true
	}
	m.p.atNode(n, h.edge.innerAt)
	return m.holdAll(h.edge.inside)
}

// visited reports whether a node is already part of the pattern that the hop belongs to.
func (m *matcher) visited(h *hop, n *node) bool {
	for _, e := range h.sequence {
		if e.node == n || slices.Contains(e.nodes, n) {
			return true
		}
	}
	return false
}

// arrive binds the hop to the path where its end fits, and calls found.
func (m *matcher) arrive(h *hop, t *trail, found func() error) error {
	end := t.nodes[len(t.nodes)-1]
	bound := h.to.node != nil
	if bound && end != h.to.node {
		return nil
	}
	if !bound {
		if ok := m.allowed[h.to.index]; ok != nil && !ok[end.index] {
			return nil
		}
		m.p.bindNode(h.to, end)
	}
	nodes, edges := t.nodes, t.edges
	if h.back {
		nodes, edges = slices.Clone(nodes), slices.Clone(edges)
		slices.Reverse(nodes)
		slices.Reverse(edges)
	}
	m.p.bindPath(h.edge, nodes, edges)
	err := found()
	h.edge.nodes, h.edge.edges = nil, nil
	if !bound {
		h.to.node = nil
	}
	return err
}
