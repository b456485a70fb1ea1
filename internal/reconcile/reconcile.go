// Package reconcile keeps incidents the same here and in Defender. For each incident it reads what Defender shows, merges, notes what it is
// about to send, sends it, and notes what came of it; a step that is done twice, or of which only a part was done, does no harm.
//
// It imports the ledger and defender ports and the words below.
package reconcile

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// Remote is the other side. Patch and Comment must send their request once only. A fault of kind Invalid, NotFound, Forbidden,
// Unauthorized, Conflict, Throttled or Unsupported says that the request was certainly not carried out; after any other it may have been,
// or may still be.
type Remote interface {
	// Get gives an incident as it is now; fault.NotFound or fault.Forbidden when it is not shown (any more).
	Get(ctx context.Context, id string) (incident.Remote, error)
	// Changed hands over every incident that changed at or after since, in any order; it may hand over more, and one twice. An error of
	// each ends it.
	Changed(ctx context.Context, since time.Time, each func(incident.Remote) error) error
	// Patch sets fields and gives the incident as it is then.
	Patch(ctx context.Context, id string, p incident.Patch) (incident.Remote, error)
	// Comment adds a comment and gives all there are then.
	Comment(ctx context.Context, id, text string) ([]incident.RemoteComment, error)
	// Skew is how far our clock is ahead of the other side's, as far as is known.
	Skew() time.Duration
}

// Config says what to keep the same.
type Config struct {
	Remote  Remote
	Ledger  ledger.Ledger
	Tenant  string
	Poll    time.Duration // between looks for changes; default 30 s
	History time.Duration // how far back the first look goes; default 30 days
	Overlap time.Duration // how late a change may appear in the list of changes; default 15 minutes
	Sweep   time.Duration // between looks at the whole History, for what was missed all the same; default a day
	Workers int           // incidents in hand at once; default 4
	Log     *slog.Logger  // default none
	Now     func() time.Time
}

// Loop keeps the incidents of one tenant the same. It is safe for concurrent use.
type Loop struct {
	cfg   Config
	sides ledger.Incidents
	work  *work

	mu    sync.Mutex
	known map[string]time.Time // versions that were taken in; nil before the first poll
	until time.Time            // the latest of them
	swept time.Time
	lag   time.Duration
}

// New makes a loop. It does nothing yet.
func New(cfg Config) *Loop {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&cfg.Poll, 30*time.Second)
	def(&cfg.History, 30*24*time.Hour)
	def(&cfg.Overlap, 15*time.Minute)
	def(&cfg.Sweep, 24*time.Hour)
	if cfg.Workers == 0 {
		cfg.Workers = 4
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Loop{cfg: cfg, sides: ledger.OfIncidents(cfg.Ledger, cfg.Tenant), work: newWork(cfg.Now)}
}

func (l *Loop) clock() incident.Clock {
	return incident.Clock{Now: l.cfg.Now(), Skew: l.cfg.Remote.Skew()}
}

// Get gives an incident as it is remembered; fault.NotFound when it was never seen.
func (l *Loop) Get(ctx context.Context, id string) (ledger.Incident, error) {
	one, err := l.sides.Get(ctx, id)
	if err == nil && one.Rev == 0 {
		return one, unknown(id)
	}
	return one, err
}

func unknown(id string) error {
	return fault.New(fault.NotFound, "find incident", "there is no incident %s", id).WithHint("it may not have been collected yet")
}

// Edit changes an incident here, whatever Defender is doing, and sends it at once. It gives the incident as it is now; faults say what may
// not be, never that somebody else was first.
func (l *Loop) Edit(ctx context.Context, id, by string, c incident.Change) (ledger.Incident, error) {
	return l.here(ctx, id, func(one *ledger.Incident) error {
		_, err := one.Edit(by, l.cfg.Now(), c)
		return err
	})
}

// Comment adds a comment here and sends it at once. key is one of incident.NewKey; the same key again adds nothing.
func (l *Loop) Comment(ctx context.Context, id, key, by, text string) (ledger.Incident, error) {
	return l.here(ctx, id, func(one *ledger.Incident) error { return one.Comment(key, by, l.cfg.Now(), text) })
}

func (l *Loop) here(ctx context.Context, id string, step func(*ledger.Incident) error) (ledger.Incident, error) {
	one, err := l.sides.Update(ctx, id, func(one *ledger.Incident) error {
		if one.Rev == 0 {
			return unknown(id)
		}
		return step(one)
	})
	if err == nil {
		l.work.wake(id, l.cfg.Now())
	}
	return one, err
}

// Lag is how old the newest change was when it was taken in last, by Defender's clock.
func (l *Loop) Lag() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lag
}
