package blob

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/collecttest"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	fake "github.com/vedette-siem/vedette/internal/tenant/blob"
)

const key = "c2VjcmV0IGtleSBvZiB0aGUgdGVzdA=="

// server is an account, and a source's configuration for it.
func server(t testing.TB) (*fake.Server, Config) {
	t.Helper()
	account := fake.New("acct")
	srv := httptest.NewTLSServer(account)
	t.Cleanup(srv.Close)
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	return account, Config{RootCAs: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Poll: 5 * time.Millisecond, Sweep: 20 * time.Millisecond,
		ConnectionString: "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=" + key + ";BlobEndpoint=" + srv.URL + "/acct;"}
}

func source(t testing.TB, cfg Config) *Source {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.first = 10 * time.Millisecond
	return s
}

// hour is the name of the blob of an hour so long ago.
func hour(ago time.Duration) string {
	return time.Now().Add(-ago).UTC().Format("tenantId=11111111-1111-1111-1111-111111111111/y=2006/m=01/d=02/h=15/m=00/PT1H.json")
}

// records are lines as the export writes them.
func records(from, to int) []byte {
	var b bytes.Buffer
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, `{"category":"AdvancedHunting-DeviceEvents","properties":{"ReportId":%d}}`+"\r\n", i)
	}
	return b.Bytes()
}

func want(from, to int) []string {
	list := strings.Split(strings.TrimSuffix(string(records(from, to)), "\r\n"), "\r\n")
	slices.Sort(list)
	return list
}

func bodies(sink *collecttest.Sink) []string {
	var list []string
	for _, r := range sink.Got() {
		list = append(list, string(r.Body))
	}
	slices.Sort(list)
	return list
}

func packed(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// run starts a source; stop ends it and gives what Run gave.
func run(t *testing.T, s *Source, sink *collecttest.Sink, stored ...*collecttest.Sink) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, covers(stored...), sink) }()
	return func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(20 * time.Second):
			t.Fatal("Run goes on 20 s after its context ended")
			return nil
		}
	}
}

// covers are the spans of all that sinks took.
func covers(stored ...*collecttest.Sink) []record.Span {
	var spans []record.Span
	for _, s := range stored {
		spans = append(spans, collecttest.Covers(s.Got())...)
	}
	return spans
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

func TestSource(t *testing.T) {
	t.Run("append blobs", func(t *testing.T) {
		account, cfg := server(t)
		account.Append(Prefix+"deviceevents", hour(2*time.Hour), records(0, 700))
		account.Append(Prefix+"deviceevents", hour(time.Hour), records(700, 900))
		account.Append(Prefix+"emailevents", hour(time.Hour), records(900, 1000))
		account.Append("other", hour(time.Hour), records(1000, 1100))
		collecttest.Run(t, 1000, func(t *testing.T) collect.Source { return source(t, cfg) })
	})
	t.Run("packed blobs", func(t *testing.T) {
		account, cfg := server(t)
		account.Put(Prefix+"deviceevents", "copy/one.json.gz", packed(t, records(0, 1500)))
		account.Put(Prefix+"deviceevents", "copy/two.json", records(1500, 1600))
		collecttest.Run(t, 1600, func(t *testing.T) collect.Source { return source(t, cfg) })
	})
}

// Blobs grow while they are read, the last line not always whole; the closed hour too, and one made anew starts anew.
func TestGrowing(t *testing.T) {
	account, cfg := server(t)
	name := Prefix + "deviceevents"
	text := records(0, 300)
	sink := &collecttest.Sink{}
	stop := run(t, source(t, cfg), sink)
	for from := 0; from < len(text); from += 777 {
		account.Append(name, hour(time.Duration(from%2)*14*time.Hour), nil) // nothing new, yet changed
		account.Append(name, hour(3*time.Hour), text[from:min(from+777, len(text))])
		time.Sleep(time.Millisecond)
	}
	eventually(t, "300 messages", func() bool { return len(sink.Got()) >= 300 })
	account.Delete(name, hour(3*time.Hour))
	time.Sleep(time.Until(time.Unix(time.Now().Unix()+1, 0))) // times of making are told apart by the second
	account.Append(name, hour(3*time.Hour), records(300, 310))
	eventually(t, "10 more", func() bool { return len(sink.Got()) >= 310 })
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run gave %v", err)
	}
	if got := bodies(sink); !slices.Equal(got, want(0, 310)) {
		t.Errorf("%d messages came, not each of 310 once", len(got))
	}
}

