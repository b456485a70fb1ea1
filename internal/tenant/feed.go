package tenant

import (
	"context"
	"hash/maphash"
	"io"
	"log"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/world"
)

const (
	maxMessage  = 900_000 // bytes of one message: the hub takes a megabyte
	maxRecords  = 200
	minRecords  = 100
	tick        = 20 * time.Millisecond // of live publishing
	linger      = time.Second           // how long a live record waits for others
	remembered  = 1 << 20               // events among which a repetition is noticed by Sent, twice that at most
	stampFormat = "2006-01-02T15:04:05.0000000Z"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) } // clients that fail handshakes are part of tests

// feed turns the world's events into messages on the hub.
type feed struct {
	t    *Tenant
	rng  *rand.Rand
	done chan struct{}

	batch     []byte // the message being filled
	records   int
	limit     int
	since     time.Time // when its first record came
	partition int
	n         int64   // records published
	held      []later // what is delivered late or again

	mu     sync.Mutex
	counts map[string]int64
	seed   maphash.Seed
	fresh  map[uint64]struct{} // hashes of the latest events and
	stale  map[uint64]struct{} // of those before
	err    error
}

// later is an event whose delivery waits until due records were published.
type later struct {
	event world.Event
	due   int64
	again int // how many more deliveries follow
}

func newFeed(t *Tenant) *feed {
	return &feed{t: t, rng: rand.New(rand.NewPCG(t.cfg.World.Config().Seed, 0x7e1e)), done: make(chan struct{}), counts: map[string]int64{}, seed: maphash.MakeSeed(), fresh: map[uint64]struct{}{}, limit: maxRecords}
}

func (f *feed) run(ctx context.Context) {
	err := f.history(ctx)
	if err == nil {
		close(f.done)
		err = f.live(ctx)
	}
	if err != nil && ctx.Err() == nil {
		f.mu.Lock()
		f.err = err
		f.mu.Unlock()
	}
}

func (f *feed) history(ctx context.Context) error {
	for e := range f.t.cfg.World.History() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := f.offer(e, 0); err != nil {
			return err
		}
	}
	for len(f.held) > 0 {
		f.n = max(f.n, f.held[0].due)
		if err := f.release(0); err != nil {
			return err
		}
	}
	return f.flush()
}

// live publishes events and incidents as the tenant's clock goes.
func (f *feed) live(ctx context.Context) error {
	w := f.t.cfg.World
	from := w.Config().Now
	nextEvent, nextIncident := w.Live(from), w.LiveIncidents(from)
	eventAt, incidentAt := from, from.Add(min(f.t.cfg.IncidentEvery, 30*time.Second))
	every := time.Duration(float64(time.Second) / max(f.t.cfg.Rate, 1e-6))
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-clock.C:
		}
		now := f.t.Now()
		for f.t.cfg.IncidentEvery > 0 && !incidentAt.After(now) {
			i, alerts := nextIncident(incidentAt)
			docs := make([]map[string]any, len(alerts))
			for k, a := range alerts {
				docs[k] = a.Doc
			}
			if err := f.t.Graph.Put(i.Doc, docs); err != nil {
				return err
			}
			incidentAt = incidentAt.Add(f.t.cfg.IncidentEvery)
		}
		for f.t.cfg.Rate > 0 && !eventAt.After(now) {
			if err := f.offer(nextEvent(eventAt), now.Sub(from)); err != nil {
				return err
			}
			eventAt = eventAt.Add(every)
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if f.records > 0 && time.Since(f.since) > linger {
			if err := f.flush(); err != nil {
				return err
			}
		}
	}
}

