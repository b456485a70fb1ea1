package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
)

type queryFlags struct {
	data, server, schema, format, now, timespan, batch string

	timeout time.Duration
}

func queryCommand() *cobra.Command {
	var f queryFlags
	c := &cobra.Command{
		Use:   "query [flags] 'KQL'",
		Short: "Answer a KQL query, or a file of them",
		Long: `Answers a KQL query over a data directory, or over a running Vedette with --server. The query is the argument, or standard input
when the argument is - or missing. With --schema it is answered over empty tables, which shows whether it runs and what it gives.

With --batch, reads lines {"id","query"} and writes, in the same order, lines
{"id","columns":[{"name","type"}],"rows":[[…]],"error":null|{"kind","message","line","column"}}, values encoded as Kusto's v2 REST API does. Of
several result tables it is the first; with --schema, the first of the last statement.

Ends with status 0 when every query was answered, 1 when one failed, 2 on wrong usage.`,
		Example: `  vedette query 'DeviceProcessEvents | where FileName =~ "powershell.exe" | take 10'
  vedette query --server http://127.0.0.1:8080 --format csv 'SecurityIncident | summarize count() by Severity' > incidents.csv
  vedette query --now 2026-03-01T00:00:00Z 'DeviceEvents | where Timestamp > ago(1d) | count'
  vedette query --timespan P14D 'SecurityAlert | summarize count() by bin(TimeGenerated, 1d) | render timechart'
  vedette query --batch queries.jsonl > answers.jsonl`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args) },
	}
	c.Flags().StringVar(&f.data, "data", "vedette-data", "the data directory")
	c.Flags().StringVar(&f.server, "server", "", "ask a running Vedette at this address instead of a data directory")
	c.Flags().StringVar(&f.format, "format", "table", "table, csv, json or jsonl")
	c.Flags().StringVar(&f.now, "now", "", "the time that now() and ago() mean, e.g. 2026-03-01T12:00:00Z (default: the present)")
	c.Flags().StringVar(&f.timespan, "timespan", "", "only rows of this time, as in Log Analytics' API: P14D, PT1H, or START/END")
	c.Flags().DurationVar(&f.timeout, "timeout", query.DefaultTimeout, "how long one query may run, e.g. 30s")
	c.Flags().StringVar(&f.schema, "schema", "", "answer over the empty tables of this JSON file {\"Table\":{\"Column\":\"type\"}} instead of a data directory")
	c.Flags().StringVar(&f.batch, "batch", "", "a file of queries, one JSON object a line; - for standard input")
	c.MarkFlagsMutuallyExclusive("data", "server", "schema")
	return c
}

// asker answers queries: an engine here, or a server.
type asker func(ctx context.Context, req query.Request, to query.Sink) (query.Summary, error)

func (f queryFlags) run(c *cobra.Command, args []string) error {
	make, known := formats[f.format]
	if !known {
		return usage(c, "--format %q is not table, csv, json or jsonl", f.format)
	}
	if f.timeout < 0 {
		return usage(c, "--timeout %v is negative", f.timeout)
	}
	req := query.Request{Timeout: f.timeout}
	if f.now != "" {
		var err error
		if req.Now, err = time.Parse(time.RFC3339Nano, f.now); err != nil {
			return usage(c, "--now %q is not a time like 2026-03-01T12:00:00Z", f.now)
		}
	}
	if f.timespan != "" {
		now := req.Now
		if now.IsZero() {
			now = time.Now()
		}
		var err error
		if req.From, req.To, err = query.ParseTimespan(f.timespan, now); err != nil {
			return usage(c, "--timespan %v", err)
		}
	}
	if f.batch != "" && len(args) > 0 {
		return usage(c, "give either a query or --batch, not both")
	}
	ask, done, err := f.asker(c.Context(), c.ErrOrStderr())
	if err != nil {
		return err
	}
	defer done()
	if f.batch != "" {
		return f.runBatch(c, ask, req)
	}
	if req.Text, err = readText(c, args); err != nil {
		return err
	}
	out := make(c.OutOrStdout())
	sum, err := ask(c.Context(), req, out)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return explainFailure(c.ErrOrStderr(), req.Text, err)
	}
	if sum.Truncated != nil {
		fmt.Fprintln(c.ErrOrStderr(), "note:", sum.Truncated.Reason)
	}
	for _, w := range sum.Warnings {
		advice := ""
		if w.Suggestion != "" {
			advice = "; " + w.Suggestion
		}
		fmt.Fprintf(c.ErrOrStderr(), "%s: line %d, column %d: %s%s\n", w.Severity, w.Line, w.Column, w.Message, advice)
	}
	return nil
}

