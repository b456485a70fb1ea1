// Package eventhub reads Defender's Streaming API from an event hub through Azure's own client: all partitions of one hub, each from where
// the store's coverage of it ends.
//
// It imports the collect port, the words below and Azure's client libraries.
package eventhub

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// Config says which hub to read. ConnectionString is needed, and Hub if it has no EntityPath.
type Config struct {
	ConnectionString string // of a policy with the right Listen
	Hub              string
	ConsumerGroup    string         // default $Default
	Endpoint         string         // host:port to dial instead of the namespace, whose certificate is still checked by its name
	RootCAs          *x509.CertPool // further authorities; nil: the system's
	Checkpoints      *Checkpoints   // nil: none are written
	Log              *slog.Logger   // default slog.Default
}

// Source is one hub.
type Source struct {
	collect.Gauge
	cfg       Config
	namespace string
	first     time.Duration // wait after a first failure; doubles up to longest

	mu      sync.Mutex
	failing map[string]error // by partition
	last    map[string]mark  // what was put last, by partition id
}

// mark is a place in a partition.
type mark struct {
	seq    int64
	offset string
}

const (
	prefetch    = 16                    // messages of up to a megabyte that wait in memory, each partition
	gather      = 10 * time.Millisecond // how long a batch waits for more messages once it has one
	firstWait   = time.Second
	longestWait = time.Minute
	settled     = 5 * time.Second // without a message: then there is nothing more to read
	look        = 5 * time.Minute // between looks for new partitions
)

