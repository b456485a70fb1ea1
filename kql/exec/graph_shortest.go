package exec

import "slices"

// shortest looks for the shortest paths between each pair of nodes that the pattern allows; none goes through a node twice.
func (m *matcher) shortest() error {
	h := m.hops()[0]
	if len(m.candidates[h.to.index]) < len(m.candidates[h.from.index]) {
		h.turn()
	}
	ends := map[int]bool{h.from.index: true, h.to.index: true}
	var pair, late []eval
	path := []eval{}
	for _, c := range m.conds {
		switch {
		case subset(c.needs, ends):
			pair = append(pair, c.f)
		case c.late:
			late = append(late, c.f)
		default:
			path = append(path, c.f)
		}
	}
	holds := func() bool {
		if !m.holdAll(path) {
			return false
		}
		if len(late) > 0 {
			m.p.arrays()
		}
		return m.holdAll(late)
	}
	least, most := 1, 1
	if h.edge.Variable {
		least, most = h.edge.Min, h.edge.Max
	}
	for _, from := range m.candidates[h.from.index] {
		m.p.bindNode(h.from, from)
		f := m.front(h, from, most)
		for _, to := range m.candidates[h.to.index] {
			if err := m.tick(); err != nil {
				return err
			}
			d, ok := f.depth[to]
			if !ok || d == 0 && least > 0 {
				continue
			}
			m.p.bindNode(h.to, to)
			if !m.holdAll(pair) {
				continue
			}
			if err := m.shortestPair(h, f, to, d, least, most, holds); err != nil {
				return err
			}
		}
		h.to.node = nil
	}
	return nil
}

// front is what a search in all directions at once has reached from a node: how far each node is, and the edges that lead there.
type front struct {
	depth map[*node]int
	via   map[*node][]*edge
}

// front goes at most that many steps, and no further than to the last candidate.
func (m *matcher) front(h *hop, from *node, most int) *front {
	f := &front{map[*node]int{from: 0}, map[*node][]*edge{}}
	missing := len(m.candidates[h.to.index])
	wanted := func(n *node) bool {
		ok := m.allowed[h.to.index]
		return ok == nil || ok[n.index]
	}
	if wanted(from) {
		missing--
	}
	layer := []*node{from}
	for d := 1; d <= most && len(layer) > 0 && missing > 0; d++ {
		var next []*node
		for _, n := range layer {
			if n != from && !m.mayContinue(h, n) {
				continue
			}
			for i := 0; ; i++ {
				e, to, ok := n.step(h.dir, i)
				if !ok {
					break
				}
				at, seen := f.depth[to]
				if e == nil || seen && at != d || !m.mayStep(h, e) {
					continue
				}
				f.via[to] = append(f.via[to], e)
				if !seen {
					f.depth[to] = d
					next = append(next, to)
					if wanted(to) {
						missing--
					}
				}
			}
		}
		layer = next
	}
	return f
}

// shortestPair writes the shortest paths from the node that h.from is bound to, to a node d steps away. When none of those fits the length
// or the condition, longer ones are tried.
func (m *matcher) shortestPair(h *hop, f *front, to *node, d, least, most int, holds func() bool) error {
	found := false
	write := func() (stop bool, err error) {
		if !holds() {
			return false, nil
		}
		found = true
		return m.spec.Output != "all", m.emit()
	}
	if d >= least {
		if err := m.retrace(h, f, to, d, write); err != nil || found {
			return err
		}
	}
	done := false
	for n := max(d+1, least); n <= most && n < len(m.g.nodes) && !found; n++ {
		err := m.walk(h, n, n, func() (err error) {
			if !done {
				done, err = write()
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// retrace binds the hop's edge to every path that led to a node d steps away, until visit stops it.
func (m *matcher) retrace(h *hop, f *front, to *node, d int, visit func() (bool, error)) error {
	nodes, edges := make([]*node, d+1), make([]*edge, d)
	nodes[d] = to
	next := make([]int, d+1) // by place in the path: which of the edges that lead to its node is tried next
	for at := d; at <= d; {
		if err := m.tick(); err != nil {
			return err
		}
		if at == 0 {
			ns, es := slices.Clone(nodes), slices.Clone(edges)
			if h.back {
				slices.Reverse(ns)
				slices.Reverse(es)
			}
			m.p.bindPath(h.edge, ns, es)
			stop, err := visit()
			m.p.bindPath(h.edge, nil, nil)
			if stop || err != nil {
				return err
			}
			at++
			continue
		}
		via := f.via[nodes[at]]
		if next[at] == len(via) {
			next[at] = 0
			at++
			continue
		}
		e := via[next[at]]
		next[at]++
		before := e.from
		if before == nodes[at] {
			before = e.to
		}
		edges[at-1], nodes[at-1] = e, before
		at--
	}
	return nil
}
