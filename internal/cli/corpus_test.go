package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/cli"
)

// TestBatchOfCorpus answers every query of a large collection in one batch: it must run to its end, with an answer or an error for each.
func TestBatchOfCorpus(t *testing.T) {
	cases := filepath.Join("..", "..", "..", "shared", "kql", "cases.jsonl")
	if _, err := os.Stat(cases); err != nil {
		t.Skipf("the collection of queries is not here: %v", err)
	}
	if testing.Short() {
		t.Skip("it takes a while")
	}
	data := t.TempDir()
	if status := cli.Main([]string{"ingest", "-q", "--data", data, "-"}, strings.NewReader(`{"time":"2026-11-01T10:00:01Z","category":"AdvancedHunting-DeviceEvents","properties":{"Timestamp":"2026-11-01T10:00:00Z"}}`), &bytes.Buffer{}, os.Stderr); status != 0 {
		t.Fatalf("ingest ended with status %d", status)
	}
	want := ids(t, cases)
	var out bytes.Buffer
	status := cli.Main([]string{"query", "--data", data, "--now", "2026-03-01T00:00:00Z", "--timeout", "1s", "--batch", cases}, strings.NewReader(""), &out, os.Stderr)
	if status > 1 {
		t.Errorf("it ended with status %d", status)
	}
	lines := bufio.NewScanner(&out)
	lines.Buffer(nil, 1<<26)
	n, failed := 0, map[string]int{}
	for ; lines.Scan(); n++ {
		var answer struct {
			ID      json.RawMessage
			Columns []struct{ Name, Type string }
			Rows    []any
			Error   *struct{ Kind, Message string }
		}
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			t.Fatalf("answer %d: %v", n+1, err)
		}
		if n < len(want) && string(answer.ID) != want[n] {
			t.Fatalf("answer %d is of query %s, want %s", n+1, answer.ID, want[n])
		}
		switch {
		case answer.Error != nil && answer.Error.Message == "":
			t.Errorf("query %s failed without a word", answer.ID)
		case answer.Error != nil && answer.Error.Kind == "internal":
			t.Errorf("query %s: %s", answer.ID, answer.Error.Message)
		case answer.Error != nil:
			failed[answer.Error.Kind]++
		case len(answer.Columns) == 0:
			t.Errorf("query %s has neither columns nor an error", answer.ID)
		}
	}
	if n != len(want) {
		t.Errorf("%d answers for %d queries", n, len(want))
	}
	t.Logf("%d queries; failed by kind: %v", n, failed)
}

func ids(t *testing.T, path string) (out []string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var q struct{ ID json.RawMessage }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		out = append(out, string(q.ID))
	}
	return out
}
