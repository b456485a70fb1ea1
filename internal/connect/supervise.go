package connect

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/record"
)

// intake is an ingest loop for one run of a source.
type intake struct {
	*ingest.Loop
	stop context.CancelFunc
	done chan error
}

func startIntake(o ingest.Options) *intake {
	ctx, stop := context.WithCancel(context.Background())
	in := &intake{ingest.New(o), stop, make(chan error, 1)}
	go func() { in.done <- in.Loop.Run(ctx) }()
	return in
}

// close stores what was put and ends the loop. Its error is why the loop could not store, nil when it was only told to end.
func (in *intake) close() error {
	in.stop()
	if err := <-in.done; !fault.Is(err, fault.Canceled) {
		return err
	}
	return nil
}

// group runs the sources of one part of the page, and can be switched off and on.
type group struct {
	make    func() ([]collect.Source, error)
	covered func(ctx context.Context, source string) ([]record.Span, error)
	intake  func() *intake
	log     *slog.Logger

	mu      sync.Mutex
	stop    context.CancelFunc // nil while off
	done    sync.WaitGroup
	sources []collect.Source
	failed  map[string]Failure // by source, of the last run that ended in failure; cleared when a source works. "": the sources could not be made
}

// The waits between runs of a source that failed: short first, since most failures pass; long for those that a person must mend.
const (
	firstWait = time.Second
	longWait  = time.Minute
)

// start switches the group on; it does nothing when it is on.
func (g *group) start(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stop != nil {
		return
	}
	ctx, g.stop = context.WithCancel(ctx)
	g.sources, g.failed = nil, map[string]Failure{}
	g.done.Go(func() { g.run(ctx) })
}

// run makes the sources, however often that takes, and runs each.
func (g *group) run(ctx context.Context) {
	sources, err := g.make()
	for ; err != nil; sources, err = g.make() {
		g.note("", err)
		g.log.Warn("a part of the connector could not be started", "error", err, "wait", longWait)
		select {
		case <-ctx.Done():
			return
		case <-time.After(longWait):
		}
	}
	g.mu.Lock()
	g.sources = sources
	delete(g.failed, "")
	g.mu.Unlock()
	for _, s := range sources {
		g.done.Go(func() { g.keepRunning(ctx, s) })
	}
}

// running gives the sources, none while the group is off.
func (g *group) running() []collect.Source {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stop == nil {
		return nil
	}
	return g.sources
}

// end switches the group off and waits until its sources have stopped.
func (g *group) end() {
	g.mu.Lock()
	stop := g.stop
	g.stop = nil
	g.mu.Unlock()
	if stop != nil {
		stop()
	}
	g.done.Wait()
}

// keepRunning runs a source again and again, each time from what the store covers by then, until ctx ends or the source is exhausted.
func (g *group) keepRunning(ctx context.Context, s collect.Source) {
	wait := firstWait
	for {
		began := time.Now()
		err := g.once(ctx, s)
		if ctx.Err() != nil || err == nil {
			return
		}
		g.note(s.Name(), err)
		switch fault.KindOf(err) {
		case fault.Invalid, fault.Unauthorized, fault.Forbidden, fault.NotFound:
			wait = longWait
		default:
			if time.Since(began) > longWait {
				wait = firstWait
			}
		}
		g.log.Warn("a source failed and will be started again", "source", s.Name(), "error", err, "hint", fault.HintOf(err), "wait", wait)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, longWait)
	}
}

func (g *group) once(ctx context.Context, s collect.Source) (err error) {
	after, err := g.covered(ctx, s.Name())
	if err != nil {
		return err
	}
	in := g.intake()
	defer func() {
		if closeErr := in.close(); err == nil || errors.Is(err, context.Canceled) {
			err = closeErr
		}
	}()
	return s.Run(ctx, after, in)
}

// note keeps the failure of a source for the page.
func (g *group) note(source string, err error) {
	f := Failure{Message: fault.MessageOf(err), Hint: fault.HintOf(err), At: time.Now().UTC()}
	g.mu.Lock()
	g.failed[source] = f
	g.mu.Unlock()
}

// health sums the sources up: the worst state, the newest message, the greatest lag, and the failure to show.
type health struct {
	state    string
	messages int64
	last     time.Time
	lag      time.Duration
	known    bool // lag is that of a source which reads
	failure  *Failure
}

func (g *group) health() health {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stop == nil {
		return health{state: "off"}
	}
	if f, failed := g.failed[""]; failed {
		return health{state: "error", failure: &f}
	}
	h := health{state: "connected"}
	if g.sources == nil {
		h.state = "connecting"
	}
	for _, s := range g.sources {
		r, ok := s.(collect.Reporter)
		if !ok {
			if f, failed := g.failed[s.Name()]; failed {
				h.state, h.failure = "error", &f
			}
			continue
		}
		now := r.Health()
		h.messages += now.Messages
		if now.State != collect.Idle { // the lag of one that has read everything is that of the last thing it read, long ago
			h.lag = max(h.lag, now.Lag)
		}
		if now.Last.After(h.last) {
			h.last = now.Last
		}
		switch now.State {
		case collect.Failing:
			h.state = "error"
			if now.Err != nil {
				h.failure = &Failure{fault.MessageOf(now.Err), fault.HintOf(now.Err), now.Since.UTC()}
			}
		case collect.Starting, collect.Stopped:
			if f, failed := g.failed[s.Name()]; failed {
				h.state, h.failure = "error", &f
			} else if h.state == "connected" {
				h.state = "connecting"
			}
		case collect.Reading, collect.Idle:
			h.known = true
			delete(g.failed, s.Name())
		}
	}
	return h
}
