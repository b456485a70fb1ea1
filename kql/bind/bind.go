// Package bind gives a parsed query its meaning: it resolves names, checks types, inserts conversions, folds constants, inlines functions
// and makes the relational tree of package plan.
//
//	script, diags := syntax.Parse(text)
//	query, more := bind.Bind(script, catalog, bind.Options{Now: ticks})
//
// Result columns have the names, types and order that Kusto gives. Bind never fails: what is wrong is described in the diagnostics, several
// at once, each with its place; the query may be run only when none of them is an error.
//
// It imports kql/syntax, kql/fn, kql/value, kql/plan and the standard library.
package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// Options say what is known beside the text and the catalog.
type Options struct {
	// Params are the values of the parameters that the query declares (declare query_parameters).
	Params map[string]value.Value
	// Now is the time of the query in ticks: what now() and ago() mean throughout.
	Now int64
	// Database and Cluster are the names under which database("…") and cluster("…") mean the store itself; "" accepts none but the
	// plain forms database() and workspace().
	Database, Cluster string
	// Check only asks whether the query is right: what could not be run here is a warning, and parameters need no values.
	Check bool
	// Advise also warns of stored tables that are read from their beginning. Leave it out where a time is set beside the text.
	Advise bool
	// External allows externaldata to be bound; the executor's Fetch decides about the hosts. With NoRows it has none, and a warning says so.
	External, NoRows bool
	// ExternalAdvice says what the user can do where externaldata is refused.
	ExternalAdvice string
	// GeoIP says that geo_info_from_ip_address() has a database; without one it is null, and a warning says so with GeoIPAdvice.
	GeoIP       bool
	GeoIPAdvice string
	// Discovered are the columns of the open plugin calls (plan.Query.Open) of an earlier Bind of the same text, in order, as far as
	// they are known by now: with them the calls are no longer open, and what follows them has its columns.
	Discovered [][]plan.TableColumn
}

// The limits of a query: how deep its expressions and calls may nest, and how many nodes it may grow to when its functions and
// variables are put in place.
const (
	maxDepth = 600
	maxCalls = 100
	maxNodes = 100_000
)

// binder is one run of Bind.
type binder struct {
	cat   plan.Catalog
	opt   Options
	env   fn.Env
	diags syntax.Diags
	seen  map[diagKey]bool
	query *plan.Query

	scope     *scope
	row       *rel                         // what columns mean
	right     *rel                         // the right side of a join's condition
	aggs      *aggregation                 // set where aggregates may stand
	toldGeoIP bool                         // that there is no GeoIP database
	fuzzy     bool                         // union isfuzzy=true: a missing table is left out
	search    bool                         // the condition of search or find: a text alone means * has text
	sensitive bool                         // of search: kind=case_sensitive
	elements  map[string]plan.GraphElement // within operators on graphs: the named elements of the patterns
	element   bool                         // one of them is at hand: functions on elements need not name it

	lastID  plan.ColID
	columns int // the number of the next Column1, Column2 …
	opened  int // open plugin calls so far
	level   int // how many tables inside expressions enclose the place: a value that depends on a row is known at one level only
	depth   int
	nodes   int
	checked int           // nodes that the bodies of declared functions made while they were checked
	calls   []*funcSymbol // functions being put in place
	quiet   int           // > 0: nothing is reported
	// foreign is the call of the stored function in whose text errors lie.
	foreign     *syntax.Span
	foreignName string
	implicit    *rel            // what a subquery that begins with an operator is fed with
	dbs         map[string]bool // alias database
	tables      map[string]*plan.Table
	joins       map[*plan.Join]syntax.Span // of the query's own text, with their places
	scans       map[*plan.Scan]syntax.Span // the same, where they are asked for
	stored      map[string]*funcSymbol
}

