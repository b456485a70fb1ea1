package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// graph is a bound graph: its description and the tables that it is made of, edges first.
type graph struct {
	plan.Graph
	ins     []plan.Node
	open    bool
	nodeRel bool // it has properties of nodes
}

// graphRel stands for a graph; as a table it has neither columns nor rows.
func (b *binder) graphRel(g *graph, broken bool) *rel {
	return &rel{node: &plan.Values{}, graph: g, broken: broken}
}

// makeGraph takes the rows as edges.
func (b *binder) makeGraph(r *rel, op *syntax.MakeGraph) *rel {
	g := &graph{ins: []plan.Node{b.closed(r)}, open: r.open}
	g.EdgeCols = r.cols
	end := func(n *syntax.Name) bound {
		if n == nil {
			return unknown(value.Unknown)
		}
		var x bound
		b.over(r, func() { x = b.nameExpr(n) })
		if x.typ == value.Dynamic {
			b.errorf(n.At(), codeType, "the ends of an edge must not be dynamic; convert %s with tostring()", quoteName(n.Text))
		}
		return x
	}
	from, to := end(op.Source), end(op.Target)
	g.Source, g.Target = from.col, to.col
	var tables []*rel
	for _, n := range op.Nodes {
		var t *rel
		b.apart(func() { t = b.table(n.Table) })
		if n.Column != nil {
			b.over(t, func() {
				x := b.nameExpr(n.Column)
				g.Keys = append(g.Keys, x.col)
			})
		}
		g.open = g.open || t.open
		tables = append(tables, t)
		g.ins = append(g.ins, b.closed(t))
	}
	cols := unify(tables)
	for _, u := range cols {
		g.NodeCols = append(g.NodeCols, b.newColumn(u.name, u.typ))
	}
	g.NodeMap = legMap(cols, len(tables), 0)
	g.nodeRel = len(tables) > 0
	if op.NodeID != nil {
		c := b.newColumn(op.NodeID.Text, from.typ)
		g.NodeCols = append(g.NodeCols, c)
		g.NodeID, g.nodeRel = c.ID, true
	}
	out := b.graphRel(g, r.broken)
	if op.Sub != nil {
		b.refuse(op.At(), "make-graph partitioned-by is not supported")
		var sub *rel
		b.over(r, func() { sub = b.sub(out, op.Sub) })
		return sub
	}
	return out
}

// graphStep binds an operator on a graph.
func (b *binder) graphStep(r *rel, op syntax.Operator) *rel {
	g := *r.graph
	switch op := op.(type) {
	case *syntax.GraphMatch:
		return b.graphMatch(r, &plan.GraphMatch{Graph: g.Graph, Cycles: op.Params.Word("cycles")}, op.Patterns, op.Pred, op.Cols, "graph-match")
	case *syntax.GraphShortestPaths:
		spec := &plan.GraphMatch{Graph: g.Graph, Cycles: "none", Shortest: true, Output: op.Params.Word("output")}
		return b.graphMatch(r, spec, op.Patterns, op.Pred, op.Cols, "graph-shortest-paths")
	case *syntax.GraphToTable:
		return b.graphToTable(r, op)
	case *syntax.GraphMarkComponents:
		name := op.Params.Word("with_component_id")
		if name == "" {
			name = "ComponentId"
		}
		c := b.newColumn(name, value.Long)
		g.ComponentKind = op.Params.Word("kind")
		if g.ComponentKind == "" {
			g.ComponentKind = "weak"
		}
		g.NodeCols = append(g.NodeCols[:len(g.NodeCols):len(g.NodeCols)], c)
		g.Component, g.nodeRel = c.ID, true
		return b.graphRel(&g, r.broken)
	case *syntax.GraphWhereNodes:
		return b.graphWhere(r, &g, g.NodeCols, op.Pred, false)
	case *syntax.GraphWhereEdges:
		return b.graphWhere(r, &g, g.EdgeCols, op.Pred, true)
	case *syntax.As:
		b.define(op.Name.Text, &symbol{table: &tableSymbol{shared: r}})
		return r
	}
	h := op.Head()
	b.errorf(h.KeywordAt, codePosition, "%s needs a table, but there is a graph before it; make a table of it with graph-match or graph-to-table", h.Keyword)
	return b.brokenTable()
}

