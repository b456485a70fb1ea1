package exec

import (
	"math"
	"sort"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// counter is count().
type counter struct{ n int64 }

func newCounter() fn.Accumulator { return &counter{} }

func (c *counter) Add([]value.Value)     { c.n++ }
func (c *counter) Result() []value.Value { return []value.Value{value.OfLong(c.n)} }

// event is one activity: who, and when in the timeline's own unit.
type event struct {
	who string
	at  int64
	val value.Value // of rolling_percentile
}

// timeline is the events of one combination of dimensions, in order of time.
type timeline struct {
	dims   Row
	events []event
}

// timelines reads the input of the plugins of the shape (id, time, …, dimensions): the i-th argument is the id, the next the time.
func (c *pluginCall) timelines(id, at, dimsFrom int, val bool) ([]*timeline, []plan.Column, error) {
	rows, err := c.rows()
	if err != nil {
		return nil, nil, err
	}
	who, err := c.arg(id)
	if err != nil {
		return nil, nil, err
	}
	when, err := c.arg(at)
	if err != nil {
		return nil, nil, err
	}
	cols, dims, err := c.dims(dimsFrom)
	if err != nil {
		return nil, nil, err
	}
	groups := map[string]*timeline{}
	var order []*timeline
	vals := make(Row, len(dims))
	for _, row := range rows {
		t := when(row).Inner()
		if t.Null {
			continue
		}
		for i, d := range dims {
			vals[i] = d(row)
		}
		key := string(rowKey(nil, vals))
		g := groups[key]
		if g == nil {
			g = &timeline{dims: append(Row(nil), vals...)}
			groups[key] = g
			order = append(order, g)
		}
		e := event{at: t.I}
		if v := who(row); val {
			e.val = v
		} else {
			e.who = string(value.AppendKey(nil, v))
		}
		g.events = append(g.events, e)
	}
	for _, g := range order {
		sort.SliceStable(g.events, func(i, j int) bool { return g.events[i].at < g.events[j].at })
	}
	return order, cols, nil
}

// within gives the events with from <= at < to.
func (g *timeline) within(from, to int64) []event {
	a := sort.Search(len(g.events), func(i int) bool { return g.events[i].at >= from })
	b := sort.Search(len(g.events), func(i int) bool { return g.events[i].at >= to })
	return g.events[a:max(a, b)]
}

func people(events []event) map[string]bool {
	set := map[string]bool{}
	for _, e := range events {
		set[e.who] = true
	}
	return set
}

// timeRow makes a row of the timeline's column, the dimensions and numbers.
func timeRow(t value.Type, at int64, dims Row, nums ...value.Value) Row {
	row := append(Row{{T: t, I: at}}, dims...)
	return append(row, nums...)
}

func longs(ns ...int) []value.Value {
	out := make([]value.Value, len(ns))
	for i, n := range ns {
		out[i] = value.OfLong(int64(n))
	}
	return out
}

func (c *pluginCall) timed(at int, dims []plan.Column, names ...plan.Column) []plan.Column {
	return append(append([]plan.Column{c.column(at)}, dims...), names...)
}

// activeUsersCount counts, per bin, the ids that were active in enough periods of the look-back window:
// (id, time, start, end, lookback, period, periods, bin, dimensions…).
func activeUsersCount(c *pluginCall) (*output, error) {
	lines, dims, err := c.timelines(0, 1, 8, false)
	if err != nil {
		return nil, err
	}
	s, err := c.span(2, 3, 7)
	if err != nil {
		return nil, err
	}
	v, err := c.constants(4, 7)
	if err != nil {
		return nil, err
	}
	lookback, period, least := v[0].I, v[1].I, v[2].I
	if period <= 0 {
		return nil, errorf(Invalid, "active_users_count: the period must be greater than 0")
	}
	out := &output{cols: c.timed(1, dims, own("dcount", value.Long))}
	for _, g := range lines {
		active := map[string][]int64{} // periods in which an id was active, in order
		for _, e := range g.events {
			p := s.start + value.FloorDiv(e.at-s.start, period)*period
			if l := active[e.who]; len(l) == 0 || l[len(l)-1] != p {
				active[e.who] = append(l, p)
			}
		}
		bins := map[int64]map[string]bool{}
		for who, list := range active {
			first := 0
			for i, p := range list {
				for first <= i && list[first] <= p-lookback {
					first++
				}
				if p >= s.start && p <= s.end && int64(i-first+1) >= least {
					b := s.binOf(p)
					if bins[b] == nil {
						bins[b] = map[string]bool{}
					}
					bins[b][who] = true
				}
			}
		}
		for _, b := range sortedBins(bins) {
			out.rows = append(out.rows, timeRow(c.column(1).Type, b, g.dims, longs(len(bins[b]))...))
		}
	}
	return out, nil
}

func sortedBins[T any](bins map[int64]T) []int64 {
	out := make([]int64, 0, len(bins))
	for b := range bins {
		out = append(out, b)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// activityCounts gives, per window, the events, the ids, the ids not seen before, and all ids so far: (id, time, start, end, window, …).
func activityCounts(c *pluginCall) (*output, error) {
	lines, dims, err := c.timelines(0, 1, 5, false)
	if err != nil {
		return nil, err
	}
	s, err := c.span(2, 3, 4)
	if err != nil {
		return nil, err
	}
	out := &output{cols: c.timed(1, dims, own("count", value.Long), own("dcount", value.Long), own("new_dcount", value.Long), own("aggregated_dcount", value.Long))}
	for _, g := range lines {
		all := map[string]bool{}
		for b := s.start; b <= s.end; b += s.bin {
			events := g.within(b, min(b+s.bin, s.end+1))
			if len(events) == 0 {
				continue
			}
			now, fresh := people(events), 0
			for who := range now {
				if !all[who] {
					all[who] = true
					fresh++
				}
			}
			out.rows = append(out.rows, timeRow(c.column(1).Type, b, g.dims, longs(len(events), len(now), fresh, len(all))...))
		}
	}
	return out, nil
}

// activityEngagement compares the ids of an inner window with those of a longer one that ends with it: (id, time [, start, end], inner, outer, …).
func activityEngagement(c *pluginCall) (*output, error) {
	windows := 2 + c.bounds(2)
	lines, dims, err := c.timelines(0, 1, windows+2, false)
	if err != nil {
		return nil, err
	}
	s, err := c.boundedSpan(windows, lines)
	if err != nil {
		return nil, err
	}
	v, err := c.constants(windows+1, windows+2)
	if err != nil {
		return nil, err
	}
	out := &output{cols: c.timed(1, dims, own("dcount_activities_inner", value.Long), own("dcount_activities_outer", value.Long), own("activity_ratio", value.Real))}
	for _, g := range lines {
		for b := s.start; b <= s.end; b += s.bin {
			inner := len(people(g.within(b, b+s.bin)))
			outer := len(people(g.within(max(s.start, b+s.bin-v[0].I), b+s.bin)))
			if inner > 0 {
				out.rows = append(out.rows, timeRow(c.column(1).Type, b, g.dims, append(longs(inner, outer), ratio(inner, outer))...))
			}
		}
	}
	return out, nil
}

func ratio(a, b int) value.Value {
	if b == 0 {
		return value.OfReal(math.NaN())
	}
	return value.OfReal(float64(a) / float64(b))
}

// activityMetrics compares each window with the one before: (id, time [, start, end], window, …).
func activityMetrics(c *pluginCall) (*output, error) {
	window := 2 + c.bounds(1)
	lines, dims, err := c.timelines(0, 1, window+1, false)
	if err != nil {
		return nil, err
	}
	s, err := c.boundedSpan(window, lines)
	if err != nil {
		return nil, err
	}
	out := &output{cols: c.timed(1, dims, own("dcount_values", value.Long), own("dcount_newvalues", value.Long), own("retention_rate", value.Real), own("churn_rate", value.Real))}
	for _, g := range lines {
		all, last := map[string]bool{}, map[string]bool{}
		for b := s.start; b <= s.end; b += s.bin {
			now := people(g.within(b, min(b+s.bin, s.end+1)))
			fresh, stayed := 0, 0
			for who := range now {
				if !all[who] {
					all[who] = true
					fresh++
				}
				if last[who] {
					stayed++
				}
			}
			if len(now) > 0 {
				out.rows = append(out.rows, timeRow(c.column(1).Type, b, g.dims, append(longs(len(now), fresh), ratio(stayed, len(last)), ratio(len(last)-stayed, len(last)))...))
			}
			last = now
		}
	}
	return out, nil
}

// sessionCount counts sessions by the bin of their first event; a pause of lookback or more ends a session:
// (id, time, start, end, bin, lookback, …).
func sessionCount(c *pluginCall) (*output, error) {
	lines, dims, err := c.timelines(0, 1, 6, false)
	if err != nil {
		return nil, err
	}
	s, err := c.span(2, 3, 4)
	if err != nil {
		return nil, err
	}
	v, err := c.constants(5, 6)
	if err != nil {
		return nil, err
	}
	out := &output{cols: c.timed(1, dims, own("count_sessions", value.Long))}
	for _, g := range lines {
		last, bins := map[string]int64{}, map[int64]int{}
		for _, e := range g.within(s.start, s.end+1) {
			before, seen := last[e.who]
			if !seen || e.at-before >= v[0].I {
				bins[e.at-value.FloorMod(e.at, s.bin)]++
			}
			last[e.who] = e.at
		}
		for _, b := range sortedBins(bins) {
			out.rows = append(out.rows, timeRow(c.column(1).Type, b, g.dims, longs(bins[b])...))
		}
	}
	return out, nil
}

// slidingWindowCounts counts events and ids in the window that ends with each bin: (id, time, start, end, lookback, bin, …).
func slidingWindowCounts(c *pluginCall) (*output, error) {
	lines, dims, err := c.timelines(0, 1, 6, false)
	if err != nil {
		return nil, err
	}
	s, err := c.span(2, 3, 5)
	if err != nil {
		return nil, err
	}
	v, err := c.constants(4, 5)
	if err != nil {
		return nil, err
	}
	out := &output{cols: c.timed(1, dims, own("Count", value.Long), own("Dcount", value.Long))}
	for _, g := range lines {
		for b := s.start; b <= s.end; b += s.bin {
			events := g.within(b+s.bin-v[0].I, b+s.bin)
			if len(events) > 0 {
				out.rows = append(out.rows, timeRow(c.column(1).Type, b, g.dims, longs(len(events), len(people(events)))...))
			}
		}
	}
	return out, nil
}

// rollingPercentile gives, for each bin, a percentile of the bins up to it: (value, percentile, index, bin, bins, dimensions…).
func rollingPercentile(c *pluginCall) (*output, error) {
	lines, dims, err := c.timelines(0, 2, 5, true)
	if err != nil {
		return nil, err
	}
	p, err := c.constants(1, 2)
	if err != nil {
		return nil, err
	}
	v, err := c.constants(3, 5)
	if err != nil {
		return nil, err
	}
	bin, n := v[0].I, v[1].I
	if bin <= 0 || n <= 0 {
		return nil, errorf(Invalid, "rolling_percentile: the bin size and the number of bins must be greater than 0")
	}
	rank := value.Convert(p[0], value.Real)
	last := c.n.Cols[len(c.n.Cols)-1]
	out := &output{cols: c.timed(2, dims, own(last.Name, last.Type))}
	for _, g := range lines {
		bins := map[int64]bool{}
		for _, e := range g.events {
			bins[e.at-value.FloorMod(e.at, bin)] = true
		}
		for _, b := range sortedBins(bins) {
			var vals []value.Value
			for _, e := range g.within(b-(n-1)*bin, b+bin) {
				if !lacks(e.val) {
					vals = append(vals, e.val)
				}
			}
			sort.Slice(vals, func(i, j int) bool { return value.Compare(vals[i], vals[j]) < 0 })
			r := value.NullOf(last.Type)
			if len(vals) > 0 && !rank.Null {
				at := int(math.Ceil(rank.Real()/100*float64(len(vals)))) - 1
				r = vals[max(0, min(at, len(vals)-1))]
			}
			out.rows = append(out.rows, timeRow(c.column(2).Type, b, g.dims, r))
		}
	}
	return out, nil
}
