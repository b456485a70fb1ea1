// Package store is the port of the event store: appending typed rows exactly once, asking for them, and looking after the files.
//
// It imports the standard library, words (record, schema) and the SQL tree (kql/sql). Adapters live below it, each in a package of its
// own, and pass the conformance suite storetest.
//
// # Form of stored values
//
// string is text, never null (missing is ""); datetime and timespan are 64-bit ticks of 100 ns (datetime since 0001-01-01); int, long,
// real and bool are themselves; guid (lower case), decimal (canonical text) and dynamic (compact JSON text) are text, null when missing.
package store

import (
	"context"
	"iter"
	"time"

	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/kql/sql"
)

// Physical columns that every stored table has beside its own.
const (
	Block    = "_blk"      // int: block of 2,048 rows within one file and table
	Ingested = "_ingested" // datetime: when the row was appended; never falls from one append to the next (ingestion_time())
	Hash     = "_hash"     // long: hash of the record; with the event time it is the row's identity
	Overflow = "_overflow" // dynamic: the properties the catalogue has no column for, as one JSON object; null when there are none
)

// Chunk is rows of one table, by column.
//
// The column Table.Time must be among Columns and must not be null in any row: with Hash it is the row's identity. Columns of the table
// that the chunk lacks are stored as null (strings: ""). Columns must name columns of the table.
type Chunk struct {
	Table    string
	Columns  []schema.Column
	Vectors  []Vector        // one for each column
	Hash     []uint64        // one for each row
	Overflow Vector          // text, one for each row
	Found    []schema.Column // keys that occur in Overflow, with the type of their values; "" when all are null
	N        int             // rows
}

// Refusal is a record, or one value of it, that could not be stored as it is. It is kept in schema.IngestionFailures.
type Refusal struct {
	Pos      record.Pos
	Arrived  time.Time
	TenantID string
	Table    string // "" when not even the table is known
	Column   string // the column whose value did not fit; "" when the whole record was refused
	Reason   string
	Record   []byte
}

// Append is one atomic write: rows, refusals, and how far the sources have been read with them.
type Append struct {
	Chunks  []*Chunk
	Refused []Refusal
	Covers  []record.Span
}

// Count says what became of one table's rows.
type Count struct{ Stored, Duplicate int64 }

// Result says what an append did, by table.
type Result struct {
	Tables   map[string]Count
	Ingested time.Time // the stamp of the rows stored
}

// Appender takes rows in. Implementations are safe for concurrent use.
type Appender interface {
	// Append stores a and returns when it is durable. All of it is stored or, with an error, nothing. Rows already stored, by this or by
	// an earlier append, are counted as duplicates and not stored again; so the same append again is a no-op.
	// Errors: fault.Exhausted (disk full) and fault.Unavailable may be tried again; fault.Invalid is the caller's mistake.
	Append(ctx context.Context, a Append) (Result, error)
	// Covered gives what has been taken in from source, by partition and position, in order and without overlaps.
	Covered(ctx context.Context, source string) ([]record.Span, error)
	// Seed is the secret of this store's record hashes: whoever makes Chunk.Hash must start from it. It never changes.
	Seed() uint64
}

// Batch is some rows of an answer, by column in the query's order. It is valid until the next one is asked for.
type Batch struct {
	Vectors []Vector
	N       int
}

// Querier answers. Implementations are safe for concurrent use.
type Querier interface {
	// Query runs q and streams its rows. The whole answer is of one moment. An error ends the sequence: fault.Invalid for a tree that the
	// engine refuses, fault.Exhausted when memory ran out, fault.Canceled when ctx ended. Breaking off the iteration ends the query.
	Query(ctx context.Context, q *sql.Query) iter.Seq2[*Batch, error]
	// Table gives a table of the catalogue or one met at run time, with the columns that were found in its overflow at the end (as strings
	// while only nulls were found).
	// Old names of tables are resolved.
	Table(name string) (*schema.Table, bool)
	// Tables gives all tables sorted by name.
	Tables() []*schema.Table
	// Ready gives the time before which no row can appear any more, by ingestion time.
	Ready() time.Time
}

// Reading says what a query would read of one table.
type Reading struct {
	Table                 string
	Files, Blocks         int  // sealed files of the query's time range, and their blocks
	ReadFiles, ReadBlocks int  // those of them that are read
	Indexed               bool // the term index was asked
}

// Planner is a Querier that can say what it would read.
type Planner interface {
	// Readings gives what q would read now, scan by scan in the order in which they stand in it.
	Readings(q *sql.Query) ([]Reading, error)
}

// Admin looks after what is stored.
type Admin interface {
	// Seal moves all rows of days (UTC, by event time) before the day of t into sealed read-only files.
	Seal(ctx context.Context, t time.Time) (Sealed, error)
	// Retain removes the sealed files of days that ended at or before t, and the unsealed rows of such days.
	Retain(ctx context.Context, t time.Time) (Removed, error)
	// Stats says what is stored.
	Stats(ctx context.Context) (Stats, error)
}

// Sealed says what Seal wrote.
type Sealed struct {
	Files int
	Rows  int64
	Bytes int64
}

// Removed says what Retain removed.
type Removed struct {
	Files int
	Rows  int64
}

// Stats is the size of a store.
type Stats struct {
	Rows, Bytes int64
	Files       int
	Tables      map[string]TableStats
}

// TableStats is the size of one table. First and Last are event times, zero when the table is empty.
type TableStats struct {
	Rows        int64
	First, Last time.Time
}

// Store is all of it.
type Store interface {
	Appender
	Querier
	Admin
	// Close ends all queries and writes what is to be written. The store cannot be used afterwards.
	Close() error
}

const (
	ticksPerSecond = 10_000_000
	unixEpochTicks = 621_355_968_000_000_000
)

// Ticks gives t as the 100 ns ticks since 0001-01-01 in which datetimes are stored.
func Ticks(t time.Time) int64 {
	return unixEpochTicks + t.Unix()*ticksPerSecond + int64(t.Nanosecond())/100
}

// TimeOf gives the time of stored ticks, in UTC.
func TimeOf(ticks int64) time.Time {
	u := ticks - unixEpochTicks
	s := u / ticksPerSecond
	r := u % ticksPerSecond
	if r < 0 {
		s, r = s-1, r+ticksPerSecond
	}
	return time.Unix(s, r*100).UTC()
}

// DayTicks is the length of a day in ticks.
const DayTicks = 24 * 60 * 60 * ticksPerSecond
