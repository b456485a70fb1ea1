package cli

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/config"
)

func runCommand() *cobra.Command {
	var file, listen, data string
	var verbose bool
	c := &cobra.Command{
		Use:   "run --config vedette.yaml",
		Short: "Collect the configured tenants and serve the console",
		Long: `Runs Vedette: collects the tenants that the configuration names, keeps what comes, answers queries and serves the console, until it
is stopped. It can be killed at any moment: what was acknowledged is stored, and it goes on where it was.

There is no access control yet, so only loopback addresses are listened on.`,
		Example: `  vedette check --config vedette.yaml && vedette run --config vedette.yaml
  vedette run --config vedette.yaml --listen 127.0.0.1:9090`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := readConfig(file, listen, data)
			if err != nil {
				return err
			}
			a, err := app.New(c.Context(), cfg, app.Options{Version: Version, Log: logger(verbose)})
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "Vedette is at %s\n", a.URL())
			err = a.Run(c.Context())
			if closeErr := a.Close(); err == nil {
				err = closeErr
			}
			return err
		},
	}
	c.Flags().StringVar(&file, "config", "vedette.yaml", "the configuration; vedette.example.yaml explains it")
	c.Flags().StringVar(&listen, "listen", "", "address of the console, instead of the configuration's")
	c.Flags().StringVar(&data, "data", "", "data directory, instead of the configuration's")
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "log more")
	return c
}

// readConfig reads the file and applies the flags that override it.
func readConfig(file, listen, data string) (config.Config, error) {
	cfg, err := config.Read(file)
	if err != nil {
		return cfg, err
	}
	if listen != "" {
		cfg.Listen = listen
	}
	if data != "" {
		cfg.Data = data
	}
	return cfg, nil
}

func logger(verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
