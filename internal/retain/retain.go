// Package retain is the loop that looks after what is stored: days that are over are sealed into read-only files, and files older than the
// retention are removed.
//
// It imports the store port and internal/fault.
package retain

import (
	"context"
	"log/slog"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
)

// Keeper runs the loop.
type Keeper struct {
	Store store.Admin
	Keep  time.Duration // how long rows are kept, by event time; 0: for ever
	Every time.Duration // between two rounds
	First time.Duration // before the first round: a start has better things to do
	Log   *slog.Logger
}

// grace is how long after midnight a day is left unsealed: most late events have come by then.
const grace = 2 * time.Hour

// Run works until ctx ends. A round that fails is tried again in the next one.
func (k *Keeper) Run(ctx context.Context) error {
	wait := k.First
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		if err := k.Once(ctx, time.Now()); err != nil && ctx.Err() == nil {
			k.Log.Error("sealing and retention failed and will be tried again", "error", err, "hint", fault.HintOf(err))
		}
		wait = k.Every
	}
}

// Once is one round at the time now.
func (k *Keeper) Once(ctx context.Context, now time.Time) error {
	if k.Keep > 0 {
		gone, err := k.Store.Retain(ctx, now.Add(-k.Keep))
		if err != nil {
			return err
		}
		if gone.Files+int(gone.Rows) > 0 {
			k.Log.Info("rows past their retention were removed", "files", gone.Files, "rows", gone.Rows)
		}
	}
	sealed, err := k.Store.Seal(ctx, now.Add(-grace))
	if err != nil {
		return err
	}
	if sealed.Rows > 0 {
		k.Log.Info("days were sealed", "files", sealed.Files, "rows", sealed.Rows, "bytes", sealed.Bytes)
	}
	return nil
}
