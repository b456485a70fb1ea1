package forwardtest

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
)

// Fault is a way in which a call to a Memory goes wrong.
type Fault uint8

// The faults.
const (
	None  Fault = iota
	Lost        // the call never arrives: an error, and nothing is stored
	Mute        // the answer is lost: an error, although everything is stored
	Torn        // the connection breaks half-way: an error, and the first half is stored
	Full        // every second document is put off
	Close       // the stream begins a new part before the call
)

// Memory keeps documents as Elasticsearch does: an append-only stream has parts, an id is refused within the last of them only, and finding
// an id in the others takes a look-up.
type Memory struct {
	// Fault says what is to happen to a call; nil: all goes well. It is called once a Put, under the lock.
	Fault func() Fault
	// Refuse gives why a document does not fit, "" when it does; nil: what is not JSON is refused.
	Refuse func(forward.Document) string

	mu      sync.Mutex
	ready   bool
	streams map[string][]map[string]int // parts: id → how often
	current map[string]map[string]forward.Document
}

var _ forward.Sink = (*Memory)(nil)

// Setup implements forward.Sink.
func (m *Memory) Setup(ctx context.Context) ([]forward.Change, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	done := !m.ready
	m.ready = true
	return []forward.Change{{What: "memory", Done: done}}, ctx.Err()
}

// Put implements forward.Sink.
func (m *Memory) Put(ctx context.Context, docs []forward.Document, repeat bool) ([]forward.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, fault.New(fault.Canceled, "put", "%w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	f := None
	if m.Fault != nil {
		f = m.Fault()
	}
	lost := fault.New(fault.Unavailable, "put", "connection reset")
	switch f {
	case Lost:
		return nil, lost
	case Torn:
		docs = docs[:len(docs)/2]
	case Close:
		for stream := range m.streams {
			m.roll(stream)
		}
	}
	out := make([]forward.Result, len(docs))
	for i, d := range docs {
		if f == Full && i%2 == 1 {
			out[i] = forward.Result{Outcome: forward.Again, Reason: "the queue is full"}
			continue
		}
		out[i] = m.put(d, repeat)
	}
	if f == Mute || f == Torn {
		return nil, lost
	}
	return out, nil
}

func (m *Memory) put(d forward.Document, repeat bool) forward.Result {
	if why := m.misfit(d); why != "" {
		return forward.Result{Outcome: forward.Refused, Reason: why}
	}
	if d.Version > 0 {
		return m.replace(d)
	}
	if m.streams == nil {
		m.streams = map[string][]map[string]int{}
	}
	if m.streams[d.Stream] == nil {
		m.roll(d.Stream)
	}
	parts := m.streams[d.Stream]
	last := parts[len(parts)-1]
	there := last[d.ID] > 0
	for _, p := range parts {
		there = there || repeat && p[d.ID] > 0
	}
	if there {
		return forward.Result{Outcome: forward.Present}
	}
	last[d.ID]++
	return forward.Result{}
}

func (m *Memory) replace(d forward.Document) forward.Result {
	if m.current == nil {
		m.current = map[string]map[string]forward.Document{}
	}
	if m.current[d.Stream] == nil {
		m.current[d.Stream] = map[string]forward.Document{}
	}
	if m.current[d.Stream][d.ID].Version > d.Version {
		return forward.Result{Outcome: forward.Present}
	}
	d.JSON = bytes.Clone(d.JSON)
	m.current[d.Stream][d.ID] = d
	return forward.Result{}
}

func (m *Memory) misfit(d forward.Document) string {
	if m.Refuse != nil {
		return m.Refuse(d)
	}
	if !json.Valid(d.JSON) {
		return "the document is not JSON"
	}
	return ""
}

func (m *Memory) roll(stream string) { m.streams[stream] = append(m.streams[stream], map[string]int{}) }

// Rollover begins a new part of a stream.
func (m *Memory) Rollover(stream string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.streams[stream] != nil {
		m.roll(stream)
	}
}

// Counts gives how often each id is stored in an append-only stream.
func (m *Memory) Counts(stream string) map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]int{}
	for _, p := range m.streams[stream] {
		for id, n := range p {
			out[id] += n
		}
	}
	return out
}

// Current gives the present states of a stream, by id.
func (m *Memory) Current(stream string) map[string]forward.Document {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]forward.Document{}
	for id, d := range m.current[stream] {
		out[id] = d
	}
	return out
}

// Close implements forward.Sink.
func (m *Memory) Close() error { return nil }

// Discard takes every document and keeps none: what is measured with it is everything before the sink.
type Discard struct{}

// Setup implements forward.Sink.
func (Discard) Setup(context.Context) ([]forward.Change, error) { return nil, nil }

// Put implements forward.Sink.
func (Discard) Put(_ context.Context, docs []forward.Document, _ bool) ([]forward.Result, error) {
	return make([]forward.Result, len(docs)), nil
}

// Close implements forward.Sink.
func (Discard) Close() error { return nil }
