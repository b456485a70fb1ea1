package app_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/tenant"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// TestBackfill: from nothing, with only Graph credentials, every table has what the tenant has; and when the stream is connected later and
// brings the same events again, still exactly that.
func TestBackfill(t *testing.T) {
	w := world.New(world.Config{Seed: 11, Devices: 40, Users: 24, Now: time.Now().UTC(), Events: 3000, History: 20 * 24 * time.Hour})
	sim, err := tenant.Start(t.Context(), tenant.Config{World: w, Rate: -1, IncidentEvery: -1, TempDir: t.TempDir(), PerMinute: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	want := map[string]int64{}
	for e := range w.History() {
		want[e.Table]++
	}
	for _, name := range w.SnapshotTables() {
		for range w.Snapshot(name) {
			want[name]++
		}
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	file := writeConfig(t, dir, sim)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	whole := strings.Replace(string(text), listen, "127.0.0.1:0", 1)
	before, rest, _ := strings.Cut(whole, "    events:\n")
	_, after, _ := strings.Cut(rest, "    endpoints:")
	graphOnly := before + "    backfill: {enabled: true}\n    endpoints:" + after

	runUntil(t, dir, graphOnly, func(a *app.App) bool {
		page, err := a.Connectors().Page(t.Context(), "")
		return err == nil && page.Backfill.Tables > 0 && page.Backfill.Done == page.Backfill.Tables && page.Backfill.State == "connected"
	})
	compare := func(when string) {
		got := tables(t, data)
		names := maps.Clone(want)
		maps.Copy(names, got)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if got[name] != want[name] {
				t.Errorf("%s, %s: %d rows, the tenant has %d", when, name, got[name], want[name])
			}
		}
	}
	compare("by Graph alone")
	streamed := int64(0)
	for name, n := range sim.Sent() {
		if table, ok := schema.Builtin().Table(name); ok && table.Streamed {
			streamed += n
		}
	}
	runUntil(t, dir, strings.Replace(whole, "    endpoints:", "    backfill: {enabled: true}\n    endpoints:", 1), func(a *app.App) bool {
		page, err := a.Connectors().Page(t.Context(), "")
		return err == nil && page.Events.Received >= streamed
	})
	compare("with the stream")
}

// runUntil runs the program with a configuration until done, and some moments longer.
func runUntil(t *testing.T, dir, text string, done func(*app.App) bool) {
	t.Helper()
	file := filepath.Join(dir, "other.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	for end := time.Now().Add(time.Minute); !done(a); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			page, err := a.Connectors().Page(t.Context(), "")
			t.Fatalf("not done: %+v, %+v, %d received by the stream, %v", page.Backfill, page.Backfill.LastError, page.Events.Received, err)
		}
	}
	time.Sleep(1500 * time.Millisecond) // what is under way is stored, and what would come twice has time to
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
