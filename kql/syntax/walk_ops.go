package syntax

func (w walker) operator(o Operator) {
	nodes(w, o.Head().Params)
	switch o := o.(type) {
	case *Where:
		w.all(o.Pred)
	case *Extend:
		nodes(w, o.Cols)
	case *Project:
		nodes(w, o.Cols)
	case *ProjectAway:
		nodes(w, o.Cols)
	case *ProjectKeep:
		nodes(w, o.Cols)
	case *ProjectRename:
		nodes(w, o.Cols)
	case *ProjectReorder:
		nodes(w, o.Cols)
	case *ProjectByNames:
		nodes(w, o.Cols)
	case *Summarize:
		nodes(w, o.Aggs)
		nodes(w, o.By)
		nodes(w, o.ByParams)
	case *Serialize:
		nodes(w, o.Cols)
	case *Sort:
		nodes(w, o.By)
	case *Top:
		w.all(o.N, o.By)
	case *TopNested:
		nodes(w, o.Levels)
	case *TopHitters:
		w.all(o.N, o.Of, o.By)
	case *Sample:
		w.all(o.N)
	case *SampleDistinct:
		w.all(o.N, o.Of)
	case *Take:
		w.all(o.N)
	case *Distinct:
		nodes(w, o.Cols)
	case *Count:
		w.all(o.As)
	case *As:
		w.all(o.Name)
	case *Reduce:
		w.all(o.By)
		nodes(w, o.With)
	case *AssertSchema:
		w.all(o.Schema)
	case *Invoke:
		w.all(o.Func)
	case *Evaluate:
		w.all(o.Plugin, o.Schema)
	case *Render:
		nodes(w, o.With)
	default:
		w.tableOperator(o)
	}
}

func (w walker) tableOperator(o Operator) {
	switch o := o.(type) {
	case *PrintOp:
		nodes(w, o.Cols)
	case *Range:
		w.all(o.Name, o.From, o.To, o.Step)
	case *Union:
		nodes(w, o.Tables)
	case *Join:
		w.all(o.Right)
		nodes(w, o.On)
		w.all(o.Where)
	case *Lookup:
		w.all(o.Right)
		nodes(w, o.On)
		w.all(o.Where)
	case *Search:
		nodes(w, o.In)
		w.all(o.Pred)
	case *Find:
		nodes(w, o.In)
		w.all(o.Pred)
		nodes(w, o.Project)
		nodes(w, o.ProjectAway)
	case *Fork:
		nodes(w, o.Branches)
	case *Facet:
		nodes(w, o.By)
		w.all(o.With)
	case *Partition:
		w.all(o.By, o.Scope, o.Sub)
	case *PartitionBy:
		w.all(o.Entity, o.ID, o.Sub)
	case *MacroExpand:
		w.all(o.Group, o.Scope)
		nodes(w, o.Statements)
	case *InlineExternalTable:
		w.all(o.Schema)
		nodes(w, o.Partition)
		nodes(w, o.PathFormat)
		w.all(o.Format)
		nodes(w, o.URIs)
		nodes(w, o.With)
	case *MvExpand:
		nodes(w, o.Items)
		w.all(o.Limit)
	case *MvApply:
		nodes(w, o.Items)
		w.all(o.Limit, o.ID, o.Sub)
	case *ParseOp:
		w.all(o.X)
		nodes(w, o.Elements)
	case *ParseKV:
		w.all(o.X, o.Schema)
		nodes(w, o.With)
	case *MakeSeries:
		nodes(w, o.Aggs)
		w.all(o.Axis, o.From, o.To, o.Step)
		nodes(w, o.By)
	case *Scan:
		nodes(w, o.OrderBy)
		nodes(w, o.PartitionBy)
		nodes(w, o.Declare)
		nodes(w, o.Steps)
	default:
		w.graphOperator(o)
	}
}

func (w walker) graphOperator(o Operator) {
	switch o := o.(type) {
	case *MakeGraph:
		w.all(o.Source, o.Target)
		nodes(w, o.Nodes)
		w.all(o.NodeID, o.Entity, o.Sub)
	case *GraphMatch:
		nodes(w, o.Patterns)
		w.all(o.Pred)
		nodes(w, o.Cols)
	case *GraphShortestPaths:
		nodes(w, o.Patterns)
		w.all(o.Pred)
		nodes(w, o.Cols)
	case *GraphToTable:
		nodes(w, o.Outputs)
	case *GraphWhereNodes:
		w.all(o.Pred)
	case *GraphWhereEdges:
		w.all(o.Pred)
	}
}
