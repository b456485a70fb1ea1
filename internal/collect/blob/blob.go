// Package blob reads Defender's Streaming API from a storage account: a container for each table, in it an append blob for each hour of
// event time, which grows while it is read and for hours after.
//
// A message is a line. Its number is the place of its last byte in the blob, so that what the store covers says from which byte to read on;
// a partition is a blob, known by its name and the time it was made. Lists tell which blobs have changed; nothing else is asked for.
// It imports the collect port, the words below and Azure's client libraries.
package blob

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// Prefix begins the names of the containers that the Streaming API makes, one for each table.
const Prefix = "insights-logs-advancedhunting-"

// Config says which account to read, and as whom: either ConnectionString, or Account with Credential or with a shared access signature in it.
type Config struct {
	ConnectionString string // with a key or a shared access signature
	Account          string // https://ACCOUNT.blob.core.windows.net, or a SAS URL of the account or of one container
	Credential       azcore.TokenCredential
	Containers       []string       // nil: all whose name begins with Prefix
	Start            collect.Start  // by the hours of the blobs' names; Latest begins with the hour under way
	Poll             time.Duration  // between looks at the lists; default 30 s
	Sweep            time.Duration  // between looks at the whole lists, not only those of the last days; default 1 h
	Settled          time.Duration  // a line without an end is taken as it is when its blob has not changed for so long; default 24 h
	RootCAs          *x509.CertPool // further authorities; nil: the system's
	Log              *slog.Logger   // default slog.Default
}

// Source is one storage account.
type Source struct {
	collect.Gauge
	cfg     Config
	account account
	name    string
	first   time.Duration // wait after a first failure; doubles up to the longest

	mu      sync.Mutex
	failing map[string]error // by container; "": the account
}

const (
	parallel    = 4 // blobs read at once, each with a batch and a line in memory
	firstWait   = time.Second
	longestWait = 5 * time.Minute
)

// New prepares a source without connecting. Errors are faults of the configuration.
func New(cfg Config) (*Source, error) {
	if cfg.Poll <= 0 {
		cfg.Poll = 30 * time.Second
	}
	if cfg.Sweep <= 0 {
		cfg.Sweep = time.Hour
	}
	if cfg.Settled <= 0 {
		cfg.Settled = 24 * time.Hour
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	a, err := open(cfg)
	if err != nil {
		return nil, err
	}
	s := &Source{cfg: cfg, account: a, name: "blob:" + a.name, first: firstWait}
	s.cfg.Log = cfg.Log.With("source", s.name)
	return s, nil
}

// Name implements collect.Source.
func (s *Source) Name() string { return s.name }

// Account gives the account's address without a scheme or anything secret.
func (s *Source) Account() string { return s.account.name }

// Run implements collect.Source. It returns a fault when the account or the rights are not there; what fails in one container and passes
// does not stop the others.
func (s *Source) Run(ctx context.Context, after []record.Span, to collect.Sink) error {
	s.mu.Lock()
	s.failing = map[string]error{}
	s.mu.Unlock()
	s.Now(collect.Starting, nil)
	defer s.Now(collect.Stopped, nil)
	w := newWalk(s, collect.Cover(s.name, after))
	for wait := s.first; ; {
		changed, err := w.look(ctx)
		if err == nil {
			err = s.read(ctx, w, changed, to)
		}
		var spent *sinkError
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.As(err, &spent):
			return spent.err
		case err != nil && !fault.Retryable(err):
			return err
		case err != nil:
			s.note("", err)
			s.cfg.Log.Warn("reading the storage account failed, trying again", "error", err, "wait", wait)
			pause(ctx, wait)
			wait = min(2*wait, longestWait)
			continue
		}
		wait = s.first
		s.note("", nil)
		if s.healthy() {
			s.Now(collect.Idle, nil)
		}
		pause(ctx, s.cfg.Poll)
	}
}

// read takes in what has changed, the oldest hours first, several blobs at once. It gives the first error that concerns the whole account,
// or the sink's; a blob that could not be read is looked at again in the next round.
func (s *Source) read(ctx context.Context, w *walk, changed []*entry, to collect.Sink) error {
	if len(changed) == 0 {
		return nil
	}
	if s.healthy() {
		s.Now(collect.Reading, nil)
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	work := make(chan *entry)
	var readers sync.WaitGroup
	for range min(parallel, len(changed)) {
		readers.Go(func() {
			for e := range work {
				s.one(ctx, w, e, to, end)
			}
		})
	}
	for _, e := range changed {
		select {
		case work <- e:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(work)
	readers.Wait()
	return context.Cause(ctx)
}

// one reads a blob and notes how its container is doing.
func (s *Source) one(ctx context.Context, w *walk, e *entry, to collect.Sink, end context.CancelCauseFunc) {
	r := reader{source: s, entry: e, covered: w.covered, to: to}
	err := r.run(ctx)
	w.keep(e, err == nil || fault.Is(err, fault.Unsupported)) // asking again for what cannot be read helps only once it has changed
	var spent *sinkError
	switch {
	case err == nil:
		s.note(e.container, nil)
	case errors.As(err, &spent):
		end(err)
	case ctx.Err() != nil:
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict):
		// It was deleted, or written anew, since the list was made; the next list says which.
		s.cfg.Log.Debug("a blob is not as it was listed", "container", e.container, "blob", e.name, "error", err)
	case fault.Is(err, fault.Unsupported):
		s.cfg.Log.Warn("a blob cannot be read and is left out until it changes", "container", e.container, "blob", e.name, "error", err, "hint", fault.HintOf(err))
	case !fault.Retryable(err):
		end(err)
	default:
		s.note(e.container, err)
		s.cfg.Log.Warn("reading a blob failed; the next round goes on where it stopped", "container", e.container, "blob", e.name, "error", err)
	}
}

// note records how a container (or, with "", the account) is doing and sums it up.
func (s *Source) note(container string, err error) {
	s.mu.Lock()
	if err != nil {
		s.failing[container] = err
	} else {
		delete(s.failing, container)
	}
	var first error
	for _, e := range s.failing {
		first = e
	}
	s.mu.Unlock()
	if first != nil {
		s.Now(collect.Failing, first)
	}
}

func (s *Source) healthy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.failing) == 0
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
