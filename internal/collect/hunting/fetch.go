package hunting

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// mostParts bounds into how many parts the rows of one moment, or of a snapshot, are divided.
const mostParts = 1 << 12

// anyKey divides rows by all that they say.
const anyKey = "tostring(pack_all())"

// fetch reads a slice, in as many pieces as the service answers whole, the newest or the oldest first. use gets the rows of each piece and
// the time from which on everything has been given.
func (r *round) fetch(ctx context.Context, sl slice, newest bool, use func(rows []row, from int64) error) error {
	todo := []slice{sl}
	var moment []row // of one moment that comes in parts: they are given together
	for len(todo) > 0 {
		one := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		rows, size, cut, err := r.source.read(ctx, one)
		if err != nil {
			return err
		}
		if cut {
			halves, err := one.halve()
			if err != nil {
				return err
			}
			if !newest {
				slices.Reverse(halves)
			}
			todo = append(todo, halves...)
			r.target = max(r.target/2, leastTarget)
			continue
		}
		if len(rows) > 100 {
			r.target = min(max(goodBytes/(size/len(rows)+1), leastTarget), mostTarget)
		}
		for i := range rows {
			rows[i].at = min(max(rows[i].at, one.from), one.to-1)
		}
		if one.parts > 1 {
			if moment = append(moment, rows...); len(todo) > 0 && todo[len(todo)-1].parts > 1 {
				continue
			}
			rows, moment = moment, nil
		}
		if err := use(rows, one.from); err != nil {
			return err
		}
	}
	return nil
}

// halve divides a slice by time, the older half first, or one moment by its rows.
func (sl slice) halve() ([]slice, error) {
	if sl.to-sl.from > 1 {
		mid := sl.from + (sl.to-sl.from)/2
		old, young := sl, sl
		old.to, young.from = mid, mid
		return []slice{old, young}, nil
	}
	if sl.key == "" {
		sl.key = anyKey
	}
	n := max(sl.parts, 1)
	if 2*n > mostParts {
		return nil, fault.New(fault.Unavailable, "read "+sl.table, "the service does not give even small parts of it whole")
	}
	a, b := sl, sl
	a.parts, b.parts = 2*n, 2*n
	b.part = sl.part + n // hash modulo 2n is either
	return []slice{a, b}, nil
}

// wholeEnd is the last number of a snapshot. A message with it says that the snapshot was put whole.
const (
	wholeEnd = 999_999
	perWhole = 500 // rows of a message
)

// snapshots puts the snapshots that are due. The numbers of a snapshot's messages begin at its time; in a Run that takes up an unfinished
// one, its rows come in the same order, and those that were put already are left out.
func (r *round) snapshots(ctx context.Context, list []*progress) error {
	now := r.source.cfg.Now()
	var open []slice
	for _, p := range list {
		if p.Snapshot && !p.due.After(now) && !p.retry.After(now) {
			if at := now.UTC().Truncate(p.Every); p.whole >= numbered(at)+wholeEnd {
				p.due = at.Add(p.Every)
			} else {
				open = append(open, slice{table: p.Name, key: p.Key})
			}
		}
	}
	hours, missing, err := r.source.count(ctx, open)
	if err != nil {
		return err
	}
	for _, sl := range open {
		p := r.tables[sl.table]
		at := now.UTC().Truncate(p.Every)
		if missing[p.Name] {
			p.due = at.Add(p.Every)
			continue
		}
		n := 0
		for _, h := range hours[p.Name] {
			n += h.rows
		}
		if err := r.whole(ctx, p, sl, at, n); err != nil {
			if p.fails++; r.sinkErr != nil || p.fails < giveUp || !fault.Retryable(err) {
				return err
			}
			r.source.cfg.Log.Warn("a snapshot cannot be had now", "table", p.Name, "error", err)
			p.fails, p.retry = 0, now.Add(absent)
			continue
		}
		p.fails, p.due = 0, at.Add(p.Every)
	}
	return nil
}

// numbered gives the number of the first message of the snapshot of a time.
func numbered(at time.Time) int64 { return at.Unix() * (wholeEnd + 1) }

// whole puts a table's snapshot of n rows with the time at.
func (r *round) whole(ctx context.Context, p *progress, all slice, at time.Time, n int) error {
	base := numbered(at)
	seq := base
	parts := min(n, 1)                               // a table that is empty, or that the tenant does not have, is not asked for
	for parts < mostParts && n > firstTarget*parts { // not r.target: an unfinished snapshot must be read in the same parts again
		parts *= 2
	}
	put := func(seq int64, rows []row) error {
		if seq <= p.whole || seq > base+wholeEnd {
			return nil
		}
		raw := record.Raw{Pos: record.Pos{Source: r.source.name, Partition: p.Name + snapshot, Seq: seq}, Arrived: r.source.cfg.Now(), Body: r.source.message(p.Name, rows)}
		if err := r.put(ctx, []record.Raw{raw}, 0); err != nil {
			return err
		}
		p.whole = seq
		return nil
	}
	for part := range parts {
		piece := all
		piece.part, piece.parts = part, parts
		rows, _, cut, err := r.source.read(ctx, piece)
		if err == nil && cut {
			err = fault.New(fault.Unavailable, "read "+p.Name, "the service gives a part of it only in pieces")
		}
		if err != nil {
			return err
		}
		slices.SortFunc(rows, func(a, b row) int { return bytes.Compare(a.body, b.body) })
		for i := range rows {
			if rows[i].at == 0 {
				rows[i].at = toTicks(at)
			}
		}
		for ; len(rows) > 0; seq++ {
			some := rows[:min(len(rows), perWhole)]
			rows = rows[len(some):]
			if err := put(seq, some); err != nil {
				return err
			}
		}
	}
	return put(base+wholeEnd, nil)
}
