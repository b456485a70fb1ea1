package duck_test

import (
	"context"
	"testing"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/internal/store/storetest"
)

func open(ctx context.Context, dir string) (store.Store, error) {
	return duck.Open(ctx, duck.Options{Dir: dir, MemoryMB: 400, LateRows: 1})
}

func TestStore(t *testing.T) { storetest.Run(t, open) }
