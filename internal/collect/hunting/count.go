package hunting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
)

// hour is how many rows a table has in one hour.
type hour struct {
	from int64 // ticks since 1970
	rows int
}

const hourTicks = int64(time.Hour / 100)

// count asks how many rows each slice has by the hour, in as few queries as it takes. Tables that the tenant does not have are missing from
// the answer; known has those that it has or seems to have.
func (s *Source) count(ctx context.Context, slices []slice) (hours map[string][]hour, missing map[string]bool, err error) {
	hours, missing = map[string][]hour{}, map[string]bool{}
	if len(slices) == 0 {
		return hours, missing, nil
	}
	return hours, missing, s.countInto(ctx, slices, hours, missing, false)
}

// countInto halves the question when it is refused or too much, until the table is found that it is about.
func (s *Source) countInto(ctx context.Context, list []slice, hours map[string][]hour, missing map[string]bool, probed bool) error {
	legs := make([]string, len(list))
	for i, sl := range list {
		by := ""
		if sl.to != 0 {
			by = " by Hour = bin(Timestamp, 1h)"
		}
		legs[i] = fmt.Sprintf("(%s\n| summarize Rows = count()%s | extend Name = '%s')", sl.query(), by, sl.table)
	}
	a, err := s.ask(ctx, "union isfuzzy=true "+strings.Join(legs, ",\n"))
	switch {
	case err == nil:
		return a.hours(hours)
	case fault.Is(err, fault.Invalid) && !probed:
		if _, sick := s.ask(ctx, "print Probe = 1"); sick != nil {
			return sick // it is not about a table
		}
		probed = true
	case !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Unavailable):
		return err
	}
	if len(list) == 1 {
		if fault.Is(err, fault.Invalid) {
			missing[list[0].table] = true
			s.cfg.Log.Debug("the tenant has no such table", "table", list[0].table, "error", err)
			return nil
		}
		return err
	}
	if fault.Is(err, fault.Unavailable) {
		if _, sick := s.ask(ctx, "print Probe = 1"); sick != nil {
			return err // nothing is answered
		}
	}
	mid := len(list) / 2
	if err := s.countInto(ctx, list[:mid], hours, missing, probed); err != nil {
		return err
	}
	return s.countInto(ctx, list[mid:], hours, missing, probed)
}

// hours reads the answer of a count.
func (a answer) hours(into map[string][]hour) error {
	for _, cells := range a.Results {
		var h hour
		var name string
		var at time.Time
		if err := json.Unmarshal(cells["Name"], &name); err != nil {
			return fault.New(fault.Unavailable, "count rows", "the answer has no name: %w", err)
		}
		if err := json.Unmarshal(cells["Rows"], &h.rows); err != nil {
			return fault.New(fault.Unavailable, "count rows", "the answer has no number: %w", err)
		}
		if json.Unmarshal(cells["Hour"], &at) == nil && !at.IsZero() {
			h.from = toTicks(at)
		}
		if h.rows > 0 {
			into[name] = append(into[name], h)
		}
	}
	return nil
}

// cut divides what was counted of a slice so that each piece has about target rows or less. The pieces are in the order of time and leave no
// time out, so that rows which were not there yet when they were counted are read too.
func (sl slice) cut(hours []hour, target int) []slice {
	slices.SortFunc(hours, func(a, b hour) int { return int(min(max(a.from-b.from, -1), 1)) })
	var out []slice
	from, rows := sl.from, 0
	end := func(to int64) {
		if to > from {
			out = append(out, slice{table: sl.table, from: from, to: to, key: sl.key})
			from, rows = to, 0
		}
	}
	for _, h := range hours {
		start, stop := max(h.from, sl.from), min(h.from+hourTicks, sl.to)
		if rows > 0 && rows+h.rows > target {
			end(start)
		}
		if h.rows > target { // an hour of its own, in even pieces
			end(start)
			n := int64((h.rows + target - 1) / target)
			for i := int64(1); i <= n; i++ {
				end(start + (stop-start)*i/n)
			}
			continue
		}
		rows += h.rows
	}
	end(sl.to)
	return out
}
