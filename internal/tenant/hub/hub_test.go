package hub

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"
)

const (
	namespace = "telemetry.servicebus.windows.net"
	policy    = "listen"
	key       = "c2VjcmV0IGtleSBvZiB0aGUgdGVzdA=="
)

func start(t testing.TB, partitions int) (*Hub, *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{namespace}}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	h, err := Start(Config{Name: "insights", Partitions: partitions, Groups: []string{"vedette"}, Dir: t.TempDir(), TLS: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: k}}},
		Auth: func(_, _, token string) error { return CheckSAS(token, policy, key, time.Now()) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h, pool
}

func client(t testing.TB, h *Hub, pool *x509.CertPool, key, group string) *azeventhubs.ConsumerClient {
	t.Helper()
	c, err := azeventhubs.NewConsumerClientFromConnectionString("Endpoint=sb://"+namespace+"/;SharedAccessKeyName="+policy+";SharedAccessKey="+key+";EntityPath=insights", "", group,
		&azeventhubs.ConsumerClientOptions{TLSConfig: &tls.Config{RootCAs: pool}, CustomEndpoint: h.Addr(), RetryOptions: azeventhubs.RetryOptions{MaxRetries: 2, RetryDelay: 20 * time.Millisecond, MaxRetryDelay: 100 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func receiver(t testing.TB, c *azeventhubs.ConsumerClient, partition string, o azeventhubs.PartitionClientOptions) *azeventhubs.PartitionClient {
	t.Helper()
	p, err := c.NewPartitionClient(partition, &o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close(context.Background()) })
	return p
}

func receive(t testing.TB, p *azeventhubs.PartitionClient, n int) (got []*azeventhubs.ReceivedEventData) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	for len(got) < n {
		list, err := p.ReceiveEvents(ctx, n-len(got), nil)
		if err != nil {
			t.Fatalf("after %d of %d events: %v", len(got), n, err)
		}
		got = append(got, list...)
	}
	return got
}

func publish(t testing.TB, h *Hub, partition, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := h.Publish(partition, fmt.Appendf(nil, `{"records":[{"n":%d}]}`, i)); err != nil {
			t.Fatal(err)
		}
	}
}

var yes = true

func earliest() azeventhubs.StartPosition { return azeventhubs.StartPosition{Earliest: &yes} }

func TestProperties(t *testing.T) {
	h, pool := start(t, 3)
	publish(t, h, 1, 0, 5)
	c := client(t, h, pool, key, "$Default")
	hp, err := c.GetEventHubProperties(t.Context(), nil)
	if err != nil || len(hp.PartitionIDs) != 3 || hp.Name != "insights" {
		t.Fatalf("%+v, %v", hp, err)
	}
	pp, err := c.GetPartitionProperties(t.Context(), "1", nil)
	if err != nil || pp.BeginningSequenceNumber != 0 || pp.LastEnqueuedSequenceNumber != 4 || pp.IsEmpty {
		t.Fatalf("%+v, %v", pp, err)
	}
	if pp, err = c.GetPartitionProperties(t.Context(), "2", nil); err != nil || !pp.IsEmpty {
		t.Fatalf("%+v, %v", pp, err)
	}
	if _, err = c.GetPartitionProperties(t.Context(), "9", nil); err == nil {
		t.Fatal("partition 9 of 3 has properties")
	}
}

// Everything arrives once and in order although the connection is cut, links are detached and events come meanwhile.
func TestDroppedConnections(t *testing.T) {
	h, pool := start(t, 1)
	p := receiver(t, client(t, h, pool, key, "vedette"), "0", azeventhubs.PartitionClientOptions{StartPosition: earliest()})
	publish(t, h, 0, 0, 100)
	got := receive(t, p, 50)
	h.DropConnections()
	publish(t, h, 0, 100, 150)
	got = append(got, receive(t, p, 50)...)
	h.Detach(0, "amqp:link:detach-forced", "maintenance")
	got = append(got, receive(t, p, 50)...)
	for i, e := range got {
		if e.SequenceNumber != int64(i) || string(e.Body) != fmt.Sprintf(`{"records":[{"n":%d}]}`, i) {
			t.Fatalf("event %d is number %d: %s", i, e.SequenceNumber, e.Body)
		}
	}
}

func TestStartPositions(t *testing.T) {
	h, pool := start(t, 1)
	publish(t, h, 0, 0, 10)
	time.Sleep(5 * time.Millisecond)
	cut := time.Now()
	time.Sleep(5 * time.Millisecond)
	publish(t, h, 0, 10, 12)
	h.Truncate(0, 2)
	c := client(t, h, pool, key, "$Default")
	seq := int64(6)
	for name, tc := range map[string]struct {
		at   azeventhubs.StartPosition
		want int64
	}{
		"earliest":     {earliest(), 2},
		"after 6":      {azeventhubs.StartPosition{SequenceNumber: &seq}, 7},
		"from 6":       {azeventhubs.StartPosition{SequenceNumber: &seq, Inclusive: true}, 6},
		"since a time": {azeventhubs.StartPosition{EnqueuedTime: &cut}, 10},
	} {
		p := receiver(t, c, "0", azeventhubs.PartitionClientOptions{StartPosition: tc.at})
		e := receive(t, p, 1)[0]
		if e.SequenceNumber != tc.want {
			t.Errorf("%s: first is %d, want %d", name, e.SequenceNumber, tc.want)
		}
		again := receive(t, receiver(t, c, "0", azeventhubs.PartitionClientOptions{StartPosition: azeventhubs.StartPosition{Offset: &e.Offset}}), 1)[0]
		if again.SequenceNumber != tc.want+1 {
			t.Errorf("%s: after its offset comes %d", name, again.SequenceNumber)
		}
	}
}

func TestEpochs(t *testing.T) {
	h, pool := start(t, 1)
	publish(t, h, 0, 0, 3)
	c := client(t, h, pool, key, "$Default")
	low, high := int64(1), int64(2)
	a := receiver(t, c, "0", azeventhubs.PartitionClientOptions{OwnerLevel: &low, StartPosition: earliest()})
	receive(t, a, 1)
	b := receiver(t, c, "0", azeventhubs.PartitionClientOptions{OwnerLevel: &high, StartPosition: earliest()})
	receive(t, b, 1)
	lost := func(p *azeventhubs.PartitionClient) bool {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		for {
			_, err := p.ReceiveEvents(ctx, 1, nil)
			var e *azeventhubs.Error
			if errors.As(err, &e) {
				return e.Code == azeventhubs.ErrorCodeOwnershipLost
			}
			if err != nil {
				return false
			}
		}
	}
	if !lost(a) {
		t.Error("the receiver with the lower epoch kept the partition")
	}
	if !lost(receiver(t, c, "0", azeventhubs.PartitionClientOptions{OwnerLevel: &low, StartPosition: earliest()})) {
		t.Error("a lower epoch got in")
	}
	if !lost(receiver(t, c, "0", azeventhubs.PartitionClientOptions{StartPosition: earliest()})) {
		t.Error("a receiver without an epoch got in")
	}
	receive(t, b, 1)
	receive(t, receiver(t, client(t, h, pool, key, "vedette"), "0", azeventhubs.PartitionClientOptions{StartPosition: earliest()}), 1) // another group does not care
}

func TestRefusals(t *testing.T) {
	h, pool := start(t, 1)
	if _, err := client(t, h, pool, "d3Jvbmcga2V5", "$Default").GetEventHubProperties(t.Context(), nil); err == nil {
		t.Error("a wrong key got in")
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	if _, err := receiver(t, client(t, h, pool, key, "nobody"), "0", azeventhubs.PartitionClientOptions{StartPosition: earliest()}).ReceiveEvents(ctx, 1, nil); err == nil || ctx.Err() != nil {
		t.Errorf("an unknown consumer group: %v", err)
	}
}

func TestBigMessageAndMute(t *testing.T) {
	h, pool := start(t, 1)
	big := bytes.Repeat([]byte("0123456789"), 90_000)
	for range 3 {
		if err := h.Publish(0, big); err != nil {
			t.Fatal(err)
		}
	}
	h.Mute(true)
	p := receiver(t, client(t, h, pool, key, "$Default"), "0", azeventhubs.PartitionClientOptions{StartPosition: earliest(), Prefetch: 2})
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	if got, err := p.ReceiveEvents(ctx, 1, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("muted: %d events, %v", len(got), err)
	}
	h.Mute(false)
	for i, e := range receive(t, p, 3) {
		if !bytes.Equal(e.Body, big) {
			t.Errorf("event %d has %d bytes", i, len(e.Body))
		}
	}
}

// What the namespace serves, in records of 1 kB, 100 to a message.
func BenchmarkReceive(b *testing.B) {
	h, pool := start(b, 1)
	body := append(append([]byte(`{"records":[`), bytes.Repeat([]byte(" "), 100_000)...), "]}"...)
	for range 500 {
		if err := h.Publish(0, body); err != nil {
			b.Fatal(err)
		}
	}
	p := receiver(b, client(b, h, pool, key, "$Default"), "0", azeventhubs.PartitionClientOptions{StartPosition: earliest(), Prefetch: 32})
	b.SetBytes(int64(len(body)))
	published := 500
	n := 0
	for b.Loop() {
		if n == published {
			if err := h.Publish(0, body); err != nil {
				b.Fatal(err)
			}
			published++
		}
		receive(b, p, 1)
		n++
	}
	b.ReportMetric(float64(n)*100/b.Elapsed().Seconds(), "records/s")
}
