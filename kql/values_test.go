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
		a, err := run(query, nil, nil, kql.Options{})
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if sameValues(t, a, want) {
			continue
		}
		got := valuesOf(t, a)
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

// sameValues compares an answer with what stands behind the = of a block; reals may differ in their last digits.
func sameValues(t *testing.T, a *answer, want string) bool {
	head, lines, _ := strings.Cut(want, "\n")
	if head != columnsOf(a) {
		return false
	}
	var rows [][]any
	d := json.NewDecoder(strings.NewReader(lines))
	d.UseNumber()
	for d.More() {
		var row []any
		if err := d.Decode(&row); err != nil {
			t.Fatalf("%s: %v", lines, err)
		}
		rows = append(rows, row)
	}
	return sameRows(rows, a.rows, a.types, true)
}

func columnsOf(a *answer) string {
	cols := make([]string, len(a.columns))
	for i, c := range a.columns {
		cols[i] = " " + c + ":" + a.types[i]
	}
	return strings.Join(cols, ",")
}

// valuesOf gives what stands behind the = of a block.
func valuesOf(t *testing.T, a *answer) string {
	text := &strings.Builder{}
	text.WriteString(columnsOf(a) + "\n")
	e := json.NewEncoder(text)
	e.SetEscapeHTML(false)
	for _, row := range a.rows {
		if err := e.Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	return strings.TrimRight(text.String(), "\n")
}
