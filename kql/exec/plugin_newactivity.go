package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// newActivityMetrics follows the ids first seen in a window through the later ones:
// (id, time, start, end, window [, cohort] [, dimensions…] [, look-back table]).
func newActivityMetrics(c *pluginCall) (*output, error) {
	lines, dims, err := c.timelines(0, 1, 5, false)
	if err != nil {
		return nil, err
	}
	s, err := c.span(2, 3, 4)
	if err != nil {
		return nil, err
	}
	cohort, only := int64(0), false
	if len(c.n.Args) > 5 && isConst(c.n.Args[5]) {
		v, err := c.constants(5, 6)
		if err != nil {
			return nil, err
		}
		cohort, only = s.binOf(v[0].I), !v[0].Null
	}
	known := map[string]bool{} // ids of the look-back table
	if len(c.tables) > 0 {
		t, err := c.x.collect(c.tables[0])
		if err != nil {
			return nil, err
		}
		at := 0
		for i, col := range c.tables[0].cols {
			if col.Name == c.column(0).Name {
				at = i
			}
		}
		for _, row := range t.rows {
			known[string(value.AppendKey(nil, row[at]))] = true
		}
	}
	name, tt := c.column(1).Name, c.column(1).Type
	out := &output{cols: append(append([]plan.Column{own("from_"+name, tt), own("to_"+name, tt)}, dims...), own("dcount_new_values", value.Long),
		own("dcount_retained_values", value.Long), own("dcount_churn_values", value.Long), own("retention_rate", value.Real), own("churn_rate", value.Real))}
	for _, g := range lines {
		var bins []map[string]bool
		var starts []int64
		for b := s.start; b <= s.end; b += s.bin {
			bins, starts = append(bins, people(g.within(b, min(b+s.bin, s.end+1)))), append(starts, b)
		}
		seen := map[string]bool{}
		for who := range known {
			seen[who] = true
		}
		for f := range bins {
			fresh := map[string]bool{}
			for who := range bins[f] {
				if !seen[who] {
					fresh[who], seen[who] = true, true
				}
			}
			if only && starts[f] != cohort {
				continue
			}
			before := map[string]bool{}
			for t := f; t < len(bins); t++ {
				kept, news := 0, 0
				for who := range bins[t] {
					if fresh[who] {
						kept++
					}
					if t == f && fresh[who] || t > f && !seen[who] && !before[who] {
						news++
					}
					before[who] = true
				}
				row := Row{{T: tt, I: starts[f]}, {T: tt, I: starts[t]}}
				row = append(append(row, g.dims...), longs(news, kept, len(fresh)-kept)...)
				out.rows = append(out.rows, append(row, ratio(kept, len(fresh)), ratio(len(fresh)-kept, len(fresh))))
			}
		}
	}
	return out, nil
}
