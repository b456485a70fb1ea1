package plan

// ScanOp is the Spec of a Generic with Op "scan": Ins[0] is the serialized input. It walks the rows in order and keeps, per partition,
// the state of each step: the last row that the step matched, with the values of the declared columns.
//
// Cols are the columns of the input, the declared columns, and MatchID where the query asks for it.
type ScanOp struct {
	Declared []ScanVar
	Steps    []ScanStep
	Order    []SortKey // order within a partition; empty: the input's order
	Keys     []Expr    // partition by
	MatchID  ColID     // output column that numbers the matches (long), 0 if none
}

// ScanVar is a declared column: Col is its output; Default a constant, its value before a step assigns it (nil: null).
type ScanVar struct {
	Col     Column
	Default Expr
}

// ScanStep is `step Name [optional] [output=Output] : Cond [=> assignments]`.
//
// Cond and the values of Set refer to the current row by the input's columns, to the current row's declared columns by the ScanVars'
// columns, and to the state of a step S by S.State.
type ScanStep struct {
	Name     string
	Optional bool
	Output   string // "all", "last" or "none"
	Cond     Expr
	Set      []Item   // Col is the column of a ScanVar
	State    []Column // this step's state: the input's columns, then the declared ones, each with an ID of its own
}
