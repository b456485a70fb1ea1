package duck

import (
	"context"

	"github.com/vedette-siem/vedette/internal/fault"
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

// indexNext makes the index of one file that needs it, and gives false when there is none.
func (s *Store) indexNext(ctx context.Context) (bool, error) {
	var f *sealedFile
	s.snap.RLock()
	for _, x := range s.files {
		if x.terms.Load() == nil || x.damaged.Load() {
			f = x
			f.use()
			break
		}
	}
	s.snap.RUnlock()
	if f == nil {
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
