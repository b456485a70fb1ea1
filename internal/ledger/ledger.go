// Package ledger is the port of the small transactional memory beside the event store: the choices that users make on the console,
// and documents with revisions. How a source is doing is no memory: the source itself says it while it runs.
//
// It imports internal/incident, internal/fault and the standard library. Adapters pass the conformance suite ledgertest.
package ledger

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// Settings is what the connector page switches.
type Settings struct {
	Incidents                    bool     `json:"incidents"`                    // collect incidents and alerts
	DisableIncidentCreationRules bool     `json:"disableIncidentCreationRules"` // no incidents from component products' alerts
	Entities                     bool     `json:"entities"`
	ActiveDirectory              bool     `json:"activeDirectory"`
	Events                       bool     `json:"events"`
	Tables                       []string `json:"tables"` // enabled event tables, sorted
	// Backfill collects the enabled tables' last days, and the tables that no stream carries, by hunting queries.
	Backfill bool `json:"backfill"`
}

// TableEnabled reports whether the event table called name is to be stored.
func (s Settings) TableEnabled(name string) bool { return s.Events && s.TableWanted(name) }

// TableWanted reports whether the rows of a table are kept, whichever way they come.
func (s Settings) TableWanted(name string) bool { return slices.Contains(s.Tables, name) }

// Document is a JSON value under a key. Rev is 1 when it is first put and grows by one with each change.
type Document struct {
	Key   string
	Rev   int64
	Value json.RawMessage
	At    time.Time // when it was put
}

// Ledger is the memory. Implementations are safe for concurrent use, and each call is one transaction, durable on return.
type Ledger interface {
	// Settings gives the settings of a connector and their revision; ok is false, with the zero Settings, while none were put.
	Settings(ctx context.Context, connector string) (s Settings, rev int64, ok bool, err error)
	// PutSettings replaces the settings if their revision is still rev (0: there are none yet) and gives the new revision.
	// fault.Conflict when somebody else changed them meanwhile.
	PutSettings(ctx context.Context, connector string, rev int64, s Settings) (int64, error)

	// Document gives the document under key; fault.NotFound when there is none.
	Document(ctx context.Context, key string) (Document, error)
	// Documents gives the documents whose keys begin with prefix, by key.
	Documents(ctx context.Context, prefix string) ([]Document, error)
	// PutDocument replaces the document if its revision is still rev (0: there is none yet) and gives the new revision; fault.Conflict otherwise.
	// fault.Invalid when value is not JSON.
	PutDocument(ctx context.Context, key string, rev int64, value json.RawMessage) (int64, error)
	// DeleteDocument removes the document if its revision is still rev; fault.Conflict or fault.NotFound otherwise.
	DeleteDocument(ctx context.Context, key string, rev int64) error

	Close() error
}
