package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/entra"
)

// call makes requests to a service with two incidents, 1 (alerts a, b) and 2 (alert c), as an application with roles.
type call struct {
	t *testing.T
	s *Server
}

func service(t *testing.T, cfg Config, roles ...string) call {
	t.Helper()
	if roles == nil {
		roles = []string{"SecurityIncident.ReadWrite.All", "SecurityAlert.ReadWrite.All", "ThreatHunting.Read.All", "User.Read.All"}
	}
	cfg.Check = func(token string) (entra.Claims, error) {
		if token != "good" {
			return entra.Claims{}, errors.New("IDX14100: JWT is not well formed.")
		}
		return entra.Claims{AppID: "app", AppName: "Vedette", Roles: roles}, nil
	}
	s := New(cfg)
	for id, alerts := range map[string][]string{"1": {"a", "b"}, "2": {"c"}} {
		var docs []map[string]any
		for _, a := range alerts {
			docs = append(docs, map[string]any{"id": a, "incidentId": id, "status": "new", "serviceSource": "microsoftDefenderForCloud", "comments": []string{}, "lastUpdateDateTime": "2026-01-01T00:00:00Z"})
		}
		if err := s.Put(map[string]any{"id": id, "status": "active", "severity": "low", "customTags": []string{"tag" + id}, "comments": []string{}, "redirectIncidentId": nil,
			"createdDateTime": "2026-01-01T00:00:0" + id + "Z", "lastUpdateDateTime": "2026-01-01T00:00:00Z"}, docs); err != nil {
			t.Fatal(err)
		}
	}
	return call{t, s}
}

func (c call) do(method, path string, body any, header ...string) (int, map[string]any, http.Header) {
	c.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(b))
	r.Header.Set("Authorization", "Bearer good")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	c.s.ServeHTTP(w, r)
	var v map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		c.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code, v, w.Header()
}

func code(v map[string]any) string {
	e, _ := v["error"].(map[string]any)
	s, _ := e["code"].(string)
	return s
}

// A change moves lastUpdateDateTime, names the application, and carries over to the alerts what Defender carries over.
func TestPatch(t *testing.T) {
	c := service(t, Config{})
	status, v, _ := c.do("PATCH", "/v1.0/security/incidents/1", map[string]any{"status": "Resolved", "classification": "truePositive", "determination": "malware", "assignedTo": "me@corp.example"})
	if status != 200 || v["status"] != "resolved" || v["lastModifiedBy"] != "API-App:Vedette" || v["lastUpdateDateTime"] == "2026-01-01T00:00:00Z" || v["severity"] != "low" {
		t.Errorf("%d %v", status, v)
	}
	_, a, _ := c.do("GET", "/v1.0/security/alerts_v2/a", nil)
	if a["status"] != "resolved" || a["assignedTo"] != "me@corp.example" || a["lastUpdateDateTime"] != v["lastUpdateDateTime"] || a["lastModifiedBy"] != nil {
		t.Errorf("alert %v", a)
	}
	if _, a, _ = c.do("GET", "/v1.0/security/alerts_v2/c", nil); a["status"] != "new" {
		t.Errorf("an alert of another incident: %v", a)
	}
	before := v["lastUpdateDateTime"]
	if status, _, _ = c.do("PATCH", "/v1.0/security/alerts_v2/a", map[string]any{"status": "inProgress"}); status != 200 {
		t.Errorf("alert: %d", status)
	}
	if _, v, _ = c.do("GET", "/v1.0/security/incidents/1", nil); v["lastUpdateDateTime"] == before {
		t.Error("a changed alert leaves its incident as it was")
	}
	for _, bad := range []map[string]any{{"status": "redirected"}, {"id": "9"}, {"severity": "huge"}} {
		if status, v, _ := c.do("PATCH", "/v1.0/security/incidents/1", bad); status != 400 || code(v) != "BadRequest" {
			t.Errorf("%v: %d %v", bad, status, v)
		}
	}
	if status, v, _ := c.do("PATCH", "/v1.0/security/incidents/99", map[string]any{"status": "active"}); status != 404 || code(v) != "ResourceNotFound" {
		t.Errorf("unknown: %d %v", status, v)
	}
}

