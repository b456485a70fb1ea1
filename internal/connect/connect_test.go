package connect_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// memory is a store that counts rows.
type memory struct {
	mu      sync.Mutex
	rows    map[string]int64
	covered []record.Span
	slow    time.Duration // how long Stats takes
	looks   int
}

func (m *memory) Append(_ context.Context, a store.Append) (store.Result, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := store.Result{Tables: map[string]store.Count{}, Ingested: time.Now()}
	for _, c := range a.Chunks {
		if m.rows == nil {
			m.rows = map[string]int64{}
		}
		m.rows[c.Table] += int64(c.N)
		r.Tables[c.Table] = store.Count{Stored: int64(c.N)}
	}
	m.covered = append(m.covered, a.Covers...)
	return r, nil
}
func (m *memory) Covered(context.Context, string) ([]record.Span, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.covered), nil
}
func (m *memory) Seed() uint64 { return 1 }
func (m *memory) Query(context.Context, *sql.Query) iter.Seq2[*store.Batch, error] {
	return func(func(*store.Batch, error) bool) {}
}
func (m *memory) Table(name string) (*schema.Table, bool) {
	if t, ok := schema.Builtin().Table(name); ok {
		return t, true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, met := m.rows[name]
	return schema.Other(name), met
}
func (m *memory) Tables() []*schema.Table { return schema.Builtin().Tables() }
func (m *memory) Ready() time.Time        { return time.Now() }
func (m *memory) Seal(context.Context, time.Time) (store.Sealed, error) {
	return store.Sealed{}, nil
}
func (m *memory) Retain(context.Context, time.Time) (store.Removed, error) {
	return store.Removed{}, nil
}
func (m *memory) Stats(ctx context.Context) (store.Stats, error) {
	m.mu.Lock()
	slow := m.slow
	m.looks++
	s := store.Stats{Tables: map[string]store.TableStats{}}
	for name, n := range m.rows {
		s.Tables[name] = store.TableStats{Rows: n, Last: time.Now()}
	}
	m.mu.Unlock()
	time.Sleep(slow)
	return s, nil
}
func (m *memory) Close() error { return nil }

// book is a ledger of settings.
type book struct {
	ledger.Ledger
	mu       sync.Mutex
	settings map[string]ledger.Settings
	revs     map[string]int64
}

func (b *book) Settings(_ context.Context, connector string) (ledger.Settings, int64, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.settings[connector]
	return s, b.revs[connector], ok, nil
}
func (b *book) PutSettings(_ context.Context, connector string, rev int64, s ledger.Settings) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.settings == nil {
		b.settings, b.revs = map[string]ledger.Settings{}, map[string]int64{}
	}
	if b.revs[connector] != rev {
		return 0, fault.New(fault.Conflict, "put settings", "changed meanwhile")
	}
	b.settings[connector] = s
	b.revs[connector]++
	return b.revs[connector], nil
}

// fake is a source that does what the test says, run after run.
type fake struct {
	collect.Gauge
	mu   sync.Mutex
	runs []time.Time
	busy int

	caughtUp chan struct{}
	run      func(ctx context.Context, n int, to collect.Sink) error // the n-th run, from 1
}

func (f *fake) Name() string { return "fake" }
func (f *fake) Run(ctx context.Context, _ []record.Span, to collect.Sink) error {
	f.mu.Lock()
	f.runs = append(f.runs, time.Now())
	n := len(f.runs)
	f.busy++
	f.mu.Unlock()
	f.Now(collect.Starting, nil)
	defer func() {
		f.Now(collect.Stopped, nil)
		f.mu.Lock()
		f.busy--
		f.mu.Unlock()
	}()
	return f.run(ctx, n, to)
}

func (f *fake) count() (runs, busy int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.runs), f.busy
}

// healthy reads until it is told to stop.
func (f *fake) healthy(ctx context.Context) error {
	f.Now(collect.Idle, nil)
	<-ctx.Done()
	return ctx.Err()
}

func steady() *fake {
	f := &fake{}
	f.run = func(ctx context.Context, _ int, _ collect.Sink) error { return f.healthy(ctx) }
	return f
}

func sources(s ...collect.Source) func() ([]collect.Source, error) {
	return func() ([]collect.Source, error) { return s, nil }
}

// rig is a set at work.
type rig struct {
	*connect.Set
	store  *memory
	ledger *book
	stop   func()
}

