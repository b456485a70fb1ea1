package exec

import (
	"math"
	"slices"
	"sort"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// autocluster finds a few patterns that describe the rows: autocluster(sizeWeight = 0.5, weight, seeds = 25, wildcards…). A pattern's score
// is the weighted geometric mean of the share of rows that have it and of the share of columns that it tells. From a seed, a row that no
// pattern covers yet, the search drops one value after the other and keeps the best pattern on the way.
func autocluster(c *pluginCall) (*output, error) {
	d, err := c.discrete(1, map[plan.ColID]bool{}, oneSide)
	if err != nil {
		return nil, err
	}
	size, err := c.number(0, 0.5)
	if err != nil {
		return nil, err
	}
	if size < 0 || size > 1 {
		return nil, errorf(Invalid, "autocluster: the size weight must lie between 0 and 1")
	}
	seeds, err := c.number(2, 25)
	if err != nil {
		return nil, err
	}
	score := func(f found) float64 {
		told := 0
		for _, code := range f.codes {
			if code != none {
				told++
			}
		}
		return math.Pow(f.weight[0]/d.total[0], size) * math.Pow(float64(told)/float64(len(d.dims)), 1-size)
	}
	order := make([]int, len(d.rows))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return d.rows[order[i]].weight[0] > d.rows[order[j]].weight[0] })
	covered := make([]bool, len(d.rows))
	var list []found
	for _, seed := range order {
		if covered[seed] {
			continue
		}
		if seeds--; seeds < 0 {
			break
		}
		if err := c.x.alive(); err != nil {
			return nil, err
		}
		best := d.grow(d.rows[seed].codes, score)
		for i := range d.rows {
			covered[i] = covered[i] || best.has(d.rows[i].codes)
		}
		list = append(list, best)
	}
	sort.SliceStable(list, func(i, j int) bool { return score(list[i]) > score(list[j]) })
	list = d.apart(list)
	return d.output(list, 3, []plan.Column{own("Count", value.Long), own("Percent", value.Real)}, func(f found) []value.Value {
		return []value.Value{value.OfLong(int64(f.weight[0])), percent(f.weight[0], d.total[0])}
	})
}

// grow widens the pattern of one row value by value, each time by the one whose loss gives the best score, and gives the best of all.
func (d *discrete) grow(seed []int32, score func(found) float64) found {
	// Only which of the seed's values a row has matters: rows are counted by that.
	type share struct {
		mask   string
		weight float64
	}
	var shared []share
	index := map[string]int{}
	mask := make([]byte, len(seed))
	for i := range d.rows {
		for k, code := range d.rows[i].codes {
			mask[k] = 0
			if code == seed[k] {
				mask[k] = 1
			}
		}
		at, ok := index[string(mask)]
		if !ok {
			at = len(shared)
			shared = append(shared, share{mask: string(mask)})
			index[string(mask)] = at
		}
		shared[at].weight += d.rows[i].weight[0]
	}
	weigh := func(codes []int32) found {
		f := found{codes: codes}
		for _, s := range shared {
			fits := true
			for k := range codes {
				if codes[k] != none && s.mask[k] == 0 {
					fits = false
					break
				}
			}
			if fits {
				f.weight[0] += s.weight
			}
		}
		return f
	}
	at := weigh(slices.Clone(seed))
	best := at
	for told := len(seed); told > 1; told-- {
		var next found
		for k := range at.codes {
			if at.codes[k] == none {
				continue
			}
			codes := slices.Clone(at.codes)
			codes[k] = none
			if f := weigh(codes); next.codes == nil || score(f) > score(next) {
				next = f
			}
		}
		if at = next; score(at) > score(best) {
			best = at
		}
	}
	return best
}
