package reconcile

import (
	"context"
	"sync"
	"time"
)

// work is the incidents that something is to be done about, each at most once, and never in two hands at a time.
type work struct {
	now  func() time.Time
	mu   sync.Mutex
	due  map[string]time.Time
	busy map[string]bool
	fail map[string]int // times in a row
	bell chan struct{}  // rung when due or busy changes
}

func newWork(now func() time.Time) *work {
	return &work{now: now, due: map[string]time.Time{}, busy: map[string]bool{}, fail: map[string]int{}, bell: make(chan struct{}, 1)}
}

func (w *work) ring() {
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

// wake has id done at the given time, or when it was due if that is earlier.
func (w *work) wake(id string, at time.Time) {
	w.mu.Lock()
	if old, is := w.due[id]; !is || at.Before(old) {
		w.due[id] = at
	}
	w.mu.Unlock()
	w.ring()
}

// take gives an incident that is due and marks it busy; without one, how long to wait, an hour at most.
func (w *work) take() (id string, wait time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	wait = time.Hour
	var first time.Time
	for one, at := range w.due {
		if w.busy[one] {
			continue
		}
		if d := at.Sub(now); d > 0 {
			wait = min(wait, d)
		} else if id == "" || at.Before(first) {
			id, first = one, at
		}
	}
	if id != "" {
		delete(w.due, id)
		w.busy[id] = true
	}
	return id, wait
}

// next waits for an incident that is due. ok is false when ctx ended.
func (w *work) next(ctx context.Context) (id string, ok bool) {
	for ctx.Err() == nil {
		id, wait := w.take()
		if id != "" {
			w.ring() // there may be more for others
			return id, true
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-w.bell:
		case <-t.C:
		}
		t.Stop()
	}
	return "", false
}

// failed counts a failure and gives how long to wait.
func (w *work) failed(id string, err error) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail[id]++
	return backoff(err, w.fail[id]-1)
}

// done puts an incident out of hand; again above zero has it done again after that time.
func (w *work) done(id string, err error, again time.Duration) {
	w.mu.Lock()
	delete(w.busy, id)
	if err == nil {
		delete(w.fail, id)
	}
	w.mu.Unlock()
	if again > 0 {
		w.wake(id, w.now().Add(again))
	}
	w.ring()
}
