// Package graph is the part of Microsoft Graph v1.0 that a Defender connector meets: security incidents and alerts with their queries,
// changes, comments, merging, hunting, and the directory's users and groups.
//
// It imports its neighbours odata and entra and the standard library.
package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/entra"
	"github.com/vedette-siem/vedette/internal/tenant/odata"
)

// Config is what the service needs from its surroundings.
type Config struct {
	Check     func(token string) (entra.Claims, error)
	Now       func() time.Time // default time.Now
	PerMinute int              // requests to /security a minute and application; 0: no limit
	// Hunt runs an advanced-hunting query. When nil, hunting answers 400.
	Hunt func(ctx context.Context, query, timespan string) (Table, error)
}

// Table is the answer to a hunting query. Types are .NET names as the service gives them: String, DateTime, Int64 …
type Table struct {
	Columns []Column
	Rows    []map[string]any
}

// Column is one column of a Table.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Server is the service. It answers paths that begin with /v1.0/.
type Server struct {
	cfg   Config
	store *store
	dir   directory
	mux   *http.ServeMux
	quota Quota

	// ExpandFails makes a list with $expand=alerts fail with 500 when its page has more alerts than this; 0: never. Big tenants meet it.
	ExpandFails atomic.Int64
}

// New makes a service without content.
func New(cfg Config) *Server {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{cfg: cfg, mux: http.NewServeMux(), store: &store{incidents: map[string]odata.Doc{}, alerts: map[string]odata.Doc{}, members: map[string][]string{}, now: cfg.Now}}
	s.quota = Quota{PerMinute: cfg.PerMinute, Now: cfg.Now}
	read := func(path string, h http.HandlerFunc, roles ...string) { s.handle("GET "+path, h, roles...) }
	const incidentsRead, incidentsWrite = "SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All"
	const alertsRead, alertsWrite = "SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All"
	read("/v1.0/security/incidents", s.listIncidents, incidentsRead, incidentsWrite)
	read("/v1.0/security/incidents/{id}", s.getIncident, incidentsRead, incidentsWrite)
	s.handle("PATCH /v1.0/security/incidents/{id}", s.patchIncident, incidentsWrite)
	s.handle("POST /v1.0/security/incidents/{id}/comments", s.commentIncident, incidentsWrite)
	s.handle("POST /v1.0/security/incidents/mergeIncidents", s.mergeIncidents, incidentsWrite)
	read("/v1.0/security/alerts_v2", s.listAlerts, alertsRead, alertsWrite)
	read("/v1.0/security/alerts_v2/{id}", s.getAlert, alertsRead, alertsWrite)
	s.handle("PATCH /v1.0/security/alerts_v2/{id}", s.patchAlert, alertsWrite)
	s.handle("POST /v1.0/security/alerts_v2/{id}/comments", s.commentAlert, alertsWrite)
	s.handle("POST /v1.0/security/alerts_v2/moveAlerts", s.moveAlerts, alertsWrite)
	s.handle("POST /v1.0/security/runHuntingQuery", s.hunt, "ThreatHunting.Read.All")
	read("/v1.0/users", s.listUsers, "User.Read.All", "Directory.Read.All")
	read("/v1.0/users/{id}", s.getUser, "User.Read.All", "Directory.Read.All")
	read("/v1.0/groups", s.listGroups, "GroupMember.Read.All", "Directory.Read.All")
	read("/v1.0/directoryRoles", s.listRoles, "RoleManagement.Read.Directory", "Directory.Read.All")
	return s
}

// Put adds or replaces an incident and its alerts, given as Graph objects, with the stamps they carry.
func (s *Server) Put(incident map[string]any, alerts []map[string]any) error {
	return s.store.put(incident, alerts)
}

// Change alters an incident as somebody working in the portal does: lastUpdateDateTime moves. It tells whether the incident exists.
func (s *Server) Change(id, by string, set map[string]any) bool {
	return s.store.changeIncident(id, by, set) != nil
}

// Counts gives how many incidents and alerts there are.
func (s *Server) Counts() (incidents, alerts int) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	return len(s.store.incidents), len(s.store.alerts)
}

// Incident gives a copy of an incident as it is now with its alerts, nil when there is none.
func (s *Server) Incident(id string) map[string]any {
	i := s.store.incident(id)
	if i == nil {
		return nil
	}
	return s.store.expanded(i)
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern == "" {
		fail(w, r, 400, "BadRequest", "Resource not found for the segment '"+r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]+"'.")
		return
	}
	s.mux.ServeHTTP(w, r)
}

type claimsKey struct{}

// handle registers a route behind the token check, the roles (any of them will do) and the quota.
func (s *Server) handle(pattern string, h http.HandlerFunc, roles ...string) {
	security := strings.Contains(pattern, "/security/")
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || token == "" {
			fail(w, r, 401, "InvalidAuthenticationToken", "Access token is empty.")
			return
		}
		c, err := s.cfg.Check(token)
		if err != nil {
			fail(w, r, 401, "InvalidAuthenticationToken", err.Error())
			return
		}
		if !slices.ContainsFunc(roles, func(want string) bool { return slices.Contains(c.Roles, want) }) {
			if security {
				fail(w, r, 403, "Forbidden", "Missing application scopes. API requires one of following '"+strings.Join(roles, ", ")+"'. Application has '"+strings.Join(c.Roles, ", ")+"'.")
			} else {
				fail(w, r, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
			}
			return
		}
		if wait := s.quota.Take(c.AppID); security && wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(wait))
			fail(w, r, 429, "TooManyRequests", "Too many requests.")
			return
		}
		h(w, r.WithContext(context.WithValue(r.Context(), claimsKey{}, c)))
	})
}

// caller names the application as lastModifiedBy and comments do.
func caller(r *http.Request) string {
	c, _ := r.Context().Value(claimsKey{}).(entra.Claims)
	return "API-App:" + c.AppName
}

// Quota is a number of requests a minute, refilled evenly.
type Quota struct {
	PerMinute int
	Now       func() time.Time
	mu        sync.Mutex
	left      map[string]float64
	at        map[string]time.Time
}

// Take takes one request of key; when none is left it gives the seconds to wait.
func (q *Quota) Take(key string) (wait int) {
	if q.PerMinute <= 0 {
		return 0
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left == nil {
		q.left, q.at = map[string]float64{}, map[string]time.Time{}
	}
	now, rate := q.Now(), float64(q.PerMinute)/60
	if at, met := q.at[key]; met {
		q.left[key] = min(float64(q.PerMinute), q.left[key]+now.Sub(at).Seconds()*rate)
	} else {
		q.left[key] = float64(q.PerMinute)
	}
	q.at[key] = now
	if q.left[key] < 1 {
		return int((1-q.left[key])/rate) + 1
	}
	q.left[key]--
	return 0
}

// fail answers with Graph's error envelope.
func fail(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	id := entra.GUID()
	client := r.Header.Get("client-request-id")
	if client == "" {
		client = id
	}
	w.Header().Set("request-id", id)
	w.Header().Set("client-request-id", client)
	answer(w, status, map[string]any{"error": map[string]any{"code": code, "message": message, "innerError": map[string]any{
		"date": time.Now().UTC().Format("2006-01-02T15:04:05"), "request-id": id, "client-request-id": client}}})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	if w.Header().Get("request-id") == "" {
		w.Header().Set("request-id", entra.GUID())
	}
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a client that is gone has no use for it
}
