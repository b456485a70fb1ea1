package duck

import (
	"context"
	"fmt"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/terms"
)

// wakeIndexer says that files may lack their term index.
func (s *Store) wakeIndexer() {
	select {
	case s.unindexed <- struct{}{}:
	default: // it is awake
	}
}

// indexer makes the term indexes that are missing or damaged, one at a time, until the store closes.
func (s *Store) indexer() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.unindexed:
		}
		for more := true; more; {
			err := s.using(func() (err error) {
				more, err = s.indexNext(s.ctx)
				return err
			})
			if err != nil {
				if s.ctx.Err() == nil {
					s.log.Warn("a term index cannot be made; its file is scanned until the next start", "err", err)
				}
				break
			}
		}
	}
}

// indexNext makes the index of one file that needs it, or of one segment of hot rows that were there at the start, and gives false when
// there is none.
func (s *Store) indexNext(ctx context.Context) (bool, error) {
	var f *sealedFile
	var h *hotTable
	segment := 0
	s.snap.RLock()
	for _, x := range s.files {
		if x.terms.Load() == nil || x.damaged.Load() {
			f = x
			f.use()
			break
		}
	}
	for _, x := range s.hot {
		if n, ok := x.live.Unknown(); ok {
			h, segment = x, n
			break
		}
	}
	s.snap.RUnlock()
	switch {
	case h != nil:
		if f != nil {
			defer s.done(f)
		}
		return true, s.learn(ctx, h, segment)
	case f == nil:
		return false, nil
	}
	defer s.done(f)
	if err := s.writeTerms(ctx, f); err != nil {
		return false, err
	}
	f.closeTerms()
	f.damaged.Store(false)
	if s.openTerms(f); f.terms.Load() == nil {
		return false, fault.New(fault.Internal, "index terms", "%s cannot be read after it was written", f.termPath())
	}
	return true, nil
}

// learn reads the terms of the hot rows of one segment. No row is added to it any more.
func (s *Store) learn(ctx context.Context, h *hotTable, segment int) error {
	c, err := s.pool.get()
	if err != nil {
		return err
	}
	sound := false
	defer func() { s.pool.put(c, sound) }()
	defer interruptAtEnd(ctx, s.ctx, c)()
	b := terms.NewBuilder()
	from := segment * terms.SegmentBlocks
	where := fmt.Sprintf("%s >= %d AND %s < %d", quote(store.Block), from, quote(store.Block), from+terms.SegmentBlocks)
	if err := h.gather(c, "hot", where, b); err != nil {
		return err
	}
	h.live.Learn(segment, b)
	sound = true
	return nil
}
