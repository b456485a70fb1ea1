package app

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/eventhub"
	"github.com/vedette-siem/vedette/internal/collect/graph"
	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/sentinel"
)

// mappers turn Graph's documents into Sentinel's rows.
func mappers() map[string]ingest.Mapper {
	one := func(table string, f func(tenantID string, doc []byte) ([]byte, error)) ingest.Mapper {
		return func(tenantID string, properties []byte) ([]ingest.Row, error) {
			row, err := f(tenantID, properties)
			if err != nil {
				return nil, err
			}
			return []ingest.Row{{Table: table, Properties: row}}, nil
		}
	}
	return map[string]ingest.Mapper{
		graph.CategoryIncident: one(schema.SecurityIncident, sentinel.Incident),
		graph.CategoryAlert:    one(schema.SecurityAlert, sentinel.Alert),
	}
}

// tenant makes one tenant's connector of its configuration. Nothing is asked yet.
func (a *App) tenant(t config.Tenant) (connect.Tenant, error) {
	roots, err := a.roots(t)
	if err != nil {
		return connect.Tenant{}, err
	}
	out := connect.Tenant{ID: t.ID, Name: t.Name, Settings: ledger.Settings{
		Incidents: t.Incidents.Enabled, DisableIncidentCreationRules: t.Incidents.DisableIncidentCreationRules, Events: t.Events.Enabled, Tables: wanted(t.Events.Tables),
		Backfill: t.Backfill.Enabled,
	}}
	if t.ClientID != "" && t.ClientSecret.Set() {
		client := newClient(t, roots, a)
		out.Incidents = func() ([]collect.Source, error) {
			return graph.New(graph.Config{Client: client, Poll: time.Duration(t.Incidents.Poll), History: time.Duration(t.Incidents.History), Log: a.opt.Log}), nil
		}
		out.Backfill = a.backfill(t, client)
	}
	if out.From, out.Events, err = a.events(t, roots); err != nil {
		return connect.Tenant{}, err
	}
	return out, nil
}

// wanted is the list of tables to keep; an empty one means all that are offered.
func wanted(tables []string) []string {
	out := slices.Clone(tables)
	if len(out) == 0 {
		for _, t := range schema.Builtin().Tables() {
			if t.Streamed {
				out = append(out, t.Name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (a *App) roots(t config.Tenant) (*x509.CertPool, error) {
	if t.Endpoints.CAFile == "" {
		return a.opt.RootCAs, nil
	}
	pem, err := os.ReadFile(t.Endpoints.CAFile)
	if err != nil {
		return nil, fault.New(fault.Invalid, "configuration", "endpoints.ca_file: %w", err)
	}
	pool := a.opt.RootCAs
	if pool == nil {
		if pool, err = x509.SystemCertPool(); err != nil {
			pool = x509.NewCertPool()
		}
	} else {
		pool = pool.Clone()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fault.New(fault.Invalid, "configuration", "endpoints.ca_file: %s holds no PEM certificate", t.Endpoints.CAFile)
	}
	return pool, nil
}

func newClient(t config.Tenant, roots *x509.CertPool, a *App) *defender.Client {
	cloud := defender.Clouds[t.Cloud]
	for to, from := range map[*string]string{&cloud.Login: t.Endpoints.Login, &cloud.Graph: t.Endpoints.Graph, &cloud.MDE: t.Endpoints.MDE} {
		if from != "" {
			*to = from
		}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return defender.New(defender.Config{TenantID: t.ID, ClientID: t.ClientID, Secret: t.ClientSecret.Value, Cloud: cloud, Log: a.opt.Log,
		HTTP: &http.Client{Transport: transport, Timeout: 4 * time.Minute}})
}

func newHub(t config.Tenant, roots *x509.CertPool, a *App) (*eventhub.Source, error) {
	hub := t.Events.EventHub
	connection, err := hub.ConnectionString.Value()
	if err != nil {
		return nil, fault.New(fault.Invalid, "event hub", "%w", err)
	}
	cfg := eventhub.Config{ConnectionString: connection, Hub: hub.Hub, ConsumerGroup: hub.ConsumerGroup, Endpoint: t.Endpoints.EventHub, RootCAs: roots, Log: a.opt.Log}
	if hub.Storage != nil {
		storage, err := hub.Storage.ConnectionString.Value()
		if err != nil {
			return nil, fault.New(fault.Invalid, "checkpoint storage", "%w", err)
		}
		cfg.Checkpoints = &eventhub.Checkpoints{ConnectionString: storage, Container: hub.Storage.Container}
	}
	return eventhub.New(cfg)
}
