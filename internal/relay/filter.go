package relay

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/vedette-siem/vedette/internal/ecs"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// filter chooses rows of one table, and columns of them, by a query whose operators look at one row at a time.
type filter struct {
	store  store.Querier
	text   string
	table  string
	stream ecs.Stream
}

// Columns that every table has for the loop's own use. Queries cannot spell them.
const (
	colHash, colIngested, colTime, colTenant, colDocument = "$Hash", "$Ingested", "$Time", "$Tenant", "$Document"
)

func newFilter(s store.Querier, text string) (*filter, error) {
	f := &filter{store: s, text: text}
	c, err := f.compile(nil)
	if err != nil {
		return nil, err
	}
	scan := scanOf(c.Query())
	t, ok := s.Table(scan.Table)
	if !ok {
		return nil, fault.New(fault.Invalid, "read query of forwarder", "there is no table %s", scan.Table)
	}
	f.table = t.Name
	if f.stream, ok = streamOf(t); !ok {
		return nil, fault.New(fault.Invalid, "read query of forwarder", "the rows of %s have no documents", t.Name).
			WithHint("the tables of Defender's advanced hunting, SecurityAlert and SecurityIncident have")
	}
	return f, nil
}

// compile understands the query, for the rows of w only unless it is nil.
func (f *filter) compile(w *Span) (*kql.Compiled, error) {
	c, diags := kql.Compile(f.text, catalog{f.store}, kql.Options{Now: store.Ticks(time.Now())})
	if diags.HasErrors() {
		return nil, fault.New(fault.Invalid, "read query of forwarder", "%s", kql.Errors(f.text, diags))
	}
	if err := carry(c.Query()); err != nil {
		return nil, err
	}
	if w != nil {
		bound(c.Query(), *w)
	}
	return c, nil
}

// carry lets the columns for the loop's own use pass through to the end, and refuses a query that is more than a choice of rows and columns.
func carry(q *plan.Query) error {
	odd := fault.New(fault.Invalid, "read query of forwarder", "it is more than a choice of rows and columns").
		WithHint("write a table with where, extend, project, project-away, project-keep, project-rename or parse behind it")
	if len(q.Results) != 1 {
		return odd
	}
	var chain []plan.Node
	for n := q.Results[0].Root; ; n = n.Inputs()[0] {
		if looksElsewhere(n) {
			return odd
		}
		chain = append(chain, n)
		switch n.(type) {
		case *plan.Scan:
		case *plan.Filter, *plan.Project, *plan.Parse, *plan.ParseKv:
			continue
		default:
			return odd
		}
		break
	}
	scan := chain[len(chain)-1].(*plan.Scan)
	own := map[plan.ColID]plan.Column{}
	for _, c := range scan.Cols {
		if c.Name[0] == '$' {
			own[c.ID] = c
		}
	}
	for _, n := range slices.Backward(chain) {
		p, ok := n.(*plan.Project)
		if !ok {
			continue
		}
		have := map[plan.ColID]bool{}
		for _, it := range p.Items {
			have[it.Col.ID] = true
		}
		for _, c := range scan.Cols {
			if _, mine := own[c.ID]; mine && !have[c.ID] {
				p.Items = append(p.Items[:len(p.Items):len(p.Items)], plan.Item{Col: c, Expr: &plan.Ref{ID: c.ID, T: c.Type}})
			}
		}
	}
	return nil
}

// looksElsewhere reports whether n's expressions look at other rows than the one at hand.
func looksElsewhere(n plan.Node) bool {
	found := false
	for _, e := range plan.Exprs(n) {
		if *e == nil {
			continue
		}
		plan.WalkExpr(*e, func(e plan.Expr) {
			switch e.(type) {
			case *plan.ScalarQuery, *plan.ListQuery:
				found = true
			}
		})
		found = found || plan.Windowed(*e)
	}
	return found
}

// scanOf gives the table that a query which carry took reads.
func scanOf(q *plan.Query) *plan.Scan {
	n := q.Results[0].Root
	for len(n.Inputs()) > 0 {
		n = n.Inputs()[0]
	}
	return n.(*plan.Scan)
}

