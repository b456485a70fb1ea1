package query_test

import (
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/query"
)

// TestTableOfOthersIsEmpty: a table of Log Analytics that nothing was sent to has its columns and no rows, and a warning says so.
func TestTableOfOthersIsEmpty(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	for _, c := range []struct{ text, want string }{
		{`IntuneDevices | where TimeGenerated > ago(1d) | count`, "0"},
		{`IntuneDevices | project DeviceName, OSVersion | getschema | count`, "2"},
	} {
		if got, _ := ask(t, e, query.Request{Text: c.text}); got.String() != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
	cols, diags := e.Check(`IntuneDevices | where TimeGenerated > ago(1d) | project DeviceName`)
	if len(cols) != 1 || len(diags) != 1 || !strings.Contains(diags[0].Message, "no table `IntuneDevices` yet") {
		t.Errorf("a check gives %v and %v", cols, diags)
	}
}
