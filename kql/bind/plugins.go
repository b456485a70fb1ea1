package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// pluginArg is a bound argument of a plugin call.
type pluginArg struct {
	name  string // of `name = value`, else ""
	title string // what a column of the argument would be called
	val   bound
	table *rel // a tabular argument
}

// pluginCall is a bound call of evaluate.
type pluginCall struct {
	b    *binder
	in   *rel
	args []pluginArg
	open bool // set by the schema function: the rows decide about further columns
}

// plugin says how a plugin's arguments are bound and which columns it gives.
type plugin struct {
	first    bool  // takes no input: evaluate is the first operator
	min      int   // fewest arguments
	max      int   // most arguments, negative: any number
	aggAt    int   // index+1 of an argument that is an aggregate
	tableAt  int   // index+1 of an argument that is a table; column arguments from keysAt on are of that table
	keyAt    int   // index+1 of an argument that names a column of the table
	cols     []int // the arguments that must be columns of the input
	schema   func(p *pluginCall) []plan.Column
	external string // why it cannot run here, "" when it can
}

func long(name string) plan.Column { return plan.Column{Name: name, Type: value.Long} }
func real(name string) plan.Column { return plan.Column{Name: name, Type: value.Real} }
func text(name string) plan.Column { return plan.Column{Name: name, Type: value.String} }
func dyn(name string) plan.Column  { return plan.Column{Name: name, Type: value.Dynamic} }

// arg gives the i-th argument as a column.
func (p *pluginCall) arg(i int) (plan.Column, bool) {
	if i >= len(p.args) || p.args[i].table != nil {
		return plan.Column{}, false
	}
	return plan.Column{Name: p.args[i].title, Type: p.args[i].val.typ}, true
}

// columns gives the arguments from the i-th on as columns, skipping constants and tables.
func (p *pluginCall) columns(from int) []plan.Column {
	var out []plan.Column
	for i := from; i < len(p.args); i++ {
		if c, ok := p.arg(i); ok && c.Name != "" && p.args[i].val.constant() == nil {
			out = append(out, c)
		}
	}
	return out
}

// timeline is the common shape: the time column, the dimensions from the i-th argument on, then fixed columns.
func timeline(dims int, fixed ...plan.Column) func(p *pluginCall) []plan.Column {
	return func(p *pluginCall) []plan.Column {
		var out []plan.Column
		if c, ok := p.arg(1); ok {
			out = append(out, c)
		}
		return append(append(out, p.columns(dims)...), fixed...)
	}
}

// before puts fixed columns before those of the input.
func before(fixed ...plan.Column) func(p *pluginCall) []plan.Column {
	return func(p *pluginCall) []plan.Column { return append(append([]plan.Column(nil), fixed...), p.in.cols...) }
}

func same(p *pluginCall) []plan.Column { return append([]plan.Column(nil), p.in.cols...) }

func only(fixed ...plan.Column) func(p *pluginCall) []plan.Column {
	return func(*pluginCall) []plan.Column { return append([]plan.Column(nil), fixed...) }
}

const outside = "it reaches out of the store, which is not allowed here"
const script = "it runs a script, which is not allowed here"

