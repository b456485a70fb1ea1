// Package tenant is a Defender tenant that exists only on this machine, over the protocols of the real one: Entra ID, Graph, the Defender
// for Endpoint API, an Event Hubs namespace and a storage account, with TLS from an authority made at start. The demo and tests use it.
//
// It imports its subpackages, the catalogue, the language and the standard library.
package tenant

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/blob"
	"github.com/vedette-siem/vedette/internal/tenant/entra"
	"github.com/vedette-siem/vedette/internal/tenant/graph"
	"github.com/vedette-siem/vedette/internal/tenant/hub"
	"github.com/vedette-siem/vedette/internal/tenant/mde"
	"github.com/vedette-siem/vedette/internal/tenant/trouble"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// What the tenant is called where names are needed.
const (
	Namespace     = "simulated.servicebus.windows.net"
	HubName       = "insights-logs-advancedhunting"
	ConsumerGroup = "vedette"
	Container     = "checkpoints"

	policyName = "listen"
	account    = "simulatedstorage"
	defender   = 150 // requests a minute that Graph allows one application on /security
)

// Config says what to start. Only World is needed.
type Config struct {
	World         *world.World
	Rate          float64       // live events a second; default 50, negative none
	IncidentEvery time.Duration // between live incidents; default 5 minutes, negative none
	TempDir       string        // where the hub's files go; default the system's
	Partitions    int           // of the hub; default 4
	PerMinute     int           // Graph requests a minute to /security; default 150, negative no limit
	Roles         map[string][]string
	Faults        Faults
	// Hunt answers advanced-hunting queries; when nil they run over the world's history and snapshots.
	Hunt func(ctx context.Context, query, timespan string) (graph.Table, error)
}

// Faults are what is wrong with the stream of events, as shares from 0 to 1. Real streams have some of each.
type Faults struct {
	Duplicate float64 // delivered again later, the same properties in a fresh envelope, up to three times
	Late      float64 // delivered some hundred to some thousand events later than it happened, out of order
}

// AllRoles are the application permissions that a complete consent gives; Config.Roles replaces them.
func AllRoles() map[string][]string {
	return map[string][]string{
		entra.Graph: {"SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All", "SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All", "ThreatHunting.Read.All", "User.Read.All",
			"GroupMember.Read.All", "RoleManagement.Read.Directory"},
		entra.MDE: {"Machine.Read.All", "Vulnerability.Read.All"},
	}
}

// Tenant is a running tenant.
type Tenant struct {
	ID, Domain             string
	Login, GraphURL        string // https addresses without a path
	MDEURL, BlobURL        string
	HubAddr                string // host:port to dial for Namespace
	ClientID, ClientSecret string
	ConnectionString       string // of the hub, with EntityPath
	StorageConnection      string
	CAPEM                  []byte
	RootCAs                *x509.CertPool

	Entra   *entra.Directory
	Graph   *graph.Server
	Hub     *hub.Hub
	Blob    *blob.Server
	Trouble struct{ Login, Graph, MDE, Blob trouble.Box }

	cfg     Config
	dir     string
	started time.Time
	servers []*http.Server
	feed    *feed
	stop    context.CancelFunc
	work    sync.WaitGroup
}

// Start starts all services and begins to publish: first the history, as fast as it can be made, then live events.
func Start(ctx context.Context, cfg Config) (*Tenant, error) {
	if cfg.Rate == 0 {
		cfg.Rate = 50
	}
	if cfg.IncidentEvery == 0 {
		cfg.IncidentEvery = 5 * time.Minute
	}
	if cfg.PerMinute == 0 {
		cfg.PerMinute = defender
	}
	if cfg.Roles == nil {
		cfg.Roles = AllRoles()
	}
	w := cfg.World.Config()
	started := time.Now()
	if cfg.Hunt == nil {
		cfg.Hunt = hunter{cfg.World, func() time.Time { return w.Now.Add(time.Since(started)) }}.hunt
	}
	t := &Tenant{ID: w.TenantID, Domain: w.Domain, ClientID: entra.GUID(), ClientSecret: secret(), cfg: cfg, started: started}
	ctx, t.stop = context.WithCancel(ctx)
	if err := t.start(ctx); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Tenant) start(ctx context.Context) error {
	cert, caPEM, err := authority(Namespace)
	if err != nil {
		return err
	}
	t.CAPEM, t.RootCAs = caPEM, x509.NewCertPool()
	t.RootCAs.AppendCertsFromPEM(caPEM)
	secure := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if t.dir, err = os.MkdirTemp(t.cfg.TempDir, "tenant-"); err != nil {
		return err
	}
	if err = t.identity(secure); err != nil {
		return err
	}
	if err = t.apis(secure); err != nil {
		return err
	}
	if err = t.events(secure); err != nil {
		return err
	}
	t.feed = newFeed(t)
	t.work.Add(1)
	go func() {
		defer t.work.Done()
		t.feed.run(ctx)
	}()
	return nil
}

