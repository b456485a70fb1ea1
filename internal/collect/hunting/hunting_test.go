package hunting

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/collecttest"
	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/tenant"
	"github.com/vedette-siem/vedette/internal/tenant/trouble"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// simulated starts a small tenant whose history is younger than thirty days.
func simulated(t *testing.T) (*tenant.Tenant, *world.World) {
	t.Helper()
	w := world.New(world.Config{Seed: 5, Devices: 40, Users: 24, Now: time.Now().UTC(), Events: 2500, History: 20 * 24 * time.Hour})
	sim, err := tenant.Start(t.Context(), tenant.Config{World: w, Rate: -1, IncidentEvery: -1, TempDir: t.TempDir(), PerMinute: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim, w
}

func client(sim *tenant.Tenant) *defender.Client {
	return clientOver(sim, func(rt http.RoundTripper) http.RoundTripper { return rt })
}

// clientOver is a client whose transport is wrapped.
func clientOver(sim *tenant.Tenant, wrap func(http.RoundTripper) http.RoundTripper) *defender.Client {
	cloud := defender.Clouds["global"]
	cloud.Login, cloud.Graph = sim.Login, sim.GraphURL
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(sim.CAPEM)
	return defender.New(defender.Config{TenantID: sim.ID, ClientID: sim.ClientID, Secret: func() (string, error) { return sim.ClientSecret, nil }, Cloud: cloud,
		HTTP: &http.Client{Transport: wrap(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}})}, PerMinute: 1_000_000, HuntsPerMinute: 1_000_000, MaxWait: 10 * time.Millisecond})
}

var tables = []Table{
	{Name: "DeviceProcessEvents", Every: time.Hour}, {Name: "EmailEvents", Every: time.Hour}, {Name: "AlertInfo"}, {Name: "NobodyHasThis"},
	{Name: "EntraIdSignInEvents", Every: 6 * time.Hour},
	{Name: "DeviceTvmSoftwareInventory", Every: 24 * time.Hour, Snapshot: true, Key: "DeviceId"},
	{Name: "DeviceBaselineComplianceProfiles", Every: 24 * time.Hour, Snapshot: true, Key: "ProfileId"}, // this tenant has none
}

func config(sim *tenant.Tenant, now time.Time) Config {
	return Config{Client: client(sim), Tables: func() []Table { return tables }, Look: time.Millisecond, Now: func() time.Time { return now }}
}

// messages says how many there must be, and how many rows of each table.
func messages(w *world.World) (total int, rows map[string]int) {
	rows = map[string]int{}
	moments := map[string]map[int64]bool{}
	add := func(e world.Event) {
		rows[e.Table]++
		if moments[e.Table] == nil {
			moments[e.Table] = map[int64]bool{}
		}
		moments[e.Table][toTicks(e.Time)] = true
	}
	for e := range w.History() {
		add(e)
	}
	for _, name := range w.SnapshotTables() {
		for e := range w.Snapshot(name) {
			add(e)
		}
	}
	for _, t := range tables {
		switch {
		case t.Snapshot:
			total += (rows[t.Name]+perWhole-1)/perWhole + 1
		default:
			total += len(moments[t.Name]) + 1
		}
	}
	return total, rows
}

// counted gives the rows of each table among messages.
func counted(t *testing.T, list []record.Raw) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, raw := range list {
		var m struct {
			Records []struct {
				Category, TenantID string
				Properties         json.RawMessage
			}
		}
		if err := json.Unmarshal(raw.Body, &m); err != nil {
			t.Fatalf("%s: %v", raw.Body, err)
		}
		for _, r := range m.Records {
			out[r.Category[len(record.CategoryPrefix):]]++
		}
	}
	return out
}

func TestConformance(t *testing.T) {
	sim, w := simulated(t)
	now := sim.Now()
	total, _ := messages(w)
	collecttest.Run(t, total, func(t *testing.T) collect.Source { return New(config(sim, now)) })
}

func TestConformanceWithFaults(t *testing.T) {
	sim, w := simulated(t)
	now := sim.Now()
	total, _ := messages(w)
	collecttest.Run(t, total, func(t *testing.T) collect.Source {
		sim.Trouble.Graph.Clear()
		for i, kind := range []trouble.Rule{{Status: 429, RetryAfter: 1}, {Status: 503}, {Kind: trouble.CutAfter}, {Kind: trouble.CutBefore}, {Status: 504}} {
			kind.Path, kind.Skip, kind.Times = "runHuntingQuery", 1+2*i, 2
			sim.Trouble.Graph.Add(kind)
		}
		return New(config(sim, now))
	})
}

// until runs a source until done says so of what it put.
func until(t *testing.T, s *Source, after []record.Span, done func(got []record.Raw) bool) []record.Raw {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	sink := &collecttest.Sink{}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, after, sink) }()
	for end := time.Now().Add(20 * time.Second); !done(sink.Got()); time.Sleep(2 * time.Millisecond) {
		select {
		case err := <-ended:
			t.Fatalf("Run ended: %v", err)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("not done after 20 s with %d messages: %+v", len(sink.Got()), s.Health())
		}
	}
	stop()
	<-ended
	return sink.Got()
}
