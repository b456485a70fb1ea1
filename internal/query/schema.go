package query

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
)

// Schema describes what a query can name, for editors.
type Schema struct {
	Database  string           `json:"database"`
	Tables    []SchemaTable    `json:"tables"`
	Functions []SchemaFunction `json:"functions"`
}

// SchemaTable is a table with its columns.
type SchemaTable struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Group       string         `json:"group"`
	Columns     []SchemaColumn `json:"columns"`
}

// SchemaColumn is a column.
type SchemaColumn struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description"`
}

// SchemaFunction is a function.
type SchemaFunction struct {
	Name        string        `json:"name"`
	Parameters  []SchemaParam `json:"parameters"`
	Description string        `json:"description"`
}

// SchemaParam is a function's parameter.
type SchemaParam struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Schema lists the store's tables and the language's functions.
func (e *Engine) Schema() Schema {
	s := Schema{Database: "Vedette", Tables: []SchemaTable{}, Functions: []SchemaFunction{}}
	for _, t := range e.opt.Store.Tables() {
		table := SchemaTable{Name: t.Name, Description: t.About, Group: t.Group, Columns: []SchemaColumn{}}
		for _, c := range bindable(t).Columns {
			if !c.Hidden {
				table.Columns = append(table.Columns, SchemaColumn{Name: c.Name, Type: c.Type.String()})
			}
		}
		s.Tables = append(s.Tables, table)
	}
	for _, f := range fn.All() {
		if f.Obsolete != "" || strings.IndexFunc(f.Name, func(r rune) bool { return r != '_' && (r < '0' || r > 'z') }) >= 0 {
			continue
		}
		out := SchemaFunction{Name: f.Name, Description: f.Doc, Parameters: []SchemaParam{}}
		for _, p := range f.Params {
			out.Parameters = append(out.Parameters, SchemaParam{p.Name, p.Types})
		}
		s.Functions = append(s.Functions, out)
	}
	return s
}
