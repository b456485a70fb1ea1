package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func kqlCompleteCommand() *cobra.Command {
	var at int
	var catalogue string
	c := &cobra.Command{
		Use:   "complete [flags] ['KQL']",
		Short: "List what may be written at a place of a query",
		Long: `Lists what may be written at a place of a query, at its end unless --at says otherwise: a line each with the kind (table, column, function,
aggregate, plugin, let, operator, keyword, option, value, type), the text, and what is to be said about it, separated by tabs. Only what begins
with the word at the place is listed.`,
		Example: `  vedette kql complete 'DeviceEvents | where File'
  vedette kql complete --at 3 'Dev | take 5'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			engine, err := checker(catalogue, true)
			if err != nil {
				return err
			}
			text, err := readText(c, args)
			if err != nil {
				return err
			}
			if !c.Flags().Changed("at") {
				at = len(strings.TrimRight(text, "\r\n"))
			}
			if at < 0 || at > len(text) {
				return usage(c, "--at %d is not within the query, which has %d bytes", at, len(text))
			}
			for _, x := range engine.Complete(text, at) {
				fmt.Fprintf(c.OutOrStdout(), "%s\t%s\t%s\n", x.Kind, x.Text, x.Detail)
			}
			return nil
		},
	}
	c.Flags().IntVar(&at, "at", 0, "the place, as a number of bytes from the beginning (default: the end)")
	c.Flags().StringVar(&catalogue, "schema", "", "a JSON file of tables to take instead of the built-in ones")
	return c
}
