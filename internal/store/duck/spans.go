package duck

import (
	"cmp"
	"context"
	"slices"

	"github.com/vedette-siem/vedette/internal/record"
)

// merge adds a span to an ordered list without overlaps; touching spans become one.
func merge(list []record.Span, s record.Span) []record.Span {
	var out []record.Span
	for _, o := range list {
		if o.Last < s.First && s.First-o.Last > 1 || s.Last < o.First && o.First-s.Last > 1 {
			out = append(out, o)
			continue
		}
		s.First, s.Last = min(s.First, o.First), max(s.Last, o.Last)
	}
	out = append(out, s)
	slices.SortFunc(out, func(a, b record.Span) int { return cmp.Compare(a.First, b.First) })
	return out
}

// Covered implements store.Appender.
func (s *Store) Covered(_ context.Context, source string) ([]record.Span, error) {
	s.snap.RLock()
	defer s.snap.RUnlock()
	var out []record.Span
	for _, list := range s.spans[source] {
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b record.Span) int {
		return cmp.Or(cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.First, b.First))
	})
	return out, nil
}

// partition names one partition of one source.
type partition struct{ source, part string }

// covering gives the new spans of every partition that covers changes. snap must be read-held or write be held.
func (s *Store) covering(covers []record.Span) map[partition][]record.Span {
	out := map[partition][]record.Span{}
	for _, c := range covers {
		p := partition{c.Source, c.Partition}
		list, ok := out[p]
		if !ok {
			list = s.spans[c.Source][c.Partition]
		}
		out[p] = merge(list, c)
	}
	return out
}
