package library

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// Function is a stored function: what `let Name = Parameters { Body }` would declare.
type Function struct {
	Name        string    `json:"name"`
	Parameters  string    `json:"parameters"` // (a: string, T: (*)), () for none
	Body        string    `json:"body"`       // without braces
	Description string    `json:"description"`
	Updated     time.Time `json:"updated"`
	File        string    `json:"file,omitempty"` // where it was read from; "" for one that was put
}

var nameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)

// maxBody bounds the text of a function.
const maxBody = 1 << 20

// freshFor is how long the functions that were read are taken as they are.
const freshFor = time.Second

// PutFunction stores a function in the place of the one that has its name by now. fault.Invalid when it cannot be read, or could never be
// called because a function of the language has its name.
func (l *Library) PutFunction(ctx context.Context, f Function) (Function, error) {
	f.Parameters, f.Body, f.File = strings.TrimSpace(f.Parameters), strings.TrimSpace(f.Body), ""
	if f.Parameters == "" {
		f.Parameters = "()"
	}
	f.Updated = time.Now().UTC()
	if err := f.check(); err != nil {
		return Function{}, err
	}
	if err := l.put(ctx, functionKey+f.Name, f); err != nil {
		return Function{}, err
	}
	l.forget()
	return f, nil
}

// check says what is wrong with a function's text.
func (f Function) check() error {
	bad := func(format string, args ...any) error {
		return fault.New(fault.Invalid, "", "the function %q: %w", f.Name, fmt.Errorf(format, args...))
	}
	switch {
	case !nameForm.MatchString(f.Name):
		return bad("its name is not of letters, digits and _, up to 128 of them")
	case fn.Lookup(f.Name) != nil:
		return bad("the language has a function of that name, which would be called instead")
	case len(f.Body) > maxBody:
		return bad("it is longer than %d KiB", maxBody>>10)
	}
	text := "let f = " + f.Parameters + " {\n" + f.Body + "\n};"
	script, diags := syntax.Parse(text)
	for _, d := range diags {
		if d.Severity == syntax.Error {
			return bad("%s", d.Text(text))
		}
	}
	if len(script.Statements) != 1 || funcOf(script.Statements[0]) == nil {
		return bad("its parameters and body are not those of one function")
	}
	return nil
}

// funcOf gives the function that a let statement declares, nil for any other statement.
func funcOf(s syntax.Statement) *syntax.Func {
	if let, ok := s.(*syntax.Let); ok {
		if f, ok := let.Value.(*syntax.Func); ok {
			return f
		}
	}
	return nil
}

// GetFunction gives a function; fault.NotFound when there is none with the name.
func (l *Library) GetFunction(ctx context.Context, name string) (Function, error) {
	all, err := l.load(ctx)
	if err != nil {
		return Function{}, err
	}
	f, ok := all[name]
	if !ok {
		return Function{}, fault.New(fault.NotFound, "", "there is no stored function %q", name)
	}
	return f, nil
}

// ListFunctions gives all functions by name.
func (l *Library) ListFunctions(ctx context.Context) ([]Function, error) {
	all, err := l.load(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Function, 0, len(all))
	for _, f := range all {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Function) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// RemoveFunction removes a function that was put; one of a file is removed with the file.
func (l *Library) RemoveFunction(ctx context.Context, name string) error {
	defer l.forget()
	err := l.remove(ctx, functionKey+name, fmt.Sprintf("stored function %q", name))
	if fault.Is(err, fault.NotFound) {
		if f, getErr := l.GetFunction(ctx, name); getErr == nil {
			return fault.New(fault.Conflict, "", "the function %q is that of the file %s", name, filepath.Base(f.File)).WithHint("remove the file")
		}
	}
	return err
}

// Function gives a function's text to the binder. Where the ledger cannot be read there are none.
func (l *Library) Function(name string) (params, body string, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	f, err := l.GetFunction(ctx, name)
	return f.Parameters, f.Body, err == nil
}

func (l *Library) forget() {
	l.mu.Lock()
	l.functions = nil
	l.mu.Unlock()
}

// load reads all functions: those of files, and over them those that were put.
func (l *Library) load(ctx context.Context) (map[string]Function, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.functions != nil && time.Since(l.readAt) < freshFor {
		return l.functions, nil
	}
	all, err := readFiles(l.dir)
	if err != nil {
		return nil, err
	}
	docs, err := l.ledger.Documents(ctx, functionKey)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		var f Function
		if err := json.Unmarshal(d.Value, &f); err != nil {
			return nil, fault.New(fault.Corrupt, "read "+d.Key, "%w", err)
		}
		all[f.Name] = f
	}
	l.functions, l.readAt = all, time.Now()
	return all, nil
}

// readFiles reads the functions of a directory; one that is not there has none. What is wrong with a file's text is told where the function
// is called.
func readFiles(dir string) (map[string]Function, error) {
	all := map[string]Function{}
	if dir == "" {
		return all, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, fault.New(fault.Invalid, "read functions", "%w", err)
	}
	for _, e := range entries {
		name, isFunction := strings.CutSuffix(e.Name(), ".kql")
		if !isFunction || e.IsDir() || !nameForm.MatchString(name) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		f, err := readFile(name, path)
		if os.IsNotExist(err) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "read functions", "%w", err)
		}
		all[name] = f
	}
	return all, nil
}

func readFile(name, path string) (Function, error) {
	var about fs.FileInfo
	text, err := os.ReadFile(path)
	if err == nil {
		about, err = os.Stat(path)
	}
	if err != nil {
		return Function{}, err
	}
	f := ParseFunction(name, string(text))
	f.File, f.Updated = path, about.ModTime().UTC()
	return f, nil
}

// ParseFunction reads the text of a function: `(parameters) { body }`, `let Name = (parameters) { body };`, or a body alone. The lines of
// comment that it begins with are its description.
func ParseFunction(name, text string) Function {
	text = strings.TrimPrefix(text, "\ufeff")
	f := Function{Name: name, Parameters: "()", Body: strings.TrimRight(text, "; \t\r\n"), Description: comment(text)}
	for _, prefix := range []string{"", "let f =\n"} {
		whole := prefix + text
		script, _ := syntax.Parse(whole)
		if len(script.Statements) != 1 {
			continue
		}
		d := funcOf(script.Statements[0])
		if d == nil || d.Body == nil || d.Body.Start < d.Start || d.Body.Len() < 2 {
			continue
		}
		f.Parameters = strings.TrimSpace(whole[d.Start:d.Body.Start])
		f.Body = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(whole[d.Body.Start:d.Body.End], "{"), "}"))
		return f
	}
	return f
}

// comment gives the lines of comment that a text begins with.
func comment(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "//")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(rest))
	}
	return strings.Join(lines, "\n")
}
