package collect

import (
	"fmt"
	"time"
)

// Start says where a source begins when nothing of it is stored yet. The zero Start is the earliest message that there is. What is stored
// counts before any Start: a source that has begun goes on where it stopped.
type Start struct {
	Latest bool      // only what comes from now on; At is not looked at
	At     time.Time // only what came to the source at this time or later; zero: everything
}

// ParseStart reads "earliest" (or ""), "latest", or a time as RFC 3339 has it.
func ParseStart(s string) (Start, error) {
	switch s {
	case "", "earliest":
		return Start{}, nil
	case "latest":
		return Start{Latest: true}, nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return Start{}, fmt.Errorf("%q is no start; write earliest, latest or a time like 2026-01-31T00:00:00Z", s)
	}
	return Start{At: at}, nil
}
