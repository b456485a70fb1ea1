package query_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/sql"
)

// faulty is a store whose queries panic.
type faulty struct{ store.Querier }

func (faulty) Query(context.Context, *sql.Query) iter.Seq2[*store.Batch, error] {
	panic("out of range")
}

// TestSurvive: a panic ends one query with an error that names it, and the engine goes on.
func TestSurvive(t *testing.T) {
	e := query.New(query.Options{Store: faulty{filled(t)}})
	for range 10 { // more than run at once: each has given its turn back
		_, err := e.Run(t.Context(), query.Request{Text: "DeviceProcessEvents | count"}, &answer{})
		var q *query.Error
		if !errors.As(err, &q) || q.Kind != "internal" || !strings.Contains(q.Message, "out of range") || !strings.Contains(q.Message, "in the query ") {
			t.Fatalf("got %v", err)
		}
	}
	if _, err := e.Run(t.Context(), query.Request{Text: "print x = 1"}, &answer{}); err != nil {
		t.Error(err)
	}
}

// TestCannotRun: a query that is right but cannot be run here is told so by the kind of its error, and is only warned of by a check.
func TestCannotRun(t *testing.T) {
	e := query.New(query.Options{Store: filled(t)})
	const text = `externaldata(a:string)["https://example.com/a.csv"] | count`
	_, err := e.Run(t.Context(), query.Request{Text: text}, &answer{})
	var q *query.Error
	if !errors.As(err, &q) || q.Kind != "unsupported" || !strings.Contains(q.Message, "externaldata") {
		t.Errorf("got %v", err)
	}
	cols, diags := e.Check(text)
	if len(cols) != 1 || len(diags) != 1 || diags[0].Severity != "warning" {
		t.Errorf("check gives %v and %v", cols, diags)
	}
}
