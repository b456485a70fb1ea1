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
	key       value.Value
	props     Row // by the spec's NodeCols
	component int
}

type edge struct {
	from, to *node
	props    Row
}

// graph reads the tables of edges and nodes. Nodes that only edges name have no properties.
func (x *Executor) graph(g *plan.Graph, ins []*relation) (*graph, error) {
	out := &graph{}
	byKey := map[string]*node{}
	blank := make(Row, len(g.NodeCols))
	for i, c := range g.NodeCols {
		blank[i] = value.NullOf(c.Type)
	}
	find := func(v value.Value) *node {
		k := string(value.AppendKey(nil, v))
		n := byKey[k]
		if n == nil {
			n = &node{key: v, props: append(Row(nil), blank...)}
			for i, c := range g.NodeCols {
				if g.NodeID != 0 && c.ID == g.NodeID {
					n.props[i] = value.Convert(v, c.Type)
				}
			}
			byKey[k] = n
			out.nodes = append(out.nodes, n)
		}
		return n
	}
	for i, in := range ins[1:] {
		t, err := x.collect(in)
		if err != nil {
			return nil, err
		}
		sc := scopeOf(in.cols)
		for _, row := range t.rows {
			n := find(row[sc[g.Keys[i]]])
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
	sc := scopeOf(ins[0].cols)
	for _, row := range t.rows {
		out.edges = append(out.edges, &edge{find(row[sc[g.Source]]), find(row[sc[g.Target]]), row})
	}
	if g.Component != 0 {
		out.components(g)
	}
	for _, w := range g.Where {
		if err := out.filter(x, g, w, sc); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// components numbers the parts of the graph that hang together, in the order of their first nodes; strong ones along the edges' direction.
func (g *graph) components(s *plan.Graph) {
	next, prev := map[*node][]*node{}, map[*node][]*node{}
	for _, e := range g.edges {
		next[e.from], prev[e.to] = append(next[e.from], e.to), append(prev[e.to], e.from)
	}
	reach := func(from *node, ways ...map[*node][]*node) map[*node]bool {
		seen, todo := map[*node]bool{from: true}, []*node{from}
		for len(todo) > 0 {
			n := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, way := range ways {
				for _, m := range way[n] {
					if !seen[m] {
						seen[m] = true
						todo = append(todo, m)
					}
				}
			}
		}
		return seen
	}
	at := -1
	for i, c := range s.NodeCols {
		if c.ID == s.Component {
			at = i
		}
	}
	count := 0
	done := map[*node]bool{}
	for _, n := range g.nodes {
		if done[n] {
			continue
		}
		var members map[*node]bool
		if s.ComponentKind == "strong" {
			members = map[*node]bool{}
			back := reach(n, prev)
			for m := range reach(n, next) {
				if back[m] {
					members[m] = true
				}
			}
		} else {
			members = reach(n, next, prev)
		}
		for m := range members {
			done[m] = true
			m.component = count
			if at >= 0 {
				m.props[at] = value.OfLong(int64(count))
			}
		}
		count++
	}
}

// filter is graph-where-nodes, which takes edges of removed nodes along, and graph-where-edges.
func (g *graph) filter(x *Executor, s *plan.Graph, w plan.GraphFilter, edges scope) error {
	sc := scopeOf(s.NodeCols)
	if w.Edges {
		sc = edges
	}
	f, err := x.expr(w.Pred, sc)
	if err != nil {
		return err
	}
	keep := map[*node]bool{}
	var nodes []*node
	for _, n := range g.nodes {
		if w.Edges || truth(f(n.props)) {
			keep[n] = true
			nodes = append(nodes, n)
		}
	}
	var kept []*edge
	for _, e := range g.edges {
		if keep[e.from] && keep[e.to] && (!w.Edges || truth(f(e.props))) {
			kept = append(kept, e)
		}
	}
	g.nodes, g.edges = nodes, kept
	return nil
}

// graphTable gives the nodes or the edges of a graph as a table.
func (x *Executor) graphTable(n *plan.Generic, s *plan.GraphTable, ins []*relation) (*relation, error) {
	props := scopeOf(s.Graph.NodeCols)
	if s.Edges {
		props = scopeOf(ins[0].cols)
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
