// Package duck is the embedded event store on DuckDB. It is an adapter of package store and, with its sub-packages, the only one that
// imports the engine; beside that it imports words, ports and kql/sql.
//
// # Arrangement
//
// One engine instance owns the data directory: hot.duckdb, which takes every new row, and the sealed files days/<day>/<n>.duckdb, each
// the rows of one event day, sorted by time and never written again. The instance attaches sealed files read-only when a query's time
// range needs them, so that one statement sees hot and sealed rows at one moment. Beside each lies its term index, days/<day>/<n>.terms
// (package terms): blocks and files that cannot hold a term a query asks for are not read. A missing or damaged index is made again in
// the background; until then its file is read whole. The hot rows have theirs in memory. Access to any file outside the data directory is off
// and the configuration is locked; only single statements that this package printed from a SQL tree run on it, with parameters bound.
//
// The list of sealed files lies in the hot file. Sealing writes a file, and then removes the rows and lists the file in one
// transaction; a file that is not listed is a leftover of a crash and is removed at the next start.
//
// Rows are filled into engine vectors directly, by column; their texts are not copied on the way.
package duck

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck/cfunc"
	"github.com/vedette-siem/vedette/internal/store/terms"
)

// format is the version of the data directory's layout.
const format = 1

// Options configure a store.
type Options struct {
	Dir       string            // data directory; made when it does not exist
	Catalogue *schema.Catalogue // nil: schema.Builtin()
	MemoryMB  int               // memory limit of the engine; 0: 1024
	Threads   int               // threads of the engine; 0: as many as the machine has
	LateRows  int64             // rows that must have gathered for a day that is sealed already before they are sealed too; 0: 10,000
	Log       *slog.Logger      // nil: none
	Now       func() time.Time  // nil: time.Now
}

// Store is an open data directory. It implements store.Store.
type Store struct {
	opt  Options
	log  *slog.Logger
	lock *os.File
	seed uint64

	ctx  context.Context // ends when the store closes
	stop context.CancelFunc

	life sync.RWMutex // read-held while the instance is used; written to replace or close it
	db   *database    // nil after Close
	pool *pool

	admin sync.Mutex // held while sealed files are made or removed: one at a time
	write sync.Mutex // held by whoever changes what is stored
	wconn *conn
	seen  map[int64]map[rowKey]struct{} // identity of every hot row, by event day; under write

	snap  sync.RWMutex // read-held while a query takes its moment; written when memory and files change together
	files []*sealedFile
	hot   map[string]*hotTable
	phys  map[string]bool // engine names of hot tables, lower case
	known *known
	spans map[string]map[string][]record.Span

	clock clock

	unindexed  chan struct{} // has a message when files may lack their term index
	background sync.WaitGroup
}

// hotTable is a table of the hot file.
type hotTable struct {
	*layout
	rows int64 // the number of the next row, from which its block follows; under write
	live *terms.Live
}

var _ store.Store = (*Store)(nil)

// Open opens the data directory, making it when it does not exist.
//
// Errors: fault.Conflict when another process has it, fault.Corrupt when it is damaged or of a newer version, each with a hint.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if opt.Catalogue == nil {
		opt.Catalogue = schema.Builtin()
	}
	if opt.MemoryMB == 0 {
		opt.MemoryMB = 1024
	}
	if opt.Threads == 0 {
		opt.Threads = runtime.NumCPU()
	}
	if opt.LateRows == 0 {
		opt.LateRows = 10_000
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	abs, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, fault.New(fault.Invalid, "open store", "%w", err)
	}
	opt.Dir = abs
	for _, d := range []string{opt.Dir, filepath.Join(opt.Dir, "days"), filepath.Join(opt.Dir, "tmp")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fault.New(fault.Unavailable, "open store", "%w", err).WithHint("choose a data directory that can be written")
		}
	}
	s := &Store{opt: opt, log: opt.Log, unindexed: make(chan struct{}, 1)}
	s.clock.now = opt.Now
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if s.lock, err = lockDir(opt.Dir); err != nil {
		return nil, err
	}
	if err := s.checkFormat(); err != nil {
		s.lock.Close()
		return nil, err
	}
	if err := s.start(); err != nil {
		s.lock.Close()
		return nil, err
	}
	s.background.Go(s.indexer)
	return s, nil
}

