package relay

import (
	"context"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
)

// Backfill is the handing on of rows that were stored before: all whose event time lies in a range. Rows that were handed on already are
// found there and left alone. It is kept in the ledger; a relay has one at a time.
type Backfill struct {
	From    int64 `json:"from"`  // event time in ticks, included
	To      int64 `json:"to"`    // not included
	Until   int64 `json:"until"` // ingestion time up to which rows count; later ones are handed on as they come
	Done    int64 `json:"done"`  // event time up to which all is handed on
	Step    int64 `json:"step"`  // length of the next window
	Stored  int64 `json:"stored"`
	Present int64 `json:"present"`
	Dead    int64 `json:"dead"`
}

// Finished reports whether all of it is done.
func (b Backfill) Finished() bool { return b.Done >= b.To }

// Share is the part of the range that is done, from 0 to 1.
func (b Backfill) Share() float64 {
	if b.Finished() {
		return 1
	}
	return float64(b.Done-b.From) / float64(b.To-b.From)
}

// StartBackfill has the relay hand on the rows whose event time lies in [from, to). It may be called while another process runs the relay.
// fault.Conflict while another backfill is under way.
func (r *Relay) StartBackfill(ctx context.Context, from, to time.Time) error {
	const op = "start backfill"
	if !from.Before(to) {
		return fault.New(fault.Invalid, op, "the range from %s to %s is empty", from.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	p, rev, err := r.progress(ctx)
	if err != nil {
		return err
	}
	if rev == 0 {
		return fault.New(fault.NotFound, op, "the forwarder %s has not run yet", r.Name).WithHint("start vedette with it in the configuration first")
	}
	var b Backfill
	rev, err = r.read(ctx, r.key("backfill"), &b)
	if err != nil {
		return err
	}
	if rev > 0 && !b.Finished() {
		return fault.New(fault.Conflict, op, "a backfill is under way (%.0f %% done)", 100*b.Share()).WithHint("wait for its end, or stop it")
	}
	b = Backfill{From: store.Ticks(from), To: store.Ticks(to), Done: store.Ticks(from), Step: 3600 * second}
	b.Until = p.Done // what is under way is the other loop's
	_, err = r.write(ctx, r.key("backfill"), rev, b)
	return err
}

// StopBackfill ends the backfill under way, which may then be started again. fault.NotFound when there is none.
func (r *Relay) StopBackfill(ctx context.Context) error {
	var b Backfill
	rev, err := r.read(ctx, r.key("backfill"), &b)
	if err != nil {
		return err
	}
	if rev == 0 {
		return fault.New(fault.NotFound, "stop backfill", "the forwarder %s has none", r.Name)
	}
	return r.Ledger.DeleteDocument(ctx, r.key("backfill"), rev)
}

// BackfillState gives the backfill under way or the last one; ok is false when there never was one.
func (r *Relay) BackfillState(ctx context.Context) (b Backfill, ok bool, err error) {
	rev, err := r.read(ctx, r.key("backfill"), &b)
	return b, rev > 0, err
}

// backfill hands on the next window of the backfill. Every window is handed on as if it were a repeated one: its rows may have been before.
func (r *Relay) backfill(ctx context.Context) (bool, error) {
	var b Backfill
	rev, err := r.read(ctx, r.key("backfill"), &b)
	if err != nil || rev == 0 || b.Finished() {
		return false, err
	}
	to := min(b.To, b.Done+b.Step)
	t, err := r.window(ctx, Span{After: 0, Until: b.Until, From: b.Done, To: to}, true, nil)
	if err != nil {
		return false, err
	}
	b.Done, b.Step = to, nextSpan(b.Step, t.documents)
	b.Stored, b.Present, b.Dead = b.Stored+t.stored, b.Present+t.present, b.Dead+t.dead
	if _, err := r.write(ctx, r.key("backfill"), rev, b); err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
		return false, err // somebody who stopped it meanwhile is right
	}
	return !b.Finished(), nil
}
