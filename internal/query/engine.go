package query

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/geoip"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
)

// Kusto's own limits, which are the defaults here.
const (
	DefaultRows    = 500_000
	DefaultBytes   = 64 << 20
	DefaultTimeout = 4 * time.Minute
	LongestTimeout = time.Hour
)

// maxText bounds a query's length, as Kusto does.
const maxText = 2 << 20

// Options configure an Engine. Zero values mean the defaults.
type Options struct {
	Store       store.Querier
	Rows        int64         // rows of a result
	Bytes       int64         // size of a result's values
	Memory      int64         // what a query may hold in Go; the store has its own limit
	Timeout     time.Duration // of a query
	MaxTimeout  time.Duration // what a query may ask for with set servertimeout. 0: an hour
	Concurrency int           // queries that run at once; the others wait their turn. 0: 4
	Waiting     int           // queries that may wait for their turn; more are refused. 0: 100
	InGo        bool          // the store is only asked for rows, everything else runs in Go: for stores that know no SQL
	Library     Library       // watchlists and stored functions; nil: there are none
	Fetch       exec.Fetch    // reads externaldata; nil refuses it
	GeoIP       *geoip.DB     // where internet addresses are; nil: nobody knows
	Dry         bool          // there is no data, it is only asked what a query would give: externaldata is empty, and a query may be missing
}

// Library is what users keep beside the tables.
type Library interface {
	plan.Watchlists
	// Function gives the text of a stored function: its parameter list "(a:string, T:(*))" and its body; ok=false if there is none.
	Function(name string) (params, body string, ok bool)
}

// geoIPAdvice says what to do where addresses cannot be looked up.
const geoIPAdvice = "name a MaxMind database, such as GeoLite2-City.mmdb, by query.geoip in the configuration"

// externalAdvice says what to do where externaldata is refused.
const externalAdvice = "allow its host with query.externaldata.allow in the configuration"

// Engine answers queries over one store. It is safe for concurrent use.
type Engine struct {
	opt     Options
	catalog *catalog
	turns   *turns
}

