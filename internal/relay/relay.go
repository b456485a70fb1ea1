// Package relay is the loop that hands stored rows on to another system: it walks through them in the order in which they were taken in,
// makes the documents, and puts each of them there exactly once.
//
// It writes down which window of ingestion time it is about to hand on, hands it on, and writes down that it is done. A window whose end was
// never written down is handed on again, and the sink then looks for each of its documents before it stores it: their ids are made of the
// rows. What the other side refuses is kept in the ledger, with the reason, to be looked at and put again.
//
// It imports the ports store, ledger and forward, internal/query for reading tables, the mapping internal/ecs, the language and the words.
package relay

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// Rows makes documents of what is stored.
type Rows interface {
	// Ready gives the ingestion time (in ticks) before which no row can appear any more.
	Ready() int64
	// Documents gives the documents of a span's rows, some at a time, which are valid until the next ones are asked for. An error ends them.
	Documents(ctx context.Context, s Span) iter.Seq2[[]forward.Document, error]
}

// Relay hands on to one sink.
type Relay struct {
	Name   string // letters, digits, - and _; its progress and its dead letters are kept under it
	Sink   forward.Sink
	Rows   Rows
	Ledger ledger.Ledger
	Poll   time.Duration // between two looks for new rows; default 2 s
	Log    *slog.Logger  // default none

	// MaxDead is how many dead letters are kept. With one more the relay stops until some are put again or removed: a sink that refuses
	// everything is misconfigured, and nothing must be lost by it. Default 10,000.
	MaxDead int
	// Wait pauses between attempts; default: a pause that ends with ctx.
	Wait func(ctx context.Context, d time.Duration)

	mu   sync.Mutex
	last Status
	dead int // letters kept; -1: not counted yet
	span int64
}

// Status is how a relay is doing.
type Status struct {
	Behind  time.Duration // from what has been handed on to what could be
	Stored  int64         // documents since the beginning
	Present int64         // of windows handed on again: documents that were there
	Dead    int64         // documents refused since the beginning
	Err     error         // why it does not get on; nil while it does
}

// Pauses.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = time.Minute
)

// prepare sets what is not set.
func (r *Relay) prepare() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Poll == 0 {
		r.Poll = 2 * time.Second
	}
	if r.Log == nil {
		r.Log = slog.New(slog.DiscardHandler)
	}
	if r.MaxDead == 0 {
		r.MaxDead = 10_000
	}
	if r.Wait == nil {
		r.Wait = pause
	}
	if r.span == 0 {
		r.span, r.dead = firstSpan, -1
	}
}

// Run works until ctx ends. What fails is tried again, less and less often.
func (r *Relay) Run(ctx context.Context) error {
	r.prepare()
	wait := firstWait
	for ctx.Err() == nil {
		more, err := r.Once(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.note(err)
			r.Log.Error("handing on failed and will be tried again", "forwarder", r.Name, "error", err, "hint", fault.HintOf(err), "wait", wait)
			r.Wait(ctx, wait)
			wait = min(2*wait, longestWait)
		case !more:
			r.note(nil)
			wait = firstWait
			r.Wait(ctx, r.Poll)
		default:
			r.note(nil)
			wait = firstWait
		}
	}
	return nil
}

// Once hands on the next window of new rows, and the next one of a backfill when there is one. more says that there is something left that
// can be handed on at once.
func (r *Relay) Once(ctx context.Context) (more bool, err error) {
	r.prepare()
	more, err = r.follow(ctx)
	if err != nil {
		return false, err
	}
	back, err := r.backfill(ctx)
	return more || back, err
}

// follow hands on the next window of new rows.
func (r *Relay) follow(ctx context.Context) (bool, error) {
	p, rev, err := r.progress(ctx)
	if err != nil {
		return false, err
	}
	ready := r.Rows.Ready()
	if rev == 0 { // rows from now on; a backfill fetches those before
		p.Done = ready - 1
		_, err := r.putProgress(ctx, p, rev)
		return false, err
	}
	repeat := p.Open != nil
	w := Span{After: p.Done, Until: min(ready-1, p.Done+r.span)}
	if repeat {
		w = *p.Open
	}
	r.behind(ready - 1 - p.Done)
	if w.Until <= w.After {
		return false, nil
	}
	t, err := r.window(ctx, w, repeat, func() error {
		p.Open = &w
		rev, err = r.putProgress(ctx, p, rev)
		return err
	})
	if err != nil {
		return false, err
	}
	r.span = nextSpan(r.span, t.documents)
	if t.documents == 0 && !repeat && w.Until-p.Done < idleSpan {
		return w.Until < ready-1, nil // looked at again, so that quiet times write nothing
	}
	p.Done, p.Open = w.Until, nil
	p.add(t)
	if _, err := r.putProgress(ctx, p, rev); err != nil {
		return false, err
	}
	r.counted(p)
	return w.Until < ready-1, nil
}

// tally is what became of a window's documents.
type tally struct{ documents, stored, present, dead int64 }

// window hands on the documents of w. intend is called before the first of them is put, and not at all for a window without any.
func (r *Relay) window(ctx context.Context, w Span, repeat bool, intend func() error) (t tally, err error) {
	for docs, err := range r.Rows.Documents(ctx, w) {
		if err != nil {
			return t, err
		}
		if len(docs) == 0 {
			continue
		}
		if t.documents == 0 && !repeat {
			if err := intend(); err != nil {
				return t, err
			}
		}
		t.documents += int64(len(docs))
		if err := r.deliver(ctx, docs, repeat, &t); err != nil {
			return t, err
		}
	}
	return t, nil
}

// deliver puts documents until each is stored, there, or dead.
func (r *Relay) deliver(ctx context.Context, docs []forward.Document, repeat bool, t *tally) error {
	wait := firstWait
	for len(docs) > 0 {
		results, err := r.Sink.Put(ctx, docs, repeat)
		if err == nil && len(results) != len(docs) {
			err = fault.New(fault.Internal, "put documents", "%d results for %d documents", len(results), len(docs))
		}
		if err != nil {
			if ctx.Err() != nil || !fault.Retryable(err) {
				return err
			}
			r.note(err)
			repeat = true // the answer is not known: look before storing
			r.Wait(ctx, max(wait, retryAfter(err)))
			wait = min(2*wait, longestWait)
			continue
		}
		var again []forward.Document
		for i, res := range results {
			switch res.Outcome {
			case forward.Stored:
				t.stored++
			case forward.Present:
				t.present++
			case forward.Refused:
				t.dead++
				if err := r.bury(ctx, docs[i], res.Reason); err != nil {
					return err
				}
			case forward.Again:
				again = append(again, docs[i])
			}
		}
		if len(again) < len(docs) {
			wait = firstWait
		}
		if docs = again; len(docs) > 0 {
			r.Wait(ctx, wait)
			wait = min(2*wait, longestWait)
		}
		if ctx.Err() != nil {
			return fault.New(fault.Canceled, "put documents", "%w", ctx.Err())
		}
	}
	return nil
}

// retryAfter is the wait that the other side asked for.
func retryAfter(err error) time.Duration {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.RetryAfter
	}
	return 0
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Status says how it is doing.
func (r *Relay) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

func (r *Relay) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last.Err = err
}

func (r *Relay) behind(ticks int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last.Behind = time.Duration(ticks) * 100
}

func (r *Relay) counted(p Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last.Stored, r.last.Present, r.last.Dead = p.Stored, p.Present, p.Dead
}
