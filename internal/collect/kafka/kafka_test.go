package kafka

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/collecttest"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

const (
	hub        = "insights"
	key        = "c2VjcmV0IGtleSBvZiB0aGUgdGVzdA=="
	connection = "Endpoint=sb://example.com/;SharedAccessKeyName=listen;SharedAccessKey=" + key
)

// broker is a Kafka broker that takes the connection string as Event Hubs do, and a source's configuration for it. The test server lends its
// certificate, which is for example.com.
func broker(t testing.TB, partitions int32, more ...kfake.Opt) (*kfake.Cluster, Config) {
	t.Helper()
	lend := httptest.NewUnstartedServer(nil)
	lend.StartTLS()
	t.Cleanup(lend.Close)
	pool := x509.NewCertPool()
	pool.AddCert(lend.Certificate())
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1), kfake.SeedTopics(partitions, hub), kfake.EnableSASL(), kfake.Superuser("PLAIN", connectionUser, connection),
		kfake.TLS(&tls.Config{Certificates: lend.TLS.Certificates}), kfake.GroupMinSessionTimeout(time.Millisecond)}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, Config{ConnectionString: connection, Hub: hub, ConsumerGroup: "vedette", Endpoint: c.ListenAddrs()[0], RootCAs: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func source(t testing.TB, cfg Config) *Source {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.first, s.every = 20*time.Millisecond, 50*time.Millisecond
	return s
}

// client is another client of the same broker.
func client(t testing.TB, cfg Config) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append(source(t, cfg).options(), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.DefaultProduceTopic(hub))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func publish(t testing.TB, c *kgo.Client, partitions, from, to int) {
	t.Helper()
	var list []*kgo.Record
	for i := from; i < to; i++ {
		list = append(list, &kgo.Record{Partition: int32(i % partitions), Value: fmt.Appendf(nil, `{"records":[{"n":%d}]}`, i)})
	}
	if err := c.ProduceSync(t.Context(), list...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func want(from, to int) []string {
	var list []string
	for i := from; i < to; i++ {
		list = append(list, fmt.Sprintf(`{"records":[{"n":%d}]}`, i))
	}
	slices.Sort(list)
	return list
}

func bodies(sinks ...*collecttest.Sink) []string {
	var list []string
	for _, s := range sinks {
		for _, r := range s.Got() {
			list = append(list, string(r.Body))
		}
	}
	slices.Sort(list)
	return list
}

// covers are the spans of all that sinks took.
func covers(sinks ...*collecttest.Sink) []record.Span {
	var spans []record.Span
	for _, s := range sinks {
		spans = append(spans, collecttest.Covers(s.Got())...)
	}
	return spans
}

// run starts a source; stop ends it and gives what Run gave.
func run(t *testing.T, s *Source, after []record.Span, to collect.Sink) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, after, to) }()
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

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

func TestSource(t *testing.T) {
	_, cfg := broker(t, 3)
	publish(t, client(t, cfg), 3, 0, 50)
	collecttest.Run(t, 50, func(t *testing.T) collect.Source { return source(t, cfg) })
}

// The process dies before every message in turn, while others are published: each comes once.
func TestCrashAtEveryStep(t *testing.T) {
	_, cfg := broker(t, 2)
	c := client(t, cfg)
	total := 10
	publish(t, c, 2, 0, total)
	boom := errors.New("killed")
	var sinks []*collecttest.Sink
	for step := range 10 {
		publish(t, c, 2, total, total+3)
		total += 3
		sink := &collecttest.Sink{Fail: func(n int) error {
			if n == step%3+1 {
				return boom
			}
			return nil
		}}
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		err := source(t, cfg).Run(ctx, covers(sinks...), sink)
		stop()
		if !errors.Is(err, boom) {
			t.Fatalf("step %d: %v", step, err)
		}
		sinks = append(sinks, sink)
	}
	last := &collecttest.Sink{}
	stop := run(t, source(t, cfg), covers(sinks...), last)
	sinks = append(sinks, last)
	eventually(t, "everything", func() bool { return len(bodies(sinks...)) >= total })
	_ = stop()
	if got := bodies(sinks...); !slices.Equal(got, want(0, total)) {
		t.Errorf("%d messages came, not each of %d once", len(got), total)
	}
}

// Connections are cut while messages come.
func TestTroubleOnTheWay(t *testing.T) {
	b, cfg := broker(t, 2)
	c := client(t, cfg)
	var n atomic.Int64
	b.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		b.KeepControl()
		if n.Add(1)%3 == 0 {
			return nil, errors.New("cut"), true
		}
		return nil, nil, false
	})
	sink := &collecttest.Sink{}
	s := source(t, cfg)
	stop := run(t, s, nil, sink)
	for i := range 5 {
		publish(t, c, 2, i*20, i*20+20)
		eventually(t, "some", func() bool { return len(sink.Got()) > i*20 })
	}
	eventually(t, "100 messages", func() bool { return len(sink.Got()) >= 100 })
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run gave %v", err)
	}
	if got := bodies(sink); !slices.Equal(got, want(0, 100)) {
		t.Errorf("%d messages came, not each of 100 once", len(got))
	}
}

