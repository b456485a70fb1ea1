package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/api"
	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/connect"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/ledger/sqlite"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/queue"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/sentinel"
	"github.com/vedette-siem/vedette/internal/store/duck"
)

var update = flag.Bool("update", false, "write the routes into the expected file")

// door is a running API over a store with a few rows and one tenant whose source stands still.
type door struct {
	*httptest.Server
	t *testing.T
}

func open(t *testing.T, o query.Options) door {
	t.Helper()
	dir := t.TempDir()
	s, err := duck.Open(t.Context(), duck.Options{Dir: dir, MemoryMB: 256})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	fill(t, s)
	led, err := sqlite.Open(t.Context(), filepath.Join(dir, "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = led.Close() })
	o.Store = s
	engine := query.New(o)
	set := connect.New(connect.Deps{Ledger: led, Store: s, Engine: engine, Log: slog.New(slog.DiscardHandler)}, []connect.Tenant{{
		ID: "t", Name: "Test", Settings: ledger.Settings{Incidents: true}, Incidents: func() ([]collect.Source, error) { return []collect.Source{idle{}}, nil },
		Events: func() ([]collect.Source, error) { return []collect.Source{idle{}}, nil }, From: connect.EventsFrom{Kind: "eventhub", Namespace: "ns", Hub: "hub", ConsumerGroup: "$Default"},
	}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- set.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	a := &api.API{Query: engine, Queue: queue.New(engine), Connectors: set, Log: slog.New(slog.DiscardHandler),
		Status:  func(*http.Request) api.Status { return api.Status{Version: "v", Tenants: []api.TenantName{}} },
		Console: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "console "+r.URL.Path) })}
	srv := httptest.NewServer(a.Handler())
	t.Cleanup(srv.Close)
	return door{srv, t}
}

// idle is a source that has read everything.
type idle struct{}

func (idle) Name() string { return "idle" }
func (idle) Run(ctx context.Context, _ []record.Span, _ collect.Sink) error {
	<-ctx.Done()
	return ctx.Err()
}
func (idle) Health() collect.Health { return collect.Health{State: collect.Idle} }

func fill(t *testing.T, s *duck.Store) {
	t.Helper()
	incident, err := sentinel.Incident("t", []byte(`{"id":"7","displayName":"Something happened","severity":"high","status":"active","createdDateTime":"2026-11-01T10:00:00Z","lastUpdateDateTime":"2026-11-01T11:00:00Z","alertIds":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	loop := ingest.New(ingest.Options{Store: s})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	defer func() { stop(); <-ended }()
	var batch []record.Raw
	for i, body := range []string{
		`{"category":"AdvancedHunting-DeviceEvents","tenantId":"t","properties":{"Timestamp":"2026-11-01T10:00:00.0000001Z","DeviceName":"ws1","AdditionalFields":{"a":[1,"x"]}}}`,
		`{"category":"AdvancedHunting-DeviceEvents","tenantId":"t","properties":{"Timestamp":"2026-11-03T10:00:00Z","DeviceName":"ws2"}}`,
		`{"category":"AdvancedHunting-SecurityIncident","tenantId":"t","properties":` + string(incident) + `}`,
	} {
		batch = append(batch, record.Raw{Pos: record.Pos{Source: "test", Seq: int64(i)}, Arrived: time.Now(), Body: []byte(body)})
	}
	if err := loop.Put(ctx, batch); err != nil {
		t.Fatal(err)
	}
	if err := loop.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request and gives the status and the body.
func (d door) ask(method, path, body string, header ...string) (int, string) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.URL+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(text))
}

// TestRoutes asks every route once: its status, and what must stand in its answer. The list of routes is kept in testdata/routes.txt.
func TestRoutes(t *testing.T) {
	d := open(t, query.Options{})
	for _, c := range []struct {
		method, path, body string
		status             int
		holds              []string
	}{
		{"GET", "/healthz", "", 200, []string{"ok"}},
		{"GET", "/api/openapi.json", "", 200, []string{`"openapi"`}},
		{"GET", "/api/status", "", 200, []string{`"version":"v"`, `"problems":[]`, `"tenants":[]`, `"store":{"rows":0,"bytes":0,"files":0}`}},
		{"GET", "/api/schema", "", 200, []string{`"database":"Vedette"`, `{"name":"DeviceEvents"`, `"functions":[`, `{"name":"ago"`}},
		{"POST", "/api/query/check", `{"query":"DeviceEvents | where Nope == 1"}`, 200, []string{`"columns":null`, `"severity":"error"`, `"line":1,"column":22,"endLine":1,"endColumn":26,"start":21,"end":25`}},
		{"POST", "/api/query/check", `{"query":"print x = 1"}`, 200, []string{`{"diagnostics":[],"columns":[{"name":"x","type":"long"}]}`}},
		{"GET", "/api/connectors", "", 200, []string{`"id":"defender-xdr"`, `"title":"Microsoft Defender XDR"`, `"publisher":"Microsoft"`, `"status":"connected"`}},
		{"GET", "/api/connectors/defender-xdr", "", 200, []string{`"tenantId":"t"`, `"incidents":{"enabled":true`, `"source":{"kind":"eventhub","namespace":"ns","hub":"hub","consumerGroup":"$Default"}`, `"lastError":null`, `{"name":"DeviceEvents","group":"Defender for Endpoint"`}},
		{"GET", "/api/connectors/defender-xdr?tenant=other", "", 404, []string{`"kind":"not-found"`}},
		{"PUT", "/api/connectors/defender-xdr/incidents", `{"enabled":true,"disableIncidentCreationRules":true}`, 200, []string{`"disableIncidentCreationRules":true`}},
		{"PUT", "/api/connectors/defender-xdr/entities", `{"enabled":true,"activeDirectory":true}`, 200, []string{`"entities":{"enabled":true,"activeDirectory":true`}},
		{"PUT", "/api/connectors/defender-xdr/events", `{"tables":["DeviceEvents"]}`, 200, []string{`"events":{"enabled":true`}},
		{"PUT", "/api/connectors/defender-xdr/events", `{"tables":["Nope"]}`, 400, []string{"Nope", `"kind":"invalid"`}},
		{"PUT", "/api/connectors/defender-xdr/incidents", `{"enable":true}`, 400, []string{"enable", `"hint":"`}},
		{"PUT", "/api/connectors/defender-xdr/incidents", `{"enabled":true} {}`, 400, []string{"follows"}},
		{"PUT", "/api/connectors/defender-xdr/backfill", `{"enabled":true}`, 400, []string{"no client_id", `"hint":"`}},
		{"GET", "/api/connectors/defender-xdr/graph", "", 200, []string{`{"series":[{"name":"Incidents","query":"let Now = now();`, `"default":true`, `"name":"DeviceEvents"`}},
		{"GET", "/api/incidents", "", 200, []string{`"total":1,"items":[{"id":"7","number":7`, `"severity":"High","status":"New","defenderStatus":"active"`, `"tags":[]`, `"entities":{"devices":0,"users":0,"mailboxes":0}`}},
		{"GET", "/api/incidents?status=Closed", "", 200, []string{`{"total":0,"items":[]}`}},
		{"GET", "/api/incidents?sort=colour", "", 400, []string{"colour", `"diagnostics":[]`}},
		{"GET", "/api/incidents/7", "", 200, []string{`"id":"7"`, `"alertList":[]`, `"comments":[]`, `"redirectedTo":null`, `"history":[{"at":"2026-11-01T11:00:00Z"`}},
		{"GET", "/api/incidents/7?tenant=other", "", 404, []string{`"kind":"not-found"`}},
		{"GET", "/api/incidents/8", "", 404, []string{"there is no incident 8", `"hint":"`}},
		{"GET", "/api/nothing", "", 404, []string{"there is no GET /api/nothing"}},
		{"DELETE", "/api/incidents/7", "", 404, []string{"there is no DELETE"}},
		{"GET", "/incidents/7", "", 200, []string{"console /incidents/7"}},
		{"GET", "/", "", 200, []string{"console /"}},
	} {
		status, body := d.ask(c.method, c.path, c.body)
		if status != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, status, c.status)
		}
		for _, want := range c.holds {
			if !strings.Contains(body, want) {
				t.Errorf("%s %s: %q is not in\n%.1500s", c.method, c.path, want, body)
			}
		}
	}
}

// TestQueryStreams: the lines of an answer, in order, with values as Kusto's v2 REST API encodes them.
func TestQueryStreams(t *testing.T) {
	d := open(t, query.Options{})
	status, body := d.ask("POST", "/api/query", `{"query":"DeviceEvents | project Timestamp, DeviceName, AdditionalFields | sort by Timestamp asc | render timechart; print real(nan), 1d, int(null)"}`)
	lines := strings.Split(body, "\n")
	want := []string{
		`{"columns":[{"name":"Timestamp","type":"datetime"},{"name":"DeviceName","type":"string"},{"name":"AdditionalFields","type":"dynamic"}],"table":"PrimaryResult","type":"columns"}`,
		`{"type":"rows","rows":[["2026-11-01T10:00:00.0000001Z","ws1",{"a":[1,"x"]}],["2026-11-03T10:00:00Z","ws2",null]]}`,
		`{"columns":[{"name":"print_0","type":"real"},{"name":"print_1","type":"timespan"},{"name":"print_2","type":"int"}],"table":"PrimaryResult","type":"columns"}`,
		`{"type":"rows","rows":[["NaN","1.00:00:00",null]]}`,
	}
	if status != 200 || len(lines) != 5 {
		t.Fatalf("%d %s", status, body)
	}
	for i, w := range want {
		if lines[i] != w {
			t.Errorf("line %d:\n%s\nwant\n%s", i+1, lines[i], w)
		}
	}
	var done struct {
		Type      string
		Rows      int
		Truncated any
		Chart     *struct{ Kind, X string }
		Warnings  []any
	}
	if err := json.Unmarshal([]byte(lines[4]), &done); err != nil || done.Type != "done" || done.Rows != 3 || done.Truncated != nil || done.Chart == nil || done.Chart.Kind != "timechart" || done.Chart.X != "Timestamp" || done.Warnings == nil {
		t.Errorf("the last line: %s", lines[4])
	}
	for request, want := range map[string]string{
		`{"query":"DeviceEvents | count","timespan":{"from":"2026-11-02T00:00:00Z","to":"2026-11-04T00:00:00Z"}}`: `"rows":[[1]]`,
		`{"query":"DeviceEvents | count","timespan":null}`:                                                        `"rows":[[2]]`,
		`{"query":"print now()","now":"2026-01-01T00:00:00Z"}`:                                                    `2026-01-01T00:00:00Z`,
		`{"query":"range x from 1 to 10 step 1","maxRows":3}`:                                                     `"truncated":{"limit":3,"reason":"the result has more than 3 rows`,
		`{"query":"range x from 1 to 3 step 1 | where x > 5"}`:                                                    `"rows":0`,
	} {
		if status, body := d.ask("POST", "/api/query", request); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", request, status, body)
		}
	}
}

func TestQueryFaults(t *testing.T) {
	d := open(t, query.Options{Memory: 8 << 20})
	for request, want := range map[string]string{
		`{"query":"DeviceEvents | where Nope == 1"}`: `"diagnostics":[{"severity":"error"`,
		`{"query":""}`:       `no table to give`,
		`{"query":1}`:        `the request's body`,
		`{"quer":"print 1"}`: `quer`,
		`{"query":"print 1","timespan":{"from":"yesterday"}}`:      `yesterday`,
		`{"query":"` + strings.Repeat("x", 5<<20) + `"}`:           `too large`,
		`{"query":"print \"` + strings.Repeat("x", 3<<20) + `\""}`: `at most`,
	} {
		status, body := d.ask("POST", "/api/query", request)
		if status != 400 || !strings.Contains(body, want) || !strings.HasPrefix(body, `{"error":{"kind":"invalid","message":"`) {
			t.Errorf("%.60s: %d %.300s, want %q", request, status, body, want)
		}
	}
	// after the answer began, the fault is its last line
	status, body := d.ask("POST", "/api/query", `{"query":"print 1; range x from 1 to 100000000 step 1 | summarize make_list(tostring(x), 100000000)"}`)
	lines := strings.Split(body, "\n")
	if last := lines[len(lines)-1]; status != 200 || !strings.HasPrefix(last, `{"error":{"kind":"exhausted"`) || !strings.Contains(last, `"type":"error"`) {
		t.Errorf("%d %.500s", status, body)
	}
}

// TestQuerySaysThatItIsAlive: lines of progress come while nothing else does, and closing the connection ends the query.
func TestQuerySaysThatItIsAlive(t *testing.T) {
	d := open(t, query.Options{Concurrency: 1})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	req, err := http.NewRequestWithContext(ctx, "POST", d.URL+"/api/query", strings.NewReader(`{"query":"range x from 1 to 100000000000 step 1 | where x < 0"}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() && !strings.Contains(lines.Text(), `"type":"progress"`) {
	}
	if !strings.Contains(lines.Text(), `"elapsedMs":`) {
		t.Errorf("no progress: %s %v", lines.Text(), lines.Err())
	}
	stop()
	began := time.Now()
	if status, body := d.ask("POST", "/api/query", `{"query":"print 1"}`); status != 200 { // there is one turn only
		t.Errorf("%d %s", status, body)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the abandoned query held its turn for %v", took)
	}
}

// TestLogAnalytics: the shape that Azure Monitor's clients know.
func TestLogAnalytics(t *testing.T) {
	d := open(t, query.Options{Timeout: 2 * time.Second})
	const path = "/v1/workspaces/any/query"
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want                     string
		prefer                   string
	}{
		{"post", "POST", path, `{"query":"DeviceEvents | where DeviceName == \"ws1\" | project Timestamp, DeviceName, AdditionalFields"}`, 200,
			`{"tables":[{"name":"PrimaryResult","columns":[{"name":"Timestamp","type":"datetime"},{"name":"DeviceName","type":"string"},{"name":"AdditionalFields","type":"dynamic"}],"rows":[["2026-11-01T10:00:00.0000001Z","ws1","{\"a\":[1,\"x\"]}"]]}]}`, ""},
		{"get", "GET", path + "?query=DeviceEvents+%7C+count", "", 200, `{"tables":[{"name":"PrimaryResult","columns":[{"name":"Count","type":"long"}],"rows":[[2]]}]}`, ""},
		{"no rows", "GET", path + "?query=DeviceEvents+%7C+where+false+%7C+project+DeviceName", "", 200, `{"tables":[{"name":"PrimaryResult","columns":[{"name":"DeviceName","type":"string"}],"rows":[]}]}`, ""},
		{"two tables", "POST", path, `{"query":"print 1; print 2"}`, 200, `"rows":[[1]]},{"name":"PrimaryResult","columns":[{"name":"print_0","type":"long"}],"rows":[[2]]}]}`, ""},
		{"time range", "POST", path, `{"query":"DeviceEvents | count","timespan":"2026-11-02/2026-11-04"}`, 200, `"rows":[[1]]`, ""},
		{"time range in the address", "POST", path + "?timespan=2026-11-02/P2D", `{"query":"DeviceEvents | count"}`, 200, `"rows":[[1]]`, ""},
		{"the query narrows it further", "POST", path, `{"query":"DeviceEvents | where Timestamp < datetime(2026-11-02) | count","timespan":"2026-11-01/2026-12-01"}`, 200, `"rows":[[1]]`, ""},
		{"workspaces are taken", "POST", path, `{"query":"print 1","workspaces":["a"]}`, 200, `"rows":[[1]]`, ""},
		{"render", "POST", path, `{"query":"print T = now(), N = 1 | render timechart with (title=\"x\")"}`, 200, `"render":{"kind":"default","series":[],"title":"x","visualization":"timechart","xColumn":"T","yColumns":["N"]}`, "include-render=true"},
		{"statistics", "POST", path, `{"query":"print 1"}`, 200, `"statistics":{"query":{"executionTime":`, "wait=600, include-statistics=true"},
		{"cut", "POST", path, `{"query":"set truncationmaxrecords=1; range x from 1 to 2 step 1"}`, 200, `"rows":[[1]]}],"error":{"code":"PartialError"`, ""},
		{"syntax", "POST", path, `{"query":"print ("}`, 400, `{"error":{"code":"BadArgumentError","innererror":{"code":"SyntaxError","message":"line 1`, ""},
		{"meaning", "POST", path, `{"query":"Nope"}`, 400, `{"error":{"code":"BadArgumentError","innererror":{"code":"SemanticError","message":"line 1`, ""},
		{"empty", "POST", path, `{}`, 400, `"message":"the query is empty"`, ""},
		{"no JSON", "POST", path, `{"query"`, 400, `"code":"BadArgumentError"`, ""},
		{"bad time range", "POST", path, `{"query":"print 1","timespan":"14 days"}`, 400, `"innererror":{"code":"InvalidTimespan"`, ""},
		{"too slow", "POST", path, `{"query":"range x from 1 to 100000000000 step 1 | count"}`, 504, `"code":"GatewayTimeout"`, ""},
		{"other path", "GET", "/v1/nothing", "", 404, `there is no GET`, ""},
	} {
		status, body := d.ask(c.method, c.path, c.body, "Prefer", c.prefer)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d\n%s\nwant %d\n%s", c.name, status, body, c.status, c.want)
		}
		if !json.Valid([]byte(body)) {
			t.Errorf("%s: not JSON: %s", c.name, body)
		}
	}
}

// TestListOfRoutes compares the described routes with testdata/routes.txt, so that nothing changes unseen.
func TestListOfRoutes(t *testing.T) {
	d := open(t, query.Options{})
	_, body := d.ask("GET", "/api/openapi.json", "")
	var doc struct {
		Paths map[string]map[string]struct {
			Summary    string
			Parameters []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, path := range sorted(doc.Paths) {
		for _, method := range sorted(doc.Paths[path]) {
			op := doc.Paths[path][method]
			fmt.Fprintf(&b, "%s %s", strings.ToUpper(method), path)
			for _, p := range op.Parameters {
				fmt.Fprintf(&b, " %s:%s", p.In, p.Name)
			}
			fmt.Fprintf(&b, " - %s\n", op.Summary)
		}
	}
	const golden = "testdata/routes.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the routes changed; if that is meant, run the test with -update. They are now:\n%s", b.String())
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
