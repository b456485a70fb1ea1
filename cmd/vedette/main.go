// Command vedette is a self-hosted SIEM for Microsoft Defender XDR. It imports only internal/cli.
package main

import (
	"os"

	"github.com/vedette-siem/vedette/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