// offer publishes an event, now or, as the faults say, later and again.
func (f *feed) offer(e world.Event, live time.Duration) error {
	faults := f.t.cfg.Faults
	again := 0
	if faults.Duplicate > 0 && f.rng.Float64() < faults.Duplicate {
		again = 1 + f.rng.IntN(3)
	}
	if faults.Late > 0 && f.rng.Float64() < faults.Late {
		f.hold(later{e, f.n + 200 + f.rng.Int64N(5000), again})
	} else {
		if err := f.record(e, live); err != nil {
			return err
		}
		if again > 0 {
			f.hold(later{e, f.n + 1 + f.rng.Int64N(5000), again - 1})
		}
	}
	return f.release(live)
}

// hold keeps held sorted by due.
func (f *feed) hold(l later) {
	i := len(f.held)
	for i > 0 && f.held[i-1].due > l.due {
		i--
	}
	f.held = append(f.held, later{})
	copy(f.held[i+1:], f.held[i:])
	f.held[i] = l
}

// release publishes what is due.
func (f *feed) release(live time.Duration) error {
	for len(f.held) > 0 && f.held[0].due <= f.n {
		l := f.held[0]
		f.held = f.held[1:]
		if err := f.record(l.event, live); err != nil {
			return err
		}
		if l.again > 0 {
			f.hold(later{l.event, f.n + 1 + f.rng.Int64N(2000), l.again - 1})
		}
	}
	return nil
}

// record adds an event to the message being filled, in the envelope of the Streaming API. In the history it is published minutes after it
// happened; live (not zero) it is published now.
func (f *feed) record(e world.Event, live time.Duration) error {
	if f.records > 0 && len(f.batch)+len(e.Properties) > maxMessage-400 {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if f.records == 0 {
		f.batch = append(f.batch[:0], `{"records":[`...)
		f.limit, f.since = minRecords+f.rng.IntN(maxRecords-minRecords+1), time.Now()
	} else {
		f.batch = append(f.batch, ',')
	}
	received := e.Time.Add(2*time.Second + time.Duration(f.rng.Int64N(int64(time.Minute)))).UTC()
	published := received.Add(88*time.Second + time.Duration(f.rng.Int64N(int64(3*time.Minute))))
	if live > 0 {
		published = f.t.Now().UTC()
		if received.After(published) {
			received = published
		}
	}
	b := append(f.batch, `{"time":"`...)
	b = published.AppendFormat(b, stampFormat)
	b = append(append(append(b, `","tenantId":"`...), f.t.ID...), `","operationName":"Publish","category":"AdvancedHunting-`...)
	b = append(append(b, e.Table...), `","_TimeReceivedBySvc":"`...)
	b = received.AppendFormat(b, stampFormat)
	b = append(append(append(b, `","properties":`...), e.Properties...), `,"Tenant":"DefaultTenant"}`...)
	f.batch = b
	f.records++
	f.n++
	f.count(e)
	if f.records >= f.limit {
		return f.flush()
	}
	return nil
}

// flush publishes the message, to the partitions in turn.
func (f *feed) flush() error {
	if f.records == 0 {
		return nil
	}
	f.records = 0
	f.partition = (f.partition + 1) % f.t.Hub.Partitions()
	return f.t.Hub.Publish(f.partition, append(f.batch, "]}"...))
}

// count counts distinct events. What came before the last million events is forgotten, so that a tenant may run for days.
func (f *feed) count(e world.Event) {
	var h maphash.Hash
	h.SetSeed(f.seed)
	_, _ = h.WriteString(e.Table) // never fails
	_, _ = h.Write(e.Properties)  // never fails
	sum := h.Sum64()
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, met := f.fresh[sum]; met {
		return
	}
	_, met := f.stale[sum]
	if len(f.fresh) >= remembered {
		f.fresh, f.stale = map[uint64]struct{}{}, f.fresh
	}
	f.fresh[sum] = struct{}{}
	if !met {
		f.counts[e.Table]++
	}
}

func (f *feed) sent() map[string]int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make(map[string]int64, len(f.counts))
	for k, v := range f.counts {
		out[k] = v
	}
	return out
}

func (f *feed) failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}
