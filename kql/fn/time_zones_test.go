package fn

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestZones: every zone that is listed can be used, and they are in order.
func TestZones(t *testing.T) {
	names := strings.Fields(zoneNames)
	if !slices.IsSorted(names) {
		t.Error("the zones are not in order")
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}
