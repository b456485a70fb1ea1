package syntax

// blocks writes the operators with subqueries, patterns and steps.
func (p *printer) blocks(o Operator) {
	switch o := o.(type) {
	case *MvExpand:
		p.mvItems(o.Items)
		p.clause("limit", o.Limit)
	case *MvApply:
		p.mvItems(o.Items)
		p.clause("limit", o.Limit)
		p.clause("id", o.ID)
		p.w(" on (")
		p.expr(o.Sub)
		p.w(")")
	case *ParseOp:
		p.arg(o.X)
		p.w(" with")
		for _, e := range o.Elements {
			p.arg(e)
		}
	case *ParseKV:
		p.arg(o.X)
		p.w(" as ")
		p.schema(o.Schema)
		p.with(o.With)
	case *MakeSeries:
		p.makeSeries(o)
	case *Partition:
		p.w(" by ")
		p.expr(o.By)
		p.clause("in", o.Scope)
		if o.Braces {
			p.w(" { ")
			p.expr(o.Sub)
			p.w(" }")
		} else {
			p.block(o.Sub)
		}
	case *PartitionBy:
		p.arg(o.Entity)
		p.clause("id", o.ID)
		p.block(o.Sub)
	case *MacroExpand:
		p.arg(o.Group)
		if o.Scope != nil {
			p.w(" as ")
			p.name(o.Scope)
		}
		p.w(" (")
		for i, s := range o.Statements {
			if i > 0 {
				p.w("; ")
			}
			p.statement(s)
		}
		p.w(")")
	case *Scan:
		p.scan(o)
	case *InlineExternalTable:
		p.inlineExternalTable(o)
	default:
		p.graph(o)
	}
}

func (p *printer) inlineExternalTable(o *InlineExternalTable) {
	if o.Schema != nil {
		p.w(" ")
		p.schema(o.Schema)
	}
	p.w(" kind=", o.Kind)
	if o.Partition != nil {
		p.w(" partition by ")
		p.parameters(o.Partition)
	}
	if o.PathFormat != nil {
		p.w(" pathformat=(")
		for i, x := range o.PathFormat {
			if i > 0 {
				p.w(" ")
			}
			p.expr(x)
		}
		p.w(")")
	}
	if o.Format != nil {
		p.w(" dataformat=")
		p.name(o.Format)
	}
	p.w(" (")
	p.exprs(o.URIs)
	p.w(")")
	p.with(o.With)
}

func (p *printer) block(x Expr) {
	p.w(" (")
	p.expr(x)
	p.w(")")
}

func (p *printer) mvItems(items []*MvItem) {
	for i, m := range items {
		if i > 0 {
			p.w(",")
		}
		if m.X != nil {
			p.arg(m.X)
		}
		if m.To != nil {
			p.clause("to", m.To)
		}
	}
}

func (p *printer) makeSeries(o *MakeSeries) {
	for i, a := range o.Aggs {
		if i > 0 {
			p.w(",")
		}
		p.arg(a.X)
		if a.Default != nil {
			p.w(" default=")
			p.expr(a.Default)
		}
	}
	p.clause("on", o.Axis)
	if o.InRange {
		p.w(" in range(")
		p.exprs([]Expr{o.From, o.To, o.Step})
		p.w(")")
	} else {
		p.clause("from", o.From)
		p.clause("to", o.To)
		p.clause("step", o.Step)
	}
	p.clauseList("by", o.By)
}

func (p *printer) scan(o *Scan) {
	p.clauseList("order by", o.OrderBy)
	p.clauseList("partition by", o.PartitionBy)
	if o.Declare != nil {
		p.w(" declare ")
		p.parameters(o.Declare)
	}
	p.w(" with (")
	for i, s := range o.Steps {
		if i > 0 {
			p.w(" ")
		}
		p.w("step ")
		p.name(s.Name)
		if s.Optional {
			p.w(" optional")
		}
		if s.Output != "" {
			p.w(" output=", s.Output)
		}
		p.w(": ")
		p.expr(s.Cond)
		if len(s.Assign) > 0 {
			p.w(" => ")
			p.exprs(s.Assign)
		}
		p.w(";")
	}
	p.w(")")
}

func (p *printer) graph(o Operator) {
	switch o := o.(type) {
	case *MakeGraph:
		p.makeGraph(o)
	case *GraphMatch:
		p.match(o.Patterns, o.Pred, o.Cols)
	case *GraphShortestPaths:
		p.match(o.Patterns, o.Pred, o.Cols)
	case *GraphToTable:
		for i, g := range o.Outputs {
			if i > 0 {
				p.w(",")
			}
			p.w(" ", g.Entity)
			if g.As != nil {
				p.w(" as ")
				p.name(g.As)
			}
			p.params(g.Params)
		}
	}
}

func (p *printer) makeGraph(o *MakeGraph) {
	p.w(" ")
	p.name(o.Source)
	p.w(" ", o.Direction, " ")
	p.name(o.Target)
	if o.NodeID != nil {
		p.w(" with_node_id=")
		p.name(o.NodeID)
	}
	for i, t := range o.Nodes {
		if i == 0 {
			p.w(" with ")
		}
		p.comma(i)
		p.expr(t.Table)
		p.w(" on ")
		p.name(t.Column)
	}
	if o.Entity != nil {
		p.w(" partitioned-by ")
		p.name(o.Entity)
		p.block(o.Sub)
	}
}

func (p *printer) match(patterns []*GraphPattern, pred Expr, cols []Expr) {
	for i, x := range patterns {
		if i > 0 {
			p.w(",")
		}
		p.w(" ")
		p.pattern(x)
	}
	p.clause("where", pred)
	p.clauseList("project", cols)
}

func (p *printer) pattern(x *GraphPattern) {
	for _, e := range x.Elements {
		switch e := e.(type) {
		case *GraphNode:
			p.w("(")
			p.name(e.Name)
			p.w(")")
		case *GraphEdge:
			p.edge(e)
		}
	}
}

func (p *printer) edge(e *GraphEdge) {
	if e.Left {
		p.w("<")
	}
	if e.Name == nil && e.Min == nil {
		p.w("--")
	} else {
		p.w("-[")
		p.name(e.Name)
		if e.Min != nil {
			p.w("*")
			p.expr(e.Min)
			p.w("..")
			p.expr(e.Max)
		}
		p.w("]-")
	}
	if e.Right {
		p.w(">")
	}
}
