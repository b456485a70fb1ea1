// Package schema is the catalogue of tables: Defender's advanced-hunting tables, Sentinel's and other Log Analytics tables, and
// Vedette's own, with the names, the types and the order of their columns.
//
// The tables lie in tables/*.txt, one file a family, and are compiled in. known/*.txt holds the tables of Log Analytics that other products
// fill: they are not listed, but a query that names one is understood, and records of one are stored with its columns. Names are case-sensitive, as in Kusto: one table has both
// LogonId and LogonID. The order of columns is the order in which a query without a projection shows them.
// It imports only the standard library.
package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"sync"
)

// Type is a Kusto scalar type by its name.
type Type string

// The scalar types.
const (
	String   Type = "string"
	Int      Type = "int"
	Long     Type = "long"
	Real     Type = "real"
	Bool     Type = "bool"
	Datetime Type = "datetime"
	Timespan Type = "timespan"
	GUID     Type = "guid"
	Decimal  Type = "decimal"
	Dynamic  Type = "dynamic"
)

// Valid reports whether t is one of the types above.
func (t Type) Valid() bool {
	switch t {
	case String, Int, Long, Real, Bool, Datetime, Timespan, GUID, Decimal, Dynamic:
		return true
	}
	return false
}

// Widen gives the type for a column found in the data whose values are of both types: real for two kinds of number, dynamic when one of
// them is, string otherwise. The type "", of a column in which only nulls were found, gives way to any.
func Widen(a, b Type) Type {
	number := func(t Type) bool { return t == Long || t == Real }
	switch {
	case a == b || b == "":
		return a
	case a == "":
		return b
	case a == Dynamic || b == Dynamic:
		return Dynamic
	case number(a) && number(b):
		return Real
	}
	return String
}

// Names of columns that every table has or may have, and of tables that the code itself speaks of.
const (
	TimeGenerated = "TimeGenerated"
	Timestamp     = "Timestamp"
	TenantID      = "TenantId"
	TypeColumn    = "Type"

	SecurityIncident  = "SecurityIncident"
	SecurityAlert     = "SecurityAlert"
	IngestionFailures = "VedetteIngestionFailures"
)

// Column is one column of a table.
type Column struct {
	Name string
	Type Type
}

// Alias is another name under which a column can be written and asked for; it is not shown by a query without a projection.
type Alias struct{ Name, Column string }

// Table is one table. It is not changed after Builtin or NewTable made it.
type Table struct {
	Name     string
	Group    string // product: "Defender for Endpoint", "Microsoft Sentinel", …
	About    string // one sentence
	Time     string // column of the event time: Timestamp or TimeGenerated; "" only in catalogues that nothing is stored by
	Streamed bool   // the Streaming API offers it and the connector page has a check box for it
	Columns  []Column
	Aliases  []Alias  // other names of columns
	OldNames []string // other names of the table

	index map[string]int
}

// NewTable makes a table of the given columns, for tables that are met at run time. It fails when two columns have the same name.
func NewTable(t Table) (*Table, error) {
	t.index = make(map[string]int, len(t.Columns)+len(t.Aliases))
	for i, c := range t.Columns {
		if _, dup := t.index[c.Name]; dup {
			return nil, fmt.Errorf("table %s: column %s is named twice", t.Name, c.Name)
		}
		if !c.Type.Valid() {
			return nil, fmt.Errorf("table %s: column %s has unknown type %q", t.Name, c.Name, c.Type)
		}
		t.index[c.Name] = i
	}
	for _, a := range t.Aliases {
		i, ok := t.index[a.Column]
		if _, dup := t.index[a.Name]; dup || !ok {
			return nil, fmt.Errorf("table %s: bad alias %s for %s", t.Name, a.Name, a.Column)
		}
		t.index[a.Name] = i
	}
	if _, ok := t.index[t.Time]; !ok && t.Time != "" {
		return nil, fmt.Errorf("table %s: no time column %q", t.Name, t.Time)
	}
	return &t, nil
}

// Other makes the table for a category that no catalogue lists: the one of Log Analytics, or the columns every table has; all else is
// discovered.
func Other(name string) *Table {
	if t, ok := Known(name); ok {
		return t
	}
	t, err := NewTable(Table{
		Name: name, Group: "Other", About: "A table that the catalogue does not know; its columns were found in the data.", Time: Timestamp,
		Columns: []Column{{Timestamp, Datetime}, {TenantID, String}, {TimeGenerated, Datetime}, {TypeColumn, String}},
	})
	if err != nil {
		panic(err) // the columns above are constants
	}
	return t
}

// Index gives the position of the column called name, or of the column that name is an alias of.
func (t *Table) Index(name string) (int, bool) {
	i, ok := t.index[name]
	return i, ok
}

// Has reports whether the table has a column of exactly this name (aliases do not count).
func (t *Table) Has(name string) bool {
	i, ok := t.index[name]
	return ok && t.Columns[i].Name == name
}

// Catalogue is a set of tables.
type Catalogue struct {
	tables map[string]*Table
	old    map[string]string
	names  []string
}

// Table gives the table called name, or the one that name is an old name of.
func (c *Catalogue) Table(name string) (*Table, bool) {
	if t, ok := c.tables[name]; ok {
		return t, true
	}
	t, ok := c.tables[c.old[name]]
	return t, ok
}

// Tables gives all tables sorted by name.
func (c *Catalogue) Tables() []*Table {
	out := make([]*Table, len(c.names))
	for i, n := range c.names {
		out[i] = c.tables[n]
	}
	return out
}

// NewCatalogue makes a catalogue of tables whose names, old and new, differ.
func NewCatalogue(tables []*Table) (*Catalogue, error) {
	c := &Catalogue{tables: map[string]*Table{}, old: map[string]string{}}
	for _, t := range tables {
		if _, dup := c.tables[t.Name]; dup {
			return nil, fmt.Errorf("table %s is defined twice", t.Name)
		}
		c.tables[t.Name] = t
		c.names = append(c.names, t.Name)
	}
	for _, t := range tables {
		for _, o := range t.OldNames {
			if _, dup := c.tables[o]; dup {
				return nil, fmt.Errorf("table %s: its old name %s is a table itself", t.Name, o)
			}
			c.old[o] = t.Name
		}
	}
	sort.Strings(c.names)
	return c, nil
}

//go:embed tables/*.txt known/*.txt
var files embed.FS

var (
	builtin = sync.OnceValue(func() *Catalogue { return compiledIn("tables/*.txt") })
	known   = sync.OnceValue(func() *Catalogue { return compiledIn("known/*.txt") })
)

// compiledIn reads the files that fit a pattern. A test reads every file, so a fault in one is a fault of the program.
func compiledIn(pattern string) *Catalogue {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err)
	}
	var all []*Table
	for _, n := range names {
		text, err := files.ReadFile(n)
		if err != nil {
			panic(err)
		}
		ts, err := Parse(string(text))
		if err != nil {
			panic(n + ": " + err.Error())
		}
		all = append(all, ts...)
	}
	c, err := NewCatalogue(all)
	if err != nil {
		panic(err)
	}
	return c
}

// Builtin gives the catalogue that is compiled in.
func Builtin() *Catalogue { return builtin() }

// Known gives a table of Log Analytics that other products fill and the catalogue does not list.
func Known(name string) (*Table, bool) { return known().Table(name) }
