package app

import (
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/hunting"
	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/defender"
)

// backfill makes the source of the history and of tables that are not streamed. It asks through the tenant's one client, whose request budget
// all collectors share.
func (a *App) backfill(t config.Tenant, client *defender.Client) func(func() []connect.Hunted) ([]collect.Source, error) {
	every := func(h connect.Hunted) time.Duration {
		switch {
		case h.Streamed:
			return 0
		case h.Snapshot:
			return time.Duration(t.Backfill.Whole)
		case h.Slow:
			return time.Duration(t.Backfill.Slow)
		}
		return time.Duration(t.Backfill.Poll)
	}
	return func(hunted func() []connect.Hunted) ([]collect.Source, error) {
		return []collect.Source{hunting.New(hunting.Config{Client: client, History: time.Duration(t.Backfill.Days) * 24 * time.Hour, Log: a.opt.Log,
			Tables: func() []hunting.Table {
				var out []hunting.Table
				for _, h := range hunted() {
					out = append(out, hunting.Table{Name: h.Name, Every: every(h), Snapshot: h.Snapshot, Key: h.Key})
				}
				return out
			}})}, nil
	}
}
