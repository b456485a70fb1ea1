package syntax

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// golden runs the cases of an archive: the file <name> is a query, and each of the answers <name>.<kind> must be what answer gives for it.
func golden(t *testing.T, path string, kinds []string, answer func(query, kind string) string) {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range a.Files {
		want[f.Name] = string(f.Data)
	}
	out := &txtar.Archive{Comment: a.Comment}
	for _, f := range a.Files {
		if strings.Contains(f.Name, ".") {
			continue
		}
		out.Files = append(out.Files, f)
		query := strings.TrimSuffix(string(f.Data), "\n")
		for _, kind := range kinds {
			got := answer(query, kind) + "\n"
			name := f.Name + "." + kind
			if *update {
				out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(got)})
			} else if w, ok := want[name]; !ok || w != got {
				t.Errorf("%s: %s\nquery:\n%s\ngot:\n%swant:\n%s", path, name, query, got, w)
			}
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// queryFiles are the archives of queries without errors.
func queryFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	var out []string
	for _, f := range files {
		if filepath.Base(f) != "errors.txtar" && filepath.Base(f) != "complete.txtar" {
			out = append(out, f)
		}
	}
	return out
}

// ownQueries are the queries of all archives, with and without errors.
func ownQueries(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, path := range append(queryFiles(t), "testdata/errors.txtar") {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.Contains(f.Name, ".") {
				out = append(out, string(f.Data))
			}
		}
	}
	return out
}

func TestGolden(t *testing.T) {
	for _, path := range queryFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			golden(t, path, []string{"print", "format"}, func(query, kind string) string {
				s, diags := Parse(query)
				for _, d := range diags {
					t.Errorf("%s", d.Text(query))
				}
				if kind == "print" {
					return s.Print()
				}
				text, _ := Format(query)
				return strings.TrimSuffix(text, "\n")
			})
		})
	}
	for _, q := range ownQueries(t) {
		checkParse(t, q)
		checkPrint(t, q)
		checkFormat(t, q)
	}
}

func TestErrors(t *testing.T) {
	golden(t, "testdata/errors.txtar", []string{"errors"}, func(query, _ string) string {
		_, diags := Parse(query)
		if len(diags) == 0 {
			t.Errorf("no error in %q", query)
		}
		var out []string
		for _, d := range diags {
			out = append(out, d.Text(query))
		}
		return strings.Join(out, "\n")
	})
}
