package queue_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/queue"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/sentinel"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/tenant/world"
)

// shared is a store that holds the simulated tenant's incidents and alerts; it is only read.
var shared struct {
	world  *world.World
	store  *duck.Store
	engine *query.Engine
}

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "queue")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	shared.world = world.New(world.Config{Seed: 5, Devices: 40, Users: 24, Events: 100})
	shared.store, err = duck.Open(context.Background(), duck.Options{Dir: dir, MemoryMB: 512})
	if err != nil {
		panic(err)
	}
	defer shared.store.Close()
	shared.engine = query.New(query.Options{Store: shared.store})
	if err := put(shared.store, documents(shared.world)...); err != nil {
		panic(err)
	}
	return m.Run()
}

// row is a row of SecurityIncident or SecurityAlert, as the mapping makes it.
type row struct {
	table string
	json  []byte
}

// documents are the tenant's incidents with their alerts, as Graph gives them, mapped.
func documents(w *world.World) (rows []row) {
	of := map[string][]any{}
	tenant := w.Config().TenantID
	for _, a := range w.Alerts() {
		doc, err := json.Marshal(a.Doc)
		must(err)
		mapped, err := sentinel.Alert(tenant, doc)
		must(err)
		rows = append(rows, row{"SecurityAlert", mapped})
		of[a.IncidentID] = append(of[a.IncidentID], a.Doc)
	}
	for _, in := range w.Incidents() {
		in.Doc["alerts"] = of[in.ID]
		rows = append(rows, incident(tenant, in.Doc))
	}
	return rows
}

