package duck

import (
	"context"
	"fmt"
	"iter"
	"sync"

	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// Query implements store.Querier.
func (s *Store) Query(ctx context.Context, q *sql.Query) iter.Seq2[*store.Batch, error] {
	return func(yield func(*store.Batch, error) bool) {
		stopped := false
		err := s.using(func() error {
			return s.query(ctx, q, func(b *store.Batch) bool {
				stopped = !yield(b, nil)
				return !stopped
			})
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// query runs q and gives its rows to each until that gives false.
func (s *Store) query(ctx context.Context, q *sql.Query, each func(*store.Batch) bool) error {
	if none, err := s.nothing(q); none || err != nil {
		return err
	}
	c, err := s.pool.get()
	if err != nil {
		return err
	}
	sound := false
	defer func() { s.pool.put(c, sound) }()
	st, files, err := s.moment(c, q)
	defer func() {
		for _, f := range files {
			s.done(f)
		}
	}()
	if err != nil {
		return err
	}
	defer mapping.DestroyPrepare(&st)
	end := interruptAtEnd(ctx, s.ctx, c)
	err = s.stream(c, st, q.Types, each)
	if end(); err != nil && ctx.Err() != nil {
		return fault.New(fault.Canceled, "query", "%w", context.Cause(ctx))
	}
	if err != nil {
		return err
	}
	if err := c.exec("ROLLBACK"); err != nil {
		return err
	}
	sound = true
	return nil
}

// onlyReads reports whether a statement is a SELECT: no other can have been meant, and most others change what later queries see.
func onlyReads(st mapping.PreparedStatement) bool {
	return bindings.PreparedStatementType(st) == bindings.StatementTypeSelect
}

// interruptAtEnd interrupts c when one of the contexts ends, until the function it gives is called.
func interruptAtEnd(ctx, closing context.Context, c *conn) func() {
	var mu sync.Mutex
	over := false
	interrupt := func() {
		mu.Lock()
		defer mu.Unlock()
		if !over { // else the connection may be another query's by now
			c.interrupt()
		}
	}
	a, b := context.AfterFunc(ctx, interrupt), context.AfterFunc(closing, interrupt)
	return func() {
		a()
		b()
		mu.Lock()
		defer mu.Unlock()
		over = true
	}
}

// moment begins a transaction that sees the store as it is now and prepares q in it. The files it gives are in use until done.
func (s *Store) moment(c *conn, q *sql.Query) (mapping.PreparedStatement, []*sealedFile, error) {
	s.snap.RLock()
	defer s.snap.RUnlock()
	var st mapping.PreparedStatement
	var files []*sealedFile
	if err := c.exec("BEGIN TRANSACTION READ ONLY"); err != nil {
		return st, files, err
	}
	// The transaction's moment is that of its first look at the hot file. Only then is the term index asked: it knows every row by now.
	if err := c.exec("SELECT count(*) FROM hot.vedette.fact"); err != nil {
		return st, files, err
	}
	conditions := conditionsOf(q)
	few := *q
	few.Root = (&emptiness{s: s, conditions: conditions}).without(q.Root, 0)
	text, args, err := sql.PrintDuckDB(&few, func(sc sql.Scan) (string, error) {
		r, err := s.reading(sc, conditions[sc.Alias])
		if err != nil {
			return "", err
		}
		for _, l := range r.legs {
			if l.file != nil {
				files = append(files, l.file)
			}
		}
		return r.text(), nil
	})
	for _, f := range files {
		f.use()
	}
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			err = fault.New(fault.Invalid, "query", "%w", err)
		}
		return st, files, err
	}
	for _, f := range files {
		if err := s.attach(f); err != nil {
			return st, files, err
		}
	}
	if mapping.Prepare(c.c, text, &st) == mapping.StateError {
		err := engineFault(mapping.ErrorTypeInvalid, mapping.PrepareError(st))
		mapping.DestroyPrepare(&st)
		return st, files, fmt.Errorf("%w in %s", err, text)
	}
	if !onlyReads(st) {
		mapping.DestroyPrepare(&st)
		return st, files, fault.New(fault.Internal, "query", "the statement does more than read: %s", text)
	}
	for i, a := range args {
		if err := bind(st, mapping.IdxT(i+1), a); err != nil {
			mapping.DestroyPrepare(&st)
			return st, files, err
		}
	}
	return st, files, nil
}

// stream executes a prepared statement and copies its chunks out.
func (s *Store) stream(c *conn, st mapping.PreparedStatement, types []sql.Type, each func(*store.Batch) bool) error {
	var res mapping.Result
	if bindings.ExecutePreparedStreaming(st, &res) == mapping.StateError {
		err := resultFault(&res)
		mapping.DestroyResult(&res)
		return err
	}
	defer mapping.DestroyResult(&res)
	if n := int(mapping.ColumnCount(&res)); n != len(types) {
		return fault.New(fault.Internal, "query", "the statement has %d columns, the query says %d", n, len(types))
	}
	for i, t := range types {
		if got := mapping.ColumnType(&res, mapping.IdxT(i)); got != columnTypes[t] {
			return fault.New(fault.Internal, "query", "column %d has engine type %d where %s was meant", i, got, typeNames[t])
		}
	}
	b := &store.Batch{Vectors: make([]store.Vector, len(types))}
	kinds := make([]store.Kind, len(types))
	for i, t := range types {
		kinds[i] = kindOf(t)
		b.Vectors[i] = store.NewVector(kinds[i], true, vectorSize)
	}
	for {
		ch := mapping.FetchChunk(res)
		if ch.Ptr == nil {
			return resultFault(&res)
		}
		more := hand(ch, b, kinds, each)
		mapping.DestroyDataChunk(&ch)
		if !more {
			return nil
		}
	}
}

// hand gives a chunk's rows to each, in batches of bounded size, and reports whether it wants more.
func hand(ch mapping.DataChunk, b *store.Batch, kinds []store.Kind, each func(*store.Batch) bool) bool {
	r := chunkReader{chunk: ch, n: int(mapping.DataChunkGetSize(ch))}
	for lo := 0; lo < r.n; {
		hi := r.until(lo, kinds)
		for i := range b.Vectors {
			b.Vectors[i].Reset()
			r.into(i, &b.Vectors[i], lo, hi)
		}
		b.N = hi - lo
		if !each(b) {
			return false
		}
		lo = hi
	}
	return true
}

var columnTypes = map[sql.Type]mapping.Type{
	sql.Bool: mapping.TypeBoolean, sql.Int: mapping.TypeInteger, sql.Long: mapping.TypeBigInt,
	sql.Double: mapping.TypeDouble, sql.Text: mapping.TypeVarchar,
}

func kindOf(t sql.Type) store.Kind {
	switch t {
	case sql.Bool:
		return store.Bool
	case sql.Int:
		return store.Int32
	case sql.Long:
		return store.Int64
	case sql.Double:
		return store.Float64
	}
	return store.Text
}

// typeNames are the engine's names of the storage types.
var typeNames = map[sql.Type]string{sql.Bool: "BOOLEAN", sql.Int: "INTEGER", sql.Long: "BIGINT", sql.Double: "DOUBLE", sql.Text: "VARCHAR"}
