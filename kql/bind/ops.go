package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// pipe binds a source and the operators on it.
func (b *binder) pipe(e *syntax.Pipe) *rel {
	var r *rel
	switch {
	case e.Source != nil:
		fuzzy := b.fuzzy
		if len(e.Ops) > 0 {
			if u, ok := e.Ops[0].(*syntax.Union); ok && isFuzzy(u.Params) {
				b.fuzzy = true
			}
		}
		outer := b.implicit
		b.implicit = nil
		r = b.table(e.Source)
		b.implicit = outer
		b.fuzzy = fuzzy
	case b.implicit != nil:
		r = b.implicit
		outer := b.implicit
		b.implicit = nil
		defer func() { b.implicit = outer }()
	}
	for _, op := range e.Ops {
		r = b.step(r, op)
		if r.render != nil && op != e.Ops[len(e.Ops)-1] {
			if _, ok := e.Ops[len(e.Ops)-1].(*syntax.Render); !ok {
				r.render = nil
			}
		}
	}
	return r
}

// sub binds a subquery that an operator feeds: its pipe begins with an operator, or stands in parentheses.
func (b *binder) sub(in *rel, e syntax.Expr) *rel {
	outer := b.implicit
	b.implicit = in
	defer func() { b.implicit = outer }()
	switch x := e.(type) {
	case *syntax.Paren:
		return b.sub(in, x.X)
	case *syntax.Pipe:
		if x.Source == nil {
			return b.pipe(x)
		}
	}
	b.implicit = nil
	return b.table(e)
}

// step binds one operator over r, which is nil where the operator comes first.
func (b *binder) step(r *rel, op syntax.Operator) *rel {
	b.nodes++
	switch op := op.(type) {
	case *syntax.PrintOp:
		return b.print(r, op)
	case *syntax.Range:
		return b.rangeOp(r, op)
	case *syntax.Union:
		return b.union(r, op)
	case *syntax.Search:
		return b.searchOp(r, op)
	case *syntax.Find:
		return b.find(r, op)
	case *syntax.Evaluate:
		return b.evaluate(r, op)
	case *syntax.MacroExpand:
		return b.macroExpand(r, op)
	}
	h := op.Head()
	if r == nil {
		if _, bad := op.(*syntax.BadOp); !bad {
			b.errorf(h.KeywordAt, codePosition, "%s needs a table before it: T | %s …", h.Keyword, h.Keyword)
		}
		return b.brokenTable()
	}
	if len(r.results) > 0 {
		b.errorf(h.KeywordAt, codePosition, "nothing can follow an operator that gives several tables")
		return b.brokenTable()
	}
	if r.graph != nil {
		return b.graphStep(r, op)
	}
	switch op := op.(type) {
	case *syntax.Where:
		return b.where(r, op)
	case *syntax.Extend:
		return b.extend(r, op)
	case *syntax.Project:
		return b.projectOp(r, op)
	case *syntax.ProjectAway:
		return b.projectAway(r, op.Cols, true)
	case *syntax.ProjectKeep:
		return b.projectAway(r, op.Cols, false)
	case *syntax.ProjectRename:
		return b.projectRename(r, op)
	case *syntax.ProjectReorder:
		return b.projectReorder(r, op)
	case *syntax.ProjectByNames:
		return b.projectByNames(r, op)
	case *syntax.Summarize:
		return b.summarize(r, op)
	case *syntax.Distinct:
		return b.distinct(r, op)
	case *syntax.Serialize:
		return b.serialize(r, op)
	case *syntax.Sort:
		return b.sort(r, op)
	case *syntax.Top:
		return b.top(r, op)
	case *syntax.Take:
		return b.take(r, op)
	case *syntax.Sample:
		return b.sample(r, op)
	case *syntax.SampleDistinct:
		return b.sampleDistinct(r, op)
	case *syntax.TopNested:
		return b.topNested(r, op)
	case *syntax.TopHitters:
		return b.topHitters(r, op)
	case *syntax.Count:
		return b.count(r, op)
	case *syntax.GetSchema:
		return b.getSchema(r, op)
	case *syntax.As:
		return b.as(r, op)
	case *syntax.Consume:
		return &rel{node: plan.NewLimit(b.closed(r), 0)}
	case *syntax.ExecuteAndCache:
		return r
	case *syntax.Reduce:
		return b.reduce(r, op)
	case *syntax.AssertSchema:
		return b.assertSchema(r, op)
	case *syntax.Invoke:
		return b.invoke(r, op)
	case *syntax.Render:
		return b.render(r, op)
	case *syntax.Join:
		return b.join(r, op)
	case *syntax.Lookup:
		return b.lookup(r, op)
	case *syntax.Fork:
		return b.fork(r, op)
	case *syntax.Facet:
		return b.facet(r, op)
	case *syntax.Partition:
		return b.partition(r, op)
	case *syntax.PartitionBy:
		b.refuse(h.KeywordAt, "%s is internal to Kusto and cannot be run here", h.Keyword)
		return b.sub(r, op.Sub)
	case *syntax.MvExpand:
		return b.mvExpand(r, op)
	case *syntax.MvApply:
		return b.mvApply(r, op)
	case *syntax.ParseOp:
		return b.parse(r, op)
	case *syntax.ParseKV:
		return b.parseKV(r, op)
	case *syntax.MakeSeries:
		return b.makeSeries(r, op)
	case *syntax.Scan:
		return b.scanOp(r, op)
	case *syntax.MakeGraph:
		return b.makeGraph(r, op)
	case *syntax.GraphMatch, *syntax.GraphShortestPaths, *syntax.GraphToTable, *syntax.GraphMarkComponents, *syntax.GraphWhereNodes, *syntax.GraphWhereEdges:
		if !r.broken {
			b.errorf(h.KeywordAt, codePosition, "%s needs a graph before it; make one with make-graph", h.Keyword)
		}
	}
	return b.brokenTable()
}
