package app_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/cli"
	"github.com/vedette-siem/vedette/internal/tenant"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// TestMain lets the test binary be the program itself, so that it can be killed.
func TestMain(m *testing.M) {
	if os.Getenv("VEDETTE_CHILD") != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

const kills = 20

// TestKilledTwentyTimes kills `vedette run` at twenty random moments while it takes in a tenant's history, in which some events are delivered
// twice and some late, and lets it finish. Then each table must hold exactly the events sent, none twice.
func TestKilledTwentyTimes(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	w := world.New(world.Config{Seed: 7, Devices: 40, Users: 30, Now: time.Now().UTC(), Events: 40_000})
	sim, err := tenant.Start(t.Context(), tenant.Config{World: w, Rate: -1, IncidentEvery: -1, TempDir: t.TempDir(), PerMinute: -1, Faults: tenant.Faults{Duplicate: 0.04, Late: 0.02}})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	dir := t.TempDir()
	configFile := writeConfig(t, dir, sim)
	select {
	case <-sim.HistoryDone():
	case <-time.After(2 * time.Minute):
		t.Fatal("the tenant did not publish its history")
	}
	early := 0
	for range kills {
		child := start(t, configFile)
		time.Sleep(50*time.Millisecond + time.Duration(rng.Int64N(int64(1500*time.Millisecond))))
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed
		if counted(t, filepath.Join(dir, "data")) == total(sim.Sent()) {
			early++
		}
	}
	if early == kills {
		t.Error("everything was stored before the first kill: the test proves nothing")
	}
	finish(t, configFile, sim)
	compareTables(t, filepath.Join(dir, "data"), sim, w)
}

func start(t *testing.T, configFile string) *exec.Cmd {
	t.Helper()
	child := exec.Command(os.Args[0], "run", "--config", configFile)
	child.Env = append(os.Environ(), "VEDETTE_CHILD=1", "VEDETTE_TEST_SECRET="+os.Getenv("VEDETTE_TEST_SECRET"))
	var log strings.Builder
	child.Stdout, child.Stderr = &log, &log
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program said:\n%s", tail(log.String(), 4000))
		}
	})
	return child
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// finish lets the program run until it has everything, and stops it as a user would.
func finish(t *testing.T, configFile string, sim *tenant.Tenant) {
	t.Helper()
	child := start(t, configFile)
	want := total(sim.Sent())
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) {
		time.Sleep(300 * time.Millisecond)
		if asked(t, "union withsource=T * | where T !in ('SecurityIncident','SecurityAlert','VedetteIngestionFailures') | count") >= want {
			time.Sleep(1500 * time.Millisecond) // whatever would come twice has time to
			break
		}
	}
	if err := child.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
}

const listen = "127.0.0.1:18743"

// asked gives the number that a query answers, -1 while nobody answers.
func asked(t *testing.T, kql string) int64 {
	t.Helper()
	resp, err := http.Post("http://"+listen+"/v1/workspaces/x/query", "application/json", strings.NewReader(fmt.Sprintf(`{"query":%q}`, kql)))
	if err != nil {
		return -1
	}
	defer resp.Body.Close()
	return firstNumber(resp.Body)
}

func writeConfig(t *testing.T, dir string, sim *tenant.Tenant) string {
	t.Helper()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return put("vedette.yaml", fmt.Sprintf(`listen: %s
data: data
memory: 512MiB
tenants:
  - id: %s
    client_id: %s
    client_secret: {file: %s}
    incidents: {enabled: true, poll: 5s, history: 60d}
    events:
      enabled: true
      event_hub:
        connection_string: {file: %s}
        consumer_group: %s
    endpoints: {login: %q, graph: %q, mde: %q, event_hub: %q, ca_file: %s}
`, listen, sim.ID, sim.ClientID, put("secret", sim.ClientSecret), put("hub", sim.ConnectionString), tenant.ConsumerGroup, sim.Login, sim.GraphURL, sim.MDEURL, sim.HubAddr, put("ca.pem", string(sim.CAPEM))))
}

func total(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

func counted(t *testing.T, data string) int64 { return total(tables(t, data)) }

// tables counts the rows of every streamed table, from the data directory itself.
func tables(t *testing.T, data string) map[string]int64 {
	t.Helper()
	local, err := app.OpenLocal(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	stats, err := local.Store.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for name, s := range stats.Tables {
		if s.Rows > 0 && name != "SecurityIncident" && name != "SecurityAlert" {
			out[name] = s.Rows
		}
	}
	return out
}

func compareTables(t *testing.T, data string, sim *tenant.Tenant, w *world.World) {
	t.Helper()
	got, want := tables(t, data), sim.Sent()
	names := maps.Clone(want)
	maps.Copy(names, got)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if got[name] != want[name] {
			t.Errorf("%s: %d rows stored, %d events sent", name, got[name], want[name])
		}
	}
	local, err := app.OpenLocal(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	if n := one(t, local, "SecurityIncident | summarize dcount(ProviderIncidentId)"); n != int64(len(w.Incidents())) {
		t.Errorf("%d incidents stored, the tenant has %d", n, len(w.Incidents()))
	}
	if n := one(t, local, "SecurityAlert | summarize dcount(SystemAlertId)"); n != int64(len(w.Alerts())) {
		t.Errorf("%d alerts stored, the tenant has %d", n, len(w.Alerts()))
	}
	if n := one(t, local, "SecurityIncident | summarize n=count() by ProviderIncidentId, LastModifiedTime | where n > 1 | count"); n != 0 {
		t.Errorf("%d states of incidents are stored twice", n)
	}
}
