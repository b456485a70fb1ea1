package ingest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/store/storetest"
)

// fakeStore is a store that keeps appends and fails when told to.
type fakeStore struct {
	mu      sync.Mutex
	appends []store.Append
	fail    []error // of the next appends
	covered []record.Span
}

func (m *fakeStore) Append(_ context.Context, a store.Append) (store.Result, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.fail) > 0 {
		err := m.fail[0]
		m.fail = m.fail[1:]
		if err != nil {
			return store.Result{}, err
		}
	}
	m.appends = append(m.appends, a)
	r := store.Result{Tables: map[string]store.Count{}, Ingested: time.Now()}
	for _, c := range a.Chunks {
		n := r.Tables[c.Table]
		n.Stored += int64(c.N)
		r.Tables[c.Table] = n
	}
	return r, nil
}

func (m *fakeStore) Covered(context.Context, string) ([]record.Span, error) { return m.covered, nil }
func (m *fakeStore) Seed() uint64                                           { return 7 }

// seen gives the appends so far.
func (m *fakeStore) seen() []store.Append {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.appends)
}

// failNext makes the next appends fail.
func (m *fakeStore) failNext(errs ...error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = errs
}

func messages(first, n int) []record.Raw {
	var out []record.Raw
	for i := first; i < first+n; i++ {
		out = append(out, record.Raw{Pos: record.Pos{Source: "s", Partition: "0", Seq: int64(i)}, Arrived: time.Now(),
			Body: fmt.Appendf(nil, `{"category":"AdvancedHunting-DeviceInfo","properties":{"DeviceName":"d%d","Timestamp":"2026-11-21T10:00:00Z"}}`, i)})
	}
	return out
}

func TestLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		m := &fakeStore{covered: []record.Span{{Source: "s", Partition: "0", First: 1, Last: 4}}}
		n := &ingest.Counters{}
		told := make(chan []record.Span, 10)
		l := ingest.New(ingest.Options{Store: m, Counters: n, Stored: func(c []record.Span, _ store.Result) { told <- c }})
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		if err := l.Put(ctx, messages(7, 3)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(900 * time.Millisecond)
		synctest.Wait()
		if len(m.seen()) != 0 {
			t.Fatal("stored before a batch was old enough")
		}
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		got := m.seen()
		if len(got) != 1 || got[0].Chunks[0].N != 3 {
			t.Fatalf("after a second: %+v", got)
		}
		// the span begins after what was covered before, since the source left nothing out
		want := []record.Span{{Source: "s", Partition: "0", First: 5, Last: 9}}
		if told := <-told; !reflect.DeepEqual(got[0].Covers, want) || !reflect.DeepEqual(told, want) {
			t.Fatalf("covers %v, told %v", got[0].Covers, told)
		}
		if err := l.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if err := l.Put(ctx, messages(10, 1)); err != nil {
			t.Fatal(err)
		}
		if err := l.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		got = m.seen()
		last := got[len(got)-1]
		if len(last.Chunks) != 1 || !reflect.DeepEqual(last.Covers, []record.Span{{Source: "s", Partition: "0", First: 10, Last: 10}}) {
			t.Fatalf("after Flush: %+v", last)
		}
		// a full store: nothing is dropped, and it goes on by itself
		m.failNext(fault.New(fault.Exhausted, "x", "disk full"), fault.New(fault.Unavailable, "x", "away"))
		if err := l.Put(ctx, messages(11, 2)); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if err := l.Flush(ctx); err != nil || time.Since(begin) != 3*time.Second {
			t.Fatalf("flush over a full store: %v after %v", err, time.Since(begin))
		}
		c := n.Snapshot()["DeviceInfo"]
		if c.Received != 6 || c.Stored != 6 || c.Last.Format(time.RFC3339) != "2026-11-21T10:00:00Z" {
			t.Errorf("counters %+v", c)
		}
		// what came in before the end is stored at the end
		if err := l.Put(ctx, messages(13, 1)); err != nil {
			t.Fatal(err)
		}
		stop()
		if err := <-ended; !fault.Is(err, fault.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
		if n.Snapshot()["DeviceInfo"].Stored != 7 {
			t.Error("the last batch was not stored")
		}
		if err := l.Put(t.Context(), messages(14, 1)); !fault.Is(err, fault.Canceled) {
			t.Errorf("Put after the end: %v", err)
		}
	})
}

func TestLoopEndsOnLastingFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &fakeStore{fail: []error{fault.New(fault.Corrupt, "x", "broken")}}
		l := ingest.New(ingest.Options{Store: m})
		ended := make(chan error)
		go func() { ended <- l.Run(t.Context()) }()
		if err := l.Put(t.Context(), messages(0, 1)); err != nil {
			t.Fatal(err)
		}
		if err := l.Flush(t.Context()); !fault.Is(err, fault.Corrupt) {
			t.Errorf("Flush: %v", err)
		}
		if err := <-ended; !fault.Is(err, fault.Corrupt) {
			t.Errorf("Run: %v", err)
		}
		if err := l.Put(t.Context(), messages(1, 1)); !fault.Is(err, fault.Corrupt) {
			t.Errorf("Put: %v", err)
		}
	})
}

// begin runs a loop over a fresh store until the test ends.
func begin(t *testing.T) (*duck.Store, *ingest.Loop) {
	t.Helper()
	s, err := duck.Open(t.Context(), duck.Options{Dir: t.TempDir(), MemoryMB: 500})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	l := ingest.New(ingest.Options{Store: s})
	done := make(chan struct{})
	go func() { defer close(done); l.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done; s.Close() })
	return s, l
}

// shared gives the path of reference data beside the repository, or skips.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || filepath.Dir(dir) == dir {
			break
		}
	}
	p := filepath.Join(append([]string{dir, "..", "shared"}, parts...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("reference data is absent: %v", err)
	}
	return p
}

// TestEveryPropertyComesBack stores raw records and asks for every property of every one.
func TestEveryPropertyComesBack(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "ecs", "event"), "*.input.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	type rec struct {
		Category   string
		TenantID   string `json:"tenantId"`
		Properties map[string]json.RawMessage
	}
	s, l := begin(t)
	var all []rec
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 4<<20)
		for n := int64(1); lines.Scan(); n++ {
			body := []byte(lines.Text())
			var r rec
			if err := json.Unmarshal(body, &r); err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
			if err := l.Put(t.Context(), []record.Raw{{Pos: record.Pos{Source: "file:" + file, Seq: n}, Arrived: time.Now(), Body: body}}); err != nil {
				t.Fatal(err)
			}
		}
		f.Close()
	}
	if err := l.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	// values that do not fit their column are null there, and the record is kept whole
	kept := map[string]string{}
	for _, r := range storetest.All(t, s, storetest.Typed(s, schema.IngestionFailures, storetest.Scan(schema.IngestionFailures, time.Time{}, time.Time{}, "Table", "Column", "Record"))) {
		kept[fmt.Sprint(r[0], ".", r[1])] += fmt.Sprint(r[2])
	}
	for n, r := range all {
		table := strings.TrimPrefix(r.Category, record.CategoryPrefix)
		tab, ok := s.Table(table)
		if !ok {
			t.Errorf("no table %s", table)
			continue
		}
		var cols, props []string
		for p := range r.Properties {
			i, ok := tab.Index(p)
			if !ok {
				t.Errorf("%s: no column for %s", table, p)
				continue
			}
			cols, props = append(cols, tab.Columns[i].Name), append(props, p)
		}
		rows := storetest.All(t, s, storetest.Typed(s, table, storetest.Scan(tab.Name, time.Time{}, time.Time{}, cols...)))
		best := len(cols) + 1
		var miss []string
		for _, row := range rows {
			var wrong []string
			for i := range cols {
				j, _ := tab.Index(cols[i])
				if row[i] == nil && strings.Contains(kept[table+"."+cols[i]], string(r.Properties[props[i]])) {
					continue
				}
				if !same(tab.Columns[j].Type, r.Properties[props[i]], row[i]) {
					wrong = append(wrong, fmt.Sprintf("%s: sent %s, got %v", props[i], r.Properties[props[i]], row[i]))
				}
			}
			if len(wrong) < best {
				best, miss = len(wrong), wrong
			}
		}
		if best != 0 {
			t.Errorf("record %d of %s did not come back: %s", n, table, strings.Join(miss, "; "))
		}
	}
	t.Logf("%d records", len(all))
}