// bound keeps the rows of w only.
func bound(q *plan.Query, w Span) {
	scan := scanOf(q)
	var out plan.Node = scan
	add := func(name, op string, ticks int64) {
		i := slices.IndexFunc(scan.Cols, func(c plan.Column) bool { return c.Name == name })
		out = plan.NewFilter(out, &plan.Call{Fn: fn.Operator(op), T: value.Bool,
			Args: []plan.Expr{&plan.Ref{ID: scan.Cols[i].ID, T: value.Datetime}, &plan.Lit{V: value.OfDatetime(ticks)}}})
	}
	add(colIngested, ">", w.After)
	add(colIngested, "<=", w.Until)
	if w.To > 0 {
		add(colTime, ">=", w.From)
		add(colTime, "<", w.To)
	}
	n := q.Results[0].Root
	if n == plan.Node(scan) {
		q.Results[0].Root = out
		return
	}
	for n.Inputs()[0] != plan.Node(scan) {
		n = n.Inputs()[0]
	}
	n.SetInput(0, out)
}

// read is a filter's result while it is read.
type read struct {
	*filter
	columns  []resultColumn
	document int // the column with the record as Graph gave it, or -1
}

// resultColumn is a column of a result.
type resultColumn struct {
	name  []byte // as a member of the record, with its colon; nil when it is not part of it
	typed bool   // it is the table's name wherever the record had none of this name
}

// rows gives the rows of w.
func (f *filter) rows(ctx context.Context, w Span) iter.Seq2[[]row, error] {
	return func(yield func([]row, error) bool) {
		c, err := f.compile(&w)
		if err != nil {
			yield(nil, err)
			return
		}
		for t, err := range c.Run(ctx, query.Source(f.store)) {
			if err != nil {
				yield(nil, err)
				return
			}
			r := &read{filter: f, document: -1}
			at := map[string]int{}
			for i, col := range t.Columns {
				if at[col.Name] = i; col.Name[0] == '$' || f.stream == ecs.Event && added(col.Name) {
					r.columns = append(r.columns, resultColumn{})
					continue
				}
				r.columns = append(r.columns, resultColumn{quoted(col.Name), col.Name == schema.TypeColumn})
			}
			if i, ok := at[colDocument]; ok {
				r.document = i
			}
			for batch, err := range t.Rows {
				if err != nil {
					yield(nil, err)
					return
				}
				out := make([]row, len(batch))
				for i, cells := range batch {
					out[i] = row{f: r, time: cells[at[colTime]].I, hash: cells[at[colHash]].I, tenant: cells[at[colTenant]].S, cells: cells}
				}
				if !yield(out, nil) {
					return
				}
			}
		}
	}
}

// catalog gives the binder the store's tables, with the loop's own columns behind theirs.
type catalog struct{ store store.Querier }

// Table implements plan.Catalog.
func (c catalog) Table(name string) (*plan.Table, bool) {
	t, ok := c.store.Table(name)
	if !ok {
		return nil, false
	}
	p := &plan.Table{Name: t.Name, TimeColumn: t.Time}
	for _, col := range t.Columns {
		typ, _ := value.TypeOf(string(col.Type))
		p.Columns = append(p.Columns, plan.TableColumn{Name: col.Name, Type: typ})
	}
	hide := func(name, stored string, typ value.Type) {
		p.Columns = append(p.Columns, plan.TableColumn{Name: name, Type: typ, Stored: stored, Hidden: true})
	}
	hide(colHash, store.Hash, value.Long)
	hide(colIngested, store.Ingested, value.Datetime)
	hide(colTime, t.Time, value.Datetime)
	if t.Has(schema.TenantID) {
		hide(colTenant, schema.TenantID, value.String)
	}
	for table, column := range map[string]string{schema.SecurityAlert: query.DefenderAlert, schema.SecurityIncident: query.DefenderIncident} {
		if t.Name == table && t.Has(column) {
			hide(colDocument, column, value.Dynamic)
		}
	}
	return p, true
}

// Tables implements plan.Catalog.
func (c catalog) Tables() []string {
	var names []string
	for _, t := range c.store.Tables() {
		names = append(names, t.Name)
	}
	return names
}

// Function implements plan.Catalog: there are none.
func (catalog) Function(string) (params, body string, ok bool) { return "", "", false }
