package hunting

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/defender"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
)

// answer is what the service says: columns by the schema, since rows carry other members too.
type answer struct {
	Schema  []struct{ Name, Type string }
	Results []map[string]json.RawMessage
	size    int
}

// ask runs a query.
func (s *Source) ask(ctx context.Context, query string) (answer, error) {
	days := int(s.cfg.History/(24*time.Hour)) + 1
	text, err := s.cfg.Client.Do(ctx, defender.Request{Resource: defender.Graph, Method: "POST", Path: "/v1.0/security/runHuntingQuery",
		Body: map[string]string{"Query": query, "Timespan": fmt.Sprintf("P%dD", min(days, 30))}})
	if err != nil {
		return answer{}, err
	}
	a := answer{size: len(text)}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fault.New(fault.Unavailable, "read the answer of a hunting query", "%w", err)
	}
	return a, nil
}

// slice is the rows of a table from a time on, that included, until another; or, of a snapshot, one part of several.
type slice struct {
	table       string
	from, to    int64 // ticks since 1970; both 0: all times
	part, parts int   // parts 0: all of them
	key         string
}

// stamp is how times stand in queries.
const stamp = "2006-01-02T15:04:05.0000000Z"

func (sl slice) query() string {
	q := sl.table
	if sl.to != 0 {
		q += fmt.Sprintf("\n| where Timestamp >= datetime(%s) and Timestamp < datetime(%s)", fromTicks(sl.from).Format(stamp), fromTicks(sl.to).Format(stamp))
	}
	if sl.parts > 1 {
		q += fmt.Sprintf("\n| where hash(%s, %d) == %d", sl.key, sl.parts, sl.part)
	}
	return q
}

// row is a row of a table: its time and its properties as the Streaming API would write them.
type row struct {
	at   int64
	body []byte
}

// read asks for a slice. cut says that the answer may not have all of its rows, or is more than the service gives at once.
func (s *Source) read(ctx context.Context, sl slice) (rows []row, size int, cut bool, err error) {
	a, err := s.ask(ctx, sl.query())
	switch {
	case err != nil && tooLarge(err):
		return nil, 0, true, nil
	case err != nil:
		return nil, 0, false, err
	case len(a.Results) >= rowLimit:
		return nil, a.size, true, nil
	}
	rows = make([]row, 0, len(a.Results))
	var buf bytes.Buffer
	for i, cells := range a.Results {
		rows = append(rows, a.row(&buf, cells, sl.from))
		a.Results[i] = nil
	}
	return rows, a.size, false, nil
}

// tooLarge reports whether the service refused an answer for its size.
func tooLarge(err error) bool {
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Exhausted) {
		return false
	}
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "exceed") || strings.Contains(text, "too large") || strings.Contains(text, "larger than")
}

// row writes the cells that say something. otherwise is the time of a row that has none.
func (a answer) row(buf *bytes.Buffer, cells map[string]json.RawMessage, otherwise int64) row {
	r := row{at: otherwise}
	buf.Reset()
	buf.WriteByte('{')
	for _, c := range a.Schema {
		v := cells[c.Name]
		switch text := string(v); {
		case text == "", text == "null", text == "{}", text == `""`: // missing: the service writes an empty object for a datetime or dynamic
			continue
		case added(c.Name):
			continue
		case c.Name == "Timestamp":
			var at time.Time
			if json.Unmarshal(v, &at) == nil {
				r.at = toTicks(at)
			}
		case strings.EqualFold(c.Type, "SByte"):
			v = json.RawMessage(map[bool]string{false: "true", true: "false"}[text == "0"])
		}
		if buf.Len() > 1 {
			buf.WriteByte(',')
		}
		name, _ := json.Marshal(c.Name) // a string always can be
		buf.Write(name)
		buf.WriteByte(':')
		buf.Write(v)
	}
	buf.WriteByte('}')
	r.body = bytes.Clone(buf.Bytes())
	return r
}

// added reports whether a column is one that the copy in a workspace adds to the original.
func added(column string) bool {
	switch column {
	case "TimeGenerated", "TenantId", "SourceSystem", "Type":
		return true
	}
	return strings.HasPrefix(column, "_")
}

// message wraps rows as the Streaming API wraps its records.
func (s *Source) message(table string, rows []row) []byte {
	tenant, _ := json.Marshal(s.cfg.Client.TenantID()) // a string always can be
	b := []byte(`{"records":[`)
	for i, r := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, `{"time":"`...), fromTicks(r.at).Format(stamp)...)
		b = append(append(b, `","tenantId":`...), tenant...)
		b = append(append(append(b, `,"operationName":"Publish","category":"`...), record.CategoryPrefix...), table...)
		b = append(append(b, `","properties":`...), r.body...)
		b = append(b, '}')
	}
	return append(b, "]}"...)
}
