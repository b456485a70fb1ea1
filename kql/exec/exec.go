// Package exec runs a query's plan in Go, node by node, exactly as Kusto answers it. It is the reference for what a lowering to SQL
// must give, and it runs what SQL cannot say over the rows that SQL gives.
//
// Rows stream through operators in batches wherever the operator allows; what an operator must hold is counted against a memory limit.
// It imports kql/plan, kql/fn, kql/value, kql/sql and the standard library.
package exec

import (
	"context"
	"errors"
	"iter"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// Row is one row: a value for each column, in order. Whoever receives a row may keep it but must not change it.
type Row = []value.Value

// Batch is some rows of one table. It is valid until the next one is asked for; its rows stay valid.
type Batch = []Row

// batchRows is how many rows operators put into a batch.
const batchRows = 1024

// Source reads stored tables.
type Source interface {
	// Scan gives the rows of a stored table whose event time lies in [s.From, s.To], with the columns s.Cols in order. It may give
	// rows outside the bounds where it cannot tell.
	Scan(ctx context.Context, s *plan.Scan) iter.Seq2[Batch, error]
	// Query gives the rows of a lowered subtree; cols tells the types of its columns.
	Query(ctx context.Context, q *sql.Query, cols []plan.Column) iter.Seq2[Batch, error]
}

// SQL is a leaf that stands for a subtree that the store runs.
type SQL struct {
	Query *sql.Query
	Cols  []plan.Column
	Plan  plan.Node // what it was made from, for explain
}

// Columns, Inputs and SetInput make SQL a plan.Node without inputs.
func (s *SQL) Columns() []plan.Column { return s.Cols }

// Inputs gives none.
func (s *SQL) Inputs() []plan.Node { return nil }

// SetInput must not be called.
func (s *SQL) SetInput(int, plan.Node) { panic("exec: SQL has no inputs") }

// Options is what a run may know beside its plan.
type Options struct {
	Source Source // where Scan and SQL leaves are read; nil: there are no tables
	Env    fn.Env // now() and the query's context
	Memory int64  // bytes; 0 means DefaultMemory
	Seed   uint64 // of sample; 0 means a new one each run
	Fetch  Fetch  // externaldata; nil refuses it
}

// Executor runs the result tables of one query. It is for one goroutine and one run of the query.
type Executor struct {
	ctx    context.Context
	o      Options
	env    *fn.Env
	mem    *account
	uses   map[*plan.Shared]int
	shared map[*plan.Shared]*relation
	inputs map[*plan.Input]*inputSlot
	lists  map[plan.Node]value.Value // results of ScalarQuery and ListQuery by their In
	random uint64

	pattern *pattern // what expressions on a graph are being compiled for
}

// New makes an executor for all of q's result tables.
func New(ctx context.Context, q *plan.Query, o Options) *Executor {
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	x := &Executor{ctx: ctx, o: o, env: &o.Env, mem: &account{limit: o.Memory}, random: o.Seed,
		uses: map[*plan.Shared]int{}, shared: map[*plan.Shared]*relation{}, inputs: map[*plan.Input]*inputSlot{}, lists: map[plan.Node]value.Value{}}
	for _, r := range q.Results {
		plan.Walk(r.Root, func(n plan.Node) {
			if s, ok := n.(*plan.Shared); ok {
				x.uses[s]++
			}
		})
	}
	return x
}

// Result is a table being computed. Columns are those of the plan, or what the data decided where a plugin leaves that to it.
type Result struct {
	Columns []plan.Column
	rel     *relation
	x       *Executor
}

// Open prepares a tree of the query: it checks that it can be run, computes what must be known before (toscalar, in (T), the columns
// of bag_unpack) and gives the table. Errors are *Error, the context's, or the source's.
func (x *Executor) Open(root plan.Node) (r *Result, err error) {
	defer fn.OnRefusal(func(r *fn.Refusal) { err = errorf(Unsupported, "%s", r.Msg) })
	rel, err := x.compile(root)
	if err != nil {
		return nil, err
	}
	return &Result{Columns: rel.cols, rel: rel, x: x}, nil
}

// Rows runs the tree. After an error there is nothing more.
func (r *Result) Rows() iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		stop := errors.New("consumer stopped")
		err := r.x.guard(r.rel.run, func(b Batch) error {
			if len(b) > 0 && !yield(b, nil) {
				return stop
			}
			return nil
		})
		if err != nil && err != stop {
			yield(nil, err)
		}
	}
}

// guard runs a step. An evaluation that refuses the values which it got ends it with an error.
func (x *Executor) guard(s step, emit func(Batch) error) (err error) {
	defer fn.OnRefusal(func(r *fn.Refusal) { err = errorf(Unsupported, "%s", r.Msg) })
	return s(emit)
}

// step runs an operator: it calls emit with batches until there are no more rows or emit fails.
type step func(emit func(Batch) error) error

// relation is a compiled node.
type relation struct {
	cols []plan.Column
	run  step
}

// inputSlot holds the rows that an Input leaf gives at the moment.
type inputSlot struct{ rows []Row }

func (x *Executor) alive() error { return x.ctx.Err() }

// collect runs r and keeps its rows.
func (x *Executor) collect(r *relation) (*table, error) {
	t := &table{mem: x.mem}
	if err := r.run(t.addAll); err != nil {
		t.free()
		return nil, err
	}
	return t, nil
}

// emitRows gives rows in batches, looking for cancellation between them.
func (x *Executor) emitRows(rows []Row, emit func(Batch) error) error {
	for len(rows) > 0 {
		if err := x.alive(); err != nil {
			return err
		}
		n := min(batchRows, len(rows))
		if err := emit(rows[:n:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// writer gathers output rows of n columns into batches.
type writer struct {
	x     *Executor
	emit  func(Batch) error
	batch Batch
	arena []value.Value
}

func (x *Executor) writer(emit func(Batch) error) *writer { return &writer{x: x, emit: emit} }

// row gives a fresh row of n values to fill in; it becomes part of the output.
func (w *writer) row(n int) (Row, error) {
	if len(w.batch) == batchRows {
		if err := w.flush(); err != nil {
			return nil, err
		}
	}
	if len(w.arena) < n {
		w.arena = make([]value.Value, n*min(batchRows, 2*len(w.batch)+4))
	}
	row := w.arena[:n:n]
	w.arena = w.arena[n:]
	w.batch = append(w.batch, row)
	return row, nil
}

// add puts a row that already exists into the output.
func (w *writer) add(row Row) error {
	if len(w.batch) == batchRows {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.batch = append(w.batch, row)
	return nil
}

func (w *writer) flush() error {
	if err := w.x.alive(); err != nil {
		return err
	}
	if len(w.batch) == 0 {
		return nil
	}
	b := w.batch
	w.batch = nil
	return w.emit(b)
}
