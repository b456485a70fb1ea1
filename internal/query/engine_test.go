package query_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

func TestTruncation(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		rows, bytes int64
		max         int64
		want, limit int64
		says        string
	}{
		{"whole", `range x from 1 to 10 step 1`, 10, 0, 0, 10, 0, ""},
		{"by rows", `range x from 1 to 11 step 1`, 10, 0, 0, 10, 10, "more than 10 rows"},
		{"by the request", `range x from 1 to 11 step 1`, 0, 0, 5, 5, 5, "more than 5 rows"},
		{"the request cannot raise it", `range x from 1 to 11 step 1`, 10, 0, 500, 10, 10, "more than 10 rows"},
		{"by size", `range x from 1 to 10000 step 1`, 0, 1 << 10, 0, 128, 128, "larger than"},
		{"one large row is kept", `print strcat_array(repeat("abcdefgh", 10000), "")`, 0, 1 << 10, 0, 1, 0, ""},
		{"lowered", `set truncationmaxrecords=3; range x from 1 to 11 step 1`, 10, 0, 0, 3, 3, "more than 3 rows"},
		{"raised", `set truncationmaxrecords=11; range x from 1 to 11 step 1`, 10, 0, 0, 11, 0, ""},
		{"size lowered", `set truncationmaxsize=80; range x from 1 to 11 step 1`, 0, 0, 0, 10, 10, "larger than 80 bytes"},
		{"none", `set notruncation; range x from 1 to 1000 step 1`, 10, 1 << 10, 0, 1000, 0, ""},
		{"none, in words", `set notruncation=true; range x from 1 to 20 step 1`, 10, 0, 0, 20, 0, ""},
		{"not none", `set notruncation=false; range x from 1 to 20 step 1`, 10, 0, 0, 10, 10, "more than 10"},
		{"none but the request", `set notruncation; range x from 1 to 1000 step 1`, 10, 0, 7, 7, 7, "more than 7"},
	} {
		e := query.New(query.Options{Store: filled(t), Rows: c.rows, Bytes: c.bytes})
		_, sum := ask(t, e, query.Request{Text: c.text, MaxRows: c.max})
		switch {
		case sum.Rows != c.want:
			t.Errorf("%s: %d rows, want %d", c.name, sum.Rows, c.want)
		case c.says == "" && sum.Truncated != nil:
			t.Errorf("%s: cut: %s", c.name, sum.Truncated.Reason)
		case c.says != "" && (sum.Truncated == nil || sum.Truncated.Limit != c.limit || !strings.Contains(sum.Truncated.Reason, c.says)):
			t.Errorf("%s: %+v, want %q", c.name, sum.Truncated, c.says)
		}
	}
}

// endless are queries that would run for hours, each busy in another place.
var endless = map[string]string{
	"range":       `range x from 1 to 100000000000 step 1 | where x < 0`,
	"aggregate":   `range x from 1 to 100000000000 step 1 | summarize count()`,
	"many keys":   `range x from 1 to 100000000000 step 1 | summarize count() by x % 10`,
	"expand":      `range x from 1 to 100000000000 step 1 | extend l = range(1, 1000) | mv-expand l to typeof(long) | summarize sum(l)`,
	"cross join":  `let r = range x from 1 to 100000 step 1 | extend k = 1; r | join kind=inner r on k | summarize sum(x + x1)`,
	"from tables": `let r = DeviceProcessEvents | join kind=fullouter (range y from 1 to 300000 step 1 | extend k = 1) on $left.ReportId == $right.k | extend j = 1; r | join kind=inner r on j | summarize sum(y * y1)`,
	"slow words":  `range x from 1 to 100000000000 step 1 | where strcat_array(repeat(tostring(x), 100), "-") matches regex "(a|b)+c" | count`,
}

