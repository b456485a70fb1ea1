package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// graphMatch binds the patterns; their named elements have columns that the condition and the output name as element.column.
func (b *binder) graphMatch(r *rel, spec *plan.GraphMatch, patterns []*syntax.GraphPattern, pred syntax.Expr, out []syntax.Expr, op syntax.Op) *rel {
	g := r.graph
	outer := b.scope
	elements := map[string]plan.GraphElement{}
	for _, p := range patterns {
		var list []plan.GraphElement
		for _, e := range p.Elements {
			el := b.graphElement(e, g)
			have, again := elements[el.Name]
			switch {
			case el.Name == "":
			case again && (el.Edge || have.Edge):
				b.errorf(e.At(), codePattern, "%s names two elements of the pattern; only a node can occur again", quoteName(el.Name))
			case again:
				el.Cols, el.Step = have.Cols, have.Step
			default:
				elements[el.Name] = el
				b.define(el.Name, &symbol{members: &members{cols: el.Cols, open: g.open, element: el.Name}})
			}
			list = append(list, el)
		}
		b.alternating(p, list)
		spec.Patterns = append(spec.Patterns, list)
	}
	if spec.Shortest && (len(spec.Patterns) != 1 || len(spec.Patterns[0]) != 3) {
		b.errorf(op.KeywordAt, codePattern, "graph-shortest-paths takes one pattern of two nodes and the path between them: (a)-[e*1..5]->(b)")
	}
	row, aggs := b.row, b.aggs
	b.row, b.aggs = nil, nil
	leave := b.inGraph(elements, false)
	if pred != nil {
		if x := b.predicate(pred, "the condition of "+op.Keyword); x.ok() {
			spec.Where = x.expr
		}
	}
	p := b.newProjection(len(out))
	for _, e := range out {
		b.graphColumn(p, e, elements)
	}
	leave()
	b.row, b.aggs = row, aggs
	b.scope = outer
	if len(out) == 0 {
		b.refuse(op.KeywordAt, "%s without project is not supported; write project and what is wanted of the elements", op.Keyword)
		return r
	}
	for i := range p.items {
		if p.items[i].Expr == nil {
			p.items[i].Expr = &plan.Lit{V: value.NullOf(p.items[i].Col.Type)}
		}
	}
	spec.Project = p.items
	cols := columnsOf(p.items)
	node := &plan.Generic{Ins: b.graphInputs(g, spec), Op: op.Keyword, Spec: spec, Cols: cols}
	return &rel{node: node, cols: cols, broken: r.broken}
}

// graphInputs gives the graph's tables without the columns that the patterns do not read.
func (b *binder) graphInputs(g *graph, spec *plan.GraphMatch) []plan.Node {
	used := map[plan.ColID]bool{}
	for _, e := range spec.Exprs() {
		plan.Refs(*e, used)
	}
	need := map[plan.ColID]bool{g.Source: true, g.Target: true}
	for _, k := range g.Keys {
		need[k] = true
	}
	nodes := map[int]bool{}
	read := func(cols []plan.Column, edge bool) {
		for i, c := range cols {
			switch {
			case !used[c.ID]:
			case edge:
				need[g.EdgeCols[i].ID] = true
			default:
				nodes[i] = true
			}
		}
	}
	read(g.EdgeCols, true)
	read(g.NodeCols, false)
	for _, list := range spec.Patterns {
		for _, el := range list {
			read(el.Cols, el.Edge)
			read(el.Step, el.Edge)
			read(el.Inner, false)
		}
	}
	for i := range g.NodeMap {
		for at := range nodes {
			need[g.NodeMap[i][at]] = true
		}
	}
	ins := make([]plan.Node, len(g.ins))
	for i, in := range g.ins {
		var keep []plan.Column
		for _, c := range in.Columns() {
			if need[c.ID] {
				keep = append(keep, c)
			}
		}
		ins[i] = plan.NewProject(in, refs(keep))
	}
	return ins
}

