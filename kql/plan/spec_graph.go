package plan

// Graph describes the graph that make-graph builds; it is part of the specs of the graph operators, not a node. The operators that
// follow make-graph are folded into one Generic: Ins[0] is the table of edges, Ins[1:] are the tables of nodes.
type Graph struct {
	Source, Target ColID    // columns of the edges that name the nodes
	Keys           []ColID  // the key column of each table of nodes (Ins[1:])
	EdgeCols       []Column // properties of an edge: the columns of Ins[0]
	NodeCols       []Column // properties of a node: the columns of all tables of nodes by name and type; NodeMap is as Union.Map
	NodeMap        []Leg
	NodeID         ColID // with_node_id: the column of NodeCols that holds the node's identifier, 0 if none
	Steps          []GraphStep
}

// GraphStep is graph-where-nodes or graph-where-edges: Pred refers to the columns of NodeCols or EdgeCols. Or, where Pred is nil, it is
// graph-mark-components, which puts the numbers of the components into a column of NodeCols.
type GraphStep struct {
	Edges     bool
	Pred      Expr
	Component ColID
	Strong    bool // the components' nodes reach each other along the edges
}

// GraphMatch is Op "graph-match" and, with Shortest, Op "graph-shortest-paths". A match is a row in which every named pattern element
// has its columns: Where is applied to it and Project makes the output columns.
//
// The columns of an edge of variable length are arrays of what its steps have. all(), any() and map() are calls whose first argument is an
// element's name as a constant text and whose second is an expression over the element's Step, computed for every step; where the text is
// inner_nodes(name) it is over Inner, computed for every node inside the path. node_degree_in(), node_id(), labels() and the like are calls
// with the element's name alone; "" is the step, or the node inside, for which such an expression is being computed.
type GraphMatch struct {
	Graph    Graph
	Patterns [][]GraphElement
	Cycles   string // "all", "none" or "unique_edges"
	Shortest bool
	Output   string // graph-shortest-paths: "any" or "all"
	Where    Expr   // nil: all
	Project  []Item
}

// GraphElement is a node or an edge of a pattern; nodes and edges alternate. Nodes with the same name are the same node.
type GraphElement struct {
	Name     string
	Edge     bool
	Dir      int // of an edge: 1 from left to right, -1 from right to left, 0 either
	Variable bool
	Min, Max int      // of an edge of variable length
	Cols     []Column // in the order of the graph's NodeCols or EdgeCols
	Step     []Column // the same for one step: Cols, or for an edge of variable length columns of their own
	Inner    []Column // of an edge of variable length: the properties of a node inside
}

// GraphTable is Op "graph-to-table": one Generic gives the nodes or the edges. Cols are the optional hash columns, then the properties.
type GraphTable struct {
	Graph    Graph
	Edges    bool
	SourceID ColID // with_source_id, with_target_id, with_node_id: output columns, 0 if none
	TargetID ColID
	NodeID   ColID
}