// Bind binds a script against the catalog. The query holds a result table for every query statement (and for every branch of fork and
// facet); on errors, those that could be bound.
func Bind(script *syntax.Script, cat plan.Catalog, opt Options) (*plan.Query, syntax.Diags) {
	b := &binder{cat: cat, opt: opt, env: fn.Env{Now: opt.Now}, seen: map[diagKey]bool{}, columns: 1, dbs: map[string]bool{}, joins: map[*plan.Join]syntax.Span{},
		query: &plan.Query{Options: map[string]value.Value{}}, scope: &scope{}}
	b.statements(script.Statements)
	b.adviseJoins()
	b.adviseTimes()
	b.unshare()
	b.sortDiags()
	return b.query, b.diags
}

// statements binds statements in order; each query among them gives a result.
func (b *binder) statements(list []syntax.Statement) {
	for _, s := range list {
		switch s := s.(type) {
		case *syntax.ExprStatement:
			b.result(s.X)
		default:
			b.statement(s)
		}
	}
}

// statement binds everything but a query.
func (b *binder) statement(s syntax.Statement) {
	switch s := s.(type) {
	case *syntax.Let:
		b.let(s)
	case *syntax.Set:
		b.set(s)
	case *syntax.QueryParameters:
		b.queryParameters(s)
	case *syntax.Pattern:
		b.pattern(s)
	case *syntax.Alias:
		b.alias(s)
	case *syntax.Restrict:
		b.restrict(s)
	}
}

// result binds a query statement and adds its result tables.
func (b *binder) result(x syntax.Expr) {
	before, number := len(b.query.Results), 0
	if before > 0 {
		number = b.query.Results[before-1].Statement + 1
	}
	defer func() {
		for i := range b.query.Results[before:] {
			b.query.Results[before+i].Statement = number
		}
	}()
	o := b.any(x)
	r := o.table
	if r == nil {
		if !o.val.ok() {
			return
		}
		// a scalar alone is the one row of print
		col := b.newColumn("print_0", o.val.typ)
		r = &rel{node: plan.NewProject(&plan.Values{Rows: [][]value.Value{{}}}, []plan.Item{{Col: col, Expr: o.val.expr}}), cols: []plan.Column{col}}
	}
	switch {
	case len(r.results) > 0:
		b.query.Results = append(b.query.Results, r.results...)
	case r.graph != nil:
		b.errorf(x.At(), codeTabular, "the query ends in a graph; end it with graph-match or graph-to-table")
	case !r.broken || r.node != nil:
		b.query.Results = append(b.query.Results, plan.Result{Name: r.resultName(), Root: b.closed(r), Render: r.render, Sorted: r.sorted})
	}
}

func (r *rel) resultName() string {
	if r.name != "" {
		return r.name
	}
	return "PrimaryResult"
}

// set binds set name = value: the value is a constant or a bare word.
func (b *binder) set(s *syntax.Set) {
	v := value.OfBool(true)
	switch x := s.Value.(type) {
	case nil:
	case *syntax.Name:
		v = value.OfString(x.Text)
	default:
		if c := b.expr(x).constant(); c != nil {
			v = *c
		}
	}
	b.adviseOption(s.Name)
	b.query.Options[s.Name.Text] = v
	if s.Name.Text == "query_now" && !v.Null {
		if d := value.Convert(v, value.Datetime); !d.Null {
			b.env.Now = d.I
		}
	}
}

// alias binds alias database name = target, where target must be the store itself.
func (b *binder) alias(s *syntax.Alias) {
	if b.here(s.Target) {
		b.dbs[s.Name.Text] = true
	}
}

// restrict checks the names of restrict access to (…); everything that the query names must be among them.
func (b *binder) restrict(s *syntax.Restrict) {
	allowed := []string{}
	for _, e := range s.Entities {
		n, ok := e.(*syntax.Name)
		if !ok {
			if p, isPath := e.(*syntax.Path); isPath && b.here(p.Base) {
				n, ok = p.Selector.(*syntax.Name)
			}
		}
		if !ok {
			if b.here(e) {
				allowed = append(allowed, "*")
			}
			continue
		}
		allowed = append(allowed, n.Text)
	}
	b.scope = &scope{outer: b.scope, patterns: allowed}
}
