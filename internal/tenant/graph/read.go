package graph

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/internal/tenant/odata"
)

var (
	incidentLimits = odata.Limits{Fields: []string{"assignedTo", "classification", "createdDateTime", "determination", "lastUpdateDateTime", "severity", "status"},
		Default: 50, Top: 50, Sensible: "createdDateTime desc"}
	alertLimits = odata.Limits{Fields: []string{"assignedTo", "classification", "determination", "createdDateTime", "lastUpdateDateTime", "severity", "serviceSource", "status", "incidentId"},
		Default: 100, Top: 1000, Reach: 6000, Sensible: "createdDateTime desc"}
)

func (s *Server) listIncidents(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, "security/incidents", s.store.allIncidents(), incidentLimits)
}

func (s *Server) listAlerts(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, "security/alerts_v2", s.store.allAlerts(), alertLimits)
}

// list answers one page of a collection.
func (s *Server) list(w http.ResponseWriter, r *http.Request, name string, docs []odata.Doc, limits odata.Limits) {
	q, err := odata.Read(r.URL.Query(), limits)
	if err != nil {
		fail(w, r, 400, "BadRequest", err.Error())
		return
	}
	page, total := q.Apply(docs)
	value := make([]any, len(page))
	expand, inside := slices.Contains(q.Expand, "alerts"), 0
	for i, d := range page {
		if expand {
			d = s.store.expanded(d)
			alerts, _ := d["alerts"].([]any)
			inside += len(alerts)
		}
		value[i] = evolve(w, r, q.Pick(d))
	}
	if limit := s.ExpandFails.Load(); expand && limit > 0 && inside > int(limit) {
		fail(w, r, 500, "UnknownError", "")
		return
	}
	out := map[string]any{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#" + name, "value": value}
	if q.Count {
		out["@odata.count"] = total
	}
	if next := q.Next(r.URL, "https://"+r.Host, total); next != "" {
		out["@odata.nextLink"] = next
	}
	answer(w, 200, out)
}

func (s *Server) getIncident(w http.ResponseWriter, r *http.Request) {
	d := s.store.incident(r.PathValue("id"))
	if d != nil && strings.Contains(r.URL.Query().Get("$expand"), "alerts") {
		d = s.store.expanded(d)
	}
	s.one(w, r, "security/incidents/$entity", d)
}

func (s *Server) getAlert(w http.ResponseWriter, r *http.Request) {
	s.one(w, r, "security/alerts_v2/$entity", s.store.alert(r.PathValue("id")))
}

func (s *Server) one(w http.ResponseWriter, r *http.Request, name string, d odata.Doc) {
	if d == nil {
		fail(w, r, 404, "ResourceNotFound", "The requested resource was not found.")
		return
	}
	d = maps.Clone(evolve(w, r, d))
	d["@odata.context"] = "https://graph.microsoft.com/v1.0/$metadata#" + name
	answer(w, 200, d)
}

// later are enumeration members that came after unknownFutureValue: clients that do not ask for them get that instead.
var later = map[string][]string{
	"status":        {"awaitingAction"},
	"serviceSource": {"microsoftDefenderForCloud", "microsoftSentinel", "microsoftInsiderRiskManagement", "microsoftThreatIntelligence", "microsoftSecurityForAI"},
	"detectionSource": {"microsoftDefenderForCloud", "microsoftDefenderForIoT", "microsoftDefenderForServers", "nrtAlerts", "scheduledAlerts", "builtInMl",
		"microsoftInsiderRiskManagement", "microsoftThreatIntelligence", "microsoftSentinel"},
}

// evolve hides the later members from callers that did not send Prefer: include-unknown-enum-members.
func evolve(w http.ResponseWriter, r *http.Request, d odata.Doc) odata.Doc {
	if strings.Contains(strings.Join(r.Header.Values("Prefer"), ","), "include-unknown-enum-members") {
		w.Header().Set("Preference-Applied", "include-unknown-enum-members")
		return d
	}
	out := d
	for field, members := range later {
		if slices.Contains(members, text(d, field)) {
			if len(out) == len(d) {
				out = maps.Clone(d)
			}
			out[field] = "unknownFutureValue"
		}
	}
	if alerts, ok := d["alerts"].([]any); ok {
		list := make([]any, len(alerts))
		for i, a := range alerts {
			doc, _ := a.(odata.Doc)
			list[i] = evolve(w, r, doc)
		}
		out = maps.Clone(out)
		out["alerts"] = list
	}
	return out
}