var plugins = map[string]plugin{
	"active_users_count":         {cols: []int{0, 1}, min: 8, max: -1, schema: timeline(8, long("dcount"))},
	"activity_counts_metrics":    {cols: []int{0, 1}, min: 5, max: -1, schema: timeline(5, long("count"), long("dcount"), long("new_dcount"), long("aggregated_dcount"))},
	"activity_engagement":        {cols: []int{0, 1}, min: 4, max: -1, schema: timeline(6, long("dcount_activities_inner"), long("dcount_activities_outer"), real("activity_ratio"))},
	"activity_metrics":           {cols: []int{0, 1}, min: 3, max: -1, schema: timeline(5, long("dcount_values"), long("dcount_newvalues"), real("retention_rate"), real("churn_rate"))},
	"new_activity_metrics":       {cols: []int{0, 1}, min: 5, max: -1, schema: newActivity},
	"session_count":              {cols: []int{0, 1}, min: 6, max: -1, schema: timeline(6, long("count_sessions"))},
	"sliding_window_counts":      {cols: []int{0, 1}, min: 6, max: -1, schema: timeline(6, long("Count"), long("Dcount"))},
	"funnel_sequence":            {cols: []int{0, 1, 6}, min: 8, max: 8, schema: funnel},
	"funnel_sequence_completion": {cols: []int{0, 1, 5}, min: 8, max: 8, schema: funnelCompletion},
	"rolling_percentile":         {cols: []int{0, 2}, min: 5, max: -1, schema: rollingPercentile},
	"sequence_detect":            {cols: []int{0}, min: 4, max: -1, schema: sequenceDetect},
	"rows_near":                  {min: 2, max: 3, schema: same},
	"autocluster":                {max: -1, schema: before(long("SegmentId"), long("Count"), real("Percent"))},
	"basket":                     {max: -1, schema: before(long("SegmentId"), long("Count"), real("Percent"))},
	"diffpatterns":               {cols: []int{0}, min: 3, max: -1, schema: before(long("SegmentId"), long("CountA"), long("CountB"), real("PercentA"), real("PercentB"), real("PercentDiffAB"))},
	"dcount_intersect":           {min: 2, max: -1, schema: dcountIntersect},
	"narrow":                     {schema: only(long("Row"), text("Column"), text("Value"))},
	"pivot":                      {cols: []int{0}, min: 1, max: -1, aggAt: 2, schema: pivot},
	"bag_unpack":                 {cols: []int{0}, min: 1, max: 4, schema: bagUnpack},
	"schema_merge":               {max: 1, schema: only(text("ColumnName"), long("ColumnOrdinal"), text("DataType"), text("ColumnType"))},
	"ipv4_lookup":                {min: 3, max: -1, tableAt: 1, keyAt: 3, schema: ipLookup},
	"ipv6_lookup":                {min: 3, max: 4, tableAt: 1, keyAt: 3, schema: ipLookup},
	"geo_polygon_lookup":         {min: 4, max: 8, tableAt: 1, keyAt: 2, schema: geoLookup},
	"geo_line_lookup":            {min: 5, max: 8, tableAt: 1, keyAt: 2, schema: geoLookup},
	"identity":                   {schema: same},
	"estimate_rows_count":        {schema: only(long("EstimatedRowsCount"))},
	"preview":                    {min: 1, max: 1, schema: same},

	"python":                                {min: 2, max: 4, schema: declared, external: script},
	"r":                                     {min: 2, max: 4, schema: declared, external: script},
	"csharp":                                {min: 2, max: 3, schema: declared, external: script},
	"http_request":                          {first: true, min: 1, max: 3, schema: only(dyn("ResponseHeaders"), dyn("ResponseBody")), external: outside},
	"http_request_post":                     {first: true, min: 1, max: 4, schema: only(dyn("ResponseHeaders"), dyn("ResponseBody")), external: outside},
	"sql_request":                           {first: true, min: 2, max: 4, schema: unknowable, external: outside},
	"mysql_request":                         {first: true, min: 2, max: 4, schema: unknowable, external: outside},
	"postgresql_request":                    {first: true, min: 2, max: 4, schema: unknowable, external: outside},
	"cosmosdb_sql_request":                  {first: true, min: 2, max: 4, schema: unknowable, external: outside},
	"dax_request":                           {first: true, min: 2, max: 4, schema: unknowable, external: outside},
	"azure_digital_twins_query_request":     {first: true, min: 2, max: 2, schema: unknowable, external: outside},
	"execute_query":                         {first: true, min: 2, max: 2, schema: unknowable, external: outside},
	"execute_show_command":                  {first: true, min: 2, max: 2, schema: unknowable, external: outside},
	"infer_storage_schema":                  {first: true, min: 1, max: 1, schema: only(text("CslSchema")), external: outside},
	"infer_storage_schema_with_suggestions": {first: true, min: 1, max: 1, schema: only(text("SuggestedTableSchema")), external: outside},
	"ai_embeddings":                         {min: 2, max: 4, schema: same, external: outside},
	"ai_embed_text":                         {min: 2, max: 4, schema: same, external: outside},
	"ai_chat_completion":                    {min: 2, max: 4, schema: same, external: outside},
	"ai_chat_completion_prompt":             {min: 2, max: 4, schema: same, external: outside},
}

func unknowable(p *pluginCall) []plan.Column { p.open = true; return nil }

// declared is the schema of typeof(*, x:string) in the first argument.
func declared(p *pluginCall) []plan.Column {
	if len(p.args) > 0 && p.args[0].val.schema != nil {
		return append([]plan.Column(nil), p.args[0].val.schema...)
	}
	return unknowable(p)
}