// nothingIn reports whether a data directory is still to be made: it is not there, or empty. One that holds other things is a mistake.
func nothingIn(dir string) (bool, error) {
	if _, err := os.Stat(filepath.Join(dir, "format")); err == nil {
		return false, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return true, nil
	}
	return false, fault.New(fault.Invalid, "", "%s is not a data directory of Vedette", dir).WithHint("name one with --data, or a running Vedette with --server; `vedette ingest` and `vedette run` make one")
}

func (f queryFlags) asker(ctx context.Context, errs io.Writer) (asker, func(), error) {
	if f.server != "" {
		ask, err := remote(f.server)
		return ask, func() {}, err
	}
	if f.schema != "" {
		engine, err := checker(f.schema, true)
		if err != nil {
			return nil, nil, err
		}
		return engine.Run, func() {}, nil
	}
	switch empty, err := nothingIn(f.data); {
	case err != nil:
		return nil, nil, err
	case empty:
		fmt.Fprintf(errs, "note: there is no data in %s: every table is empty (--data names a data directory, --server a running Vedette)\n", f.data)
		engine, err := checker("", true)
		if err != nil {
			return nil, nil, err
		}
		return engine.Run, func() {}, nil
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
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	for _, d := range q.Diagnostics {
		fmt.Fprintf(w, "%s: line %d, column %d: %s\n", d.Severity, d.Line, d.Column, d.Message)
		if d.Line >= 1 && d.Line <= len(lines) {
			line := lines[d.Line-1]
			from, to := runes(line, d.Column-1), utf8.RuneCountInString(line)
			if d.EndLine == d.Line {
				to = runes(line, d.EndColumn-1)
			}
			fmt.Fprintf(w, "  %s\n  %s%s\n", harmless(strings.ReplaceAll(line, "\t", " ")), strings.Repeat(" ", from), strings.Repeat("^", max(1, to-from)))
		}
		if d.Suggestion != "" {
			fmt.Fprintln(w, "  "+d.Suggestion)
		}
	}
	return exitStatus(1)
}

// runes gives the number of characters in the first units UTF-16 units of line.
func runes(line string, units int) (n int) {
	for _, r := range line {
		if units -= utf16.RuneLen(r); units < 0 {
			break
		}
		n++
	}
	return n
}

// batchError is the error of one line of a batch's output.
type batchError struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

func (f queryFlags) runBatch(c *cobra.Command, ask asker, req query.Request) error {
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
		req.Text = q.Query
		sum, err := ask(c.Context(), req, &answer)
		failed = failed || err != nil
		table := 0
		if f.schema != "" { // it is asked what the whole text gives, as a binder says it
			table = sum.Main
		}
		if err := answer.write(out, q.ID, table, err); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
		if sum.Truncated != nil {
			fmt.Fprintf(c.ErrOrStderr(), "note: line %d: %s\n", n, sum.Truncated.Reason)
		}
		if err := c.Context().Err(); err != nil {
			return fault.New(fault.Canceled, "", "%w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fault.New(fault.Invalid, "read queries", "%w", err)
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
			b.Message, b.Line, b.Column = d.Message, d.Line, d.Column
			break
		}
	}
	return b
}
