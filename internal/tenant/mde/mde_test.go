package mde

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/tenant/entra"
)

func serve(t *testing.T, roles ...string) func(path string) (int, map[string]any) {
	t.Helper()
	cfg := Config{Check: func(token string) (entra.Claims, error) {
		if token != "good" {
			return entra.Claims{}, errors.New("no")
		}
		return entra.Claims{AppID: "app", Roles: roles}, nil
	}}
	for i := range 25 {
		cfg.Machines = append(cfg.Machines, map[string]any{"id": fmt.Sprint("m", i), "computerDnsName": fmt.Sprintf("pc%d.corp.example", i), "osPlatform": "Windows11", "rbacGroupId": 7, "lastSeen": "2026-03-01T10:00:00.5Z"})
		cfg.MachineVulnerabilities = append(cfg.MachineVulnerabilities, map[string]any{"id": fmt.Sprint("v", i), "machineId": fmt.Sprint("m", i), "cveId": "CVE-2026-0001", "productName": "reader", "productVersion": "1.0", "productVendor": "acme", "severity": "High"})
	}
	cfg.Vulnerabilities = []map[string]any{{"id": "CVE-2026-0001", "cvssV3": 8.1, "publicExploit": true}}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return func(path string) (int, map[string]any) {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Bearer good")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var v map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return w.Code, v
	}
}

func TestPaging(t *testing.T) {
	get := serve(t, "Machine.Read.All", "Vulnerability.Read.All")
	for _, path := range []string{"/api/machines?$top=10", "/api/vulnerabilities/machinesVulnerabilities?$top=7", "/api/machines/SoftwareVulnerabilitiesByMachine?pageSize=10"} {
		seen := map[any]bool{}
		for link := path; link != ""; {
			status, v := get(link)
			list, _ := v["value"].([]any)
			if status != 200 || len(list) == 0 {
				t.Fatalf("%s: %d %v", link, status, v)
			}
			for _, d := range list {
				seen[d.(map[string]any)["id"]] = true
			}
			next, _ := v["@odata.nextLink"].(string)
			u, err := url.Parse(next)
			if err != nil {
				t.Fatal(err)
			}
			link = u.RequestURI()
			if next == "" {
				link = ""
			}
		}
		if len(seen) != 25 {
			t.Errorf("%s: %d of 25", path, len(seen))
		}
	}
	_, v := get("/api/machines/SoftwareVulnerabilitiesByMachine?$top=3")
	one := v["value"].([]any)[0].(map[string]any)
	if v["@odata.nextLink"] != nil || one["deviceName"] != "pc0.corp.example" || one["exploitabilityLevel"] != "ExploitIsPublic" || one["cvssScore"] != 8.1 || one["lastSeenTimestamp"] != "2026-03-01 10:00:00" {
		t.Errorf("%v", v)
	}
	if status, v := get("/api/machines?$filter=" + url.QueryEscape("computerDnsName eq 'PC3.corp.example'")); status != 200 || len(v["value"].([]any)) != 1 {
		t.Errorf("filter: %d %v", status, v)
	}
}

func TestRefusals(t *testing.T) {
	get := serve(t, "Machine.Read.All")
	for path, want := range map[string]string{"/api/vulnerabilities": "403 Forbidden", "/api/machines?$top=10001": "400 ODataError", "/api/machines/nobody": "404 ResourceNotFound", "/api/nothing": "404 NotFound"} {
		status, v := get(path)
		e, _ := v["error"].(map[string]any)
		if got := fmt.Sprint(status, " ", e["code"]); got != want || !strings.Contains(fmt.Sprint(e["target"]), "-") {
			t.Errorf("%s: %s", path, got)
		}
	}
}
