package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql/value"
)

// remote asks a running Vedette through its streaming API.
func remote(server string) (asker, error) {
	base, err := url.Parse(server)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fault.New(fault.Invalid, "", "--server %q is not an address like http://127.0.0.1:8080", server)
	}
	return func(ctx context.Context, req query.Request, to query.Sink) (query.Summary, error) {
		if req.Timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeoutCause(ctx, req.Timeout, fault.New(fault.Exhausted, "", "the query ran for longer than %v and was stopped", req.Timeout))
			defer cancel()
		}
		ask := map[string]any{"query": req.Text}
		if !req.Now.IsZero() {
			ask["now"] = req.Now
		}
		if !req.From.IsZero() {
			ask["timespan"] = map[string]any{"from": req.From, "to": req.To}
		}
		body, err := json.Marshal(ask)
		if err != nil {
			return query.Summary{}, err
		}
		post, err := http.NewRequestWithContext(ctx, http.MethodPost, base.JoinPath("api/query").String(), bytes.NewReader(body))
		if err != nil {
			return query.Summary{}, err
		}
		post.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(post)
		if ctx.Err() != nil {
			return query.Summary{}, context.Cause(ctx)
		}
		if err != nil {
			return query.Summary{}, fault.New(fault.Unavailable, "ask "+base.Host, "%w", err).WithHint("is `vedette run` or `vedette demo` running there?")
		}
		defer resp.Body.Close()
		if kind := resp.Header.Get("Content-Type"); !strings.Contains(kind, "json") {
			return query.Summary{}, fault.New(fault.Invalid, "ask "+base.Host, "it answers %s, not as a Vedette does", resp.Status).WithHint("give the address that Vedette printed")
		}
		sum, err := readLines(resp.Body, to)
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return sum, err
	}, nil
}

// remoteLine is any line of a streamed answer, and the body of an error.
type remoteLine struct {
	Type      string             `json:"type"`
	Table     string             `json:"table"`
	Columns   []namedType        `json:"columns"`
	Rows      json.RawMessage    `json:"rows"`
	Truncated *query.Truncation  `json:"truncated"`
	Warnings  []query.Diagnostic `json:"warnings"`
	Chart     *query.Chart       `json:"chart"`
	Error     *query.Error       `json:"error"`
}

func readLines(body io.Reader, to query.Sink) (query.Summary, error) {
	r := bufio.NewReaderSize(body, 1<<20)
	var cols []query.Column
	var sum query.Summary
	for {
		text, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(text)) > 0 {
			var l remoteLine
			if err := json.Unmarshal(text, &l); err != nil {
				return sum, fault.New(fault.Unavailable, "read answer", "%w", err)
			}
			switch {
			case l.Error != nil:
				return sum, l.Error
			case l.Type == "columns":
				cols = nil
				for _, c := range l.Columns {
					t, _ := value.TypeOf(c.Type)
					cols = append(cols, query.Column{Name: c.Name, Type: t})
				}
				if err := to.Columns(l.Table, cols); err != nil {
					return sum, err
				}
			case l.Type == "rows":
				rows, err := remoteRows(l.Rows, cols)
				if err != nil {
					return sum, err
				}
				sum.Rows += int64(len(rows))
				if err := to.Rows(rows); err != nil {
					return sum, err
				}
			case l.Type == "done":
				sum.Truncated, sum.Warnings, sum.Chart = l.Truncated, l.Warnings, l.Chart
				return sum, nil
			}
		}
		if err == io.EOF {
			return sum, fault.New(fault.Unavailable, "read answer", "it broke off before its end")
		}
		if err != nil {
			return sum, fault.New(fault.Unavailable, "read answer", "%w", err)
		}
	}
}

// remoteRows reads rows whose values are encoded as Kusto's v2 REST API does.
func remoteRows(text json.RawMessage, cols []query.Column) ([][]value.Value, error) {
	var raw [][]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fault.New(fault.Unavailable, "read answer", "%w", err)
	}
	out := make([][]value.Value, len(raw))
	for i, r := range raw {
		if len(r) > len(cols) {
			return nil, fault.New(fault.Unavailable, "read answer", "a row has %d cells for %d columns", len(r), len(cols))
		}
		out[i] = make([]value.Value, len(r))
		for j, cell := range r {
			out[i][j] = remoteCell(cell, cols[j].Type)
		}
	}
	return out, nil
}

func remoteCell(cell json.RawMessage, t value.Type) value.Value {
	if string(cell) == "null" {
		return value.NullOf(t)
	}
	if t == value.Dynamic {
		v, _ := value.ParseJSON(string(cell))
		return value.OfDynamic(v)
	}
	text := string(cell)
	var s string
	if json.Unmarshal(cell, &s) == nil {
		text = s
	}
	if t == value.String {
		return value.OfString(text)
	}
	v, ok := value.Parse(t, text)
	if !ok {
		return value.NullOf(t)
	}
	return v
}