// New makes an engine.
func New(o Options) *Engine {
	if o.Rows == 0 {
		o.Rows = DefaultRows
	}
	if o.Bytes == 0 {
		o.Bytes = DefaultBytes
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxTimeout == 0 {
		o.MaxTimeout = max(LongestTimeout, o.Timeout)
	}
	if o.Concurrency == 0 {
		o.Concurrency = 4
	}
	if o.Waiting == 0 {
		o.Waiting = 100
	}
	return &Engine{opt: o, catalog: newCatalog(o.Store, o.Library), turns: newTurns(o.Concurrency, o.Waiting)}
}

// compile understands a query, or says what is wrong with its text.
func (e *Engine) compile(req Request, check bool) (_ *kql.Compiled, _ []Diagnostic, err error) {
	defer survive(&err, req.Text)
	if len(req.Text) > maxText {
		return nil, nil, &Error{Kind: string(fault.Invalid), Message: fmt.Sprintf("the query is %d bytes long; at most %d are read", len(req.Text), maxText), Diagnostics: []Diagnostic{}}
	}
	if req.Now.IsZero() {
		req.Now = time.Now()
	}
	c, diags := kql.Compile(req.Text, e.catalog, kql.Options{
		Now: store.Ticks(req.Now), Params: req.Params, Check: check, Memory: e.opt.Memory, Dialect: sql.DuckDB, InGo: e.opt.InGo,
		GeoIP: e.lookup(), GeoIPAdvice: geoIPAdvice,
		Advise:   req.From.IsZero() && req.To.IsZero(),
		External: e.opt.Fetch != nil || e.opt.Dry, ExternalAdvice: externalAdvice, Fetch: e.opt.Fetch,
		Rewrite: func(q *plan.Query) {
			applyWordAliases(q)
			applyTimespan(q, req.From, req.To)
			applyScope(q)
			applyAbsent(q, e.opt.Store)
		},
	})
	told := diagnostics(req.Text, diags)
	if diags.HasErrors() {
		return nil, told, textError(told)
	}
	return c, told, nil
}

// Check parses and binds a query without running it; what is well formed but cannot be run here is told as a warning. The columns are those of the first result table
// of its last statement, nil when there are faults.
func (e *Engine) Check(text string) ([]Column, []Diagnostic) {
	c, diags, err := e.compile(Request{Text: text}, true)
	switch {
	case err != nil && len(diags) == 0:
		return nil, []Diagnostic{{Severity: "error", Code: "query", Message: err.Error(), Line: 1, Column: 1, EndLine: 1, EndColumn: 1}}
	case err != nil:
		return nil, diags
	}
	all := c.Columns()
	if len(all) == 0 {
		return []Column{}, diags
	}
	return columnsOf(all[c.Query().Main()]), diags
}

func columnsOf(cols []plan.Column) []Column {
	out := make([]Column, len(cols))
	for i, c := range cols {
		out[i] = Column{c.Name, c.Type}
	}
	return out
}

// Explain gives the plan and the SQL of a query as text for a person.
func (e *Engine) Explain(req Request) (_ string, err error) {
	defer survive(&err, req.Text)
	c, _, err := e.compile(req, false)
	if err != nil {
		return "", err
	}
	return c.Explain() + readings(c.Query(), e.opt.Store), nil
}

// Run answers a query. Its errors are *Error; an error of the sink comes back as it is.
func (e *Engine) Run(ctx context.Context, req Request, to Sink) (_ Summary, err error) {
	defer survive(&err, req.Text)
	began := time.Now()
	c, diags, err := e.compile(req, false)
	if err != nil {
		return Summary{}, err
	}
	if len(c.Query().Results) == 0 {
		return e.nothing(diags)
	}
	allowed := e.allowed(req, c.Query().Options)
	ctx, cancel := context.WithTimeoutCause(ctx, allowed, ErrTimeout)
	defer cancel()
	switch full, err := e.turns.take(ctx, req.Who); {
	case full:
		return Summary{}, e.fullError()
	case err != nil:
		return Summary{}, e.busyError(ctx, allowed)
	}
	defer e.turns.done()
	sum, open := Summary{Warnings: diags, Queued: time.Since(began)}, c.Open()
	limit := newLimit(e.opt, c.Query().Options, req.MaxRows)
	first := true
	for t, err := range c.Run(ctx, source{e.opt.Store}) {
		if err == nil {
			err = e.table(t, to, &sum, limit, first)
			first = false
		}
		if err != nil {
			var broken *sinkError
			if errors.As(err, &broken) {
				return sum, broken.err
			}
			return sum, e.runError(ctx, err, allowed)
		}
	}
	if open { // what the rows decided is known by now
		sum.Warnings = diagnostics(req.Text, c.Diags())
	}
	sum.Main = c.Query().Main()
	sum.Elapsed = time.Since(began)
	return sum, nil
}

// nothing answers a text that declares things at most.
func (e *Engine) nothing(diags []Diagnostic) (Summary, error) {
	const message, hint = "the query has no table to give: it is empty, or has only let and set statements", "end it with a table, e.g. DeviceEvents | take 10"
	if e.opt.Dry {
		return Summary{Warnings: append(diags, Diagnostic{Severity: "warning", Code: "no-table", Message: message, Suggestion: hint, Line: 1, Column: 1, EndLine: 1, EndColumn: 1})}, nil
	}
	return Summary{}, &Error{Kind: string(fault.Invalid), Message: message, Hint: hint, Diagnostics: []Diagnostic{}}
}

// sinkError marks an error that the sink gave.
type sinkError struct{ err error }

func (e *sinkError) Error() string { return e.err.Error() }

// table hands one result table to the sink.
func (e *Engine) table(t *kql.Table, to Sink, sum *Summary, limit *limit, first bool) error {
	cols := columnsOf(t.Columns)
	if err := to.Columns(t.Name, cols); err != nil {
		return &sinkError{err}
	}
	if first {
		sum.Sorted = t.Sorted
		sum.Chart = chartOf(t.Render, cols)
	}
	for batch, err := range t.Rows {
		if err != nil {
			return err
		}
		kept, cut := limit.take(batch)
		sum.Rows += int64(len(kept))
		if len(kept) > 0 {
			if err := to.Rows(kept); err != nil {
				return &sinkError{err}
			}
		}
		if cut != nil {
			sum.Truncated = cut
			break
		}
		if limit.rows == limit.most {
			break
		}
	}
	return nil
}
