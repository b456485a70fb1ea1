package duck

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/terms"
)

// Append implements store.Appender.
func (s *Store) Append(ctx context.Context, a store.Append) (store.Result, error) {
	var res store.Result
	err := s.using(func() error {
		s.write.Lock()
		defer s.write.Unlock()
		if err := ctx.Err(); err != nil {
			return fault.New(fault.Canceled, "append", "%w", err)
		}
		var err error
		res, err = s.append(a)
		return err
	})
	return res, err
}

// piece is the rows of one chunk that are to be stored.
type piece struct {
	chunk *store.Chunk
	sel   []int32 // nil: all
	n     int
}

// append does it; write is held.
func (s *Store) append(a store.Append) (store.Result, error) {
	if len(a.Refused) > 0 {
		a.Chunks = append(slices.Clip(a.Chunks), refusedChunk(a.Refused))
	}
	stamp := s.clock.begin()
	defer s.clock.end()
	res := store.Result{Tables: map[string]store.Count{}, Ingested: store.TimeOf(stamp)}
	news := &fresh{s: s}
	done := false
	defer func() {
		if !done {
			news.undo()
		}
	}()
	byTable := map[string][]piece{}
	growth := map[string][]schema.Column{}
	for _, c := range a.Chunks {
		t := s.known.stored(c.Table)
		if err := check(t, c); err != nil {
			return store.Result{}, err
		}
		ti := slices.IndexFunc(c.Columns, func(col schema.Column) bool { return col.Name == t.Time })
		sel, all, err := news.pick(t.Name, c.Vectors[ti].I64[:c.N], c.Hash[:c.N])
		if err != nil {
			return store.Result{}, err
		}
		p := piece{c, sel, len(sel)}
		if all {
			p.n = c.N
		}
		n := res.Tables[t.Name]
		n.Stored += int64(p.n)
		n.Duplicate += int64(c.N - p.n)
		res.Tables[t.Name] = n
		if p.n > 0 {
			byTable[t.Name] = append(byTable[t.Name], p)
			growth[t.Name] = append(growth[t.Name], c.Found...)
		}
	}
	spans := s.covering(a.Covers)
	if len(byTable) == 0 && len(spans) == 0 {
		done = true
		return res, nil
	}
	added := map[string]*hotTable{}
	err := s.transact(func(c *conn) error {
		for _, name := range slices.Sorted(maps.Keys(byTable)) {
			h := s.hot[name]
			if h == nil {
				var err error
				if h, err = s.createHot(c, name); err != nil {
					return err
				}
				added[name] = h
			}
			if err := fill(c, h, byTable[name], stamp); err != nil {
				return err
			}
			growth[name] = s.known.growth(name, growth[name])
			for i, col := range growth[name] {
				if err := c.exec("DELETE FROM vedette.found WHERE tab = ? AND col = ?", name, col.Name); err != nil {
					return err
				}
				if err := c.exec("INSERT INTO vedette.found VALUES (?, ?, ?, ?)", name, col.Name, string(col.Type), int64(len(s.known.found[name])+i)); err != nil {
					return err
				}
			}
		}
		for p, list := range spans {
			if err := c.exec("DELETE FROM vedette.span WHERE source = ? AND part = ?", p.source, p.part); err != nil {
				return err
			}
			for _, sp := range list {
				if err := c.exec("INSERT INTO vedette.span VALUES (?, ?, ?, ?)", p.source, p.part, sp.First, sp.Last); err != nil {
					return err
				}
			}
		}
		return c.exec("UPDATE vedette.fact SET value = ? WHERE name = 'stamp'", strconv.FormatInt(stamp, 10))
	})
	if err != nil {
		return store.Result{}, err
	}
	done = true
	s.snap.Lock()
	defer s.snap.Unlock()
	for name, h := range added {
		s.hot[name] = h
		s.known.meet(name)
		s.phys[strings.ToLower(h.phys)] = true
	}
	for name, ps := range byTable {
		for _, p := range ps {
			s.hot[name].rows += int64(p.n)
		}
		if len(growth[name]) > 0 {
			s.known.grow(name, growth[name])
		}
	}
	s.known.freeze()
	for p, list := range spans {
		s.keepSpans(p, list)
	}
	return res, nil
}

// check refuses a chunk that is not what the port asks for.
func check(t *schema.Table, c *store.Chunk) error {
	bad := func(format string, args ...any) error {
		return fault.New(fault.Invalid, "append to "+c.Table, format, args...)
	}
	if len(c.Columns) != len(c.Vectors) || len(c.Hash) < c.N || c.Overflow.Offsets != nil && c.Overflow.Len() < c.N {
		return bad("%d columns, %d vectors, %d hashes for %d rows", len(c.Columns), len(c.Vectors), len(c.Hash), c.N)
	}
	timed := false
	for i, col := range c.Columns {
		v := &c.Vectors[i]
		if !t.Has(col.Name) {
			return bad("the table has no column %s", col.Name)
		}
		if v.Kind != store.KindOf(col.Type) || v.Len() < c.N || v.Null != nil && len(v.Null) < c.N {
			return bad("column %s has %d rows of kind %d", col.Name, v.Len(), v.Kind)
		}
		if col.Name == t.Time {
			timed = !slices.Contains(v.Null[:min(c.N, len(v.Null))], true)
		}
	}
	if !timed {
		return bad("the event time %s is missing", t.Time)
	}
	return nil
}