// TestCancel: a query ends soon after its caller gave up, wherever it is busy.
func TestCancel(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	for name, text := range endless {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer stop()
			_, err := e.Run(ctx, query.Request{Text: text}, &answer{})
			deadline, _ := ctx.Deadline()
			if late := time.Since(deadline); late > 2*time.Second { // half a second, on a machine that does nothing else
				t.Errorf("it ended %v after it was cancelled", late)
			}
			var q *query.Error
			if !errors.As(err, &q) || q.Kind != string(fault.Canceled) || q.Message != "the query was cancelled" {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	e := query.New(query.Options{Store: filled(t), Timeout: 100 * time.Millisecond})
	_, err := e.Run(t.Context(), query.Request{Text: endless["range"]}, &answer{})
	var q *query.Error
	if !errors.As(err, &q) || q.Kind != string(fault.Exhausted) || !strings.Contains(q.Message, "longer than 100ms") || q.Hint == "" || !errors.Is(err, query.ErrTimeout) {
		t.Errorf("the error is %#v", err)
	}
	_, err = query.New(query.Options{Store: filled(t)}).Run(t.Context(), query.Request{Text: endless["range"], Timeout: 50 * time.Millisecond}, &answer{})
	if err == nil || !strings.Contains(err.Error(), "longer than 50ms") {
		t.Errorf("its own time: %v", err)
	}
}

// held is a store whose one table gives its rows when it is let go.
type held struct {
	started chan struct{} // receives when a query begins
	letGo   chan struct{}
}

var heldTable = func() *schema.Table {
	t, err := schema.NewTable(schema.Table{Name: "T", Columns: []schema.Column{{Name: "A", Type: schema.Long}}})
	if err != nil {
		panic(err)
	}
	return t
}()

func (h held) Query(ctx context.Context, _ *sql.Query) iter.Seq2[*store.Batch, error] {
	return func(yield func(*store.Batch, error) bool) {
		h.started <- struct{}{}
		select {
		case <-h.letGo:
		case <-ctx.Done():
			yield(nil, fault.New(fault.Canceled, "query", "%w", ctx.Err()))
		}
	}
}
func (held) Table(name string) (*schema.Table, bool) { return heldTable, name == "T" }
func (held) Tables() []*schema.Table                 { return []*schema.Table{heldTable} }
func (held) Ready() time.Time                        { return time.Now() }

// TestQueue: no more queries run at once than allowed; the others wait for their turn, and are told why when it never comes.
func TestQueue(t *testing.T) {
	h := held{make(chan struct{}, 10), make(chan struct{})}
	e := query.New(query.Options{Store: h, InGo: true, Concurrency: 2, Timeout: time.Minute})
	ended := make(chan error, 3)
	for range 3 {
		go func() {
			_, err := e.Run(context.Background(), query.Request{Text: "T | count"}, &answer{})
			ended <- err
		}()
	}
	<-h.started
	<-h.started
	select {
	case <-h.started:
		t.Fatal("a third query runs")
	case <-time.After(100 * time.Millisecond):
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := e.Run(ctx, query.Request{Text: "T | count"}, &answer{}); err == nil || err.Error() != "the query was cancelled" {
		t.Errorf("cancelled while waiting: %v", err)
	}
	close(h.letGo)
	for range 3 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}

	h = held{make(chan struct{}, 10), make(chan struct{})}
	e = query.New(query.Options{Store: h, InGo: true, Concurrency: 1, Timeout: 200 * time.Millisecond})
	go func() {
		_, err := e.Run(context.Background(), query.Request{Text: "print 1"}, stuck{h.started, h.letGo})
		ended <- err
	}()
	<-h.started
	_, err := e.Run(t.Context(), query.Request{Text: "T | count"}, &answer{})
	var q *query.Error
	if !errors.As(err, &q) || q.Kind != string(fault.Throttled) || !errors.Is(err, query.ErrTimeout) {
		t.Errorf("the queue is full: %v", err)
	}
	close(h.letGo)
	<-ended
}

// stuck is a sink that takes its time.
type stuck struct{ began, until chan struct{} }

func (s stuck) Columns(string, []query.Column) error {
	s.began <- struct{}{}
	<-s.until
	return nil
}
func (s stuck) Rows([][]value.Value) error { return nil }

// failing is a sink that fails.
type failing struct{ err error }

func (f failing) Columns(string, []query.Column) error { return nil }
func (f failing) Rows([][]value.Value) error           { return f.err }

func TestSinkErrorComesBack(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	mine := errors.New("mine")
	if _, err := e.Run(t.Context(), query.Request{Text: "range x from 1 to 100000000000 step 1"}, failing{mine}); err != mine {
		t.Errorf("got %v", err)
	}
}

func TestErrorsOfRunningQueries(t *testing.T) {
	e := query.New(query.Options{Store: filled(t), Memory: 1 << 20})
	for text, want := range map[string]string{
		`range x from 1 to 100000000 step 1 | summarize make_list(tostring(x), 100000000)`:              string(fault.Exhausted),
		`DeviceProcessEvents | summarize n = count() by FileName | as T; print toscalar(T | count) / 0`: "",
	} {
		_, err := e.Run(t.Context(), query.Request{Text: text}, &answer{})
		var q *query.Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case want != "" && (!errors.As(err, &q) || q.Kind != want || q.Message == ""):
			t.Errorf("%s: %v, want kind %s", text, err, want)
		}
	}
	_, err := e.Run(t.Context(), query.Request{Text: strings.Repeat(" ", 3<<20)}, &answer{})
	if err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("an endless text: %v", err)
	}
}

