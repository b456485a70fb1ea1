// Package kql answers queries in the Kusto query language as Kusto does.
//
//	q, diags := kql.Compile(text, catalog, kql.Options{Now: ticks})
//	if diags.HasErrors() {
//		// each has a place in the text, a message and often a suggestion
//	}
//	for table, err := range q.Run(ctx, source) {
//		for rows, err := range table.Rows { … }
//	}
//
// A query is parsed (kql/syntax), given meaning against a catalog (kql/bind), rewritten (kql/plan), turned into SQL as far as SQL can say
// it exactly (kql/sqlgen), and the rest is run in Go (kql/exec). The catalog tells which tables there are, the source reads them; with
// neither, everything that needs no table can be answered.
//
// It imports the other packages of kql/... and the standard library.
package kql

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/vedette-siem/vedette/kql/bind"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/sqlgen"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// Diags are what is to be said about a text: errors, warnings and hints with their places.
type Diags = syntax.Diags

// Error is a failure of a query while it runs.
type Error = exec.Error

// Options say what is known beside the text, the catalog and the source. The zero value is of use.
type Options struct {
	Now      int64                  // ticks of now() and ago()
	Params   map[string]value.Value // values of declare query_parameters
	Database string                 // the name under which database("…") means this store
	Cluster  string                 // the same for cluster("…")
	Memory   int64                  // bytes that the query may hold in Go; 0 means exec.DefaultMemory
	Seed     uint64                 // of sample; 0 means a new one each run
	Check    bool                   // only ask whether the text is right: what cannot be run here is a warning, and the query must not be run

	Advise         bool       // also warn of stored tables that are read from their beginning; for texts beside which no time is set
	External       bool       // externaldata may be bound; Fetch reads it, and without Fetch it has no rows
	ExternalAdvice string     // what the user can do where externaldata is refused
	Fetch          exec.Fetch // reads externaldata

	Dialect sql.Dialect                      // the engine behind the source
	InGo    bool                             // lower nothing: the source is only asked to Scan
	Off     []string                         // names of optimizer rules and rewrites to leave out (plan.Rules, sqlgen.ArgMax …)
	Rewrite func(q *plan.Query)              // called after binding, before the rules
	Context func(string) (value.Value, bool) // what current_principal() and its like give

	GeoIP       func(address string) (value.Value, bool) // what geo_info_from_ip_address() gives for an address: a bag with country, state, city, latitude and longitude; nil: there is no database
	GeoIPAdvice string                                   // what the user can do where there is none
}

// Compiled is a query that was understood. It holds no resources and may be run once.
type Compiled struct {
	script     *syntax.Script
	catalog    plan.Catalog
	opt        Options
	query      *plan.Query
	discovered [][]plan.TableColumn
	diags      Diags
	prepared   bool
}

// maxOpen bounds how many plugins of one query may leave their columns to the rows.
const maxOpen = 50

// Compile parses and binds a text. The query is nil where the diagnostics have errors.
func Compile(src string, catalog plan.Catalog, o Options) (*Compiled, Diags) {
	if catalog == nil {
		catalog = noTables{}
	}
	script, diags := syntax.Parse(src)
	if diags.HasErrors() {
		return nil, diags
	}
	c := &Compiled{script: script, catalog: catalog, opt: o}
	more := c.bind()
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, diags
	}
	return c, diags
}

// Check is Compile for its diagnostics, with Options.Check.
func Check(src string, catalog plan.Catalog, o Options) Diags {
	o.Check = true
	_, diags := Compile(src, catalog, o)
	return diags
}

func (c *Compiled) bind() Diags {
	q, diags := bind.Bind(c.script, c.catalog, bind.Options{Params: c.opt.Params, Now: c.opt.Now, Database: c.opt.Database,
		Cluster: c.opt.Cluster, Check: c.opt.Check, Advise: c.opt.Advise, External: c.opt.External, NoRows: c.opt.Fetch == nil, ExternalAdvice: c.opt.ExternalAdvice,
		GeoIP: c.opt.GeoIP != nil, GeoIPAdvice: c.opt.GeoIPAdvice, Discovered: c.discovered})
	c.query, c.diags = q, diags
	return diags
}

// Diags are what the binder has to say by now: of a query whose columns the rows decide, more after it has run than Compile could know.
func (c *Compiled) Diags() Diags { return c.diags }

// Open reports whether the rows decide about some of the columns, so that they are not known before the query runs.
func (c *Compiled) Open() bool { return len(c.query.Open) > 0 }

// Columns gives the columns of every result table, as far as they are known.
func (c *Compiled) Columns() [][]plan.Column {
	out := make([][]plan.Column, len(c.query.Results))
	for i, r := range c.query.Results {
		out[i] = r.Root.Columns()
	}
	return out
}