func TestComments(t *testing.T) {
	c := service(t, Config{})
	for i, path := range []string{"/v1.0/security/incidents/1/comments", "/v1.0/security/incidents/1/comments", "/v1.0/security/alerts_v2/a/comments"} {
		status, v, _ := c.do("POST", path, map[string]any{"@odata.type": "microsoft.graph.security.alertComment", "comment": fmt.Sprint("words ", i)})
		list, _ := v["value"].([]any)
		if status != 200 || len(list) != []int{1, 2, 1}[i] || list[len(list)-1].(map[string]any)["comment"] != fmt.Sprint("words ", i) {
			t.Errorf("%s: %d %v", path, status, v)
		}
	}
	if status, _, _ := c.do("POST", "/v1.0/security/incidents/1/comments", map[string]any{"comment": strings.Repeat("x", 30_001)}); status != 400 {
		t.Errorf("too long: %d", status)
	}
}

func TestMergeAndMove(t *testing.T) {
	c := service(t, Config{})
	status, v, _ := c.do("POST", "/v1.0/security/incidents/mergeIncidents", map[string]any{"incidentIds": []string{"1", "2"}, "incidentComment": "same campaign"})
	if status != 200 || v["targetIncidentId"] != "1" {
		t.Fatalf("%d %v", status, v)
	}
	_, two, _ := c.do("GET", "/v1.0/security/incidents/2?$expand=alerts", nil)
	_, one, _ := c.do("GET", "/v1.0/security/incidents/1?$expand=alerts", nil)
	if two["status"] != "redirected" || two["redirectIncidentId"] != "1" || len(two["alerts"].([]any)) != 0 || len(one["alerts"].([]any)) != 3 || len(one["customTags"].([]any)) != 2 || len(one["comments"].([]any)) != 1 {
		t.Errorf("one %v\ntwo %v", one, two)
	}
	if _, a, _ := c.do("GET", "/v1.0/security/alerts_v2/c", nil); a["incidentId"] != "1" {
		t.Errorf("moved alert %v", a)
	}
	status, v, _ = c.do("POST", "/v1.0/security/alerts_v2/moveAlerts", map[string]any{"alertIds": []string{"c"}, "incidentId": nil})
	id, _ := v["targetIncidentId"].(string)
	if status != 200 || id == "" || id == "1" {
		t.Fatalf("%d %v", status, v)
	}
	_, fresh, _ := c.do("GET", "/v1.0/security/incidents/"+id+"?$expand=alerts", nil)
	if len(fresh["alerts"].([]any)) != 1 || fresh["status"] != "active" {
		t.Errorf("new incident %v", fresh)
	}
	if n, _ := c.s.Counts(); n != 3 {
		t.Errorf("%d incidents", n)
	}
}

