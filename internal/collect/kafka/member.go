package kafka

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// member is one membership in the consumer group.
type member struct {
	source *Source
	after  []record.Span
	to     collect.Sink
	client *kgo.Client
	admin  *kadm.Client

	took bool // it has put something

	mu        sync.Mutex
	parts     map[int32]*part // that are ours
	committed map[int32]int64
}

// part is a partition that is ours.
type part struct {
	name    string // as positions have it
	covered collect.Covered
	next    int64 // the number of the next message
}

// run joins the group and reads until ctx ends or something fails.
func (m *member) run(ctx context.Context) error {
	s := m.source
	m.committed = map[int32]int64{}
	options := append(s.options(),
		kgo.ConsumerGroup(s.cfg.ConsumerGroup), kgo.ConsumeTopics(s.cfg.Hub), kgo.DisableAutoCommit(), kgo.BlockRebalanceOnPoll(),
		kgo.AdjustFetchOffsetsFn(m.positions), kgo.OnPartitionsRevoked(m.revoked), kgo.OnPartitionsLost(m.lost), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxBytes(fetchBytes), kgo.FetchMaxPartitionBytes(2<<20), kgo.MaxConcurrentFetches(1), kgo.FetchMaxWait(time.Second),
	)
	c, err := kgo.NewClient(options...)
	if err != nil {
		return s.explain("connect", err)
	}
	m.client, m.admin = c, kadm.NewClient(c)
	defer c.CloseAllowingRebalance()
	if _, err := s.topic(ctx, m.admin); err != nil {
		return err
	}
	for tick := time.Now().Add(s.every / 10); ; {
		if err := m.poll(ctx); err != nil {
			return err
		}
		if time.Now().After(tick) {
			tick = time.Now().Add(s.every)
			if err := m.commit(ctx); err != nil {
				return err
			}
		}
	}
}

// poll hands on what has come, in the order of each partition.
func (m *member) poll(ctx context.Context) error {
	s := m.source
	brief, stop := context.WithTimeout(ctx, min(settled, s.every))
	defer stop()
	fetched := m.client.PollRecords(brief, atOnce)
	defer m.client.AllowRebalance()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var failed error
	fetched.EachError(func(_ string, _ int32, err error) {
		if !errors.Is(err, context.DeadlineExceeded) {
			failed = err
		}
	})
	var batch []record.Raw
	var newest time.Time
	now := time.Now()
	m.mu.Lock()
	next := map[int32]int64{}
	for r := range fetched.RecordsAll() {
		p := m.parts[r.Partition]
		if p == nil || r.Offset < p.next {
			continue
		}
		p.next = r.Offset + 1
		next[r.Partition] = p.next
		newest = r.Timestamp
		if !p.covered.Has(p.name, r.Offset) && len(r.Value) > 0 {
			batch = append(batch, record.Raw{Pos: record.Pos{Source: s.name, Partition: p.name, Seq: r.Offset}, Arrived: now, Body: r.Value})
		}
	}
	m.mu.Unlock()
	if len(batch) > 0 {
		if err := m.to.Put(ctx, batch); err != nil {
			return &sinkError{err}
		}
		m.took = true
		s.mu.Lock()
		for _, r := range batch {
			s.last[r.Pos.Partition] = r.Pos.Seq
		}
		s.mu.Unlock()
		s.Took(len(batch), now.Sub(newest))
	}
	if failed != nil {
		return s.explain("read", failed)
	}
	switch {
	case len(batch) > 0:
		s.Now(collect.Reading, nil)
	case time.Since(s.Health().Last) > settled && m.joined():
		s.Now(collect.Idle, nil)
	}
	return nil
}

// joined tells whether the group has answered: a member may have no partition when there are more members than partitions.
func (m *member) joined() bool {
	_, generation := m.client.GroupMetadata()
	return generation >= 0
}

// commit tells the hub how far the store has the messages, for others to watch. Failing to is not a failure of the reading.
func (m *member) commit(ctx context.Context) error {
	m.mu.Lock()
	at := map[int32]int64{}
	for id, p := range m.parts {
		at[id] = p.next
	}
	same := maps.Equal(at, m.committed)
	m.mu.Unlock()
	if same {
		return nil
	}
	if err := m.to.Flush(ctx); err != nil {
		return &sinkError{err}
	}
	offsets := map[int32]kgo.EpochOffset{}
	for id, n := range at {
		offsets[id] = kgo.EpochOffset{Epoch: -1, Offset: n}
	}
	brief, stop := context.WithTimeout(ctx, answerWait)
	defer stop()
	var failed error
	m.client.CommitOffsetsSync(brief, map[string]map[int32]kgo.EpochOffset{m.source.cfg.Hub: offsets}, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, _ *kmsg.OffsetCommitResponse, err error) {
		failed = err
	})
	if failed != nil {
		m.source.cfg.Log.Warn("offsets are not committed; collecting goes on without them", "error", failed)
		return nil
	}
	m.mu.Lock()
	m.committed = at
	m.mu.Unlock()
	return nil
}

// revoked has what was put stored before another member takes the partitions over, who asks the store where to begin.
func (m *member) revoked(ctx context.Context, _ *kgo.Client, gone map[string][]int32) {
	if len(gone[m.source.cfg.Hub]) == 0 {
		return
	}
	brief, stop := context.WithTimeout(ctx, leaveWait)
	defer stop()
	if err := m.commit(brief); err != nil {
		m.source.cfg.Log.Debug("partitions went before all of them was stored; the store knows what comes twice", "error", err)
	}
	m.lost(ctx, nil, gone)
}

// lost forgets partitions that are not ours any more.
func (m *member) lost(_ context.Context, _ *kgo.Client, gone map[string][]int32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range gone[m.source.cfg.Hub] {
		delete(m.parts, id)
		delete(m.committed, id)
	}
}

// spans asks what is stored.
func (m *member) spans(ctx context.Context) ([]record.Span, error) {
	if m.source.cfg.Covered == nil {
		return m.after, nil
	}
	if err := m.to.Flush(ctx); err != nil {
		return nil, fault.New(fault.Unavailable, "store what was read", "%w", err)
	}
	return m.source.cfg.Covered(ctx)
}
