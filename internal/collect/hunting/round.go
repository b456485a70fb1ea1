package hunting

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// round is what one Run knows. It lives as long as Run does.
type round struct {
	source  *Source
	to      collect.Sink
	sinkErr error
	covered collect.Covered
	tables  map[string]*progress
	target  int // rows of a slice
}

// progress is how far one table has been read.
//
// Its history is the partition "Name before 2026-11-21T10:00:00.0000000Z": the number of a message is how many ticks of 100 ns before that
// time its rows are, so that numbers grow while reading goes backwards. What came since is the partition "Name", numbered by the rows' time.
type progress struct {
	Table
	anchor  int64 // where the history begins, in ticks since 1970
	reached int64 // everything from here to anchor has been put
	done    bool  // the history has been read
	until   int64 // everything from anchor until here has been put, but for what appears late
	seq     int64 // of the last message of what came since
	seen    map[uint64]int64
	due     time.Time // when to ask for what is new; zero: never
	retry   time.Time // when to ask again for what could not be had
	fails   int
	whole   int64 // number of the last snapshot that was put whole
}

const (
	before   = " before "
	snapshot = " snapshot"
	giveUp   = 3 // failures after which a table waits for absent
	absent   = time.Hour
	perPut   = 200 // messages, or rows of a message of what is new
)

// run does what is due.
func (r *round) run(ctx context.Context) error {
	list := r.refresh()
	if err := r.fresh(ctx, list); err != nil {
		return err
	}
	return r.history(ctx, list)
}

// fresh puts what is new and the snapshots that are due.
func (r *round) fresh(ctx context.Context, list []*progress) error {
	if err := r.follow(ctx, list); err != nil {
		return err
	}
	return r.snapshots(ctx, list)
}

// refresh gives the tables as they are wanted now.
func (r *round) refresh() []*progress {
	var list []*progress
	for _, t := range r.source.cfg.Tables() {
		p := r.tables[t.Name]
		if p == nil {
			p = r.begin(t)
			r.tables[t.Name] = p
		}
		p.Table = t
		list = append(list, p)
	}
	return list
}

// begin takes up a table where the store is.
func (r *round) begin(t Table) *progress {
	now := r.source.cfg.Now()
	p := &progress{Table: t, anchor: toTicks(now), seen: map[uint64]int64{}}
	p.reached = p.anchor
	if t.Every > 0 {
		p.due = now.Add(t.Every)
	}
	last := r.covered.Last()
	began := int64(0)
	for partition, seq := range last {
		name, text, ok := strings.Cut(partition, before)
		at, err := time.Parse(stamp, text)
		if ok && name == t.Name && err == nil && toTicks(at) > began {
			began = toTicks(at)
			p.anchor, p.reached, p.due = began, began-seq, now
		}
	}
	p.until = p.anchor
	if seq, ok := last[t.Name]; ok {
		p.until, p.seq, p.due = seq, seq, now
	}
	p.whole = last[t.Name+snapshot]
	if t.Snapshot {
		p.due = now
	}
	return p
}

