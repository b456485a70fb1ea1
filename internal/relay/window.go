package relay

import "math"

// Span is which rows to hand on. All times are ticks of 100 ns since 0001-01-01.
type Span struct {
	After int64 `json:"after"` // ingestion time, not included
	Until int64 `json:"until"` // ingestion time, included

	From int64 `json:"from,omitempty"` // event time, included; 0 with To 0: any
	To   int64 `json:"to,omitempty"`   // event time, not included
}

// The lengths of windows.
const (
	second    = 10_000_000
	firstSpan = 60 * second
	leastSpan = second / 10
	mostSpan  = 366 * 24 * 3600 * second
	idleSpan  = 60 * second // what may be empty without being written down as done
	fewRows   = 20_000
	manyRows  = 200_000
)

// nextSpan gives how much time the next window should span, after one of this length had so many documents: a window that has to be handed
// on again should not be long, and empty times should be passed quickly.
func nextSpan(span, documents int64) int64 {
	switch {
	case documents > manyRows:
		return max(span/4, leastSpan)
	case documents < fewRows && span < math.MaxInt64/4:
		return min(span*4, mostSpan)
	}
	return span
}
