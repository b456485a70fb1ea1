package kql_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
)

// A file of testdata/values holds blocks: a query, a line that begins with = and lists the columns and their types, and the rows as JSON
// arrays, a line each. Blocks are separated by an empty line; a line that begins with # is a remark.

func TestValues(t *testing.T) {
	files, err := filepath.Glob("testdata/values/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { valuesFile(t, file) })
	}
}

func valuesFile(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(strings.TrimSpace(string(data)), "\n\n")
	changed := false
	for i, block := range blocks {
		if strings.HasPrefix(block, "#") {
			continue
		}
		query, want, _ := strings.Cut(block, "\n=")
		got, err := valuesOf(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if got == want {
			continue
		}
		if blocks[i], changed = query+"\n="+got, true; !*update {
			t.Errorf("%s\n got  %s\n want %s", query, got, want)
		}
	}
	if *update && changed {
		if err := os.WriteFile(file, []byte(strings.Join(blocks, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// valuesOf gives what stands behind the = of a block.
func valuesOf(query string) (string, error) {
	a, err := run(query, nil, nil, kql.Options{})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, c := range a.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(" " + c + ":" + a.types[i])
	}
	for _, row := range a.rows {
		text := &strings.Builder{}
		e := json.NewEncoder(text)
		e.SetEscapeHTML(false)
		if err := e.Encode(row); err != nil {
			return "", err
		}
		b.WriteString("\n" + strings.TrimSpace(text.String()))
	}
	return b.String(), nil
}
