package exec

import (
	"slices"
	"sort"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// basket finds all frequent patterns: basket(threshold = 0.05, weight, dimensions = 5, wildcards…). Of patterns that the same rows have only
// the most specific is given; dimensions counts those that do not follow from the others.
func basket(c *pluginCall) (*output, error) {
	d, err := c.discrete(1, map[plan.ColID]bool{}, oneSide)
	if err != nil {
		return nil, err
	}
	threshold, err := c.number(0, 0.05)
	if err != nil {
		return nil, err
	}
	if threshold < 0.015 || threshold > 1 {
		return nil, errorf(Invalid, "basket: the threshold must lie between 0.015 and 1")
	}
	depth, err := c.number(2, 5)
	if err != nil {
		return nil, err
	}
	least := threshold * d.total[0]
	var list []found
	err = d.closed(int(depth), func(f found) bool { return f.weight[0] >= least }, func(f found) { list = append(list, f) })
	if err != nil {
		return nil, err
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].weight[0] > list[j].weight[0] })
	return d.output(list, 3, []plan.Column{own("Count", value.Long), own("Percent", value.Real)}, func(f found) []value.Value {
		return []value.Value{value.OfLong(int64(f.weight[0])), percent(f.weight[0], d.total[0])}
	})
}

// closed visits every pattern with enough support once: of all that the same rows have, the one with the most values. It goes from a pattern to
// those with one value more, in the order of the dimensions, and takes in what else its rows have in common; a pattern that would thereby
// gain a value before the one that was added is found on another way. depth bounds the values that are added.
func (d *discrete) closed(depth int, enough func(found) bool, visit func(found)) error {
	all := make([]int32, len(d.rows))
	for i := range all {
		all[i] = int32(i)
	}
	if len(all) == 0 {
		return nil
	}
	root := d.closure(all)
	if !root.open() && enough(root) {
		visit(root)
	}
	return d.extend(root, all, 0, min(depth, len(d.dims)), enough, visit)
}

// open reports whether the pattern fits every row there could be.
func (f *found) open() bool {
	return !slices.ContainsFunc(f.codes, func(c int32) bool { return c != none })
}

// closure gives what rows have in common.
func (d *discrete) closure(rows []int32) found {
	first := d.rows[rows[0]]
	f := found{codes: slices.Clone(first.codes)}
	for _, r := range rows {
		row := &d.rows[r]
		f.weight[0] += row.weight[0]
		f.weight[1] += row.weight[1]
		for i, c := range row.codes {
			if f.codes[i] != c {
				f.codes[i] = none
			}
		}
	}
	return f
}

func (d *discrete) extend(f found, rows []int32, from, depth int, enough func(found) bool, visit func(found)) error {
	if depth == 0 {
		return nil
	}
	for dim := from; dim < len(d.dims); dim++ {
		if f.codes[dim] != none {
			continue
		}
		if err := d.c.x.alive(); err != nil {
			return err
		}
		parts := map[int32][]int32{}
		var order []int32
		for _, r := range rows {
			code := d.rows[r].codes[dim]
			if parts[code] == nil {
				order = append(order, code)
			}
			parts[code] = append(parts[code], r)
		}
		for _, code := range order {
			var w found
			for _, r := range parts[code] {
				w.weight[0] += d.rows[r].weight[0]
				w.weight[1] += d.rows[r].weight[1]
			}
			if !enough(w) {
				continue
			}
			next := d.closure(parts[code])
			elsewhere := false
			for i := range dim {
				elsewhere = elsewhere || next.codes[i] != f.codes[i]
			}
			if elsewhere {
				continue
			}
			if err := d.c.x.mem.grow(int64(4*len(next.codes)) + 2*rowBytes); err != nil {
				return err
			}
			visit(next)
			if err := d.extend(next, parts[code], dim+1, depth-1, enough, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

// diffPatterns finds the patterns of which two sets of rows have different shares:
// diffpatterns(split, a, b, weight, threshold = 0.05, dimensions, wildcards…).
func diffPatterns(c *pluginCall) (*output, error) {
	split, err := c.arg(0)
	if err != nil {
		return nil, err
	}
	sides, err := c.constants(1, 3)
	if err != nil {
		return nil, err
	}
	skip := map[plan.ColID]bool{}
	plan.Refs(c.n.Args[0], skip)
	d, err := c.discrete(3, skip, func(row Row) (int, bool) {
		text := split(row).Text()
		return slices.IndexFunc(sides, func(v value.Value) bool { return v.Text() == text }), text == sides[0].Text() || text == sides[1].Text()
	})
	if err != nil {
		return nil, err
	}
	threshold, err := c.number(4, 0.05)
	if err != nil {
		return nil, err
	}
	depth, err := c.number(5, float64(len(d.dims)))
	if err != nil {
		return nil, err
	}
	share := func(f found, side int) float64 {
		if d.total[side] == 0 {
			return 0
		}
		return f.weight[side] / d.total[side]
	}
	diff := func(f found) float64 {
		if a, b := share(f, 0), share(f, 1); a > b {
			return a - b
		} else {
			return b - a
		}
	}
	var list []found
	enough := func(f found) bool { return max(share(f, 0), share(f, 1)) >= threshold }
	err = d.closed(int(depth), enough, func(f found) {
		if diff(f) >= threshold {
			list = append(list, f)
		}
	})
	if err != nil {
		return nil, err
	}
	sort.SliceStable(list, func(i, j int) bool { return diff(list[i]) > diff(list[j]) })
	list = d.apart(list)
	head := []plan.Column{own("CountA", value.Long), own("CountB", value.Long), own("PercentA", value.Real), own("PercentB", value.Real), own("PercentDiffAB", value.Real)}
	return d.output(list, 6, head, func(f found) []value.Value {
		return []value.Value{value.OfLong(int64(f.weight[0])), value.OfLong(int64(f.weight[1])),
			value.OfReal(100 * share(f, 0)), value.OfReal(100 * share(f, 1)), value.OfReal(100 * diff(f))}
	})
}

// apart keeps the patterns that have more rows of their own than rows that an earlier one has too.
func (d *discrete) apart(list []found) []found {
	var out []found
	covered := make([]bool, len(d.rows))
	for _, f := range list {
		var fresh, old float64
		for i := range d.rows {
			if r := &d.rows[i]; f.has(r.codes) {
				if covered[i] {
					old += r.weight[0] + r.weight[1]
				} else {
					fresh += r.weight[0] + r.weight[1]
				}
			}
		}
		if fresh <= old {
			continue
		}
		out = append(out, f)
		for i := range d.rows {
			covered[i] = covered[i] || f.has(d.rows[i].codes)
		}
	}
	return out
}
