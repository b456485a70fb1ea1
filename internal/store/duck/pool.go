package duck

import (
	"context"
	"sync"

	"github.com/vedette-siem/vedette/internal/fault"
)

// pool hands out connections for queries, at most max at a time.
type pool struct {
	db    *database
	slots chan struct{}
	mu    sync.Mutex
	idle  []*conn
}

func newPool(db *database, max int) *pool { return &pool{db: db, slots: make(chan struct{}, max)} }

// get waits for a connection.
func (p *pool) get(ctx context.Context) (*conn, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fault.New(fault.Canceled, "query", "%w", context.Cause(ctx))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c, nil
	}
	c, err := p.db.connect()
	if err != nil {
		<-p.slots
	}
	return c, err
}

// put gives a connection back; one that failed is closed instead.
func (p *pool) put(c *conn, sound bool) {
	if sound {
		p.mu.Lock()
		p.idle = append(p.idle, c)
		p.mu.Unlock()
	} else {
		c.close()
	}
	<-p.slots
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}
