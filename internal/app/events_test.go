package app_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/tenant"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// message is an event as both the hub and the storage account carry it.
func message(e world.Event, tenantID string, at time.Time) []byte {
	return fmt.Appendf(nil, `{"time":%q,"tenantId":%q,"operationName":"Publish","category":"AdvancedHunting-%s","properties":%s}`, at.UTC().Format(time.RFC3339Nano), tenantID, e.Table, e.Properties)
}

// TestHubAndStorageAccount: the same stream through the hub, through its Kafka endpoint and through the storage account, read as an app of
// Entra, is stored once.
func TestHubAndStorageAccount(t *testing.T) {
	w := world.New(world.Config{Seed: 5, Devices: 20, Users: 12, Now: time.Now().UTC(), Events: 2000, History: 3 * 24 * time.Hour})
	sim, err := tenant.Start(t.Context(), tenant.Config{World: w, Rate: -1, IncidentEvery: -1, TempDir: t.TempDir(), PerMinute: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	want := map[string]int64{}
	var events []world.Event
	var shown int64
	for e := range w.History() {
		if table, ok := schema.Builtin().Table(e.Table); ok && table.Streamed {
			shown++ // the page counts no others
		}
		want[e.Table]++
		e.Properties = bytes.Clone(e.Properties)
		events = append(events, e)
		sim.Blob.Append("insights-logs-advancedhunting-"+strings.ToLower(e.Table), e.Time.UTC().Format("tenantId="+sim.ID+"/y=2006/m=01/d=02/h=15/m=00/PT1H.json"),
			append(message(e, sim.ID, e.Time.Add(time.Minute)), "\r\n"...))
	}
	broker, ca := kafkaOf(t, events, sim)

	cfg := config.Default()
	cfg.Listen, cfg.Data, cfg.Memory = "127.0.0.1:0", t.TempDir(), "256MiB"
	one := config.Tenant{ID: sim.ID, Cloud: "global", ClientID: sim.ClientID, ClientSecret: config.Literal(sim.ClientSecret),
		Events:    config.Events{Enabled: true, Export: config.Export{Account: sim.BlobURL + "/simulatedstorage", Poll: config.Duration(time.Second)}},
		Endpoints: config.Endpoints{Login: sim.Login, CAFile: write(t, "ca.pem", append(bytes.Clone(sim.CAPEM), ca...))}}
	for _, step := range []struct {
		what, kind string
		hub        config.EventHub
		endpoint   string
		received   int64
	}{
		{"the storage account alone", "blob", config.EventHub{}, "", shown},
		{"the hub too", "eventhub", config.EventHub{ConnectionString: config.Literal(sim.ConnectionString), ConsumerGroup: tenant.ConsumerGroup}, sim.HubAddr, shown},
		{"the hub over Kafka", "kafka", config.EventHub{ConnectionString: config.Literal(kafkaConnection), Hub: kafkaHub, Protocol: config.Kafka}, broker, shown},
	} {
		one.Events.EventHub, one.Endpoints.EventHub = step.hub, step.endpoint
		cfg.Tenants = []config.Tenant{one}
		app.Check(t.Context(), cfg, app.Options{}, func(f app.Finding) {
			if !f.OK && f.What != "data directory" {
				t.Errorf("%s: the check finds %+v", step.what, f)
			}
		})
		runEvents(t, cfg, step.what, step.kind, step.received)
		if got := tables(t, cfg.Data); !maps.Equal(got, want) {
			t.Errorf("%s: stored are %v, the tenant has %v", step.what, got, want)
		}
	}
}

// runEvents runs the program until so many records came, and some moments longer.
func runEvents(t *testing.T, cfg config.Config, what, kind string, received int64) {
	t.Helper()
	a, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	page := ""
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		resp, err := http.Get(a.URL() + "/api/connectors/defender-xdr")
		if err == nil {
			text, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			page = string(text)
		}
		if strings.Contains(page, fmt.Sprintf(`"received":%d,"refused":0`, received)) && strings.Contains(page, `"kind":"`+kind+`"`) && strings.Contains(page, `"account":"127.0.0.1`) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s; the page says %.1200s", what, page)
		}
	}
	time.Sleep(time.Second) // what would come twice has time to
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

const (
	kafkaHub        = "insights"
	kafkaConnection = "Endpoint=sb://example.com/;SharedAccessKeyName=listen;SharedAccessKey=c2VjcmV0"
)

// kafkaOf is a broker that has the events, its address, and the authority of its certificate, which is for example.com.
func kafkaOf(t *testing.T, events []world.Event, sim *tenant.Tenant) (addr string, ca []byte) {
	t.Helper()
	lend := httptest.NewUnstartedServer(nil)
	lend.StartTLS()
	t.Cleanup(lend.Close)
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, kafkaHub), kfake.EnableSASL(), kfake.Superuser("PLAIN", "$ConnectionString", kafkaConnection),
		kfake.TLS(&tls.Config{Certificates: lend.TLS.Certificates}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	client := lend.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	client.ServerName = "example.com"
	p, err := kgo.NewClient(kgo.SeedBrokers(c.ListenAddrs()...), kgo.DialTLSConfig(client), kgo.SASL(plain.Auth{User: "$ConnectionString", Pass: kafkaConnection}.AsMechanism()))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var list []*kgo.Record
	for _, e := range events {
		list = append(list, &kgo.Record{Topic: kafkaHub, Value: fmt.Appendf(nil, `{"records":[%s]}`, message(e, sim.ID, time.Now()))})
	}
	if err := p.ProduceSync(t.Context(), list...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	return c.ListenAddrs()[0], pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lend.Certificate().Raw})
}

// write puts text into a file of the test's own and gives its path.
func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
