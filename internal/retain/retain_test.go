package retain

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
)

// admin notes what it is asked and fails the first time.
type admin struct {
	store.Admin
	seals, retains []time.Time
}

func (a *admin) Seal(_ context.Context, t time.Time) (store.Sealed, error) {
	a.seals = append(a.seals, t)
	if len(a.seals) == 1 {
		return store.Sealed{}, fault.New(fault.Exhausted, "seal", "the disk is full")
	}
	return store.Sealed{Files: 1, Rows: 10}, nil
}

func (a *admin) Retain(_ context.Context, t time.Time) (store.Removed, error) {
	a.retains = append(a.retains, t)
	return store.Removed{}, nil
}

func TestRoundsGoOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &admin{}
		k := &Keeper{Store: a, Keep: 30 * 24 * time.Hour, Every: time.Hour, First: time.Minute, Log: slog.New(slog.DiscardHandler)}
		ctx, stop := context.WithCancel(t.Context())
		began := time.Now()
		done := make(chan error, 1)
		go func() { done <- k.Run(ctx) }()
		time.Sleep(2*time.Hour + 30*time.Minute)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if len(a.seals) != 3 || len(a.retains) != 3 {
			t.Fatalf("%d seals and %d retains in two and a half hours", len(a.seals), len(a.retains))
		}
		if got := began.Add(time.Minute).Sub(a.retains[0]); got != k.Keep {
			t.Errorf("rows older than %v were to go", got)
		}
		if got := began.Add(time.Minute).Sub(a.seals[0]); got != grace {
			t.Errorf("days were sealed %v after their end", got)
		}
	})
}
