package kql_test

import (
	"context"
	"flag"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/vedette-siem/vedette/kql"
)

// FuzzCompile compiles, explains and, where no table is named, runs texts: whatever they are, there is an answer or an error. When
// it looks for new texts it begins with the reference's queries, too.
func FuzzCompile(f *testing.F) {
	files, _ := filepath.Glob("testdata/ops/*.txtar")
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, s := range ar.Files {
			if strings.HasSuffix(s.Name, ".kql") {
				text := string(s.Data)
				f.Add(text)
				f.Add(strings.NewReplacer("Proc", "A", "Net", "B", "Device", "k", "Size", "v", "Info", "d").Replace(text))
			}
		}
	}
	if fuzzing := flag.Lookup("test.fuzz"); fuzzing != nil && fuzzing.Value.String() != "" {
		for _, c := range loadCases(f) {
			f.Add(c.Query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, diags := kql.Compile(text, twoTables{}, kql.Options{Now: corpusNow})
		if diags.HasErrors() {
			return
		}
		q.Explain()
		q, _ = kql.Compile(text, twoTables{}, kql.Options{Now: corpusNow, InGo: true, Memory: 16 << 20})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		for table, err := range q.Run(ctx, nil) {
			if err != nil {
				return
			}
			n := 0
			for rows, err := range table.Rows {
				if n += len(rows); err != nil || n > 100_000 {
					return
				}
			}
		}
	})
}
