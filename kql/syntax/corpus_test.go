package syntax

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type corpusQuery struct {
	ID    string `json:"id"`
	Query string `json:"query"`
}

// corpus reads a file of queries that lies beside the repository, or skips the test where it does not.
func corpus(t testing.TB, name string) []corpusQuery {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	path := filepath.Join(dir, "..", "shared", "kql", name)
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the corpus is not here: %v", err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var out []corpusQuery
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var q corpusQuery
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		out = append(out, q)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", path)
	}
	return out
}

var corpora = []string{"cases.jsonl", "hunting.jsonl.gz"}

func TestCorpusParses(t *testing.T) {
	for _, name := range corpora {
		t.Run(name, func(t *testing.T) {
			for _, q := range corpus(t, name) {
				_, diags := Parse(q.Query)
				for _, d := range diags {
					t.Errorf("%s: %s", q.ID, d.Text(q.Query))
				}
			}
		})
	}
}
