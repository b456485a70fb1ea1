package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/cli"
	"github.com/vedette-siem/vedette/internal/tenant"
	"github.com/vedette-siem/vedette/internal/tenant/entra"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// TestCheck runs `vedette check` against a simulated tenant in which everything is right, and then in which one thing is wrong each time.
func TestCheck(t *testing.T) {
	w := world.New(world.Config{Seed: 3, Devices: 40, Users: 24, Events: 100})
	start := func(roles map[string][]string) *tenant.Tenant {
		sim, err := tenant.Start(t.Context(), tenant.Config{World: w, Rate: -1, IncidentEvery: -1, TempDir: t.TempDir(), Roles: roles})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = sim.Close() })
		return sim
	}
	sim := start(nil)
	none := start(map[string][]string{entra.Graph: {"SecurityAlert.Read.All"}})
	for _, c := range []struct {
		name   string
		sim    *tenant.Tenant
		change func(s *settings)
		status int
		says   []string
	}{
		{"all well", sim, func(*settings) {}, 0, []string{"ok    Test: sign-in", "ok    Test: incidents", "ok    Test: alerts", "ok    Test: clock", "ok    Test: event hub", "ok    Test: checkpoint container", "all is well: vedette run"}},
		{"wrong secret", sim, func(s *settings) { s.secret = "wrong" }, 1, []string{"FAIL  Test: sign-in", "AADSTS7000215", "→", "ok    Test: event hub", "1 to mend"}},
		{"unknown tenant", sim, func(s *settings) { s.id = "11111111-2222-3333-4444-555555555555" }, 1, []string{"FAIL  Test: sign-in", "→"}},
		{"missing permission", none, func(*settings) {}, 1, []string{"FAIL  Test: incidents: missing SecurityIncident.Read.All: Entra admin centre → App registrations → API permissions", "ok    Test: alerts"}},
		{"wrong hub", sim, func(s *settings) { s.hub = hubNamed(s.hub, "nothing") }, 1, []string{"FAIL  Test: event hub", "nothing", "→", "ok    Test: sign-in"}},
		{"wrong consumer group", sim, func(s *settings) { s.group = "nobody" }, 1, []string{"FAIL  Test: event hub", "consumer group nobody", "→", "ok    Test: sign-in"}},
		{"wrong key", sim, func(s *settings) { s.hub = strings.Replace(s.hub, "SharedAccessKey=", "SharedAccessKey=AAAA", 1) }, 1, []string{"FAIL  Test: event hub", "→"}},
		{"no connection string", sim, func(s *settings) { s.hub = "nonsense" }, 1, []string{"FAIL  Test: event hub", "→"}},
		{"unreachable hub", sim, func(s *settings) { s.hubAddr = "127.0.0.1:1" }, 1, []string{"FAIL  Test: event hub", "→", "ok    Test: sign-in"}},
		{"missing container", sim, func(s *settings) { s.container = "missing" }, 1, []string{"FAIL  Test: checkpoint container", "missing", "→", "ok    Test: event hub"}},
		{"wrong table", sim, func(s *settings) { s.tables = "[DeviceEvents, NoSuchTable]" }, 1, []string{"FAIL  Test: table NoSuchTable", "→"}},
		{"unreachable sign-in", sim, func(s *settings) { s.login = "https://127.0.0.1:1" }, 1, []string{"FAIL  Test: sign-in", "→"}},
		{"unknown authority", sim, func(s *settings) { s.ca = "" }, 1, []string{"FAIL  Test: sign-in", "certificate"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := settings{id: c.sim.ID, client: c.sim.ClientID, secret: c.sim.ClientSecret, hub: c.sim.ConnectionString, hubAddr: c.sim.HubAddr, group: tenant.ConsumerGroup, storage: c.sim.StorageConnection,
				container: tenant.Container, tables: "[]", login: c.sim.Login, graph: c.sim.GraphURL, mde: c.sim.MDEURL, ca: string(c.sim.CAPEM)}
			c.change(&s)
			var out, errs bytes.Buffer
			status := cli.Main([]string{"check", "--config", s.write(t)}, strings.NewReader(""), &out, &errs)
			if status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			for _, want := range c.says {
				if !strings.Contains(out.String(), want) {
					t.Errorf("it does not say %q", want)
				}
			}
			for _, secret := range []string{c.sim.ClientSecret, strings.SplitAfter(c.sim.ConnectionString, "SharedAccessKey=")[1]} {
				if strings.Contains(out.String()+errs.String(), secret) {
					t.Error("it shows a secret")
				}
			}
			if t.Failed() {
				t.Logf("it says:\n%s%s", &out, &errs)
			}
		})
	}
}

// hubNamed replaces the hub that a connection string names.
func hubNamed(connection, hub string) string {
	at := strings.Index(connection, "EntityPath=") + len("EntityPath=")
	return connection[:at] + hub
}

// settings are what a configuration says.
type settings struct {
	id, client, secret, hub, hubAddr, group, storage, container, tables, login, graph, mde, ca string
}

func (s settings) write(t *testing.T) string {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ca := ""
	if s.ca != "" {
		ca = ", ca_file: " + put("ca.pem", s.ca)
	}
	return put("vedette.yaml", fmt.Sprintf(`
tenants:
  - id: %s
    name: Test
    client_id: %s
    client_secret: {file: %s}
    incidents: {enabled: true}
    events:
      enabled: true
      event_hub:
        connection_string: {file: %s}
        consumer_group: %s
        storage:
          connection_string: {file: %s}
          container: %s
      tables: %s
    endpoints: {login: %q, graph: %q, mde: %q, event_hub: %q%s}
`, s.id, s.client, put("secret", s.secret), put("hub", s.hub), s.group, put("storage", s.storage), s.container, s.tables, s.login, s.graph, s.mde, s.hubAddr, ca))
}
