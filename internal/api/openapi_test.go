package api

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestOpenAPIDescribesEveryRoute compares the served description with the list of routes, both ways, and checks its references.
func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	a := &API{}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "http://127.0.0.1:8080/api/openapi.json", nil)
	a.Handler().ServeHTTP(w, r)
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	text := w.Body.Bytes()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Summary     string
			Responses   map[string]any
			Parameters  []struct{ Name, In string }
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	served, ids := map[string]bool{}, map[string]bool{}
	for _, r := range a.routes() {
		served[r.Method+" "+r.Pattern] = true
		if _, ok := doc.Paths[r.Pattern][strings.ToLower(r.Method)]; !ok {
			t.Errorf("%s %s is served but not described", r.Method, r.Pattern)
		}
	}
	placeholder := regexp.MustCompile(`\{(\w+)\}`)
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if !served[strings.ToUpper(method)+" "+path] {
				t.Errorf("%s %s is described but not served", method, path)
			}
			if op.OperationID == "" || op.Summary == "" || len(op.Responses) == 0 || ids[op.OperationID] {
				t.Errorf("%s %s: operationId (unique), summary and responses are needed", method, path)
			}
			ids[op.OperationID] = true
			for _, m := range placeholder.FindAllStringSubmatch(path, -1) {
				found := false
				for _, p := range op.Parameters {
					found = found || p.In == "path" && p.Name == m[1]
				}
				if !found {
					t.Errorf("%s %s: path parameter %s is not described", method, path, m[1])
				}
			}
		}
	}
	for _, m := range regexp.MustCompile(`"#/components/schemas/(\w+)"`).FindAllStringSubmatch(string(text), -1) {
		if doc.Components.Schemas[m[1]] == nil {
			t.Errorf("the schema %s is referred to but not there", m[1])
		}
	}
}
