package kql_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql"
)

// TestConformance runs the reference's cases through the whole language in Go and holds the count of equal answers to the ratchet in
// testdata/conformance.txt, which only rises: raise it with -update.
func TestConformance(t *testing.T) {
	cases := loadCases(t)
	equal, different, refused := 0, 0, 0
	for _, c := range cases {
		a, err := run(c.Query, nil, nil, kql.Options{})
		switch {
		case err != nil:
			refused++
			t.Logf("refused %s: %.300s", c.ID, strings.ReplaceAll(err.Error(), "\n", "\n    "))
		default:
			if verdict := c.judge(a); verdict != "" {
				different++
				t.Logf("different %s: %s", c.ID, verdict)
			} else {
				equal++
			}
		}
	}
	t.Logf("cases in Go: equal %d, different %d, refused %d of %d", equal, different, refused, len(cases))
	ratchet(t, "testdata/conformance.txt", "go", equal)
}

// ratchet fails when n is below the number kept under a name in a file of `name number` lines, and raises it with -update.
func ratchet(t *testing.T, file, name string, n int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	for i, line := range lines {
		k, v, _ := strings.Cut(line, " ")
		if k != name {
			continue
		}
		least, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		if n < least {
			t.Errorf("%s: %d equal, there were %d", name, n, least)
		}
		if *update && n > least {
			lines[i] = name + " " + strconv.Itoa(n)
			if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	t.Fatalf("%s has no line for %s", file, name)
}