func start(t *testing.T, led *book, tenants ...connect.Tenant) *rig {
	t.Helper()
	r := &rig{store: &memory{}, ledger: led}
	r.Set = connect.New(connect.Deps{Ledger: led, Store: r.store, Engine: query.New(query.Options{Store: r.store, InGo: true}), Log: slog.New(slog.DiscardHandler)}, tenants)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	r.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the set ended with %v", err)
		}
	}
	synctest.Wait()
	return r
}

func (r *rig) page(t *testing.T) connect.Page {
	t.Helper()
	p, err := r.Page(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPartsAreSwitchedOnAndOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, ev := steady(), steady()
		led := &book{}
		r := start(t, led, connect.Tenant{ID: "t", Name: "Test", Settings: ledger.Settings{Incidents: true}, Incidents: sources(in), Events: sources(ev)})
		p := r.page(t)
		if p.TenantName != "Test" || p.Status != "connected" || p.Incidents.State != "connected" || p.Incidents.LagSeconds == nil || p.Events.State != "off" || p.Events.LagSeconds != nil {
			t.Errorf("at the start: %+v", p)
		}
		if n, _ := ev.count(); n != 0 {
			t.Error("events run although they are off")
		}
		p, err := r.SetTables(t.Context(), "", []string{"DeviceInfo", "DeviceEvents", "DeviceInfo"})
		if err != nil || !p.Events.Enabled {
			t.Fatalf("%v %+v", err, p.Events)
		}
		synctest.Wait()
		if _, busy := ev.count(); busy != 1 {
			t.Error("events do not run although they were switched on")
		}
		if got := led.settings["defender-xdr/t"].Tables; !slices.Equal(got, []string{"DeviceEvents", "DeviceInfo"}) {
			t.Errorf("stored: %v", got)
		}
		if p, err = r.SetIncidents(t.Context(), "t", false, true); err != nil || p.Incidents.Enabled || p.Incidents.State != "off" || !p.Incidents.DisableIncidentCreationRules {
			t.Errorf("%v %+v", err, p.Incidents)
		}
		if _, busy := in.count(); busy != 0 {
			t.Error("incidents still run")
		}
		if p, err = r.SetTables(t.Context(), "", nil); err != nil || p.Events.Enabled || p.Status != "disconnected" {
			t.Errorf("%v %+v", err, p)
		}
		if p, err = r.SetEntities(t.Context(), "", true, true); err != nil || !p.Entities.Enabled || !p.Entities.ActiveDirectory {
			t.Errorf("%v %+v", err, p.Entities)
		}
		list, err := r.List(t.Context())
		if err != nil || len(list) != 1 || list[0].ID != "defender-xdr" || list[0].Status != "disconnected" {
			t.Errorf("%v %+v", err, list)
		}
		r.stop()
	})
}

func TestFailureIsShownAndClearedAfterRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		f.run = func(ctx context.Context, n int, _ collect.Sink) error {
			if n <= 3 {
				return fault.New(fault.Unavailable, "read", "it is down").WithHint("look at it")
			}
			return f.healthy(ctx)
		}
		led := &book{}
		r := start(t, led, connect.Tenant{ID: "t", Settings: ledger.Settings{Incidents: true}, Incidents: sources(f)})
		p := r.page(t)
		if p.Status != "error" || p.Incidents.State != "error" || p.Incidents.LastError == nil || p.Incidents.LastError.Message != "read: it is down" || p.Incidents.LastError.Hint != "look at it" || p.Incidents.LagSeconds != nil {
			t.Errorf("while it fails: %+v", p.Incidents)
		}
		time.Sleep(time.Second + 2*time.Second + 4*time.Second)
		synctest.Wait()
		var waits []time.Duration
		for i := 1; i < len(f.runs); i++ {
			waits = append(waits, f.runs[i].Sub(f.runs[i-1]))
		}
		if !slices.Equal(waits, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}) {
			t.Errorf("it waited %v", waits)
		}
		if p = r.page(t); p.Status != "connected" || p.Incidents.LastError != nil {
			t.Errorf("after it recovered: %+v", p.Incidents)
		}
		r.stop()
	})
}

