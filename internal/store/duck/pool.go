package duck

import "sync"

// maxIdle is the number of connections kept for the next queries.
const maxIdle = 16

// pool hands out connections for queries. It sets no limit: a query in Go may read several statements at once, and to make one of them
// wait for another's connection would stop both for ever. How many queries run at a time is decided above the store.
type pool struct {
	db   *database
	mu   sync.Mutex
	idle []*conn
}

func newPool(db *database) *pool { return &pool{db: db} }

func (p *pool) get() (*conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c, nil
	}
	return p.db.connect()
}

// put gives a connection back; one that failed is closed instead.
func (p *pool) put(c *conn, sound bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !sound || len(p.idle) >= maxIdle {
		c.close()
		return
	}
	p.idle = append(p.idle, c)
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}
