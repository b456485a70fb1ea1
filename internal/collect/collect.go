// Package collect is the port through which data comes in: sources that read something outside, and the sink that takes what they read.
//
// A source keeps no checkpoint of its own. What the store covers is the only memory: Run is told it and starts after it, so a crash at any
// moment repeats nothing that was stored and skips nothing that was not. It imports the words floor and the standard library.
package collect

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/record"
)

// Source reads one thing outside: an event hub, a collection of the Graph API, a file.
//
// Implementers must put the messages of one partition in growing order of Seq and from one goroutine at a time, must not put positions that
// after covers, and must keep going through every failure that can pass (dropped connections, throttling, outages), reporting it as Health.
// A source of a collection that changes under its hands may put again, at a new position, what it cannot tell from something missed; the
// store recognises the record.
type Source interface {
	// Name is the Source of every message's position. It is the same for the same data in every run.
	Name() string
	// Run reads from after what is covered until the source is exhausted (nil), ctx ends (its error), the sink fails (the sink's error),
	// or the source can never work as configured (a fault.Error with a hint). It may be called again afterwards, never twice at once.
	Run(ctx context.Context, after []record.Span, to Sink) error
}

// Sink takes messages in. It is safe for concurrent use.
//
// Accepted is not stored: Put is pipelined, Flush waits. After an error the sink is spent and gives that error for ever; the caller of Run
// makes a new one, asks the store anew what is covered and calls Run again.
type Sink interface {
	// Put hands messages over, which then belong to the sink. It returns when they are accepted and blocks while the works behind are
	// busy: that is the back-pressure. Implementers store the messages of one partition in the order they were put, so that what is
	// stored of a partition is always everything up to some message: one span a partition describes it.
	Put(ctx context.Context, batch []record.Raw) error
	// Flush returns when all that was put before the call is stored. What must come after storing (checkpoints that others watch, a
	// summary for the user) comes after Flush.
	Flush(ctx context.Context) error
}

// State is what a source is doing.
type State string

const (
	Starting State = "starting" // connecting; nothing read yet
	Reading  State = "reading"  // messages are coming
	Idle     State = "idle"     // connected, everything there is has been read
	Failing  State = "failing"  // the last attempt failed; it goes on trying
	Stopped  State = "stopped"  // Run is not running
)

// Health is how a source is doing, for the connector page and the log.
type Health struct {
	State    State
	Since    time.Time     // when State began
	Err      error         // of Failing: why; a fault.Error where a hint can be given
	Messages int64         // put since the process started
	Last     time.Time     // when the last message was put; zero if none was
	Lag      time.Duration // how far behind its origin the source is, as far as it can tell
}

// Reporter is a Source that tells its health. It is safe to call at any time, during Run too.
type Reporter interface{ Health() Health }

// Gauge is a Reporter to embed in a source. The zero Gauge is ready and says Stopped.
type Gauge struct {
	mu sync.Mutex
	h  Health
}

// Health gives the present state.
func (g *Gauge) Health() Health {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.h
	if h.State == "" {
		h.State = Stopped
	}
	return h
}

// Now records the state; err is kept for Failing alone.
func (g *Gauge) Now(s State, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.h.State != s {
		g.h.State, g.h.Since = s, time.Now()
	}
	g.h.Err = nil
	if s == Failing {
		g.h.Err = err
	}
}

// Took records that n messages were put, and how far behind the last of them was.
func (g *Gauge) Took(n int, lag time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.h.Messages += int64(n)
	g.h.Last, g.h.Lag = time.Now(), max(lag, 0)
}

// Covered answers, for one source, what is already stored. Spans may be given in any order, overlapping and of other sources too.
type Covered struct {
	spans map[string][]record.Span // by partition; sorted, disjoint and not touching
}

// Cover makes a Covered of source's spans among all.
func Cover(source string, all []record.Span) Covered {
	c := Covered{spans: map[string][]record.Span{}}
	for _, s := range all {
		if s.Source == source && s.First <= s.Last {
			c.spans[s.Partition] = append(c.spans[s.Partition], s)
		}
	}
	for p, list := range c.spans {
		slices.SortFunc(list, func(a, b record.Span) int {
			if a.First < b.First {
				return -1
			}
			return 1
		})
		out := list[:1]
		for _, s := range list[1:] {
			if last := &out[len(out)-1]; s.First-1 <= last.Last {
				last.Last = max(last.Last, s.Last)
			} else {
				out = append(out, s)
			}
		}
		c.spans[p] = out
	}
	return c
}

// Has reports whether message seq of partition is stored.
func (c Covered) Has(partition string, seq int64) bool {
	list := c.spans[partition]
	i, found := slices.BinarySearchFunc(list, seq, func(s record.Span, q int64) int {
		switch {
		case s.Last < q:
			return -1
		case s.First > q:
			return 1
		}
		return 0
	})
	return found && i < len(list)
}

// Start gives the number of the last message before the first gap of partition: reading starts after it. ok is false if nothing is stored.
func (c Covered) Start(partition string) (seq int64, ok bool) {
	list := c.spans[partition]
	if len(list) == 0 {
		return 0, false
	}
	return list[0].Last, true
}

// Last gives the greatest number stored of each partition.
func (c Covered) Last() map[string]int64 {
	m := make(map[string]int64, len(c.spans))
	for p, list := range c.spans {
		m[p] = list[len(list)-1].Last
	}
	return m
}
