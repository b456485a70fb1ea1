package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/tenant"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// Demo is a run of everything against a simulated tenant.
type Demo struct {
	Listen  string
	Data    string // "" for a directory that is removed at the end
	Events  int    // of the history
	Rate    float64
	Seed    uint64
	Version string
	Out     io.Writer // what the user reads
	Log     *slog.Logger
	Opened  func(url string) // called once the console answers; may be nil
}

// Run runs the demo until ctx ends.
func (d Demo) Run(ctx context.Context) (err error) {
	began := time.Now()
	data := d.Data
	if data == "" {
		if data, err = os.MkdirTemp("", "vedette-demo-"); err != nil {
			return fault.New(fault.Exhausted, "make a data directory", "%w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	}
	temp := filepath.Join(data, "tenant")
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return fault.New(fault.Exhausted, "make a data directory", "%w", err)
	}
	w := world.New(world.Config{Seed: d.Seed, Now: time.Now().UTC(), Events: d.Events})
	sim, err := tenant.Start(ctx, tenant.Config{World: w, Rate: d.Rate, TempDir: temp})
	if err != nil {
		return fmt.Errorf("start the simulated tenant: %w", err)
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	a, err := New(ctx, d.config(sim, w, data), Options{Version: d.Version, Demo: true, RootCAs: sim.RootCAs, Log: d.Log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	ctx, stop := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	fmt.Fprintf(d.Out, "\n  Vedette is at  %s\n\n  A simulated tenant (%s) is being collected: 30 days of history, then %g events a second.\n  Data: %s   Stop with Ctrl+C.\n\n", a.URL(), w.Config().TenantName, max(d.Rate, 0), data)
	if d.Opened != nil {
		d.Opened(a.URL())
	}
	told := make(chan struct{})
	go func() {
		defer close(told)
		d.tell(ctx, sim, a, began)
	}()
	err = <-ran
	stop()
	<-told
	return err
}

// config is what a real tenant's vedette.yaml would say.
func (d Demo) config(sim *tenant.Tenant, w *world.World, data string) config.Config {
	c := config.Default()
	c.Listen, c.Data, c.Memory = d.Listen, data, "1GiB"
	c.Tenants = []config.Tenant{{
		ID: sim.ID, Name: w.Config().TenantName, Cloud: "global", ClientID: sim.ClientID, ClientSecret: config.Literal(sim.ClientSecret),
		Incidents: config.Incidents{Enabled: true, DisableIncidentCreationRules: true, Poll: config.Duration(10 * time.Second), History: config.Duration(31 * 24 * time.Hour)},
		Events: config.Events{Enabled: true, EventHub: config.EventHub{ConnectionString: config.Literal(sim.ConnectionString), ConsumerGroup: tenant.ConsumerGroup,
			Storage: &config.Storage{ConnectionString: config.Literal(sim.StorageConnection), Container: tenant.Container}}},
		Endpoints: config.Endpoints{Login: sim.Login, Graph: sim.GraphURL, MDE: sim.MDEURL, EventHub: sim.HubAddr},
	}}
	return c
}

// tell says when the history is stored, and seals it, so that the demo shows hot and sealed days as a real installation has them.
func (d Demo) tell(ctx context.Context, sim *tenant.Tenant, a *App, began time.Time) {
	select {
	case <-ctx.Done():
		return
	case <-sim.HistoryDone():
	}
	var total int64
	for _, n := range sim.Sent() {
		total += n
	}
	published := time.Since(began)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		stats, err := a.store.Stats(ctx)
		if err != nil {
			continue
		}
		if stored := streamedRows(stats); stored >= total {
			fmt.Fprintf(d.Out, "  The history is stored: %d events, published after %.1f s, queryable after %.1f s. Live events follow.\n", total, published.Seconds(), time.Since(began).Seconds())
			break
		}
	}
	if err := a.keeper.Once(ctx, time.Now()); err != nil && ctx.Err() == nil {
		fmt.Fprintf(d.Out, "  The finished days could not be sealed: %v\n", err)
	}
}

// streamedRows counts the rows that came by stream: all but those of Graph.
func streamedRows(s store.Stats) int64 {
	n := s.Rows
	for _, t := range []string{"SecurityIncident", "SecurityAlert"} {
		n -= s.Tables[t].Rows
	}
	return n
}
