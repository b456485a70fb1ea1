package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
)

func checkCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "check --config vedette.yaml",
		Short: "Find what is missing before running",
		Long: `Verifies the configuration and everything it points to: sign-in, the token's permissions against what is switched on, the event hub
and its consumer group, the checkpoint container, the clock, the disk. Changes nothing but an empty blob in the container.

Ends with status 0 when all is well, 1 when something is not, 2 when the configuration itself cannot be read.`,
		Example: `  vedette check --config vedette.yaml`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := readConfig(file, "", "")
			if err != nil {
				return err
			}
			bad := 0
			app.Check(c.Context(), cfg, app.Options{Version: Version}, func(f app.Finding) {
				mark := "ok   "
				if !f.OK {
					mark = "FAIL "
					bad++
				}
				where := f.What
				if f.Tenant != "" {
					where = f.Tenant + ": " + f.What
				}
				fmt.Fprintf(c.OutOrStdout(), "%s %s: %s\n", mark, where, f.Detail)
				if f.Hint != "" {
					fmt.Fprintf(c.OutOrStdout(), "      → %s\n", f.Hint)
				}
			})
			if bad > 0 {
				fmt.Fprintf(c.OutOrStdout(), "\n%d to mend\n", bad)
				return exitStatus(1)
			}
			fmt.Fprintln(c.OutOrStdout(), "\nall is well: vedette run --config", file)
			return nil
		},
	}
	c.Flags().StringVar(&file, "config", "vedette.yaml", "the configuration")
	return c
}
