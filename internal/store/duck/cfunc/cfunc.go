// Package cfunc holds the functions of the query language that DuckDB lacks, in C: the engine calls them with no Go in between. has takes
// about twice the time of reading an uncompressed column besides, a tenth of a regular expression's (docs/performance.md). It belongs to the duck adapter; beside the engine's bindings it imports the standard library.
package cfunc

/*
#cgo CFLAGS: -O3 -Wall
#include "match.h"
static void *at(int i) { return (void *)kql_function_at(i); }
*/
import "C"

import (
	"fmt"

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

// Register makes the functions known to the database of conn. It must be done before the database's configuration is locked.
func Register(conn mapping.Connection) error {
	text := mapping.CreateLogicalType(mapping.TypeVarchar)
	defer mapping.DestroyLogicalType(&text)
	boolean := mapping.CreateLogicalType(mapping.TypeBoolean)
	defer mapping.DestroyLogicalType(&boolean)
	for i, name := range Names {
		f := mapping.CreateScalarFunction()
		mapping.ScalarFunctionSetName(f, name)
		mapping.ScalarFunctionAddParameter(f, text)
		mapping.ScalarFunctionAddParameter(f, text)
		mapping.ScalarFunctionSetReturnType(f, boolean)
		mapping.ScalarFunctionSetFunction(f, C.at(C.int(i)))
		state := mapping.RegisterScalarFunction(conn, f)
		mapping.DestroyScalarFunction(&f)
		if state == mapping.StateError {
			return fmt.Errorf("the engine refused the function %s", name)
		}
	}
	return nil
}
