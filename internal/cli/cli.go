// Package cli is the command line: one file a command, each of which reads flags, calls the house or a work, and prints.
//
// It may import everything below, and the flag library.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Version is set when the program is built.
var Version = "dev"

// Main runs the program with args and gives its exit status: 0 done, 1 failed, 2 wrong usage or input.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := Root()
	begun := marked(root)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case ctx.Err() != nil && fault.Is(err, fault.Canceled):
		fmt.Fprintln(errs, "stopped")
		return 1
	}
	if !*begun && !fault.Is(err, fault.Invalid) { // the command line itself is wrong: cobra's own errors are of no kind
		err = fault.New(fault.Invalid, "", "%w", err).WithHint("see vedette --help")
	}
	fmt.Fprintln(errs, "vedette:", err)
	return fault.ExitCode(err)
}

// marked lets every command under c note that it has begun, which it does not when the way it was called is wrong.
func marked(c *cobra.Command) *bool {
	begun := new(bool)
	var mark func(c *cobra.Command)
	mark = func(c *cobra.Command) {
		if run := c.RunE; run != nil {
			c.RunE = func(c *cobra.Command, args []string) error {
				*begun = true
				return run(c, args)
			}
		}
		for _, sub := range c.Commands() {
			mark(sub)
		}
	}
	mark(c)
	return begun
}

// exitStatus ends the program with a status after everything has been said.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Root is the whole command.
func Root() *cobra.Command {
	root := &cobra.Command{
		Use:   "vedette",
		Short: "A self-hosted SIEM for Microsoft Defender XDR",
		Long: `Vedette keeps what Microsoft Defender XDR knows - incidents, alerts, advanced-hunting events - on your own disk for as long
as you like, and answers the KQL that you type into Defender and Sentinel.

Start here:
  vedette demo                          everything, with a simulated tenant, in a minute
  vedette check --config vedette.yaml   what is missing before a real tenant can be connected
  vedette run   --config vedette.yaml   the real thing

Commands end with status 0 when done, 1 when something failed, 2 on wrong usage or input.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       Version,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fault.New(fault.Invalid, "", "%w", err).WithHint("see %s --help", c.CommandPath())
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(demoCommand(), runCommand(), checkCommand(), ingestCommand(), queryCommand(), kqlCommand(), watchlistCommand(), ecsCommand())
	return root
}

// usage is a fault in how a command was called.
func usage(c *cobra.Command, format string, args ...any) error {
	return fault.New(fault.Invalid, "", format, args...).WithHint("see %s --help", c.CommandPath())
}
