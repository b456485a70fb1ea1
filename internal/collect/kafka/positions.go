package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
)

// positions says where to read the partitions that have become ours. The store's coverage decides; committed offsets only where Latest was
// asked for and nothing is stored.
func (m *member) positions(ctx context.Context, assigned map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	s := m.source
	hub := s.cfg.Hub
	ctx, stop := context.WithTimeout(ctx, answerWait)
	defer stop()
	if len(assigned[hub]) == 0 {
		return assigned, nil
	}
	spans, err := m.spans(ctx)
	if err != nil {
		return nil, err
	}
	covered := collect.Cover(s.name, spans)
	topic, err := s.topic(ctx, m.admin)
	if err != nil {
		return nil, err
	}
	begins, ends, at, err := m.bounds(ctx)
	if err != nil {
		return nil, s.explain("ask where the partitions begin and end", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, committed := range assigned[hub] {
		begin, _ := begins.Lookup(hub, id)
		end, ok := ends.Lookup(hub, id)
		if !ok || end.Err != nil {
			return nil, fault.New(fault.Unavailable, fmt.Sprintf("ask where partition %d ends", id), "no answer: %v", end.Err)
		}
		p := &part{covered: covered}
		base := partitionName(id, topic.ID)
		name, last, some := s.generation(base, covered, end.Offset)
		p.name = name
		switch {
		case some:
			p.next = max(last+1, begin.Offset) // what the hub has not kept is gone
		case name != base:
			p.next = begin.Offset // a hub made anew goes on what was begun
		case s.cfg.Start.Latest && committed.EpochOffset().Offset >= 0:
			p.next = max(committed.EpochOffset().Offset, begin.Offset)
		case s.cfg.Start.Latest:
			p.next = end.Offset // and committed soon, so that it is the beginning for good
		case !s.cfg.Start.At.IsZero():
			from, ok := at.Lookup(hub, id)
			if !ok || from.Err != nil {
				return nil, fault.New(fault.Unavailable, fmt.Sprintf("ask where partition %d was at %s", id, s.cfg.Start.At.Format(time.RFC3339)), "no answer: %v", from.Err)
			}
			p.next = from.Offset
		default:
			p.next = begin.Offset
		}
		m.parts[id] = p
		assigned[hub][id] = kgo.NewOffset().At(p.next).WithEpoch(-1)
	}
	return assigned, nil
}

// bounds asks where the partitions begin and end, and where they were at the time to start from.
func (m *member) bounds(ctx context.Context) (begins, ends, at kadm.ListedOffsets, err error) {
	hub := m.source.cfg.Hub
	if begins, err = m.admin.ListStartOffsets(ctx, hub); err != nil {
		return nil, nil, nil, err
	}
	if ends, err = m.admin.ListEndOffsets(ctx, hub); err != nil {
		return nil, nil, nil, err
	}
	if start := m.source.cfg.Start; !start.Latest && !start.At.IsZero() {
		at, err = m.admin.ListOffsetsAfterMilli(ctx, start.At.UnixMilli(), hub)
	}
	return begins, ends, at, err
}

// partitionName names a partition by its number and, where the broker tells it, by the id of the topic: offsets of a topic that was deleted
// and made again start anew, and must not be taken for those of the old one.
func partitionName(id int32, topic kadm.TopicID) string {
	if topic == (kadm.TopicID{}) {
		return fmt.Sprint(id)
	}
	return fmt.Sprintf("%d@%x", id, topic[:])
}

// generation gives the name of the partition that ends at end, and the last message before the first gap of what was put or is stored of it.
// Event Hubs tell no id, so a hub made again shows by ending before what is stored; from then on the partition has another name.
func (s *Source) generation(base string, covered collect.Covered, end int64) (name string, last int64, some bool) {
	greatest := covered.Last()
	s.mu.Lock()
	defer s.mu.Unlock()
	known := func(name string) (int64, bool) {
		stored, isStored := greatest[name]
		put, isPut := s.last[name]
		return max(stored, put), isStored || isPut
	}
	name = base
	for n := 2; ; n++ {
		next := fmt.Sprintf("%s#%d", base, n)
		at, ok := known(name)
		_, later := known(next)
		if !later && (!ok || at < end) {
			break
		}
		if !later {
			s.cfg.Log.Warn("the hub ends before what is stored of it: it was made anew, and is read from its beginning", "partition", base, "stored", at, "end", end)
		}
		name = next
	}
	last, some = covered.Start(name)
	if put, isPut := s.last[name]; isPut && (!some || put > last) {
		last, some = put, true
	}
	return name, last, some
}
