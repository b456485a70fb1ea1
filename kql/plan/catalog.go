package plan

import "github.com/vedette-siem/vedette/kql/value"

// TableColumn is a column of a stored table. Stored names it in the store; Hidden columns can be named in a query but are not part of `T`.
type TableColumn struct {
	Name   string
	Type   value.Type
	Stored string // "" when the same as Name
	Hidden bool
}

// Table is a stored table as the binder sees it. TimeColumn is its event time ("Timestamp" or "TimeGenerated"), "" if none; it is
// null in no row.
//
// Open says that the table may have further columns: a query may name any column, and one that is not listed has an unknown type and is null.
// Missing says that the table is not there yet, and read as empty.
type Table struct {
	Name       string
	Columns    []TableColumn
	TimeColumn string
	Open       bool
	Missing    bool
}

// Catalog is what names mean. Names are case-sensitive.
type Catalog interface {
	// Table gives the table called name; aliases (renamed tables) are resolved.
	Table(name string) (*Table, bool)
	// Tables lists the names of all tables, sorted, without aliases.
	Tables() []string
	// Function gives the KQL text of a stored function: its parameter list "(a:string, T:(*))" and body, ok=false if there is none.
	Function(name string) (params, body string, ok bool)
}
