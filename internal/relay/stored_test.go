package relay

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/ecs"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

func openStore(t *testing.T, records []string) *duck.Store {
	t.Helper()
	s, err := duck.Open(t.Context(), duck.Options{Dir: t.TempDir(), MemoryMB: 512})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	loop := ingest.New(ingest.Options{Store: s})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	defer func() { stop(); <-ended }()
	var raws []record.Raw
	for i, r := range records {
		raws = append(raws, record.Raw{Pos: record.Pos{Source: "test", Seq: int64(i + 1)}, Arrived: time.Now(), Body: []byte(r)})
	}
	if err := loop.Put(ctx, raws); err != nil {
		t.Fatal(err)
	}
	if err := loop.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

// all gives every document of the rows that queries choose.
func all(t *testing.T, s *duck.Store, queries ...string) []forward.Document {
	t.Helper()
	src, err := NewStored(s, queries, ecs.Default())
	if err != nil {
		t.Fatal(err)
	}
	var out []forward.Document
	for docs, err := range src.Documents(t.Context(), Span{Until: math.MaxInt64 / 2}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			d.JSON = append([]byte(nil), d.JSON...)
			out = append(out, d)
		}
	}
	return out
}

// TestRowsGiveTheDocumentsOfTheirRecords stores the simulated tenant's records and wants of the rows the documents that the mapping makes
// of the records themselves.
func TestRowsGiveTheDocumentsOfTheirRecords(t *testing.T) {
	w := world.New(world.Config{Events: 3000})
	m, err := ecs.New(ecs.Event, ecs.Default())
	if err != nil {
		t.Fatal(err)
	}
	var records []string
	want := map[string]int{}
	for e := range w.History() {
		var row struct{ Timestamp string }
		if err := json.Unmarshal(e.Properties, &row); err != nil {
			t.Fatal(err)
		}
		rec := fmt.Sprintf(`{"time":%q,"tenantId":%q,"operationName":"Publish","category":"AdvancedHunting-%s","properties":%s}`, row.Timestamp, w.Config().TenantID, e.Table, e.Properties)
		doc, err := m.Append(nil, []byte(rec))
		if err != nil {
			t.Fatal(err)
		}
		want[plain(t, doc)]++
		if records = append(records, rec); len(records) == 3000 {
			break
		}
	}
	ids := map[string]bool{}
	unexpected := 0
	for _, d := range all(t, openStore(t, records)) {
		if ids[d.ID] || len(d.ID) > 40 {
			t.Fatalf("id %q", d.ID)
		}
		ids[d.ID] = true
		key := plain(t, d.JSON)
		if want[key] == 0 {
			if unexpected++; unexpected <= 3 {
				t.Errorf("not made of the records: %s", key)
			}
			continue
		}
		delete(want, key) // a record delivered twice is stored once
	}
	for key := range want {
		if unexpected++; unexpected <= 6 {
			t.Errorf("missing: %s", key)
		}
	}
	if unexpected > 0 {
		t.Errorf("%d of %d documents differ", unexpected, len(records))
	}
}

// plain is a document with its members in order.
func plain(t *testing.T, doc []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatalf("%v: %s", err, doc)
	}
	if m, ok := v.(map[string]any)["m365_defender"].(map[string]any); ok {
		delete(m["event"].(map[string]any), "tenant_id") // of the envelope only: a few tables have it in the record as well
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const someRecords = `{"time":"2026-11-01T10:00:00Z","tenantId":"t","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2026-11-01T10:00:00Z","DeviceName":"ws1","FileName":"cmd.exe","ProcessId":10,"Invented":"kept"}}
{"time":"2026-11-02T10:00:00Z","tenantId":"t","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2026-11-02T10:00:00Z","DeviceName":"ws2","FileName":"winword.exe","ProcessId":11}}
{"time":"2026-11-02T10:00:00Z","tenantId":"t","category":"AdvancedHunting-DeviceLogonEvents","properties":{"Timestamp":"2026-11-02T10:00:00Z","DeviceName":"ws2","AccountName":"ada"}}`

func TestFilter(t *testing.T) {
	s := openStore(t, strings.Split(someRecords, "\n"))
	for _, c := range []struct {
		query string
		want  string // the documents' tables, file names and invented columns
	}{
		{`DeviceProcessEvents`, "cmd.exe+kept winword.exe"},
		{`DeviceProcessEvents | where DeviceName == "ws1"`, "cmd.exe+kept"},
		{`DeviceProcessEvents | project-away Invented | where ProcessId > 1`, "cmd.exe winword.exe"},
		{`DeviceProcessEvents | project Timestamp, FileName, ActionType`, "cmd.exe winword.exe"},
		{`DeviceProcessEvents | extend FileName = strcat("my-", FileName) | where FileName contains "word"`, "my-winword.exe"},
		{`DeviceLogonEvents | where DeviceName == "nowhere"`, ""},
	} {
		var got []string
		for _, d := range all(t, s, c.query) {
			var doc struct {
				Time    string `json:"@timestamp"`
				Process struct{ Name string }
				M365    struct{ Event map[string]any } `json:"m365_defender"`
			}
			if err := json.Unmarshal(d.JSON, &doc); err != nil || doc.Time == "" {
				t.Fatal(err, string(d.JSON))
			}
			one := doc.Process.Name
			if doc.M365.Event["invented"] != nil {
				one += fmt.Sprint("+", doc.M365.Event["invented"])
			}
			got = append(got, one)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.query, got, c.want)
		}
	}
	if n := len(all(t, s)); n != 3 {
		t.Errorf("without queries there are %d documents, want 3", n)
	}
	for _, q := range []string{
		`DeviceProcessEvents | count`, `DeviceProcessEvents | take 5`, `DeviceProcessEvents | join DeviceLogonEvents on DeviceName`, `print 1`, `Nothing`,
		`DeviceProcessEvents | where`, `VedetteIngestionFailures`, `DeviceProcessEvents; DeviceLogonEvents`, ``,
		`DeviceProcessEvents | where DeviceName in ((DeviceLogonEvents | project DeviceName))`, `DeviceProcessEvents | where ProcessId > toscalar(DeviceLogonEvents | count)`,
	} {
		if _, err := NewStored(s, []string{q}, ecs.Default()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", q, err)
		}
	}
}

// An incident gives a document for each alert, and one of its present state under its own id.
func TestPresentState(t *testing.T) {
	doc := `{"id":"7","displayName":"one","lastUpdateDateTime":"2026-11-02T10:00:00.5Z","alerts":[{"id":"a"},{"id":"b"}]}`
	properties := fmt.Sprintf(`{"TimeGenerated":"2026-11-02T10:00:00.5Z","ProviderIncidentId":"7","DefenderIncident":%s}`, doc)
	s := openStore(t, []string{`{"time":"2026-11-02T10:00:00Z","tenantId":"t","category":"SecurityIncident","properties":` + properties + `}`})
	docs := all(t, s)
	if len(docs) != 3 {
		t.Fatalf("%d documents: %v", len(docs), docs)
	}
	for i, d := range docs {
		if d.Stream != "incident" || (d.Version > 0) != (i == 2) || !strings.Contains(string(d.JSON), `"@timestamp"`) {
			t.Errorf("document %d: %+v", i, d)
		}
	}
	if docs[0].ID == docs[1].ID || docs[2].ID != "7" || strings.Contains(string(docs[2].JSON), `"alert":`) {
		t.Errorf("%v", docs)
	}
}
