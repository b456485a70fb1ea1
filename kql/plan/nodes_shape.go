package plan

import "github.com/vedette-siem/vedette/kql/value"

// ParsePart is one element of a parse pattern: literal text, a skip (*), or a column capture.
type ParsePart struct {
	Text string
	Star bool
	Col  Column // capture when Col.ID != 0; Type is what the text is converted to
}

// Parse is parse and parse-where. Mode: "simple", "relaxed", "regex". Out carries the input's columns and the captures, in order.
type Parse struct {
	unary
	Expr  Expr
	Mode  string
	Flags string // regex flags: U, m, s, i
	Parts []ParsePart
	Where bool
	Out   []JoinCol // Right=true: the capture with Src
}

func (n *Parse) Columns() []Column { return joinCols(n.Out) }

// ParseKv is parse-kv: Keys are the columns to find by name.
type ParseKv struct {
	unary
	Expr                      Expr
	Keys                      []Column
	PairDelim, KvDelim, Quote string
	Escape                    string
	Greedy                    bool
	Regex                     string // set: the regular expression with two groups (or named key, value)
	Out                       []JoinCol
}

func (n *ParseKv) Columns() []Column { return joinCols(n.Out) }

func joinCols(out []JoinCol) []Column {
	cols := make([]Column, len(out))
	for i, c := range out {
		cols[i] = c.Col
	}
	return cols
}

// SeriesAgg is one aggregate of make-series with its default for empty bins.
type SeriesAgg struct {
	Col     Column // dynamic
	Agg     AggItem
	Pick    int  // which of the aggregate's columns
	Default Expr // nil: 0 of the aggregate's type, null for others
}

// MakeSeries is make-series. From and To are nil where the data decides. InRange is the `in range(a,b,s)` form (To included, bin()).
type MakeSeries struct {
	unary
	Keys           []Item
	Aggs           []SeriesAgg
	On             Expr
	OnType         value.Type
	Axis           Column
	From, To, Step Expr
	InRange        bool
	NonEmpty       bool
}

func (n *MakeSeries) Columns() []Column {
	cols := itemCols(n.Keys)
	for _, a := range n.Aggs {
		cols = append(cols, a.Col)
	}
	return append(cols, n.Axis)
}

// Partition runs Sub once per distinct value of Key. SubInput is Sub's leaf. With Constant (the form with braces) Sub does not read
// SubInput; it refers to the column that is Key as to a constant, in all its nodes.
type Partition struct {
	unary
	Key      Expr
	SubInput *Input
	Sub      Node
	Constant bool
}

func (n *Partition) Columns() []Column { return n.Sub.Columns() }

// Evaluate calls a plugin. Args are constant or row expressions as the plugin wants them; Cols is its output, as far as it is known
// before running; Open says that the rows decide the columns (bag_unpack, pivot without a schema). A column of Cols with the identity of
// a column of In carries it over; the others are the plugin's own, found by their names.
type Evaluate struct {
	unary  // In is nil for plugins that take no input
	Plugin string
	Args   []Expr
	Tables []Node                 // tabular arguments
	Params map[string]value.Value // named options
	Cols   []Column
	Open   bool
}

func (n *Evaluate) Columns() []Column { return n.Cols }
func (n *Evaluate) Inputs() []Node {
	if n.In == nil {
		return n.Tables
	}
	return append([]Node{n.In}, n.Tables...)
}
func (n *Evaluate) SetInput(i int, in Node) {
	if n.In != nil {
		if i == 0 {
			n.In = in
			return
		}
		i--
	}
	n.Tables[i] = in
}

// Generic is an operator that only the Go executor knows (scan, top-nested, top-hitters, reduce, graph operators …): Op names it, Spec is
// its description (a pointer to a struct of this package), Cols its output.
type Generic struct {
	Ins  []Node
	Op   string
	Spec any
	Cols []Column
}

func (n *Generic) Inputs() []Node          { return n.Ins }
func (n *Generic) SetInput(i int, in Node) { n.Ins[i] = in }
func (n *Generic) Columns() []Column       { return n.Cols }

// NewParse, NewParseKv, NewMakeSeries, NewPartition and NewEvaluate make nodes over in.
func NewParse(in Node, p Parse) *Parse                { p.In = in; return &p }
func NewParseKv(in Node, p ParseKv) *ParseKv          { p.In = in; return &p }
func NewMakeSeries(in Node, m MakeSeries) *MakeSeries { m.In = in; return &m }
func NewPartition(in Node, p Partition) *Partition    { p.In = in; return &p }
func NewEvaluate(in Node, e Evaluate) *Evaluate       { e.In = in; return &e }
