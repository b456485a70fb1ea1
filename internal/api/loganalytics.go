package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// The Log Analytics query API: the shape of requests, answers and errors that Azure Monitor's clients know.

// laRequest is the body of the POST form.
type laRequest struct {
	Query      string   `json:"query"`
	Timespan   string   `json:"timespan"`
	Workspaces []string `json:"workspaces"`
}

func (a *API) logAnalyticsPost(w http.ResponseWriter, r *http.Request) {
	var body laRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&body); err != nil {
		laError(w, http.StatusBadRequest, "BadArgumentError", "The request had some invalid properties", "BadBody", err.Error())
		return
	}
	if also := r.URL.Query().Get("timespan"); also != "" && body.Timespan == "" {
		body.Timespan = also
	}
	a.logAnalytics(w, r, body)
}

func (a *API) logAnalyticsGet(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a.logAnalytics(w, r, laRequest{Query: q.Get("query"), Timespan: q.Get("timespan")})
}

func (a *API) logAnalytics(w http.ResponseWriter, r *http.Request, body laRequest) {
	if strings.TrimSpace(body.Query) == "" {
		laError(w, http.StatusBadRequest, "BadArgumentError", "The request had some invalid properties", "QueryValidationError", "the query is empty")
		return
	}
	now := time.Now()
	req := query.Request{Text: body.Query, Who: whoAsks(r), Now: now}
	if body.Timespan != "" {
		from, to, err := query.ParseTimespan(body.Timespan, now)
		if err != nil {
			laError(w, http.StatusBadRequest, "BadArgumentError", "The request had some invalid properties", "InvalidTimespan", err.Error())
			return
		}
		req.From, req.To = from, to
	}
	var out laTables
	sum, err := a.Query.Run(r.Context(), req, &out)
	if err != nil {
		laFailed(w, body.Query, err)
		return
	}
	prefer := r.Header.Get("Prefer")
	out.finish()
	b := append([]byte(`{"tables":[`), out.json...)
	b = append(b, ']')
	if strings.Contains(prefer, "include-render=true") && sum.Chart != nil {
		b = appendField(b, "render", map[string]any{"visualization": sum.Chart.Kind, "title": sum.Chart.Title, "xColumn": sum.Chart.X, "yColumns": sum.Chart.Y, "series": sum.Chart.Series, "kind": sum.Chart.Stacked})
	}
	if strings.Contains(prefer, "include-statistics=true") {
		b = appendField(b, "statistics", map[string]any{"query": map[string]any{"executionTime": sum.Elapsed.Seconds(), "resultRows": sum.Rows}})
	}
	if sum.Truncated != nil {
		b = appendField(b, "error", laErrorBody("PartialError", "There were some errors when processing your query.", "QueryResultTruncated", sum.Truncated.Reason))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append(b, "}\n"...))
}

func appendField(b []byte, name string, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return b
	}
	b = append(b, ',')
	b = strconv.AppendQuote(b, name)
	b = append(b, ':')
	return append(b, text...)
}

// laTables gathers result tables in Log Analytics' shape.
type laTables struct {
	json []byte
	open bool
	rows int
}

// Columns implements query.Sink.
func (t *laTables) Columns(table string, cols []query.Column) error {
	t.finish()
	if len(t.json) > 0 {
		t.json = append(t.json, ',')
	}
	head, err := json.Marshal(columnsJSON(cols))
	if err != nil {
		return err
	}
	t.json = append(t.json, `{"name":`...)
	t.json = strconv.AppendQuote(t.json, table)
	t.json = append(t.json, `,"columns":`...)
	t.json = append(append(t.json, head...), `,"rows":[`...)
	t.open, t.rows = true, 0
	return nil
}

// Rows implements query.Sink.
func (t *laTables) Rows(rows [][]value.Value) error {
	if len(rows) == 0 {
		return nil
	}
	if t.rows > 0 {
		t.json = append(t.json, ',')
	}
	t.rows += len(rows)
	text := appendRows(nil, rows, appendLACell)
	t.json = append(t.json, text[1:len(text)-1]...)
	return nil
}

func (t *laTables) finish() {
	if t.open {
		t.json = append(t.json, "]}"...)
		t.open = false
	}
}

// appendLACell differs from Kusto's v2 form in dynamic values, which Log Analytics gives as JSON in a string.
func appendLACell(b []byte, v value.Value) []byte {
	if v.T != value.Dynamic || v.Null {
		return v.AppendJSON(b)
	}
	text, err := json.Marshal(string(v.AppendJSON(nil)))
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, text...)
}

func laFailed(w http.ResponseWriter, text string, err error) {
	e := bodyOf(err)
	if fault.Kind(e.Kind) == fault.Exhausted && errors.Is(err, query.ErrTimeout) {
		laError(w, http.StatusGatewayTimeout, "GatewayTimeout", e.Message, "GatewayTimeout", e.Hint)
		return
	}
	switch fault.Kind(e.Kind) {
	case fault.Invalid, fault.Unsupported, fault.NotFound:
		inner := "SemanticError"
		if _, diags := syntax.Parse(text); diags.HasErrors() {
			inner = "SyntaxError"
		}
		laError(w, http.StatusBadRequest, "BadArgumentError", "The request had some invalid properties", inner, e.Message)
	case fault.Throttled:
		laError(w, http.StatusTooManyRequests, "ThrottledError", e.Message, "ThrottledError", e.Hint)
	default:
		laError(w, statusOf(err), "GeneralError", e.Message, string(e.Kind), e.Hint)
	}
}

func laErrorBody(code, message, innerCode, innerMessage string) map[string]any {
	return map[string]any{"code": code, "message": message, "innererror": map[string]any{"code": innerCode, "message": innerMessage}}
}

func laError(w http.ResponseWriter, status int, code, message, innerCode, innerMessage string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": laErrorBody(code, message, innerCode, innerMessage)})
}