// TestWhatAPersonMustMendIsTriedRarely: a missing permission does not go away in a second.
func TestWhatAPersonMustMendIsTriedRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{run: func(context.Context, int, collect.Sink) error {
			return fault.New(fault.Forbidden, "", "no").WithHint("grant it")
		}}
		r := start(t, &book{}, connect.Tenant{ID: "t", Settings: ledger.Settings{Incidents: true}, Incidents: sources(f)})
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		if n, _ := f.count(); n != 11 {
			t.Errorf("%d runs in ten minutes", n)
		}
		// switching off ends the waiting at once
		if p, err := r.SetIncidents(t.Context(), "", false, false); err != nil || p.Incidents.State != "off" || p.Incidents.LastError != nil {
			t.Errorf("%v %+v", err, p.Incidents)
		}
		r.stop()
	})
}

func TestSettingsOutliveTheProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		led := &book{}
		tenant := func(in, ev *fake) connect.Tenant {
			return connect.Tenant{ID: "t", Settings: ledger.Settings{Incidents: true}, Incidents: sources(in), Events: sources(ev)}
		}
		r := start(t, led, tenant(steady(), steady()))
		if _, err := r.SetIncidents(t.Context(), "", false, false); err != nil {
			t.Fatal(err)
		}
		if _, err := r.SetTables(t.Context(), "", []string{"DeviceEvents"}); err != nil {
			t.Fatal(err)
		}
		r.stop()
		in, ev := steady(), steady()
		r = start(t, led, tenant(in, ev))
		_, inBusy := in.count()
		_, evBusy := ev.count()
		p := r.page(t)
		if inBusy != 0 || evBusy != 1 || p.Incidents.Enabled || !p.Events.Enabled {
			t.Errorf("after a restart %d and %d run: %+v", inBusy, evBusy, p)
		}
		for _, table := range p.Events.Tables {
			if table.Enabled != (table.Name == "DeviceEvents") {
				t.Errorf("%s: enabled is %v", table.Name, table.Enabled)
			}
		}
		if _, err := r.SetTables(t.Context(), "", []string{"DeviceInfo"}); err != nil {
			t.Errorf("the revision was lost: %v", err)
		}
		r.stop()
	})
}

func TestWrongChangesAreRefusedWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		led := &book{}
		r := start(t, led, connect.Tenant{ID: "t", Settings: ledger.Settings{Events: true, Tables: []string{"DeviceEvents"}}, Events: sources(steady())})
		_, err := r.SetTables(t.Context(), "", []string{"DeviceInfo", "NoSuchTable"})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "NoSuchTable") {
			t.Errorf("unknown table: %v", err)
		}
		if _, err := r.SetTables(t.Context(), "", []string{"SecurityIncident"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a table that is not streamed: %v", err)
		}
		if _, err := r.SetIncidents(t.Context(), "", true, true); !fault.Is(err, fault.Invalid) || fault.HintOf(err) == "" {
			t.Errorf("a part without configuration: %v", err)
		}
		if _, err := r.SetIncidents(t.Context(), "other", false, false); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown tenant: %v", err)
		}
		if len(led.settings) != 0 {
			t.Errorf("something was stored: %v", led.settings)
		}
		p := r.page(t)
		for _, table := range p.Events.Tables {
			if table.Enabled != (table.Name == "DeviceEvents") {
				t.Errorf("%s: enabled is %v", table.Name, table.Enabled)
			}
		}
		r.stop()
	})
}

// TestSourcesThatCannotBeMade: a secret's file that is not there yet is an error on the page, and looked for again.
func TestSourcesThatCannotBeMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries, f := 0, steady()
		make := func() ([]collect.Source, error) {
			if tries++; tries < 3 {
				return nil, fault.New(fault.Invalid, "event hub", "no such file").WithHint("write it")
			}
			return []collect.Source{f}, nil
		}
		r := start(t, &book{}, connect.Tenant{ID: "t", Settings: ledger.Settings{Events: true}, Events: make})
		if p := r.page(t); p.Events.State != "error" || p.Events.LastError == nil || p.Events.LastError.Message != "event hub: no such file" || p.Events.LastError.Hint != "write it" {
			t.Errorf("%+v", p.Events)
		}
		time.Sleep(2*time.Minute + time.Second)
		synctest.Wait()
		if p := r.page(t); p.Events.State != "connected" || p.Events.LastError != nil {
			t.Errorf("later: %+v", p.Events)
		}
		r.stop()
	})
	synctest.Test(t, func(t *testing.T) { // switched on once, taken from the configuration since
		r := start(t, &book{}, connect.Tenant{ID: "t", Settings: ledger.Settings{Incidents: true}})
		if p := r.page(t); p.Incidents.State != "error" || p.Incidents.LastError == nil || !strings.Contains(p.Incidents.LastError.Message, "client_id") {
			t.Errorf("%+v", p.Incidents)
		}
		if _, err := r.SetEntities(t.Context(), "", true, false); err != nil {
			t.Errorf("another part cannot be changed: %v", err)
		}
		r.stop()
	})
}

