package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vedette-siem/vedette/internal/tenant/world"
)

func TestHunting(t *testing.T) {
	w := world.New(world.Config{Seed: 3, Devices: 40, Users: 24, Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Events: 4000})
	now := w.Config().Now
	h := hunter{w, func() time.Time { return now }}
	want, lately := 0, 0
	for e := range w.History() {
		if e.Table == "DeviceProcessEvents" {
			want++
			if now.Sub(e.Time) <= 7*24*time.Hour {
				lately++
			}
		}
	}
	count := func(query, span string) string {
		t.Helper()
		r, err := h.hunt(context.Background(), query, span)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		text, err := json.Marshal(r.Rows)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if got := count("DeviceProcessEvents | count", ""); got != fmt.Sprintf(`[{"Count":%d}]`, want) {
		t.Errorf("30 days: %s, want %d", got, want)
	}
	if got := count("DeviceProcessEvents | count", "P7D"); got != fmt.Sprintf(`[{"Count":%d}]`, lately) {
		t.Errorf("7 days: %s, want %d", got, lately)
	}
	if got := count("DeviceTvmSoftwareVulnerabilities | summarize n = countif(isempty(CveId)), some = count() > 0", ""); !strings.HasSuffix(got, `"some":1}]`) {
		t.Errorf("a snapshot table, bool as SByte: %s", got)
	}
	if got := count("print t = datetime(null), d = dynamic(null), s = '', n = long(null)", ""); got != `[{"d":{},"n":null,"s":"","t":{}}]` {
		t.Errorf("nulls: %s", got)
	}
	r, err := h.hunt(context.Background(), "DeviceProcessEvents | take 1 | project Timestamp, FileSize, AdditionalFields", "")
	if err != nil || len(r.Columns) != 3 || r.Columns[0].Type != "DateTime" || r.Columns[1].Type != "Int64" || r.Columns[2].Type != "Object" {
		t.Errorf("columns %v, %v", r.Columns, err)
	}
	for query, want := range map[string]string{"NoSuchTable": "NoSuchTable", "DeviceEvents | where Nothing == 1": "Nothing"} {
		if _, err := h.hunt(context.Background(), query, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", query, err)
		}
	}
	if _, err := h.hunt(context.Background(), "print 1", "yesterday"); err == nil {
		t.Error("a bad timespan was taken")
	}
}
