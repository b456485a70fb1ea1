package graph

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/collect"
	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/record"
)

// maxSweeps bounds how often a listing is read for want of a quiet moment.
const maxSweeps = 10

// tick is the smallest step of Graph's clock.
const tick = 100 * time.Nanosecond

// round reads everything that was updated since the last one. It lives as long as Run and keeps what it has seen.
type round struct {
	source  *Source
	to      collect.Sink
	sinkErr error

	seq   int64            // of the last message put
	until time.Time        // everything updated up to then has been put, but for what appears late
	seen  map[string]int64 // ids to the latest update put, in ticks
	top   int
	bare  bool // in this round, lists with alerts inside fail
}

// filterTime is how times stand in $filter: with all digits, so that nothing is rounded away.
const filterTime = "2006-01-02T15:04:05.9999999Z"

// run reads the listing in ascending order from some time before until. Each page is asked for from the last update of the one before,
// that included: next links and $skip count places in a list whose entries move while it is read.
func (r *round) run(ctx context.Context) error {
	r.bare = false
	from := r.until.Add(-r.source.cfg.Overlap).Truncate(tick)
	for {
		page, err := r.page(ctx, r.query("ge", from))
		if err != nil {
			return err
		}
		listed := r.read(page.Value)
		switch {
		case len(listed) == 0 && page.Next == "":
			r.forget()
			return nil
		case len(listed) == 0, !slices.IsSortedFunc(listed, byPlace), listed[0].listed.Before(from.Add(-time.Second)): // it may round the filter's time
			return r.sweep(ctx, r.query("ge", from)) // not sorted, not filtered or with holes: then only the whole list will do
		}
		if err := r.put(ctx, listed); err != nil {
			return err
		}
		if page.Next == "" && len(page.Value) < r.top {
			r.forget()
			return nil
		}
		last := listed[len(listed)-1].listed
		if last.After(from) {
			from = last
			continue
		}
		// The whole page was updated at one moment: asking from it again would give the same page.
		if err := r.sweep(ctx, r.query("eq", last)); err != nil {
			return err
		}
		from = from.Add(tick)
		if last.After(from) {
			from = last.Add(tick)
		}
	}
}

func (r *round) query(op string, at time.Time) url.Values {
	q := url.Values{"$filter": {"lastUpdateDateTime " + op + " " + at.UTC().Format(filterTime)}, "$orderby": {"lastUpdateDateTime asc"}, "$top": {fmt.Sprint(r.top)}}
	if r.source.list.expand && !r.bare {
		q.Set("$expand", "alerts")
	}
	return q
}

// page asks for the first page of a query. When the page is too large for the service's liking it learns the limit; when the alerts make it
// fail, it asks without them, and put looks them up one by one.
func (r *round) page(ctx context.Context, q url.Values) (defender.Page, error) {
	for {
		p, err := r.source.cfg.Client.Page(ctx, defender.Request{Resource: defender.Graph, Path: r.source.list.path + "?" + encode(q), Once500: q.Has("$expand")})
		n, tooMany := defender.TopLimit(err)
		switch {
		case err == nil:
			return p, nil
		case tooMany && n < r.top:
			r.source.cfg.Log.Info("Graph allows smaller pages only", "top", n)
			r.top = n
			q.Set("$top", fmt.Sprint(n))
		case q.Has("$expand") && serverFault(err):
			r.source.cfg.Log.Info("Graph fails to list incidents with their alerts; alerts are looked up for each", "error", err)
			r.bare = true
			q.Del("$expand")
		default:
			return p, err
		}
	}
}

// encode writes %20 for a space: not all of Graph's services read + as one.
func encode(q url.Values) string { return strings.ReplaceAll(q.Encode(), "+", "%20") }

// sweep reads a whole listing by next links, again and again until it neither lost an entry while it was read nor brought one that was not
// known. It hands over in ascending order, after all is read: what is stored must never be newer than something that is not.
func (r *round) sweep(ctx context.Context, q url.Values) error {
	q.Set("$count", "true")
	for n := 1; ; n++ {
		began := r.source.cfg.Now()
		all, lost, err := r.whole(ctx, q)
		if err != nil {
			return err
		}
		fresh := slices.ContainsFunc(all, r.isNew)
		if err := r.put(ctx, all); err != nil {
			return err
		}
		switch {
		case !fresh && !lost:
			return nil
		case n >= maxSweeps: // so much changes that no sweep is quiet; the next round goes on from where this sweep began
			r.source.cfg.Log.Warn("a listing changes faster than it can be read", "sweeps", n)
			if began.Before(r.until) {
				r.until = began
			}
			return nil
		}
	}
}

// whole reads all pages of a listing, sorted. lost says that entries moved out of it meanwhile, which may have hidden others.
func (r *round) whole(ctx context.Context, q url.Values) (all []item, lost bool, err error) {
	page, err := r.page(ctx, q)
	if err != nil {
		return nil, false, err
	}
	n, total := len(page.Value), page.Count
	all = r.read(page.Value)
	for page.Next != "" {
		if page, err = r.source.cfg.Client.Page(ctx, defender.Request{Resource: defender.Graph, Path: page.Next, Once500: q.Has("$expand")}); err != nil {
			return nil, false, err
		}
		n += len(page.Value)
		all = append(all, r.read(page.Value)...)
	}
	slices.SortStableFunc(all, byPlace)
	return all, total != nil && int64(n) < *total, nil
}

func (r *round) isNew(i item) bool {
	old, known := r.seen[i.id]
	return !known || old < toTicks(i.updated)
}

// put hands over the versions that are new, in the order of the listing, which is ascending.
func (r *round) put(ctx context.Context, listed []item) error {
	var batch []record.Raw
	now := r.source.cfg.Now()
	for _, i := range listed {
		if !r.isNew(i) {
			continue
		}
		if r.bare && r.source.list.expand {
			var err error
			if i, err = r.lookUp(ctx, i); err != nil {
				return err
			}
		}
		r.seen[i.id] = toTicks(i.updated)
		r.seq = max(r.seq+1, toTicks(i.listed))
		batch = append(batch, record.Raw{Pos: record.Pos{Source: r.source.name, Seq: r.seq}, Arrived: now, Body: r.envelope(i, now)})
	}
	if len(listed) == 0 {
		return nil
	}
	last := listed[len(listed)-1].listed
	if len(batch) > 0 {
		if r.sinkErr = r.to.Put(ctx, batch); r.sinkErr != nil {
			return r.sinkErr
		}
		r.source.Now(collect.Reading, nil)
		r.source.Took(len(batch), now.Sub(last))
	}
	if last.After(r.until) {
		r.until = last
	}
	return nil
}

// forget bounds the memory: versions from before the overlap are not asked for again.
func (r *round) forget() {
	if len(r.seen) <= remember {
		return
	}
	edge := toTicks(r.until.Add(-2 * r.source.cfg.Overlap))
	maps.DeleteFunc(r.seen, func(_ string, t int64) bool { return t < edge })
}
