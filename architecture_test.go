package vedette_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/vedette-siem/vedette/"

// floor is one package's place: the floor's number and its position from the left on it. Packages "beside" the house have floor 7:
// they may import anything, and nothing but doors' tests and the house may import them.
type floor struct{ level, pos int }

// TestFloors reads the table of floors in ARCHITECTURE.md and holds the code to it: no import upwards or to the right, no package
// without a floor, no entry without a package, no third-party import where none is allowed, no package without a comment.
func TestFloors(t *testing.T) {
	floors, thirdParty := readFloors(t)
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			name := d.Name()
			if path != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "ui" || name == "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		at, ok := floors[pkg]
		if !ok {
			if !seen[pkg] {
				t.Errorf("package %s has no floor in ARCHITECTURE.md", pkg)
			}
			seen[pkg] = true
			return nil
		}
		seen[pkg] = true
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		for _, im := range f.Imports {
			checkImport(t, path, pkg, at, strings.Trim(im.Path.Value, `"`), floors, thirdParty)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range floors {
		if !seen[pkg] {
			t.Errorf("ARCHITECTURE.md gives %s a floor, but there is no such package", pkg)
		} else if !hasPackageComment(pkg) {
			t.Errorf("package %s has no package comment", pkg)
		}
	}
}

func checkImport(t *testing.T, path, pkg string, at floor, im string, floors map[string]floor, thirdParty map[string]bool) {
	t.Helper()
	if rest, ours := strings.CutPrefix(im, module); ours {
		to, known := floors[rest]
		if !known {
			return // reported where the package itself is met
		}
		if to.level > at.level || to.level == at.level && to.pos >= at.pos {
			t.Errorf("%s: %s (floor %d) may not import %s (floor %d)", path, pkg, at.level, rest, to.level)
		}
		return
	}
	if strings.Contains(strings.SplitN(im, "/", 2)[0], ".") && !thirdParty[pkg] {
		t.Errorf("%s: %s may import only the standard library, not %s", path, pkg, im)
	}
}

// readFloors parses the fenced block "floors": a line `N name   a · b · c`; a continuation line begins with spaces. A package that ends
// in * may import third-party modules.
func readFloors(t *testing.T) (map[string]floor, map[string]bool) {
	t.Helper()
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, ok := strings.Cut(string(text), "```floors\n")
	if !ok {
		t.Fatal("ARCHITECTURE.md has no ```floors block")
	}
	block, _, _ = strings.Cut(block, "```")
	floors, third := map[string]floor{}, map[string]bool{}
	level, pos := -1, 0
	for _, line := range strings.Split(block, "\n") {
		if line == "" {
			continue
		}
		if line[0] != ' ' {
			level++
			_, rest, ok := strings.Cut(line, "  ")
			if !ok {
				t.Fatalf("ARCHITECTURE.md: floor line without packages: %q", line)
			}
			line = rest
		}
		for _, name := range strings.Split(line, "·") {
			name = strings.TrimSpace(name)
			if name == "" {
				continue
			}
			bare := strings.TrimSuffix(name, "*")
			if _, twice := floors[bare]; twice {
				t.Errorf("ARCHITECTURE.md names %s twice", bare)
			}
			floors[bare], third[bare] = floor{level, pos}, bare != name
			pos++
		}
	}
	return floors, third
}

func hasPackageComment(dir string) bool {
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err == nil && tree.Doc != nil && strings.TrimSpace(tree.Doc.Text()) != "" {
			return true
		}
	}
	return false
}
