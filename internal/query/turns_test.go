package query

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
)

// TestTurns: the lines are served in rotation, who has given up is passed over, and nobody's turn is lost.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1, 10)
		if full, err := turns.take(t.Context(), "first"); full || err != nil {
			t.Fatal(full, err)
		}
		var order []string
		ask := func(ctx context.Context, who string) {
			go func() {
				if _, err := turns.take(ctx, who); err == nil {
					order = append(order, who)
					turns.done()
				}
			}()
			synctest.Wait()
		}
		ask(t.Context(), "a")
		ask(t.Context(), "a")
		ask(t.Context(), "a")
		ctx, stop := context.WithCancel(t.Context())
		ask(ctx, "gone")
		ask(t.Context(), "b")
		ask(t.Context(), "c")
		ask(t.Context(), "b")
		stop()
		synctest.Wait()
		turns.done()
		synctest.Wait()
		if got := strings.Join(order, " "); got != "a b c a b a" {
			t.Errorf("the order is %s", got)
		}
		if turns.free != 1 || turns.waiting != 0 || len(turns.lines) != 0 {
			t.Errorf("%d free, %d waiting, %d lines", turns.free, turns.waiting, len(turns.lines))
		}
	})
}

// TestTurnsAreBounded: who comes when too many wait is told so at once.
func TestTurnsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1, 2)
		_, _ = turns.take(t.Context(), "a")
		ctx, stop := context.WithCancel(t.Context())
		left := make(chan error, 2)
		for range 2 {
			go func() { _, err := turns.take(ctx, "a"); left <- err }()
		}
		synctest.Wait()
		if full, _ := turns.take(t.Context(), "b"); !full {
			t.Error("a third waits")
		}
		stop()
		for range 2 {
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		turns.done()
		if full, err := turns.take(t.Context(), "b"); full || err != nil {
			t.Error("no turn although nobody runs", full, err)
		}
	})
}