// TestNow: now() and ago() mean the time that is asked for.
func TestNow(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	a, _ := ask(t, e, query.Request{Text: `DeviceProcessEvents | where Timestamp > ago(1d) | count; print now()`, Now: time.Date(2026, 11, 3, 12, 0, 0, 100, time.UTC)})
	if a.String() != `1 "2026-11-03T12:00:00.0000001Z"` {
		t.Errorf("got %s", a)
	}
}

// TestHiddenColumns: what can be named is not shown.
func TestHiddenColumns(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	for _, text := range []string{
		`DeviceProcessEvents | where TenantId == "t" | count`, `DeviceProcessEvents | where ingestion_time() > datetime(2026-01-01) | count`,
		`DeviceProcessEvents | where TimeGenerated == Timestamp | count`,
	} {
		if a, _ := ask(t, e, query.Request{Text: text}); a.String() != "3" {
			t.Errorf("%s: %s", text, a)
		}
	}
	// columns that no row has brought yet
	for text, want := range map[string]string{
		`SecurityAlert | project isnull(DefenderAlert)`:                                           "true",
		`SecurityAlert | where isnotnull(DefenderAlert) | count`:                                  "0",
		`SecurityAlert | summarize arg_max(TimeGenerated, DefenderAlert) | project DefenderAlert`: "null",
		`DeviceInfo | where TenantId == "t" | count`:                                              "0",
		`DeviceInfo | union DeviceLogonEvents | summarize count() by TenantId`:                    `"t",2`,
	} {
		for _, inGo := range []bool{false, true} {
			if a, _ := ask(t, query.New(query.Options{Store: filled(t), InGo: inGo}), query.Request{Text: text, From: day(1)}); a.String() != want {
				t.Errorf("in Go %v: %s: %s, want %s", inGo, text, a, want)
			}
		}
	}
	a, _ := ask(t, e, query.Request{Text: `SecurityIncident | take 1`})
	if strings.Contains(strings.Join(a.cols, " "), "Defender") {
		t.Errorf("a hidden column is shown: %v", a.cols)
	}
	for _, table := range e.Schema().Tables {
		for _, c := range table.Columns {
			if slices.Contains([]string{store.Block, store.Ingested, store.Hash, store.Overflow}, c.Name) {
				t.Errorf("%s shows %s", table.Name, c.Name)
			}
		}
	}
}

// broken is a store with a fault of its own.
type broken struct{ held }

func (broken) Query(context.Context, *sql.Query) iter.Seq2[*store.Batch, error] { panic("out of luck") }

func TestPanicIsAnError(t *testing.T) {
	e := query.New(query.Options{Store: broken{}, InGo: true})
	for range 10 { // it gives its turn back, too
		_, err := e.Run(t.Context(), query.Request{Text: "T | count"}, &answer{})
		var q *query.Error
		if !errors.As(err, &q) || q.Kind != string(fault.Internal) || !strings.Contains(q.Message, "out of luck") {
			t.Fatalf("got %v", err)
		}
	}
}
