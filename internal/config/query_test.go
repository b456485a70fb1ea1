package config

import (
	"strings"
	"testing"
	"time"
)

// TestQueryLimits: the defaults are Kusto's, one key may be set without the others, and every fault is told.
func TestQueryLimits(t *testing.T) {
	c, err := Parse([]byte("query:\n  limits: {rows: 1000, timeout: 30s}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := defaultQuery().Limits
	want.Rows, want.Timeout = 1000, Duration(30*time.Second)
	if c.Query.Limits != want {
		t.Errorf("limits are %+v, want %+v", c.Query.Limits, want)
	}
	_, err = Parse([]byte("query:\n  limits: {rows: -1, size: big, timeout: 2h, memory: x, concurrent: 0, waiting: 0}\n  externaldata: {timeout: 0s}\n"))
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, key := range []string{"limits.rows", "limits.size", "limits.max_timeout", "limits.memory", "limits.concurrent", "limits.waiting", "externaldata.timeout"} {
		if !strings.Contains(err.Error(), "query."+key) {
			t.Errorf("the faults lack %s:\n%v", key, err)
		}
	}
}
