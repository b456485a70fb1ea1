package syntax

// Inspect calls f for n and, as long as f gives true, for everything inside it, in the order of the text.
func Inspect(n Node, f func(Node) bool) {
	if isNil(n) || !f(n) {
		return
	}
	w := walker{f}
	switch n := n.(type) {
	case *Script:
		nodes(w, n.Statements)
	case Statement:
		w.statement(n)
	case Operator:
		w.operator(n)
	case Expr:
		w.expr(n)
	default:
		w.part(n)
	}
}

// isNil says whether n is nil or a nil pointer of a kind that may be absent.
func isNil(n Node) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *Name:
		return n == nil
	case *Type:
		return n == nil
	case *Schema:
		return n == nil
	case *Parameter:
		return n == nil
	case *TypeOf:
		return n == nil
	case *Body:
		return n == nil
	case *Call:
		return n == nil
	}
	return false
}

type walker struct{ f func(Node) bool }

func (w walker) all(ns ...Node) {
	for _, n := range ns {
		Inspect(n, w.f)
	}
}

func nodes[T Node](w walker, ns []T) {
	for _, n := range ns {
		Inspect(n, w.f)
	}
}

func (w walker) statement(s Statement) {
	switch s := s.(type) {
	case *Let:
		w.all(s.Name, s.Value)
	case *Set:
		w.all(s.Name, s.Value)
	case *QueryParameters:
		nodes(w, s.Params)
	case *Pattern:
		w.all(s.Name)
		nodes(w, s.Params)
		w.all(s.Path)
		nodes(w, s.Cases)
	case *Alias:
		w.all(s.Name, s.Target)
	case *Restrict:
		nodes(w, s.Entities)
		nodes(w, s.With)
	case *ExprStatement:
		w.all(s.X)
	}
}

func (w walker) part(n Node) {
	switch n := n.(type) {
	case *PatternCase:
		nodes(w, n.Values)
		w.all(n.Path, n.Body)
	case *Parameter:
		w.all(n.Name, n.Type, n.Default)
	case *Type:
		w.all(n.Schema)
	case *Schema:
		nodes(w, n.Columns)
	case *Column:
		w.all(n.Name, n.Type)
	case *Body:
		nodes(w, n.Statements)
		w.all(n.Result)
	case *Param:
		w.all(n.Value)
	case *BagPair:
		w.all(n.Key, n.Value)
	case *TopNestedLevel:
		w.all(n.N, n.Of, n.Others, n.By)
	case *Branch:
		w.all(n.Name, n.X)
	case *MvItem:
		w.all(n.X, n.To)
	case *SeriesAgg:
		w.all(n.X, n.Default)
	case *ScanStep:
		w.all(n.Name, n.Cond)
		nodes(w, n.Assign)
	case *GraphTable:
		w.all(n.Table, n.Column)
	case *GraphPattern:
		nodes(w, n.Elements)
	case *GraphNode:
		w.all(n.Name)
	case *GraphEdge:
		w.all(n.Name, n.Min, n.Max)
	case *GraphOutput:
		w.all(n.As)
		nodes(w, n.Params)
	}
}

func (w walker) expr(x Expr) {
	switch x := x.(type) {
	case *Dynamic:
		w.all(x.Value)
	case *Array:
		nodes(w, x.Items)
	case *Bag:
		for i := range x.Pairs {
			w.all(&x.Pairs[i])
		}
	case *TypeOf:
		w.all(x.Type)
	case *Call:
		w.all(x.Func)
		nodes(w, x.Args)
	case *Path:
		w.all(x.Base, x.Selector)
	case *Index:
		w.all(x.Base, x.Key)
	case *Unary:
		w.all(x.X)
	case *Binary:
		w.all(x.X, x.Y)
	case *InList:
		w.all(x.X)
		nodes(w, x.Items)
	case *Between:
		w.all(x.X, x.Low, x.High)
	case *Paren:
		w.all(x.X)
	case *Named:
		nodes(w, x.Names)
		w.all(x.X)
	case *Ordered:
		w.all(x.X)
	case *Pipe:
		w.all(x.Source)
		nodes(w, x.Ops)
	case *ToScalar:
		nodes(w, x.Params)
		w.all(x.X)
	case *ToTable:
		nodes(w, x.Params)
		w.all(x.X)
	case *Materialize:
		w.all(x.X)
	case *DataTable:
		nodes(w, x.Params)
		w.all(x.Schema)
		nodes(w, x.Values)
	case *ExternalData:
		nodes(w, x.Params)
		w.all(x.Schema)
		nodes(w, x.URIs)
		nodes(w, x.With)
	case *ContextTable:
		w.all(x.ID, x.Schema)
	case *ViewCombine:
		w.all(x.View, x.Base, x.Delta, x.Aggs)
	case *EntityGroup:
		nodes(w, x.Entities)
	case *DataScoped:
		w.all(x.X)
	case *Func:
		nodes(w, x.Params)
		w.all(x.Body)
	case *TypedColumn:
		w.all(x.Name, x.Type)
	case *PatternColumn:
		w.all(x.Name, x.Type)
	case *Bad:
		nodes(w, x.Parts)
	}
}