// The half line waits; when its blob has long not changed it is taken as it is.
func TestLineWithoutAnEnd(t *testing.T) {
	account, cfg := server(t)
	name := Prefix + "deviceevents"
	account.Append(name, hour(0), append(records(0, 2), `{"category":"A`...))
	sink := &collecttest.Sink{}
	s := source(t, cfg)
	stop := run(t, s, sink)
	eventually(t, "idle", func() bool { return len(sink.Got()) == 2 && s.Health().State == collect.Idle })
	time.Sleep(30 * time.Millisecond)
	_ = stop()
	if n := len(sink.Got()); n != 2 {
		t.Fatalf("%d messages of 2 whole lines", n)
	}
	cfg.Settled = time.Millisecond
	time.Sleep(1100 * time.Millisecond) // times of change are given by the second
	late := &collecttest.Sink{}
	stop = run(t, source(t, cfg), late, sink)
	eventually(t, "the half line", func() bool { return len(late.Got()) == 1 })
	time.Sleep(30 * time.Millisecond)
	_ = stop()
	if got := late.Got(); len(got) != 1 || got[0].Broken == "" || string(got[0].Body) != `{"category":"A` {
		t.Errorf("got %+v", got)
	}
}

// The process dies before every message in turn, with blobs growing in between: each comes once.
func TestCrashAtEveryStep(t *testing.T) {
	account, cfg := server(t)
	name := Prefix + "deviceevents"
	var stored []*collecttest.Sink
	total := 0
	grow := func(n int) {
		account.Append(name, hour(time.Duration(total%3)*time.Hour), records(total, total+n))
		total += n
	}
	grow(10)
	boom := errors.New("killed")
	for step := range 30 {
		if step%3 == 0 {
			grow(4)
		}
		sink := &collecttest.Sink{Fail: func(n int) error {
			if n == step%5+1 {
				return boom
			}
			return nil
		}}
		ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
		err := source(t, cfg).Run(ctx, covers(stored...), sink)
		stop()
		if !errors.Is(err, boom) && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("step %d: %v", step, err)
		}
		stored = append(stored, sink)
	}
	last := &collecttest.Sink{}
	stop := run(t, source(t, cfg), last, stored...)
	stored = append(stored, last)
	count := func() (all []string) {
		for _, s := range stored {
			all = append(all, bodies(s)...)
		}
		slices.Sort(all)
		return all
	}
	eventually(t, "everything", func() bool { return len(count()) >= total })
	_ = stop()
	if got := count(); !slices.Equal(got, want(0, total)) {
		t.Errorf("%d messages came, not each of %d once", len(got), total)
	}
}

// Answers fail, break off in the middle of a body, and blobs vanish between the list and the reading.
func TestTroubleOnTheWay(t *testing.T) {
	account, cfg := server(t)
	name := Prefix + "deviceevents"
	var requests atomic.Int64
	account.Meddle(func(w http.ResponseWriter, r *http.Request) bool {
		n := requests.Add(1)
		blob := r.URL.Query().Get("comp") == ""
		switch {
		case n%3 == 0:
			w.Header().Set("x-ms-error-code", "ServerBusy")
			w.WriteHeader(503)
			return true
		case blob && strings.HasSuffix(r.URL.Path, "gone.json"):
			account.Delete(name, "gone.json")
		case blob && n%2 == 0: // half of the body, then the connection is gone
			rec := httptest.NewRecorder()
			account.Meddle(nil)
			account.ServeHTTP(rec, r)
			for k, v := range rec.Header() {
				w.Header()[k] = v
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
			panic(http.ErrAbortHandler)
		}
		return false
	})
	account.Append(name, hour(time.Hour), records(0, 2000))
	account.Append(name, "gone.json", records(5000, 5001))
	account.Put(name, "packed.json.gz", packed(t, records(2000, 4000)))
	sink := &collecttest.Sink{}
	s := source(t, cfg)
	stop := run(t, s, sink)
	eventually(t, "4000 messages", func() bool { return len(sink.Got()) >= 4000 })
	eventually(t, "healthy", func() bool { return s.Health().State == collect.Idle })
	_ = stop()
	got := bodies(sink)
	got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, "5000") })
	if !slices.Equal(got, want(0, 4000)) {
		t.Errorf("%d messages came, not each of 4000 once", len(got))
	}
}

