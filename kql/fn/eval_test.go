package fn

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/kql/value"
)

// parseArg reads an argument of testdata/evals.txt.
func parseArg(t *testing.T, text string) value.Value {
	letter, rest, ok := strings.Cut(text, ":")
	typ, known := letters[letter]
	if !ok || !known {
		t.Fatalf("bad argument %q", text)
	}
	if rest == "null" {
		return value.NullOf(typ)
	}
	if typ == value.String {
		return value.OfString(rest)
	}
	v, ok := value.Parse(typ, rest)
	if !ok {
		t.Fatalf("%q is no %s", rest, typ)
	}
	return v
}

// evaluate binds, converts and computes a call.
func evaluate(t *testing.T, f *Func, args []value.Value) value.Value {
	bound := make([]Arg, len(args))
	for i, a := range args {
		bound[i] = Arg{Type: a.T, Const: &args[i]}
	}
	typ, as, err := f.Bind(bound)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	for i := range args {
		args[i] = value.Convert(args[i], as[i])
	}
	env := &Env{Now: value.UnixTicks}
	var v value.Value
	if f.Lazy != nil {
		thunks := make([]func() value.Value, len(args))
		for i, a := range args {
			thunks[i] = func() value.Value { return a }
		}
		v = f.Lazy(env, thunks)
	} else {
		v = f.Eval(env, args)
	}
	if v.T != typ {
		t.Errorf("%s gives %s, its declaration says %s", f.Name, v.T, typ)
	}
	return v
}

func TestEvaluations(t *testing.T) {
	file, err := os.Open("testdata/evals.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, ok := strings.Cut(line, " (")
		at := strings.LastIndex(rest, ") = ")
		if !ok || at < 0 {
			t.Fatalf("bad line %q", line)
		}
		f := Operator(name)
		if f == nil {
			f = Lookup(name)
		}
		if f == nil {
			t.Fatalf("no %s", name)
		}
		var args []value.Value
		for _, a := range strings.Split(rest[:at], "; ") {
			args = append(args, parseArg(t, a))
		}
		v := evaluate(t, f, args)
		got := v.Text()
		if v.Null && v.T != value.String {
			got = "null"
		}
		if want := rest[at+4:]; got != want {
			t.Errorf("%s\n got %s", line, got)
		}
	}
}

// FuzzRegex: what our translation accepts, Go's engine compiles; both machines agree on ASCII texts.
func FuzzRegex(f *testing.F) {
	for _, p := range []string{`(\w+)\b`, `[a-z&&[^x]]`, `(?ix) a b # c`, `\p{Greek}`, `[\d--5]`, `(?P<n>a|b)*?`, `^\B.$`} {
		f.Add(p, "ab c5")
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 200 || len(s) > 200 {
			return
		}
		re, err := CompileRegex(pattern)
		if err != nil || re.prog == nil || !isASCII(s) {
			return
		}
		want := re.re.FindStringSubmatchIndex(s)
		got := newMachine(re.prog, s).find(0)
		if (want == nil) != (got == nil) || want != nil && (want[0] != got[0] || want[1] != got[1]) {
			t.Errorf("%q on %q: %v, want %v", pattern, s, got, want)
		}
	})
}