// TestOnlyChosenTablesAreStored: what has a check box that is not ticked is left out, everything else is kept, and the page counts.
func TestOnlyChosenTablesAreStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{caughtUp: make(chan struct{})}
		f.run = func(ctx context.Context, _ int, to collect.Sink) error {
			var batch []record.Raw
			for i, table := range []string{"DeviceEvents", "DeviceInfo", "BrandNewTable"} {
				batch = append(batch, record.Raw{Pos: record.Pos{Source: "fake", Seq: int64(i)}, Arrived: time.Now(),
					Body: []byte(`{"category":"AdvancedHunting-` + table + `","properties":{"Timestamp":"2026-11-21T10:00:00Z","DeviceName":"d"}}`)})
			}
			if err := to.Put(ctx, batch); err != nil {
				return err
			}
			if err := to.Flush(ctx); err != nil {
				return err
			}
			f.Took(len(batch), time.Hour)
			f.Now(collect.Reading, nil)
			<-f.caughtUp
			return f.healthy(ctx)
		}
		r := start(t, &book{}, connect.Tenant{ID: "t", Settings: ledger.Settings{Events: true, Tables: []string{"DeviceEvents"}}, Events: sources(f)})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if r.store.rows["DeviceEvents"] != 1 || r.store.rows["DeviceInfo"] != 0 || r.store.rows["BrandNewTable"] != 1 {
			t.Errorf("stored: %v", r.store.rows)
		}
		p := r.page(t)
		if p.Events.Received < 1 || p.Events.LastEvent == nil || p.Events.LagSeconds == nil || *p.Events.LagSeconds != 3600 {
			t.Errorf("%+v", p.Events)
		}
		close(f.caughtUp)
		synctest.Wait()
		if p := r.page(t); *p.Events.LagSeconds != 0 {
			t.Errorf("everything was read, and it lags %v s", *p.Events.LagSeconds)
		}
		for _, table := range p.Events.Tables {
			if table.Name == "DeviceEvents" && (table.Rows != 1 || table.LastEvent == nil) {
				t.Errorf("%+v", table)
			}
		}
		r.stop()
	})
}

// TestManyPagesOneLook: however many windows poll, the store is looked at once in five seconds, and a slow store does not hold pages up.
func TestManyPagesOneLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, &book{}, connect.Tenant{ID: "t", Settings: ledger.Settings{Incidents: true}, Incidents: sources(steady())})
		r.store.slow = 30 * time.Second
		r.page(t) // the first one waits: there is nothing to show
		r.store.looks = 0
		time.Sleep(10 * time.Second)
		began := time.Now()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := r.Page(t.Context(), ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("fifty pages took %v", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Page(ctx, ""); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if r.store.looks != 1 {
			t.Errorf("the store was looked at %d times", r.store.looks)
		}
		r.stop()
	})
}

// TestGraphQueriesCompile: every line of the data graph is a query that the engine takes.
func TestGraphQueriesCompile(t *testing.T) {
	m := &memory{}
	e := query.New(query.Options{Store: m, InGo: true})
	s := connect.New(connect.Deps{Store: m, Engine: e, Log: slog.New(slog.DiscardHandler)}, nil)
	shown := 0
	for _, line := range s.Graph() {
		cols, diags := e.Check(line.Query)
		diags = slices.DeleteFunc(diags, func(d query.Diagnostic) bool { return d.Code == "slow" }) // the page asks for a time range
		if len(cols) != 3 || cols[0].Name != "Value" || cols[1].Name != "Time" || cols[2].Name != "Legend" || len(diags) > 0 {
			t.Errorf("%s: columns %v, faults %v", line.Name, cols, diags)
		}
		if line.Default {
			shown++
		}
	}
	if shown != 3 {
		t.Errorf("%d lines are shown at first", shown)
	}
	if _, err := s.Page(t.Context(), ""); !fault.Is(err, fault.NotFound) || fault.HintOf(err) == "" {
		t.Errorf("without a tenant: %v", err)
	}
	if list, err := s.List(t.Context()); err != nil || len(list) != 1 || list[0].Status != "disconnected" {
		t.Errorf("without a tenant: %v %v", list, err)
	}
}
