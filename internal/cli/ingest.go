package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/collect/file"
	"github.com/vedette-siem/vedette/internal/ingest"
	"github.com/vedette-siem/vedette/internal/schema"
)

func ingestCommand() *cobra.Command {
	var data string
	var quiet bool
	c := &cobra.Command{
		Use:   "ingest FILE…",
		Short: "Take in Streaming API records from files",
		Long: `Takes in the records of files: Event Hub messages ({"records":[…]}) or single records, one a line, plain, gzip or zstd; - is standard
input. A record has the fields time, tenantId, category ("AdvancedHunting-DeviceEvents") and properties.

The same file, or the same records in another file, add nothing. A record that cannot be read is kept, with the reason, in the table
` + schema.IngestionFailures + `. Ends with status 1 when a file could not be read to its end.`,
		Example: `  vedette ingest events.ndjson.gz
  zcat export/*.gz | vedette ingest --data vedette-data -
  vedette query '` + schema.IngestionFailures + ` | project Table, Reason, Record'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return ingestFiles(c, data, quiet, args) },
	}
	c.Flags().StringVar(&data, "data", "vedette-data", "the data directory; no other Vedette may be using it")
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "show no progress")
	return c
}

func ingestFiles(c *cobra.Command, data string, quiet bool, paths []string) error {
	ctx := c.Context()
	local, err := app.OpenLocal(ctx, data)
	if err != nil {
		return err
	}
	defer func() { _ = local.Close() }() // every append was durable when it was counted
	began := time.Now()
	var counters ingest.Counters
	var firstErr error
	for _, path := range paths {
		if err := ingestFile(ctx, c, local, &counters, path, quiet); err != nil {
			if ctx.Err() != nil {
				return err
			}
			fmt.Fprintln(c.ErrOrStderr(), "vedette:", err)
			if firstErr == nil {
				firstErr = err
			}
		}
	}
	if err := summary(ctx, c.OutOrStdout(), local, &counters, began, firstErr == nil); err != nil {
		return err
	}
	if firstErr != nil {
		return exitStatus(1)
	}
	return nil
}

func ingestFile(ctx context.Context, c *cobra.Command, local *app.Local, counters *ingest.Counters, path string, quiet bool) error {
	src, err := file.Open(path, c.InOrStdin())
	if err != nil {
		return err
	}
	after, err := local.Store.Covered(ctx, src.Name())
	if err != nil {
		return err
	}
	stopBar := progressBar(c.ErrOrStderr(), path, src, quiet)
	defer stopBar()
	return local.TakeIn(ctx, src, after, counters)
}

// progressBar draws how much of a file was read, twice a second, where standard error is a terminal.
func progressBar(w io.Writer, path string, src *file.Source, quiet bool) (stop func()) {
	f, ok := w.(*os.File)
	if quiet || !ok {
		return func() {}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func() {}
	}
	done, gone := make(chan struct{}), make(chan struct{})
	began := time.Now()
	draw := func() {
		read, size := src.Progress()
		rate := float64(read) / (1 << 20) / max(time.Since(began).Seconds(), 0.001)
		if size == 0 {
			fmt.Fprintf(w, "\r%s  %d MiB read, %.0f MiB/s ", path, read>>20, rate)
			return
		}
		const width = 30
		full := int(width * read / max(size, 1))
		fmt.Fprintf(w, "\r%s  [%s%s] %3d %%  %.0f MiB/s ", path, strings.Repeat("#", full), strings.Repeat(".", width-full), 100*read/max(size, 1), rate)
	}
	go func() {
		defer close(gone)
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				draw()
				fmt.Fprintln(w)
				return
			case <-tick.C:
				draw()
			}
		}
	}()
	return func() { close(done); <-gone }
}

// summary prints rows per table, and what was refused with its reasons since began. whole says that every file was read to its end.
func summary(ctx context.Context, w io.Writer, local *app.Local, counters *ingest.Counters, began time.Time, whole bool) error {
	counts := counters.Snapshot()
	var names []string
	width := len("table")
	for name, n := range counts {
		if name == schema.IngestionFailures && n.Received == 0 {
			continue // what was refused is told below
		}
		names = append(names, name)
		width = max(width, len(name))
	}
	if len(names) == 0 {
		if whole {
			fmt.Fprintln(w, "nothing new: there are no records, or they were taken in before")
		}
		return nil
	}
	slices.Sort(names)
	fmt.Fprintf(w, "%-*s %10s %10s %12s %10s\n", width, "table", "records", "stored", "duplicates", "refused")
	var refused int64
	for _, name := range names {
		n := counts[name]
		refused += n.Refused
		shown := name
		if shown == "" {
			shown = "(unclear)"
		}
		fmt.Fprintf(w, "%-*s %10d %10d %12d %10d\n", width, shown, n.Received, n.Stored, n.Duplicate, n.Refused)
	}
	if refused == 0 {
		return nil
	}
	reasons, err := local.Reasons(ctx, began)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nrefused, and kept in %s:\n", schema.IngestionFailures)
	for _, r := range reasons {
		fmt.Fprintf(w, "%10d  %s\n", r.Count, r.Text)
	}
	return nil
}
