package reconcile

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// Poll looks once for what changed in Defender and takes it in. Incidents for which there is something to send are woken.
//
// Nothing is remembered of how far it looked: what was taken in says it. The first look goes over all of History, and so does one a day.
func (l *Loop) Poll(ctx context.Context) error {
	if err := l.recall(ctx); err != nil {
		return err
	}
	began := l.cfg.Now().Add(-l.cfg.Remote.Skew())
	l.mu.Lock()
	sweep := l.swept.IsZero() || began.Sub(l.swept).Abs() >= l.cfg.Sweep
	since := l.until.Add(-l.cfg.Overlap)
	l.mu.Unlock()
	if sweep {
		since = began.Add(-l.cfg.History)
	}
	err := l.cfg.Remote.Changed(ctx, since, func(r incident.Remote) error { return l.changed(ctx, r) })
	if err == nil && sweep {
		l.mu.Lock()
		l.swept = began
		l.mu.Unlock()
	}
	return err
}

// recall reads, once, which versions were taken in, and wakes what was left undone.
func (l *Loop) recall(ctx context.Context) error {
	l.mu.Lock()
	done := l.known != nil
	l.mu.Unlock()
	if done {
		return nil
	}
	all, err := l.sides.All(ctx)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known = make(map[string]time.Time, len(all))
	for _, one := range all {
		l.known[one.ID] = one.Version
		if one.Version.After(l.until) {
			l.until = one.Version
		}
		if unfinished(one.Sides) {
			l.work.wake(one.ID, l.cfg.Now())
		}
	}
	return nil
}

// unfinished tells whether there is something to send, or to find out about.
func unfinished(s incident.Sides) bool {
	if s.Pending() != nil || s.Moving != nil || s.Sent != nil {
		return s.Gone == ""
	}
	for _, c := range s.Comments {
		if c.Delivery == incident.Queued || c.Delivery == incident.Sending || c.Delivery == incident.Refused && s.RedirectedTo != "" {
			return s.Gone == ""
		}
	}
	return false
}

// changed takes in a version that is new.
func (l *Loop) changed(ctx context.Context, r incident.Remote) error {
	l.mu.Lock()
	had, known := l.known[r.ID]
	l.mu.Unlock()
	if known && !r.Version.After(had) {
		return nil
	}
	clock := l.clock()
	todo := false
	_, err := l.sides.Update(ctx, r.ID, func(one *ledger.Incident) error {
		one.Receive(r, clock)
		todo = unfinished(one.Sides)
		return nil
	})
	if err != nil {
		return err
	}
	if todo {
		l.work.wake(r.ID, clock.Now)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[r.ID] = r.Version
	if r.Version.After(l.until) {
		l.until, l.lag = r.Version, clock.Now.Add(-clock.Skew).Sub(r.Version)
	}
	return nil
}

// Run keeps the incidents the same until ctx ends. It waits out whatever fails and tries again.
func (l *Loop) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for range l.cfg.Workers {
		all.Go(func() { l.worker(ctx) })
	}
	all.Go(func() { l.poller(ctx) })
	all.Wait()
	return context.Cause(ctx)
}

func (l *Loop) poller(ctx context.Context) {
	tries := 0
	for ctx.Err() == nil {
		wait := l.cfg.Poll
		if err := l.Poll(ctx); err != nil && ctx.Err() == nil {
			wait = max(wait, backoff(err, tries))
			tries++
			l.cfg.Log.Warn("looking for changed incidents failed, trying again", "error", err, "wait", wait)
		} else {
			tries = 0
		}
		pause(ctx, wait)
	}
}

func (l *Loop) worker(ctx context.Context) {
	for {
		id, ok := l.work.next(ctx)
		if !ok {
			return
		}
		again, err := l.One(ctx, id)
		if err != nil && ctx.Err() == nil {
			again = l.work.failed(id, err)
			l.cfg.Log.Warn("bringing an incident to agreement failed, trying again", "incident", id, "error", err, "wait", again)
		}
		l.work.done(id, err, again)
	}
}

const longestWait = 5 * time.Minute

// backoff is how long to wait after an error that came tries times before.
func backoff(err error, tries int) time.Duration {
	var f *fault.Error
	if errors.As(err, &f) && f.RetryAfter > 0 {
		return min(f.RetryAfter, longestWait)
	}
	return min(time.Second<<min(tries, 10), longestWait)
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