// Query gives the bound tree, which running changes.
func (c *Compiled) Query() *plan.Query { return c.query }

// Table is one result table. Its rows must be taken before the next table is.
type Table struct {
	Name    string
	Columns []plan.Column
	Render  *plan.Render // nil without render
	Sorted  bool         // the rows' order means something
	Rows    iter.Seq2[exec.Batch, error]
}

// Run answers the query, a table after the other. Errors are *Error, the context's, or the source's; after one there is nothing more.
func (c *Compiled) Run(ctx context.Context, source exec.Source) iter.Seq2[*Table, error] {
	return func(yield func(*Table, error) bool) {
		if c.opt.Check {
			yield(nil, &Error{Kind: exec.Invalid, Msg: "the query was compiled for its diagnostics alone"})
			return
		}
		if err := c.Discover(ctx, source); err != nil {
			yield(nil, err)
			return
		}
		c.prepare(c.query)
		x := exec.New(ctx, c.query, c.execOptions(source))
		for _, r := range c.query.Results {
			t, err := x.Open(r.Root)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&Table{Name: r.Name, Columns: t.Columns, Render: r.Render, Sorted: r.Sorted, Rows: t.Rows()}, nil) {
				return
			}
		}
	}
}

// Discover finds the columns that the rows decide, by running what leads to them, until all columns are known.
func (c *Compiled) Discover(ctx context.Context, source exec.Source) error {
	for len(c.query.Open) > 0 {
		if len(c.discovered) >= maxOpen {
			return &Error{Kind: exec.Invalid, Msg: fmt.Sprintf("more than %d plugins whose columns depend on the rows", maxOpen)}
		}
		open := c.query.Open[0]
		q := &plan.Query{Results: []plan.Result{{Root: open}}, Options: c.query.Options}
		c.prepare(q)
		t, err := exec.New(ctx, q, c.execOptions(source)).Open(q.Results[0].Root)
		if err != nil {
			return err
		}
		cols := make([]plan.TableColumn, len(t.Columns))
		for i, col := range t.Columns {
			cols[i] = plan.TableColumn{Name: col.Name, Type: col.Type}
		}
		c.discovered = append(c.discovered, cols)
		if diags := c.bind(); diags.HasErrors() {
			for _, d := range diags {
				if d.Severity == syntax.Error {
					return &Error{Kind: exec.Invalid, Msg: d.Message, Hint: d.Suggestion}
				}
			}
		}
		c.prepared = false
	}
	return nil
}

// env is what constants are computed with: the query's own settings come before the caller's.
func (c *Compiled) env() *fn.Env {
	return &fn.Env{Now: c.opt.Now, Context: func(name string) (value.Value, bool) {
		if v, ok := c.query.Options[name]; ok {
			return v, true
		}
		if c.opt.Context == nil {
			return value.Value{}, false
		}
		return c.opt.Context(name)
	}, GeoIP: c.opt.GeoIP}
}

func (c *Compiled) execOptions(source exec.Source) exec.Options {
	o := exec.Options{Source: source, Env: *c.env(), Memory: c.opt.Memory, Seed: c.opt.Seed, Fetch: c.opt.Fetch}
	if v, ok := c.query.Options["maxmemoryconsumptionperiterator"]; ok && v.T == value.Long && v.I > 0 {
		if o.Memory <= 0 {
			o.Memory = exec.DefaultMemory
		}
		o.Memory = min(o.Memory, v.I) // a query may ask for less, not for more than it is given
	}
	return o
}

// prepare rewrites and lowers q.
func (c *Compiled) prepare(q *plan.Query) {
	if q == c.query {
		if c.prepared {
			return
		}
		c.prepared = true
	}
	if c.opt.Rewrite != nil {
		c.opt.Rewrite(q)
	}
	plan.Optimize(q, c.env(), c.opt.Off...)
	if !c.opt.InGo {
		sqlgen.Lower(q, sqlgen.Options{Dialect: c.opt.Dialect, Off: c.opt.Off})
	}
}

// Explain says how the query would be run: its plan, which parts of it the engine answers and which Go, and the SQL.
func (c *Compiled) Explain() string {
	c.prepare(c.query)
	return sqlgen.Explain(c.query, c.opt.Dialect)
}

// Errors gives the text of all errors among the diagnostics, each with its place underlined.
func Errors(src string, diags Diags) string {
	var b strings.Builder
	for _, d := range diags {
		if d.Severity == syntax.Error {
			b.WriteString(d.Text(src))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// noTables is the catalog of those who have none.
type noTables struct{}

func (noTables) Table(string) (*plan.Table, bool)               { return nil, false }
func (noTables) Tables() []string                               { return nil }
func (noTables) Function(string) (params, body string, ok bool) { return "", "", false }
