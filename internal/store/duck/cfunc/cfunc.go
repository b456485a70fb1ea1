// Package cfunc holds the functions of the query language that DuckDB lacks, in C: the engine calls them with no Go in between. has takes
// about twice the time of reading an uncompressed column besides, a tenth of a regular expression's (docs/performance.md). Other functions
// are computed by kql/fn in Go, of whole vectors at once. It belongs to the duck adapter; beside the engine's bindings it imports
// kql/fn and kql/value.
package cfunc

/*
#cgo CFLAGS: -O3 -Wall
#include "match.h"
#include "json.h"
static void *at(int i) { return (void *)kql_function_at(i); }
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

//go:generate go run gen_tables.go tables.h

// Names lists the functions. All take two texts and give a bool, null where one of them is null. Those that end in _cs mind case, the
// others fold it. The first six find whole terms, beginnings and ends of terms; kql_eq_ci compares. The second argument of kql_has_any
// and kql_has_all is a list of texts as sql.TextList writes it; kql_may_have takes one too and is true of every JSON text that, or out of
// which a text taken, has all of them as terms, and of some others.
var Names = []string{
	"kql_has", "kql_has_cs", "kql_hasprefix", "kql_hasprefix_cs", "kql_hassuffix", "kql_hassuffix_cs",
	"kql_contains", "kql_startswith", "kql_endswith", "kql_eq_ci", "kql_has_any", "kql_has_all", "kql_may_have",
}

// more are the functions of other forms: those over JSON text (which take a path as fn.ParsePath reads it, a constant, and give what
// is at its end; kql_json_parse takes none), and the calls into Go
// by what they give. Beside them there is kql_wrap, which gives the lower 64 bits of a HUGEINT.
var more = []struct {
	name    string
	f       unsafe.Pointer
	texts   int // arguments
	varargs bool
	gives   mapping.Type
}{
	{"kql_json_get", C.kql_json_get, 2, false, mapping.TypeVarchar},
	{"kql_json_text", C.kql_json_text, 2, false, mapping.TypeVarchar},
	{"kql_json_long", C.kql_json_long, 2, false, mapping.TypeBigInt},
	{"kql_json_length", C.kql_json_length, 2, false, mapping.TypeBigInt},
	{"kql_json_elements", C.kql_json_elements, 2, false, mapping.TypeList},
	{"kql_json_parse", C.kql_json_parse, 1, false, mapping.TypeVarchar},
	{"kql_call_bool", C.kql_call, 1, true, mapping.TypeBoolean},
	{"kql_call_int", C.kql_call, 1, true, mapping.TypeInteger},
	{"kql_call_long", C.kql_call, 1, true, mapping.TypeBigInt},
	{"kql_call_real", C.kql_call, 1, true, mapping.TypeDouble},
	{"kql_call_text", C.kql_call, 1, true, mapping.TypeVarchar},
}

// Register makes the functions known to the database of conn. It must be done before the database's configuration is locked.
func Register(conn mapping.Connection) error {
	for i, name := range Names {
		if err := register(conn, name, C.at(C.int(i)), mapping.TypeVarchar, 2, false, mapping.TypeBoolean); err != nil {
			return err
		}
	}
	for _, m := range more {
		if err := register(conn, m.name, m.f, mapping.TypeVarchar, m.texts, m.varargs, m.gives); err != nil {
			return err
		}
	}
	return register(conn, "kql_wrap", C.kql_wrap, mapping.TypeHugeInt, 1, false, mapping.TypeBigInt)
}

// register makes a function known that takes n arguments of one type, and more of any where it is variadic.
func register(conn mapping.Connection, name string, f unsafe.Pointer, takes mapping.Type, n int, varargs bool, gives mapping.Type) error {
	text, arg, any, result := mapping.CreateLogicalType(mapping.TypeVarchar), mapping.CreateLogicalType(takes), mapping.CreateLogicalType(mapping.TypeAny), mapping.LogicalType{}
	if gives == mapping.TypeList {
		result = mapping.CreateListType(text)
	} else {
		result = mapping.CreateLogicalType(gives)
	}
	defer mapping.DestroyLogicalType(&text)
	defer mapping.DestroyLogicalType(&arg)
	defer mapping.DestroyLogicalType(&any)
	defer mapping.DestroyLogicalType(&result)
	s := mapping.CreateScalarFunction()
	defer mapping.DestroyScalarFunction(&s)
	mapping.ScalarFunctionSetName(s, name)
	for range n {
		mapping.ScalarFunctionAddParameter(s, arg)
	}
	if varargs {
		mapping.ScalarFunctionSetVarargs(s, any)
	}
	if gives != mapping.TypeBoolean || varargs { // null arguments are the function's own business
		mapping.ScalarFunctionSetSpecialHandling(s)
	}
	mapping.ScalarFunctionSetReturnType(s, result)
	mapping.ScalarFunctionSetFunction(s, f)
	if mapping.RegisterScalarFunction(conn, s) == mapping.StateError {
		return fmt.Errorf("the engine refused the function %s", name)
	}
	return nil
}
