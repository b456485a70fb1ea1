package relay

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// Letter is a dead letter: a document that the other side refused.
type Letter struct {
	ID       string          `json:"id"`
	Stream   string          `json:"stream"`
	Version  int64           `json:"version,omitempty"`
	Reason   string          `json:"reason"`
	Document json.RawMessage `json:"document"`
	At       time.Time       `json:"-"` // when it was last refused

	rev int64
}

// letterKey is unique for a document; a stream's documents and its present states have ids of their own.
func (r *Relay) letterKey(l Letter) string {
	kind := "/"
	if l.Version > 0 {
		kind = "-current/"
	}
	return r.key("dead/") + l.Stream + kind + l.ID
}

// bury keeps a refused document. It is on disk when bury returns.
func (r *Relay) bury(ctx context.Context, d forward.Document, reason string) error {
	if r.dead < 0 {
		letters, err := r.Ledger.Documents(ctx, r.key("dead/"))
		if err != nil {
			return err
		}
		r.dead = len(letters)
	}
	if r.dead >= r.MaxDead {
		r.dead = -1 // some may have been removed by the next attempt
		return fault.New(fault.Exhausted, "keep refused document", "the forwarder %s has %d dead letters; the last: %s", r.Name, r.MaxDead, reason).
			WithHint("look at them, mend what is refused over there, then put them again or remove them")
	}
	l := Letter{ID: d.ID, Stream: d.Stream, Version: d.Version, Reason: reason, Document: json.RawMessage(d.JSON)}
	if !json.Valid(d.JSON) { // cannot happen with documents of ours; kept as text all the same
		l.Document, _ = json.Marshal(string(d.JSON))
	}
	var before Letter
	rev, err := r.read(ctx, r.letterKey(l), &before)
	if err != nil {
		return err
	}
	if rev > 0 && (before.Version > l.Version || before.Version == l.Version && before.Reason == reason) {
		return nil // a newer state, or this one, is kept already
	}
	if _, err := r.write(ctx, r.letterKey(l), rev, l); err != nil {
		return err
	}
	if rev == 0 {
		r.dead++
	}
	return nil
}

// Letters gives the dead letters.
func (r *Relay) Letters(ctx context.Context) ([]Letter, error) {
	docs, err := r.Ledger.Documents(ctx, r.key("dead/"))
	if err != nil {
		return nil, err
	}
	out := make([]Letter, len(docs))
	for i, d := range docs {
		if out[i], err = letterOf(d); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func letterOf(d ledger.Document) (l Letter, err error) {
	if err := json.Unmarshal(d.Value, &l); err != nil {
		return l, fault.New(fault.Corrupt, "read dead letter "+d.Key, "%w", err)
	}
	l.At, l.rev = d.At, d.Rev
	return l, nil
}

// Replay puts the dead letters again. Those that are taken now are removed; the others stay, with what was said this time.
func (r *Relay) Replay(ctx context.Context) (taken, refused int, err error) {
	r.prepare()
	letters, err := r.Letters(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, l := range letters {
		doc := forward.Document{ID: l.ID, Stream: l.Stream, Version: l.Version, JSON: l.Document}
		results, err := r.Sink.Put(ctx, []forward.Document{doc}, true)
		if err != nil {
			return taken, refused, err
		}
		switch res := results[0]; res.Outcome {
		case forward.Stored, forward.Present:
			taken++
			err = r.Remove(ctx, l)
		case forward.Refused:
			refused++
			l.Reason = res.Reason
			_, err = r.write(ctx, r.letterKey(l), l.rev, l)
		case forward.Again:
			return taken, refused, fault.New(fault.Throttled, "put dead letters again", "%s", res.Reason).WithHint("try again later")
		}
		if err != nil {
			return taken, refused, err
		}
	}
	return taken, refused, nil
}

// Remove removes a dead letter for good.
func (r *Relay) Remove(ctx context.Context, l Letter) error {
	err := r.Ledger.DeleteDocument(ctx, r.letterKey(l), l.rev)
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.NotFound {
		return nil // somebody else did
	}
	return err
}