// The account's clock and ours may differ by days.
func TestClockSkew(t *testing.T) {
	for _, skew := range []time.Duration{-48 * time.Hour, 48 * time.Hour} {
		account, cfg := server(t)
		account.Ahead(skew)
		sink := &collecttest.Sink{}
		account.Append(Prefix+"deviceevents", hour(-skew), records(0, 5))
		s := source(t, cfg)
		stop := run(t, s, sink)
		eventually(t, "5 messages", func() bool { return len(sink.Got()) == 5 })
		account.Append(Prefix+"deviceevents", hour(-skew), records(5, 9))
		account.Append(Prefix+"emailevents", hour(-skew), records(9, 12))
		eventually(t, "12 messages", func() bool { return len(sink.Got()) == 12 })
		_ = stop()
		if lag := s.Health().Lag; lag < 0 {
			t.Errorf("skew %v: a lag of %v", skew, lag)
		}
	}
}

func TestLongLines(t *testing.T) {
	account, cfg := server(t)
	name := Prefix + "deviceevents"
	megabyte := `{"category":"A","properties":{"x":"` + strings.Repeat("y", 1<<20) + `"}}`
	account.Append(name, hour(0), []byte(megabyte+"\r\n"+strings.Repeat("z", maxLine+1)+"\r\n{}\r\n"))
	sink := &collecttest.Sink{}
	stop := run(t, source(t, cfg), sink)
	eventually(t, "3 messages", func() bool { return len(sink.Got()) == 3 })
	_ = stop()
	got := sink.Got()
	if string(got[0].Body) != megabyte || got[0].Broken != "" {
		t.Error("the record of a megabyte did not come whole")
	}
	if len(got[1].Body) != keptOfLong || got[1].Broken == "" || string(got[2].Body) != "{}" {
		t.Errorf("%d bytes of the line that is too long, broken %q; then %s", len(got[1].Body), got[1].Broken, got[2].Body)
	}
}

// What a damaged packed blob holds before the damage comes, and the damage itself is told once.
func TestBrokenPackedBlob(t *testing.T) {
	account, cfg := server(t)
	whole := packed(t, records(0, 5000))
	account.Put(Prefix+"deviceevents", "half.json.gz", whole[:len(whole)/2])
	account.Put(Prefix+"deviceevents", "junk.json.gz", []byte{0x1f, 0x8b, 0, 0, 0})
	sink := &collecttest.Sink{}
	s := source(t, cfg)
	stop := run(t, s, sink)
	broken := func() (n int) {
		for _, r := range sink.Got() {
			if r.Broken != "" {
				n++
			}
		}
		return n
	}
	eventually(t, "two damages", func() bool { return broken() == 2 })
	eventually(t, "idle", func() bool { return s.Health().State == collect.Idle })
	_ = stop()
	if n := len(sink.Got()); n < 100 || n > 5000 || broken() != 2 {
		t.Errorf("%d messages, %d of them broken", n, broken())
	}
	again := &collecttest.Sink{}
	s = source(t, cfg)
	stop = run(t, s, again, sink)
	eventually(t, "idle", func() bool { return s.Health().State == collect.Idle })
	_ = stop()
	if n := len(again.Got()); n != 0 {
		t.Errorf("%d messages came again", n)
	}
}

