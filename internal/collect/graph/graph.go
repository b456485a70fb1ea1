// Package graph collects incidents, with their alerts in brief, and alerts from Microsoft Graph by the time of their last update.
//
// Both collections change while they are read, their lists are cut into pages at moving places, and records appear in them late. So nothing
// is ever skipped by number: every page is asked for from the last time seen, that time included, and each round begins some time before
// the last one ended. What comes twice is recognised by its id and time, and after a restart by the store.
// It imports the collect port, the defender client and the words below.
package graph

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// Categories of the records that are handed over; their properties are Graph's objects as they came, but for an incident's alerts, which
// are shortened to what says whom they are from and what they are about.
const (
	CategoryIncident = "Graph-Incident"
	CategoryAlert    = "Graph-Alert"
)

// Config says how to collect.
type Config struct {
	Client  *defender.Client
	Poll    time.Duration // between rounds; default 30 s
	History time.Duration // how far back the first round reaches; default 30 days
	Overlap time.Duration // how late a record may appear in the lists; default 15 minutes
	Log     *slog.Logger  // default none
	Now     func() time.Time
}

// New makes the two sources, incidents and alerts.
func New(cfg Config) []collect.Source {
	return []collect.Source{Incidents(cfg), Alerts(cfg)}
}

// Incidents makes the source of incidents.
func Incidents(cfg Config) *Source {
	return newSource(cfg, "incidents", listing{category: CategoryIncident, path: "/v1.0/security/incidents", top: 50, expand: true})
}

// Alerts makes the source of alerts.
func Alerts(cfg Config) *Source {
	return newSource(cfg, "alerts", listing{category: CategoryAlert, path: "/v1.0/security/alerts_v2", top: 1000})
}

// listing is what differs between the collections.
type listing struct {
	category string
	path     string
	top      int // the page size, which is the service's limit as far as it is known
	expand   bool
}

// Source is one collection.
type Source struct {
	collect.Gauge
	cfg  Config
	list listing
	name string
}

const (
	longestWait = 5 * time.Minute
	remember    = 200_000 // versions; beyond, those older than the overlap are forgotten
)

func newSource(cfg Config, name string, l listing) *Source {
	if cfg.Poll == 0 {
		cfg.Poll = 30 * time.Second
	}
	if cfg.History == 0 {
		cfg.History = 30 * 24 * time.Hour
	}
	if cfg.Overlap == 0 {
		cfg.Overlap = 15 * time.Minute
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Source{cfg: cfg, list: l, name: "graph:" + name + ":" + cfg.Client.TenantID()}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s.cfg.Log = cfg.Log.With("source", s.name)
	return s
}

// Name implements collect.Source.
func (s *Source) Name() string { return s.name }

// Run implements collect.Source. It returns a fault when the credentials or the permission are not there; connections that fail, throttling
// and errors of the service it waits out.
//
// A message's number is the time of its last update in ticks of 100 ns since 1970, or one more than the number before when that is not
// greater. So the last number stored says from which time to read on, and numbers grow although records come late.
func (s *Source) Run(ctx context.Context, after []record.Span, to collect.Sink) error {
	s.Now(collect.Starting, nil)
	defer s.Now(collect.Stopped, nil)
	r := &round{source: s, to: to, seen: map[string]int64{}, top: s.list.top}
	if last, ok := collect.Cover(s.name, after).Last()[""]; ok {
		r.seq, r.until = last, fromTicks(last)
	} else {
		r.until = s.cfg.Now().Add(-s.cfg.History).Add(s.cfg.Overlap)
	}
	for wait := s.cfg.Poll; ; {
		err := r.run(ctx)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case r.sinkErr != nil:
			return r.sinkErr
		case err == nil:
			s.Now(collect.Idle, nil)
			wait = s.cfg.Poll
		case !fault.Retryable(err):
			return err
		default:
			s.Now(collect.Failing, err)
			s.cfg.Log.Warn("asking Graph failed, trying again", "error", err, "wait", wait)
		}
		pause(ctx, wait+rand.N(wait/10+1)) // so that both sources do not fall into step
		if err != nil {
			wait = min(2*wait, longestWait)
		}
	}
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func toTicks(t time.Time) int64   { return t.Unix()*1e7 + int64(t.Nanosecond())/100 }
func fromTicks(n int64) time.Time { return time.Unix(n/1e7, n%1e7*100).UTC() }
