package connect

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// Page describes the connector of one tenant; "" means the first.
func (s *Set) Page(ctx context.Context, tenantID string) (Page, error) {
	t, err := s.find(tenantID)
	if err != nil {
		return Page{}, err
	}
	use, err := s.tableUse(ctx)
	if err != nil {
		return Page{}, err
	}
	now, _ := t.settings()
	p := Page{TenantID: t.ID, TenantName: cmp.Or(t.Name, t.ID)}
	p.Incidents = s.incidentsPart(t, use)
	p.Entities = Entities{Enabled: now.Entities, ActiveDirectory: now.ActiveDirectory, State: "off",
		Note: "The choice is kept. Identities of Active Directory come as events of Defender for Identity (the Identity tables under Connect events)."}
	if now.Entities {
		p.Entities.State = "connected"
	}
	p.Events = s.eventsPart(t, use)
	p.Backfill = t.backfillPart()
	p.Status = overall(p.Incidents.State, p.Events.State, p.Backfill.State)
	return p, nil
}

// List gives the connectors for the gallery.
func (s *Set) List(ctx context.Context) ([]Connector, error) {
	c := Connector{ID: "defender-xdr", Title: "Microsoft Defender XDR", Publisher: "Microsoft", Status: "disconnected"}
	for _, t := range s.tenants {
		p, err := s.Page(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		c.Status = overall(c.Status, p.Status)
		for _, at := range []*time.Time{p.Incidents.LastEvent, p.Events.LastEvent} {
			if at != nil && (c.LastEvent == nil || at.After(*c.LastEvent)) {
				c.LastEvent = at
			}
		}
		for _, table := range p.Events.Tables {
			if table.Enabled {
				c.Tables++
			}
		}
	}
	return []Connector{c}, nil
}

// overall is what a reader must know first: an error, then work in progress, then success.
func overall(states ...string) string {
	for _, s := range []string{"error", "connecting", "connected"} {
		if slices.Contains(states, s) {
			return s
		}
	}
	return "disconnected"
}

func (s *Set) incidentsPart(t *tenant, use map[string]tableUse) Incidents {
	now, _ := t.settings()
	h := t.incidents.health()
	in := Incidents{Enabled: now.Incidents, DisableIncidentCreationRules: now.DisableIncidentCreationRules, State: h.state, LastError: h.failure}
	for _, name := range []string{"SecurityIncident", "SecurityAlert"} {
		u := use[name]
		in.Received += u.rows
		in.LastEvent = later(in.LastEvent, u.last)
	}
	if h.known {
		lag := h.lag.Seconds()
		in.LagSeconds = &lag
	}
	return in
}

func (s *Set) eventsPart(t *tenant, use map[string]tableUse) Events {
	now, _ := t.settings()
	h := t.events.health()
	ev := Events{Enabled: now.Events, State: h.state, Source: t.From, LastError: h.failure, Tables: []Table{}}
	counted := s.counts.Snapshot()
	for _, table := range streamed() {
		c, u := counted[table.Name], use[table.Name]
		row := Table{Name: table.Name, Group: table.Group, Description: table.About, Enabled: now.TableEnabled(table.Name) || now.Backfill && now.TableWanted(table.Name), Rows: u.rows, Rows24h: u.lately, Refused: c.Refused}
		row.LastEvent = later(nil, u.last)
		if c.Lag > 0 {
			lag := c.Lag.Seconds()
			row.LagSeconds = &lag
		}
		ev.Received += c.Received
		ev.Refused += c.Refused
		ev.Duplicates += c.Duplicate
		ev.LastEvent = later(ev.LastEvent, u.last)
		ev.Tables = append(ev.Tables, row)
	}
	if h.known {
		lag := h.lag.Seconds()
		ev.LagSeconds = &lag
	}
	return ev
}

func later(a *time.Time, b time.Time) *time.Time {
	if b.IsZero() || a != nil && !b.After(*a) {
		return a
	}
	return &b
}

// tableUse is how much of a table is stored.
type tableUse struct {
	rows, lately int64
	last         time.Time
}

// fresh is how long a look at the store is good for: the page asks every few seconds, from several windows. patience is how long a page waits
// for a newer look when there is an older one: the store may be busy with users' queries for minutes.
const (
	fresh    = 5 * time.Second
	patience = time.Second
)

// look is what was last seen in the store, and whether somebody is looking.
type look struct {
	mu    sync.Mutex
	use   map[string]tableUse
	taken time.Time
	err   error
	going chan struct{} // closed when the look that goes on is done; nil when none does
}

// tableUse gives how much of every table is stored.
func (s *Set) tableUse(ctx context.Context) (map[string]tableUse, error) {
	l := &s.seen
	l.mu.Lock()
	if l.use != nil && time.Since(l.taken) < fresh {
		defer l.mu.Unlock()
		return l.use, nil
	}
	if l.going == nil {
		l.going = make(chan struct{})
		go s.look(context.WithoutCancel(ctx), l.going)
	}
	going, old := l.going, l.use
	l.mu.Unlock()
	var enough <-chan time.Time // never, while there is nothing to show
	if old != nil {
		enough = time.After(patience)
	}
	select {
	case <-going:
	case <-enough:
		return old, nil
	case <-ctx.Done():
		return nil, fault.New(fault.Canceled, "look at the store", "%w", ctx.Err())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.use == nil {
		return nil, l.err
	}
	return l.use, nil
}

// look looks at the store: sizes from its own statistics, the last day's rows by a query.
func (s *Set) look(ctx context.Context, done chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	use, err := s.measure(ctx)
	l := &s.seen
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err = err; err == nil {
		l.use, l.taken = use, time.Now()
	} else {
		s.Log.Warn("the connector page shows older numbers", "error", err)
	}
	l.going = nil
	close(done)
}

func (s *Set) measure(ctx context.Context) (map[string]tableUse, error) {
	stats, err := s.Store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	use := map[string]tableUse{}
	var names []string
	for name, t := range stats.Tables {
		use[name] = tableUse{rows: t.Rows, last: t.Last}
		if t.Rows > 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return use, nil
	}
	slices.Sort(names)
	day := lastDay{}
	text := "union withsource=VedetteTable " + strings.Join(quoted(names), ", ") + " | where TimeGenerated > ago(1d) | summarize Rows = count() by VedetteTable"
	if _, err := s.Engine.Run(ctx, query.Request{Text: text}, day); err != nil {
		return nil, err
	}
	for name, n := range day {
		u := use[name]
		u.lately = n
		use[name] = u
	}
	return use, nil
}

// quoted writes names as ['name'], which any name survives.
func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(n) + "']"
	}
	return out
}

// lastDay takes the rows of the last day by table.
type lastDay map[string]int64

// Columns implements query.Sink.
func (lastDay) Columns(string, []query.Column) error { return nil }

// Rows implements query.Sink.
func (d lastDay) Rows(rows [][]value.Value) error {
	for _, r := range rows {
		d[r[0].S] = r[1].I
	}
	return nil
}
