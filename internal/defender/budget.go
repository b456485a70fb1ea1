package defender

import (
	"context"
	"strings"
	"sync"
	"time"
)

// budget spreads requests so that no more than perMinute are sent in any minute, in bursts of at most a quarter of them unless said
// otherwise.
type budget struct {
	mu    sync.Mutex
	every time.Duration
	burst time.Duration
	next  time.Time // when the next request would be due without bursts
}

func newBudget(perMinute int) *budget {
	return newBurst(perMinute, perMinute/4)
}

// newBurst is a budget with bursts of its own size.
func newBurst(perMinute, burst int) *budget {
	every := time.Minute / time.Duration(perMinute)
	return &budget{every: every, burst: every * time.Duration(burst)}
}

// The tenant allows hunting 45 queries in a minute and 1,500 in an hour, to all who ask by the API together.
const (
	huntsPerMinute = 20
	huntsBurst     = 36
)

// budgetOf gives the budget that a request is taken from: hunting has its own beside Graph's.
func (c *Client) budgetOf(r Request) *budget {
	if r.Resource == Graph && strings.Contains(r.Path, "/security/runHuntingQuery") {
		return c.hunting
	}
	return c.budget[r.Resource]
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
