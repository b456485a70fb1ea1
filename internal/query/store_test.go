package query_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/kql/value"
)

// records are what the shared store holds: a category and properties, one a line.
const records = `
DeviceProcessEvents {"Timestamp":"2026-11-01T10:00:00.0000001Z","DeviceName":"ws1","FileName":"cmd.exe","ProcessId":10,"ReportId":1}
DeviceProcessEvents {"Timestamp":"2026-11-02T10:00:00Z","DeviceName":"ws1","FileName":"powershell.exe","ProcessId":11,"ReportId":2}
DeviceProcessEvents {"Timestamp":"2026-11-03T10:00:00Z","DeviceName":"ws2","FileName":"winword.exe","ProcessId":12,"ReportId":3}
DeviceLogonEvents {"Timestamp":"2026-11-01T09:00:00Z","DeviceName":"ws1","AccountName":"ada","ReportId":4}
DeviceLogonEvents {"Timestamp":"2026-11-03T09:00:00Z","DeviceName":"ws2","AccountName":"bob","ReportId":5}
SecurityIncident {"TimeGenerated":"2026-11-01T00:00:00Z","LastModifiedTime":"2026-11-01T00:00:00Z","IncidentNumber":1,"ProviderIncidentId":"1","ProviderName":"Microsoft XDR","Title":"new words"}
SecurityIncident {"TimeGenerated":"2026-11-02T00:00:00Z","LastModifiedTime":"2026-11-02T00:00:00Z","IncidentNumber":2,"ProviderIncidentId":"2","ProviderName":"Microsoft 365 Defender","Title":"old words"}
SecurityIncident {"TimeGenerated":"2026-11-03T00:00:00Z","LastModifiedTime":"2026-11-03T00:00:00Z","IncidentNumber":3,"ProviderIncidentId":"3","ProviderName":"Azure Sentinel","Title":"others"}
SecurityAlert {"TimeGenerated":"2026-11-02T00:00:00Z","SystemAlertId":"a","DisplayName":"one","ProductName":"Microsoft Defender XDR","ProviderName":"Microsoft Defender XDR"}
`

var shared struct {
	sync.Once
	dir   string
	store *duck.Store
	err   error
}

func TestMain(m *testing.M) {
	status := m.Run()
	if shared.store != nil {
		_ = shared.store.Close()
	}
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
	os.Exit(status)
}

// filled gives the store that holds records; it is only read.
func filled(t *testing.T) *duck.Store {
	t.Helper()
	shared.Do(func() { shared.err = fill() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.store
}

func fill() (err error) {
	if shared.dir, err = os.MkdirTemp("", "query"); err != nil {
		return err
	}
	ctx := context.Background()
	if shared.store, err = duck.Open(ctx, duck.Options{Dir: shared.dir, MemoryMB: 256}); err != nil {
		return err
	}
	var batch []record.Raw
	for i, line := range strings.Split(strings.TrimSpace(records), "\n") {
		table, properties, _ := strings.Cut(line, " ")
		batch = append(batch, record.Raw{Pos: record.Pos{Source: "test", Partition: "0", Seq: int64(i)}, Arrived: time.Now(),
			Body: fmt.Appendf(nil, `{"category":"AdvancedHunting-%s","tenantId":"t","properties":%s}`, table, properties)})
	}
	loop := ingest.New(ingest.Options{Store: shared.store})
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	defer func() { stop(); <-ended }()
	if err := loop.Put(ctx, batch); err != nil {
		return err
	}
	return loop.Flush(ctx)
}

// answer gathers a result: a line of column names, then a line of JSON for each row.
type answer struct {
	tables int
	cols   []string
	lines  []string
}

func (a *answer) Columns(_ string, cols []query.Column) error {
	a.tables++
	a.cols = nil
	for _, c := range cols {
		a.cols = append(a.cols, c.Name)
	}
	return nil
}

func (a *answer) Rows(rows [][]value.Value) error {
	for _, r := range rows {
		var b []byte
		for i, v := range r {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.AppendJSON(b)
		}
		a.lines = append(a.lines, string(b))
	}
	return nil
}

func (a *answer) String() string { return strings.Join(a.lines, " ") }

// ask runs a query that must be answered.
func ask(t *testing.T, e *query.Engine, req query.Request) (*answer, query.Summary) {
	t.Helper()
	var a answer
	sum, err := e.Run(t.Context(), req, &a)
	if err != nil {
		t.Fatalf("%s\n%v", req.Text, err)
	}
	if sum.Rows != int64(len(a.lines)) {
		t.Errorf("%s: the summary counts %d rows, %d came", req.Text, sum.Rows, len(a.lines))
	}
	return &a, sum
}