func incident(tenant string, doc map[string]any) row {
	text, err := json.Marshal(doc)
	must(err)
	mapped, err := sentinel.Incident(tenant, text)
	must(err)
	return row{"SecurityIncident", mapped}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func put(s *duck.Store, rows ...row) error {
	var batch []record.Raw
	for i, r := range rows {
		batch = append(batch, record.Raw{Pos: record.Pos{Source: fmt.Sprint("test", time.Now().UnixNano()), Seq: int64(i)}, Arrived: time.Now(),
			Body: fmt.Appendf(nil, `{"category":"AdvancedHunting-%s","properties":%s}`, r.table, r.json)})
	}
	loop := ingest.New(ingest.Options{Store: s})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	defer func() { stop(); <-ended }()
	if err := loop.Put(ctx, batch); err != nil {
		return err
	}
	return loop.Flush(ctx)
}

func list(t *testing.T, q *queue.Queue, filter string) queue.Page {
	t.Helper()
	values, err := url.ParseQuery(filter)
	if err != nil {
		t.Fatal(err)
	}
	f, err := queue.ParseFilter(values)
	if err != nil {
		t.Fatal(err)
	}
	p, err := q.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestListAgreesWithTenant: every incident of the tenant is in the list once, saying what the tenant says.
func TestListAgreesWithTenant(t *testing.T) {
	q := queue.New(shared.engine)
	p := list(t, q, "limit=1000")
	want := map[string]world.Incident{}
	for _, in := range shared.world.Incidents() {
		want[in.ID] = in
	}
	if p.Total != len(want) || len(p.Items) != len(want) {
		t.Fatalf("%d of %d incidents are listed, the tenant has %d", len(p.Items), p.Total, len(want))
	}
	assets := queue.Counts{}
	for _, s := range p.Items {
		in := want[s.ID]
		title, _ := in.Doc["displayName"].(string)
		severity, _ := in.Doc["severity"].(string)
		status, _ := in.Doc["status"].(string)
		if s.Title != title || !strings.EqualFold(s.Severity, severity) || s.DefenderStatus != status || s.Alerts != len(in.AlertIDs) || fmt.Sprint(s.Number) != s.ID {
			t.Errorf("%s: %+v\nthe tenant says %v", s.ID, s, in.Doc)
		}
		for name, at := range map[string]struct {
			got  string
			want time.Time
		}{"created": {s.Created, in.Created}, "lastUpdate": {s.LastUpdate, in.Updated}} {
			if got, err := time.Parse(time.RFC3339Nano, at.got); err != nil || got.Sub(at.want).Abs() > time.Microsecond {
				t.Errorf("%s: %s is %s, want %v", s.ID, name, at.got, at.want)
			}
		}
		if s.URL == "" || s.Tenant != shared.world.Config().TenantID || s.Alerts > 0 && (len(s.Products) == 0 || at(t, s.LastActivity).Before(at(t, s.FirstActivity))) {
			t.Errorf("%s lacks something: %+v", s.ID, s)
		}
		assets.Devices += s.Entities.Devices
		assets.Users += s.Entities.Users
		assets.Mailboxes += s.Entities.Mailboxes
	}
	if assets.Devices == 0 || assets.Users == 0 || assets.Mailboxes == 0 {
		t.Errorf("assets of all incidents: %+v", assets)
	}
}

func TestFilterSortAndPages(t *testing.T) {
	q := queue.New(shared.engine)
	all := list(t, q, "limit=1000").Items
	for filter, keep := range map[string]func(queue.Summary) bool{
		"status=New":        func(s queue.Summary) bool { return s.Status == "New" },
		"status=New,Active": func(s queue.Summary) bool { return s.Status != "Closed" },
		"severity=High":     func(s queue.Summary) bool { return s.Severity == "High" },
		"severity=High,Medium&status=New": func(s queue.Summary) bool {
			return (s.Severity == "High" || s.Severity == "Medium") && s.Status == "New"
		},
		"search=" + url.QueryEscape(strings.ToUpper(all[0].Title)): func(s queue.Summary) bool { return strings.Contains(s.Title, all[0].Title) },
		"search=" + all[0].ID:           func(s queue.Summary) bool { return strings.Contains(s.ID, all[0].ID) },
		"search=nothing+is+called+this": func(queue.Summary) bool { return false },
	} {
		want := 0
		for _, s := range all {
			if keep(s) {
				want++
			}
		}
		p := list(t, q, "limit=1000&"+filter)
		if p.Total != want || len(p.Items) != want || p.Items == nil {
			t.Errorf("%s: %d of %d, want %d", filter, len(p.Items), p.Total, want)
		}
		for _, s := range p.Items {
			if !keep(s) {
				t.Errorf("%s: %s does not belong", filter, s.ID)
			}
		}
	}
	rank := func(words ...string) func(string) int { return func(s string) int { return slices.Index(words, s) } }
	severity, status := rank("Informational", "Low", "Medium", "High"), rank("Closed", "Active", "New")
	for by, compare := range map[string]func(a, b queue.Summary) int{
		"lastUpdate": func(a, b queue.Summary) int { return at(t, a.LastUpdate).Compare(at(t, b.LastUpdate)) },
		"created":    func(a, b queue.Summary) int { return at(t, a.Created).Compare(at(t, b.Created)) },
		"severity":   func(a, b queue.Summary) int { return cmp.Compare(severity(a.Severity), severity(b.Severity)) },
		"status":     func(a, b queue.Summary) int { return cmp.Compare(status(a.Status), status(b.Status)) },
		"title":      func(a, b queue.Summary) int { return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) },
		"alerts":     func(a, b queue.Summary) int { return cmp.Compare(a.Alerts, b.Alerts) },
		"id":         func(a, b queue.Summary) int { return cmp.Compare(a.Number, b.Number) },
	} {
		if got := list(t, q, "limit=1000&desc=false&sort="+by).Items; len(got) != len(all) || !slices.IsSortedFunc(got, compare) {
			t.Errorf("sort=%s: not in order", by)
		}
		down := list(t, q, "limit=1000&sort="+by).Items
		if !slices.IsSortedFunc(down, func(a, b queue.Summary) int { return compare(b, a) }) {
			t.Errorf("sort=%s: not in descending order", by)
		}
		var paged []string
		for offset := 0; offset < len(all)+7; offset += 7 {
			p := list(t, q, fmt.Sprintf("sort=%s&offset=%d&limit=7", by, offset))
			if p.Total != len(all) {
				t.Errorf("sort=%s: %d in all on the page at %d", by, p.Total, offset)
			}
			for _, s := range p.Items {
				paged = append(paged, s.ID)
			}
		}
		var want []string
		for _, s := range down {
			want = append(want, s.ID)
		}
		if !slices.Equal(paged, want) {
			t.Errorf("sort=%s: the pages together are not the list", by)
		}
	}
	for _, bad := range []string{"sort=colour", "limit=x", "offset=-1", "status=Sleeping", "severity=Terrible", "desc=perhaps"} {
		values, _ := url.ParseQuery(bad)
		if _, err := queue.ParseFilter(values); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), strings.Split(bad, "=")[0]) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestEveryIncidentOpens: each has its alerts with their evidence, and each piece's query is one that the engine takes.
func TestEveryIncidentOpens(t *testing.T) {
	q := queue.New(shared.engine)
	kinds, asked := map[string]int{}, map[string]bool{}
	for _, in := range shared.world.Incidents() {
		one, err := q.Get(t.Context(), "", in.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(one.AlertList) != len(in.AlertIDs) || len(one.History) != 1 || !slices.Contains([]string{"created", "first collected"}, one.History[0].Changes[0].Field) {
			t.Errorf("%s: %d alerts of %d, history %+v", in.ID, len(one.AlertList), len(in.AlertIDs), one.History)
		}
		for i, a := range one.AlertList {
			if a.Title == "" || a.Severity == "" || a.Product == "" || a.Created == "" || len(a.Evidence) == 0 || i > 0 && at(t, a.FirstActivity).Before(at(t, one.AlertList[i-1].FirstActivity)) {
				t.Errorf("%s: alert %+v", in.ID, a)
			}
			for _, e := range a.Evidence {
				kinds[e.Type]++
				if e.Title == "" || e.Type == "" || len(e.Fields) == 0 {
					t.Errorf("%s: evidence %+v", a.ID, e)
				}
				if e.Query == "" {
					continue
				}
				asked[e.Type] = true
				if cols, diags := shared.engine.Check(e.Query); len(cols) == 0 || queue.Faulty(diags) {
					t.Errorf("%s\n%v", e.Query, diags)
				}
			}
		}
	}
	for _, kind := range []string{"process", "file", "ip", "url", "device", "user", "analyzedMessage", "mailbox"} {
		if kinds[kind] == 0 || !asked[kind] {
			t.Errorf("%d pieces of evidence of type %s, a query for one: %v", kinds[kind], kind, asked[kind])
		}
	}
	if _, err := q.Get(t.Context(), "", `0" or 1==1`); !fault.Is(err, fault.NotFound) || fault.HintOf(err) == "" {
		t.Errorf("an incident that is not there: %v", err)
	}
}