// same reports whether the stored value is what the JSON value means in a column of type typ.
func same(typ schema.Type, sent json.RawMessage, got any) bool {
	var v any
	dec := json.NewDecoder(strings.NewReader(string(sent)))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return false
	}
	if v == nil || v == "" {
		return got == nil || got == ""
	}
	text, isText := v.(string)
	switch typ {
	case schema.Datetime:
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			at, err = time.Parse("2006-01-02T15:04:05.999999999", text)
		}
		return err == nil && got == store.Ticks(at)
	case schema.Dynamic:
		g, ok := got.(string)
		var a, b any
		if !ok || json.Unmarshal([]byte(g), &a) != nil {
			return false
		}
		if isText && json.Unmarshal([]byte(text), &b) == nil {
			if _, scalar := b.(float64); !scalar && reflect.DeepEqual(a, b) {
				return true
			}
		}
		return json.Unmarshal(sent, &b) == nil && reflect.DeepEqual(a, b)
	case schema.String:
		if isText {
			return got == text
		}
		g, ok := got.(string)
		var a, b any
		if ok && g == string(sent) {
			return true
		}
		return ok && json.Unmarshal([]byte(g), &a) == nil && json.Unmarshal(sent, &b) == nil && reflect.DeepEqual(a, b)
	case schema.Bool:
		return fmt.Sprint(got) == strings.ToLower(strings.NewReplacer("1", "true", "0", "false").Replace(fmt.Sprint(v)))
	case schema.GUID:
		return strings.EqualFold(fmt.Sprint(got), text)
	}
	return fmt.Sprint(got) == fmt.Sprint(v)
}

// TestIntoStore: known, unknown and broken records, twice.
func TestIntoStore(t *testing.T) {
	s, l := begin(t)
	bodies := []string{
		`{"records":[{"time":"2026-11-21T10:00:01Z","tenantId":"t1","category":"AdvancedHunting-DeviceInfo","properties":{"DeviceName":"a","Timestamp":"2026-11-21T10:00:00.1234567Z","Fresh":{"x":[1]},"ReportId":"not a number"}}]}`,
		`{"time":"2026-11-21T10:00:01Z","tenantId":"t1","category":"AdvancedHunting-NewTable","properties":{"Timestamp":"2026-11-21T10:00:00Z","Size":3}}`,
		`broken`,
	}
	for round := range 2 {
		for i, b := range bodies {
			at := time.Date(2026, 11, 21, 10, 1, 0, 0, time.UTC)
			if err := l.Put(t.Context(), []record.Raw{{Pos: record.Pos{Source: "x", Seq: int64(i)}, Arrived: at, Body: []byte(b)}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		get := func(table string, cols ...string) [][]any {
			return storetest.All(t, s, storetest.Typed(s, table, storetest.Scan(table, time.Time{}, time.Time{}, cols...)))
		}
		at := store.Ticks(time.Date(2026, 11, 21, 10, 0, 0, 123456700, time.UTC))
		if got := get("DeviceInfo", "DeviceName", "Timestamp", "TenantId", "Fresh", "ReportId"); !reflect.DeepEqual(got, [][]any{{"a", at, "t1", `{"x":[1]}`, nil}}) {
			t.Errorf("round %d: %v", round, got)
		}
		if got := get("NewTable", "Size", "Type"); !reflect.DeepEqual(got, [][]any{{int64(3), "NewTable"}}) {
			t.Errorf("round %d: %v", round, got)
		}
		if got := get(schema.IngestionFailures, "Column", "Record"); len(got) != 2 {
			t.Errorf("round %d: %d failures: %v", round, len(got), got)
		}
	}
}
