package duck

import (
	"fmt"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/terms"
)

// rowKey is the identity of a row: the hash of its record and its event time.
type rowKey struct {
	hash uint64
	time int64
}

func dayOf(ticks int64) int64 {
	d := ticks / store.DayTicks
	if ticks%store.DayTicks < 0 {
		d--
	}
	return d
}

// loadSeen reads the identities of all hot rows.
func (s *Store) loadSeen() error {
	for _, h := range s.hot {
		q := fmt.Sprintf("SELECT %s, %s, %s FROM hot.%s", quote(h.timePhys()), quote(store.Hash), quote(store.Block), quote(h.phys))
		held := map[int]bool{}
		next := 0 // segment
		if err := s.wconn.rows(q, nil, func(r *chunkReader) error {
			times, hashes, blocks := r.ints(0), r.ints(1), r.int32s(2)
			for i := range times {
				s.see(rowKey{uint64(hashes[i]), times[i]})
				n := int(blocks[i]) / terms.SegmentBlocks
				held[n], next = true, max(next, n+1)
			}
			return nil
		}); err != nil {
			return err
		}
		// New rows begin a segment of their own, so that the terms of the old ones can be read in the meantime.
		h.rows = int64(next) * terms.SegmentBlocks * terms.BlockRows
		h.live = terms.NewLive(next)
		h.live.Keep(held)
	}
	return nil
}

// see adds an identity and reports whether it is new.
func (s *Store) see(k rowKey) bool {
	d := dayOf(k.time)
	m := s.seen[d]
	if m == nil {
		m = map[rowKey]struct{}{}
		s.seen[d] = m
	}
	n := len(m)
	m[k] = struct{}{}
	return len(m) > n
}

// fresh is what an append adds to seen, so that it can be taken back.
type fresh struct {
	s    *Store
	keys []rowKey
}

func (f *fresh) undo() {
	for _, k := range f.keys {
		delete(f.s.seen[dayOf(k.time)], k)
	}
}

// pick gives the rows of a chunk that are not stored yet; all is true when that is every row.
func (f *fresh) pick(table string, times []int64, hashes []uint64) (sel []int32, all bool, err error) {
	sealed, err := f.s.sealedKeys(table, times)
	if err != nil {
		return nil, false, err
	}
	all = true
	for i, t := range times {
		k := rowKey{hashes[i], t}
		_, old := sealed[k]
		if old || !f.s.see(k) {
			if all {
				all, sel = false, make([]int32, i, len(times))
				for j := range sel {
					sel[j] = int32(j)
				}
			}
			continue
		}
		f.keys = append(f.keys, k)
		if !all {
			sel = append(sel, int32(i))
		}
	}
	return sel, all, nil
}

// sealedKeys gives the identities of the sealed rows of a table that times may repeat: those of the days that have files, between the
// first and the last of times in each.
func (s *Store) sealedKeys(table string, times []int64) (map[rowKey]struct{}, error) {
	if len(s.files) == 0 {
		return nil, nil
	}
	type bounds struct{ lo, hi int64 }
	days := map[int64]bounds{}
	for _, t := range times {
		d := dayOf(t)
		b, ok := days[d]
		if !ok {
			b = bounds{t, t}
		}
		days[d] = bounds{min(b.lo, t), max(b.hi, t)}
	}
	var out map[rowKey]struct{}
	for _, f := range s.files {
		b, ok := days[f.day]
		p := f.parts[table]
		if !ok || p == nil {
			continue
		}
		if err := s.attach(f); err != nil {
			return nil, err
		}
		tcol := quote(p.timePhys())
		q := fmt.Sprintf("SELECT %s, %s FROM %s.%s WHERE %s BETWEEN ? AND ?", tcol, quote(store.Hash), quote(f.name()), quote(p.phys), tcol)
		if err := s.wconn.rows(q, []any{b.lo, b.hi}, func(r *chunkReader) error {
			if out == nil {
				out = map[rowKey]struct{}{}
			}
			ts, hs := r.ints(0), r.ints(1)
			for i := range ts {
				out[rowKey{uint64(hs[i]), ts[i]}] = struct{}{}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}
