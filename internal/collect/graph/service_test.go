package graph

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/tenant/entra"
	graphapi "github.com/vedette-siem/vedette/internal/tenant/graph"
	"github.com/vedette-siem/vedette/internal/tenant/trouble"
)

const (
	tenantID = "6f4f1f0e-6f43-4a49-8d67-0d5c1c7d5f10"
	appID    = "0b8a4c7e-2a5b-4f0e-9a77-61f2ddc0a6c1"
)

// service is Entra ID and Graph at one address.
type service struct {
	*graphapi.Server
	entra   *entra.Directory
	trouble trouble.Box
	before  func(r *http.Request) // of each list request to Graph; may change it
	after   func(r *http.Request)
	client  *defender.Client
}

func serve(t *testing.T, roles ...string) *service {
	t.Helper()
	if roles == nil {
		roles = []string{"SecurityIncident.Read.All", "SecurityAlert.Read.All"}
	}
	dir, err := entra.New(tenantID, "corp.example")
	if err != nil {
		t.Fatal(err)
	}
	dir.Register(entra.App{ID: appID, Name: "Vedette", Secrets: []entra.Secret{{Value: "secret"}}, Roles: map[string][]string{entra.Graph: roles}})
	s := &service{entra: dir}
	s.Server = graphapi.New(graphapi.Config{Check: func(token string) (entra.Claims, error) { return dir.Check(token, entra.Graph) }})
	mux := http.NewServeMux()
	mux.Handle("/", dir)
	mux.Handle("/v1.0/", s.trouble.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.before != nil {
			s.before(r)
		}
		s.ServeHTTP(w, r)
		if s.after != nil {
			s.after(r)
		}
	})))
	srv := httptest.NewTLSServer(mux)
	t.Cleanup(srv.Close)
	hc := srv.Client()
	hc.Transport.(*http.Transport).TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	cloud := defender.Clouds["global"]
	cloud.Login, cloud.Graph = srv.URL, srv.URL
	s.client = defender.New(defender.Config{TenantID: tenantID, ClientID: appID, Secret: func() (string, error) { return "secret", nil }, Cloud: cloud, HTTP: hc, PerMinute: 1_000_000, MaxWait: 10 * time.Millisecond})
	return s
}

// fill makes n incidents with two alerts each; at says when each was updated last.
func (s *service) fill(t *testing.T, from, n int, at func(i int) time.Time) {
	t.Helper()
	for i := from; i < from+n; i++ {
		stamp := at(i).UTC().Format(filterTime)
		id := fmt.Sprint(i)
		var alerts []map[string]any
		for k := range 2 {
			alerts = append(alerts, map[string]any{"id": fmt.Sprintf("da%d_%d", i, k), "incidentId": id, "status": "new", "createdDateTime": stamp, "lastUpdateDateTime": stamp, "title": "<b>"})
		}
		if err := s.Put(map[string]any{"id": id, "status": "active", "displayName": "One & only <b>", "createdDateTime": stamp, "lastUpdateDateTime": stamp, "redirectIncidentId": nil}, alerts); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *service) config() Config {
	return Config{Client: s.client, Poll: time.Millisecond}
}