// New prepares a source without connecting. Errors are faults of the configuration.
func New(cfg Config) (*Source, error) {
	p, err := azeventhubs.ParseConnectionString(cfg.ConnectionString)
	if err != nil {
		return nil, fault.New(fault.Invalid, "event hub connection string", "it cannot be read").WithHint("copy it from the namespace: Shared access policies → a policy with Listen → Connection string") // err would show the key
	}
	if p.EntityPath != nil {
		if cfg.Hub != "" && !strings.EqualFold(cfg.Hub, *p.EntityPath) {
			return nil, fault.New(fault.Invalid, "event hub", "the connection string is of hub %q, the configuration names %q", *p.EntityPath, cfg.Hub).WithHint("leave the hub out or use the namespace's connection string")
		}
		cfg.Hub = *p.EntityPath
	}
	if cfg.Hub == "" {
		return nil, fault.New(fault.Invalid, "event hub", "no hub is named").WithHint("set the hub's name, or use a connection string with EntityPath")
	}
	if cfg.ConsumerGroup == "" {
		cfg.ConsumerGroup = azeventhubs.DefaultConsumerGroup
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	s := &Source{cfg: cfg, namespace: strings.ToLower(p.FullyQualifiedNamespace), first: firstWait}
	s.cfg.Log = cfg.Log.With("source", s.Name())
	return s, nil
}

// Name implements collect.Source. The consumer group is no part of it: another group brings the same messages.
func (s *Source) Name() string { return "eventhub:" + s.namespace + "/" + strings.ToLower(s.cfg.Hub) }

// Namespace gives the namespace's name, lower case.
func (s *Source) Namespace() string { return s.namespace }

// Hub gives the hub's name.
func (s *Source) Hub() string { return s.cfg.Hub }

func (s *Source) client() (*azeventhubs.ConsumerClient, error) {
	entity := s.cfg.Hub
	if p, err := azeventhubs.ParseConnectionString(s.cfg.ConnectionString); err == nil && p.EntityPath != nil {
		entity = "" // the client wants it once
	}
	return azeventhubs.NewConsumerClientFromConnectionString(s.cfg.ConnectionString, entity, s.cfg.ConsumerGroup, &azeventhubs.ConsumerClientOptions{
		ApplicationID: "vedette", TLSConfig: &tls.Config{RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12}, CustomEndpoint: s.cfg.Endpoint,
		RetryOptions: azeventhubs.RetryOptions{MaxRetries: 1, RetryDelay: s.first, MaxRetryDelay: longestWait}, // our own loop goes on after these
	})
}

// checkRead is how long Check listens: a consumer group that is not there is refused at once, an empty one says nothing.
const checkRead = 3 * time.Second

// Check connects, reads what the hub is and listens in the consumer group for a moment. It is for checks of the configuration; ctx bounds it.
func (s *Source) Check(ctx context.Context) (partitions int, err error) {
	c, err := s.client()
	if err != nil {
		return 0, s.explain("connect", err)
	}
	defer c.Close(context.WithoutCancel(ctx))
	p, err := c.GetEventHubProperties(ctx, nil)
	if err != nil {
		return 0, s.explain("read the hub's properties", err)
	}
	if len(p.PartitionIDs) == 0 {
		return 0, nil
	}
	latest := true
	part, err := c.NewPartitionClient(p.PartitionIDs[0], &azeventhubs.PartitionClientOptions{StartPosition: azeventhubs.StartPosition{Latest: &latest}})
	if err != nil {
		return 0, s.explain("read consumer group "+s.cfg.ConsumerGroup, err)
	}
	defer part.Close(context.WithoutCancel(ctx))
	brief, cancel := context.WithTimeout(ctx, checkRead)
	defer cancel()
	if _, err := part.ReceiveEvents(brief, 1, nil); err != nil && brief.Err() == nil {
		return 0, s.explain("read consumer group "+s.cfg.ConsumerGroup, err)
	}
	return len(p.PartitionIDs), nil
}

// Run implements collect.Source. It returns a fault when the hub, the consumer group or the rights are not there.
//
// A partition's name is its id and the time the hub was made: sequence numbers of a hub that was deleted and made again start anew, and
// must not be taken for those of the old one.
func (s *Source) Run(ctx context.Context, after []record.Span, to collect.Sink) error {
	s.mu.Lock()
	s.failing, s.last = map[string]error{}, map[string]mark{}
	s.mu.Unlock()
	s.Now(collect.Starting, nil)
	defer s.Now(collect.Stopped, nil)
	c, err := s.client()
	if err != nil {
		return s.explain("connect", err)
	}
	defer c.Close(context.WithoutCancel(ctx))

	ctx, end := context.WithCancelCause(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer end(nil)
	covered := collect.Cover(s.Name(), after)
	running := map[string]bool{}
	if s.cfg.Checkpoints != nil {
		work.Go(func() { s.checkpoint(ctx, to) })
	}
	for wait := s.first; ; {
		hub, err := c.GetEventHubProperties(ctx, nil)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			err = s.explain("read the hub's properties", err)
			if !fault.Retryable(err) {
				return err
			}
			s.note("", err)
			pause(ctx, wait)
			wait = min(2*wait, longestWait)
			continue
		}
		s.note("", nil)
		wait = s.first
		for _, id := range hub.PartitionIDs {
			if !running[id] {
				running[id] = true
				p := &partition{source: s, client: c, id: id, name: fmt.Sprintf("%s@%d", id, hub.CreatedOn.Unix()), to: to, covered: covered}
				work.Go(func() {
					if err := p.run(ctx); err != nil {
						end(err)
					}
				})
			}
		}
		pause(ctx, look)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// note records how a partition (or, with "", the hub) is doing and sums it up.
func (s *Source) note(partition string, err error) {
	s.mu.Lock()
	if err != nil {
		s.failing[partition] = err
	} else {
		delete(s.failing, partition)
	}
	var first error
	for _, e := range s.failing {
		first = e
	}
	s.mu.Unlock()
	switch {
	case first != nil:
		s.Now(collect.Failing, first)
	case time.Since(s.Health().Last) < settled:
		s.Now(collect.Reading, nil)
	default:
		s.Now(collect.Idle, nil)
	}
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
