package bind_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// oracle asks Microsoft's own parser and binder, a program for node that lies beside the repository. It is slow, so its answers are kept
// in the user's cache directory.
type oracle struct {
	tb      testing.TB
	dir     string // where the program was copied to and its packages were installed
	schema  string
	kept    string // the file of answers
	answers map[string]verdict
}

// verdict is what Microsoft's front end says of a query.
type verdict struct {
	Key      string      `json:"key"`
	Syntax   bool        `json:"syntax_ok"`
	Semantic bool        `json:"semantic_ok"`
	Faults   []string    `json:"faults,omitempty"`
	Columns  [][2]string `json:"columns,omitempty"`
}

// ok reports whether the query is accepted.
func (v verdict) ok() bool { return v.Syntax && v.Semantic }

// newOracle prepares the oracle, or skips the test where it cannot be had.
func newOracle(tb testing.TB) *oracle {
	schema := suite(tb, "catalogue.json")
	from := filepath.Join(filepath.Dir(filepath.Dir(schema)), "tools", "oracle")
	if _, err := os.Stat(filepath.Join(from, "check.mjs")); err != nil {
		tb.Skip("the oracle is not beside the repository")
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			tb.Skipf("%s is not installed", program)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		tb.Skip(err)
	}
	o := &oracle{tb: tb, schema: schema, answers: map[string]verdict{}}
	o.dir = filepath.Join(cache, "vedette-oracle", o.fingerprint(from, schema))
	if _, err := os.Stat(filepath.Join(o.dir, "installed")); err != nil {
		o.install(from)
	}
	o.kept = filepath.Join(o.dir, "answers.jsonl")
	if _, err := os.Stat(o.kept); errors.Is(err, fs.ErrNotExist) {
		return o
	}
	lines(tb, o.kept, func(line []byte) {
		var v verdict
		if json.Unmarshal(line, &v) == nil { // the last line may be cut off
			o.answers[v.Key] = v
		}
	})
	return o
}

// fingerprint changes with the program and the schema, so that old answers are not taken for new ones.
func (o *oracle) fingerprint(from, schema string) string {
	h := sha256.New()
	for _, file := range append([]string{schema}, o.files(from)...) {
		data, err := os.ReadFile(file)
		if err != nil {
			o.tb.Fatal(err)
		}
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func (o *oracle) files(from string) []string {
	var out []string
	for _, name := range []string{"check.mjs", "lib.cjs", "features.cjs", "functions.json", "package.json", "package-lock.json"} {
		out = append(out, filepath.Join(from, name))
	}
	return out
}

func (o *oracle) install(from string) {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		o.tb.Fatal(err)
	}
	for _, file := range o.files(from) {
		data, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(o.dir, filepath.Base(file)), data, 0o644)
		}
		if err != nil {
			o.tb.Fatal(err)
		}
	}
	c := exec.Command("npm", "ci", "--no-audit", "--no-fund")
	c.Dir = o.dir
	if out, err := c.CombinedOutput(); err != nil {
		o.tb.Skipf("the oracle's packages could not be installed: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(o.dir, "installed"), nil, 0o644); err != nil {
		o.tb.Fatal(err)
	}
}

func keyOf(query string) string {
	h := sha256.Sum256([]byte(query))
	return hex.EncodeToString(h[:12])
}

// batch is how many queries one run of the program is given.
const batch = 1000

// ask gives the verdicts on queries, in order.
func (o *oracle) ask(queries []string) []verdict {
	var missing []string
	seen := map[string]bool{}
	for _, q := range queries {
		k := keyOf(q)
		if _, ok := o.answers[k]; !ok && !seen[k] {
			seen[k] = true
			missing = append(missing, q)
		}
	}
	for len(missing) > 0 {
		n := min(batch, len(missing))
		o.run(missing[:n])
		missing = missing[n:]
	}
	out := make([]verdict, len(queries))
	for i, q := range queries {
		out[i] = o.answers[keyOf(q)]
	}
	return out
}

// run has the program answer queries and keeps the answers.
func (o *oracle) run(queries []string) {
	work := o.tb.TempDir()
	in, answers := filepath.Join(work, "in.jsonl"), filepath.Join(work, "out.jsonl")
	var b bytes.Buffer
	for _, q := range queries {
		line, _ := json.Marshal(map[string]string{"id": keyOf(q), "query": q})
		b.Write(append(line, '\n'))
	}
	if err := os.WriteFile(in, b.Bytes(), 0o600); err != nil {
		o.tb.Fatal(err)
	}
	c := exec.Command("node", "--stack-size=4000", "check.mjs", in, "--schema", o.schema, "--out", answers)
	c.Dir = o.dir
	if out, err := c.CombinedOutput(); err != nil {
		o.tb.Fatalf("the oracle: %v\n%s", err, out)
	}
	f, err := os.OpenFile(o.kept, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		o.tb.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	lines(o.tb, answers, func(line []byte) {
		var a struct {
			ID       string
			Syntax   bool        `json:"syntax_ok"`
			Semantic bool        `json:"semantic_ok"`
			Errors   []string    `json:"syntax"`
			More     []string    `json:"semantic"`
			Columns  [][2]string `json:"result_columns"`
		}
		if err := json.Unmarshal(line, &a); err != nil {
			o.tb.Fatal(err)
		}
		v := verdict{Key: a.ID, Syntax: a.Syntax, Semantic: a.Semantic, Faults: append(a.Errors, a.More...), Columns: a.Columns}
		o.answers[v.Key] = v
		kept, _ := json.Marshal(v)
		w.Write(append(kept, '\n'))
	})
	if err := w.Flush(); err != nil {
		o.tb.Fatal(fmt.Errorf("keep answers: %w", err))
	}
}
