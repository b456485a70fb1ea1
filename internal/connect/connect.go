// Package connect is the data connectors: which parts of a tenant are switched on, the sources that run for them, and how they are doing.
//
// It imports the ports, the other works and the words below; the sources themselves are made by whoever wires the program.
package connect

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/store"
)

// Tenant is one tenant that can be connected. Settings count until somebody has changed them on the page.
type Tenant struct {
	ID, Name  string
	Settings  ledger.Settings
	From      EventsFrom
	Incidents func() ([]collect.Source, error) // sources of part one; nil when the configuration has no credentials for them
	Events    func() ([]collect.Source, error) // sources of part three; nil when the configuration names no hub
	// Backfill makes the sources of the history and of tables that are not streamed; nil when the configuration has no credentials. hunted
	// gives the tables as they are wanted at the time.
	Backfill func(hunted func() []Hunted) ([]collect.Source, error)
}

// Deps is what the connectors work on.
type Deps struct {
	Ledger  ledger.Ledger
	Store   store.Store
	Engine  *query.Engine
	Mappers map[string]ingest.Mapper // records that are mapped to other tables, by category
	Log     *slog.Logger
}

// Set is all connectors.
type Set struct {
	Deps
	tenants []*tenant
	counts  ingest.Counters
	ready   chan struct{}   // closed when Run has begun
	ctx     context.Context // of Run, once ready; sources started from the page run under it
	seen    look
}

// tenant is a Tenant at work.
type tenant struct {
	Tenant
	change            sync.Mutex // one change of settings at a time
	incidents, events *group
	backfill          *group
	mu                sync.RWMutex
	now               ledger.Settings
	rev               int64
}

// New makes the set. Nothing runs before Run.
func New(d Deps, tenants []Tenant) *Set {
	s := &Set{Deps: d, ready: make(chan struct{})}
	for _, t := range tenants {
		w := &tenant{Tenant: t, now: t.Settings}
		part := func(make func() ([]collect.Source, error)) *group {
			return &group{make: make, covered: d.Store.Covered, intake: func() *intake { return startIntake(s.intakeOptions(w)) },
				log: d.Log.With("tenant", t.ID), failed: map[string]Failure{}}
		}
		w.incidents, w.events = part(orMissing(t.Incidents, noClient)), part(orMissing(t.Events, noHub))
		var backfill func() ([]collect.Source, error)
		if t.Backfill != nil {
			backfill = func() ([]collect.Source, error) { return t.Backfill(w.hunted) }
		}
		w.backfill = part(orMissing(backfill, noClient))
		s.tenants = append(s.tenants, w)
	}
	return s
}

// intakeOptions are those of a loop for one tenant: its own choice of tables, the common counters.
func (s *Set) intakeOptions(t *tenant) ingest.Options {
	offered := map[string]bool{}
	for _, table := range streamed() {
		offered[table.Name] = true
	}
	return ingest.Options{Store: s.Store, Counters: &s.counts, Log: s.Log, Decoder: ingest.DecoderOptions{
		Mappers: s.Mappers,
		// A table without a check box is kept: nobody has said that it is not wanted.
		Enabled: func(table string) bool {
			now, _ := t.settings()
			return !offered[table] || now.TableWanted(table)
		},
	}}
}

func key(tenantID string) string { return "defender-xdr/" + tenantID }

// Run starts what is switched on and keeps it running until ctx ends; then it stops everything in order.
func (s *Set) Run(ctx context.Context) error {
	s.ctx = ctx
	for _, t := range s.tenants {
		now, rev, ok, err := s.Ledger.Settings(ctx, key(t.ID))
		if err != nil {
			return err
		}
		if ok {
			t.set(now, rev)
		}
		s.apply(t)
	}
	close(s.ready)
	<-ctx.Done()
	for _, t := range s.tenants {
		t.incidents.end()
		t.events.end()
		t.backfill.end()
	}
	return nil
}

func (t *tenant) settings() (ledger.Settings, int64) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.now, t.rev
}

func (t *tenant) set(now ledger.Settings, rev int64) {
	t.mu.Lock()
	t.now, t.rev = now, rev
	t.mu.Unlock()
}

