package syntax

func (p *printer) operator(o Operator) {
	h := o.Head()
	if _, ok := o.(*BadOp); ok {
		p.w(h.Keyword)
		return
	}
	if _, ok := o.(*TopNested); !ok {
		p.w(h.Keyword)
	}
	if r, ok := o.(*Render); ok {
		p.render(r)
		return
	}
	if f, ok := o.(*Find); ok && f.DataScope != "" {
		p.w(" datascope=", f.DataScope)
	}
	p.params(h.Params)
	switch o := o.(type) {
	case *Where:
		p.arg(o.Pred)
	case *Extend:
		p.args(o.Cols)
	case *Project:
		p.args(o.Cols)
	case *ProjectAway:
		p.args(o.Cols)
	case *ProjectKeep:
		p.args(o.Cols)
	case *ProjectRename:
		p.args(o.Cols)
	case *ProjectReorder:
		p.args(o.Cols)
	case *ProjectByNames:
		p.args(o.Cols)
	case *Serialize:
		p.args(o.Cols)
	case *Distinct:
		p.args(o.Cols)
	case *PrintOp:
		p.args(o.Cols)
	case *Union:
		p.args(o.Tables)
	case *Take:
		p.arg(o.N)
	case *Sample:
		p.arg(o.N)
	case *GraphWhereNodes:
		p.arg(o.Pred)
	case *GraphWhereEdges:
		p.arg(o.Pred)
	case *Invoke:
		p.arg(o.Func)
	case *Sort:
		p.w(" by")
		p.args(o.By)
	case *As:
		p.w(" ")
		p.name(o.Name)
	case *AssertSchema:
		p.w(" ")
		p.schema(o.Schema)
	case *Evaluate:
		p.arg(o.Plugin)
		if o.Schema != nil {
			p.w(" : ")
			p.schema(o.Schema)
		}
	case *Count:
		if o.As != nil {
			p.w(" as ")
			p.name(o.As)
		}
	default:
		p.clauses(o)
	}
}

// arg writes an expression after a blank, args a list of them.
func (p *printer) arg(x Expr) {
	p.w(" ")
	p.expr(x)
}

func (p *printer) args(xs []Expr) {
	if len(xs) > 0 {
		p.w(" ")
		p.exprs(xs)
	}
}

// clause writes word and expression, nothing if there is none.
func (p *printer) clause(word string, x Expr) {
	if x != nil {
		p.w(" ", word, " ")
		p.expr(x)
	}
}

func (p *printer) clauseList(word string, xs []Expr) {
	if len(xs) > 0 {
		p.w(" ", word)
		p.args(xs)
	}
}

// clauses writes operators that have words between their parts.
func (p *printer) clauses(o Operator) {
	switch o := o.(type) {
	case *Summarize:
		p.args(o.Aggs)
		p.clauseList("by", o.By)
		p.params(o.ByParams)
	case *Top:
		p.arg(o.N)
		p.clause("by", o.By)
	case *TopNested:
		for i, l := range o.Levels {
			p.comma(i)
			p.w("top-nested")
			if l.N != nil {
				p.arg(l.N)
			}
			p.clause("of", l.Of)
			if l.Others != nil {
				p.w(" with others=")
				p.expr(l.Others)
			}
			p.clause("by", l.By)
		}
	case *TopHitters:
		p.arg(o.N)
		p.clause("of", o.Of)
		p.clause("by", o.By)
	case *SampleDistinct:
		p.arg(o.N)
		p.clause("of", o.Of)
	case *Reduce:
		p.clause("by", o.By)
		if o.With != nil {
			p.w(" with ")
			p.paramList(o.With)
		}
	case *Range:
		p.w(" ")
		p.name(o.Name)
		p.clause("from", o.From)
		p.clause("to", o.To)
		p.clause("step", o.Step)
	case *Join:
		p.join(o.Right, o.On, o.Where)
	case *Lookup:
		p.join(o.Right, o.On, o.Where)
	case *Search:
		if o.DataScope != "" {
			p.w(" datascope=", o.DataScope)
		}
		p.inTables(o.In)
		p.arg(o.Pred)
	case *Find:
		p.inTables(o.In)
		p.clause("where", o.Pred)
		p.clauseList("project", o.Project)
		if o.Smart {
			p.w(" project-smart")
		}
		p.clauseList("__projectAway", o.ProjectAway)
	case *Facet:
		p.clauseList("by", o.By)
		if o.With != nil {
			p.w(" with (")
			p.expr(o.With)
			p.w(")")
		}
	case *Fork:
		for _, b := range o.Branches {
			p.w(" ")
			if b.Name != nil {
				p.name(b.Name)
				p.w("=")
			}
			p.w("(")
			p.expr(b.X)
			p.w(")")
		}
	default:
		p.blocks(o)
	}
}

func (p *printer) join(right Expr, on []Expr, where Expr) {
	p.arg(right)
	p.clauseList("on", on)
	p.clause("where", where)
}

func (p *printer) inTables(xs []Expr) {
	if len(xs) > 0 {
		p.w(" in (")
		p.exprs(xs)
		p.w(")")
	}
}

func (p *printer) render(o *Render) {
	p.w(" ", o.Chart)
	for _, x := range o.Params {
		if x.Name == "by" || x.Name == "with" {
			p.w(" ", x.Name, " ")
			if a, ok := x.Value.(*Array); ok {
				p.exprs(a.Items)
			} else {
				p.expr(x.Value)
			}
			continue
		}
		p.w(" ")
		p.param(x)
	}
	p.with(o.With)
}
