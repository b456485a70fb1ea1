package relay

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"iter"

	"github.com/vedette-siem/vedette/internal/ecs"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/forward"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// Stored makes documents, as Elastic's integration makes them, of the rows of a store.
type Stored struct {
	store   store.Querier
	filters []*filter
	mappers map[ecs.Stream]*ecs.Mapper
}

// NewStored gives the documents of the rows that queries choose, each a table with row by row operators behind it; without queries of all
// rows of every table that is mapped. The error, fault.Invalid, says what is wrong with a query.
func NewStored(s store.Querier, queries []string, opt ecs.Options) (*Stored, error) {
	out := &Stored{store: s, mappers: map[ecs.Stream]*ecs.Mapper{}}
	for _, stream := range []ecs.Stream{ecs.Event, ecs.Alert, ecs.Incident} {
		m, err := ecs.New(stream, opt)
		if err != nil {
			return nil, fault.New(fault.Internal, "make documents", "%w", err)
		}
		out.mappers[stream] = m
	}
	for _, q := range queries {
		f, err := newFilter(s, q)
		if err != nil {
			return nil, err
		}
		out.filters = append(out.filters, f)
	}
	return out, nil
}

// streamOf gives the stream that a table's rows belong to; ok is false for tables that are not mapped.
func streamOf(t *schema.Table) (ecs.Stream, bool) {
	switch {
	case t.Name == schema.SecurityAlert:
		return ecs.Alert, true
	case t.Name == schema.SecurityIncident:
		return ecs.Incident, true
	}
	return ecs.Event, t.Time == schema.Timestamp
}

// Ready implements Rows.
func (s *Stored) Ready() int64 { return store.Ticks(s.store.Ready()) }

// Documents implements Rows.
func (s *Stored) Documents(ctx context.Context, w Span) iter.Seq2[[]forward.Document, error] {
	return func(yield func([]forward.Document, error) bool) {
		filters, err := s.filters, error(nil)
		if len(filters) == 0 {
			if filters, err = s.everything(); err != nil {
				yield(nil, err)
				return
			}
		}
		b := &batch{mappers: s.mappers}
		for _, f := range filters {
			for rows, err := range f.rows(ctx, w) {
				if err != nil {
					yield(nil, err)
					return
				}
				for _, row := range rows {
					if err := b.add(f, row); err != nil {
						yield(nil, err)
						return
					}
					if len(b.docs) >= batchDocuments || len(b.text) >= batchBytes {
						if !yield(b.docs, nil) {
							return
						}
						b.reset()
					}
				}
			}
		}
		if len(b.docs) > 0 {
			yield(b.docs, nil)
		}
	}
}

// everything gives a filter without conditions for each mapped table that the store has.
func (s *Stored) everything() ([]*filter, error) {
	var out []*filter
	for _, t := range s.store.Tables() {
		if _, ok := streamOf(t); !ok {
			continue
		}
		f, err := newFilter(s.store, "['"+t.Name+"']")
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// How much is put at once: Elasticsearch is at its best with bodies of 5 to 15 MB.
const (
	batchDocuments = 5000
	batchBytes     = 6 << 20
)

// batch gathers documents; their texts lie one after another in text.
type batch struct {
	mappers map[ecs.Stream]*ecs.Mapper
	docs    []forward.Document
	text    []byte
	record  []byte
	mapped  []byte
}

func (b *batch) reset() { b.docs, b.text = b.docs[:0], nil } // the texts belong to the receiver of the last documents

// add makes the documents of a row.
func (b *batch) add(f *filter, r row) error {
	switch f.stream {
	case ecs.Event:
		b.record = r.event(b.record[:0])
		return b.each(f, r, func(i int) forward.Document { return forward.Document{ID: rowID(f.table, r, i)} })
	default:
		doc := r.document()
		if doc == "" {
			return nil // a row of another product
		}
		b.record = append(b.record[:0], doc...)
		if err := b.each(f, r, func(i int) forward.Document { return forward.Document{ID: rowID(f.table, r, i)} }); err != nil {
			return err
		}
		id, without := present(doc)
		if id == "" {
			return nil
		}
		b.record = append(b.record[:0], without...)
		return b.each(f, r, func(int) forward.Document { return forward.Document{ID: id, Version: r.time} })
	}
}

// each maps the record and adds its documents under the ids that of gives.
func (b *batch) each(f *filter, r row, of func(i int) forward.Document) error {
	var err error
	if b.mapped, err = b.mappers[f.stream].Append(b.mapped[:0], b.record); err != nil {
		return fault.New(fault.Internal, "map row of "+f.table, "%w", err)
	}
	n := 0
	for line := range lines(b.mapped) {
		d := of(n)
		d.Stream = string(f.stream)
		at := len(b.text)
		b.text = appendTimed(b.text, line, r.time)
		d.JSON = b.text[at:len(b.text):len(b.text)]
		b.docs = append(b.docs, d)
		n++
	}
	return nil
}

// rowID is made of what makes a row itself: its table, its event time and the hash of its record, and of the number of its document. The
// time stands in front, because neighbours that look alike are found faster over there.
func rowID(table string, r row, n int) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(table)) // never fails
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 24), uint64(r.time))
	b = binary.BigEndian.AppendUint64(b, uint64(r.hash))
	b = binary.BigEndian.AppendUint32(b, h.Sum32())
	if n > 0 {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
