package defender

import (
	"context"
	"sync"
	"time"
)

// budget spreads requests so that no more than perMinute are sent in any minute, in bursts of at most a quarter of them.
type budget struct {
	mu    sync.Mutex
	every time.Duration
	burst time.Duration
	next  time.Time // when the next request would be due without bursts
}

func newBudget(perMinute int) *budget {
	every := time.Minute / time.Duration(perMinute)
	return &budget{every: every, burst: every * time.Duration(perMinute) / 4}
}

// take waits for a request's turn.
func (b *budget) take(ctx context.Context) error {
	b.mu.Lock()
	now := time.Now()
	if b.next.Before(now.Add(-b.burst)) {
		b.next = now.Add(-b.burst)
	}
	b.next = b.next.Add(b.every)
	wait := b.next.Sub(now)
	b.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	return sleep(ctx, wait)
}
