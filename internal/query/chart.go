package query

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// chartOf says how a result wants to be drawn. What render does not say follows Kusto's rules for each kind: the x axis is the first
// column that suits it, every number beside it is a y value, and text makes series.
func chartOf(r *plan.Render, cols []Column) *Chart {
	if r == nil {
		return nil
	}
	p := r.Properties
	c := &Chart{Kind: strings.ToLower(r.Kind), Title: p["title"], XTitle: p["xtitle"], YTitle: p["ytitle"], Y: []string{}, Series: []string{},
		Stacked: "default", Legend: !strings.EqualFold(p["legend"], "hidden"), XAxis: "linear", YAxis: "linear", Accumulate: p["accumulate"] == "true"}
	switch k := strings.ToLower(p["kind"]); k {
	case "stacked", "stacked100", "unstacked":
		c.Stacked = k
	}
	if strings.EqualFold(p["xaxis"], "log") {
		c.XAxis = "log"
	}
	if strings.EqualFold(p["yaxis"], "log") {
		c.YAxis = "log"
	}
	c.YMin, c.YMax = number(p["ymin"]), number(p["ymax"])
	if x := xColumn(c.Kind, p["xcolumn"], cols); x != "" {
		c.X = &x
	}
	c.Series = columnList(p["series"], cols)
	c.Y = columnList(p["ycolumns"], cols)
	if len(c.Y) == 0 {
		for _, col := range cols {
			if !c.has(col.Name) && isY(c.Kind, col.Type) {
				c.Y = append(c.Y, col.Name)
			}
		}
	}
	if len(c.Series) == 0 && c.Kind != "piechart" && c.Kind != "card" && c.Kind != "table" {
		for _, col := range cols {
			if !c.has(col.Name) && (col.Type == value.String || col.Type == value.GUID || col.Type == value.Bool) {
				c.Series = append(c.Series, col.Name)
			}
		}
	}
	return c
}

func (c *Chart) has(col string) bool {
	return c.X != nil && *c.X == col || slices.Contains(c.Y, col) || slices.Contains(c.Series, col)
}

// xColumn is the column of the x axis: the one named, else the first that suits the kind of chart.
func xColumn(kind, named string, cols []Column) string {
	if named != "" {
		for _, c := range cols {
			if c.Name == named {
				return named
			}
		}
	}
	if kind == "table" || kind == "card" {
		return ""
	}
	first := func(fits func(value.Type) bool) string {
		for _, c := range cols {
			if fits(c.Type) {
				return c.Name
			}
		}
		return ""
	}
	isTime := func(t value.Type) bool { return t == value.Datetime }
	switch kind {
	case "timechart", "anomalychart":
		if x := first(isTime); x != "" {
			return x
		}
		// make-series: the axis is an array of times
		return last(cols, value.Dynamic)
	case "linechart", "areachart", "stackedareachart", "scatterchart", "timepivot", "ladderchart":
		if x := first(isTime); x != "" {
			return x
		}
		if x := first(func(t value.Type) bool { return t.Numeric() || t == value.Timespan }); x != "" && len(cols) > 1 {
			return x
		}
	}
	if len(cols) > 0 {
		return cols[0].Name
	}
	return ""
}

func last(cols []Column, t value.Type) string {
	for _, c := range slices.Backward(cols) {
		if c.Type == t {
			return c.Name
		}
	}
	return ""
}

// isY reports whether a column can be drawn as a value; arrays are those of make-series.
func isY(kind string, t value.Type) bool {
	return t.Numeric() || t == value.Timespan || t == value.Dynamic && kind != "table"
}

// columnList reads a property that names columns, separated by commas; names that the result lacks are left out.
func columnList(s string, cols []Column) []string {
	out := []string{}
	for _, name := range strings.Split(s, ",") {
		name = strings.Trim(strings.TrimSpace(name), `[]'"`)
		if name != "" && slices.ContainsFunc(cols, func(c Column) bool { return c.Name == name }) {
			out = append(out, name)
		}
	}
	return out
}

func number(s string) *float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return nil
	}
	return &f
}
