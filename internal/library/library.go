// Package library keeps what users add beside the tables: watchlists and stored functions. Both are documents of the ledger; functions are also
// read from a directory of .kql files.
//
// It imports the ledger and store ports, internal/fault and kql/....
package library

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ledger"
)

// Library is what users have added. It is safe for concurrent use.
type Library struct {
	ledger ledger.Ledger
	dir    string

	mu        sync.Mutex
	functions map[string]Function
	readAt    time.Time
}

// New makes a library over a ledger. Files called NAME.kql in dir are functions too; "" for none.
func New(l ledger.Ledger, dir string) *Library { return &Library{ledger: l, dir: dir} }

const (
	listKey     = "watchlist/"
	functionKey = "function/"
)

// patience bounds a look into the ledger while a query is bound, which has no context of its own.
const patience = 10 * time.Second

// put writes a document over whatever is under the key.
func (l *Library) put(ctx context.Context, key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fault.New(fault.Internal, "write "+key, "%w", err)
	}
	var rev int64
	switch have, err := l.ledger.Document(ctx, key); {
	case err == nil:
		rev = have.Rev
	case !fault.Is(err, fault.NotFound):
		return err
	}
	_, err = l.ledger.PutDocument(ctx, key, rev, data)
	return err
}

// remove deletes a document; what says what it is.
func (l *Library) remove(ctx context.Context, key, what string) error {
	have, err := l.ledger.Document(ctx, key)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "", "there is no %s", what)
	}
	if err != nil {
		return err
	}
	return l.ledger.DeleteDocument(ctx, key, have.Rev)
}