// createHot makes the hot table of a Kusto table that has no rows yet.
func (s *Store) createHot(c *conn, name string) (*hotTable, error) {
	taken := maps.Clone(s.phys)
	h := &hotTable{layout: layoutOf(s.known.stored(name), distinct(name, taken)), live: terms.NewLive(0)}
	if err := c.exec(h.create("hot")); err != nil {
		return nil, err
	}
	return h, c.exec("INSERT INTO vedette.hot VALUES (?, ?, ?)", h.table, h.phys, h.encode())
}

// fill appends rows to a hot table within the connection's transaction.
func fill(c *conn, h *hotTable, pieces []piece, stamp int64) (err error) {
	var app mapping.Appender
	if mapping.AppenderCreateExt(c.c, "hot", "main", h.phys, &app) == mapping.StateError {
		err := appenderFault(app)
		mapping.AppenderDestroy(&app)
		return err
	}
	defer mapping.AppenderDestroy(&app)
	width := len(h.cols)
	types := make([]mapping.LogicalType, width+4)
	for i := range types {
		types[i] = mapping.AppenderColumnType(app, mapping.IdxT(i))
	}
	w := &chunkWriter{chunk: mapping.CreateDataChunk(types)}
	defer mapping.DestroyDataChunk(&w.chunk)
	defer w.release()
	for i := range types {
		mapping.DestroyLogicalType(&types[i])
	}
	row := h.rows
	for _, p := range pieces {
		from := make([]*store.Vector, width)
		for i := range p.chunk.Columns {
			from[h.at[p.chunk.Columns[i].Name]] = &p.chunk.Vectors[i]
		}
		var over *store.Vector
		if p.chunk.Overflow.Offsets != nil {
			over = &p.chunk.Overflow
		}
		for lo := 0; lo < p.n; lo += vectorSize {
			hi := min(lo+vectorSize, p.n)
			n := hi - lo
			mapping.DataChunkReset(w.chunk)
			for i, col := range h.cols {
				w.put(i, store.KindOf(col.typ), nullable(col.typ), from[i], p.sel, lo, hi)
			}
			block, ingested, hash := w.int32s(width, n), w.ints(width+1, n), w.ints(width+2, n)
			for i := range n {
				j := lo + i
				if p.sel != nil {
					j = int(p.sel[j])
				}
				block[i] = int32((row + int64(i)) / vectorSize)
				ingested[i] = stamp
				hash[i] = int64(p.chunk.Hash[j])
			}
			w.put(width+3, store.Text, true, over, p.sel, lo, hi)
			h.index(block, from, over, p.sel, lo)
			mapping.DataChunkSetSize(w.chunk, mapping.IdxT(n))
			if mapping.AppendDataChunk(app, w.chunk) == mapping.StateError {
				return appenderFault(app)
			}
			w.release()
			row += int64(n)
		}
	}
	if mapping.AppenderClose(app) == mapping.StateError {
		return appenderFault(app)
	}
	return nil
}

// refusedChunk makes the rows of schema.IngestionFailures.
func refusedChunk(list []store.Refusal) *store.Chunk {
	t, _ := schema.Builtin().Table(schema.IngestionFailures)
	c := &store.Chunk{Table: t.Name, Columns: t.Columns, N: len(list)}
	for _, col := range t.Columns {
		c.Vectors = append(c.Vectors, store.NewVector(store.KindOf(col.Type), nullable(col.Type), len(list)))
	}
	for _, r := range list {
		h := fnv.New64a()
		for i, v := range []any{store.Ticks(r.Arrived), r.Pos.Source, r.Pos.Partition, r.Pos.Seq, r.Table, r.Column, r.Reason, r.Record, r.TenantID, t.Name} {
			var b []byte
			switch v := v.(type) {
			case int64:
				c.Vectors[i].AddInt(v)
				b = binary.LittleEndian.AppendUint64(nil, uint64(v))
			case string:
				b = []byte(v)
				c.Vectors[i].AddText(b)
			case []byte:
				b = bytes.ToValidUTF8(v, []byte("\uFFFD"))
				c.Vectors[i].AddText(b)
			}
			h.Write(b)
			h.Write([]byte{0})
		}
		c.Hash = append(c.Hash, h.Sum64())
	}
	return c
}
