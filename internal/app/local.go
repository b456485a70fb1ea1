package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/ledger"
	"github.com/vedette-siem/vedette/internal/ledger/sqlite"
	"github.com/vedette-siem/vedette/internal/library"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/duck"
	"github.com/vedette-siem/vedette/kql/value"
)

// Local is a data directory opened for queries and for taking in files, without collectors and without a door.
type Local struct {
	Engine  *query.Engine
	Store   *duck.Store
	Library *library.Library

	ledger ledger.Ledger
}

// OpenLocal opens the data directory at dir, making it when it does not exist.
func OpenLocal(ctx context.Context, dir string) (*Local, error) {
	s, err := duck.Open(ctx, duck.Options{Dir: dir, MemoryMB: 4096})
	if err != nil {
		return nil, err
	}
	memory, err := sqlite.Open(ctx, filepath.Join(dir, "ledger.sqlite"))
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	lib := library.New(memory, functionsIn(dir))
	return &Local{Engine: query.New(query.Options{Store: s, Library: lib}), Store: s, Library: lib, ledger: memory}, nil
}

// Close closes the store and the ledger.
func (l *Local) Close() error { return errors.Join(l.ledger.Close(), l.Store.Close()) }

// TakeIn runs a source to its end and returns when everything is stored.
func (l *Local) TakeIn(ctx context.Context, src collect.Source, after []record.Span, counters *ingest.Counters) error {
	loop := ingest.New(ingest.Options{Store: l.Store, Counters: counters, Decoder: ingest.DecoderOptions{Mappers: mappers()}})
	lctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- loop.Run(lctx) }()
	err := src.Run(ctx, after, loop)
	stop()
	if loopErr := <-done; err == nil && !fault.Is(loopErr, fault.Canceled) {
		err = loopErr
	}
	return err
}

// Reason is why records were refused, and how many.
type Reason struct {
	Text  string
	Count int64
}

// Reasons gives the reasons of the refusals since a time, the most frequent first, at most twenty.
func (l *Local) Reasons(ctx context.Context, since time.Time) ([]Reason, error) {
	var out reasons
	text := `declare query_parameters(since:datetime);
` + schema.IngestionFailures + ` | where ingestion_time() >= since | summarize Count = count() by Text = iff(isempty(Column), Reason, strcat(Table, ".", Column, ": ", Reason)) | top 20 by Count | project Text, Count`
	_, err := l.Engine.Run(ctx, query.Request{Text: text, Params: map[string]value.Value{"since": value.OfDatetime(store.Ticks(since))}}, &out)
	return out, err
}

type reasons []Reason

// Columns implements query.Sink.
func (*reasons) Columns(string, []query.Column) error { return nil }

// Rows implements query.Sink.
func (r *reasons) Rows(rows [][]value.Value) error {
	for _, row := range rows {
		*r = append(*r, Reason{row[0].S, row[1].I})
	}
	return nil
}
