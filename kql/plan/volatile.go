package plan

import "github.com/vedette-siem/vedette/kql/fn"

// Volatile reports whether f may give another value each time it is asked with the same arguments; such a call is never folded,
// moved or computed twice.
func Volatile(f *fn.Func) bool {
	switch f.Name {
	case "rand", "random", "new_guid":
		return true
	}
	return false
}
