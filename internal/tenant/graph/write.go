package graph

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

const (
	maxBody    = 1 << 20
	maxComment = 30_000
)

var (
	incidentFields = []string{"assignedTo", "classification", "determination", "status", "customTags", "description", "displayName", "resolvingComment", "severity", "summary"}
	alertFields    = []string{"assignedTo", "classification", "determination", "status", "customDetails"}

	classifications = []string{"unknown", "falsePositive", "truePositive", "informationalExpectedActivity"}
	determinations  = []string{"unknown", "apt", "malware", "securityPersonnel", "securityTesting", "unwantedSoftware", "other", "multiStagedAttack", "compromisedAccount", "phishing",
		"maliciousUserActivity", "notMalicious", "notEnoughDataToValidate", "confirmedActivity", "lineOfBusinessApplication"}
	severities      = []string{"informational", "low", "medium", "high"}
	incidentVocable = map[string][]string{"status": {"active", "inProgress", "resolved"}, "classification": classifications, "determination": determinations, "severity": severities}
	alertVocable    = map[string][]string{"status": {"new", "inProgress", "resolved"}, "classification": classifications, "determination": determinations}
)

// body reads a JSON object. It answers itself when there is none.
func body(w http.ResponseWriter, r *http.Request, into any) bool {
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		fail(w, r, 400, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
		return false
	}
	return true
}

// changes reads a PATCH body: only the fields that may be set, and only members of their enumerations.
func changes(w http.ResponseWriter, r *http.Request, fields []string, vocabulary map[string][]string) (map[string]any, bool) {
	var set map[string]any
	if !body(w, r, &set) {
		return nil, false
	}
	for k, v := range set {
		if strings.HasPrefix(k, "@odata.") {
			delete(set, k)
			continue
		}
		if !slices.Contains(fields, k) {
			fail(w, r, 400, "BadRequest", "The property '"+k+"' cannot be updated.")
			return nil, false
		}
		members, limited := vocabulary[k]
		if !limited || v == nil {
			continue
		}
		said, _ := v.(string)
		i := slices.IndexFunc(members, func(m string) bool { return strings.EqualFold(m, said) })
		if i < 0 {
			fail(w, r, 400, "BadRequest", fmt.Sprintf("Invalid value '%v' for property '%s'.", v, k))
			return nil, false
		}
		set[k] = members[i]
	}
	return set, true
}

func (s *Server) patchIncident(w http.ResponseWriter, r *http.Request) {
	if set, ok := changes(w, r, incidentFields, incidentVocable); ok {
		s.one(w, r, "security/incidents/$entity", s.store.changeIncident(r.PathValue("id"), caller(r), set))
	}
}

func (s *Server) patchAlert(w http.ResponseWriter, r *http.Request) {
	if set, ok := changes(w, r, alertFields, alertVocable); ok {
		s.one(w, r, "security/alerts_v2/$entity", s.store.changeAlert(r.PathValue("id"), caller(r), set))
	}
}

// comment adds a comment and answers with the whole collection, as the service does.
func (s *Server) comment(w http.ResponseWriter, r *http.Request, name string, add func(by, words string) []any) {
	var c struct{ Comment string }
	if !body(w, r, &c) {
		return
	}
	if c.Comment == "" || len(c.Comment) > maxComment {
		fail(w, r, 400, "BadRequest", fmt.Sprintf("The comment must have between 1 and %d characters.", maxComment))
		return
	}
	list := add(caller(r), c.Comment)
	if list == nil {
		s.one(w, r, name, nil)
		return
	}
	answer(w, 200, map[string]any{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#" + name + "('" + r.PathValue("id") + "')/comments", "value": list})
}

func (s *Server) commentIncident(w http.ResponseWriter, r *http.Request) {
	s.comment(w, r, "security/incidents", func(by, words string) []any {
		return s.store.comment(s.store.incidents, r.PathValue("id"), by, words)
	})
}

func (s *Server) commentAlert(w http.ResponseWriter, r *http.Request) {
	s.comment(w, r, "security/alerts_v2", func(by, words string) []any {
		return s.store.comment(s.store.alerts, r.PathValue("id"), by, words)
	})
}

func (s *Server) mergeIncidents(w http.ResponseWriter, r *http.Request) {
	var req struct {
		IncidentIDs     []string `json:"incidentIds"`
		IncidentComment string   `json:"incidentComment"`
	}
	if !body(w, r, &req) {
		return
	}
	if len(req.IncidentIDs) < 2 {
		fail(w, r, 400, "BadRequest", "At least two incidents are required.")
		return
	}
	target, ok := s.store.merge(req.IncidentIDs, caller(r))
	if !ok {
		s.one(w, r, "", nil)
		return
	}
	if req.IncidentComment != "" {
		s.store.comment(s.store.incidents, target, caller(r), req.IncidentComment)
	}
	answer(w, 200, map[string]any{"targetIncidentId": target})
}

func (s *Server) moveAlerts(w http.ResponseWriter, r *http.Request) {
	var req struct {
		AlertIDs   []string `json:"alertIds"`
		IncidentID *string  `json:"incidentId"`
	}
	if !body(w, r, &req) {
		return
	}
	into := ""
	if req.IncidentID != nil {
		into = *req.IncidentID
	}
	target := s.store.move(req.AlertIDs, into, caller(r))
	if target == "" {
		s.one(w, r, "", nil)
		return
	}
	answer(w, 200, map[string]any{"targetIncidentId": target})
}

// hunt runs an advanced-hunting query through the function that was given.
func (s *Server) hunt(w http.ResponseWriter, r *http.Request) {
	var req struct{ Query, Timespan string } // keys are accepted in any case, as the service does
	if !body(w, r, &req) {
		return
	}
	if s.cfg.Hunt == nil {
		fail(w, r, 400, "BadRequest", "Advanced hunting is not available in this tenant.")
		return
	}
	t, err := s.cfg.Hunt(r.Context(), req.Query, req.Timespan)
	if err != nil {
		fail(w, r, 400, "BadRequest", err.Error()+". Fix semantic errors in your query.")
		return
	}
	if t.Rows == nil {
		t.Rows = []map[string]any{}
	}
	answer(w, 200, map[string]any{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.security.huntingQueryResults", "schema": t.Columns, "results": t.Rows})
}
