// Package plan is the relational tree of a query: what kql/bind makes of a script, Optimize rewrites, kql/sqlgen lowers to SQL as far as
// it can say it exactly, and kql/exec runs.
//
// Columns have identities, not spellings: every node that makes a column gives it a fresh ColID, and expressions refer to that.
// It imports kql/value, kql/fn and the standard library.
package plan

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/value"
)

// ColID identifies a column within one Query. 0 is no column.
type ColID int

// Column is one column that a node gives out.
type Column struct {
	ID   ColID
	Name string
	Type value.Type
}

// Node is a relational operator. Columns gives its output in order; Inputs its inputs, which Optimize may replace through SetInput.
type Node interface {
	Columns() []Column
	Inputs() []Node
	SetInput(i int, n Node)
}

// Query is a bound script.
type Query struct {
	Results []Result
	Options map[string]value.Value // set statements, by name
	// Open are the plugin calls whose columns the rows decide, in the order in which they were bound. Before the query can run, the
	// columns of the first are to be found out by running it, and the text is bound again with what was found (bind.Options.Discovered).
	Open []*Evaluate
}

// Result is one result table.
type Result struct {
	Name   string // "PrimaryResult" unless fork or `as` named it
	Root   Node
	Render *Render // nil without render
	Sorted bool    // the rows' order means something

	Statement int // the number, from 0 on, of the query statement that gives it: fork and facet give several tables
}

// Main gives the index of the result that a whole text is about: the first one of its last query statement. It is -1 without any.
func (q *Query) Main() int {
	at := -1
	for i, r := range q.Results {
		if at < 0 || r.Statement != q.Results[at].Statement {
			at = i
		}
	}
	return at
}

// Render is the chart that the query asks for; it never changes rows. Zero values mean "as the client thinks best".
type Render struct {
	Kind       string // timechart, columnchart, table, …
	Properties map[string]string
}

// ---- expressions

// Expr is a bound scalar expression.
type Expr interface{ Type() value.Type }

type (
	// Lit is a constant.
	Lit struct{ V value.Value }
	// Ref is a column of the node's input.
	Ref struct {
		ID ColID
		T  value.Type
	}
	// Call applies a scalar or window function or operator. Args are already converted to what its declaration asks for.
	Call struct {
		Fn   *fn.Func
		Args []Expr
		T    value.Type
	}
	// ScalarQuery is toscalar(): the first cell of a table, computed once before the query runs.
	ScalarQuery struct {
		In Node
		T  value.Type
	}
	// ListQuery is the first column of a table as a dynamic array, computed once: the right side of `x in (T)`, `has_any (T)`.
	ListQuery struct{ In Node }
)

func (e *Lit) Type() value.Type         { return e.V.T }
func (e *Ref) Type() value.Type         { return e.T }
func (e *Call) Type() value.Type        { return e.T }
func (e *ScalarQuery) Type() value.Type { return e.T }
func (e *ListQuery) Type() value.Type   { return value.Dynamic }

// Item is a computed column.
type Item struct {
	Col  Column
	Expr Expr
}

// AggItem is an aggregate with the column or columns it makes.
type AggItem struct {
	Cols []Column
	Fn   *fn.Func
	Args []Expr
}

// SortKey orders rows. Kusto's default is descending; nulls count as the smallest unless told.
type SortKey struct {
	Expr       Expr
	Desc       bool
	NullsFirst bool
}