func TestListOptions(t *testing.T) {
	c := service(t, Config{})
	list := func(query string) (int, map[string]any, []any) {
		status, v, _ := c.do("GET", "/v1.0/security/incidents?"+query, nil, "Prefer", "include-unknown-enum-members")
		l, _ := v["value"].([]any)
		return status, v, l
	}
	if status, v, l := list(url.Values{"$top": {"1"}, "$count": {"true"}, "$expand": {"alerts"}, "$select": {"id,alerts"}}.Encode()); status != 200 || len(l) != 1 || v["@odata.count"] != 2.0 || v["@odata.nextLink"] == nil || len(l[0].(map[string]any)) != 2 {
		t.Errorf("%d %v", status, v)
	}
	if status, v, _ := list(url.Values{"$top": {"51"}}.Encode()); status != 400 || !strings.Contains(fmt.Sprint(v), "The limit of '50' for Top query has been exceeded. The value from the incoming request is '51'.") {
		t.Errorf("%d %v", status, v)
	}
	if status, _, _ := list(url.Values{"$filter": {"displayName eq 'x'"}}.Encode()); status != 400 {
		t.Errorf("a property that cannot be filtered on: %d", status)
	}
	c.s.ExpandFails.Store(2)
	if status, v, _ := list("$expand=alerts"); status != 500 || code(v) != "UnknownError" {
		t.Errorf("%d %v", status, v)
	}
	if status, _, _ := list("$expand=alerts&$top=1"); status != 200 {
		t.Errorf("a page with few alerts: %d", status)
	}
	for prefer, want := range map[string]string{"": "unknownFutureValue", "include-unknown-enum-members": "microsoftDefenderForCloud"} {
		_, a, h := c.do("GET", "/v1.0/security/alerts_v2/a", nil, "Prefer", prefer)
		if a["serviceSource"] != want || h.Get("Preference-Applied") != prefer {
			t.Errorf("Prefer %q: %v", prefer, a["serviceSource"])
		}
	}
}

func TestDoor(t *testing.T) {
	c := service(t, Config{}, "SecurityIncident.Read.All")
	for _, tc := range []struct {
		method, path, token string
		status              int
		code                string
	}{
		{"GET", "/v1.0/security/incidents", "good", 200, ""},
		{"GET", "/v1.0/security/incidents", "bad", 401, "InvalidAuthenticationToken"},
		{"GET", "/v1.0/security/alerts_v2", "good", 403, "Forbidden"},
		{"PATCH", "/v1.0/security/incidents/1", "good", 403, "Forbidden"},
		{"GET", "/v1.0/users", "good", 403, "Authorization_RequestDenied"},
		{"GET", "/v1.0/security/nothing", "good", 400, "BadRequest"},
	} {
		status, v, h := c.do(tc.method, tc.path, nil, "Authorization", "Bearer "+tc.token)
		if status != tc.status || code(v) != tc.code || h.Get("request-id") == "" {
			t.Errorf("%s %s: %d %v", tc.method, tc.path, status, v)
		}
	}
	now := time.Now()
	c = service(t, Config{PerMinute: 60, Now: func() time.Time { return now }})
	for i := range 61 {
		status, v, h := c.do("GET", "/v1.0/security/incidents/1", nil)
		if (status == 429) != (i == 60) {
			t.Fatalf("request %d: %d", i, status)
		}
		if status == 429 && (code(v) != "TooManyRequests" || h.Get("Retry-After") != "2") {
			t.Errorf("%v, Retry-After %q", v, h.Get("Retry-After"))
		}
	}
	now = now.Add(2 * time.Second)
	if status, _, _ := c.do("GET", "/v1.0/security/incidents/1", nil); status != 200 {
		t.Errorf("after the wait: %d", status)
	}
}

func TestHunting(t *testing.T) {
	if status, _, _ := service(t, Config{}).do("POST", "/v1.0/security/runHuntingQuery", map[string]any{"Query": "print 1"}); status != 400 {
		t.Errorf("without an engine: %d", status)
	}
	c := service(t, Config{Hunt: func(_ context.Context, query, timespan string) (Table, error) {
		if query != "print 1" {
			return Table{}, errors.New("unknown table")
		}
		return Table{Columns: []Column{{"n", "Int64"}}, Rows: []map[string]any{{"n": 1}}}, nil
	}})
	status, v, _ := c.do("POST", "/v1.0/security/runHuntingQuery", map[string]any{"query": "print 1"})
	if status != 200 || fmt.Sprint(v["schema"], v["results"]) != "[map[name:n type:Int64]] [map[n:1]]" {
		t.Errorf("%d %v", status, v)
	}
	if status, v, _ := c.do("POST", "/v1.0/security/runHuntingQuery", map[string]any{"Query": "T"}); status != 400 || !strings.Contains(fmt.Sprint(v), "unknown table. Fix semantic errors in your query.") {
		t.Errorf("%d %v", status, v)
	}
}
