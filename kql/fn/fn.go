// Package fn declares KQL's functions and operators, each once: the binder takes types and result names from the declaration, the
// executor evaluates it, kql/sqlgen lowers it, and the manual, completion and the tests are made from it.
//
// It imports kql/value, kql/sql and the standard library.
package fn

import (
	"github.com/vedette-siem/vedette/kql/sql"
	"github.com/vedette-siem/vedette/kql/value"
)

// Kind says where a function may stand.
type Kind uint8

const (
	Scalar    Kind = iota // anywhere in an expression
	Aggregate             // in summarize, make-series, top-nested
	Window                // in an expression over a serialized table: prev, next, row_number, row_cumsum …
)

// NameRule says how Kusto names the column of an unnamed call (semantics: column names of project, extend and summarize).
type NameRule uint8

const (
	NameNone       NameRule = iota // Column1, Column2 …; print_0 … under print
	NameFirstArg                   // the name of the first argument: tostring(a.b) → a_b, bin(t,1h) → t
	NamePrefix                     // Prefix_arg: sum(x) → sum_x, count() → count_, strlen(s) → strlen_s
	NameOnlyPrefix                 // Prefix alone
	NameOnlyArg                    // the name of the argument if there is exactly one, else NameNone
	NameArgValue                   // the first argument's text where it names a column, else NameNone: column_ifexists("a", 0) → a
)

// TupleColumn is one result of a function that gives several columns. Its name is Prefix, the name of argument Arg, Suffix;
// an argument that has no name counts as Nameless.
type TupleColumn struct {
	Prefix, Suffix string
	Nameless       string
	Arg            int
	Type           value.Type
}

// Arg is an argument as the binder knows it. typeof(long) is the constant string "long".
type Arg struct {
	Type  value.Type
	Const *value.Value // its value where it is a constant, else nil
	Fixed bool         // the same for every row, though not known before the query runs: toscalar(…)
	Shape Shape        // what kind of dynamic value it is, where the text tells
}

// Shape tells what kind of value an argument is, where its type alone does not: dynamic([1]) and split(…) are no text and no bag.
type Shape uint8

const (
	AnyShape  Shape = iota
	ArrayOf         // dynamic([…])
	BagOf           // dynamic({…})
	Primitive       // dynamic(1), dynamic("x")
	TypeName        // typeof(long)
)

// Param describes a parameter for the binder, the manual and completion.
type Param struct {
	Name     string
	Types    string // as the reference says it: "string", "real|long|int", "dynamic", "any"
	Doc      string
	Optional bool
	Variadic bool // repeated
}

// Example is one running example of the manual: a whole query and the rows it gives as JSON, values encoded as Kusto's v2 REST does.
type Example struct{ Query, Rows string }

// Env is what an evaluation may know beside its arguments. It is the same for a whole query.
type Env struct {
	Now     int64 // ticks
	Context func(name string) (value.Value, bool)
	GeoIP   func(address string) (value.Value, bool) // what is known of an internet address; nil: nothing
}

// Func is one function or operator.
type Func struct {
	Name     string // canonical spelling; an operator is named by its symbol, e.g. "+", "has", "!in~"
	Obsolete string // the name to use instead, "" if current
	Kind     Kind
	Group    string // chapter of the manual: "string", "datetime", "dynamic", …
	Doc      string // one sentence
	Notes    string // differences and limits worth telling, or ""
	Params   []Param
	Examples []Example

	NameRule NameRule // how an unnamed result is called
	Prefix   string   // for NamePrefix and NameOnlyPrefix

	// Bind checks the arguments and gives the result type and the types to which the arguments are converted before Eval.
	// An error's text is for the user: which argument, what it must be.
	Bind func(args []Arg) (result value.Type, as []value.Type, err error)

	// FixedType is the type of a call whose arguments are the same for every row, where that is another one than Bind gives; Unknown for
	// most functions.
	FixedType value.Type

	// Tuple gives the columns that a call makes at the top of an extend or project (series_stats(y) makes seven); nil for most functions.
	// Where it names one column, that is the call's value; where several, the call's value is a dynamic array of theirs, in order.
	Tuple func(args []Arg) []TupleColumn

	// Refused says why a function that has no Eval cannot be computed; "" for the others, and for those that the binder replaces.
	Refused string

	// Hidden leaves the function out of completion and the manual: old spellings and internal ones.
	Hidden bool

	// Eval computes the scalar result. Arguments have the types that Bind gave, in the row's order; nulls are passed through.
	Eval func(env *Env, args []value.Value) value.Value

	// Lazy evaluates without all arguments being computed (iff, case, coalesce, and, or); it replaces Eval where set.
	Lazy func(env *Env, args []func() value.Value) value.Value

	// Agg makes an accumulator for one group. consts are the arguments' constant values (nil where not constant).
	Agg func(env *Env, types []value.Type, consts []*value.Value) Accumulator
	// AggTypes gives the types of all result columns of an aggregate that gives several (percentiles, arg_max): nil means one, from Bind.
	AggTypes func(args []Arg) []value.Type

	// SQL gives the expression for the dialect, or ok=false where the engine cannot say exactly this. args are already lowered and
	// have the storage form of the types that Bind gave. consts as in Agg. nil means: never in SQL.
	SQL func(d sql.Dialect, args []sql.Expr, types []value.Type, consts []*value.Value) (e sql.Expr, ok bool)

	pure bool // Eval looks at nothing but its arguments
}

// Accumulator gathers one group of an aggregate.
type Accumulator interface {
	// Add takes a row's arguments. The slice is the caller's, who uses it again; what is to be kept is copied.
	Add(args []value.Value)
	// Result gives the aggregate's value, or its values where it has several columns.
	Result() []value.Value
}
