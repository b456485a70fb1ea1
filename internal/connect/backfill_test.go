package connect_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/query"
)

// worker is a source that says how far its backfill is.
type worker struct{ fake }

func (*worker) Backfilled() (tables, done int, oldest time.Time) {
	return 3, 1, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
}

// TestBackfillPart: a tenant without a hub chooses tables and switches the backfill; the source is told of the choice as it is at the time.
func TestBackfillPart(t *testing.T) {
	w := &worker{}
	w.run = func(ctx context.Context, _ int, _ collect.Sink) error {
		w.Now(collect.Idle, nil)
		<-ctx.Done()
		return ctx.Err()
	}
	var hunted func() []connect.Hunted
	mem := &memory{}
	set := connect.New(connect.Deps{Ledger: &book{}, Store: mem, Engine: query.New(query.Options{Store: mem}), Log: slog.New(slog.DiscardHandler)}, []connect.Tenant{
		{ID: "t", Settings: ledger.Settings{Backfill: true, Tables: []string{"DeviceEvents", "EmailEvents"}}, Backfill: func(list func() []connect.Hunted) ([]collect.Source, error) {
			hunted = list
			return []collect.Source{w}, nil
		}}, {ID: "bare"}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- set.Run(ctx) }()
	defer func() { stop(); <-ended }()
	page := func() connect.Page {
		p, err := set.Page(t.Context(), "t")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for end := time.Now().Add(10 * time.Second); page().Backfill.State != "connected"; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not connected: %+v", page().Backfill)
		}
	}
	if b := page().Backfill; !b.Enabled || b.Tables != 3 || b.Done != 1 || b.Oldest == nil || page().Status != "connected" {
		t.Errorf("the page says %+v, %s", b, page().Status)
	}
	p, err := set.SetTables(t.Context(), "t", []string{"DeviceInfo"})
	if err != nil || p.Events.Enabled {
		t.Fatalf("tables without a hub: %v, events %v", err, p.Events.Enabled)
	}
	list := hunted()
	at := func(name string) *connect.Hunted {
		if i := slices.IndexFunc(list, func(h connect.Hunted) bool { return h.Name == name }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	if h := at("DeviceInfo"); h == nil || h.Streamed || h.Slow || at("DeviceEvents") != nil || at("SecurityAlert") != nil || at("AADSignInEventsBeta") != nil {
		t.Errorf("hunted %+v", list)
	}
	if h := at("DeviceTvmSoftwareInventory"); h == nil || !h.Snapshot || h.Key != "DeviceId" {
		t.Errorf("an inventory is %+v", h)
	}
	if h := at("EntraIdSignInEvents"); h == nil || h.Snapshot || !h.Slow {
		t.Errorf("sign-ins are %+v", h)
	}
	if p, err = set.SetBackfill(t.Context(), "t", false); err != nil || p.Backfill.State != "off" || p.Backfill.Tables != 0 {
		t.Errorf("switched off: %v, %+v", err, p.Backfill)
	}
	if _, busy := w.count(); busy != 0 {
		t.Error("the source runs on")
	}
	if _, err := set.SetBackfill(t.Context(), "bare", true); !fault.Is(err, fault.Invalid) {
		t.Errorf("without credentials: %v", err)
	}
}
