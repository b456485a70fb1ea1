package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/query"
	"github.com/vedette-siem/vedette/kql"
	"github.com/vedette-siem/vedette/kql/syntax"
)

func kqlCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "kql",
		Short: "Check, format, explain and complete KQL without data",
		Long:  "Works on the text of queries: checks them against the catalogue of tables, formats them, or shows how they would be run.",
	}
	c.AddCommand(kqlCheckCommand(), kqlFormatCommand(), kqlExplainCommand(), kqlCompleteCommand())
	return c
}

// readText gives the argument, or standard input for - or none.
func readText(c *cobra.Command, args []string) (string, error) {
	if len(args) > 0 && args[0] != "-" {
		return args[0], nil
	}
	b, err := io.ReadAll(io.LimitReader(c.InOrStdin(), 4<<20))
	if err != nil {
		return "", fault.New(fault.Invalid, "read query", "%w", err)
	}
	return string(b), nil
}

func kqlCheckCommand() *cobra.Command {
	var batch, catalogue string
	c := &cobra.Command{
		Use:   "check [flags] 'KQL'",
		Short: "Say whether a query is right, and which columns it gives",
		Long: `Parses and binds a query against the catalogue of tables, without running it. Faults are shown at their places, several at once.

With --batch, reads lines {"id","query"} and writes, in the same order, lines {"id","columns":[{"name","type"}],"error":null|{…}}.
--schema takes the tables from a JSON file {"Table":{"Column":"type"}} instead.`,
		Example: `  vedette kql check 'DeviceEvents | where FilName has "x"'
  vedette kql check --batch rules.jsonl --schema tables.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			engine, err := checker(catalogue, true)
			if err != nil {
				return err
			}
			if batch != "" {
				return checkBatch(c, engine, batch)
			}
			text, err := readText(c, args)
			if err != nil {
				return err
			}
			cols, diags := engine.Check(text)
			if cols == nil {
				return explainFailure(c.ErrOrStderr(), text, &query.Error{Kind: string(fault.Invalid), Diagnostics: diags})
			}
			if len(diags) > 0 {
				_ = explainFailure(c.ErrOrStderr(), text, &query.Error{Diagnostics: diags}) // warnings: shown, not failed
			}
			for _, col := range cols {
				fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", col.Name, col.Type)
			}
			return nil
		},
	}
	c.Flags().StringVar(&batch, "batch", "", "a file of queries, one JSON object a line; - for standard input")
	c.Flags().StringVar(&catalogue, "schema", "", "a JSON file of tables to check against")
	return c
}

func checkBatch(c *cobra.Command, engine *query.Engine, path string) error {
	in := c.InOrStdin()
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return fault.New(fault.Invalid, "read queries", "%w", err)
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	out := bufio.NewWriter(c.OutOrStdout())
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
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
		answer := struct {
			ID      json.RawMessage `json:"id"`
			Columns []namedType     `json:"columns"`
			Error   *batchError     `json:"error"`
		}{ID: q.ID}
		if len(q.ID) == 0 {
			answer.ID = json.RawMessage(strconv.Itoa(n))
		}
		cols, diags := engine.Check(q.Query)
		answer.Columns = namedTypes(cols)
		if cols == nil {
			failed = true
			answer.Error = &batchError{Kind: string(fault.Invalid)}
			for _, d := range diags {
				if d.Severity == "error" {
					answer.Error.Message, answer.Error.Line, answer.Error.Column = d.Message, d.Line, d.Column
					break
				}
			}
		}
		if err := enc.Encode(answer); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
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

func kqlFormatCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "format ['KQL']",
		Short:   "Lay out a query: one operator a line, comments kept",
		Example: `  vedette kql format 'DeviceEvents|where ActionType=="x"|count'`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readText(c, args)
			if err != nil {
				return err
			}
			laid, diags := syntax.Format(text)
			if diags.HasErrors() {
				fmt.Fprint(c.ErrOrStderr(), kql.Errors(text, diags))
				return exitStatus(1)
			}
			fmt.Fprintln(c.OutOrStdout(), laid)
			return nil
		},
	}
}

func kqlExplainCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "explain ['KQL']",
		Short: "Show how a query would be run: its plan, the SQL, and the steps in Go",
		Long: `Shows how a query would be run over the catalogue of tables: which part of it is one SQL statement for the store, and which operators
run in Go over its rows. The answer is the same either way; SQL is faster. With --data it also says which of the stored files and blocks
of rows the query would read, by its time range and by the term index.`,
		Example: `  vedette kql explain 'DeviceEvents | where ActionType == "UsbDriveMounted" | summarize count() by DeviceName'
  vedette kql explain --data vedette-data 'DeviceProcessEvents | where ProcessCommandLine has "mimikatz"'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			engine, err := checker("", false)
			if err != nil {
				return err
			}
			if data != "" {
				if empty, err := nothingIn(data); err != nil {
					return err
				} else if empty {
					return fault.New(fault.Invalid, "", "there is no data in %s", data)
				}
				local, err := app.OpenLocal(c.Context(), data)
				if err != nil {
					return err
				}
				defer local.Close()
				engine = local.Engine
			}
			text, err := readText(c, args)
			if err != nil {
				return err
			}
			plan, err := engine.Explain(query.Request{Text: text})
			if err != nil {
				return explainFailure(c.ErrOrStderr(), text, err)
			}
			fmt.Fprintln(c.OutOrStdout(), plan)
			return nil
		},
	}
	c.Flags().StringVar(&data, "data", "", "explain over the data in this directory")
	return c
}
