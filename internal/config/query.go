package config

import (
	"time"

	"github.com/vedette-siem/vedette/internal/external"
)

// Query is what queries may do.
type Query struct {
	Limits       Limits       `yaml:"limits"`
	ExternalData ExternalData `yaml:"externaldata"`
	GeoIP        string       `yaml:"geoip"` // a MaxMind database of where internet addresses are; "": there is none
}

// Limits bound what one query may take; the defaults are Kusto's.
type Limits struct {
	Rows       int64    `yaml:"rows"`        // of a result; what is over is left out, and the answer says so
	Size       string   `yaml:"size"`        // of a result's values, e.g. 64MiB; likewise
	Timeout    Duration `yaml:"timeout"`     // of a query that asks for no other
	MaxTimeout Duration `yaml:"max_timeout"` // the longest that a query may ask for by set servertimeout
	Memory     string   `yaml:"memory"`      // what a query may hold outside of the engine, whose memory has a limit of its own
	Concurrent int      `yaml:"concurrent"`  // queries that run at once; the others wait, each caller's in turn
	Waiting    int      `yaml:"waiting"`     // queries that may wait; more are refused
}

// ExternalData is what externaldata may read; nothing while Allow is empty.
type ExternalData struct {
	Allow   []string `yaml:"allow"`    // https://host, https://*.host, https://host/path, http://10.1.2.3, 10.0.0.0/8
	MaxSize string   `yaml:"max_size"` // of a file, e.g. 64MiB
	Timeout Duration `yaml:"timeout"`  // of a file
}

func defaultQuery() Query {
	return Query{
		Limits: Limits{Rows: 500_000, Size: "64MiB", Timeout: Duration(4 * time.Minute), MaxTimeout: Duration(time.Hour), Memory: "5GiB",
			Concurrent: 4, Waiting: 100},
		ExternalData: ExternalData{MaxSize: "64MiB", Timeout: Duration(30 * time.Second)},
	}
}

// validate tells bad of every fault.
func (q Query) validate(bad func(line int, format string, args ...any)) {
	size := func(key, value string) {
		if !memory.MatchString(value) {
			bad(0, "%s: %q is not a size; write it like 64MiB", key, value)
		}
	}
	positive := func(key string, ok bool, example string) {
		if !ok {
			bad(0, "%s: must be positive, e.g. %s", key, example)
		}
	}
	l := q.Limits
	positive("query.limits.rows", l.Rows > 0, "500000")
	size("query.limits.size", l.Size)
	positive("query.limits.timeout", l.Timeout > 0, "4m")
	if l.MaxTimeout < l.Timeout {
		bad(0, "query.limits.max_timeout: must not be shorter than query.limits.timeout")
	}
	size("query.limits.memory", l.Memory)
	positive("query.limits.concurrent", l.Concurrent > 0, "4")
	positive("query.limits.waiting", l.Waiting > 0, "100")
	for _, entry := range q.ExternalData.Allow {
		if _, err := external.Parse(entry); err != nil {
			bad(0, "%s: %v", external.Key, err)
		}
	}
	size("query.externaldata.max_size", q.ExternalData.MaxSize)
	positive("query.externaldata.timeout", q.ExternalData.Timeout > 0, "30s")
}
