package query_test

import (
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/query"
)

func day(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }

// TestTimePickerNarrowsEveryTable: the range holds for each table wherever it is named, and for nothing but stored tables.
func TestTimePickerNarrowsEveryTable(t *testing.T) {
	for _, inGo := range []bool{false, true} {
		e := query.New(query.Options{Store: filled(t), InGo: inGo})
		second := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
		for _, c := range []struct {
			text     string
			from, to time.Time
			want     string
		}{
			{`DeviceProcessEvents | count`, time.Time{}, time.Time{}, "3"},
			{`DeviceProcessEvents | count`, day(2), day(3), "1"},
			{`DeviceProcessEvents | count`, day(2), time.Time{}, "2"},
			{`DeviceProcessEvents | count`, time.Time{}, day(3), "2"},
			{`DeviceProcessEvents | count`, second, second, "1"}, // both ends belong to it
			{`DeviceProcessEvents | count`, time.Date(2026, 11, 1, 10, 0, 0, 200, time.UTC), day(2), "0"},
			{`DeviceProcessEvents | count`, time.Date(2026, 11, 1, 10, 0, 0, 100, time.UTC), day(2), "1"},
			{`DeviceProcessEvents | where Timestamp < datetime(2026-11-03) | count`, day(2), time.Time{}, "1"},
			{`union DeviceProcessEvents, DeviceLogonEvents | count`, day(3), time.Time{}, "2"},
			{`union withsource=T Device* | summarize count() by T | sort by T asc | project count_`, day(3), time.Time{}, "1 1"},
			{`DeviceLogonEvents | join kind=inner DeviceProcessEvents on DeviceName | count`, day(3), time.Time{}, "1"},
			{`DeviceLogonEvents | where DeviceName in ((DeviceProcessEvents | project DeviceName)) | count`, day(3), time.Time{}, "1"},
			{`DeviceLogonEvents | extend N = toscalar(DeviceProcessEvents | count) | take 1 | project N`, day(2), time.Time{}, "2"},
			{`print N = toscalar(DeviceProcessEvents | count)`, day(2), time.Time{}, "2"},
			{`let P = DeviceProcessEvents; let C = materialize(P | summarize n = count()); C | union (C | project n) | summarize sum(n)`, day(2), time.Time{}, "4"},
			{`let f = () { DeviceProcessEvents | count }; f()`, day(2), time.Time{}, "2"},
			{`DeviceLogonEvents | lookup (DeviceProcessEvents | summarize n = count() by DeviceName) on DeviceName | summarize sum(n)`, day(2), time.Time{}, "1"},
			{`datatable(Timestamp:datetime) [datetime(2020-01-01)] | count`, day(2), time.Time{}, "1"},
			{`DeviceProcessEvents | extend Timestamp = datetime(2020-01-01) | count`, day(2), time.Time{}, "2"},
			{`DeviceProcessEvents | project FileName | where FileName has "exe" | count`, day(3), day(4), "1"},
			{`SecurityIncident | count`, day(2), time.Time{}, "2"}, // a table whose event time is TimeGenerated
			{`DeviceProcessEvents | fork (count) (summarize n = count())`, day(3), time.Time{}, "1 1"},
			{`find in (DeviceProcessEvents, DeviceLogonEvents) where DeviceName == "ws1" | count`, day(2), time.Time{}, "1"},
			{`search in (DeviceProcessEvents, DeviceLogonEvents) "ws1" | count`, day(2), time.Time{}, "1"},
		} {
			a, _ := ask(t, e, query.Request{Text: c.text, From: c.from, To: c.to})
			if a.String() != c.want {
				t.Errorf("in Go %v: %s from %v to %v\ngot %q, want %q", inGo, c.text, c.from, c.to, a, c.want)
			}
		}
	}
}
