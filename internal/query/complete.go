package query

import (
	"time"

	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql"
)

// Complete gives what may be written at a byte offset of a query's text.
func (e *Engine) Complete(text string, at int) []kql.Candidate {
	if len(text) > maxText {
		return nil
	}
	found, _ := kql.Complete(text, at, e.catalog, kql.Options{Now: store.Ticks(time.Now())})
	return found
}
