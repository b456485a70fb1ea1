package fn

import (
	"sort"
	"sync"
)

// Lookup gives the scalar or window function with the name, else the aggregate; nil if there is neither. Names are case-sensitive.
func Lookup(name string) *Func {
	if f := registry().scalar[name]; f != nil {
		return f
	}
	return registry().aggregate[name]
}

// LookupAggregate gives the aggregate with the name, or nil. A few names (any, hll_merge, tdigest_merge) are scalar functions too.
func LookupAggregate(name string) *Func { return registry().aggregate[name] }

// Operator gives the operator with the symbol as it is written in KQL ("==", "!has_cs", "matches regex", "-" for subtraction), or nil.
// Others are "unary-" and "unary+", "not", "." (member access with a constant name) and "[]" (index).
func Operator(symbol string) *Func {
	if symbol == "not" {
		return Lookup(symbol)
	}
	return registry().operator[symbol]
}

// All lists every function, aggregate and operator, sorted by kind, then name.
func All() []*Func { return append([]*Func(nil), registry().all...) }

type index struct {
	scalar, aggregate, operator map[string]*Func
	all                         []*Func
}

// registry is built at first use, from the families' lists.
var registry = sync.OnceValue(func() *index {
	x := &index{scalar: map[string]*Func{}, aggregate: map[string]*Func{}, operator: map[string]*Func{}}
	for _, family := range families() {
		for _, f := range family.funcs {
			if f.Group == "" {
				f.Group = family.group
			}
			into, key := x.scalar, f.Name
			if f.Kind == Aggregate {
				into, key = x.aggregate, f.Name+"()"
			}
			if family.group == "operator" {
				into, key = x.operator, "op "+f.Name
			}
			if into[f.Name] != nil {
				panic("fn: " + f.Name + " is declared twice")
			}
			into[f.Name] = f
			for _, list := range []map[string]Example{examples, moreExamples} {
				if e, ok := list[key]; ok && len(f.Examples) == 0 {
					f.Examples = []Example{e}
				}
			}
			x.all = append(x.all, f)
		}
	}
	sort.SliceStable(x.all, func(i, j int) bool {
		a, b := x.all[i], x.all[j]
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		return a.Name < b.Name
	})
	return x
})
