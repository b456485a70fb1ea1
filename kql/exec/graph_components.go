package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// components numbers the parts of the graph that hang together, in the order of their first nodes; strong ones along the edges' direction.
func (g *graph) components(s *plan.Graph, step plan.GraphStep) {
	at := -1
	for i, c := range s.NodeCols {
		if c.ID == step.Component {
			at = i
		}
	}
	if at < 0 {
		return
	}
	var of []int
	if step.Strong {
		of = g.strong()
	} else {
		of = g.weak()
	}
	number := map[int]int64{}
	for i, n := range g.nodes {
		c, ok := number[of[i]]
		if !ok {
			c = int64(len(number))
			number[of[i]] = c
		}
		n.props[at] = value.OfLong(c)
	}
}

// weak tells each node's part, the direction of the edges aside.
func (g *graph) weak() []int {
	of := make([]int, len(g.nodes))
	for i := range of {
		of[i] = -1
	}
	for i, n := range g.nodes {
		if of[i] >= 0 {
			continue
		}
		of[i] = i
		for todo := []*node{n}; len(todo) > 0; {
			n := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, m := range n.neighbors(0) {
				if of[m.index] < 0 {
					of[m.index] = i
					todo = append(todo, m)
				}
			}
		}
	}
	return of
}

// neighbors gives the nodes one edge away: 1 along the edges, -1 against them, 0 both.
func (n *node) neighbors(dir int) []*node {
	var out []*node
	if dir >= 0 {
		for _, e := range n.out {
			out = append(out, e.to)
		}
	}
	if dir <= 0 {
		for _, e := range n.in {
			out = append(out, e.from)
		}
	}
	return out
}

// strong tells each node's part, within which every node reaches every other: nodes are taken in the reverse of the order in which a search
// along the edges leaves them, and a search against the edges then finds the part of each.
func (g *graph) strong() []int {
	left := make([]*node, 0, len(g.nodes))
	seen := make([]bool, len(g.nodes))
	type visit struct {
		n    *node
		next int
	}
	for _, n := range g.nodes {
		if seen[n.index] {
			continue
		}
		seen[n.index] = true
		for stack := []visit{{n, 0}}; len(stack) > 0; {
			top := &stack[len(stack)-1]
			if top.next == len(top.n.out) {
				left = append(left, top.n)
				stack = stack[:len(stack)-1]
				continue
			}
			m := top.n.out[top.next].to
			top.next++
			if !seen[m.index] {
				seen[m.index] = true
				stack = append(stack, visit{m, 0})
			}
		}
	}
	of := make([]int, len(g.nodes))
	for i := range of {
		of[i] = -1
	}
	for i := len(left) - 1; i >= 0; i-- {
		n := left[i]
		if of[n.index] >= 0 {
			continue
		}
		of[n.index] = n.index
		for todo := []*node{n}; len(todo) > 0; {
			m := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, e := range m.in {
				if of[e.from.index] < 0 {
					of[e.from.index] = n.index
					todo = append(todo, e.from)
				}
			}
		}
	}
	return of
}
