package query_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
)

// TestSetOptions: what set statements ask of the engine.
func TestSetOptions(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	for name, c := range map[string]struct{ text, want string }{
		"present":          {`set query_now = datetime(2020-01-02); print now()`, `"2020-01-02T00:00:00Z"`},
		"most rows":        {`set query_take_max_records = 3; range x from 1 to 10 step 1`, "1 2 3"},
		"scope, before":    {`set query_datetimescope_to = datetime(1999-01-01); DeviceProcessEvents | count`, "0"},
		"scope, after":     {`set query_datetimescope_from = datetime(2999-01-01); DeviceProcessEvents | count`, "0"},
		"scope, column":    {`set query_datetimescope_column = "ProcessCreationTime"; set query_datetimescope_to = datetime(1999-01-01); DeviceProcessEvents | count`, "0"},
		"scope, no column": {`set query_datetimescope_column = "Nothing"; set query_datetimescope_to = datetime(1999-01-01); DeviceProcessEvents | take 0 | count`, "0"},
		"unknown":          {`set no_such_thing = 5; print 1`, "1"},
	} {
		a, sum := ask(t, e, query.Request{Text: c.text})
		if a.String() != c.want || sum.Truncated != nil {
			t.Errorf("%s: %s, cut %v", name, a, sum.Truncated)
		}
		if told := len(sum.Warnings) == 1 && strings.Contains(sum.Warnings[0].Message, "no_such_thing"); told != (name == "unknown") {
			t.Errorf("%s: warnings %v", name, sum.Warnings)
		}
	}
	for name, text := range map[string]string{
		"time":        `set servertimeout = 50ms; ` + endless["range"],
		"time, words": `set servertimeout = timespan(00:00:00.05); ` + endless["range"],
	} {
		_, err := e.Run(t.Context(), query.Request{Text: text}, &answer{})
		if err == nil || !strings.Contains(err.Error(), "longer than 50ms") {
			t.Errorf("%s: %v", name, err)
		}
	}
	short := query.New(query.Options{Store: filled(t), Timeout: 20 * time.Millisecond, MaxTimeout: 60 * time.Millisecond})
	for _, set := range []string{"set servertimeout = 1h; ", "set norequesttimeout; "} {
		if _, err := short.Run(t.Context(), query.Request{Text: set + endless["range"]}, &answer{}); err == nil || !strings.Contains(err.Error(), "longer than 60ms") {
			t.Errorf("more than the engine allows: %v", err)
		}
	}
	_, err := e.Run(t.Context(), query.Request{Text: `set maxmemoryconsumptionperiterator = 100000; range x from 1 to 1000000 step 1 | summarize make_list(x)`}, &answer{})
	var q *query.Error
	if !errors.As(err, &q) || q.Kind != string(fault.Exhausted) {
		t.Errorf("memory: %v", err)
	}
}
