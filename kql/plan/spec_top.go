package plan

// The structs of this file are the Spec of a Generic node; each says the node's Op, its inputs and its output columns.

// TopNested is Op "top-nested": Ins[0] is the input. Levels nest: each level keeps, within every group of the levels above it, the N
// groups with the greatest (or smallest) By. Cols are Of and By of every level, in order.
type TopNested struct{ Levels []TopNestedLevel }

// TopNestedLevel is one `top-nested [N] of Of [with others = Others] by By [asc|desc]`.
type TopNestedLevel struct {
	N      int64 // negative: all groups
	Of     Item  // grouping expression over the input
	Others Expr  // constant label of the row that gathers the groups left out; nil: no such row
	Aggs   []AggItem
	By     Item // over the columns of Aggs
	Asc    bool
}

// TopHitters is Op "top-hitters": Ins[0] is the input. It gives the N most frequent values of Of with their (approximate) count, or
// with the sum of Weight when that is not nil. Cols are the value and the count, rows in descending order of the count.
type TopHitters struct {
	N      int64
	Of     Item
	Weight Expr
	Count  Column
}

// Reduce is Op "reduce": Ins[0] is the input. It groups the strings of Expr by similarity. Cols are Pattern, Count, Representative; with
// Source they follow the columns of the input, one row per input row.
type Reduce struct {
	Expr       Expr
	Threshold  float64 // 0 to 1, default 0.1
	Characters string  // separators beside white space
	Source     bool
}
