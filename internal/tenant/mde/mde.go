// Package mde is the part of the Microsoft Defender for Endpoint API that a connector meets: machines, vulnerabilities, and which machine
// has which.
//
// It imports its neighbours and the standard library.
package mde

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/entra"
	"github.com/vedette-siem/vedette/internal/tenant/graph"
	"github.com/vedette-siem/vedette/internal/tenant/odata"
)

// Config is what the service needs from its surroundings. The lists are Defender API objects.
type Config struct {
	Check                  func(token string) (entra.Claims, error)
	Now                    func() time.Time // default time.Now
	PerMinute              int              // requests a minute and application; 0: no limit
	Machines               []map[string]any
	Vulnerabilities        []map[string]any
	MachineVulnerabilities []map[string]any // as vulnerabilities/machinesVulnerabilities gives them
}

// Server is the service. It answers paths that begin with /api/.
type Server struct {
	cfg   Config
	mux   *http.ServeMux
	quota graph.Quota
	lists map[string][]odata.Doc
}

const (
	machines   = "Machines"
	vulns      = "Vulnerabilities"
	machineVul = "Collection(microsoft.windowsDefenderATP.api.PublicAssetVulnerabilityDto)"
	assetVul   = "Collection(microsoft.windowsDefenderATP.api.AssetVulnerability)"
)

var limits = map[string]odata.Limits{
	machines: {Default: 10_000, Top: 10_000, Fields: []string{"computerDnsName", "id", "version", "deviceValue", "aadDeviceId", "lastSeen", "exposureLevel", "onboardingStatus",
		"lastIpAddress", "healthStatus", "osPlatform", "riskScore", "rbacGroupId"}},
	vulns:      {Default: 8000, Top: 8000, Fields: []string{"id", "name", "description", "cvssV3", "publishedOn", "severity", "updatedOn"}},
	machineVul: {Default: 10_000, Top: 10_000, Fields: []string{"id", "cveId", "machineId", "fixingKbId", "productName", "productVersion", "severity", "productVendor"}},
}

// New makes the service.
func New(cfg Config) (*Server, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{cfg: cfg, mux: http.NewServeMux(), quota: graph.Quota{PerMinute: cfg.PerMinute, Now: cfg.Now}, lists: map[string][]odata.Doc{}}
	for name, from := range map[string][]map[string]any{machines: cfg.Machines, vulns: cfg.Vulnerabilities, machineVul: cfg.MachineVulnerabilities} {
		b, err := json.Marshal(from)
		if err != nil {
			return nil, err
		}
		var docs []odata.Doc
		if err := json.Unmarshal(b, &docs); err != nil {
			return nil, err
		}
		s.lists[name] = docs
	}
	s.lists[assetVul] = s.assets()
	s.handle("GET /api/machines", "Machine.Read.All", func(w http.ResponseWriter, r *http.Request) { s.list(w, r, machines) })
	s.handle("GET /api/machines/{id}", "Machine.Read.All", s.machine)
	s.handle("GET /api/vulnerabilities", "Vulnerability.Read.All", func(w http.ResponseWriter, r *http.Request) { s.list(w, r, vulns) })
	s.handle("GET /api/vulnerabilities/machinesVulnerabilities", "Vulnerability.Read.All", func(w http.ResponseWriter, r *http.Request) { s.list(w, r, machineVul) })
	s.handle("GET /api/machines/SoftwareVulnerabilitiesByMachine", "Vulnerability.Read.All", s.byMachine)
	return s, nil
}