// Two processes over one store share the partitions; when one leaves, the other goes on where the store's coverage ends.
func TestTwoMembers(t *testing.T) {
	_, cfg := broker(t, 4)
	c := client(t, cfg)
	one, two := &collecttest.Sink{}, &collecttest.Sink{}
	cfg.Covered = func(context.Context) ([]record.Span, error) { return covers(one, two), nil }
	published := 0
	more := func(n int) {
		publish(t, c, 4, published, published+n)
		published += n
	}
	more(40)
	stopOne := run(t, source(t, cfg), nil, one)
	eventually(t, "40 messages", func() bool { return len(one.Got()) == 40 })
	stopTwo := run(t, source(t, cfg), nil, two)
	eventually(t, "the second one to have a part", func() bool { more(4); time.Sleep(20 * time.Millisecond); return len(two.Got()) > 0 })
	more(40)
	_ = stopOne()
	more(40)
	eventually(t, "everything", func() bool { return len(bodies(one, two)) >= published })
	_ = stopTwo()
	if got := bodies(one, two); !slices.Equal(got, want(0, published)) {
		t.Errorf("%d messages came, not each of %d once", len(got), published)
	}
}

// What is stored is not read again, a gap in it is; commits follow, and are not believed.
func TestWhereItStarts(t *testing.T) {
	_, cfg := broker(t, 1)
	c := client(t, cfg)
	publish(t, c, 1, 0, 20)
	sink := &collecttest.Sink{}
	stop := run(t, source(t, cfg), nil, sink)
	eventually(t, "20 messages", func() bool { return len(sink.Got()) == 20 })
	eventually(t, "the commit", func() bool {
		at, err := kadm.NewClient(c).FetchOffsets(t.Context(), "vedette")
		if err != nil {
			return false
		}
		o, _ := at.Lookup(hub, 0)
		return o.At == 20
	})
	_ = stop()
	pos := sink.Got()[0].Pos
	gap := []record.Span{{Source: pos.Source, Partition: pos.Partition, First: 0, Last: 4}, {Source: pos.Source, Partition: pos.Partition, First: 10, Last: 17}}
	again := &collecttest.Sink{}
	stop = run(t, source(t, cfg), gap, again)
	eventually(t, "7 messages", func() bool { return len(again.Got()) == 7 })
	_ = stop()
	var seqs []int64
	for _, r := range again.Got() {
		seqs = append(seqs, r.Pos.Seq)
	}
	if !slices.Equal(seqs, []int64{5, 6, 7, 8, 9, 18, 19}) {
		t.Errorf("after %v came %v", gap, seqs)
	}
	past := time.Now()
	time.Sleep(5 * time.Millisecond)
	publish(t, c, 1, 20, 25)
	cfg.ConsumerGroup, cfg.Start = "other", collect.Start{At: past}
	timed := &collecttest.Sink{}
	stop = run(t, source(t, cfg), nil, timed)
	eventually(t, "5 messages", func() bool { return len(timed.Got()) >= 5 })
	_ = stop()
	if got := bodies(timed); !slices.Equal(got, want(20, 25)) {
		t.Errorf("from a time came %v", got)
	}
}

// What begins with the latest message goes on from there, although nothing was stored before the process was started again.
func TestLatest(t *testing.T) {
	_, cfg := broker(t, 2)
	c := client(t, cfg)
	publish(t, c, 2, 0, 10)
	cfg.Start = collect.Start{Latest: true}
	stop := run(t, source(t, cfg), nil, &collecttest.Sink{})
	eventually(t, "the beginning to be committed", func() bool {
		at, err := kadm.NewClient(c).FetchOffsets(t.Context(), "vedette")
		return err == nil && len(at[hub]) == 2
	})
	_ = stop()
	publish(t, c, 2, 10, 16)
	sink := &collecttest.Sink{}
	stop = run(t, source(t, cfg), nil, sink)
	eventually(t, "6 messages", func() bool { return len(sink.Got()) >= 6 })
	_ = stop()
	if got := bodies(sink); !slices.Equal(got, want(10, 16)) {
		t.Errorf("came %v", got)
	}
}

