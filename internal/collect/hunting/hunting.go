// Package hunting collects the advanced-hunting tables through Graph's runHuntingQuery: the last thirty days backwards, so that the newest
// is there first, and then what is new, for tables that no stream carries and for tenants that have no stream.
//
// A table's rows are asked for in slices of time that are as long as the answers stay small. What the store covers says how far back a table
// has been read and how far forward; there is no other memory. What a stream delivers too is the same record to the store.
// It imports the collect port, the defender client and the words below.
package hunting

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// Table is a table to collect. Its name is put into queries as it is: it must come from the catalogue.
type Table struct {
	Name string
	// Every is how often it is asked for what is new. Zero is for tables that a stream brings: of those only what lies between what was
	// read before and the start of Run is asked for, once.
	Every time.Duration
	// Snapshot says that its rows have no time of their own: it is read whole once in Every, and has the rows of each time.
	Snapshot bool
	Key      string // of a Snapshot: a column of many values, to read it in parts by
}

// Config says what to collect.
type Config struct {
	Client  *defender.Client
	Tables  func() []Table // asked before each round, so that changes apply at once
	History time.Duration  // how far back; default, and most that the service has, 30 days
	Overlap time.Duration  // how late a row may appear; default 2 hours
	Look    time.Duration  // between looks at what is due; default a minute
	Log     *slog.Logger   // default none
	Now     func() time.Time
}

// Bounds of an answer. The service cuts at rowLimit without a word, and refuses what is larger than some 50 MB.
const (
	rowLimit    = 100_000
	goodBytes   = 16 << 20
	firstTarget = 10_000 // rows of a slice until the size of rows is known
	leastTarget = 500
	mostTarget  = 60_000
)

const (
	historyMost = 30 * 24 * time.Hour
	longestWait = 15 * time.Minute // the service renews its allowance of processor time that often
	firstWait   = 5 * time.Second
)

// progressed is how far the backfill is.
type progressed struct {
	tables, done int
	oldest       time.Time
}

// Source is the hunting tables of one tenant.
type Source struct {
	collect.Gauge
	cfg  Config
	name string

	mu       sync.Mutex
	progress progressed
}

// New makes the source.
func New(cfg Config) *Source {
	if cfg.History <= 0 || cfg.History > historyMost {
		cfg.History = historyMost
	}
	if cfg.Overlap == 0 {
		cfg.Overlap = 2 * time.Hour
	}
	if cfg.Look == 0 {
		cfg.Look = time.Minute
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Source{cfg: cfg, name: "hunting:" + cfg.Client.TenantID()}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s.cfg.Log = cfg.Log.With("source", s.name)
	return s
}

// Name implements collect.Source.
func (s *Source) Name() string { return s.name }

// Backfilled tells how many tables are collected, of how many the history has been read, and since when that of all has been; the zero time
// when it is complete or nothing is known.
func (s *Source) Backfilled() (tables, done int, oldest time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progress.tables, s.progress.done, s.progress.oldest
}

// Run implements collect.Source. It returns a fault when the credentials or the permission are not there or hunting is not available;
// connections that fail, throttling and errors of the service it waits out.
func (s *Source) Run(ctx context.Context, after []record.Span, to collect.Sink) error {
	s.Now(collect.Starting, nil)
	defer s.Now(collect.Stopped, nil)
	r := &round{source: s, to: to, covered: collect.Cover(s.name, after), tables: map[string]*progress{}, target: firstTarget}
	wait := firstWait
	for {
		err := r.run(ctx)
		var pause time.Duration
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case r.sinkErr != nil:
			return r.sinkErr
		case err == nil:
			s.Now(collect.Idle, nil)
			pause, wait = s.cfg.Look, firstWait
		case !fault.Retryable(err):
			return err
		default:
			s.Now(collect.Failing, err)
			r.target = max(r.target/2, leastTarget) // it may have been too much
			pause = max(wait, retryAfter(err))
			wait = min(2*wait, longestWait)
			s.cfg.Log.Warn("asking for hunting tables failed, trying again", "error", err, "wait", pause)
		}
		sleep(ctx, pause+rand.N(pause/10+1))
	}
}

// retryAfter is the wait that the service asked for.
func retryAfter(err error) time.Duration {
	var f *fault.Error
	if errors.As(err, &f) {
		return min(f.RetryAfter, longestWait)
	}
	return 0
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func toTicks(t time.Time) int64   { return t.Unix()*1e7 + int64(t.Nanosecond())/100 }
func fromTicks(n int64) time.Time { return time.Unix(n/1e7, n%1e7*100).UTC() }