// assets joins the three lists into what SoftwareVulnerabilitiesByMachine gives.
func (s *Server) assets() []odata.Doc {
	byID := func(name string) map[any]odata.Doc {
		m := map[any]odata.Doc{}
		for _, d := range s.lists[name] {
			m[d["id"]] = d
		}
		return m
	}
	machine, cve := byID(machines), byID(vulns)
	var out []odata.Doc
	for _, v := range s.lists[machineVul] {
		m, c := machine[v["machineId"]], cve[v["cveId"]]
		id := strings.Join([]string{str(v["machineId"]), str(v["productName"]), str(v["productVersion"]), str(v["cveId"]), ""}, "_")
		out = append(out, odata.Doc{"id": id, "deviceId": v["machineId"], "deviceName": m["computerDnsName"], "rbacGroupId": m["rbacGroupId"], "rbacGroupName": m["rbacGroupName"],
			"osPlatform": m["osPlatform"], "osVersion": m["osVersion"], "osArchitecture": m["osArchitecture"], "softwareVendor": v["productVendor"], "softwareName": v["productName"],
			"softwareVersion": v["productVersion"], "cveId": v["cveId"], "vulnerabilitySeverityLevel": v["severity"], "cvssScore": c["cvssV3"], "recommendedSecurityUpdateId": v["fixingKbId"],
			"recommendationReference": "va-_-" + str(v["productVendor"]) + "-_-" + str(v["productName"]), "exploitabilityLevel": exploitability(c), "securityUpdateAvailable": v["fixingKbId"] != nil,
			"diskPaths": []any{}, "registryPaths": []any{}, "firstSeenTimestamp": plainTime(c["firstDetected"]), "lastSeenTimestamp": plainTime(m["lastSeen"])})
	}
	return out
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func exploitability(c odata.Doc) string {
	switch {
	case c["exploitInKit"] == true:
		return "ExploitIsInKit"
	case c["exploitVerified"] == true:
		return "ExploitIsVerified"
	case c["publicExploit"] == true:
		return "ExploitIsPublic"
	}
	return "NoExploit"
}

// plainTime is the form of timestamps in the export family: no T, no zone.
func plainTime(v any) any {
	t, err := time.Parse(time.RFC3339Nano, str(v))
	if err != nil {
		return nil
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern == "" {
		fail(w, 404, "NotFound", "No HTTP resource was found that matches the request URI.")
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) handle(pattern, role string, h http.HandlerFunc) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		c, err := s.cfg.Check(token)
		switch {
		case err != nil:
			fail(w, 401, "Unauthorized", err.Error())
			return
		case !slices.Contains(c.Roles, role):
			fail(w, 403, "Forbidden", "The application does not have any of the required application permissions ("+role+") to access the resource.")
			return
		}
		if wait := s.quota.Take(c.AppID); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(wait))
			fail(w, 429, "429", "API calls quota exceeded! maximum allowed "+strconv.Itoa(s.cfg.PerMinute)+" per 00:01:00")
			return
		}
		h(w, r)
	})
}

func (s *Server) list(w http.ResponseWriter, r *http.Request, name string) {
	q, err := odata.Read(r.URL.Query(), limits[name])
	if err != nil {
		fail(w, 400, "ODataError", err.Error())
		return
	}
	page, total := q.Apply(s.lists[name])
	value := make([]odata.Doc, len(page))
	for i, d := range page {
		value[i] = q.Pick(d)
	}
	out := map[string]any{"@odata.context": "https://api.securitycenter.microsoft.com/api/$metadata#" + name, "value": value}
	if q.Count {
		out["@odata.count"] = total
	}
	if next := q.Next(r.URL, "https://"+r.Host, total); next != "" {
		out["@odata.nextLink"] = next
	}
	answer(w, 200, out)
}

func (s *Server) machine(w http.ResponseWriter, r *http.Request) {
	for _, d := range s.lists[machines] {
		if d["id"] == r.PathValue("id") || strings.EqualFold(str(d["computerDnsName"]), r.PathValue("id")) {
			answer(w, 200, d)
			return
		}
	}
	fail(w, 404, "ResourceNotFound", "Machine "+r.PathValue("id")+" was not found")
}

// byMachine pages by pageSize and $skiptoken; $top cuts the list and suppresses the next link, as with the service.
func (s *Server) byMachine(w http.ResponseWriter, r *http.Request) {
	v := r.URL.Query()
	docs := s.lists[assetVul]
	size, from := 50_000, 0
	if t := v.Get("pageSize"); t != "" {
		n, err := strconv.Atoi(t)
		if err != nil || n < 1 || n > 200_000 {
			fail(w, 400, "BadRequest", "pageSize must be between 1 and 200000.")
			return
		}
		size = n
	}
	if t := v.Get("$skiptoken"); t != "" {
		b, err := base64.RawURLEncoding.DecodeString(t)
		if from, _ = strconv.Atoi(string(b)); err != nil || from < 0 {
			fail(w, 400, "BadRequest", "The $skiptoken is not valid.")
			return
		}
	}
	from = min(from, len(docs))
	out := map[string]any{"@odata.context": "https://api.securitycenter.microsoft.com/api/$metadata#" + assetVul}
	end := min(from+size, len(docs))
	if t := v.Get("$top"); t != "" {
		n, err := strconv.Atoi(t)
		if err != nil || n < 0 {
			fail(w, 400, "BadRequest", "$top must be a number.")
			return
		}
		end = min(from+n, end)
	} else if end < len(docs) {
		v.Set("$skiptoken", base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(end))))
		out["@odata.nextLink"] = "https://" + r.Host + r.URL.Path + "?" + v.Encode()
	}
	out["value"] = append([]odata.Doc{}, docs[from:end]...)
	answer(w, 200, out)
}

// fail answers with the API's error envelope; target is its correlation id.
func fail(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, map[string]any{"error": map[string]any{"code": code, "message": message, "target": entra.GUID()}})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; odata.metadata=minimal")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that is gone has no use for it
}
