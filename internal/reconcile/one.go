package reconcile

import (
	"context"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/incident"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// maxSends bounds how much is sent for one incident in one go. What is left is taken up again at once.
const maxSends = 20

// One brings one incident to agreement, as far as it can be now. The request is a name: doing it again is the retry. It must not run twice
// at once for the same incident. When something is left that has to wait, again says for how long.
func (l *Loop) One(ctx context.Context, id string) (again time.Duration, err error) {
	r, err := l.cfg.Remote.Get(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Forbidden):
		return gonePause, l.lost(ctx, id, err)
	case err != nil:
		return 0, err
	}
	if err := l.take(ctx, r); err != nil {
		return 0, err
	}
	for range maxSends {
		sent, err := l.patch(ctx, id)
		if err == nil && !sent {
			sent, err = l.comment(ctx, id)
		}
		if err != nil {
			return 0, err
		}
		if !sent {
			return l.rest(ctx, id)
		}
	}
	return time.Millisecond, nil
}

// gonePause is when an incident is looked for again that Defender did not show.
const gonePause = time.Hour

// lost notes that Defender does not show an incident. When it does so again, its version may be the one that is known.
func (l *Loop) lost(ctx context.Context, id string, why error) error {
	_, err := l.sides.Update(ctx, id, func(one *ledger.Incident) error {
		if one.Rev == 0 {
			return unknown(id)
		}
		one.Lost(l.cfg.Now(), "Defender does not show this incident any more: "+fault.MessageOf(why))
		return nil
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.known, id)
	return err
}

// take takes in what Defender shows.
func (l *Loop) take(ctx context.Context, r incident.Remote) error {
	stale := false
	_, err := l.sides.Update(ctx, r.ID, func(one *ledger.Incident) error {
		stale = !one.Receive(r, l.clock())
		return nil
	})
	if err == nil && stale {
		return fault.New(fault.Unavailable, "read incident "+r.ID, "Defender showed an older version than before")
	}
	return err
}

// patch sends what is pending. sent is false when there is nothing.
func (l *Loop) patch(ctx context.Context, id string) (sent bool, err error) {
	var p incident.Patch
	var n int
	_, err = l.sides.Update(ctx, id, func(one *ledger.Incident) error {
		if p = one.Pending(); p != nil {
			n = one.Intend(p, l.clock())
		}
		return nil
	})
	if err != nil || p == nil {
		return false, err
	}
	r, failed := l.cfg.Remote.Patch(ctx, id, p)
	_, err = l.sides.Update(ctx, id, func(one *ledger.Incident) error {
		switch {
		case failed == nil:
			one.Answered(n, r, l.clock())
		case fault.Is(failed, fault.Invalid), fault.Is(failed, fault.Unsupported):
			one.RefusedPatch(n, l.clock(), fault.MessageOf(failed))
		case notDone(failed):
			one.Unsent(n)
			one.Failed(failed.Error())
		default:
			one.Unanswered(n, l.cfg.Now(), failed.Error())
		}
		return nil
	})
	if err == nil && failed != nil && !fault.Is(failed, fault.Invalid) && !fault.Is(failed, fault.Unsupported) {
		err = failed
	}
	return true, err
}

// comment posts the next comment. sent is false when there is none.
func (l *Loop) comment(ctx context.Context, id string) (sent bool, err error) {
	var key, text string
	_, err = l.sides.Update(ctx, id, func(one *ledger.Incident) error {
		if key = one.NextComment(l.cfg.Now()); key != "" {
			text = one.Posting(key, l.cfg.Now())
		}
		return nil
	})
	if err != nil || key == "" {
		return false, err
	}
	list, failed := l.cfg.Remote.Comment(ctx, id, text)
	refused := fault.Is(failed, fault.Invalid) || fault.Is(failed, fault.Unsupported)
	_, err = l.sides.Update(ctx, id, func(one *ledger.Incident) error {
		switch now := l.cfg.Now(); {
		case failed == nil:
			one.Posted(list, now)
		case refused && one.RedirectedTo == "":
			one.RefusedComment(key, now, fault.MessageOf(failed))
		case notDone(failed):
			one.NotPosted(key, failed.Error())
		default:
			one.NoAnswer(key, now, failed.Error())
		}
		return nil
	})
	if err == nil && failed != nil && !refused {
		err = failed
	}
	return true, err
}

// notDone tells the faults after which the request was certainly not carried out.
func notDone(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.Unauthorized, fault.Conflict, fault.Throttled, fault.Unsupported:
		return true
	}
	return false
}

// rest does what is left when nothing is to be sent, and says when there will be more.
func (l *Loop) rest(ctx context.Context, id string) (again time.Duration, err error) {
	one, err := l.sides.Get(ctx, id)
	if err != nil {
		return 0, err
	}
	now := l.cfg.Now()
	if one.RedirectedTo != "" && (one.Moving != nil || one.Stranded(now) != nil) {
		if err := l.forward(ctx, one); err != nil {
			return 0, err
		}
	}
	look := func(at time.Time) { // again, when what was sent at this time must have shown
		if wait := max(at.Add(incident.Settle).Sub(now), 0) + time.Second; again == 0 || wait < again {
			again = wait
		}
	}
	for _, p := range one.Sent {
		look(p.At)
	}
	for _, c := range one.Comments {
		if c.Delivery == incident.Sending {
			look(c.SentAt)
		}
	}
	return again, nil
}

// forward hands the tags and comments that did not get through before their incident was merged on to the one that it became. They are put
// there first: a second time changes nothing.
func (l *Loop) forward(ctx context.Context, one ledger.Incident) error {
	path, err := incident.Follow(one.ID, func(id string) (string, error) {
		next, err := l.sides.Get(ctx, id)
		if err != nil || next.Rev > 0 {
			return next.RedirectedTo, err
		}
		r, err := l.cfg.Remote.Get(ctx, id)
		if err != nil {
			return "", err
		}
		return r.RedirectedTo, l.take(ctx, r)
	})
	if err != nil {
		return err
	}
	target, now := path[len(path)-1], l.cfg.Now()
	stranded := one.Stranded(now)
	keys := make([]string, len(stranded))
	for i, c := range stranded {
		keys[i] = c.Key
	}
	_, err = l.sides.Update(ctx, target, func(to *ledger.Incident) error {
		if _, err := to.Edit(one.Edits[incident.Tags].By, now, incident.Change{AddTags: one.Moving}); err != nil {
			return err
		}
		for _, c := range stranded {
			if err := to.Comment(c.Key, c.Author, c.At, c.Text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	l.work.wake(target, now)
	_, err = l.sides.Update(ctx, one.ID, func(from *ledger.Incident) error {
		from.Arrived(target, now, one.Moving, keys)
		return nil
	})
	return err
}