// alternating reports a pattern that does not go from node to edge to node.
func (b *binder) alternating(p *syntax.GraphPattern, list []plan.GraphElement) {
	for i, el := range list {
		if el.Edge != (i%2 == 1) {
			b.errorf(p.Elements[i].At(), codePattern, "nodes and edges must take turns in a pattern: (a)-[e]->(b)")
			return
		}
	}
	if len(list)%2 == 0 {
		b.errorf(p.At(), codePattern, "a pattern ends with a node: (a)-[e]->(b)")
	}
}

// inGraph says that functions on elements can be called, within one also without naming it, until the function it gives is called.
func (b *binder) inGraph(elements map[string]plan.GraphElement, within bool) (leave func()) {
	outer, inside := b.elements, b.element
	b.elements, b.element = elements, within
	return func() { b.elements, b.element = outer, inside }
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
			if el.Min > el.Max {
				b.errorf(e.At(), codePattern, "the least length of a path must not be greater than the most: *1..5")
			}
		}
	}
	fresh := func(cols []plan.Column) []plan.Column {
		out := make([]plan.Column, len(cols))
		for i, c := range cols {
			out[i] = b.newColumn(c.Name, c.Type)
		}
		return out
	}
	el.Cols = fresh(cols)
	el.Step = el.Cols
	if el.Variable {
		el.Step, el.Inner = fresh(cols), fresh(g.NodeCols)
		for i := range el.Cols {
			el.Cols[i].Type = value.Dynamic
		}
	}
	return el
}

// elementCall binds a function on an element of a pattern: all, any and map compute over the steps of a path, or over the nodes inside it
// (inner_nodes); the others ask about an element, without an argument about the one at hand.
func (b *binder) elementCall(e *syntax.Call) bound {
	f := fn.Lookup(e.Func.Text)
	if f == nil || len(e.Args) == 0 && !b.element || e.Func.Text == "inner_nodes" {
		b.errorf(e.At(), codeArguments, "%s() cannot stand here", e.Func.Text)
		return unknown(value.Unknown)
	}
	if len(e.Args) == 0 {
		return b.apply(f, []bound{literal(value.OfString(""))}, e.At())
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
	row := &rel{cols: el.Step}
	name := n.Text
	if inner {
		if !el.Variable {
			b.errorf(of.At(), codeArguments, "inner_nodes() needs an edge of variable length")
			return unknown(value.Unknown)
		}
		row.cols, name = el.Inner, "inner_nodes("+name+")"
	}
	args := []bound{literal(value.OfString(name))}
	leave := b.inGraph(b.elements, true)
	for _, a := range e.Args[1:] {
		b.over(row, func() { args = append(args, b.expr(a)) })
	}
	leave()
	return b.apply(f, args, e.At())
}

// elementValue gives an element that stands for itself: a bag of its properties, for a path an array of them.
func (b *binder) elementValue(name string) bound {
	el := b.elements[name]
	bag := b.pack(fn.Lookup("bag_pack"), el.Step)
	if !el.Variable || !bag.ok() {
		return bag
	}
	return bound{expr: &plan.Call{Fn: fn.Lookup("map"), Args: []plan.Expr{&plan.Lit{V: value.OfString(name)}, bag.expr}, T: value.Dynamic}, typ: value.Dynamic}
}

// elementFunctions are the functions that elementCall binds within a pattern.
var elementFunctions = map[string]bool{"all": true, "any": true, "map": true, "inner_nodes": true, "node_degree_in": true, "node_degree_out": true,
	"node_id": true, "labels": true}

func (b *binder) patternBound(e syntax.Expr) int {
	if e == nil {
		return 1
	}
	n, computed, ok := b.whole(e, "the length of a path")
	if ok && (computed != nil || n < 0) {
		b.errorf(e.At(), codeConstant, "the length of a path must be a constant that is not negative")
	}
	return int(n)
}

// graphColumn adds an output column of graph-match; one that names an element of variable length is dynamic.
func (b *binder) graphColumn(p *projection, e syntax.Expr, elements map[string]plan.GraphElement) {
	names := map[string]bool{}
	under := e
	if n, ok := e.(*syntax.Named); ok {
		under = n.X
	}
	namesIn(under, names)
	var as *value.Type
	for n := range names {
		if elements[n].Variable {
			t := value.Dynamic
			as = &t
		}
	}
	x := b.expr(under)
	if as != nil && x.ok() {
		x.expr = b.convert(x.expr, *as)
	}
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
