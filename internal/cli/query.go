package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
)

type queryFlags struct {
	data, server, format, now, batch string
}

func queryCommand() *cobra.Command {
	var f queryFlags
	c := &cobra.Command{
		Use:   "query [flags] 'KQL'",
		Short: "Answer a KQL query, or a file of them",
		Long: `Answers a KQL query over a data directory, or over a running Vedette with --server. The query is the argument, or standard input
when the argument is - or missing.

With --batch, reads lines {"id","query"} and writes, in the same order, lines
{"id","columns":[{"name","type"}],"rows":[[…]],"error":null|{"kind","message","line","column"}}, values encoded as Kusto's v2 REST API does.

Ends with status 0 when every query was answered, 1 when one failed, 2 on wrong usage.`,
		Example: `  vedette query 'DeviceProcessEvents | where FileName =~ "powershell.exe" | take 10'
  vedette query --server http://127.0.0.1:8080 --format csv 'SecurityIncident | summarize count() by Severity' > incidents.csv
  vedette query --now 2026-03-01T00:00:00Z 'DeviceEvents | where Timestamp > ago(1d) | count'
  vedette query --batch queries.jsonl > answers.jsonl`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args) },
	}
	c.Flags().StringVar(&f.data, "data", "vedette-data", "the data directory")
	c.Flags().StringVar(&f.server, "server", "", "ask a running Vedette at this address instead of a data directory")
	c.Flags().StringVar(&f.format, "format", "table", "table, csv, json or jsonl")
	c.Flags().StringVar(&f.now, "now", "", "the time that now() and ago() mean, e.g. 2026-03-01T12:00:00Z (default: the present)")
	c.Flags().StringVar(&f.batch, "batch", "", "a file of queries, one JSON object a line; - for standard input")
	c.MarkFlagsMutuallyExclusive("data", "server")
	return c
}

// asker answers queries: an engine here, or a server.
type asker func(ctx context.Context, req query.Request, to query.Sink) (query.Summary, error)

func (f queryFlags) run(c *cobra.Command, args []string) error {
	make, known := formats[f.format]
	if !known {
		return usage(c, "--format %q is not table, csv, json or jsonl", f.format)
	}
	now := time.Time{}
	if f.now != "" {
		var err error
		if now, err = time.Parse(time.RFC3339Nano, f.now); err != nil {
			return usage(c, "--now %q is not a time like 2026-03-01T12:00:00Z", f.now)
		}
	}
	if f.batch != "" && len(args) > 0 {
		return usage(c, "give either a query or --batch, not both")
	}
	ask, done, err := f.asker(c.Context())
	if err != nil {
		return err
	}
	defer done()
	if f.batch != "" {
		return f.runBatch(c, ask, now)
	}
	text := "-"
	if len(args) > 0 {
		text = args[0]
	}
	if text == "-" {
		b, err := io.ReadAll(io.LimitReader(c.InOrStdin(), 4<<20))
		if err != nil {
			return fault.New(fault.Invalid, "read query", "%w", err)
		}
		text = string(b)
	}
	out := make(c.OutOrStdout())
	sum, err := ask(c.Context(), query.Request{Text: text, Now: now}, out)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return explainFailure(c.ErrOrStderr(), text, err)
	}
	if sum.Truncated != nil {
		fmt.Fprintln(c.ErrOrStderr(), "note:", sum.Truncated.Reason)
	}
	for _, w := range sum.Warnings {
		fmt.Fprintf(c.ErrOrStderr(), "%s: line %d, column %d: %s\n", w.Severity, w.Line, w.Column, w.Message)
	}
	return nil
}

func (f queryFlags) asker(ctx context.Context) (asker, func(), error) {
	if f.server != "" {
		ask, err := remote(f.server)
		return ask, func() {}, err
	}
	local, err := app.OpenLocal(ctx, f.data)
	if err != nil {
		return nil, nil, err
	}
	return local.Engine.Run, func() { _ = local.Close() }, nil // nothing was written
}

// explainFailure shows a query's faults with the text underlined, and gives the exit status.
func explainFailure(w io.Writer, text string, err error) error {
	var q *query.Error
	if !errors.As(err, &q) || len(q.Diagnostics) == 0 {
		return err
	}
	lines := strings.Split(text, "\n")
	for _, d := range q.Diagnostics {
		fmt.Fprintf(w, "%s: line %d, column %d: %s\n", d.Severity, d.Line, d.Column, d.Message)
		if d.Line >= 1 && d.Line <= len(lines) {
			line := strings.TrimSuffix(lines[d.Line-1], "\r")
			end := d.EndColumn
			if d.EndLine > d.Line {
				end = len([]rune(line)) + 1
			}
			fmt.Fprintf(w, "  %s\n  %s%s\n", strings.ReplaceAll(line, "\t", " "), strings.Repeat(" ", max(0, d.Column-1)), strings.Repeat("^", max(1, end-d.Column)))
		}
		if d.Suggestion != "" {
			fmt.Fprintln(w, "  "+d.Suggestion)
		}
	}
	return exitStatus(1)
}

// batchAnswer is one line of a batch's output. Rows are written apart, as they come.
type batchError struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

func (f queryFlags) runBatch(c *cobra.Command, ask asker, now time.Time) error {
	in := c.InOrStdin()
	if f.batch != "-" {
		file, err := os.Open(f.batch)
		if err != nil {
			return fault.New(fault.Invalid, "read queries", "%w", err)
		}
		defer file.Close()
		in = file
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	out := bufio.NewWriter(c.OutOrStdout())
	failed := false
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var q struct {
			ID    json.RawMessage `json:"id"`
			Query string          `json:"query"`
		}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fault.New(fault.Invalid, fmt.Sprintf("read queries, line %d", n), "%w", err)
		}
		if len(q.ID) == 0 {
			q.ID = json.RawMessage(fmt.Sprint(n))
		}
		var answer gather
		_, err := ask(c.Context(), query.Request{Text: q.Query, Now: now}, &answer)
		failed = failed || err != nil
		if err := answer.write(out, q.ID, err); err != nil {
			return err
		}
		if err := c.Context().Err(); err != nil {
			return fault.New(fault.Canceled, "", "%w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fault.New(fault.Invalid, "read queries", "%w", err)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if failed {
		return exitStatus(1)
	}
	return nil
}

func failureOf(err error) *batchError {
	var q *query.Error
	if !errors.As(err, &q) {
		return &batchError{Kind: string(fault.KindOf(err)), Message: err.Error()}
	}
	b := &batchError{Kind: q.Kind, Message: q.Message}
	for _, d := range q.Diagnostics {
		if d.Severity == "error" {
			b.Line, b.Column = d.Line, d.Column
			break
		}
	}
	return b
}
