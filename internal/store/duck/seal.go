package duck

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/terms"
)

// Seal implements store.Admin.
func (s *Store) Seal(ctx context.Context, t time.Time) (store.Sealed, error) {
	s.admin.Lock()
	defer s.admin.Unlock()
	var out store.Sealed
	err := s.using(func() error {
		days, err := s.sealable(dayOf(store.Ticks(t)))
		if err != nil {
			return err
		}
		for _, d := range days {
			if err := ctx.Err(); err != nil {
				return fault.New(fault.Canceled, "seal", "%w", err)
			}
			f, err := s.sealDay(ctx, d)
			if err != nil {
				return err
			}
			out.Files++
			out.Bytes += f.bytes
			for _, p := range f.parts {
				out.Rows += p.rows
			}
		}
		return nil
	})
	return out, err
}

// sealable gives the days before limit that have enough hot rows, oldest first.
func (s *Store) sealable(limit int64) ([]int64, error) {
	s.write.Lock()
	defer s.write.Unlock()
	sealed := map[int64]bool{}
	for _, f := range s.files {
		sealed[f.day] = true
	}
	var out []int64
	for d, keys := range s.seen {
		n := int64(len(keys))
		if d < limit && n > 0 && (!sealed[d] || n >= s.opt.LateRows) {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return out, nil
}

// dayPath gives where the next file of a day goes, below the data directory.
func dayPath(day, id int64) string {
	return filepath.Join("days", store.TimeOf(day*store.DayTicks).Format("2006-01-02"), fmt.Sprintf("%d.duckdb", id))
}

// sealDay writes the hot rows of one day into a file of their own and then moves them there in one transaction.
func (s *Store) sealDay(ctx context.Context, day int64) (*sealedFile, error) {
	// What is committed now is sealed; what comes meanwhile stays hot.
	s.write.Lock()
	mark := s.clock.stamped()
	hot := make([]*hotTable, 0, len(s.hot))
	for _, h := range s.hot {
		hot = append(hot, h)
	}
	id := int64(1)
	for _, f := range s.files {
		id = max(id, f.id+1)
	}
	s.write.Unlock()
	slices.SortFunc(hot, func(a, b *hotTable) int { return strings.Compare(a.table, b.table) })

	f := &sealedFile{id: id, day: day, path: dayPath(day, id), parts: map[string]*part{}}
	if err := s.writeSealed(f, hot, mark); err != nil {
		os.Remove(filepath.Join(s.opt.Dir, f.path)) // a leftover would go at the next start anyway
		return nil, fmt.Errorf("seal %s: %w", filepath.Dir(f.path), err)
	}
	if err := s.writeTerms(ctx, f); errors.Is(err, errFatal) {
		return nil, err
	} else if err != nil { // the rows matter more; the index is made later
		s.log.Warn("a day is sealed without its term index", "file", f.path, "err", err)
		s.wakeIndexer()
	} else {
		s.openTerms(f)
	}
	if err := s.moveSealed(f, mark); err != nil {
		s.detach(f) // so that the next try can write the file anew
		return nil, err
	}
	return f, nil
}

// range of a day's rows up to a mark, as a condition on a hot table.
func (l *layout) ofDay(day, mark int64) string {
	t := quote(l.timePhys())
	return fmt.Sprintf("%s >= %d AND %s < %d AND %s <= %d", t, day*store.DayTicks, t, (day+1)*store.DayTicks, quote(store.Ingested), mark)
}

func (s *Store) writeSealed(f *sealedFile, hot []*hotTable, mark int64) error {
	path := filepath.Join(s.opt.Dir, f.path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.New(fault.Exhausted, "seal", "%w", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Unavailable, "seal", "%w", err)
	}
	c, err := s.pool.db.connect()
	if err != nil {
		return err
	}
	defer c.close()
	db := "seal" + f.name()
	if err := c.exec("ATTACH " + literal(path) + " AS " + quote(db) + " (STORAGE_VERSION 'latest')"); err != nil {
		return err
	}
	err = s.copyDay(c, db, f, hot, mark)
	if err == nil {
		err = c.exec("CHECKPOINT " + quote(db))
	}
	if derr := c.exec("DETACH " + quote(db)); err == nil {
		err = derr
	}
	if err != nil {
		return err
	}
	h, err := os.Open(path)
	if err != nil {
		return fault.New(fault.Unavailable, "seal", "%w", err)
	}
	st, err := h.Stat()
	if err = errors.Join(err, h.Sync(), h.Close(), syncDir(filepath.Dir(path)), syncDir(filepath.Dir(filepath.Dir(path)))); err != nil {
		return fault.New(fault.Exhausted, "seal", "%w", err)
	}
	f.bytes = st.Size()
	return nil
}

// copyDay copies the rows of f's day, sorted by time and numbered in blocks, into the attached file db.
func (s *Store) copyDay(c *conn, db string, f *sealedFile, hot []*hotTable, mark int64) error {
	for _, h := range hot {
		where := h.ofDay(f.day, mark)
		clocks := h.clocks()
		for i, x := range clocks {
			clocks[i] = quote(x)
		}
		all := strings.Join(clocks, ", ")
		var n, lo, hi int64
		q := fmt.Sprintf("SELECT count(*), coalesce(min(least(%s)), 0), coalesce(max(greatest(%s)), 0) FROM hot.%s WHERE %s", all, all, quote(h.phys), where)
		if err := c.rows(q, nil, func(r *chunkReader) error {
			n, lo, hi = r.ints(0)[0], r.ints(1)[0], r.ints(2)[0]
			return nil
		}); err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := c.exec(h.create(db)); err != nil {
			return err
		}
		cols := make([]string, len(h.cols))
		for i, col := range h.cols {
			cols[i] = quote(col.phys)
		}
		order := fmt.Sprintf("%s, %s", quote(h.timePhys()), quote(store.Hash))
		// A window without an order of its own numbers the rows as they come, so that they are sorted once.
		q = fmt.Sprintf("INSERT INTO %s.%s SELECT %s, CAST((row_number() OVER () - 1) // %d AS INTEGER), %s, %s, %s FROM (SELECT * FROM hot.%s WHERE %s ORDER BY %s)",
			quote(db), quote(h.phys), strings.Join(cols, ", "), vectorSize, quote(store.Ingested), quote(store.Hash), quote(store.Overflow), quote(h.phys), where, order)
		if err := c.exec(q); err != nil {
			return err
		}
		f.parts[h.table] = &part{h.layout, n, lo, hi}
	}
	return nil
}

// moveSealed lists the file and removes its rows from the hot tables.
func (s *Store) moveSealed(f *sealedFile, mark int64) error {
	s.write.Lock()
	defer s.write.Unlock()
	locked := false
	err := s.transact(func(c *conn) error {
		for _, p := range f.parts {
			if err := c.exec("DELETE FROM hot." + quote(p.phys) + " WHERE " + p.ofDay(f.day, mark)); err != nil {
				return err
			}
			if err := c.exec("INSERT INTO vedette.part VALUES (?, ?, ?, ?, ?, ?, ?)", f.id, p.table, p.phys, p.rows, p.lo, p.hi, p.encode()); err != nil {
				return err
			}
		}
		if err := c.exec("INSERT INTO vedette.file VALUES (?, ?, ?, ?)", f.id, f.day, f.path, f.bytes); err != nil {
			return err
		}
		s.snap.Lock() // from here to the end no query takes its moment
		locked = true
		return nil
	})
	if err == nil {
		s.files = append(s.files, f)
		slices.SortFunc(s.files, func(a, b *sealedFile) int { return int(a.id - b.id) })
	}
	if locked {
		s.snap.Unlock()
	}
	if err != nil {
		return err
	}
	return s.forgetSealed(f)
}

// forgetSealed drops the identities and terms that are in the file now; the identities of rows that stayed hot are read again.
func (s *Store) forgetSealed(f *sealedFile) error {
	delete(s.seen, f.day)
	lo, hi := f.day*store.DayTicks, (f.day+1)*store.DayTicks
	for _, h := range s.hot {
		held := map[int]bool{}
		q := fmt.Sprintf("SELECT DISTINCT CAST(%s // %d AS BIGINT) FROM hot.%s", quote(store.Block), terms.SegmentBlocks, quote(h.phys))
		if err := s.wconn.rows(q, nil, func(r *chunkReader) error {
			for _, n := range r.ints(0) {
				held[int(n)] = true
			}
			return nil
		}); err != nil {
			return err
		}
		h.live.Keep(held)
		t := quote(h.timePhys())
		q = fmt.Sprintf("SELECT %s, %s FROM hot.%s WHERE %s >= ? AND %s < ?", t, quote(store.Hash), quote(h.phys), t, t)
		if err := s.wconn.rows(q, []any{lo, hi}, func(r *chunkReader) error {
			ts, hs := r.ints(0), r.ints(1)
			for i := range ts {
				s.see(rowKey{uint64(hs[i]), ts[i]})
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
