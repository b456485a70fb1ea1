// Package record names what collectors hand over: one message as it came, where it came from, and how far a source has been read.
//
// It imports only the standard library.
package record

import "time"

// Pos is the place of one message in its source. Sequence numbers are consecutive or growing within (Source, Partition).
type Pos struct {
	Source    string // "eventhub:ns/hub/group", "file:<sha256>", "graph:incidents:<tenant>"
	Partition string // "" where the source has none
	Seq       int64
}

// Raw is one message as it arrived. Body is either an Event Hub message {"records":[{time,tenantId,category,properties}, …]}
// or one such record; a collector that maps from another API makes the same envelope. Body belongs to the receiver.
type Raw struct {
	Pos     Pos
	Arrived time.Time
	Body    []byte
	Broken  string // when not empty, the collector could not read the message whole: why, for the user; Body is then its beginning
}

// Span says that everything of (Source, Partition) from First to Last, both included, has been taken in.
type Span struct {
	Source    string
	Partition string
	First     int64
	Last      int64
}

// Category prefix that the Streaming API puts before a table's name.
const CategoryPrefix = "AdvancedHunting-"
