package cli

import (
	"log/slog"
	"os"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/app"
	"github.com/vedette-siem/vedette/internal/config"
)

func demoCommand() *cobra.Command {
	d := app.Demo{}
	var noBrowser, verbose bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run everything against a simulated Defender tenant",
		Long: `Starts a simulated Defender tenant on this machine - sign-in, Microsoft Graph, an event hub, each over its real protocol - and collects
it as a real one would be. The tenant has 200 devices, 120 people, thirty days of history with incidents in every week of it, and live events.
The console's address is printed at once; the history is queryable within seconds.`,
		Example: `  vedette demo
  vedette demo --events 2000000 --rate 500
  vedette demo --data demo-data        # keep the data afterwards`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := config.LoopbackOnly(d.Listen); err != nil {
				return usage(c, "--listen: %v", err)
			}
			if d.Events < 0 || d.Events > 100_000_000 {
				return usage(c, "--events must be from 0 to 100000000")
			}
			d.Version, d.Out = Version, c.OutOrStdout()
			level := slog.LevelWarn
			if verbose {
				level = slog.LevelDebug
			}
			d.Log = slog.New(slog.NewTextHandler(c.ErrOrStderr(), &slog.HandlerOptions{Level: level}))
			if d.Rate <= 0 {
				d.Rate = -1 // none; zero would mean the default
			}
			if !noBrowser {
				d.Opened = openBrowser
			}
			return d.Run(c.Context())
		},
	}
	c.Flags().StringVar(&d.Listen, "listen", "127.0.0.1:8080", "address of the console")
	c.Flags().StringVar(&d.Data, "data", "", "data directory (default: a temporary one, removed at the end)")
	c.Flags().IntVar(&d.Events, "events", 500_000, "events of the thirty days of history")
	c.Flags().Float64Var(&d.Rate, "rate", 50, "live events a second; 0 for none")
	c.Flags().Uint64Var(&d.Seed, "seed", 1, "another seed makes another tenant")
	c.Flags().BoolVar(&noBrowser, "no-browser", false, "do not open the console in a browser")
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "log more")
	return c
}

// openBrowser shows the console where there is a desktop to show it on; elsewhere the printed address has to do.
func openBrowser(url string) {
	opener := map[string]string{"linux": "xdg-open", "darwin": "open"}[runtime.GOOS]
	if opener == "" || runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return
	}
	cmd := exec.Command(opener, url)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }() // its status says nothing that could be acted on
	}
}
