package query

import (
	"context"
	"sync"
)

// turns lets a bounded number of queries run at once. Who waits stands in a line of its own for everybody who asks, and the lines are
// served in rotation, so that one who asks a hundred questions does not keep the others waiting for all of them.
type turns struct {
	mu      sync.Mutex
	free    int // how many more may run
	waiting int
	most    int      // how many may wait
	asking  []string // who waits, in the order of their turns
	lines   map[string][]*ticket
}

// ticket is a place in a line.
type ticket struct {
	turn chan struct{} // closed when it is its turn
	gone bool          // whoever held it has given up
}

func newTurns(running, waiting int) *turns {
	return &turns{free: running, most: waiting, lines: map[string][]*ticket{}}
}

// take waits for who's turn. full says that too many wait already; the error is the context's. Without either, done must be called.
func (t *turns) take(ctx context.Context, who string) (full bool, err error) {
	t.mu.Lock()
	if t.free > 0 && t.waiting == 0 {
		t.free--
		t.mu.Unlock()
		return false, nil
	}
	if t.waiting >= t.most {
		t.mu.Unlock()
		return true, nil
	}
	k := &ticket{turn: make(chan struct{})}
	if len(t.lines[who]) == 0 {
		t.asking = append(t.asking, who)
	}
	t.lines[who] = append(t.lines[who], k)
	t.waiting++
	t.mu.Unlock()
	select {
	case <-k.turn:
		return false, nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-k.turn: // it came at the same moment: the turn is handed on
		t.next()
	default:
		k.gone = true
		t.waiting--
	}
	return false, ctx.Err()
}

// done ends a turn.
func (t *turns) done() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next()
}

// next gives a turn that has become free to the first of the next line; t.mu is held.
func (t *turns) next() {
	for len(t.asking) > 0 {
		who := t.asking[0]
		t.asking = t.asking[1:]
		line := t.lines[who]
		k := line[0]
		if line = line[1:]; len(line) > 0 {
			t.lines[who] = line
			t.asking = append(t.asking, who)
		} else {
			delete(t.lines, who)
		}
		if !k.gone {
			t.waiting--
			close(k.turn)
			return
		}
	}
	t.free++
}
