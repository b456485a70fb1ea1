// Package kafka reads Defender's Streaming API from an event hub through its Kafka endpoint: all partitions of one hub, shared with the other
// members of the consumer group, each from where the store's coverage of it ends.
//
// Committed offsets are for others to watch. The one thing that is read from them is where a partition began that was to begin with the
// latest message and of which nothing is stored yet. It imports the collect port, the words below, a Kafka client and Azure's client libraries.
package kafka

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// Config says which hub to read, and as whom: either ConnectionString, or Namespace with Credential.
type Config struct {
	ConnectionString string // of a policy with the right Listen
	Namespace        string // e.g. contoso.servicebus.windows.net
	Credential       azcore.TokenCredential
	Hub              string        // may be left out when the connection string has EntityPath
	ConsumerGroup    string        // default $Default
	Start            collect.Start // where a partition begins of which nothing is stored
	// Covered asks the store anew what it covers of this source: partitions come from other members of the group, who stored meanwhile. Nil:
	// what Run was told is all there is.
	Covered  func(ctx context.Context) ([]record.Span, error)
	Endpoint string         // host:port to dial instead of the namespace's, whose certificate is still checked by its name
	RootCAs  *x509.CertPool // further authorities; nil: the system's
	Log      *slog.Logger   // default slog.Default
}

// Source is one hub.
type Source struct {
	collect.Gauge
	cfg       Config
	namespace string
	name      string
	first     time.Duration // wait after a first failure; doubles up to the longest
	every     time.Duration // between commits

	mu   sync.Mutex
	last map[string]int64 // put in this Run, by the name of the partition
}

const (
	port        = "9093"
	firstWait   = time.Second
	longestWait = time.Minute
	settled     = 5 * time.Second // without a message: then there is nothing more to read
	answerWait  = 30 * time.Second
	everyCommit = 30 * time.Second
	leaveWait   = 10 * time.Second // for what was put to be stored before partitions go to another member
	atOnce      = 512              // messages handed to the sink at once
	fetchBytes  = 16 << 20         // that wait in memory
)

// New prepares a source without connecting. Errors are faults of the configuration.
func New(cfg Config) (*Source, error) {
	namespace := cfg.Namespace
	switch {
	case cfg.ConnectionString != "":
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
		namespace = p.FullyQualifiedNamespace
	case namespace == "":
		return nil, fault.New(fault.Invalid, "event hub", "no namespace is named").WithHint("give a connection string, or the namespace like contoso.servicebus.windows.net")
	case cfg.Credential == nil:
		return nil, fault.New(fault.Invalid, "event hub", "there is a namespace and no credential").WithHint("give the app registration, or a connection string")
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
	s := &Source{cfg: cfg, namespace: strings.ToLower(namespace), first: firstWait, every: everyCommit}
	s.name = "kafka:" + s.namespace + "/" + strings.ToLower(cfg.Hub)
	s.cfg.Log = cfg.Log.With("source", s.name)
	return s, nil
}

// Name implements collect.Source. The consumer group is no part of it: another group brings the same messages.
func (s *Source) Name() string { return s.name }

// Namespace gives the namespace's name, lower case.
func (s *Source) Namespace() string { return s.namespace }

// Hub gives the hub's name.
func (s *Source) Hub() string { return s.cfg.Hub }

// Check connects and reads what the hub is. It is for checks of the configuration; ctx bounds it.
func (s *Source) Check(ctx context.Context) (partitions int, err error) {
	c, err := kgo.NewClient(s.options()...)
	if err != nil {
		return 0, s.explain("connect", err)
	}
	defer c.Close()
	t, err := s.topic(ctx, kadm.NewClient(c))
	return len(t.Partitions), err
}

// topic asks what the hub is.
func (s *Source) topic(ctx context.Context, admin *kadm.Client) (kadm.TopicDetail, error) {
	ctx, stop := context.WithTimeout(ctx, answerWait)
	defer stop()
	topics, err := admin.ListTopics(ctx, s.cfg.Hub)
	if err != nil {
		return kadm.TopicDetail{}, s.explain("read the hub's properties", err)
	}
	t := topics[s.cfg.Hub]
	return t, s.explain("read the hub's properties", t.Err)
}

// Run implements collect.Source. It returns a fault when the hub or the rights are not there.
func (s *Source) Run(ctx context.Context, after []record.Span, to collect.Sink) error {
	s.mu.Lock()
	s.last = map[string]int64{}
	s.mu.Unlock()
	s.Now(collect.Starting, nil)
	defer s.Now(collect.Stopped, nil)
	for wait := s.first; ; {
		m := &member{source: s, after: after, to: to, parts: map[int32]*part{}}
		err := m.run(ctx)
		var spent *sinkError
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.As(err, &spent):
			return spent.err
		case !fault.Retryable(err):
			return err
		}
		if m.took {
			wait = s.first // it worked for a while
		}
		s.Now(collect.Failing, err)
		s.cfg.Log.Warn("reading stopped, trying again", "error", err, "wait", wait)
		pause(ctx, wait)
		wait = min(2*wait, longestWait)
	}
}

// address is what to dial.
func (s *Source) address() string {
	if s.cfg.Endpoint != "" {
		return s.cfg.Endpoint
	}
	return net.JoinHostPort(s.namespace, port)
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

// sinkError is an error of the sink, which is not ours to judge.
type sinkError struct{ err error }

func (e *sinkError) Error() string { return e.err.Error() }
func (e *sinkError) Unwrap() error { return e.err }
