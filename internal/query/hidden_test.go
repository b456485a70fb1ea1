package query_test

import (
	"testing"

	"github.com/vedette-siem/vedette/internal/query"
)

// TestHiddenColumnsStay: what a table hides can be named behind every operator that keeps its rows: in Sentinel the same names are plain columns.
func TestHiddenColumnsStay(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	const since = ` | where ingestion_time() > datetime(2020-01-01) | count`
	for _, c := range []struct{ text, want string }{
		{`DeviceProcessEvents` + since, "3"},
		{`let T = materialize(DeviceProcessEvents); T` + since, "3"},
		{`let T = materialize(DeviceProcessEvents); T | where ProcessId > 10 | union (T | where ProcessId == 10)` + since, "3"},
		{`DeviceProcessEvents | as T | union T` + since, "6"},
		{`union DeviceProcessEvents, DeviceLogonEvents` + since, "5"},
		{`union DeviceProcessEvents, SecurityIncident` + since, "6"},
		{`union kind=inner DeviceProcessEvents, DeviceLogonEvents` + since, "5"},
		{`DeviceProcessEvents | join kind=inner (DeviceLogonEvents | project DeviceName) on DeviceName` + since, "3"},
		{`DeviceLogonEvents | project DeviceName | join kind=inner DeviceProcessEvents on DeviceName` + since, "3"},
		{`DeviceProcessEvents | join kind=leftanti (DeviceLogonEvents | where DeviceName == "ws1") on DeviceName` + since, "1"},
		{`DeviceProcessEvents | lookup (DeviceLogonEvents | project DeviceName, AccountName) on DeviceName` + since, "3"},
		{`DeviceProcessEvents | project-away FileName | project-rename Host = DeviceName | project-reorder Host` + since, "3"},
		{`DeviceProcessEvents | extend x = 1 | serialize n = row_number() | mv-expand y = range(1, 2) | parse FileName with name "." *` + since, "6"},
		{`SecurityIncident | union SecurityAlert | where isnull(DefenderIncident) and isnull(DefenderAlert) | getschema | where ColumnName startswith "Defender" | count`, "0"},
		{`DeviceProcessEvents | union DeviceLogonEvents | where ingestion_time() > datetime(2020-01-01) | count`, "5"},
	} {
		if got, _ := ask(t, e, query.Request{Text: c.text}); got.String() != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}
