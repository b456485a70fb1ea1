// Package ingest is the loop from collected messages to stored rows: decode, gather, append, and never drop.
//
// Decoding is pure and writes JSON straight into column buffers. One goroutine decodes while another appends, so that both cores work;
// a batch is appended when it is a row group long, or large, or a second old (five seconds while rows come so fast that a row group fills). While the store is behind, Put blocks. While it is full
// or away, the loop waits and tries again.
//
// It imports words and ports.
package ingest

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/store"
)

// Bounds of a batch.
const (
	batchRows  = 122_880 // a row group: the engine compresses it once and writes no log
	batchBytes = 256 << 20
	batchAge   = time.Second
	fastAge    = 5 * time.Second // when a quarter of a row group came in the first second
)

// Options configure a Loop.
type Options struct {
	Store    store.Appender
	Decoder  DecoderOptions // Seed is taken from the store
	Counters *Counters      // nil: none are kept
	Log      *slog.Logger   // nil: none
	// Stored is told of every append, after it is durable; nil: nobody is.
	Stored func(covers []record.Span, r store.Result)
}

// Loop is a collect.Sink that stores. It works while Run runs; after Run has ended it gives Run's error for ever.
type Loop struct {
	opt  Options
	log  *slog.Logger
	in   chan item
	done chan struct{} // closed when Run has ended
	err  error         // of Run; readable when done is closed
}

var _ collect.Sink = (*Loop)(nil)

// item is messages to take in, or a request to store what was taken in.
type item struct {
	batch  []record.Raw
	stored chan<- struct{}
}

// New makes a Loop.
func New(o Options) *Loop {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Counters == nil {
		o.Counters = &Counters{}
	}
	o.Decoder.Seed = o.Store.Seed()
	return &Loop{opt: o, log: o.Log, in: make(chan item), done: make(chan struct{})}
}

// Put implements collect.Sink.
func (l *Loop) Put(ctx context.Context, batch []record.Raw) error {
	return l.send(ctx, item{batch: batch})
}

// Flush implements collect.Sink.
func (l *Loop) Flush(ctx context.Context) error {
	stored := make(chan struct{})
	if err := l.send(ctx, item{stored: stored}); err != nil {
		return err
	}
	select {
	case <-stored:
		return nil
	case <-l.done:
		select {
		case <-stored: // the last append did it
			return nil
		default:
			return l.err
		}
	case <-ctx.Done():
		return fault.New(fault.Canceled, "ingest", "%w", ctx.Err())
	}
}

func (l *Loop) send(ctx context.Context, it item) error {
	select {
	case l.in <- it:
		return nil
	case <-l.done:
		return l.err
	case <-ctx.Done():
		return fault.New(fault.Canceled, "ingest", "%w", ctx.Err())
	}
}

// load is what one append stores.
type load struct {
	Decoded
	covers  []record.Span
	waiting []chan<- struct{}
}

// Run takes in until ctx ends or the store fails for good. What was taken in before ctx ended is stored once more if the store takes it
// at once; what is not stored will be collected again.
func (l *Loop) Run(ctx context.Context) error {
	w := &appending{idle: make(chan struct{}), loads: make(chan *load), back: make(chan []*store.Chunk, 4), failed: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() { w.run(ctx, l) })
	l.decode(ctx, w)
	close(w.loads)
	wg.Wait()
	l.err = w.err
	if l.err == nil {
		l.err = fault.New(fault.Canceled, "ingest", "%w", context.Cause(ctx))
	}
	close(l.done)
	return l.err
}

// appending is the goroutine that appends, one load at a time.
type appending struct {
	idle   chan struct{}       // received from: it waits for a load
	loads  chan *load          // closed when there will be no more
	back   chan []*store.Chunk // chunks that have been stored
	failed chan struct{}       // closed when err is set
	err    error
}

func (w *appending) run(ctx context.Context, l *Loop) {
	for {
		var ld *load
		var more bool
		select {
		case w.idle <- struct{}{}:
			ld, more = <-w.loads
		case ld, more = <-w.loads:
		}
		if !more {
			return
		}
		if w.err = l.append(ctx, ld); w.err != nil {
			close(w.failed)
			return
		}
		select {
		case w.back <- ld.Chunks:
		default: // the decoder is behind; the memory goes to the collector
		}
	}
}

// decode gathers what comes in and hands it on in batches.
func (l *Loop) decode(ctx context.Context, w *appending) {
	d := NewDecoder(l.opt.Decoder)
	cov := newCoverage(l.opt.Store)
	age := time.NewTimer(batchAge)
	age.Stop()
	var waiting []chan<- struct{}
	var began time.Time
	busy := false // there is something to hand on
	handOn := func() {
		age.Stop()
		busy = false
		w.loads <- &load{Decoded: d.Take(), covers: cov.take(), waiting: waiting}
		waiting = nil
	}
	// await waits until the batch can be handed on, and does it; false when there is no use any more.
	await := func() bool {
		for {
			select {
			case <-w.idle:
				handOn()
				return true
			case c := <-w.back:
				d.Recycle(c)
			case <-w.failed:
				return false
			}
		}
	}
	var idle <-chan struct{} // nil until the batch is due
	for {
		select {
		case <-ctx.Done():
			if busy {
				await()
			}
			return
		case <-w.failed:
			return
		case c := <-w.back:
			d.Recycle(c)
		case <-age.C:
			if rows, _ := d.Pending(); rows >= batchRows/4 && time.Since(began) < fastAge {
				age.Reset(fastAge - time.Since(began))
				continue
			}
			idle = w.idle // while the store is busy, the batch may as well grow
		case <-idle:
			idle = nil
			handOn()
		case it := <-l.in:
			for _, r := range it.batch {
				if !busy {
					busy, began = true, time.Now()
					age.Reset(batchAge)
				}
				d.Add(r)
				cov.add(ctx, r.Pos)
				if rows, bytes := d.Pending(); rows >= batchRows || bytes >= batchBytes {
					if idle = nil; !await() {
						return
					}
				}
			}
			if it.stored != nil {
				waiting = append(waiting, it.stored)
				if idle = nil; !await() {
					return
				}
			}
		}
	}
}

// append stores a load, however long it takes, unless the failure cannot pass.
func (l *Loop) append(ctx context.Context, ld *load) error {
	wait := time.Second
	for try := 0; ; try++ {
		// An append that has begun is not given up because the process is stopping.
		r, err := l.opt.Store.Append(context.WithoutCancel(ctx), store.Append{Chunks: ld.Chunks, Refused: ld.Refused, Covers: ld.covers})
		if err == nil {
			if try > 0 {
				l.log.Info("the store takes rows again", "tries", try+1)
			}
			l.opt.Counters.stored(&ld.Decoded, r)
			if l.opt.Stored != nil {
				l.opt.Stored(ld.covers, r)
			}
			for _, w := range ld.waiting {
				close(w)
			}
			return nil
		}
		if !fault.Retryable(err) {
			return err
		}
		if try == 0 {
			l.log.Error("the store takes no rows; waiting, nothing is dropped", "err", err, "hint", fault.HintOf(err))
		}
		select {
		case <-ctx.Done():
			return errors.Join(fault.New(fault.Canceled, "ingest", "%w", context.Cause(ctx)), err)
		case <-time.After(wait):
			wait = min(2*wait, 30*time.Second)
		}
	}
}
