package plan

import "github.com/vedette-siem/vedette/kql/fn"

// Volatile reports whether f may give another value each time it is asked with the same arguments, as random numbers do and the functions
// that look at the element of a graph at hand; such a call is never folded, moved or computed twice.
func Volatile(f *fn.Func) bool {
	switch f.Name {
	case "rand", "random", "new_guid":
		return true
	}
	return GraphFunction(f)
}

// GraphFunction reports whether f looks at an element of a graph: the operators on graphs compute it.
func GraphFunction(f *fn.Func) bool {
	if f.Kind != fn.Scalar {
		return false
	}
	switch f.Name {
	case "all", "any", "map", "inner_nodes", "node_id", "node_degree_in", "node_degree_out", "labels":
		return true
	}
	return false
}
