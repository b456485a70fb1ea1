package syntax

// graphOperator reads the rest of an operator on graphs; h is one.
func (p *parser) graphOperator(h Op) Operator {
	switch h.Keyword {
	case "make-graph":
		return p.makeGraph(h)
	case "graph-match":
		h.Params = p.params(noParams, withEquals)
		o := &GraphMatch{Op: h, Patterns: p.graphPatterns()}
		o.Pred, o.Cols = p.graphClauses()
		return o
	case "graph-shortest-paths":
		h.Params = p.params(pathParams, withEquals)
		o := &GraphShortestPaths{Op: h, Patterns: p.graphPatterns()}
		o.Pred, o.Cols = p.graphClauses()
		return o
	case "graph-to-table":
		return p.graphToTable(h)
	case "graph-mark-components":
		h.Params = p.params(componentsArgs, withEquals)
		return &GraphMarkComponents{h}
	case "graph-where-nodes":
		return &GraphWhereNodes{h, p.needExpr(p.unnamed())}
	default:
		return &GraphWhereEdges{h, p.needExpr(p.unnamed())}
	}
}

func (p *parser) makeGraph(h Op) Operator {
	h.Params = p.params(noParams, withEquals)
	o := &MakeGraph{Op: h, Source: p.needName("the column of the source node")}
	switch {
	case p.acceptRun("-->"):
		o.Direction = "-->"
	case p.acceptRun("--"):
		o.Direction = "--"
	default:
		p.missing("missing-word", "`-->` or `--`", "write make-graph Source --> Target")
	}
	o.Target = p.needName("the column of the target node")
	switch {
	case p.accept("with_node_id"):
		p.need("=")
		o.NodeID = p.needName("a name")
	case p.accept("with"):
		p.list(list{required: true, stop: func() bool { return p.is("partitioned-by") },
			missing: func() { p.missing("missing-expression", "a table of nodes", "write with Nodes on Id") },
			item: func() bool {
				start := p.tok().Start
				t := &GraphTable{Table: p.unary()}
				if t.Table == nil {
					return false
				}
				p.need("on")
				t.Column = p.needName("the key column of the nodes")
				t.Span = p.span(start)
				o.Nodes = append(o.Nodes, t)
				return true
			}})
	}
	if p.accept("partitioned-by") {
		switch x := p.simplePath().(type) {
		case *Name:
			o.Entity = x
		default:
			p.errorAt(x.At(), "missing-name", "a column expected after partitioned-by", "")
			o.Entity = &Name{Span: x.At()}
		}
		open := p.open("(")
		o.Sub = p.subpipe(false)
		p.close(open, ")")
	}
	return o
}

func (p *parser) graphPatterns() []*GraphPattern {
	var out []*GraphPattern
	none := func() {
		p.missing("missing-pattern", "a pattern", "write (a)-[e]->(b)")
	}
	p.list(list{required: true, open: true, missing: none, item: func() bool {
		x := &GraphPattern{}
		start := p.tok().Start
		for {
			e := p.graphElement()
			if e == nil {
				break
			}
			x.Elements = append(x.Elements, e)
		}
		if len(x.Elements) == 0 {
			return false
		}
		x.Span = p.span(start)
		out = append(out, x)
		return true
	}})
	return out
}

func (p *parser) graphElement() GraphElement {
	start := p.tok().Start
	if p.is("(") {
		open := p.open("(")
		n := &GraphNode{Name: p.name()}
		p.close(open, ")")
		n.Span = p.span(start)
		return n
	}
	e := &GraphEdge{}
	switch {
	case p.acceptRun("-->"):
		e.Right = true
	case p.acceptRun("<--"):
		e.Left = true
	case p.acceptRun("--"):
	case p.acceptRun("<-["):
		e.Left = true
		p.edgeBody(e)
	case p.acceptRun("-["):
		p.edgeBody(e)
	default:
		return nil
	}
	e.Span = p.span(start)
	return e
}

// edgeBody reads the inside of -[name*1..3]-> and its end.
func (p *parser) edgeBody(e *GraphEdge) {
	e.Name = p.name()
	if p.accept("*") {
		e.Min = p.needExpr(p.unary())
		if !p.accept("..") {
			p.missing("missing-range", "`..`", "write *1..3")
		}
		e.Max = p.needExpr(p.unary())
	}
	switch {
	case p.acceptRun("]->"):
		e.Right = true
	case p.acceptRun("]-"):
	default:
		p.missing("missing-bracket", "`]->` or `]-`", "")
		if p.skipTo("]", true) {
			p.pos++
		}
	}
}

// graphClauses reads where and project of a graph operator.
func (p *parser) graphClauses() (pred Expr, cols []Expr) {
	if p.accept("where") {
		pred = p.needExpr(p.unnamed())
	}
	if p.accept("project") {
		cols = p.exprs(list{required: true}, p.named)
	}
	return pred, cols
}

func (p *parser) graphToTable(h Op) Operator {
	o := &GraphToTable{Op: h}
	none := func() { p.missing("missing-word", "`nodes` or `edges`", "") }
	p.list(list{required: true, open: true, missing: none, item: func() bool {
		t := p.tok()
		if t.Text != "nodes" && t.Text != "edges" {
			return false
		}
		p.pos++
		g := &GraphOutput{Entity: t.Text}
		if p.accept("as") {
			g.As = p.needName("a name")
		}
		own := nodesParams
		if t.Text == "edges" {
			own = edgesParams
		}
		g.Params = p.params(own, withEquals)
		g.Span = p.span(t.Start)
		o.Outputs = append(o.Outputs, g)
		return true
	}})
	return o
}
