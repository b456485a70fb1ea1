package plan

import "github.com/vedette-siem/vedette/kql/value"

// JoinKind is one of Kusto's join flavours.
type JoinKind string

// The flavours. lookup is LeftOuter or Inner with the right keys left out of Out.
const (
	InnerUnique JoinKind = "innerunique" // the left side's first row of each key
	Inner       JoinKind = "inner"
	LeftOuter   JoinKind = "leftouter"
	RightOuter  JoinKind = "rightouter"
	FullOuter   JoinKind = "fullouter"
	LeftSemi    JoinKind = "leftsemi"
	LeftAnti    JoinKind = "leftanti"
	RightSemi   JoinKind = "rightsemi"
	RightAnti   JoinKind = "rightanti"
)

// JoinKey is one equality: an expression over the left and one over the right input, of the same type.
type JoinKey struct{ L, R Expr }

// JoinCol is an output column of a join: which side's which column it carries.
type JoinCol struct {
	Col   Column
	Right bool
	Src   ColID
}

// Join joins two inputs on equal keys (no keys: every pair).
type Join struct {
	Kind  JoinKind
	Left  Node
	Right Node
	On    []JoinKey
	Out   []JoinCol
}

func (n *Join) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *Join) SetInput(i int, in Node) {
	if i == 0 {
		n.Left = in
	} else {
		n.Right = in
	}
}
func (n *Join) Columns() []Column {
	cols := make([]Column, len(n.Out))
	for i, c := range n.Out {
		cols[i] = c.Col
	}
	return cols
}

// Leg says which column of an input stands behind which output column, by the latter's place. The places that the input lacks (null) are not
// in it: of all the columns of a union of all tables, a table has few.
type Leg map[int]ColID

// Union stacks inputs. Map[i][j] is the column of input i behind output column j.
type Union struct {
	Ins  []Node
	Cols []Column
	Map  []Leg
	// WithSource is the output column that holds SourceNames[i] for rows of input i, 0 if none.
	WithSource  ColID
	SourceNames []string
}

func (n *Union) Inputs() []Node          { return n.Ins }
func (n *Union) SetInput(i int, in Node) { n.Ins[i] = in }
func (n *Union) Columns() []Column       { return n.Cols }

// MvItem is one expanded column: Col is the output, Expr what is expanded, To the element type (Dynamic when not told).
type MvItem struct {
	Col  Column
	Expr Expr
	To   value.Type
}

// MvExpand makes a row of every element. Out lists all output columns in order: those with Item >= 0 are Items[Item]'s element,
// Index the position column, the others carry Src over.
type MvExpand struct {
	unary
	Items []MvItem
	Out   []MvCol
	Limit int64 // rows per input row; negative: no limit
	Array bool  // bags become ["key", value] pairs instead of one-key bags
}

// MvCol is an output column of MvExpand.
type MvCol struct {
	Col   Column
	Item  int   // index into Items, or -1
	Index bool  // the with_itemindex column
	Src   ColID // carried over, when Item is -1 and Index is false
}

func (n *MvExpand) Columns() []Column {
	cols := make([]Column, len(n.Out))
	for i, c := range n.Out {
		cols[i] = c.Col
	}
	return cols
}

// MvApply runs Sub over the expansion of every input row. SubInput is Sub's leaf; its columns are the expanded items (and index) and all
// input columns. Out: which of the input's columns are repeated beside Sub's columns.
type MvApply struct {
	unary
	Expand   *MvExpand // its In is nil; describes SubInput's rows
	SubInput *Input
	Sub      Node
	Carry    []JoinCol // Right=false: carried from the input; Right=true: a column of Sub
}

func (n *MvApply) Columns() []Column {
	cols := make([]Column, len(n.Carry))
	for i, c := range n.Carry {
		cols[i] = c.Col
	}
	return cols
}

// NewMvExpand and NewMvApply make nodes over in.
func NewMvExpand(in Node, e MvExpand) *MvExpand { e.In = in; return &e }
func NewMvApply(in Node, a MvApply) *MvApply    { a.In = in; return &a }
