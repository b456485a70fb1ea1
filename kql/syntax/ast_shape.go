package syntax

// The operators that take values apart and put them together.
type (
	// MvExpand is mv-expand Items limit Limit; also spelled mvexpand. Options: kind, bagexpansion, with_itemindex.
	MvExpand struct {
		Op
		Items []*MvItem
		Limit Expr
	}
	// MvItem is X to typeof(To) of mv-expand and mv-apply. X may be *Named; To is nil without one.
	MvItem struct {
		Span
		X  Expr
		To *TypeOf
	}
	// MvApply is mv-apply Items limit Limit id ID on (Sub). Limit and ID may be nil.
	MvApply struct {
		Op
		Items []*MvItem
		Limit Expr
		ID    Expr
		Sub   Expr
	}
	// ParseOp is parse X with Elements, or parse-where. Options: kind, flags. Elements are *Star, *Literal (a string) and *PatternColumn.
	ParseOp struct {
		Op
		X        Expr
		Elements []Expr
	}
	// PatternColumn is name or name:type within parse. Type is nil without one.
	PatternColumn struct {
		Span
		Name *Name
		Type *Type
	}
	// ParseKV is parse-kv X as Schema with (With). Options of With: pair_delimiter, kv_delimiter, quote, escape, greedy, regex.
	ParseKV struct {
		Op
		X      Expr
		Schema *Schema
		With   Params
	}
	// MakeSeries is make-series Aggs on Axis from From to To step Step by By, or … in range(From, To, Step) when InRange. From and To may be nil.
	MakeSeries struct {
		Op
		Aggs           []*SeriesAgg
		Axis           Expr
		From, To, Step Expr
		InRange        bool
		By             []Expr
	}
	// SeriesAgg is X default=Default of make-series. X may be *Named; Default is nil without one.
	SeriesAgg struct {
		Span
		X       Expr
		Default Expr
	}
	// Scan is scan order by OrderBy partition by PartitionBy declare (Declare) with (Steps). Options: with_match_id.
	Scan struct {
		Op
		OrderBy     []Expr
		PartitionBy []Expr
		Declare     []*Parameter
		Steps       []*ScanStep
	}
	// ScanStep is step Name optional output=Output : Cond => Assign. Assign may be empty; each is *Named.
	ScanStep struct {
		Span
		Name     *Name
		Optional bool
		Output   string // all, last, none or ""
		Cond     Expr
		Assign   []Expr
	}
)

// The operators on graphs.
type (
	// MakeGraph is make-graph Source --> Target with Nodes, or with_node_id=NodeID, partitioned-by Entity (Sub). Direction is --> or --.
	MakeGraph struct {
		Op
		Source    *Name
		Target    *Name
		Direction string
		Nodes     []*GraphTable
		NodeID    *Name
		Entity    *Name
		Sub       Expr
	}
	// GraphTable is Table on Column of make-graph.
	GraphTable struct {
		Span
		Table  Expr
		Column *Name
	}
	// GraphMatch is graph-match Patterns where Pred project Cols. Pred is nil and Cols empty where absent. Option: cycles.
	GraphMatch struct {
		Op
		Patterns []*GraphPattern
		Pred     Expr
		Cols     []Expr
	}
	// GraphShortestPaths is graph-shortest-paths Patterns where Pred project Cols. Options: output, cycles.
	GraphShortestPaths struct {
		Op
		Patterns []*GraphPattern
		Pred     Expr
		Cols     []Expr
	}
	// GraphPattern is (a)-[e]->(b)…: nodes and edges in turn.
	GraphPattern struct {
		Span
		Elements []GraphElement
	}
	// GraphElement is *GraphNode or *GraphEdge.
	GraphElement interface {
		Node
		graphElement()
	}
	// GraphNode is (Name); Name is nil when anonymous.
	GraphNode struct {
		Span
		Name *Name
	}
	// GraphEdge is -[Name*Min..Max]->, <-[…]-, -[…]-, -->, <-- or --. Name is nil when anonymous; Min and Max are nil without a range.
	GraphEdge struct {
		Span
		Name     *Name
		Left     bool // the arrow points to the left: <-[…]-
		Right    bool // the arrow points to the right: -[…]->
		Min, Max Expr
	}
	// GraphToTable is graph-to-table Outputs.
	GraphToTable struct {
		Op
		Outputs []*GraphOutput
	}
	// GraphOutput is nodes or edges as As with options (with_node_id, with_source_id, with_target_id).
	GraphOutput struct {
		Span
		Entity string
		As     *Name
		Params Params
	}
	// GraphMarkComponents is graph-mark-components. Options: kind, with_component_id.
	GraphMarkComponents struct{ Op }
	// GraphWhereNodes is graph-where-nodes Pred.
	GraphWhereNodes struct {
		Op
		Pred Expr
	}
	// GraphWhereEdges is graph-where-edges Pred.
	GraphWhereEdges struct {
		Op
		Pred Expr
	}
)

func (*PatternColumn) expr()     {}
func (*GraphNode) graphElement() {}
func (*GraphEdge) graphElement() {}
