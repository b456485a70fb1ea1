// Package query answers KQL: it compiles a query against the stored tables, runs as much of it as possible in the store's engine and the rest
// in Go, and hands the rows on as they come, within the limits that Kusto has too.
//
// It imports the language (kql/...), the store port and the words below; no engine and no door.
package query

import (
	"time"

	"github.com/vedette-siem/vedette/kql/value"
)

// Request is one query.
type Request struct {
	Text     string
	From, To time.Time              // the time picker: only rows of this time; zero for open. The query's own filters narrow it further
	Now      time.Time              // what now() and ago() mean; zero for the present
	Params   map[string]value.Value // declare query_parameters
	Timeout  time.Duration          // how long it may run; 0, or longer than the engine's own: the engine's
	Who      string                 // who asks: when many wait for their turn, everybody has one in rotation
	MaxRows  int64                  // rows after which the result is cut and reported; 0: the engine's default
}

// Column is a result column.
type Column struct {
	Name string
	Type value.Type
}

// Sink takes a result as it comes: Columns once before each table's rows. An error stops the query.
type Sink interface {
	Columns(table string, cols []Column) error
	Rows(rows [][]value.Value) error
}

// Summary is what is known when the last row has gone.
type Summary struct {
	Rows      int64
	Elapsed   time.Duration
	Queued    time.Duration // of it, how long the query waited for its turn
	Truncated *Truncation   // nil when the result is whole
	Chart     *Chart        // nil without render
	Warnings  []Diagnostic
	Sorted    bool // the rows' order means something
	Main      int  // which of several result tables the text is about: the first of its last statement
}

// Truncation says that rows were left out, and why.
type Truncation struct {
	Limit  int64  `json:"limit"`
	Reason string `json:"reason"`
}

// Chart is how the result wants to be drawn, with Kusto's rules for what is not said.
type Chart struct {
	Kind       string   `json:"kind"`
	Title      string   `json:"title"`
	XTitle     string   `json:"xTitle"`
	YTitle     string   `json:"yTitle"`
	X          *string  `json:"x"`
	Y          []string `json:"y"`
	Series     []string `json:"series"`
	Stacked    string   `json:"stacked"`
	Legend     bool     `json:"legend"`
	YMin       *float64 `json:"yMin"`
	YMax       *float64 `json:"yMax"`
	XAxis      string   `json:"xAxis"`
	YAxis      string   `json:"yAxis"`
	Accumulate bool     `json:"accumulate"`
}

// Diagnostic is a fault or a warning at a place in the query's text. Lines and columns count from 1, in UTF-16 units as editors do; Start and
// End are offsets in the same units.
type Diagnostic struct {
	Severity   string `json:"severity"`
	Code       string `json:"code"`
	Message    string `json:"message"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	EndLine    int    `json:"endLine"`
	EndColumn  int    `json:"endColumn"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Suggestion string `json:"suggestion,omitempty"`
}

// Error is a query that cannot be answered. Kind is a fault kind; Diagnostics say where, when the text is at fault.
type Error struct {
	Kind        string       `json:"kind"`
	Message     string       `json:"message"`
	Hint        string       `json:"hint"`
	Diagnostics []Diagnostic `json:"diagnostics"`
	err         error
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.err }
