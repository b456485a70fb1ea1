package relay

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"

	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/kql/value"
)

// row is a stored row with what makes it itself.
type row struct {
	f      *read
	time   int64 // event time in ticks
	hash   int64
	tenant string
	cells  []value.Value
}

// added are the columns that a streamed table has beside those of the record. The tenant stands in the envelope.
func added(name string) bool { return name == schema.TenantID || name == schema.TimeGenerated }

// event appends the record as the Streaming API gave it: the envelope, and in it the columns that have a value.
func (r row) event(b []byte) []byte {
	b = append(b, `{"time":"`...)
	b = value.AppendDatetime(b, r.time, false)
	b = append(b, `","tenantId":`...)
	b = value.AppendQuoted(b, r.tenant)
	b = append(b, `,"operationName":"Publish","category":`...)
	b = value.AppendQuoted(b, record.CategoryPrefix+r.f.table)
	b = append(b, `,"properties":{`...)
	first := true
	for i, v := range r.cells {
		c := r.f.columns[i]
		if c.name == nil || v.Null || v.T == value.String && (v.S == "" || c.typed && v.S == r.f.table) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, c.name...)
		if v.T == value.Datetime {
			b = append(b, '"')
			b = append(value.AppendDatetime(b, v.I, false), '"')
		} else {
			b = v.AppendJSON(b)
		}
	}
	return append(b, `}}`...)
}

// document gives the record as Graph gave it; "" when the row is not Defender's.
func (r row) document() string {
	i := r.f.document
	if i < 0 || r.cells[i].Null {
		return ""
	}
	return string(value.AppendDynamic(nil, r.cells[i]))
}

// present gives, of an incident or alert, its id and the record of its present state: that of an incident is about itself, and its alerts
// have their own.
func present(doc string) (id, without string) {
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(doc), &members) != nil || json.Unmarshal(members["id"], &id) != nil {
		return "", ""
	}
	if members["alerts"] == nil {
		return id, doc
	}
	delete(members, "alerts")
	text, err := json.Marshal(members)
	if err != nil {
		return "", ""
	}
	return id, string(text)
}

// lines gives the lines of text without their line feeds.
func lines(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(text) > 0 {
			line, rest, _ := bytes.Cut(text, []byte{'\n'})
			if text = rest; len(line) > 0 && !yield(line) {
				return
			}
		}
	}
}

// appendTimed appends a document; one without @timestamp gets the row's time, since an append-only stream takes none without.
func appendTimed(b, doc []byte, ticks int64) []byte {
	if bytes.HasPrefix(doc, []byte(`{"@timestamp":`)) || len(doc) < 3 || doc[0] != '{' {
		return append(b, doc...)
	}
	b = append(b, `{"@timestamp":"`...)
	b = value.AppendDatetime(b, ticks, false)
	b = b[:len(b)-len("0000Z")] // milliseconds, as Elastic's documents
	b = append(b, `Z",`...)
	return append(b, doc[1:]...)
}

// quoted is a member's name with its colon.
func quoted(name string) []byte {
	return append(value.AppendQuoted(nil, strings.Clone(name)), ':')
}