// A hub that was deleted and made again is read from its beginning, with topic ids and, as with Event Hubs, without.
func TestHubMadeAnew(t *testing.T) {
	for what, versions := range map[string]*kversion.Versions{"ids": nil, "no ids": kversion.V2_6_0()} {
		t.Run(what, func(t *testing.T) {
			var more []kfake.Opt
			if versions != nil {
				more = append(more, kfake.MaxVersions(versions))
			}
			_, cfg := broker(t, 1, more...)
			publish(t, client(t, cfg), 1, 0, 20)
			old := &collecttest.Sink{}
			stop := run(t, source(t, cfg), nil, old)
			eventually(t, "20 messages", func() bool { return len(old.Got()) == 20 })
			_ = stop()

			_, cfg = broker(t, 1, more...)
			publish(t, client(t, cfg), 1, 20, 23)
			fresh := &collecttest.Sink{}
			stop = run(t, source(t, cfg), covers(old), fresh)
			eventually(t, "3 messages", func() bool { return len(fresh.Got()) == 3 })
			_ = stop()
			publish(t, client(t, cfg), 1, 23, 25)
			rest := &collecttest.Sink{}
			stop = run(t, source(t, cfg), covers(old, fresh), rest)
			eventually(t, "2 messages", func() bool { return len(rest.Got()) >= 2 })
			_ = stop()
			if got := bodies(fresh, rest); !slices.Equal(got, want(20, 25)) {
				t.Errorf("came %v", got)
			}
		})
	}
}

func TestMegabyte(t *testing.T) {
	_, cfg := broker(t, 1)
	body := `{"records":[{"x":"` + strings.Repeat("y", 1_000_000) + `"}]}`
	c, err := kgo.NewClient(append(source(t, cfg).options(), kgo.ProducerBatchMaxBytes(2<<20), kgo.ProducerBatchCompression(kgo.NoCompression()))...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ProduceSync(t.Context(), &kgo.Record{Topic: hub, Value: []byte(body)}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	sink := &collecttest.Sink{}
	stop := run(t, source(t, cfg), nil, sink)
	eventually(t, "the message", func() bool { return len(sink.Got()) == 1 })
	_ = stop()
	if got := string(sink.Got()[0].Body); got != body {
		t.Errorf("%d bytes of %d came", len(got), len(body))
	}
}

// Faults of the configuration end Run (or New) with a hint; a refused key is told as it is known.
func TestFaults(t *testing.T) {
	_, cfg := broker(t, 1)
	for what, tc := range map[string]struct {
		change func(*Config)
		kind   fault.Kind
	}{
		"unknown hub":         {func(c *Config) { c.Hub = "elsewhere" }, fault.NotFound},
		"no connection":       {func(c *Config) { c.ConnectionString = "sb://example.com" }, fault.Invalid},
		"nothing":             {func(c *Config) { c.ConnectionString = "" }, fault.Invalid},
		"no credential":       {func(c *Config) { c.ConnectionString, c.Namespace = "", "example.com" }, fault.Invalid},
		"no hub":              {func(c *Config) { c.Hub = "" }, fault.Invalid},
		"hub named otherwise": {func(c *Config) { c.ConnectionString += ";EntityPath=other" }, fault.Invalid},
	} {
		t.Run(what, func(t *testing.T) {
			cfg := cfg
			tc.change(&cfg)
			s, err := New(cfg)
			if err == nil {
				ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
				defer stop()
				if _, checked := s.Check(ctx); !fault.Is(checked, tc.kind) {
					t.Errorf("Check gave %v", checked)
				}
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
	if n, err := source(t, cfg).Check(t.Context()); n != 1 || err != nil {
		t.Errorf("Check gave %d, %v", n, err)
	}
}

// A wrong key: a broker may answer that, or close the connection, which can have other reasons too and is tried again.
func TestWrongKey(t *testing.T) {
	_, cfg := broker(t, 1)
	s := source(t, cfg)
	if err := s.explain("read", fmt.Errorf("unable to sign in: %w", kerr.SaslAuthenticationFailed)); !fault.Is(err, fault.Unauthorized) || fault.HintOf(err) == "" {
		t.Errorf("an answer: %v", err)
	}
	cfg.ConnectionString = strings.Replace(connection, "c2Vj", "d3Jv", 1)
	s = source(t, cfg)
	stop := run(t, s, nil, &collecttest.Sink{})
	eventually(t, "failing", func() bool { return s.Health().State == collect.Failing })
	if err := s.Health().Err; !strings.Contains(fault.HintOf(err), "key") || strings.Contains(err.Error(), "d3JvZX") {
		t.Errorf("health says %v", err)
	}
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run gave %v", err)
	}
}

// asked is a credential that remembers what for.
type asked struct {
	mu    sync.Mutex
	scope []string
}

func (a *asked) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.scope = append(a.scope, o.Scopes...)
	return azcore.AccessToken{Token: "the-token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// With Entra the token of the namespace is the bearer's.
func TestBearer(t *testing.T) {
	cred := &asked{}
	s := source(t, Config{Namespace: "Contoso.servicebus.windows.net", Credential: cred, Hub: hub})
	m := s.mechanism()
	_, first, err := m.Authenticate(t.Context(), "contoso.servicebus.windows.net:9093")
	if err != nil || m.Name() != "OAUTHBEARER" || !strings.Contains(string(first), "auth=Bearer the-token") {
		t.Errorf("%s says %q, %v", m.Name(), first, err)
	}
	if !slices.Equal(cred.scope, []string{"https://contoso.servicebus.windows.net/.default"}) {
		t.Errorf("asked for %v", cred.scope)
	}
}
