// Package api is the HTTP door: the console's own API and Log Analytics' query API, over the works. It decides nothing.
//
// It imports the works and the floors below, and only the standard library beside them.
package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/library"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/queue"
)

// maxBody bounds a request's body; the longest things sent here are queries and watchlists.
const maxBody = 4 << 20

// API answers requests from what the works know.
type API struct {
	Query      *query.Engine
	Queue      *queue.Queue
	Connectors *connect.Set
	Library    *library.Library
	Status     func(*http.Request) Status
	Console    http.Handler // serves everything that is not an API path; nil for none
	Log        *slog.Logger
}

// Status is what GET /api/status says.
type Status struct {
	Version   string       `json:"version"`
	StartedAt time.Time    `json:"startedAt"`
	Demo      bool         `json:"demo"`
	Tenants   []TenantName `json:"tenants"`
	Listen    string       `json:"listen"`
	DataDir   string       `json:"dataDir"`
	Store     StoreStatus  `json:"store"`
	Problems  []Problem    `json:"problems"`
}

// TenantName names a tenant.
type TenantName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// StoreStatus is the store's size.
type StoreStatus struct {
	Rows  int64 `json:"rows"`
	Bytes int64 `json:"bytes"`
	Files int   `json:"files"`
}

// Problem is something that needs a person.
type Problem struct {
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
}

// route is one entry of the list of routes; the OpenAPI description is tested against it.
type route struct {
	Method, Pattern string
	handle          http.HandlerFunc
}

func (a *API) routes() []route {
	return []route{
		{"GET", "/healthz", a.health},
		{"GET", "/api/openapi.json", a.openAPI},
		{"GET", "/api/status", a.status},
		{"GET", "/api/schema", a.schema},
		{"POST", "/api/query", a.query},
		{"POST", "/api/query/check", a.check},
		{"GET", "/api/connectors", a.connectors},
		{"GET", "/api/connectors/defender-xdr", a.connector},
		{"PUT", "/api/connectors/defender-xdr/incidents", a.setIncidents},
		{"PUT", "/api/connectors/defender-xdr/entities", a.setEntities},
		{"PUT", "/api/connectors/defender-xdr/events", a.setEvents},
		{"PUT", "/api/connectors/defender-xdr/backfill", a.setBackfill},
		{"GET", "/api/connectors/defender-xdr/graph", a.graph},
		{"GET", "/api/watchlists", a.watchlists},
		{"GET", "/api/watchlists/{alias}", a.watchlist},
		{"PUT", "/api/watchlists/{alias}", a.putWatchlist},
		{"DELETE", "/api/watchlists/{alias}", a.removeWatchlist},
		{"GET", "/api/functions", a.functions},
		{"GET", "/api/functions/{name}", a.function},
		{"PUT", "/api/functions/{name}", a.putFunction},
		{"DELETE", "/api/functions/{name}", a.removeFunction},
		{"GET", "/api/incidents", a.incidents},
		{"GET", "/api/incidents/{id}", a.incident},
		{"POST", "/v1/workspaces/{workspace}/query", a.logAnalyticsPost},
		{"GET", "/v1/workspaces/{workspace}/query", a.logAnalyticsGet},
	}
}

// Handler is the whole door: the routes, the console for every other path, and the guards in front of both.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range a.routes() {
		mux.HandleFunc(r.Method+" "+r.Pattern, r.handle)
	}
	notFound := func(w http.ResponseWriter, r *http.Request) {
		writeError(w, fault.New(fault.NotFound, "", "there is no %s %s", r.Method, r.URL.Path))
	}
	mux.HandleFunc("/api/", notFound)
	mux.HandleFunc("/v1/", notFound)
	if a.Console != nil {
		mux.Handle("/", a.Console)
	}
	return guard(mux)
}

func (a *API) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

func (a *API) status(w http.ResponseWriter, r *http.Request) {
	s := a.Status(r)
	if s.Problems == nil {
		s.Problems = []Problem{}
	}
	writeJSON(w, s)
}

func (a *API) incidents(w http.ResponseWriter, r *http.Request) {
	f, err := queue.ParseFilter(r.URL.Query())
	if err != nil {
		writeError(w, err)
		return
	}
	page, err := a.Queue.List(r.Context(), f)
	answer(w, page, err)
}

func (a *API) incident(w http.ResponseWriter, r *http.Request) {
	one, err := a.Queue.Get(r.Context(), r.URL.Query().Get("tenant"), r.PathValue("id"))
	answer(w, one, err)
}

// answer writes v, or err when there is one.
func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, v)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a failure here is the client having gone
}

// errorBody is the shape of every error of our own API.
type errorBody struct {
	Error *query.Error `json:"error"`
}

// bodyOf makes the error object of err.
func bodyOf(err error) *query.Error {
	var q *query.Error
	if errors.As(err, &q) {
		if q.Diagnostics == nil {
			q.Diagnostics = []query.Diagnostic{}
		}
		return q
	}
	message := err.Error()
	var f *fault.Error
	if errors.As(err, &f) && f.Err != nil {
		message = f.Err.Error()
	}
	return &query.Error{Kind: string(fault.KindOf(err)), Message: message, Hint: fault.HintOf(err), Diagnostics: []query.Diagnostic{}}
}

func writeError(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(statusOf(err))
	_ = json.NewEncoder(w).Encode(errorBody{bodyOf(err)})
}

func statusOf(err error) int {
	var q *query.Error
	if errors.As(err, &q) {
		return fault.HTTPStatus(&fault.Error{Kind: fault.Kind(q.Kind)})
	}
	return fault.HTTPStatus(err)
}

// readJSON reads a bounded JSON body into v; unknown fields are faults.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil && dec.More() {
		err = errors.New("something follows the object")
	}
	if err != nil {
		return fault.New(fault.Invalid, "", "the request's body: %w", err).WithHint("the body must be the JSON object that /api/openapi.json describes, at most 4 MiB")
	}
	return nil
}
