package eventhub

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
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/collect/collecttest"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/tenant/blob"
	"github.com/vedette-siem/vedette/internal/tenant/hub"
)

const (
	name = "insights"
	key  = "c2VjcmV0IGtleSBvZiB0aGUgdGVzdA=="
)

// server is a hub, and a source's configuration for it. The test server lends its certificate, which is for example.com.
func server(t testing.TB, partitions int) (*hub.Hub, Config) {
	t.Helper()
	lend := httptest.NewUnstartedServer(nil)
	lend.StartTLS()
	t.Cleanup(lend.Close)
	pool := x509.NewCertPool()
	pool.AddCert(lend.Certificate())
	h, err := hub.Start(hub.Config{Name: name, Partitions: partitions, Groups: []string{"vedette"}, Dir: t.TempDir(), TLS: &tls.Config{Certificates: lend.TLS.Certificates},
		Auth: func(_, _, token string) error { return hub.CheckSAS(token, "listen", key, time.Now()) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h, Config{ConnectionString: connection(key), Hub: name, ConsumerGroup: "vedette", Endpoint: h.Addr(), RootCAs: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func connection(key string) string {
	return "Endpoint=sb://example.com/;SharedAccessKeyName=listen;SharedAccessKey=" + key
}

func source(t testing.TB, cfg Config) *Source {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.first = 20 * time.Millisecond
	return s
}

func publish(t testing.TB, h *hub.Hub, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := h.Publish(i%h.Partitions(), fmt.Appendf(nil, `{"records":[{"n":%d}]}`, i)); err != nil {
			t.Fatal(err)
		}
	}
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

// bodies gives what came, sorted.
func bodies(sink *collecttest.Sink) []string {
	var list []string
	for _, r := range sink.Got() {
		list = append(list, string(r.Body))
	}
	slices.Sort(list)
	return list
}

func want(from, to int) []string {
	var list []string
	for i := from; i < to; i++ {
		list = append(list, fmt.Sprintf(`{"records":[{"n":%d}]}`, i))
	}
	slices.Sort(list)
	return list
}

func TestSource(t *testing.T) {
	h, cfg := server(t, 3)
	publish(t, h, 0, 50)
	collecttest.Run(t, 50, func(t *testing.T) collect.Source { return source(t, cfg) })
}

// Each message comes once, although connections are cut and receivers closed while others are published.
func TestTroubleOnTheWay(t *testing.T) {
	h, cfg := server(t, 2)
	sink := &collecttest.Sink{}
	stop := run(t, source(t, cfg), nil, sink)
	for round := range 4 {
		publish(t, h, round*50, round*50+50)
		eventually(t, "some messages", func() bool { return len(sink.Got()) > round*50+10 })
		if round%2 == 0 {
			h.DropConnections()
		} else {
			h.Detach(round/2%2, "amqp:link:detach-forced", "maintenance")
		}
	}
	eventually(t, "200 messages", func() bool { return len(sink.Got()) >= 200 })
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run gave %v", err)
	}
	if got := bodies(sink); !slices.Equal(got, want(0, 200)) {
		t.Errorf("%d messages came, not each of 200 once", len(got))
	}
}

// A reader with ownership takes the partition; the source says so, waits, and goes on when it has left.
func TestStolenPartition(t *testing.T) {
	h, cfg := server(t, 1)
	publish(t, h, 0, 5)
	s := source(t, cfg)
	sink := &collecttest.Sink{}
	stop := run(t, s, nil, sink)
	eventually(t, "5 messages", func() bool { return len(sink.Got()) == 5 })
	c, err := azeventhubs.NewConsumerClientFromConnectionString(cfg.ConnectionString, name, cfg.ConsumerGroup, &azeventhubs.ConsumerClientOptions{TLSConfig: &tls.Config{RootCAs: cfg.RootCAs}, CustomEndpoint: cfg.Endpoint})
	if err != nil {
		t.Fatal(err)
	}
	yes, level := true, int64(1)
	thief, err := c.NewPartitionClient("0", &azeventhubs.PartitionClientOptions{OwnerLevel: &level, StartPosition: azeventhubs.StartPosition{Earliest: &yes}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := thief.ReceiveEvents(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "failing", func() bool { return s.Health().State == collect.Failing })
	if err := s.Health().Err; !fault.Is(err, fault.Conflict) || !strings.Contains(fault.HintOf(err), "consumer group") {
		t.Errorf("health says %v", err)
	}
	_ = c.Close(t.Context())
	publish(t, h, 5, 10)
	eventually(t, "10 messages", func() bool { return len(sink.Got()) == 10 })
	eventually(t, "healthy", func() bool { return s.Health().State == collect.Reading || s.Health().State == collect.Idle })
	_ = stop()
	if got := bodies(sink); !slices.Equal(got, want(0, 10)) {
		t.Errorf("came: %v", got)
	}
}

// What is covered is not read again, a gap in it is, and a hub that was made anew is read from its beginning.
func TestWhereItStarts(t *testing.T) {
	h, cfg := server(t, 1)
	publish(t, h, 0, 20)
	sink := &collecttest.Sink{}
	stop := run(t, source(t, cfg), nil, sink)
	eventually(t, "20 messages", func() bool { return len(sink.Got()) == 20 })
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

	time.Sleep(time.Until(time.Unix(time.Now().Unix()+1, 0))) // the service's creation times are told apart by the second
	anew, cfg2 := server(t, 1)
	publish(t, anew, 100, 103)
	fresh := &collecttest.Sink{}
	stop = run(t, source(t, cfg2), collecttest.Covers(sink.Got()), fresh)
	eventually(t, "3 messages", func() bool { return len(fresh.Got()) == 3 })
	_ = stop()
}

// Faults of the configuration end Run (or New) with a hint.
func TestFaults(t *testing.T) {
	_, cfg := server(t, 1)
	for what, tc := range map[string]struct {
		change func(*Config)
		kind   fault.Kind
	}{
		"wrong key":           {func(c *Config) { c.ConnectionString = connection("d3Jvbmc=") }, fault.Unauthorized},
		"unknown hub":         {func(c *Config) { c.Hub = "elsewhere" }, fault.NotFound},
		"unknown group":       {func(c *Config) { c.ConsumerGroup = "nobody" }, fault.NotFound},
		"no connection":       {func(c *Config) { c.ConnectionString = "sb://example.com" }, fault.Invalid},
		"no hub":              {func(c *Config) { c.Hub = "" }, fault.Invalid},
		"hub named otherwise": {func(c *Config) { c.ConnectionString += ";EntityPath=other" }, fault.Invalid},
	} {
		t.Run(what, func(t *testing.T) {
			cfg := cfg
			tc.change(&cfg)
			s, err := New(cfg)
			if err == nil {
				s.first = 20 * time.Millisecond
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

// Checkpoint blobs follow what is stored, and their failing does not stop the reading.
func TestCheckpoints(t *testing.T) {
	h, cfg := server(t, 2)
	account := blob.New("acct", "checkpoints")
	srv := httptest.NewTLSServer(account)
	defer srv.Close()
	cfg.RootCAs.AddCert(srv.Certificate())
	cfg.Checkpoints = &Checkpoints{Container: "checkpoints", Every: 10 * time.Millisecond,
		ConnectionString: "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=" + key + ";BlobEndpoint=" + srv.URL + "/acct;"}
	publish(t, h, 0, 10)
	s := source(t, cfg)
	if err := s.CheckStorage(t.Context()); err != nil {
		t.Error(err)
	}
	if n, err := s.Check(t.Context()); err != nil || n != 2 {
		t.Errorf("Check gave %d, %v", n, err)
	}
	sink := &collecttest.Sink{}
	stop := run(t, s, nil, sink)
	for p := range 2 {
		eventually(t, "checkpoint", func() bool {
			return account.Metadata("checkpoints", fmt.Sprintf("example.com/insights/vedette/checkpoint/%d", p))["sequencenumber"] == "4"
		})
	}
	srv.Close()
	publish(t, h, 10, 20)
	eventually(t, "20 messages", func() bool { return len(sink.Got()) == 20 })
	_ = stop()
	if s.CheckStorage(t.Context()) == nil {
		t.Error("storage that is gone passes the check")
	}
}
