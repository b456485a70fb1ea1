package reconcile

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/ledger/ledgertest"
)

const us = "API-App:Vedette"

var errCrash = errors.New("the process died")

// reading is what a reader gets: now and then an older version.
func (w *world) reading(t *truth) incident.Remote {
	w.figures.Reads++
	at := w.now
	if !w.calm && w.chance(6) {
		w.figures.Stale++
		at = at.Add(-w.upTo(20 * time.Second))
	}
	return t.asOf(at)
}

// known gives what the process has taken in of an incident and not forgotten.
func (w *world) known(t *truth) ledger.Incident {
	one, err := ledger.OfIncidents(w.memory, "t").Get(context.Background(), t.ID)
	if err != nil {
		panic(err) // it is memory
	}
	return one
}

// passage is what becomes of a request on its way: it is carried out or not, its answer arrives or not, or all of it comes later.
type passage int

const (
	well passage = iota
	lostBefore
	lostAfter
	late
	throttled
	diesBefore
	diesAfter
)

func (w *world) passage() passage {
	if w.calm || w.chance(78) {
		return well
	}
	return passage(1 + w.rng.IntN(6))
}

// request lets a request pass. do carries it out.
func (w *world) request(lateness time.Duration, do func()) error {
	if w.crashed {
		return errCrash
	}
	how := w.passage()
	if how == late && lateness == 0 {
		how = lostBefore
	}
	w.advance(w.upTo(300 * time.Millisecond))
	lost := fault.New(fault.Unavailable, "ask", "the connection was lost")
	switch how {
	case lostBefore:
		return lost
	case throttled:
		w.figures.Throttled++
		return &fault.Error{Kind: fault.Throttled, RetryAfter: w.upTo(20 * time.Second), Err: errors.New("429")}
	case diesBefore:
		w.crashed = true
		return errCrash
	case late:
		w.figures.Late++
		w.at(w.now.Add(w.upTo(lateness)), do)
		w.advance(w.upTo(30 * time.Second))
		return lost
	}
	do()
	w.advance(w.upTo(300 * time.Millisecond))
	switch how {
	case lostAfter:
		return lost
	case diesAfter:
		w.crashed = true
		return errCrash
	}
	return nil
}

// network is the world as the loop sees it.
type network struct{ w *world }

func (n network) Skew() time.Duration { return n.w.offset + 500*time.Millisecond }

func (n network) Get(_ context.Context, id string) (r incident.Remote, err error) {
	err = n.w.request(0, func() { r = n.w.reading(n.w.incidents[id]) })
	return r, err
}

func (n network) Changed(_ context.Context, since time.Time, each func(incident.Remote) error) error {
	var list []incident.Remote
	err := n.w.request(0, func() {
		for _, id := range n.w.ids {
			if r := n.w.reading(n.w.incidents[id]); !r.Version.Before(since) {
				list = append(list, r)
			}
		}
	})
	if err != nil {
		return err
	}
	n.w.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, r := range list {
		if err := each(r); err != nil {
			return err
		}
		if n.w.chance(5) { // a notification that comes twice
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// longestLate is how late a request is carried out at most; incident.Settle is more than that and the age of an old reading together.
const longestLate = 90 * time.Second

var errMerged = fault.New(fault.Invalid, "change", "the incident was merged")

func (n network) Patch(_ context.Context, id string, p incident.Patch) (r incident.Remote, err error) {
	w, t := n.w, n.w.incidents[id]
	w.figures.Patches++
	f := flight{patch: p.Clone(), known: w.known(t).Version}
	var refused error
	err = w.request(longestLate, func() {
		if t.RedirectedTo != "" {
			refused = errMerged
			return
		}
		for field, v := range p {
			if field == incident.AssignedTo {
				v = strings.ToLower(v) // the service has a form of its own
			}
			t.State.Set(field, v)
		}
		t.stamp(w, us)
		w.say("%s patched %v", id, p)
		f.at = w.now
		t.flights = append(t.flights, f)
		r = t.past[len(t.past)-1]
	})
	if err != nil {
		w.figures.PatchFailures++
		w.say("%s patch %v: %v", id, p, err)
		return r, err
	}
	if refused != nil {
		w.figures.PatchFailures++
		return r, refused
	}
	return r, nil
}

func (n network) Comment(_ context.Context, id, text string) (list []incident.RemoteComment, err error) {
	w, t := n.w, n.w.incidents[id]
	w.figures.Posts++
	var refused error
	err = w.request(longestLate, func() {
		if t.RedirectedTo != "" {
			refused = errMerged
			return
		}
		t.Comments = append(slices.Clone(t.Comments), incident.RemoteComment{Author: us, At: w.now, Text: text})
		t.stamp(w, us)
		list = slices.Clone(t.Comments)
	})
	if err != nil {
		w.figures.PostFailures++
		return nil, err
	}
	return list, refused
}

// disk is the ledger, at whose writes the process may die.
type disk struct {
	*ledgertest.Memory
	w *world
}

func (d disk) PutDocument(ctx context.Context, key string, rev int64, value json.RawMessage) (int64, error) {
	w := d.w
	if w.atUser {
		return d.Memory.PutDocument(ctx, key, rev, value)
	}
	if w.crashed {
		return 0, errCrash
	}
	if !w.calm && w.chance(4) {
		w.advance(w.upTo(50 * time.Millisecond)) // somebody may be first
	}
	dies := !w.calm && w.chance(2)
	if dies && w.chance(50) {
		w.crashed = true
		return 0, errCrash
	}
	rev, err := d.Memory.PutDocument(ctx, key, rev, value)
	if dies {
		w.crashed = true
		return 0, errCrash
	}
	return rev, err
}
