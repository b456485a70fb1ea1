package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/ecs"
	"github.com/vedette-siem/vedette/internal/fault"
)

func ecsCommand() *cobra.Command {
	opt := ecs.Default()
	var stream string
	var names []string
	for _, s := range ecs.Streams() {
		names = append(names, string(s))
	}
	c := &cobra.Command{
		Use:   "ecs [--stream NAME] [FILE]",
		Short: "Make Elastic Common Schema documents of raw records",
		Long: `Reads raw records, one a line - of the stream event also Event Hub messages ({"records":[…]}) - and writes the documents that Elastic's
integrations for Microsoft Defender make of them, one a line. Without FILE, or with -, reads standard input. The same input gives the
same bytes. docs/ecs.md says where each field comes from.

A line that cannot be read is told on standard error with its number; the others go on, and the command ends with status 1.

Streams: ` + strings.Join(names, ", ") + `.`,
		Example: `  vedette ecs events.ndjson
  vedette ecs --stream alert --preserve-original-event alerts.ndjson`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := ecs.New(ecs.Stream(stream), opt)
			if err != nil {
				return usage(c, "%w", err)
			}
			in, name := c.InOrStdin(), "standard input"
			if len(args) > 0 && args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return fault.New(fault.NotFound, "open records", "%w", err)
				}
				defer f.Close()
				in, name = f, args[0]
			}
			return mapLines(m, in, name, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&stream, "stream", string(ecs.Event), "what the records are")
	c.Flags().BoolVar(&opt.PreserveOriginal, "preserve-original-event", false, "keep each record's text in event.original")
	c.Flags().BoolVar(&opt.PreserveDuplicates, "preserve-duplicate-custom-fields", false, "keep custom fields whose value stands in an ECS field as well")
	c.Flags().BoolVar(&opt.StrictElastic, "strict-elastic", opt.StrictElastic, "keep the faults of Elastic's pipelines that only hurt; docs/ecs.md lists them")
	return c
}

// maxRecord is the longest line read: an Event Hub message may have 1 MB, a page of Graph's incidents more.
const maxRecord = 64 << 20

// mapLines maps each line of in. Faults are told as they come; the error says only that there were some.
func mapLines(m *ecs.Mapper, in io.Reader, name string, out, errs io.Writer) error {
	w := bufio.NewWriterSize(out, 1<<16)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), maxRecord)
	var docs []byte
	n, bad := 0, false
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var err error
		if docs, err = m.Append(docs[:0], line); err != nil {
			bad = true
			fmt.Fprintf(errs, "vedette: %s, line %d: %v\n", name, n, err)
		}
		if _, err := w.Write(docs); err != nil {
			return fault.New(fault.Unavailable, "write documents", "%w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fault.New(fault.Unavailable, "write documents", "%w", err)
	}
	if err := lines.Err(); err != nil {
		return fault.New(fault.Invalid, "read records", "%s, line %d: %w", name, n+1, err)
	}
	if bad {
		return exitStatus(1)
	}
	return nil
}