// checkFormat reads the version of the directory, or writes it into a new one.
func (s *Store) checkFormat() error {
	path := filepath.Join(s.opt.Dir, "format")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(s.opt.Dir, "hot.duckdb")); err == nil {
			return fault.New(fault.Corrupt, "open store", "%s is missing although there is data", path).WithHint("restore it from a backup; its content is %d", format)
		}
		if err := writeFile(path, fmt.Sprintf("%d\n", format)); err != nil {
			return fault.New(fault.Exhausted, "open store", "%w", err).WithHint("free disk space")
		}
		return nil
	}
	if err != nil {
		return fault.New(fault.Unavailable, "open store", "%w", err)
	}
	v, err := strconv.Atoi(strings.TrimSpace(string(text)))
	switch {
	case err != nil:
		return fault.New(fault.Corrupt, "open store", "%s does not hold a version number", path).WithHint("restore it from a backup")
	case v > format:
		return fault.New(fault.Corrupt, "open store", "the data directory %s has format %d, this version reads up to %d", s.opt.Dir, v, format).
			WithHint("it was written by a newer Vedette: use that version or a newer one")
	}
	return nil
}

// start opens the engine and reads what memory mirrors. life must be held for writing, or nobody else know the store yet.
func (s *Store) start() (err error) {
	db, err := openDatabase(filepath.Join(s.opt.Dir, "hot.duckdb"), map[string]string{
		"memory_limit":                  fmt.Sprintf("%dMB", s.opt.MemoryMB),
		"threads":                       strconv.Itoa(s.opt.Threads),
		"temp_directory":                filepath.Join(s.opt.Dir, "tmp"),
		"storage_compatibility_version": "latest",
		"checkpoint_threshold":          "256MB", // the log of small commits; 100 MB of it are replayed in a second
		"autoinstall_known_extensions":  "false",
		"autoload_known_extensions":     "false",
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			db.close()
		}
	}()
	c, err := db.connect()
	if err != nil {
		return err
	}
	if err := cfunc.Register(c.c); err != nil {
		return fault.New(fault.Internal, "open store", "%w", err)
	}
	for _, q := range []string{
		"SET allowed_directories=[" + literal(filepath.Join(s.opt.Dir, "days")+string(filepath.Separator)) + "]",
		"SET enable_external_access=false",
	} {
		if err := c.exec(q); err != nil {
			return err
		}
	}
	if err := c.exec("SET lock_configuration=true"); err != nil {
		return err
	}
	s.db, s.wconn, s.pool = db, c, newPool(db)
	if err := s.load(); err != nil {
		s.pool.close()
		c.close()
		return err
	}
	s.wakeIndexer()
	return nil
}

// reopen replaces the instance after a failure that made it useless.
func (s *Store) reopen() {
	s.life.Lock()
	defer s.life.Unlock()
	if s.db == nil {
		return
	}
	s.pool.close()
	s.wconn.close()
	s.db.close()
	for _, f := range s.files {
		f.closeTerms()
	}
	if err := s.start(); err != nil {
		s.db = nil
		s.log.Error("the store cannot be opened again", "err", err)
		return
	}
	s.log.Warn("the store was opened again after a failure")
}

// using runs f while the instance cannot be replaced, and replaces it when f's error says so. While it is being replaced it does not
// wait: the caller may itself be in the middle of a query, for whose end the replacing waits.
func (s *Store) using(f func() error) error {
	if !s.life.TryRLock() {
		return fault.New(fault.Unavailable, "store", "the store is being opened again").WithHint("try again")
	}
	if s.db == nil {
		s.life.RUnlock()
		return fault.New(fault.Unavailable, "store", "the store is closed").WithHint("start the process again")
	}
	err := f()
	s.life.RUnlock()
	if errors.Is(err, errFatal) {
		s.reopen()
	}
	return err
}

// Seed implements store.Appender.
func (s *Store) Seed() uint64 { return s.seed }

// Close implements store.Store.
func (s *Store) Close() error {
	s.stop()
	s.background.Wait()
	s.life.Lock()
	defer s.life.Unlock()
	if s.db == nil {
		return s.lock.Close()
	}
	err := s.wconn.exec("CHECKPOINT")
	if err != nil {
		s.log.Warn("the log was not merged at close; the next start will", "err", err)
	}
	s.pool.close()
	s.wconn.close()
	s.db.close()
	s.db = nil
	for _, f := range s.files {
		f.closeTerms()
	}
	return s.lock.Close()
}

// writeFile writes a small file so that it is there after a power failure.
func writeFile(path, text string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close(), syncDir(filepath.Dir(path)))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
