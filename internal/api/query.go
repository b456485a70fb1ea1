package api

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// queryRequest is the body of POST /api/query.
type queryRequest struct {
	Query    string `json:"query"`
	Timespan *struct {
		From time.Time `json:"from"`
		To   time.Time `json:"to"`
	} `json:"timespan"`
	MaxRows int64     `json:"maxRows"`
	Now     time.Time `json:"now"` // what now() and ago() mean; the present when absent
}

// query streams a result as lines of JSON; see the OpenAPI description for the lines.
func (a *API) query(w http.ResponseWriter, r *http.Request) {
	var body queryRequest
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	req := query.Request{Text: body.Query, Who: whoAsks(r), MaxRows: body.MaxRows, Now: body.Now}
	if body.Timespan != nil {
		req.From, req.To = body.Timespan.From, body.Timespan.To
	}
	out := newLineSink(w)
	stop := out.progressEvery(time.Second)
	sum, err := a.Query.Run(r.Context(), req, out)
	stop()
	switch {
	case err != nil && !out.begun():
		writeError(w, err)
	case err != nil:
		out.line(map[string]any{"type": "error", "error": bodyOf(err)})
	default:
		warnings := sum.Warnings
		if warnings == nil {
			warnings = []query.Diagnostic{}
		}
		out.line(map[string]any{"type": "done", "rows": sum.Rows, "elapsedMs": sum.Elapsed.Milliseconds(), "queuedMs": sum.Queued.Milliseconds(), "truncated": sum.Truncated, "chart": sum.Chart, "warnings": warnings})
	}
}

// whoAsks tells callers apart, so that a busy one does not keep the others waiting.
func whoAsks(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return "api " + host
}

// lineSink writes a result as NDJSON and flushes each batch, so that the first rows are seen while the rest is still being found.
type lineSink struct {
	w     http.ResponseWriter
	flush func() error
	start time.Time

	mu    sync.Mutex
	buf   bytes.Buffer
	types []value.Type
	rows  int64
	wrote bool
	last  time.Time
}

func newLineSink(w http.ResponseWriter) *lineSink {
	return &lineSink{w: w, flush: http.NewResponseController(w).Flush, start: time.Now(), last: time.Now()}
}

func (s *lineSink) begun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wrote
}

// send writes what is in buf; mu is held.
func (s *lineSink) send() error {
	if !s.wrote {
		s.w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
		s.w.Header().Set("Cache-Control", "no-store")
		s.wrote = true
	}
	s.last = time.Now()
	_, err := s.w.Write(s.buf.Bytes())
	s.buf.Reset()
	if err != nil {
		return fault.New(fault.Canceled, "send result", "%w", err)
	}
	_ = s.flush() // not every writer can; the rows then arrive at the end
	return nil
}

func (s *lineSink) line(v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	enc := json.NewEncoder(&s.buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) == nil {
		_ = s.send() // the client has gone; nobody is left to be told
	}
}

// Columns implements query.Sink.
func (s *lineSink) Columns(table string, cols []query.Column) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.types = s.types[:0]
	for _, c := range cols {
		s.types = append(s.types, c.Type)
	}
	enc := json.NewEncoder(&s.buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(map[string]any{"type": "columns", "table": table, "columns": columnsJSON(cols)}); err != nil {
		return err
	}
	return s.send()
}

// Rows implements query.Sink.
func (s *lineSink) Rows(rows [][]value.Value) error {
	if len(rows) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := append(s.buf.AvailableBuffer(), `{"type":"rows","rows":`...)
	b = appendRows(b, rows, appendCell)
	s.buf.Write(append(b, "}\n"...))
	s.rows += int64(len(rows))
	return s.send()
}

// progressEvery tells the client every d that the query is alive while nothing else is being sent, until stop is called.
func (s *lineSink) progressEvery(d time.Duration) (stop func()) {
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		tick := time.NewTicker(d)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case now := <-tick.C:
				s.mu.Lock()
				if now.Sub(s.last) >= d {
					_ = json.NewEncoder(&s.buf).Encode(map[string]any{"type": "progress", "elapsedMs": now.Sub(s.start).Milliseconds(), "rows": s.rows})
					_ = s.send() // a client that has gone is noticed by the query's own context
				}
				s.mu.Unlock()
			}
		}
	}()
	return func() { close(done); <-gone }
}

type columnJSON struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func columnsJSON(cols []query.Column) []columnJSON {
	out := make([]columnJSON, len(cols))
	for i, c := range cols {
		out[i] = columnJSON{c.Name, c.Type.String()}
	}
	return out
}

// appendRows appends rows as a JSON array of arrays, each cell by cell.
func appendRows(b []byte, rows [][]value.Value, cell func([]byte, value.Value) []byte) []byte {
	b = append(b, '[')
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j, v := range row {
			if j > 0 {
				b = append(b, ',')
			}
			b = cell(b, v)
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

// check binds a query without running it.
func (a *API) check(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Query string `json:"query"`
	}
	if err := readJSON(w, r, &body); err != nil {
		writeError(w, err)
		return
	}
	cols, diags := a.Query.Check(body.Query)
	if diags == nil {
		diags = []query.Diagnostic{}
	}
	out := struct {
		Diagnostics []query.Diagnostic `json:"diagnostics"`
		Columns     []columnJSON       `json:"columns"`
	}{Diagnostics: diags}
	if cols != nil {
		out.Columns = columnsJSON(cols)
	}
	writeJSON(w, out)
}

// schema describes tables and functions for the editor.
func (a *API) schema(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, a.Query.Schema())
}

func appendCell(b []byte, v value.Value) []byte { return v.AppendJSON(b) }
