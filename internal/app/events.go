package app

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/blob"
	"github.com/vedette-siem/vedette/internal/collect/identity"
	"github.com/vedette-siem/vedette/internal/collect/kafka"
	"github.com/vedette-siem/vedette/internal/config"
	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// events says where a tenant's events come from, and how to make the sources: the hub, the storage account, or both. What both carry is
// stored once, because the store knows a record wherever it comes from. make is nil when nothing is configured.
func (a *App) events(t config.Tenant, roots *x509.CertPool) (from connect.EventsFrom, make func() ([]collect.Source, error), err error) {
	hub, export := t.Events.EventHub, t.Events.Export
	var makers []func() (collect.Source, error) // anew each time, so that a rotated secret is taken up
	switch {
	case hub.Set() && hub.Protocol == config.Kafka:
		probe, err := newKafka(t, roots, a)
		if err != nil {
			return from, nil, err
		}
		from = connect.EventsFrom{Kind: "kafka", Namespace: probe.Namespace(), Hub: probe.Hub(), ConsumerGroup: hub.ConsumerGroup}
		makers = append(makers, func() (collect.Source, error) { return newKafka(t, roots, a) })
	case hub.Set():
		probe, err := newHub(t, roots, a)
		if err != nil {
			return from, nil, err
		}
		from = connect.EventsFrom{Kind: "eventhub", Namespace: probe.Namespace(), Hub: probe.Hub(), ConsumerGroup: hub.ConsumerGroup}
		makers = append(makers, func() (collect.Source, error) { return newHub(t, roots, a) })
	}
	if export.Set() {
		probe, err := newExport(t, roots, a)
		if err != nil {
			return from, nil, err
		}
		if from.Kind == "" {
			from.Kind = "blob"
		}
		from.Account = probe.Account()
		makers = append(makers, func() (collect.Source, error) { return newExport(t, roots, a) })
	}
	if len(makers) == 0 {
		return from, nil, nil
	}
	return from, func() ([]collect.Source, error) {
		var sources []collect.Source
		for _, one := range makers {
			s, err := one()
			if err != nil {
				return nil, err
			}
			sources = append(sources, s)
		}
		return sources, nil
	}, nil
}

// signIn is the tenant's app registration for Azure's clients.
func signIn(t config.Tenant, roots *x509.CertPool) *identity.Credential {
	login := defender.Clouds[t.Cloud].Login
	if t.Endpoints.Login != "" {
		login = t.Endpoints.Login
	}
	return identity.New(identity.Config{TenantID: t.ID, ClientID: t.ClientID, Secret: t.ClientSecret.Value, Login: login, RootCAs: roots})
}

func newKafka(t config.Tenant, roots *x509.CertPool, a *App) (*kafka.Source, error) {
	hub := t.Events.EventHub
	connection, err := hub.ConnectionString.Value()
	if err != nil {
		return nil, fault.New(fault.Invalid, "event hub", "%w", err)
	}
	start, err := collect.ParseStart(hub.Start)
	if err != nil {
		return nil, fault.New(fault.Invalid, "event hub", "%w", err)
	}
	cfg := kafka.Config{ConnectionString: connection, Namespace: hub.Namespace, Hub: hub.Hub, ConsumerGroup: hub.ConsumerGroup, Start: start,
		Endpoint: t.Endpoints.EventHub, RootCAs: roots, Log: a.opt.Log}
	if connection == "" {
		cfg.Credential = signIn(t, roots)
	}
	var s *kafka.Source
	if a.store != nil { // a check has none
		cfg.Covered = func(ctx context.Context) ([]record.Span, error) { return a.store.Covered(ctx, s.Name()) }
	}
	s, err = kafka.New(cfg)
	return s, err
}

func newExport(t config.Tenant, roots *x509.CertPool, a *App) (*blob.Source, error) {
	export := t.Events.Export
	connection, err := export.ConnectionString.Value()
	if err != nil {
		return nil, fault.New(fault.Invalid, "storage account", "%w", err)
	}
	account, err := export.SASURL.Value()
	if err != nil {
		return nil, fault.New(fault.Invalid, "storage account", "%w", err)
	}
	start, err := collect.ParseStart(export.Start)
	if err != nil {
		return nil, fault.New(fault.Invalid, "storage account", "%w", err)
	}
	cfg := blob.Config{ConnectionString: connection, Account: account, Containers: export.Containers, Start: start, Poll: time.Duration(export.Poll), RootCAs: roots, Log: a.opt.Log}
	if export.Account != "" {
		cfg.Account, cfg.Credential = export.Account, signIn(t, roots)
	}
	return blob.New(cfg)
}

// checkEvents looks at each way in that is configured.
func (a *App) checkEvents(ctx context.Context, t config.Tenant, roots *x509.CertPool, tell func(Finding)) {
	hub, export := t.Events.EventHub, t.Events.Export
	switch {
	case hub.Set() && hub.Protocol == config.Kafka:
		s, err := newKafka(t, roots, a)
		if err != nil {
			tell(failure("event hub", err))
			break
		}
		if n, err := s.Check(ctx); err != nil {
			tell(failure("event hub", err))
		} else {
			tell(Finding{What: "event hub", OK: true, Detail: fmt.Sprintf("%s has %d partitions, read over Kafka", s.Hub(), n)})
		}
	case hub.Set() || !export.Set():
		a.checkHub(ctx, t, tell)
	}
	if !export.Set() {
		return
	}
	s, err := newExport(t, roots, a)
	if err != nil {
		tell(failure("storage account", err))
		return
	}
	n, err := s.Check(ctx)
	switch {
	case err != nil:
		tell(failure("storage account", err))
	case n == 0:
		tell(Finding{What: "storage account", Detail: s.Account() + " has no container of the Streaming API", Hint: "they are made with the first events; look at Settings → Microsoft Defender XDR → Streaming API in the Defender portal"})
	default:
		tell(Finding{What: "storage account", OK: true, Detail: fmt.Sprintf("%s has %d containers of tables and can be read", s.Account(), n)})
	}
}