// history reads back, of all tables together the newest first.
func (r *round) history(ctx context.Context, list []*progress) error {
	cfg := r.source.cfg
	horizon := toTicks(cfg.Now().Add(-cfg.History))
	var open []slice
	for _, p := range list {
		p.done = p.done || p.Snapshot || p.reached <= horizon
		if !p.done && !p.retry.After(cfg.Now()) {
			open = append(open, slice{table: p.Name, from: horizon, to: p.reached})
		}
	}
	r.tell(list)
	hours, missing, err := r.source.count(ctx, open)
	if err != nil {
		return err
	}
	var pending []*progress
	for _, sl := range open {
		if p := r.tables[sl.table]; missing[sl.table] {
			p.retry = cfg.Now().Add(absent)
		} else {
			pending = append(pending, p)
		}
	}
	for len(pending) > 0 {
		at := 0
		for i, p := range pending {
			if p.reached > pending[at].reached {
				at = i
			}
		}
		p := pending[at]
		left := slices.DeleteFunc(slices.Clone(hours[p.Name]), func(h hour) bool { return h.from >= p.reached })
		pieces := slice{table: p.Name, from: horizon, to: p.reached}.cut(left, r.target)
		if err := r.back(ctx, p, pieces[len(pieces)-1], len(left) == 0, horizon); err != nil {
			if p.fails++; r.sinkErr != nil || p.fails < giveUp || !fault.Retryable(err) {
				return err
			}
			cfg.Log.Warn("a table's history cannot be had now", "table", p.Name, "error", err)
			p.fails, p.retry = 0, cfg.Now().Add(absent)
			pending = slices.Delete(pending, at, at+1)
			continue
		}
		if p.fails = 0; p.done {
			pending = slices.Delete(pending, at, at+1)
		}
		r.tell(list)
		if err := r.fresh(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

// back puts a piece of a table's history, and the end of it when it is the last. empty says that nothing was counted in it.
func (r *round) back(ctx context.Context, p *progress, sl slice, empty bool, horizon int64) error {
	partition := p.Name + before + fromTicks(p.anchor).Format(stamp)
	put := func(seq int64, rows []row) record.Raw {
		return record.Raw{Pos: record.Pos{Source: r.source.name, Partition: partition, Seq: seq}, Arrived: r.source.cfg.Now(), Body: r.source.message(p.Name, rows)}
	}
	if !empty {
		if err := r.fetch(ctx, sl, true, func(rows []row, from int64) error {
			slices.SortStableFunc(rows, func(a, b row) int { return int(min(max(b.at-a.at, -1), 1)) })
			var batch []record.Raw
			for len(rows) > 0 {
				n := 1
				for n < len(rows) && rows[n].at == rows[0].at {
					n++
				}
				batch = append(batch, put(p.anchor-rows[0].at, rows[:n]))
				if rows = rows[n:]; len(rows) == 0 || len(batch) == perPut {
					if err := r.put(ctx, batch, 0); err != nil {
						return err
					}
					batch = nil
				}
			}
			p.reached = from
			return nil
		}); err != nil {
			return err
		}
	}
	p.reached = sl.from
	if p.reached > horizon {
		return nil
	}
	p.done = true // a message without records says so to the next Run
	return r.put(ctx, []record.Raw{put(p.anchor-horizon+1, nil)}, 0)
}

// follow puts what is new in the tables that are due.
func (r *round) follow(ctx context.Context, list []*progress) error {
	now := r.source.cfg.Now()
	to := toTicks(now)
	var open []slice
	for _, p := range list {
		if !p.Snapshot && !p.due.IsZero() && !p.due.After(now) && p.until < to {
			from := max(p.until-int64(r.source.cfg.Overlap/100), toTicks(now.Add(-r.source.cfg.History)))
			open = append(open, slice{table: p.Name, from: from, to: to})
		}
	}
	hours, missing, err := r.source.count(ctx, open)
	if err != nil {
		return err
	}
	for _, sl := range open {
		p := r.tables[sl.table]
		if !missing[sl.table] && len(hours[sl.table]) > 0 {
			for _, piece := range sl.cut(hours[sl.table], r.target) {
				if err := r.fetch(ctx, piece, false, func(rows []row, _ int64) error { return r.since(ctx, p, rows) }); err != nil {
					return err
				}
			}
		}
		p.until, p.due = to, time.Time{}
		if p.Every > 0 {
			p.due = now.Add(p.Every)
		}
		edge := to - 2*int64(r.source.cfg.Overlap/100)
		for k, at := range p.seen {
			if at < edge {
				delete(p.seen, k)
			}
		}
	}
	return nil
}

var seed = maphash.MakeSeed()

// since puts rows that came after the anchor and were not put by this Run.
func (r *round) since(ctx context.Context, p *progress, rows []row) error {
	rows = slices.DeleteFunc(rows, func(x row) bool { _, ok := p.seen[maphash.Bytes(seed, x.body)]; return ok })
	slices.SortStableFunc(rows, func(a, b row) int { return int(min(max(a.at-b.at, -1), 1)) })
	for len(rows) > 0 {
		some := rows[:min(len(rows), perPut)]
		rows = rows[len(some):]
		last := some[len(some)-1].at
		seq := max(p.seq+1, last)
		now := r.source.cfg.Now()
		raw := record.Raw{Pos: record.Pos{Source: r.source.name, Partition: p.Name, Seq: seq}, Arrived: now, Body: r.source.message(p.Name, some)}
		if err := r.put(ctx, []record.Raw{raw}, now.Sub(fromTicks(last))); err != nil {
			return err
		}
		p.seq = seq
		for _, x := range some {
			p.seen[maphash.Bytes(seed, x.body)] = x.at
		}
	}
	return nil
}

// put hands messages to the sink.
func (r *round) put(ctx context.Context, batch []record.Raw, lag time.Duration) error {
	if r.sinkErr = r.to.Put(ctx, batch); r.sinkErr != nil {
		return r.sinkErr
	}
	r.source.Now(collect.Reading, nil)
	r.source.Took(len(batch), lag)
	return nil
}

// tell keeps the progress for the page.
func (r *round) tell(list []*progress) {
	out := progressed{tables: len(list)}
	var oldest int64
	for _, p := range list {
		if p.done || p.Snapshot {
			out.done++
			continue
		}
		oldest = max(oldest, p.reached)
	}
	if oldest > 0 {
		out.oldest = fromTicks(oldest)
	}
	r.source.mu.Lock()
	r.source.progress = out
	r.source.mu.Unlock()
}
