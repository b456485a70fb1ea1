package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/library"
	"github.com/vedette-siem/vedette/internal/query"
)

func watchlistCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "watchlist",
		Short: "Keep the lists that _GetWatchlist gives",
		Long: `Keeps watchlists: named tables of your own that queries read with _GetWatchlist('alias'). A list is made of a CSV file with a header; one of
its columns is the search key, which queries see as SearchKey beside the columns themselves.`,
	}
	c.AddCommand(watchlistImportCommand(), watchlistListCommand(), watchlistRemoveCommand())
	return c
}

// lists is where watchlists are kept: a data directory, or a running Vedette.
type lists interface {
	ImportWatchlist(ctx context.Context, w library.Watchlist, file io.Reader) (library.Watchlist, error)
	ListWatchlists(ctx context.Context) ([]library.Watchlist, error)
	RemoveWatchlist(ctx context.Context, alias string) error
}

type listFlags struct{ data, server string }

func (f *listFlags) add(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&f.data, "data", "vedette-data", "the data directory; no other Vedette may be using it")
	c.Flags().StringVar(&f.server, "server", "", "tell a running Vedette at this address instead")
	c.MarkFlagsMutuallyExclusive("data", "server")
	return c
}

// with opens the place that the flags name, and calls do with it.
func (f *listFlags) with(ctx context.Context, do func(lists) error) error {
	if f.server != "" {
		base, err := url.Parse(f.server)
		if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
			return fault.New(fault.Invalid, "", "--server %q is not an address like http://127.0.0.1:8080", f.server)
		}
		return do(remoteLists{base})
	}
	local, err := app.OpenLocal(ctx, f.data)
	if err != nil {
		return err
	}
	defer func() { _ = local.Close() }() // the ledger writes at once
	return do(local.Library)
}

func watchlistImportCommand() *cobra.Command {
	var f listFlags
	var w library.Watchlist
	c := &cobra.Command{
		Use:   "import ALIAS FILE.csv --search-key COLUMN",
		Short: "Make a watchlist of a CSV file, in the place of the one that has its alias",
		Example: `  vedette watchlist import HighValueAssets assets.csv --search-key AssetName
  vedette query "_GetWatchlist('HighValueAssets') | project SearchKey"`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			w.Alias = args[0]
			in, name := c.InOrStdin(), "standard input"
			if args[1] != "-" {
				file, err := os.Open(args[1])
				if err != nil {
					return fault.New(fault.Invalid, "read watchlist", "%w", err)
				}
				defer file.Close()
				in, name = file, filepath.Base(args[1])
			}
			w.Provider = name
			return f.with(c.Context(), func(l lists) error {
				made, err := l.ImportWatchlist(c.Context(), w, in)
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "%s: %d items\n", made.Alias, made.Count)
				}
				return err
			})
		},
	}
	c.Flags().StringVar(&w.SearchKey, "search-key", "", "the column that queries see as SearchKey")
	c.Flags().StringVar(&w.Name, "name", "", "what people call it (default: the alias)")
	c.Flags().StringVar(&w.Description, "description", "", "what it is for")
	_ = c.MarkFlagRequired("search-key") // the flag is there
	return f.add(c)
}

func watchlistListCommand() *cobra.Command {
	var f listFlags
	return f.add(&cobra.Command{
		Use:     "list",
		Short:   "List the watchlists",
		Long:    "Lists the watchlists: alias, number of items, search key, when the list was made or changed, and its name.",
		Example: "  vedette watchlist list --server http://127.0.0.1:8080",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return f.with(c.Context(), func(l lists) error {
				all, err := l.ListWatchlists(c.Context())
				if err != nil {
					return err
				}
				out := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
				fmt.Fprintln(out, "ALIAS\tITEMS\tSEARCH KEY\tUPDATED\tNAME")
				for _, w := range all {
					fmt.Fprintf(out, "%s\t%d\t%s\t%s\t%s\n", w.Alias, w.Count, w.SearchKey, w.Updated.Format("2006-01-02T15:04:05Z"), w.Name)
				}
				return out.Flush()
			})
		},
	})
}

func watchlistRemoveCommand() *cobra.Command {
	var f listFlags
	return f.add(&cobra.Command{
		Use:     "remove ALIAS",
		Short:   "Remove a watchlist",
		Long:    "Removes a watchlist. Queries that still read it find it empty, with a warning.",
		Example: "  vedette watchlist remove HighValueAssets",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return f.with(c.Context(), func(l lists) error { return l.RemoveWatchlist(c.Context(), args[0]) })
		},
	})
}

// remoteLists are those of a running Vedette.
type remoteLists struct{ base *url.URL }

func (r remoteLists) ImportWatchlist(ctx context.Context, w library.Watchlist, file io.Reader) (made library.Watchlist, err error) {
	text, err := io.ReadAll(io.LimitReader(file, library.MaxCSV+1))
	if err != nil {
		return made, fault.New(fault.Invalid, "read watchlist", "%w", err)
	}
	body := map[string]string{"name": w.Name, "description": w.Description, "provider": w.Provider, "searchKey": w.SearchKey, "csv": string(text)}
	err = r.ask(ctx, http.MethodPut, body, &made, w.Alias)
	return made, err
}

func (r remoteLists) ListWatchlists(ctx context.Context) ([]library.Watchlist, error) {
	var out struct{ Watchlists []library.Watchlist }
	err := r.ask(ctx, http.MethodGet, nil, &out)
	return out.Watchlists, err
}

func (r remoteLists) RemoveWatchlist(ctx context.Context, alias string) error {
	return r.ask(ctx, http.MethodDelete, nil, nil, alias)
}

// ask sends a request about the watchlist with the alias, or all, and reads the answer into out.
func (r remoteLists) ask(ctx context.Context, method string, body, out any, alias ...string) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	at := r.base.JoinPath("api/watchlists")
	for _, a := range alias {
		at = at.JoinPath(url.PathEscape(a))
	}
	req, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(text))
	if err != nil {
		return fault.New(fault.Invalid, "", "%w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fault.New(fault.Unavailable, "ask "+r.base.Host, "%w", err).WithHint("is `vedette run` or `vedette demo` running there?")
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 400 {
		var failed struct{ Error *query.Error }
		if json.NewDecoder(resp.Body).Decode(&failed) != nil || failed.Error == nil {
			return fault.New(fault.Invalid, "ask "+r.base.Host, "it answers %s, not as a Vedette does", resp.Status).WithHint("give the address that Vedette printed")
		}
		return fault.New(fault.Kind(failed.Error.Kind), "", "%s", failed.Error.Message).WithHint("%s", failed.Error.Hint)
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fault.New(fault.Unavailable, "ask "+r.base.Host, "%w", err)
	}
	return nil
}
