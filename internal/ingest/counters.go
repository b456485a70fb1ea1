package ingest

import (
	"maps"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/store"
)

// TableCount is what came in for one table since the process started.
type TableCount struct {
	Received  int64         // records
	Stored    int64         // rows
	Duplicate int64         // rows that were stored already
	Refused   int64         // records refused whole, and values refused
	Skipped   int64         // records not stored because the table is switched off
	Last      time.Time     // newest event time
	Lag       time.Duration // from that event to its being stored
}

// Counters are the counts of all tables; "" is for records whose table is unclear. They are safe for concurrent use.
type Counters struct {
	mu     sync.Mutex
	tables map[string]TableCount
}

// Snapshot gives the counts.
func (c *Counters) Snapshot() map[string]TableCount {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.tables)
}

// stored adds what an append did.
func (c *Counters) stored(d *Decoded, r store.Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tables == nil {
		c.tables = map[string]TableCount{}
	}
	change := func(table string, f func(*TableCount)) {
		t := c.tables[table]
		f(&t)
		c.tables[table] = t
	}
	for table, n := range d.Received {
		change(table, func(t *TableCount) { t.Received += n })
	}
	for table, n := range d.Skipped {
		change(table, func(t *TableCount) { t.Skipped += n })
	}
	for table, n := range r.Tables {
		change(table, func(t *TableCount) {
			t.Stored += n.Stored
			t.Duplicate += n.Duplicate
		})
	}
	for _, f := range d.Refused {
		change(f.Table, func(t *TableCount) { t.Refused++ })
	}
	for table, ticks := range d.Last {
		change(table, func(t *TableCount) {
			if at := store.TimeOf(ticks); at.After(t.Last) {
				t.Last, t.Lag = at, max(r.Ingested.Sub(at), 0)
			}
		})
	}
}