func (t *Tenant) identity(secure *tls.Config) (err error) {
	if t.Entra, err = entra.New(t.ID, t.Domain); err != nil {
		return err
	}
	t.Entra.Register(entra.App{ID: t.ClientID, ObjectID: entra.GUID(), Name: "Vedette", Secrets: []entra.Secret{{Value: t.ClientSecret}}, Roles: t.cfg.Roles})
	t.Login, err = t.serve(secure, t.Trouble.Login.Wrap(t.Entra))
	return err
}

func (t *Tenant) apis(secure *tls.Config) (err error) {
	w := t.cfg.World
	t.Graph = graph.New(graph.Config{PerMinute: max(t.cfg.PerMinute, 0), Hunt: t.cfg.Hunt, Now: t.Now,
		Check: func(token string) (entra.Claims, error) { return t.Entra.Check(token, entra.Graph) }})
	alerts := map[string][]map[string]any{}
	for _, a := range w.Alerts() {
		alerts[a.IncidentID] = append(alerts[a.IncidentID], a.Doc)
	}
	for _, i := range w.Incidents() {
		if err := t.Graph.Put(i.Doc, alerts[i.ID]); err != nil {
			return err
		}
	}
	if err := t.Graph.Directory(w.Users(), w.Groups(), w.Roles()); err != nil {
		return err
	}
	if t.GraphURL, err = t.serve(secure, t.Trouble.Graph.Wrap(t.Graph)); err != nil {
		return err
	}
	m, err := mde.New(mde.Config{PerMinute: max(t.cfg.PerMinute, 0) * 2 / 3, Machines: w.Machines(), Vulnerabilities: w.Vulnerabilities(), MachineVulnerabilities: w.MachineVulnerabilities(),
		Check: func(token string) (entra.Claims, error) { return t.Entra.Check(token, entra.MDE) }})
	if err != nil {
		return err
	}
	t.MDEURL, err = t.serve(secure, t.Trouble.MDE.Wrap(m))
	return err
}

func (t *Tenant) events(secure *tls.Config) (err error) {
	key := secret()
	t.Hub, err = hub.Start(hub.Config{Name: HubName, Partitions: t.cfg.Partitions, Groups: []string{ConsumerGroup}, Dir: t.dir, TLS: secure, Auth: func(_, kind, token string) error {
		if kind == "jwt" {
			_, err := t.Entra.Check(token, entra.EventHubs)
			return err
		}
		return hub.CheckSAS(token, policyName, key, time.Now())
	}})
	if err != nil {
		return err
	}
	t.HubAddr = t.Hub.Addr()
	t.ConnectionString = fmt.Sprintf("Endpoint=sb://%s/;SharedAccessKeyName=%s;SharedAccessKey=%s;EntityPath=%s", Namespace, policyName, key, HubName)
	t.Blob = blob.New(account, Container)
	if t.BlobURL, err = t.serve(secure, t.Trouble.Blob.Wrap(t.Blob)); err != nil {
		return err
	}
	t.StorageConnection = fmt.Sprintf("DefaultEndpointsProtocol=https;AccountName=%s;AccountKey=%s;BlobEndpoint=%s/%s;", account, secret(), t.BlobURL, account)
	return nil
}

// serve starts a server on a free loopback port and gives its address.
func (t *Tenant) serve(secure *tls.Config, h http.Handler) (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := &http.Server{Handler: h, TLSConfig: secure.Clone(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: quiet()}
	t.servers = append(t.servers, s)
	t.work.Add(1)
	go func() {
		defer t.work.Done()
		_ = s.ServeTLS(ln, "", "") // ends with ErrServerClosed
	}()
	return "https://" + ln.Addr().String(), nil
}

// ExpireSecret makes the client secret one that expired an hour ago. Tokens already given stay good.
func (t *Tenant) ExpireSecret() {
	t.Entra.Change(t.ClientID, func(a *entra.App) {
		a.Secrets = []entra.Secret{{Value: t.ClientSecret, Expires: time.Now().Add(-time.Hour)}}
	})
}

// Consent replaces the application permissions; they show in tokens given from now on.
func (t *Tenant) Consent(roles map[string][]string) {
	t.Entra.Change(t.ClientID, func(a *entra.App) { a.Roles = roles })
}

// Now is the tenant's clock: it was World.Config().Now at start and runs at the usual pace.
func (t *Tenant) Now() time.Time { return t.cfg.World.Config().Now.Add(time.Since(t.started)) }

// Sent gives how many distinct events of each table were published so far.
func (t *Tenant) Sent() map[string]int64 { return t.feed.sent() }

// HistoryDone is closed when the whole history, with all that was held back or is delivered twice, is published.
func (t *Tenant) HistoryDone() <-chan struct{} { return t.feed.done }

// Err gives why publishing ended early, nil if it did not: a full disk, for one.
func (t *Tenant) Err() error { return t.feed.failure() }

// Close ends everything and removes the hub's files.
func (t *Tenant) Close() error {
	t.stop()
	var err error
	for _, s := range t.servers {
		err = errors.Join(err, s.Close())
	}
	t.work.Wait()
	if t.Hub != nil {
		err = errors.Join(err, t.Hub.Close())
	}
	if t.dir != "" {
		err = errors.Join(err, os.RemoveAll(t.dir))
	}
	return err
}

// secret makes a random key in the form of Azure's.
func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.StdEncoding.EncodeToString(b)
}