// apply makes the sources agree with the settings.
func (s *Set) apply(t *tenant) {
	now, _ := t.settings()
	for _, part := range []struct {
		on bool
		g  *group
	}{{now.Incidents, t.incidents}, {now.Events, t.events}, {now.Backfill, t.backfill}} {
		if part.on {
			part.g.start(s.ctx)
		} else {
			part.g.end()
		}
	}
}

// What the configuration may lack for a part.
const (
	noClient = "the configuration has no client_id and client_secret for this tenant"
	noHub    = "the configuration names no event hub or storage account for this tenant"
)

func missing(what string) error {
	return fault.New(fault.Invalid, "", "%s", what).WithHint("add it to the tenant's entry in vedette.yaml; docs/connect.md walks through it")
}

// orMissing gives make, or what says why there is none.
func orMissing(make func() ([]collect.Source, error), what string) func() ([]collect.Source, error) {
	if make != nil {
		return make
	}
	return func() ([]collect.Source, error) { return nil, missing(what) }
}

// possible refuses to switch on what the configuration has nothing for.
func (t *tenant) possible(before, after ledger.Settings) error {
	switch {
	case after.Incidents && !before.Incidents && t.Incidents == nil:
		return missing(noClient)
	case after.Backfill && !before.Backfill && t.Backfill == nil:
		return missing(noClient)
	case after.Events && !before.Events && t.Events == nil:
		return missing(noHub)
	}
	return nil
}

// find gives the tenant with this id, or the first one for "".
func (s *Set) find(id string) (*tenant, error) {
	for _, t := range s.tenants {
		if id == "" || t.ID == id {
			return t, nil
		}
	}
	if id == "" {
		return nil, fault.New(fault.NotFound, "", "no tenant is configured").WithHint("add one to vedette.yaml, or look at `vedette demo`")
	}
	return nil, fault.New(fault.NotFound, "", "there is no tenant %s", id)
}

// change edits the settings of a tenant, stores them, and starts and stops sources accordingly.
func (s *Set) change(ctx context.Context, id string, edit func(*ledger.Settings) error) (Page, error) {
	t, err := s.find(id)
	if err != nil {
		return Page{}, err
	}
	select {
	case <-s.ready:
	case <-ctx.Done():
		return Page{}, fault.New(fault.Canceled, "change settings", "%w", ctx.Err())
	}
	t.change.Lock()
	defer t.change.Unlock()
	before, rev := t.settings()
	now := before
	now.Tables = slices.Clone(before.Tables)
	if err := edit(&now); err != nil {
		return Page{}, err
	}
	if err := t.possible(before, now); err != nil {
		return Page{}, err
	}
	if rev, err = s.Ledger.PutSettings(ctx, key(t.ID), rev, now); err != nil {
		return Page{}, err
	}
	t.set(now, rev)
	s.apply(t)
	return s.Page(ctx, t.ID)
}

// SetIncidents switches incidents and alerts.
func (s *Set) SetIncidents(ctx context.Context, tenantID string, on, disableRules bool) (Page, error) {
	return s.change(ctx, tenantID, func(n *ledger.Settings) error {
		n.Incidents, n.DisableIncidentCreationRules = on, disableRules
		return nil
	})
}

// SetEntities switches the synchronisation of identities.
func (s *Set) SetEntities(ctx context.Context, tenantID string, on, activeDirectory bool) (Page, error) {
	return s.change(ctx, tenantID, func(n *ledger.Settings) error {
		n.Entities, n.ActiveDirectory = on, activeDirectory
		return nil
	})
}

// SetTables chooses the event tables to keep; none switches events off.
func (s *Set) SetTables(ctx context.Context, tenantID string, tables []string) (Page, error) {
	t, err := s.find(tenantID)
	if err != nil {
		return Page{}, err
	}
	return s.change(ctx, tenantID, func(n *ledger.Settings) error {
		known := streamed()
		for _, name := range tables {
			if !slices.ContainsFunc(known, func(t *tableInfo) bool { return t.Name == name }) {
				return fault.New(fault.Invalid, "apply changes", "the Streaming API has no table %q", name)
			}
		}
		n.Tables = slices.Compact(slices.Sorted(slices.Values(tables)))
		n.Events = len(tables) > 0 && (t.Events != nil || !n.Backfill) // without a hub the choice is the backfill's alone
		return nil
	})
}
