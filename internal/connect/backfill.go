package connect

import (
	"context"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/schema"
)

// Hunted is a table that hunting queries collect.
type Hunted struct {
	Name     string
	Streamed bool   // the stream brings what is new
	Slow     bool   // no stream carries it
	Snapshot bool   // its rows have no time of their own
	Key      string // of a Snapshot: a column of many values
}

// hunted gives the tables to collect by hunting: those with a check box as they are ticked, and those that the Streaming API does not offer.
func (t *tenant) hunted() []Hunted {
	now, _ := t.settings()
	var out []Hunted
	for _, table := range schema.Builtin().Tables() {
		h := Hunted{Name: table.Name}
		switch {
		case table.Streamed:
			if !now.TableWanted(table.Name) {
				continue
			}
			h.Streamed = now.Events
		case !huntable(table):
			continue
		default:
			h.Slow = true
			h.Snapshot = table.Group == "Vulnerability management" || table.Group == "Exposure management"
			h.Key = table.Columns[0].Name
		}
		out = append(out, h)
	}
	return out
}

// huntable reports whether a table without a check box is one of advanced hunting. Tables that were given new names are asked for by those.
func huntable(t *schema.Table) bool {
	switch t.Group {
	case "", "Microsoft Sentinel", "Vedette":
		return false
	}
	return t.Time == schema.Timestamp && !strings.HasPrefix(t.Name, "AAD")
}

// Progress is a source that works through a history.
type Progress interface {
	// Backfilled gives how many tables there are, of how many the history has been read, and since when that of all has.
	Backfilled() (tables, done int, oldest time.Time)
}

func (t *tenant) backfillPart() Backfill {
	now, _ := t.settings()
	h := t.backfill.health()
	b := Backfill{Enabled: now.Backfill, State: h.state, Received: h.messages, LastError: h.failure}
	for _, s := range t.backfill.running() {
		if p, ok := s.(Progress); ok {
			tables, done, oldest := p.Backfilled()
			b.Tables += tables
			b.Done += done
			if !oldest.IsZero() && (b.Oldest == nil || oldest.After(*b.Oldest)) {
				b.Oldest = &oldest
			}
		}
	}
	return b
}

// SetBackfill switches the collection of the history and of tables that are not streamed.
func (s *Set) SetBackfill(ctx context.Context, tenantID string, on bool) (Page, error) {
	return s.change(ctx, tenantID, func(n *ledger.Settings) error {
		n.Backfill = on
		return nil
	})
}
