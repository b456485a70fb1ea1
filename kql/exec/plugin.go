package exec

import (
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// pluginCall is one evaluate: its input, its arguments and its tables.
type pluginCall struct {
	x      *Executor
	n      *plan.Evaluate
	in     *relation
	scope  scope
	tables []*relation
}

// output is what a plugin gives. A column that carries one of the input's (or a table's) over has that column's ID; its own have ID 0.
type output struct {
	cols []plan.Column
	rows []Row
}

// plugin computes a plugin's output.
type plugin func(c *pluginCall) (*output, error)

// pluginOf gives the plugin with a name, nil where it cannot be run here.
func pluginOf(name string) plugin {
	switch name {
	case "externaldata":
		return externalData
	case "bag_unpack":
		return bagUnpack
	case "pivot":
		return pivot
	case "schema_merge":
		return schemaMerge
	case "estimate_rows_count":
		return countRows
	case "rows_near":
		return rowsNear
	case "ipv4_lookup", "ipv6_lookup":
		return ipLookup
	case "geo_polygon_lookup", "geo_line_lookup":
		return geoLookup
	case "active_users_count":
		return activeUsersCount
	case "activity_counts_metrics":
		return activityCounts
	case "activity_engagement":
		return activityEngagement
	case "activity_metrics":
		return activityMetrics
	case "new_activity_metrics":
		return newActivityMetrics
	case "session_count":
		return sessionCount
	case "sliding_window_counts":
		return slidingWindowCounts
	case "rolling_percentile":
		return rollingPercentile
	case "dcount_intersect":
		return dcountIntersect
	case "autocluster":
		return autocluster
	case "basket":
		return basket
	case "diffpatterns":
		return diffPatterns
	case "sequence_detect":
		return sequenceDetect
	case "funnel_sequence":
		return funnelSequence
	case "funnel_sequence_completion":
		return funnelCompletion
	}
	return nil
}

// streamOf gives the plugins that hold no rows.
func streamOf(name string) func(c *pluginCall) (*relation, error) {
	switch name {
	case "identity":
		return func(c *pluginCall) (*relation, error) { return c.in, nil }
	case "preview":
		return preview
	case "narrow":
		return narrow
	}
	return nil
}

// ownColumns are the identities of columns that only the rows of an open plugin bring; the binder gives smaller ones.
const ownColumns plan.ColID = 1 << 30

// evaluate runs a plugin: an open one at once, because its columns must be known, any other when its rows are asked for.
func (x *Executor) evaluate(n *plan.Evaluate) (*relation, error) {
	run, stream := pluginOf(n.Plugin), streamOf(n.Plugin)
	if run == nil && stream == nil {
		return nil, errorf(Unsupported, "%s is not available here", n.Plugin)
	}
	c := &pluginCall{x: x, n: n, in: &relation{run: func(func(Batch) error) error { return nil }}}
	if n.In != nil {
		in, err := x.compile(n.In)
		if err != nil {
			return nil, err
		}
		c.in = in
	}
	c.scope = scopeOf(c.in.cols)
	for _, t := range n.Tables {
		r, err := x.compile(t)
		if err != nil {
			return nil, err
		}
		c.tables = append(c.tables, r)
	}
	if stream != nil {
		return stream(c)
	}
	if !n.Open {
		return &relation{n.Cols, func(emit func(Batch) error) error {
			out, err := run(c)
			if err != nil {
				return err
			}
			rows, err := out.fit(x, n.Cols)
			if err != nil {
				return err
			}
			return x.emitRows(rows, emit)
		}}, nil
	}
	out, err := run(c)
	if err != nil {
		return nil, err
	}
	cols := append([]plan.Column(nil), out.cols...)
	have := map[string]plan.Column{}
	for _, k := range n.Cols {
		have[k.Name] = k
	}
	for i, k := range cols {
		if k.ID != 0 {
			continue
		}
		if h, ok := have[k.Name]; ok && h.Type == k.Type {
			cols[i].ID = h.ID
		} else {
			cols[i].ID = ownColumns + plan.ColID(len(x.lists)*1000+i)
		}
	}
	return &relation{cols, func(emit func(Batch) error) error { return x.emitRows(out.rows, emit) }}, nil
}

// fit brings the rows to the columns that the plan wants: carried ones by identity, others by name, what is missing null.
func (o *output) fit(x *Executor, want []plan.Column) ([]Row, error) {
	at := make([]int, len(want))
	for i, w := range want {
		at[i] = slices.IndexFunc(o.cols, func(c plan.Column) bool { return c.ID != 0 && c.ID == w.ID })
		if at[i] < 0 {
			at[i] = slices.IndexFunc(o.cols, func(c plan.Column) bool { return c.ID == 0 && c.Name == w.Name })
		}
		if at[i] < 0 {
			at[i] = slices.IndexFunc(o.cols, func(c plan.Column) bool { return c.Name == w.Name })
		}
	}
	rows := make([]Row, len(o.rows))
	for k, row := range o.rows {
		out := make(Row, len(want))
		for i, w := range want {
			out[i] = value.NullOf(w.Type)
			if at[i] >= 0 {
				out[i] = value.Convert(row[at[i]], w.Type)
			}
		}
		rows[k] = out
		if err := x.mem.grow(rowSize(out)); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// rows collects the input; the memory is given back when the query ends.
func (c *pluginCall) rows() ([]Row, error) {
	t, err := c.x.collect(c.in)
	if err != nil {
		return nil, err
	}
	return t.rows, nil
}

// arg compiles the i-th argument over the input.
func (c *pluginCall) arg(i int) (eval, error) {
	if i >= len(c.n.Args) {
		return nil, errorf(Invalid, "%s: argument %d is missing", c.n.Plugin, i+1)
	}
	return c.x.expr(c.n.Args[i], c.scope)
}

// column gives the i-th argument as an output column, carried over where it is one of the input's.
func (c *pluginCall) column(i int) plan.Column {
	if r, ok := c.n.Args[i].(*plan.Ref); ok {
		if at, ok := c.scope[r.ID]; ok {
			return c.in.cols[at]
		}
	}
	col := plan.Column{Type: c.n.Args[i].Type()}
	for _, k := range c.n.Cols { // a computed argument is known by the type of the column that the binder made of it
		if _, carried := c.scope[k.ID]; !carried && k.Type == col.Type {
			col.Name = k.Name
			break
		}
	}
	return col
}

// option gives a constant that was written as name=value or at a position; ok is false when it was not given.
func (c *pluginCall) option(name string, at int) (value.Value, bool, error) {
	for k, v := range c.n.Params {
		if strings.EqualFold(k, name) {
			return v, true, nil
		}
	}
	if at >= 0 && at < len(c.n.Args) && isConst(c.n.Args[at]) {
		v, err := c.x.constant(c.n.Args[at])
		return v, true, err
	}
	return value.Value{}, false, nil
}

// constants gives the values of the arguments from..to, which must not depend on the row.
func (c *pluginCall) constants(from, to int) ([]value.Value, error) {
	var out []value.Value
	for i := from; i < to; i++ {
		if i >= len(c.n.Args) || !isConst(c.n.Args[i]) {
			return nil, errorf(Invalid, "%s: argument %d must be a constant", c.n.Plugin, i+1)
		}
		v, err := c.x.constant(c.n.Args[i])
		if err != nil {
			return nil, err
		}
		out = append(out, v.Inner())
	}
	return out, nil
}

// dims compiles the arguments from the i-th on that are not constant: the dimensions by which a plugin works separately.
func (c *pluginCall) dims(from int) (cols []plan.Column, evals []eval, err error) {
	for i := from; i < len(c.n.Args); i++ {
		if isConst(c.n.Args[i]) {
			continue
		}
		f, err := c.arg(i)
		if err != nil {
			return nil, nil, err
		}
		cols, evals = append(cols, c.column(i)), append(evals, f)
	}
	return cols, evals, nil
}

func own(name string, t value.Type) plan.Column { return plan.Column{Name: name, Type: t} }
