package cli_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/vedette-siem/vedette/internal/cli"
)

var update = flag.Bool("update", false, "write what the program says into the expected files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"vedette": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs testdata/script/*.txtar: what a user types, and what must come of it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			root, err := filepath.Abs("../..")
			e.Setenv("REPO", root)
			e.Setenv("SHARED", filepath.Join(root, "..", "shared"))
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"pack":  pack,
			"halve": halve,
			"port":  port,
			"await": await,
			"lines": lines,
			"same":  same,
		},
	})
}

// pack FILE… writes FILE.gz and FILE.zst.
func pack(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text := ts.ReadFile(name)
		var gz bytes.Buffer
		w := gzip.NewWriter(&gz)
		_, err := w.Write([]byte(text))
		ts.Check(err)
		ts.Check(w.Close())
		ts.Check(os.WriteFile(ts.MkAbs(name+".gz"), gz.Bytes(), 0o600))
		z, err := zstd.NewWriter(nil)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name+".zst"), z.EncodeAll([]byte(text), nil), 0o600))
	}
}

// halve FILE cuts a file off in the middle.
func halve(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:len(text)/2]), 0o600))
}

// port NAME sets $NAME to a port that nobody listens on.
func port(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, p, _ := strings.Cut(l.Addr().String(), ":")
	ts.Check(l.Close())
	ts.Setenv(args[0], p)
}

// await ADDRESS waits until a Vedette answers there.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for range 300 {
		if resp, err := http.Get(args[0] + "/healthz"); err == nil {
			_ = resp.Body.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("nobody answers at %s", args[0])
}

// lines N FILE fails unless FILE has N lines.
func lines(ts *testscript.TestScript, _ bool, args []string) {
	if n := strings.Count(ts.ReadFile(args[1]), "\n"); fmt.Sprint(n) != args[0] {
		ts.Fatalf("%s has %d lines, not %s", args[1], n, args[0])
	}
}

// same FILE… fails unless all files hold the same.
func same(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args[1:] {
		if ts.ReadFile(name) != ts.ReadFile(args[0]) {
			ts.Fatalf("%s and %s differ:\n%s\n%s", args[0], name, ts.ReadFile(args[0]), ts.ReadFile(name))
		}
	}
}

// TestCommands compares the commands and their flags with testdata/commands.txt, so that nothing changes unseen.
func TestCommands(t *testing.T) {
	var b strings.Builder
	var list func(c *cobra.Command)
	list = func(c *cobra.Command) {
		if c.Hidden {
			return
		}
		fmt.Fprintf(&b, "%s: %s\n", c.UseLine(), c.Short)
		if c.Runnable() && (c.Long == "" && c.Example == "" || c.Short == "") {
			t.Errorf("%s: a person needs more help than this", c.CommandPath())
		}
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			fmt.Fprintf(&b, "    --%s %s (%s): %s\n", f.Name, f.Value.Type(), f.DefValue, f.Usage)
		})
		for _, sub := range c.Commands() {
			list(sub)
		}
	}
	list(cli.Root())
	const golden = "testdata/commands.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the commands changed; if that is meant, run the test with -update. They are now:\n%s", b.String())
	}
}
