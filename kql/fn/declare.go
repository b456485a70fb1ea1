package fn

import (
	"fmt"
	"strings"

	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// option completes a declaration.
type option func(*Func)

// f declares a scalar function by its signatures, e.g. "(text:string, start:integer, length:integer?)string", alternatives joined by
// " | ". A parameter is name:kind with ? for optional, * for repeated at least once, *2 for at least twice; kinds are in kinds.go.
// The result is a type or one of the words of resultOf.
func f(name, signatures, doc string, opts ...option) *Func {
	fn := &Func{Name: name, Doc: doc}
	sigs := parseSignatures(name, signatures)
	fn.Params = sigs[0].doc()
	for _, s := range sigs[1:] { // the longest signature describes the function
		if len(s.params) > len(fn.Params) {
			fn.Params = s.doc()
		}
	}
	fn.Bind = func(args []Arg) (value.Type, []value.Type, error) { return bindSignatures(name, sigs, args) }
	for _, o := range opts {
		o(fn)
	}
	return fn
}

// agg declares an aggregate.
func agg(name, signatures, doc string, opts ...option) *Func {
	fn := f(name, signatures, doc, opts...)
	fn.Kind = Aggregate
	return fn
}

// firstArg names the result after the first argument.
func firstArg(fn *Func) { fn.NameRule = NameFirstArg }

// onlyArg names the result after the argument if it is the only one.
func onlyArg(fn *Func) { fn.NameRule = NameOnlyArg }

// argValue names the result after the column that the first argument's text names.
func argValue(fn *Func) { fn.NameRule = NameArgValue }

func prefix(p string) option {
	return func(fn *Func) { fn.NameRule, fn.Prefix = NamePrefix, p }
}

func onlyPrefix(p string) option {
	return func(fn *Func) { fn.NameRule, fn.Prefix = NameOnlyPrefix, p }
}

// obsolete marks an old spelling of the function to use instead.
func obsolete(use string) option {
	return func(fn *Func) { fn.Obsolete, fn.Hidden = use, true }
}

func hidden(fn *Func) { fn.Hidden = true }

// window marks a function of a serialized table; the executor computes it.
func window(fn *Func) { fn.Kind = Window }

// refused declares a function that cannot be computed, with the reason.
func refused(why string) option { return func(fn *Func) { fn.Refused = why } }

func notes(text string) option { return func(fn *Func) { fn.Notes = text } }

// example adds a whole query with the rows that it gives.
func example(query, rows string) option {
	return func(fn *Func) { fn.Examples = append(fn.Examples, Example{query, rows}) }
}

func bind(b func(args []Arg) (value.Type, []value.Type, error)) option {
	return func(fn *Func) { fn.Bind = b }
}

func eval(e func(env *Env, args []value.Value) value.Value) option {
	return func(fn *Func) { fn.Eval = e }
}

// pure is eval for what does not look at the environment.
func pure(e func(args []value.Value) value.Value) option {
	return func(fn *Func) {
		fn.Eval = func(_ *Env, args []value.Value) value.Value { return e(args) }
		fn.pure = true
	}
}

func lazy(e func(env *Env, args []func() value.Value) value.Value) option {
	return func(fn *Func) { fn.Lazy = e }
}

type lowering func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (sql.Expr, bool)

func lower(l lowering) option { return func(fn *Func) { fn.SQL = l } }

func tuple(cols func(args []Arg) []TupleColumn) option { return func(fn *Func) { fn.Tuple = cols } }

// columns declares result columns "name_arg_suffix" of the types, each given as "suffix:type".
func columns(cols ...string) option {
	return func(fn *Func) {
		list := make([]TupleColumn, len(cols))
		for i, c := range cols {
			suffix, typ, _ := strings.Cut(c, ":")
			t, ok := value.TypeOf(typ)
			if !ok {
				panic("fn: " + fn.Name + ": no type " + typ)
			}
			list[i] = TupleColumn{Prefix: fn.Name + "_", Suffix: "_" + suffix, Type: t}
		}
		fn.Tuple = func([]Arg) []TupleColumn { return list }
	}
}

// accumulate gives an aggregate its accumulator.
func accumulate(a func(env *Env, types []value.Type, consts []*value.Value) Accumulator) option {
	return func(fn *Func) { fn.Agg = a }
}

// several gives the types of an aggregate with several result columns.
func several(t func(args []Arg) []value.Type) option { return func(fn *Func) { fn.AggTypes = t } }

// signature is one parsed form of a function.
type signature struct {
	params []param
	result string
}

type param struct {
	name     string
	kind     kind
	kindName string
	optional bool
	repeat   int // at least so many times; 0: once
}

func parseSignatures(name, text string) []signature {
	var out []signature
	for _, s := range strings.Split(text, " | ") {
		end := strings.LastIndexByte(s, ')')
		if end < 0 || s[0] != '(' {
			panic("fn: " + name + ": bad signature " + s)
		}
		sig := signature{result: s[end+1:]}
		for _, p := range strings.Split(s[1:end], ",") {
			p = strings.TrimSpace(p)
			if p == "" {
				continue
			}
			sig.params = append(sig.params, parseParam(name, p))
		}
		out = append(out, sig)
	}
	return out
}

func parseParam(name, text string) param {
	n, k, ok := strings.Cut(text, ":")
	p := param{name: n}
	switch {
	case strings.HasSuffix(k, "?"):
		p.optional, k = true, k[:len(k)-1]
	case strings.HasSuffix(k, "*"):
		p.repeat, k = 1, k[:len(k)-1]
	case strings.HasSuffix(k, "*0"):
		p.repeat, p.optional, k = 1, true, k[:len(k)-2]
	case strings.HasSuffix(k, "*2"):
		p.repeat, k = 2, k[:len(k)-2]
	}
	kind, known := kinds[k]
	if !ok || !known {
		panic("fn: " + name + ": bad parameter " + text)
	}
	p.kind, p.kindName = kind, k
	return p
}

func (s signature) doc() []Param {
	out := make([]Param, len(s.params))
	for i, p := range s.params {
		out[i] = Param{Name: p.name, Types: p.kind.says, Optional: p.optional, Variadic: p.repeat > 0}
	}
	return out
}

// count gives the number of arguments that the signature takes at least and at most (-1: any number).
func (s signature) count() (least, most int) {
	for _, p := range s.params {
		switch {
		case p.repeat > 0:
			most = -1 << 30
			if !p.optional {
				least += p.repeat
			}
			continue
		case !p.optional:
			least++
		}
		most++
	}
	return least, max(most, -1)
}

// ArgumentError is the error of Bind where one of the arguments, counted from 0, is at fault.
type ArgumentError struct {
	Index int
	text  string
}

func (e *ArgumentError) Error() string { return e.text }

// argumentError says which argument is wrong and what it must be.
func argumentError(fn string, i int, p param, got string) error {
	return &ArgumentError{i, fmt.Sprintf("%s(): argument %d (%s) must be %s, not %s", fn, i+1, p.name, p.kind.says, got)}
}
