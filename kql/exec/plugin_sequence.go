package exec

import (
	"sort"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// sequenceDetect finds events that fulfil conditions one after the other:
// sequence_detect(time, stepWindow, span, condition, condition…, dimensions…). Every event that completes the sequence gives a row, with the
// latest sequence that leads to it: each step at most stepWindow after the one before, all within span.
func sequenceDetect(c *pluginCall) (*output, error) {
	when, err := c.arg(0)
	if err != nil {
		return nil, err
	}
	limits, err := c.constants(1, 3)
	if err != nil {
		return nil, err
	}
	last := 3
	for last < len(c.n.Args) && c.n.Args[last].Type() == value.Bool {
		if _, isColumn := c.n.Args[last].(*plan.Ref); isColumn && last > 3 {
			break
		}
		last++
	}
	conds, err := c.x.exprs(c.n.Args[3:last], c.scope)
	if err != nil {
		return nil, err
	}
	_, dims, err := c.dims(last)
	if err != nil {
		return nil, err
	}
	parts, err := c.parts(when, dims)
	if err != nil {
		return nil, err
	}
	t := c.column(0).Type
	out := &output{cols: c.n.Cols}
	for _, p := range parts {
		chains := make([][]int64, len(conds)) // by step: the times of the latest sequence that has come so far
		for i, row := range p.rows {
			at := p.times[i]
			for k := len(conds) - 1; k >= 0; k-- {
				var before []int64
				if k > 0 {
					if before = chains[k-1]; before == nil || at-before[k-1] > limits[0].I || at-before[0] > limits[1].I {
						continue
					}
				}
				if truth(conds[k](row)) {
					chains[k] = append(append([]int64(nil), before...), at)
					if k == len(conds)-1 {
						r := append(Row(nil), p.dims...)
						for _, step := range chains[k] {
							r = append(r, value.Value{T: t, I: step})
						}
						out.rows = append(out.rows, append(r, value.OfTimespan(at-chains[k][0])))
					}
				}
			}
		}
	}
	return out, nil
}

// timedRows is the rows of one combination of dimensions in the order of time.
type timedRows struct {
	dims  Row
	times []int64
	rows  []Row
}

// parts gives the input's rows that have a time, by their dimensions.
func (c *pluginCall) parts(when eval, dims []eval) ([]*timedRows, error) {
	rows, err := c.rows()
	if err != nil {
		return nil, err
	}
	rows = append([]Row(nil), rows...)
	sort.SliceStable(rows, func(i, j int) bool { return when(rows[i]).Inner().I < when(rows[j]).Inner().I })
	var out []*timedRows
	index := map[string]*timedRows{}
	vals := make(Row, len(dims))
	for _, row := range rows {
		at := when(row).Inner()
		if at.Null {
			continue
		}
		for i, d := range dims {
			vals[i] = d(row)
		}
		key := string(rowKey(nil, vals))
		p := index[key]
		if p == nil {
			p = &timedRows{dims: append(Row(nil), vals...)}
			index[key] = p
			out = append(out, p)
		}
		p.times, p.rows = append(p.times, at.I), append(p.rows, row)
	}
	return out, nil
}

// journey is what one id went through within the analysis: states in the order of time.
type journey struct {
	id     value.Value
	times  []int64
	states []value.Value
}

// journeys reads the input of the funnels: (id, time, start, end, …) with the state at an argument.
func (c *pluginCall) journeys(state int) ([]*journey, error) {
	id, err := c.arg(0)
	if err != nil {
		return nil, err
	}
	when, err := c.arg(1)
	if err != nil {
		return nil, err
	}
	what, err := c.arg(state)
	if err != nil {
		return nil, err
	}
	v, err := c.constants(2, 4)
	if err != nil {
		return nil, err
	}
	parts, err := c.parts(when, []eval{id})
	if err != nil {
		return nil, err
	}
	var out []*journey
	for _, p := range parts {
		j := &journey{id: p.dims[0]}
		for i, row := range p.rows {
			if v[0].I <= p.times[i] && p.times[i] <= v[1].I {
				j.times, j.states = append(j.times, p.times[i]), append(j.states, what(row))
			}
		}
		out = append(out, j)
	}
	return out, nil
}

// sequence reads the constant list of states.
func (c *pluginCall) sequence(at int) ([]string, error) {
	v, err := c.constants(at, at+1)
	if err != nil {
		return nil, err
	}
	list, ok := v[0].X.(value.Array)
	if !ok || len(list) == 0 {
		return nil, errorf(Invalid, "%s: the sequence must be an array of states", c.n.Plugin)
	}
	var out []string
	for _, s := range list {
		out = append(out, s.Text())
	}
	return out, nil
}

// maxSamples is how many ids funnel_sequence gives as samples.
const maxSamples = 128

// funnelSequence counts the ids that took a sequence of states, by the states before and after it:
// funnel_sequence(id, time, start, end, stepWindow, step, state, sequence). A sequence belongs to the bin of its first event.
func funnelSequence(c *pluginCall) (*output, error) {
	journeys, err := c.journeys(6)
	if err != nil {
		return nil, err
	}
	seq, err := c.sequence(7)
	if err != nil {
		return nil, err
	}
	s, err := c.span(2, 3, 5)
	if err != nil {
		return nil, err
	}
	window, err := c.constants(4, 5)
	if err != nil {
		return nil, err
	}
	type way struct {
		bin        int64
		prev, next value.Value
		ids        map[string]bool
		samples    value.Array
	}
	var ways []*way
	index := map[string]*way{}
	for _, j := range journeys {
		id := string(value.AppendKey(nil, j.id))
		for i := range j.states {
			end := j.follow(i, seq, func(before, at int) bool { return j.times[at]-j.times[before] <= window[0].I })
			if end < 0 {
				continue
			}
			w := &way{bin: s.binOf(j.times[i]), prev: value.NullOf(c.n.Args[6].Type()), next: value.NullOf(c.n.Args[6].Type()), ids: map[string]bool{}}
			if i > 0 {
				w.prev = j.states[i-1]
			}
			if end+1 < len(j.states) {
				w.next = j.states[end+1]
			}
			key := string(rowKey(nil, Row{value.OfLong(w.bin), w.prev, w.next}))
			if index[key] == nil {
				index[key] = w
				ways = append(ways, w)
			}
			if w = index[key]; !w.ids[id] {
				w.ids[id] = true
				if len(w.samples) < maxSamples {
					w.samples = append(w.samples, element(j.id))
				}
			}
		}
	}
	sort.SliceStable(ways, func(i, j int) bool { return ways[i].bin < ways[j].bin })
	t := c.column(1)
	state := c.n.Args[6].Type()
	out := &output{cols: []plan.Column{t, own("prev", state), own("next", state), own("dcount", value.Long), own("samples", value.Dynamic)}}
	for _, w := range ways {
		out.rows = append(out.rows, Row{{T: t.Type, I: w.bin}, w.prev, w.next, value.OfLong(int64(len(w.ids))), value.OfArray(w.samples)})
	}
	return out, nil
}

// follow gives where a sequence that begins with the i-th state ends, -1 if it does not: each further state is the next of its kind for
// which near holds.
func (j *journey) follow(i int, seq []string, near func(before, at int) bool) int {
	if j.states[i].Text() != seq[0] {
		return -1
	}
	at := i
	for _, want := range seq[1:] {
		next := -1
		for k := at + 1; k < len(j.states) && near(at, k); k++ {
			if j.states[k].Text() == want {
				next = k
				break
			}
		}
		if next < 0 {
			return -1
		}
		at = next
	}
	return at
}

// funnelCompletion counts, for periods of different lengths, the ids that came as far as each state of a sequence within the period:
// funnel_sequence_completion(id, time, start, end, step, state, sequence, periods). A sequence belongs to the bin of its first event.
func funnelCompletion(c *pluginCall) (*output, error) {
	journeys, err := c.journeys(5)
	if err != nil {
		return nil, err
	}
	seq, err := c.sequence(6)
	if err != nil {
		return nil, err
	}
	s, err := c.span(2, 3, 4)
	if err != nil {
		return nil, err
	}
	v, err := c.constants(7, 8)
	if err != nil {
		return nil, err
	}
	var periods []int64
	list, _ := v[0].X.(value.Array)
	for _, p := range list {
		span := value.Convert(p, value.Timespan)
		if span.Null {
			return nil, errorf(Invalid, "funnel_sequence_completion: the periods must be an array of timespans")
		}
		periods = append(periods, span.I)
	}
	counts := map[int64][][]map[string]bool{} // by bin, period and state
	for _, j := range journeys {
		id := string(value.AppendKey(nil, j.id))
		for i := range j.states {
			bin := s.binOf(j.times[i])
			for p, period := range periods {
				for k := range seq {
					if j.follow(i, seq[:k+1], func(_, at int) bool { return j.times[at]-j.times[i] <= period }) < 0 {
						break
					}
					if counts[bin] == nil {
						counts[bin] = make([][]map[string]bool, len(periods))
					}
					if counts[bin][p] == nil {
						counts[bin][p] = make([]map[string]bool, len(seq))
					}
					if counts[bin][p][k] == nil {
						counts[bin][p][k] = map[string]bool{}
					}
					counts[bin][p][k][id] = true
				}
			}
		}
	}
	t := c.column(1)
	out := &output{cols: []plan.Column{t, own(c.n.Cols[1].Name, value.String), own("Period", value.Timespan), own("dcount", value.Long)}}
	for _, bin := range sortedBins(counts) {
		for p, period := range periods {
			for k, state := range seq {
				n := 0
				if counts[bin][p] != nil {
					n = len(counts[bin][p][k])
				}
				out.rows = append(out.rows, Row{{T: t.Type, I: bin}, value.OfString(state), value.OfTimespan(period), value.OfLong(int64(n))})
			}
		}
	}
	return out, nil
}
