package eventhub

import (
	"context"
	"errors"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// partition reads one partition in order.
type partition struct {
	source  *Source
	client  *azeventhubs.ConsumerClient
	id      string
	name    string // as positions have it
	to      collect.Sink
	covered collect.Covered

	seq  int64 // of the last message read
	some bool  // whether seq is set
}

// run reads until ctx ends (nil) or something fails that will not pass: the sink, or the hub's answer that we may not.
func (p *partition) run(ctx context.Context) error {
	p.seq, p.some = p.covered.Start(p.name)
	for wait := p.source.first; ctx.Err() == nil; {
		before := p.seq
		sinkErr, err := p.receive(ctx)
		if sinkErr != nil {
			return sinkErr
		}
		if ctx.Err() != nil {
			return nil
		}
		if p.seq != before {
			wait = p.source.first // it worked for a while
		}
		err = p.source.explain("read partition "+p.id, err)
		if !fault.Retryable(err) {
			return err
		}
		p.source.note(p.id, err)
		p.source.cfg.Log.Warn("reading stopped, trying again", "partition", p.id, "error", err, "wait", wait)
		pause(ctx, wait)
		wait = min(2*wait, longestWait)
	}
	return nil
}

// receive opens a receiver after the last message read and hands on what comes, until something fails.
func (p *partition) receive(ctx context.Context) (sinkErr, err error) {
	begin := azeventhubs.StartPosition{SequenceNumber: &p.seq}
	if !p.some {
		yes := true
		begin = azeventhubs.StartPosition{Earliest: &yes}
	}
	pc, err := p.client.NewPartitionClient(p.id, &azeventhubs.PartitionClientOptions{StartPosition: begin, Prefetch: prefetch})
	if err != nil {
		return nil, err
	}
	defer pc.Close(context.WithoutCancel(ctx))
	for {
		events, err := next(ctx, pc, 1, settled)
		if err != nil {
			return nil, err
		}
		if len(events) > 0 {
			more, err := next(ctx, pc, prefetch-1, gather)
			events = append(events, more...)
			if sinkErr := p.put(ctx, events); sinkErr != nil || err != nil {
				return sinkErr, err
			}
		}
		p.source.note(p.id, nil)
	}
}

// next gives up to n messages, none when within d none came.
func next(ctx context.Context, pc *azeventhubs.PartitionClient, n int, d time.Duration) ([]*azeventhubs.ReceivedEventData, error) {
	within, stop := context.WithTimeout(ctx, d)
	defer stop()
	events, err := pc.ReceiveEvents(within, n, nil)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, nil
	}
	return events, err
}

// put hands messages to the sink, without those that are stored already.
func (p *partition) put(ctx context.Context, events []*azeventhubs.ReceivedEventData) error {
	now := time.Now()
	batch := make([]record.Raw, 0, len(events))
	for _, e := range events {
		if !p.covered.Has(p.name, e.SequenceNumber) {
			batch = append(batch, record.Raw{Pos: record.Pos{Source: p.source.Name(), Partition: p.name, Seq: e.SequenceNumber}, Arrived: now, Body: e.Body})
		}
	}
	if len(batch) > 0 {
		if err := p.to.Put(ctx, batch); err != nil {
			return err
		}
	}
	last := events[len(events)-1]
	p.seq, p.some = last.SequenceNumber, true
	var lag time.Duration
	if last.EnqueuedTime != nil {
		lag = now.Sub(*last.EnqueuedTime)
	}
	p.source.Took(len(batch), lag)
	p.source.mu.Lock()
	p.source.last[p.id] = mark{last.SequenceNumber, last.Offset}
	p.source.mu.Unlock()
	return nil
}
