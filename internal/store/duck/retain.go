package duck

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
)

// Retain implements store.Admin.
func (s *Store) Retain(ctx context.Context, t time.Time) (store.Removed, error) {
	s.admin.Lock()
	defer s.admin.Unlock()
	var out store.Removed
	err := s.using(func() error {
		s.write.Lock()
		defer s.write.Unlock()
		if err := ctx.Err(); err != nil {
			return fault.New(fault.Canceled, "retain", "%w", err)
		}
		var err error
		out, err = s.retain(dayOf(store.Ticks(t)))
		return err
	})
	return out, err
}

// retain removes everything of the days before limit.
func (s *Store) retain(limit int64) (store.Removed, error) {
	var out store.Removed
	var keep, drop []*sealedFile
	for _, f := range s.files {
		if f.day >= limit {
			keep = append(keep, f)
			continue
		}
		drop = append(drop, f)
		for _, p := range f.parts {
			out.Rows += p.rows
		}
	}
	hotDays := 0
	for d, keys := range s.seen {
		if d < limit && len(keys) > 0 {
			hotDays++
			out.Rows += int64(len(keys))
		}
	}
	if len(drop) == 0 && hotDays == 0 {
		return out, nil
	}
	locked := false
	err := s.transact(func(c *conn) error {
		for _, f := range drop {
			if err := c.exec("DELETE FROM vedette.part WHERE file = ?", f.id); err != nil {
				return err
			}
			if err := c.exec("DELETE FROM vedette.file WHERE id = ?", f.id); err != nil {
				return err
			}
		}
		for _, h := range s.hot {
			if hotDays == 0 {
				break
			}
			if err := c.exec(fmt.Sprintf("DELETE FROM hot.%s WHERE %s < ?", quote(h.phys), quote(h.timePhys())), limit*store.DayTicks); err != nil {
				return err
			}
		}
		s.snap.Lock()
		locked = true
		return nil
	})
	if err == nil {
		s.files = keep
	}
	if locked {
		s.snap.Unlock()
	}
	if err != nil {
		return store.Removed{}, err
	}
	for d := range s.seen {
		if d < limit {
			delete(s.seen, d)
		}
	}
	for _, f := range drop {
		out.Files++
		f.use()
		f.gone.Store(true)
		s.done(f)
	}
	return out, nil
}

// Stats implements store.Admin.
func (s *Store) Stats(ctx context.Context) (store.Stats, error) {
	out := store.Stats{Tables: map[string]store.TableStats{}}
	err := s.using(func() error {
		c, err := s.pool.get()
		if err != nil {
			return err
		}
		sound := false
		defer func() { s.pool.put(c, sound) }()
		end := interruptAtEnd(ctx, s.ctx, c)
		defer end()
		s.snap.RLock()
		files, hot := slices.Clone(s.files), slices.Collect(maps.Values(s.hot))
		s.snap.RUnlock()
		add := func(table string, n, lo, hi int64) {
			t := out.Tables[table]
			if first := store.TimeOf(lo); t.Rows == 0 || first.Before(t.First) {
				t.First = first
			}
			if last := store.TimeOf(hi); t.Rows == 0 || last.After(t.Last) {
				t.Last = last
			}
			t.Rows += n
			out.Rows += n
			out.Tables[table] = t
		}
		for _, f := range files {
			out.Files++
			out.Bytes += f.bytes + f.termBytes.Load()
			for _, p := range f.parts {
				add(p.table, p.rows, p.lo, p.hi)
			}
		}
		for _, h := range hot {
			t := quote(h.timePhys())
			q := fmt.Sprintf("SELECT count(*), coalesce(min(%s), 0), coalesce(max(%s), 0) FROM hot.%s", t, t, quote(h.phys))
			if err := c.rows(q, nil, func(r *chunkReader) error {
				if n := r.ints(0)[0]; n > 0 {
					add(h.table, n, r.ints(1)[0], r.ints(2)[0])
				}
				return nil
			}); err != nil {
				return err
			}
		}
		sound = true
		for _, name := range []string{"hot.duckdb", "hot.duckdb.wal"} {
			if st, err := os.Stat(filepath.Join(s.opt.Dir, name)); err == nil {
				out.Files++
				out.Bytes += st.Size()
			}
		}
		return nil
	})
	return out, err
}