func (b *binder) graphWhere(r *rel, g *graph, cols []plan.Column, pred syntax.Expr, edges bool) *rel {
	b.over(&rel{cols: cols, open: g.open}, func() {
		if x := b.predicate(pred, "the condition"); x.ok() {
			g.Where = append(g.Where[:len(g.Where):len(g.Where)], plan.GraphFilter{Edges: edges, Pred: x.expr})
		}
	})
	return b.graphRel(g, r.broken)
}

// graphMatch binds the patterns; their named elements have columns that the condition and the output name as element.column.
func (b *binder) graphMatch(r *rel, spec *plan.GraphMatch, patterns []*syntax.GraphPattern, pred syntax.Expr, out []syntax.Expr, op string) *rel {
	g := r.graph
	outer := b.scope
	elements := map[string]plan.GraphElement{}
	variable := map[string]bool{}
	for _, p := range patterns {
		var list []plan.GraphElement
		for _, e := range p.Elements {
			el := b.graphElement(e, g)
			if el.Name != "" {
				if have, ok := elements[el.Name]; ok && have.Edge == el.Edge {
					el.Cols = have.Cols
				} else {
					elements[el.Name] = el
					b.define(el.Name, &symbol{members: &members{cols: el.Cols, open: g.open, joined: true}})
				}
				variable[el.Name] = variable[el.Name] || el.Variable
			}
			list = append(list, el)
		}
		spec.Patterns = append(spec.Patterns, list)
	}
	row, aggs := b.row, b.aggs
	b.row, b.aggs = nil, nil
	pattern := b.elements
	b.elements = elements
	if pred != nil {
		if x := b.predicate(pred, "the condition of "+op); x.ok() {
			spec.Where = x.expr
		}
	}
	p := b.newProjection(len(out))
	for _, e := range out {
		b.graphColumn(p, e, variable)
	}
	b.elements = pattern
	b.row, b.aggs = row, aggs
	b.scope = outer
	if len(out) == 0 {
		return r
	}
	for i := range p.items {
		if p.items[i].Expr == nil {
			p.items[i].Expr = &plan.Lit{V: value.NullOf(p.items[i].Col.Type)}
		}
	}
	spec.Project = p.items
	cols := columnsOf(p.items)
	node := &plan.Generic{Ins: g.ins, Op: op, Spec: spec, Cols: cols}
	return &rel{node: node, cols: cols, broken: r.broken}
}

func (b *binder) graphElement(e syntax.GraphElement, g *graph) plan.GraphElement {
	el := plan.GraphElement{}
	cols := g.NodeCols
	switch e := e.(type) {
	case *syntax.GraphNode:
		if e.Name != nil {
			el.Name = e.Name.Text
		}
	case *syntax.GraphEdge:
		el.Edge, cols = true, g.EdgeCols
		if e.Name != nil {
			el.Name = e.Name.Text
		}
		switch {
		case e.Left && !e.Right:
			el.Dir = -1
		case e.Right && !e.Left:
			el.Dir = 1
		}
		if e.Min != nil || e.Max != nil {
			el.Variable = true
			el.Min, el.Max = b.patternBound(e.Min), b.patternBound(e.Max)
		}
	}
	for _, c := range cols {
		el.Cols = append(el.Cols, b.newColumn(c.Name, c.Type))
	}
	if el.Variable {
		for _, c := range g.NodeCols {
			el.Inner = append(el.Inner, b.newColumn(c.Name, c.Type))
		}
	}
	return el
}

