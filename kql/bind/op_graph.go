package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// graph is a bound graph: its description and the tables that it is made of, edges first.
type graph struct {
	plan.Graph
	ins  []plan.Node
	open bool
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
	if op.NodeID != nil {
		c := b.newColumn(op.NodeID.Text, from.typ)
		g.NodeCols = append(g.NodeCols, c)
		g.NodeID = c.ID
	}
	if op.Sub != nil {
		return b.graphPartitions(r, g, tables, op)
	}
	return b.graphRel(g, r.broken)
}

// graphPartitions runs the subquery over the graph of each value of a column of the edges. A table of nodes that has the column too gives
// the nodes with the value, another one all of its nodes.
func (b *binder) graphPartitions(r *rel, g *graph, nodes []*rel, op *syntax.MakeGraph) *rel {
	var key bound
	b.over(r, func() { key = b.nameExpr(op.Entity) })
	b.notDynamic(key, op.Entity, "partitioned-by")
	in := &plan.Input{Cols: append([]plan.Column(nil), r.cols...)}
	edges := g.ins[0]
	g.ins[0] = in
	for i, t := range nodes {
		if c, ok := t.find(op.Entity.Text); ok && key.ok() {
			join := &plan.Join{Kind: plan.LeftSemi, Left: g.ins[i+1], Right: in, On: []plan.JoinKey{{L: ref(c), R: key.expr}}}
			for _, c := range g.ins[i+1].Columns() {
				join.Out = append(join.Out, plan.JoinCol{Col: c, Src: c.ID})
			}
			g.ins[i+1] = join
		}
	}
	var sub *rel
	b.over(r, func() { sub = b.sub(b.graphRel(g, r.broken), op.Sub) })
	if sub.graph != nil || len(sub.results) > 0 {
		b.errorf(op.Sub.At(), codeTabular, "the subquery of partitioned-by must give one table")
		return b.brokenTable()
	}
	expr := key.expr
	if expr == nil {
		expr = &plan.Lit{V: value.NullOf(key.typ)}
	}
	out := sub.derive(plan.NewPartition(edges, plan.Partition{Key: expr, SubInput: in, Sub: b.closed(sub)}), sub.cols).unordered()
	out.broken = r.broken || sub.broken
	return out
}

// graphStep binds an operator on a graph.
func (b *binder) graphStep(r *rel, op syntax.Operator) *rel {
	g := *r.graph
	switch op := op.(type) {
	case *syntax.GraphMatch:
		return b.graphMatch(r, &plan.GraphMatch{Graph: g.Graph, Cycles: b.optionWord(op.Params, "cycles", "all", "none", "unique_edges")}, op.Patterns, op.Pred, op.Cols, op.Op)
	case *syntax.GraphShortestPaths:
		spec := &plan.GraphMatch{Graph: g.Graph, Cycles: "none", Shortest: true, Output: b.optionWord(op.Params, "output", "any", "all")}
		return b.graphMatch(r, spec, op.Patterns, op.Pred, op.Cols, op.Op)
	case *syntax.GraphToTable:
		return b.graphToTable(r, op)
	case *syntax.GraphMarkComponents:
		name := op.Params.Word("with_component_id")
		if name == "" {
			name = "ComponentId"
		}
		c := b.newColumn(name, value.Long)
		g.NodeCols = append(g.NodeCols[:len(g.NodeCols):len(g.NodeCols)], c)
		g.step(plan.GraphStep{Component: c.ID, Strong: b.optionWord(op.Params, "kind", "weak", "strong") == "strong"})
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

// step adds a step; the graph that it was made from keeps its own.
func (g *graph) step(s plan.GraphStep) { g.Steps = append(g.Steps[:len(g.Steps):len(g.Steps)], s) }

func (b *binder) graphWhere(r *rel, g *graph, cols []plan.Column, pred syntax.Expr, edges bool) *rel {
	defer b.inGraph(map[string]plan.GraphElement{}, true)()
	b.over(&rel{cols: cols, open: g.open}, func() {
		if x := b.predicate(pred, "the condition"); x.ok() {
			g.step(plan.GraphStep{Edges: edges, Pred: x.expr})
		}
	})
	return b.graphRel(g, r.broken)
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
