package exec

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// pattern is what expressions on a graph see: the elements of the patterns that are bound at the moment, and the element at hand of all(),
// any(), map() and the filters of graphs.
type pattern struct {
	elements []*piece
	byName   map[string]*piece
	width    int // of the row of all elements
	row      Row

	node *node // at hand, nil when it is an edge
	edge *edge
}

// piece is an element of the patterns, a node or an edge, and what it is bound to. A path is listed from left to right: nodes has one more than edges.
type piece struct {
	plan.GraphElement
	index               int
	at, stepAt, innerAt int    // where its columns lie in the row
	late                []int  // of an edge of variable length: the columns that are used
	passes              []eval // conditions on this element alone
	inside              []eval // of an edge: conditions on each node inside the path

	node  *node
	nodes []*node
	edges []*edge
}

// newPattern lays the elements' columns out in one row.
func newPattern(s *plan.GraphMatch) *pattern {
	p := &pattern{byName: map[string]*piece{}}
	for _, list := range s.Patterns {
		for _, el := range list {
			if el.Name != "" && p.byName[el.Name] != nil {
				continue
			}
			e := &piece{GraphElement: el, index: len(p.elements)}
			e.at = p.width
			p.width += len(el.Cols)
			if e.stepAt = e.at; el.Variable {
				e.stepAt = p.width
				e.innerAt = p.width + len(el.Step)
				p.width += len(el.Step) + len(el.Inner)
			}
			if el.Name != "" {
				p.byName[el.Name] = e
			}
			p.elements = append(p.elements, e)
		}
	}
	p.row = make(Row, p.width)
	return p
}

// scope says where the columns of all elements lie.
func (p *pattern) scope() scope {
	s := scope{}
	put := func(cols []plan.Column, at int) {
		for i, c := range cols {
			s[c.ID] = at + i
		}
	}
	for _, e := range p.elements {
		put(e.Cols, e.at)
		put(e.Step, e.stepAt)
		put(e.Inner, e.innerAt)
	}
	return s
}

// of gives the element that a call on elements names, and whether the nodes inside it are meant; nil is the element at hand.
func (p *pattern) of(c *plan.Call) (e *piece, inner bool, err error) {
	l, ok := c.Args[0].(*plan.Lit)
	if !ok {
		return nil, false, errorf(Internal, "%s() does not name its element", c.Fn.Name)
	}
	name := l.V.S
	if name == "" {
		return nil, false, nil
	}
	if of, ok := strings.CutPrefix(name, "inner_nodes("); ok {
		name, inner = strings.TrimSuffix(of, ")"), true
	}
	if e = p.byName[name]; e == nil {
		return nil, false, errorf(Internal, "the pattern has no element %s", name)
	}
	return e, inner, nil
}

// call compiles a function on an element.
func (p *pattern) call(x *Executor, c *plan.Call, s scope) (eval, error) {
	e, inner, err := p.of(c)
	if err != nil {
		return nil, err
	}
	switch c.Fn.Name {
	case "node_id", "node_degree_in", "node_degree_out":
		return func(Row) value.Value {
			n := p.node
			if e != nil {
				n = e.node
			}
			switch {
			case n == nil:
				return value.NullOf(c.T)
			case c.Fn.Name == "node_id":
				return value.Convert(n.key, c.T)
			case c.Fn.Name == "node_degree_in":
				return value.OfLong(int64(len(n.in)))
			}
			return value.OfLong(int64(len(n.out)))
		}, nil
	case "labels": // only graphs that are kept have them
		return func(Row) value.Value { return value.OfArray(value.Array{}) }, nil
	}
	if e == nil || len(c.Args) != 2 {
		return nil, errorf(Internal, "%s() needs an element and an expression", c.Fn.Name)
	}
	f, err := x.expr(c.Args[1], s)
	if err != nil {
		return nil, err
	}
	each := func(visit func(v value.Value) bool) { p.steps(e, inner, func() bool { return visit(f(p.row)) }) }
	switch c.Fn.Name {
	case "all":
		return func(Row) value.Value {
			all := true
			each(func(v value.Value) bool { all = truth(v); return all })
			return value.OfBool(all)
		}, nil
	case "any":
		return func(Row) value.Value {
			found := false
			each(func(v value.Value) bool { found = truth(v); return !found })
			return value.OfBool(found)
		}, nil
	}
	return func(Row) value.Value {
		var list value.Array
		each(func(v value.Value) bool { list = append(list, element(v)); return true })
		return value.OfArray(list)
	}, nil
}

// steps lays each step of an element, or each node inside it, out in the row until visit is false.
func (p *pattern) steps(e *piece, inner bool, visit func() bool) {
	node, edge := p.node, p.edge
	defer func() { p.node, p.edge = node, edge }()
	switch {
	case inner:
		for i := 1; i+1 < len(e.nodes); i++ {
			p.atNode(e.nodes[i], e.innerAt)
			if !visit() {
				return
			}
		}
	case e.Edge:
		for _, step := range e.edges {
			p.atEdge(step, e.stepAt)
			if !visit() {
				return
			}
		}
	case e.node != nil:
		p.atNode(e.node, e.at)
		visit()
	}
}

func (p *pattern) atNode(n *node, at int) {
	p.node, p.edge = n, nil
	copy(p.row[at:], n.props)
}

func (p *pattern) atEdge(e *edge, at int) {
	p.node, p.edge = nil, e
	copy(p.row[at:], e.props)
}

// bindNode makes the element stand for n.
func (p *pattern) bindNode(e *piece, n *node) {
	e.node = n
	copy(p.row[e.at:], n.props)
}

// bindPath makes the element stand for a path, and its arrays those of the path's steps when they are asked for.
func (p *pattern) bindPath(e *piece, nodes []*node, edges []*edge) {
	e.nodes, e.edges = nodes, edges
	if !e.Variable && len(edges) == 1 {
		copy(p.row[e.at:], edges[0].props)
	}
}

// arrays fills in the arrays of the steps' properties.
func (p *pattern) arrays() {
	for _, e := range p.elements {
		for _, c := range e.late {
			list := make(value.Array, len(e.edges))
			for i, step := range e.edges {
				list[i] = element(step.props[c])
			}
			p.row[e.at+c] = value.OfArray(list)
		}
	}
}