// elementCall binds a function on an element of a pattern: all, any and map compute over the steps of a path of variable length, or over
// the nodes inside it (inner_nodes); the others ask about a node. The first argument of the call is the element's name.
func (b *binder) elementCall(e *syntax.Call) bound {
	f := fn.Lookup(e.Func.Text)
	if f == nil || len(e.Args) == 0 {
		b.errorf(e.At(), codeArguments, "%s() needs an element of the pattern", e.Func.Text)
		return unknown(value.Unknown)
	}
	of, inner := e.Args[0], false
	if c, ok := of.(*syntax.Call); ok && c.Func.Text == "inner_nodes" && len(c.Args) == 1 {
		of, inner = c.Args[0], true
	}
	n, ok := of.(*syntax.Name)
	if !ok {
		b.errorf(of.At(), codeArguments, "%s() needs the name of an element of the pattern", e.Func.Text)
		return unknown(value.Unknown)
	}
	el, ok := b.elements[n.Text]
	if !ok {
		b.errorf(n.At(), codeUnknownName, "the pattern has no element %s", quoteName(n.Text))
		return unknown(value.Unknown)
	}
	row := &rel{cols: el.Cols}
	name := n.Text
	if inner {
		row.cols, name = el.Inner, "inner_nodes("+name+")"
	}
	args := []bound{literal(value.OfString(name))}
	for _, a := range e.Args[1:] {
		b.over(row, func() { args = append(args, b.expr(a)) })
	}
	return b.apply(f, args, e.At())
}

// elementFunctions are the functions that elementCall binds within a pattern.
var elementFunctions = map[string]bool{"all": true, "any": true, "map": true, "inner_nodes": true, "node_degree_in": true, "node_degree_out": true,
	"node_id": true, "labels": true}

func (b *binder) patternBound(e syntax.Expr) int {
	if e == nil {
		return 1
	}
	if n, computed, ok := b.whole(e, "the length of a path"); ok && computed == nil {
		return int(n)
	}
	return 1
}

// graphColumn adds an output column of graph-match; one that names an element of variable length is an array.
func (b *binder) graphColumn(p *projection, e syntax.Expr, variable map[string]bool) {
	names := map[string]bool{}
	under := e
	if n, ok := e.(*syntax.Named); ok {
		under = n.X
	}
	namesIn(under, names)
	var as *value.Type
	for n := range names {
		if variable[n] {
			t := value.Dynamic
			as = &t
		}
	}
	x := b.expr(under)
	if n, ok := e.(*syntax.Named); ok {
		b.addNamed(p, n, x, matching, as)
		return
	}
	name, ok := b.title(e)
	if !ok || strings.TrimSpace(name) == "" {
		name = b.defaultTitle(false)
	}
	p.add(b.item(x, name, as), "", false)
}

// graphToTable gives the nodes, the edges or both as tables.
func (b *binder) graphToTable(r *rel, op *syntax.GraphToTable) *rel {
	g := r.graph
	out := &rel{broken: r.broken}
	for _, o := range op.Outputs {
		spec := &plan.GraphTable{Graph: g.Graph, Edges: o.Entity == "edges"}
		var cols []plan.Column
		id := func(option string) plan.ColID {
			name := o.Params.Word(option)
			if name == "" {
				return 0
			}
			c := b.newColumn(name, value.Long)
			cols = append(cols, c)
			return c.ID
		}
		if spec.Edges {
			spec.SourceID, spec.TargetID = id("with_source_id"), id("with_target_id")
			cols = append(cols, g.EdgeCols...)
		} else {
			spec.NodeID = id("with_node_id")
			nodes := g.NodeCols
			cols = append(cols, nodes...)
		}
		node := &plan.Generic{Ins: g.ins, Op: "graph-to-table", Spec: spec, Cols: cols}
		t := &rel{node: node, cols: cols}
		if len(op.Outputs) == 1 {
			t.broken = r.broken
			return t
		}
		name := "PrimaryResult"
		if o.As == nil {
			b.errorf(o.At(), codePattern, "with nodes and edges both, each needs a name: nodes as N, edges as E")
		} else {
			name = o.As.Text
			b.define(name, &symbol{table: &tableSymbol{shared: t}})
		}
		out.results = append(out.results, plan.Result{Name: name, Root: node})
		out.node, out.cols = t.node, t.cols
	}
	if len(out.results) == 0 {
		return b.brokenTable()
	}
	return out
}
