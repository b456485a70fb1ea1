package ingest

import (
	"context"
	"maps"
	"slices"

	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/store"
)

// coverage turns the positions of messages into spans. Messages of one partition come in order and without gaps other than those of
// the source's own numbering, so that a span reaches from the last one before to the newest.
type coverage struct {
	store store.Appender
	last  map[place]int64
	now   map[place]record.Span
	again []record.Span
}

type place struct{ source, partition string }

func newCoverage(s store.Appender) *coverage {
	return &coverage{store: s, last: map[place]int64{}, now: map[place]record.Span{}}
}

// add notes that the message at pos is in the batch.
func (c *coverage) add(ctx context.Context, pos record.Pos) {
	p := place{pos.Source, pos.Partition}
	last, ok := c.last[p]
	if !ok {
		last, ok = c.stored(ctx, p)
	}
	if ok && pos.Seq <= last { // delivered again
		c.again = append(c.again, record.Span{Source: p.source, Partition: p.partition, First: pos.Seq, Last: pos.Seq})
		return
	}
	s, open := c.now[p]
	if !open {
		s = record.Span{Source: p.source, Partition: p.partition, First: pos.Seq}
		if ok {
			s.First = last + 1
		}
	}
	s.Last = pos.Seq
	c.now[p], c.last[p] = s, pos.Seq
}

// stored gives the end of what the store covers of a partition.
func (c *coverage) stored(ctx context.Context, p place) (int64, bool) {
	spans, err := c.store.Covered(ctx, p.source)
	if err != nil {
		return 0, false // the span then begins at the first message, which is right, only not joined to the one before
	}
	last, ok := int64(0), false
	for _, s := range spans {
		if s.Partition == p.partition && (!ok || s.Last > last) {
			last, ok = s.Last, true
		}
	}
	return last, ok
}

// take gives the spans of the batch and begins the next one.
func (c *coverage) take() []record.Span {
	out := slices.AppendSeq(c.again, maps.Values(c.now))
	clear(c.now)
	c.again = nil
	return out
}
