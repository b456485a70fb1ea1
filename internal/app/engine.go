package app

import (
	"time"

	"github.com/vedette-siem/vedette/internal/external"
	"github.com/vedette-siem/vedette/internal/geoip"
	"github.com/vedette-siem/vedette/internal/query"
)

// newEngine makes the engine of queries, as the configuration has it.
func (a *App) newEngine() (*query.Engine, error) {
	l := a.cfg.Query.Limits
	size, err := sizeOf("query.limits.size", l.Size)
	if err != nil {
		return nil, err
	}
	memory, err := sizeOf("query.limits.memory", l.Memory)
	if err != nil {
		return nil, err
	}
	options := query.Options{Store: a.store, Library: a.library, Rows: l.Rows, Bytes: size, Memory: memory, Timeout: time.Duration(l.Timeout),
		MaxTimeout: time.Duration(l.MaxTimeout), Concurrency: l.Concurrent, Waiting: l.Waiting}
	if e := a.cfg.Query.ExternalData; len(e.Allow) > 0 {
		size, err := sizeOf("query.externaldata.max_size", e.MaxSize)
		if err != nil {
			return nil, err
		}
		reader, err := external.New(external.Options{Allow: e.Allow, MaxBytes: size, Timeout: time.Duration(e.Timeout), RootCAs: a.opt.RootCAs})
		if err != nil {
			return nil, err
		}
		options.Fetch = reader.Fetch
	}
	if a.cfg.Query.GeoIP != "" {
		if options.GeoIP, err = geoip.Open(a.cfg.Query.GeoIP); err != nil {
			return nil, err
		}
	}
	return query.New(options), nil
}
