package exec

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// graph is what make-graph builds: nodes by the key that edges name them with.
type graph struct {
	nodes []*node
	edges []*edge
}

type node struct {
	index   int // among the graph's nodes
	key     value.Value
	props   Row // by the spec's NodeCols
	out, in []*edge
}

type edge struct {
	from, to *node
	props    Row
	taken    bool // by the match that is being looked for
}

const (
	nodeBytes = 160
	edgeBytes = 80
)

// graph reads the tables of edges and nodes. Nodes that only edges name have no properties.
func (x *Executor) graph(g *plan.Graph, ins []*relation) (*graph, error) {
	out := &graph{}
	byKey := map[string]*node{}
	blank := make(Row, len(g.NodeCols))
	for i, c := range g.NodeCols {
		blank[i] = value.NullOf(c.Type)
	}
	find := func(v value.Value) (*node, error) {
		k := string(value.AppendKey(nil, v))
		n := byKey[k]
		if n == nil {
			if err := x.mem.grow(nodeBytes + rowSize(blank)); err != nil {
				return nil, err
			}
			n = &node{key: v, props: append(Row(nil), blank...)}
			for i, c := range g.NodeCols {
				if g.NodeID != 0 && c.ID == g.NodeID {
					n.props[i] = value.Convert(v, c.Type)
				}
			}
			byKey[k] = n
			out.nodes = append(out.nodes, n)
		}
		return n, nil
	}
	for i, in := range ins[1:] {
		t, err := x.collect(in)
		if err != nil {
			return nil, err
		}
		sc := scopeOf(in.cols)
		for _, row := range t.rows {
			n, err := find(row[sc[g.Keys[i]]])
			if err != nil {
				return nil, err
			}
			for c := range g.NodeCols {
				if at, ok := sc[g.NodeMap[i][c]]; ok && g.NodeMap[i][c] != 0 {
					n.props[c] = row[at]
				}
			}
		}
	}
	t, err := x.collect(ins[0])
	if err != nil {
		return nil, err
	}
	if err := x.mem.grow(int64(len(t.rows)) * edgeBytes); err != nil {
		return nil, err
	}
	sc := scopeOf(ins[0].cols)
	props := edgeProps(g, ins[0].cols)
	for _, row := range t.rows {
		from, err := find(row[sc[g.Source]])
		if err != nil {
			return nil, err
		}
		to, err := find(row[sc[g.Target]])
		if err != nil {
			return nil, err
		}
		out.edges = append(out.edges, &edge{from: from, to: to, props: props(row)})
	}
	out.link()
	for _, step := range g.Steps {
		if step.Pred == nil {
			out.components(g, step)
		} else if err := out.filter(x, g, step); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// edgeProps lays the columns of an edge out as the graph lists them; those that nobody reads may be missing from the table.
func edgeProps(g *plan.Graph, cols []plan.Column) func(Row) Row {
	same := len(cols) == len(g.EdgeCols)
	for i := range cols {
		same = same && cols[i].ID == g.EdgeCols[i].ID
	}
	if same {
		return func(row Row) Row { return row }
	}
	sc := scopeOf(cols)
	return func(row Row) Row {
		out := make(Row, len(g.EdgeCols))
		for i, c := range g.EdgeCols {
			if at, ok := sc[c.ID]; ok {
				out[i] = row[at]
			} else {
				out[i] = value.NullOf(c.Type)
			}
		}
		return out
	}
}

// link tells the nodes their places and their edges.
func (g *graph) link() {
	for i, n := range g.nodes {
		n.index, n.out, n.in = i, nil, nil
	}
	for _, e := range g.edges {
		e.from.out = append(e.from.out, e)
		e.to.in = append(e.to.in, e)
	}
}

// filter is graph-where-nodes, which takes edges of removed nodes along, and graph-where-edges.
func (g *graph) filter(x *Executor, s *plan.Graph, w plan.GraphStep) error {
	sc := scopeOf(s.NodeCols)
	if w.Edges {
		sc = scopeOf(s.EdgeCols)
	}
	p := &pattern{}
	f, err := x.within(p, w.Pred, sc)
	if err != nil {
		return err
	}
	keep := make([]bool, len(g.nodes))
	var nodes []*node
	for i, n := range g.nodes {
		p.node = n
		if w.Edges || truth(f(n.props)) {
			keep[i] = true
			nodes = append(nodes, n)
		}
	}
	var kept []*edge
	for _, e := range g.edges {
		p.node, p.edge = nil, e
		if keep[e.from.index] && keep[e.to.index] && (!w.Edges || truth(f(e.props))) {
			kept = append(kept, e)
		}
	}
	g.nodes, g.edges = nodes, kept
	g.link()
	return nil
}

// within compiles an expression that may ask about the elements of p.
func (x *Executor) within(p *pattern, e plan.Expr, s scope) (eval, error) {
	outer := x.pattern
	x.pattern = p
	defer func() { x.pattern = outer }()
	return x.expr(e, s)
}

// graphTable gives the nodes or the edges of a graph as a table.
func (x *Executor) graphTable(n *plan.Generic, s *plan.GraphTable, ins []*relation) (*relation, error) {
	props := scopeOf(s.Graph.NodeCols)
	if s.Edges {
		props = scopeOf(s.Graph.EdgeCols)
	}
	hash := fn.Lookup("hash")
	id := func(v value.Value) value.Value {
		if hash == nil || hash.Eval == nil {
			return value.NullOf(value.Long)
		}
		return hash.Eval(x.env, []value.Value{v})
	}
	return &relation{n.Cols, func(emit func(Batch) error) error {
		g, err := x.graph(&s.Graph, ins)
		if err != nil {
			return err
		}
		w := x.writer(emit)
		write := func(row Row, special func(plan.ColID) (value.Value, bool)) error {
			out, err := w.row(len(n.Cols))
			if err != nil {
				return err
			}
			for i, c := range n.Cols {
				if v, ok := special(c.ID); ok {
					out[i] = v
				} else if at, ok := props[c.ID]; ok {
					out[i] = row[at]
				} else {
					out[i] = value.NullOf(c.Type)
				}
			}
			return nil
		}
		if s.Edges {
			for _, e := range g.edges {
				err := write(e.props, func(c plan.ColID) (value.Value, bool) {
					switch {
					case c == 0:
					case c == s.SourceID:
						return id(e.from.key), true
					case c == s.TargetID:
						return id(e.to.key), true
					}
					return value.Value{}, false
				})
				if err != nil {
					return err
				}
			}
			return w.flush()
		}
		for _, nd := range g.nodes {
			err := write(nd.props, func(c plan.ColID) (value.Value, bool) {
				if c != 0 && c == s.NodeID {
					return id(nd.key), true
				}
				return value.Value{}, false
			})
			if err != nil {
				return err
			}
		}
		return w.flush()
	}}, nil
}
