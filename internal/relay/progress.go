package relay

import (
	"context"
	"encoding/json"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Progress is how far a relay has come. It is kept in the ledger.
type Progress struct {
	Done    int64 `json:"done"`           // all rows up to this ingestion time have been handed on
	Open    *Span `json:"open,omitempty"` // what was being handed on
	Stored  int64 `json:"stored"`
	Present int64 `json:"present"`
	Dead    int64 `json:"dead"`
}

func (p *Progress) add(t tally) {
	p.Stored, p.Present, p.Dead = p.Stored+t.stored, p.Present+t.present, p.Dead+t.dead
}

// key is where the ledger keeps a thing of this relay's.
func (r *Relay) key(what string) string { return "forward/" + r.Name + "/" + what }

func (r *Relay) progress(ctx context.Context) (p Progress, rev int64, err error) {
	rev, err = r.read(ctx, r.key("progress"), &p)
	return p, rev, err
}

func (r *Relay) putProgress(ctx context.Context, p Progress, rev int64) (int64, error) {
	return r.write(ctx, r.key("progress"), rev, p)
}

// read reads a document of the ledger; its revision is 0 when there is none.
func (r *Relay) read(ctx context.Context, key string, to any) (int64, error) {
	d, err := r.Ledger.Document(ctx, key)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := json.Unmarshal(d.Value, to); err != nil {
		return 0, fault.New(fault.Corrupt, "read "+key, "%w", err).WithHint("restore ledger.sqlite from a backup")
	}
	return d.Rev, nil
}

func (r *Relay) write(ctx context.Context, key string, rev int64, v any) (int64, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return 0, fault.New(fault.Internal, "write "+key, "%w", err)
	}
	return r.Ledger.PutDocument(ctx, key, rev, text)
}
