package plan

import "github.com/vedette-siem/vedette/kql/value"

// leaf, unary are embedded by nodes with no and with one input.
type leaf struct{}

func (leaf) Inputs() []Node         { return nil }
func (leaf) SetInput(i int, n Node) { panic("plan: a leaf has no inputs") }

type unary struct{ In Node }

func (u *unary) Inputs() []Node         { return []Node{u.In} }
func (u *unary) SetInput(i int, n Node) { u.In = n }

type (
	// Scan reads a stored table. Source names the stored column behind each of Cols. From and To bound the event time in ticks
	// (both included); Optimize sets them from the filters above.
	Scan struct {
		leaf
		Table    string
		Cols     []Column
		Source   []string
		TimeCol  ColID // the event-time column among Cols, 0 if none
		From, To int64
	}
	// Values is an inline table: datatable, and print as one row without columns under a Project.
	Values struct {
		leaf
		Cols []Column
		Rows [][]value.Value
	}
	// Range is range x from a to b step s; the bounds are constant expressions.
	Range struct {
		leaf
		Col            Column
		From, To, Step Expr
	}
	// Input stands for the rows that the enclosing MvApply, Partition or Scan operator feeds to its subplan.
	Input struct {
		leaf
		Cols []Column
	}
	// Shared is computed once and read by every parent that points to it: materialize(), as, fork.
	Shared struct {
		unary
		Name string
	}

	// Filter keeps rows for which Pred is true (null counts as false).
	Filter struct {
		unary
		Pred Expr
	}
	// Project computes all output columns. extend, project, project-away … all become this; a column carried over is an Item with a Ref.
	// Window calls may appear in Items when the input is serialized.
	Project struct {
		unary
		Items []Item
	}
	// Aggregate groups by Keys and computes Aggs. Without Keys it gives one row even of nothing. distinct is Keys without Aggs.
	Aggregate struct {
		unary
		Keys []Item
		Aggs []AggItem
	}
	// Sort orders stably. With N >= 0 it keeps only the first N rows (top).
	Sort struct {
		unary
		Keys []SortKey
		N    int64
	}
	// Limit keeps any N rows, the first ones when the input is sorted (take).
	Limit struct {
		unary
		N int64
	}
	// Sample keeps N rows at random, or N distinct values when Distinct is set.
	Sample struct {
		unary
		N        int64
		Distinct bool
	}
	// Serialize fixes the order of the rows for window functions.
	Serialize struct{ unary }
)

func (n *Scan) Columns() []Column      { return n.Cols }
func (n *Values) Columns() []Column    { return n.Cols }
func (n *Range) Columns() []Column     { return []Column{n.Col} }
func (n *Input) Columns() []Column     { return n.Cols }
func (n *Shared) Columns() []Column    { return n.In.Columns() }
func (n *Filter) Columns() []Column    { return n.In.Columns() }
func (n *Project) Columns() []Column   { return itemCols(n.Items) }
func (n *Sort) Columns() []Column      { return n.In.Columns() }
func (n *Limit) Columns() []Column     { return n.In.Columns() }
func (n *Sample) Columns() []Column    { return n.In.Columns() }
func (n *Serialize) Columns() []Column { return n.In.Columns() }
func (n *Aggregate) Columns() []Column {
	cols := itemCols(n.Keys)
	for _, a := range n.Aggs {
		cols = append(cols, a.Cols...)
	}
	return cols
}

func itemCols(items []Item) []Column {
	cols := make([]Column, len(items))
	for i, it := range items {
		cols[i] = it.Col
	}
	return cols
}

// NewFilter, NewProject, NewAggregate, NewSort, NewLimit, NewSerialize and NewShared make nodes over in.
func NewFilter(in Node, pred Expr) *Filter           { return &Filter{unary{in}, pred} }
func NewProject(in Node, items []Item) *Project      { return &Project{unary{in}, items} }
func NewSerialize(in Node) *Serialize                { return &Serialize{unary{in}} }
func NewShared(in Node, name string) *Shared         { return &Shared{unary{in}, name} }
func NewLimit(in Node, n int64) *Limit               { return &Limit{unary{in}, n} }
func NewSort(in Node, keys []SortKey, n int64) *Sort { return &Sort{unary{in}, keys, n} }
func NewAggregate(in Node, keys []Item, aggs []AggItem) *Aggregate {
	return &Aggregate{unary{in}, keys, aggs}
}

// NewSample makes a Sample over in.
func NewSample(in Node, n int64, distinct bool) *Sample { return &Sample{unary{in}, n, distinct} }
