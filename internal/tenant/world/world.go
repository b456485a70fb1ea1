// Package world is the content of the simulated Defender tenant: its people, devices, mail, attacks and thirty days of
// telemetry, all derived from a seed. It knows nothing of the protocols that serve it.
//
// It may import the standard library only. Every name, domain and address in it is invented: domains end in .example or
// .test, public addresses come from the ranges reserved for documentation.
package world

import (
	"iter"
	"time"
)

// Config says which tenant to invent. The zero value of every field but Now has a default; the same Config gives the same bytes.
type Config struct {
	Seed       uint64
	TenantID   string        // a GUID; default derived from Seed
	TenantName string        // display name; default "Lindholm Instruments"
	Domain     string        // mail and DNS domain; default "lindholm.example"
	Devices    int           // default 200, at least 40
	Users      int           // default 120, at least 24
	Now        time.Time     // where the history ends; default is a fixed day, so that tests need not say
	History    time.Duration // default 30 days, at least 7
	Events     int           // events in the whole history; default 500,000. The attacks are never thinned out, so very small numbers give a few thousand
}

// World is a tenant. It is immutable apart from the queue that Live and LiveIncidents share, and safe for concurrent use.
type World struct {
	cfg     Config
	start   time.Time // first moment of the history
	people  []*Person
	devices []*Device
	net     network
	flaws   []flaw
	stories []*story // every incident of the history, by time
	live    liveQueue
}

// Event is one row of one advanced-hunting table as the Streaming API publishes it, without the envelope.
type Event struct {
	Table      string    // "DeviceProcessEvents"; the category on the wire is "AdvancedHunting-" + Table
	Time       time.Time // the row's Timestamp
	Properties []byte    // compact JSON object with every column, in the catalogue's order; belongs to the receiver
}

// Incident is one incident of the tenant. Doc is the Graph v1.0 object microsoft.graph.security.incident without its alerts.
// Doc is freshly made for each call: the caller may change it.
type Incident struct {
	ID       string
	Created  time.Time
	Updated  time.Time
	AlertIDs []string
	Doc      map[string]any
}

// Alert is one alert. Doc is the Graph v1.0 object microsoft.graph.security.alert with its evidence.
// Doc is freshly made for each call: the caller may change it.
type Alert struct {
	ID         string
	IncidentID string
	Created    time.Time
	Updated    time.Time
	Doc        map[string]any
}

// New invents the tenant. It is cheap (tens of milliseconds): events are made while they are read.
func New(cfg Config) *World {
	cfg = cfg.withDefaults()
	w := &World{cfg: cfg, start: cfg.Now.Add(-cfg.History)}
	w.invent()
	return w
}

// Config returns the configuration with all defaults filled in.
func (w *World) Config() Config { return w.cfg }

func (c Config) withDefaults() Config {
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.TenantID == "" {
		c.TenantID = guid(c.Seed, "tenant", 0)
	}
	if c.TenantName == "" {
		c.TenantName = "Lindholm Instruments"
	}
	if c.Domain == "" {
		c.Domain = "lindholm.example"
	}
	if c.Devices == 0 {
		c.Devices = 200
	}
	c.Devices = max(c.Devices, 40)
	if c.Users == 0 {
		c.Users = 120
	}
	c.Users = max(c.Users, 24)
	if c.Now.IsZero() {
		c.Now = time.Date(2026, 9, 16, 14, 0, 0, 0, time.UTC)
	}
	c.Now = c.Now.UTC().Truncate(100 * time.Nanosecond)
	if c.History == 0 {
		c.History = 30 * 24 * time.Hour
	}
	c.History = max(c.History, 7*24*time.Hour)
	if c.Events == 0 {
		c.Events = 500_000
	}
	return c
}

// History gives the whole history, about Config.Events events in time order. It can be walked any number of times and is the
// same each time; memory does not grow with it.
func (w *World) History() iter.Seq[Event] { return w.history }

// Live returns a function that gives the next event, stamped at the given time, which must not go backwards; the caller sets
// the pace. Work follows the hour of day as in the history. The rows of an attack keep their own times, up to a quarter of an
// hour before. The returned function is for one goroutine; each call of Live starts an independent stream.
func (w *World) Live(from time.Time) func(at time.Time) Event { return w.liveEvents(from) }

// LiveIncidents returns a function that gives a new incident, created at the given time, with its alerts. Their raw events and
// AlertInfo and AlertEvidence rows come out of Live. Identifiers continue those of the history.
func (w *World) LiveIncidents(from time.Time) func(at time.Time) (Incident, []Alert) {
	return w.liveIncidents(from)
}

// Tables names the tables that History and Live give, sorted.
func (w *World) Tables() []string { return streamedTables() }

// SnapshotTables names the tables that Snapshot knows, sorted: those that the Streaming API does not carry.
func (w *World) SnapshotTables() []string { return snapshotTables() }

// Snapshot gives the rows of a table that is not streamed (DeviceTvm*, IdentityInfo, EntraIdSignInEvents …) as of Config.Now.
// A table it does not know gives no rows.
func (w *World) Snapshot(table string) iter.Seq[Event] { return w.snapshot(table) }