func newActivity(p *pluginCall) []plan.Column {
	var out []plan.Column
	if c, ok := p.arg(1); ok {
		out = append(out, plan.Column{Name: "from_" + c.Name, Type: c.Type}, plan.Column{Name: "to_" + c.Name, Type: c.Type})
	}
	dims := 5
	if len(p.args) > 5 && p.args[5].table == nil && p.args[5].val.col == 0 {
		dims = 6
	}
	return append(append(out, p.columns(dims)...), long("dcount_new_values"), long("dcount_retained_values"), long("dcount_churn_values"), real("retention_rate"), real("churn_rate"))
}

func funnel(p *pluginCall) []plan.Column {
	var out []plan.Column
	if c, ok := p.arg(1); ok {
		out = append(out, c)
	}
	if c, ok := p.arg(6); ok {
		out = append(out, plan.Column{Name: "prev", Type: c.Type}, plan.Column{Name: "next", Type: c.Type})
	}
	return append(out, long("dcount"), dyn("samples"))
}

func funnelCompletion(p *pluginCall) []plan.Column {
	var out []plan.Column
	if c, ok := p.arg(1); ok {
		out = append(out, c)
	}
	if c, ok := p.arg(5); ok {
		out = append(out, text(c.Name))
	}
	return append(out, plan.Column{Name: "Period", Type: value.Timespan}, long("dcount"))
}

func rollingPercentile(p *pluginCall) []plan.Column {
	var out []plan.Column
	if c, ok := p.arg(2); ok {
		out = append(out, c)
	}
	out = append(out, p.columns(5)...)
	name, typ := "value", value.Long
	if c, ok := p.arg(0); ok && p.args[0].val.col != 0 {
		name, typ = c.Name, c.Type
	}
	return append(out, plan.Column{Name: "rolling_" + p.constText(4, "0") + "_percentile_" + name + "_" + p.constText(1, "0"), Type: typ})
}

func sequenceDetect(p *pluginCall) []plan.Column {
	steps := 3
	for steps < len(p.args) && p.args[steps].val.typ == value.Bool && (p.args[steps].val.col == 0 || steps == 3) {
		steps++
	}
	out := p.columns(steps)
	if c, ok := p.arg(0); ok {
		for i, a := range p.args[3:steps] {
			name := a.name
			if name == "" {
				name = a.title
			}
			out = append(out, plan.Column{Name: name + "_" + c.Name, Type: c.Type})
			p.args[3+i].name = ""
		}
	}
	return append(out, plan.Column{Name: "Duration", Type: value.Timespan})
}

func dcountIntersect(p *pluginCall) []plan.Column {
	out := same(p)
	for i := range p.args {
		out = append(out, long("s"+string(rune('0'+i))))
	}
	return out
}

func pivot(p *pluginCall) []plan.Column {
	p.open = true
	var out []plan.Column
	for i := 2; i < len(p.args); i++ {
		if c, ok := p.arg(i); ok && p.args[i].val.col != 0 {
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		return out
	}
	used := map[plan.ColID]bool{}
	for i, a := range p.args {
		if i == 0 {
			used[a.val.col] = true
		}
		if i == 1 {
			for id := range a.val.aggRefs {
				used[id] = true
			}
		}
	}
	for _, c := range p.in.cols {
		if !used[c.ID] {
			out = append(out, c)
		}
	}
	return out
}

func bagUnpack(p *pluginCall) []plan.Column {
	p.open = true
	var out []plan.Column
	for _, c := range p.in.cols {
		if c.ID != p.args[0].val.col {
			out = append(out, c)
		}
	}
	return out
}

func ipLookup(p *pluginCall) []plan.Column {
	out := same(p)
	if p.args[0].table == nil {
		return out
	}
	extra := map[string]bool{}
	for i := 3; i < len(p.args); i++ {
		if p.args[i].name == "" && p.args[i].val.col != 0 {
			extra[p.args[i].title] = true
		}
	}
	for _, c := range p.args[0].table.cols {
		if !extra[c.Name] {
			out = append(out, c)
		}
	}
	uniqueColumns(out)
	return out
}

func geoLookup(p *pluginCall) []plan.Column {
	out := same(p)
	if p.args[0].table == nil {
		return out
	}
	keep := false
	for i, a := range p.args {
		if v := a.val.constant(); v != nil && v.T == value.Bool && v.Bool() && (strings.EqualFold(a.name, "return_lookup_key") || i == 7) {
			keep = true
		}
	}
	for _, c := range p.args[0].table.cols {
		if keep || !strings.EqualFold(c.Name, p.args[1].title) {
			out = append(out, c)
		}
	}
	uniqueColumns(out)
	return out
}
