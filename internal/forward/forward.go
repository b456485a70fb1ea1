// Package forward is the port of systems that documents are handed on to: putting documents under ids of their own, item by item, so that
// handing one on again changes nothing.
//
// It imports only the standard library. Adapters live below it, each in a package of its own, and pass the conformance suite forwardtest.
package forward

import "context"

// Document is one thing to hand on.
//
// With Version 0 it is a document of an append-only stream: once stored, it stays as it is. With a greater one it is the present state of
// something that changes: it replaces a document of the same id and a version not greater, and changes nothing where a newer one is stored.
type Document struct {
	ID      string // within the stream; at most 512 bytes of ASCII
	Stream  string // "event", "alert", "incident", "vulnerability"
	Version int64  // 0, or greater than 0 and growing with every change of what the document is about
	JSON    []byte // one object on one line; an append-only document has "@timestamp" on its first level
}

// Outcome says what became of a document.
type Outcome uint8

// What can become of a document.
const (
	Stored  Outcome = iota // it is there now and durable
	Present                // it, or a newer state, was there already; nothing was changed
	Refused                // it does not fit and never will as it is; Reason says why
	Again                  // the other side has no room for it now; it is not there, and is to be put again later
)

func (o Outcome) String() string {
	return [...]string{"stored", "present", "refused", "again"}[o]
}

// Result is what became of one document.
type Result struct {
	Outcome Outcome
	Reason  string // of Refused and Again: what the other side said
}

// Change is one thing that Setup looked after.
type Change struct {
	What string // "index template logs-m365_defender.event"
	Done bool   // it was made or changed; false: it was as it should be
}

// Sink is a system that takes documents. Implementations are safe for concurrent use.
type Sink interface {
	// Setup makes what the streams need over there, or brings it up to date. Doing it again changes nothing; documents are never removed.
	// It gives what it looked after so far also with an error.
	Setup(ctx context.Context) ([]Change, error)
	// Put stores the documents and gives a result for each, in their order. With an error nothing is known: any of them may be stored or
	// not, and they must be put again with repeat true. Errors: fault.Throttled and fault.Unavailable may be tried again; anything else
	// (fault.Unauthorized, fault.Forbidden, fault.NotFound, fault.Invalid) needs a person.
	//
	// repeat says that some of the documents may have been put before, at any time and with any outcome. Then the sink must find out which
	// are there, however it stores them, and must not store these twice. Without repeat it may rely on the documents being new. The same
	// document may be under way only once at a time.
	Put(ctx context.Context, docs []Document, repeat bool) ([]Result, error)
	// Close ends all connections.
	Close() error
}
