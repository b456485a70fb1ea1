package duck

import (
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/store"
)

// clock stamps appends in growing order and knows before which stamp nothing can appear any more.
type clock struct {
	mu   sync.Mutex
	now  func() time.Time
	last int64 // newest stamp given, or moment promised by ready
	open int64 // stamp of the append under way, or 0
}

// begin stamps an append; one at a time.
func (c *clock) begin() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.last+1, store.Ticks(c.now()))
	c.open = c.last
	return c.open
}

// end says that the append is committed or gone.
func (c *clock) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = 0
}

// stamped gives a mark: every committed row has a stamp up to it, every later one a greater stamp. No append may be under way.
func (c *clock) stamped() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// ready gives the ticks before which no stamp will appear.
func (c *clock) ready() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open != 0 {
		return c.open
	}
	c.last = max(c.last, store.Ticks(c.now())-1)
	return c.last + 1
}

// Ready implements store.Querier.
func (s *Store) Ready() time.Time { return store.TimeOf(s.clock.ready()) }
