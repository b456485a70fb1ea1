package exec

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// leastSet is from how many elements on a list is looked up instead of searched.
const leastSet = 8

// membership compiles x in (constants) and x !in (constants) of long lists to one look-up; ok is false where it must be searched.
func (x *Executor) membership(e *plan.Call, args []eval) (f eval, ok bool) {
	if e.Fn.Name != "in" && e.Fn.Name != "!in" || len(args) < 2 {
		return nil, false
	}
	for _, a := range e.Args[1:] {
		if !isConst(a) {
			return nil, false
		}
	}
	t := e.Args[0].Type()
	if t == value.Dynamic || t == value.Real || t == value.Decimal {
		return nil, false
	}
	set := map[string]struct{}{}
	for _, a := range args[1:] {
		if !addMembers(set, a(nil), t) {
			return nil, false
		}
	}
	if len(set) < leastSet {
		return nil, false
	}
	negated := e.Fn.Name == "!in"
	var key []byte
	return func(row Row) value.Value {
		v := args[0](row)
		found := false
		if !v.Null {
			key = value.AppendKey(key[:0], v)
			_, found = set[string(key)]
		}
		return value.OfBool(found != negated)
	}, true
}

// addMembers adds the elements of a list, or a scalar, as values of type t. It gives false for elements that are compared otherwise.
func addMembers(set map[string]struct{}, v value.Value, t value.Type) bool {
	v = v.Inner()
	if list, ok := v.X.(value.Array); ok && v.T == value.Dynamic {
		for _, e := range list {
			if e = e.Inner(); e.T == value.Dynamic && !e.Null || !addMembers(set, e, t) {
				return false
			}
		}
		return true
	}
	switch {
	case v.Null:
		return true
	case t == value.String:
		v = value.OfString(v.Text())
	case v.T != t:
		return false
	}
	set[string(value.AppendKey(nil, v))] = struct{}{}
	return true
}
