package duck

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// sealedFile is one read-only file: rows of one event day.
type sealedFile struct {
	id    int64
	day   int64  // days since 0001-01-01
	path  string // below the data directory
	bytes int64
	parts map[string]*part // by table

	mu       sync.Mutex
	attached bool
	users    atomic.Int64 // queries that may be reading it
	gone     atomic.Bool  // removed from the store; whoever is the last user deletes it

	terms     atomic.Pointer[termFile] // nil: none, or not readable
	termBytes atomic.Int64
	damaged   atomic.Bool // terms gave an error
}

// part is the rows of one table in a sealed file.
type part struct {
	*layout
	rows   int64
	lo, hi int64 // least and greatest value of all clocks of the rows
}

// name is the engine's name of the attached file.
func (f *sealedFile) name() string { return fmt.Sprintf("f%d", f.id) }

// attach makes a file known to the instance; the rest of the process can then name it.
func (s *Store) attach(f *sealedFile) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.attached {
		return nil
	}
	c, err := s.pool.db.connect()
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.exec("ATTACH " + literal(filepath.Join(s.opt.Dir, f.path)) + " AS " + quote(f.name()) + " (READ_ONLY)"); err != nil {
		return fmt.Errorf("file %s: %w", f.path, err)
	}
	f.attached = true
	return nil
}

// detach undoes attach and closes the file's index.
func (s *Store) detach(f *sealedFile) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closeTerms()
	if !f.attached {
		return
	}
	if c, err := s.pool.db.connect(); err == nil {
		if err := c.exec("DETACH " + quote(f.name())); err != nil {
			s.log.Debug("detach", "file", f.path, "err", err)
		}
		c.close()
	}
	f.attached = false
}

// use keeps a file from being deleted until done.
func (f *sealedFile) use() { f.users.Add(1) }

// done ends a use.
func (s *Store) done(f *sealedFile) {
	if f.users.Add(-1) == 0 && f.gone.Load() {
		s.discard(f)
	}
}

// discard detaches and deletes a file that is no longer listed and that nobody uses.
func (s *Store) discard(f *sealedFile) {
	s.detach(f)
	path := filepath.Join(s.opt.Dir, f.path)
	if err := os.Remove(filepath.Join(s.opt.Dir, f.termPath())); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.Warn("a term index that is no longer needed stays until the next start", "file", f.termPath(), "err", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.Warn("a file that is no longer needed stays until the next start", "file", path, "err", err)
		return
	}
	_ = os.Remove(filepath.Dir(path)) // only goes when the day is empty
}

func (s *Store) loadFiles() error {
	byID := map[int64]*sealedFile{}
	err := s.wconn.rows("SELECT id, day, bytes, path FROM vedette.file ORDER BY day, id", nil, func(r *chunkReader) error {
		id, day, bytes, path := r.ints(0), r.ints(1), r.ints(2), r.texts(3)
		for i := range id {
			f := &sealedFile{id: id[i], day: day[i], bytes: bytes[i], path: path[i], parts: map[string]*part{}}
			byID[f.id] = f
			s.files = append(s.files, f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = s.wconn.rows("SELECT file, n, lo, hi, tab, phys, cols FROM vedette.part", nil, func(r *chunkReader) error {
		file, n, lo, hi := r.ints(0), r.ints(1), r.ints(2), r.ints(3)
		tab, phys, cols := r.texts(4), r.texts(5), r.texts(6)
		for i := range file {
			f := byID[file[i]]
			columns, err := decodeColumns(cols[i])
			if f == nil || err != nil {
				return fault.New(fault.Corrupt, "open store", "the list of sealed files is damaged at file %d: %v", file[i], err).WithHint("restore the data directory from a backup")
			}
			t := s.known.stored(tab[i])
			f.parts[tab[i]] = &part{newLayout(tab[i], phys[i], t.Time, columns), n[i], lo[i], hi[i]}
			s.known.meet(tab[i])
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range s.files {
		if _, err := os.Stat(filepath.Join(s.opt.Dir, f.path)); err != nil {
			return fault.New(fault.Corrupt, "open store", "the sealed file %s is missing: %w", f.path, err).WithHint("restore it from a backup into %s", s.opt.Dir)
		}
		s.openTerms(f)
	}
	return nil
}

// dropOrphans deletes what a crash left in days/: files that are not listed.
func (s *Store) dropOrphans() error {
	listed := map[string]bool{}
	for _, f := range s.files {
		listed[filepath.Join(s.opt.Dir, f.path)] = true
		listed[filepath.Join(s.opt.Dir, f.termPath())] = true
	}
	root := filepath.Join(s.opt.Dir, "days")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || listed[path] {
			return err
		}
		s.log.Info("removing a leftover of a crash", "file", path)
		return os.Remove(path)
	})
	if err != nil {
		return fault.New(fault.Unavailable, "open store", "%w", err).WithHint("make the data directory writable")
	}
	return nil
}

// overlapping gives the files with rows of table between from and to ticks.
func (s *Store) overlapping(table string, from, to int64) []*sealedFile {
	var out []*sealedFile
	for _, f := range s.files {
		if p := f.parts[table]; p != nil && p.lo <= to && p.hi >= from {
			out = append(out, f)
		}
	}
	return out
}

// expression gives the column called name, of type t, of a stored table: its own, or what the overflow has under its name. The name may
// come from data, so it stands in the text as a quoted constant.
func (l *layout) expression(name string, t schema.Type) string {
	switch name {
	case store.Block, store.Ingested, store.Hash, store.Overflow:
		return quote(name)
	}
	if i, ok := l.at[name]; ok {
		if l.cols[i].typ != t {
			return fmt.Sprintf("TRY_CAST(%s AS %s)", quote(l.cols[i].phys), engineType(t))
		}
		return quote(l.cols[i].phys)
	}
	pointer := literal("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	s := "json_extract_string(" + quote(store.Overflow) + ", " + pointer + ")"
	switch t {
	case schema.String:
		return "coalesce(" + s + ", '')"
	case schema.Dynamic:
		return "nullif(CAST(json_extract(" + quote(store.Overflow) + ", " + pointer + ") AS VARCHAR), 'null')"
	case schema.Datetime:
		return fmt.Sprintf("(epoch_ns(TRY_CAST(%s AS TIMESTAMP_NS)) // 100 + 621355968000000000)", s)
	case schema.GUID:
		return "lower(" + s + ")"
	case schema.Decimal:
		return s
	}
	return fmt.Sprintf("TRY_CAST(%s AS %s)", s, engineType(t))
}
