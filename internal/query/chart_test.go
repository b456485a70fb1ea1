package query_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/query"
)

// TestCharts: which columns are drawn, for every kind of chart.
func TestCharts(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	const (
		times  = `print T = datetime(2026-11-01), Who = "a", N = 1, M = 2.5`
		counts = `print Who = "a", N = 1, M = 2`
		pair   = `print A = 1, B = 2`
		series = `DeviceProcessEvents | make-series n = count() on Timestamp from datetime(2026-11-01) to datetime(2026-11-04) step 1d by DeviceName`
	)
	for _, c := range []struct{ text, x, y, series string }{
		{times + ` | render timechart`, "T", "N M", "Who"},
		{`print Who = "a", N = 1, T = datetime(2026-11-01) | render timechart`, "T", "N", "Who"},
		{series + ` | render timechart`, "Timestamp", "n", "DeviceName"},
		{series + ` | render anomalychart`, "Timestamp", "n", "DeviceName"},
		{times + ` | render linechart`, "T", "N M", "Who"},
		{pair + ` | render linechart`, "A", "B", ""},
		{times + ` | render areachart`, "T", "N M", "Who"},
		{times + ` | render stackedareachart`, "T", "N M", "Who"},
		{pair + ` | render scatterchart`, "A", "B", ""},
		{counts + ` | render barchart`, "Who", "N M", ""},
		{counts + ` | render columnchart`, "Who", "N M", ""},
		{`print Who = "a", What = "b", N = 1 | render columnchart`, "Who", "N", "What"},
		{counts + ` | render piechart`, "Who", "N M", ""},
		{pair + ` | render card`, "", "A B", ""},
		{counts + ` | render table`, "", "N M", ""},
		{times + ` | render timechart with (ycolumns=M)`, "T", "M", "Who"},
		{times + ` | render timechart with (series=Who, ycolumns=N)`, "T", "N", "Who"},
		{times + ` | render columnchart with (xcolumn=Who)`, "Who", "N M", ""},
		{times + ` | render columnchart with (xcolumn=Nobody)`, "T", "N M", "Who"},
		{`print T = datetime(2026-11-01), D = 5m | render timechart`, "T", "D", ""},
		{`print Ok = true, N = 1, T = now() | render timechart`, "T", "N", "Ok"},
	} {
		_, sum := ask(t, e, query.Request{Text: c.text})
		if sum.Chart == nil {
			t.Errorf("%s: no chart", c.text)
			continue
		}
		x := ""
		if sum.Chart.X != nil {
			x = *sum.Chart.X
		}
		if x != c.x || strings.Join(sum.Chart.Y, " ") != c.y || strings.Join(sum.Chart.Series, " ") != c.series {
			t.Errorf("%s\nx %q, y %v, series %v; want x %q, y [%s], series [%s]", c.text, x, sum.Chart.Y, sum.Chart.Series, c.x, c.y, c.series)
		}
	}
	if _, sum := ask(t, e, query.Request{Text: counts}); sum.Chart != nil {
		t.Error("a chart without render")
	}
}

func TestChartProperties(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	_, sum := ask(t, e, query.Request{Text: `print T = now(), N = 1 | render columnchart with (title="Some title", xtitle="when", ytitle="how many", kind=stacked100,
		legend=hidden, ymin=1, ymax=1e3, yaxis=log, accumulate=true)`})
	got, err := json.Marshal(sum.Chart)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"kind":"columnchart","title":"Some title","xTitle":"when","yTitle":"how many","x":"T","y":["N"],"series":[],"stacked":"stacked100","legend":false,"yMin":1,"yMax":1000,"xAxis":"linear","yAxis":"log","accumulate":true}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	_, sum = ask(t, e, query.Request{Text: `print T = now(), N = 1 | render timechart`})
	if c := sum.Chart; c.Stacked != "default" || !c.Legend || c.YMin != nil || c.XAxis != "linear" || c.Accumulate {
		t.Errorf("without properties: %+v", c)
	}
}

// TestSortedAndTables: what a summary says of order, and several result tables.
func TestSortedAndTables(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	for text, want := range map[string]bool{
		`DeviceProcessEvents | sort by Timestamp asc`: true, `DeviceProcessEvents | top 2 by Timestamp`: true, `DeviceProcessEvents`: false,
	} {
		if _, sum := ask(t, e, query.Request{Text: text}); sum.Sorted != want {
			t.Errorf("%s: sorted %v", text, sum.Sorted)
		}
	}
	a, sum := ask(t, e, query.Request{Text: `print 1; print 2, 3`})
	if a.tables != 2 || !slices.Equal(a.lines, []string{"1", "2,3"}) || sum.Rows != 2 {
		t.Errorf("%d tables: %s", a.tables, a)
	}
	for _, text := range []string{`print x = 1`, `DeviceProcessEvents | getschema`} {
		if cols, diags := e.Check(text); len(cols) == 0 || len(diags) > 0 {
			t.Errorf("%s: %v %s", text, cols, fmt.Sprint(diags))
		}
	}
}
