package duck

import (
	"context"
	"fmt"
	"iter"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/schema"
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
	c, err := s.pool.get(ctx)
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

// interruptAtEnd interrupts c when one of the contexts ends, until the function it gives is called.
func interruptAtEnd(ctx, closing context.Context, c *conn) func() {
	a := context.AfterFunc(ctx, c.interrupt)
	b := context.AfterFunc(closing, c.interrupt)
	return func() { a(); b() }
}

// moment begins a transaction that sees the store as it is now and prepares q in it. The files it gives are in use until done.
func (s *Store) moment(c *conn, q *sql.Query) (mapping.PreparedStatement, []*sealedFile, error) {
	s.snap.RLock()
	defer s.snap.RUnlock()
	var st mapping.PreparedStatement
	p := newPrinter(s)
	text, err := p.print(q)
	for _, f := range p.files {
		f.use()
	}
	if err != nil {
		return st, p.files, err
	}
	for _, f := range p.files {
		if err := s.attach(f); err != nil {
			return st, p.files, err
		}
	}
	if err := c.exec("BEGIN TRANSACTION READ ONLY"); err != nil {
		return st, p.files, err
	}
	// The transaction's moment is that of its first look at the hot file.
	if err := c.exec("SELECT count(*) FROM hot.vedette.fact"); err != nil {
		return st, p.files, err
	}
	if mapping.Prepare(c.c, text, &st) == mapping.StateError {
		err := engineFault(mapping.ErrorTypeInvalid, mapping.PrepareError(st))
		mapping.DestroyPrepare(&st)
		return st, p.files, fmt.Errorf("%w in %s", err, text)
	}
	for i, a := range p.args {
		if err := bind(st, mapping.IdxT(i+1), a); err != nil {
			mapping.DestroyPrepare(&st)
			return st, p.files, err
		}
	}
	return st, p.files, nil
}

// stream executes a prepared statement and copies its chunks out.
func (s *Store) stream(c *conn, st mapping.PreparedStatement, types []sql.Type, each func(*store.Batch) bool) error {
	if n := int(mapping.PreparedStatementColumnCount(st)); n != len(types) {
		return fault.New(fault.Internal, "query", "the statement has %d columns, the query says %d", n, len(types))
	}
	for i, t := range types {
		if got := mapping.PreparedStatementColumnType(st, mapping.IdxT(i)); got != columnTypes[t] {
			return fault.New(fault.Internal, "query", "column %d has engine type %d where %s was meant", i, got, typeNames[t])
		}
	}
	var res mapping.Result
	if bindings.ExecutePreparedStreaming(st, &res) == mapping.StateError {
		err := resultFault(&res)
		mapping.DestroyResult(&res)
		return err
	}
	defer mapping.DestroyResult(&res)
	b := &store.Batch{Vectors: make([]store.Vector, len(types))}
	for i, t := range types {
		b.Vectors[i] = store.NewVector(kindOf(t), true, vectorSize)
	}
	for {
		ch := mapping.FetchChunk(res)
		if ch.Ptr == nil {
			return resultFault(&res)
		}
		r := chunkReader{chunk: ch, n: int(mapping.DataChunkGetSize(ch))}
		for i := range b.Vectors {
			b.Vectors[i].Reset()
			r.into(i, &b.Vectors[i])
		}
		b.N = r.n
		mapping.DestroyDataChunk(&ch)
		if b.N > 0 && !each(b) {
			return nil
		}
	}
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

// scan prints the rows of a stored table that may lie between from and to: hot ones and those of the sealed files that overlap.
func (p *printer) scan(sc sql.Scan) (string, error) {
	s := p.store
	t, ok := s.known.table(sc.Table)
	if !ok {
		return "", fault.New(fault.Invalid, "query", "there is no table %s", sc.Table)
	}
	types := make([]schema.Type, len(sc.Columns))
	for i, name := range sc.Columns {
		switch name {
		case store.Block:
			types[i] = schema.Int
		case store.Ingested, store.Hash:
			types[i] = schema.Long
		case store.Overflow:
			types[i] = schema.Dynamic
		default:
			j, ok := t.Index(name)
			if !ok || t.Columns[j].Name != name {
				return "", fault.New(fault.Invalid, "query", "table %s has no column %s", sc.Table, name)
			}
			types[i] = t.Columns[j].Type
		}
	}
	var selects []string
	from := func(db string, l *layout) {
		b := scanText{from: len(p.args)}
		for i, name := range sc.Columns {
			b.column(l, name, types[i])
		}
		for i := range b.items {
			b.items[i] += " AS " + p.ident(sc.Columns[i])
		}
		if len(b.items) == 0 {
			b.items = []string{"1 AS " + p.ident("_")}
		}
		p.args = append(p.args, b.args...)
		selects = append(selects, fmt.Sprintf("SELECT %s FROM %s.%s", strings.Join(b.items, ", "), quote(db), quote(l.phys)))
	}
	if h := s.hot[t.Name]; h != nil {
		from("hot", h.layout)
	}
	for _, f := range s.overlapping(t.Name, sc.From, sc.To) {
		p.files = append(p.files, f)
		from(f.name(), f.parts[t.Name].layout)
	}
	if len(selects) == 0 {
		items := []string{"1 AS " + p.ident("_")}
		for i, name := range sc.Columns {
			items = append(items, fmt.Sprintf("CAST(NULL AS %s) AS %s", engineType(types[i]), p.ident(name)))
		}
		selects = []string{"SELECT " + strings.Join(items[min(1, len(sc.Columns)):], ", ") + " WHERE false"}
	}
	return "(" + strings.Join(selects, " UNION ALL ") + ")", nil
}