func TestStart(t *testing.T) {
	account, cfg := server(t)
	name := Prefix + "deviceevents"
	account.Append(name, hour(72*time.Hour), records(0, 3))
	account.Append(name, hour(5*time.Hour), records(3, 5))
	account.Append(name, hour(0), records(5, 6))
	read := func(start collect.Start, stored ...*collecttest.Sink) *collecttest.Sink {
		cfg.Start = start
		sink := &collecttest.Sink{}
		s := source(t, cfg)
		stop := run(t, s, sink, stored...)
		eventually(t, "idle", func() bool { return s.Health().State == collect.Idle })
		_ = stop()
		return sink
	}
	if got := bodies(read(collect.Start{})); !slices.Equal(got, want(0, 6)) {
		t.Errorf("from the earliest: %v", got)
	}
	if got := bodies(read(collect.Start{At: time.Now().Add(-10 * time.Hour)})); !slices.Equal(got, want(3, 6)) {
		t.Errorf("from ten hours ago: %v", got)
	}
	began := read(collect.Start{At: time.Now().Add(-5 * time.Hour)})
	account.Append(name, hour(2*time.Hour), records(6, 8))
	if got := bodies(read(collect.Start{Latest: true}, began)); !slices.Equal(got, want(6, 8)) {
		t.Errorf("latest, begun five hours ago: %v", got)
	}
}

// Faults of the configuration end Run (or New) with a hint, and show nothing secret.
func TestFaults(t *testing.T) {
	account, cfg := server(t)
	account.Append(Prefix+"deviceevents", hour(0), records(0, 1))
	refuse := func(status int, code, when string) func(*Config) {
		return func(*Config) {
			account.Meddle(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Query().Get("comp") != when {
					return false
				}
				w.Header().Set("x-ms-error-code", code)
				w.WriteHeader(status)
				return true
			})
		}
	}
	for what, tc := range map[string]struct {
		change func(*Config)
		kind   fault.Kind
	}{
		"nothing":              {func(c *Config) { c.ConnectionString = "" }, fault.Invalid},
		"both":                 {func(c *Config) { c.Account = "https://x" }, fault.Invalid},
		"no credential":        {func(c *Config) { c.ConnectionString, c.Account = "", "https://acct.blob.core.windows.net" }, fault.Invalid},
		"not a string":         {func(c *Config) { c.ConnectionString = "AccountKey=" + key }, fault.Invalid},
		"wrong key":            {refuse(403, "AuthenticationFailed", "list"), fault.Unauthorized},
		"no role":              {refuse(403, "AuthorizationPermissionMismatch", "list"), fault.Forbidden},
		"the list and no more": {refuse(403, "AuthorizationPermissionMismatch", ""), fault.Forbidden},
	} {
		t.Run(what, func(t *testing.T) {
			cfg := cfg
			tc.change(&cfg)
			defer account.Meddle(nil)
			s, err := New(cfg)
			if err == nil {
				if _, checked := s.Check(t.Context()); !fault.Is(checked, tc.kind) {
					t.Errorf("Check gave %v", checked)
				}
				ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
				defer stop()
				err = s.Run(ctx, nil, &collecttest.Sink{})
			}
			if !fault.Is(err, tc.kind) || fault.HintOf(err) == "" {
				t.Errorf("%v, hint %q; want %s", err, fault.HintOf(err), tc.kind)
			}
			if err != nil && strings.Contains(err.Error(), key) {
				t.Errorf("the key is in the message: %v", err)
			}
		})
	}
}

// A shared access signature may be of one container, and is in no message.
func TestSharedAccessSignature(t *testing.T) {
	account, cfg := server(t)
	name := Prefix + "deviceevents"
	account.Append(name, hour(0), records(0, 3))
	at := strings.TrimSuffix(strings.SplitAfter(cfg.ConnectionString, "BlobEndpoint=")[1], ";")
	cfg.ConnectionString, cfg.Account = "", at+"/"+name+"?sr=c&sp=rl&sig=SECRET"
	s := source(t, cfg)
	if strings.Contains(s.Name(), "SECRET") || strings.Contains(s.Name(), name) {
		t.Errorf("the source is named %s", s.Name())
	}
	if n, err := s.Check(t.Context()); n != 1 || err != nil {
		t.Errorf("Check: %d, %v", n, err)
	}
	sink := &collecttest.Sink{}
	stop := run(t, s, sink)
	eventually(t, "3 messages", func() bool { return len(sink.Got()) == 3 })
	_ = stop()
	cfg.Account = "https://127.0.0.1:1/acct/" + name + "?sr=c&sig=SECRET"
	if _, err := source(t, cfg).Check(t.Context()); err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("an account that cannot be reached: %v", err)
	}
}
