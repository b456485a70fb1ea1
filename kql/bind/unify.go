package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// unified is one output column of a union: which column of each input stands behind it (0: none).
type unified struct {
	name string
	typ  value.Type
	from []plan.ColID
}

// unify matches the columns of the legs by name and type. A name that occurs with several types gives a column for each type, with the
// type as suffix (x_long, x_string), at the place where the name occurs first.
func unify(legs []*rel) []unified {
	type variant struct {
		typ  value.Type
		from []plan.ColID
	}
	byName := map[string][]variant{}
	var order []string
	for i, leg := range legs {
		for _, c := range leg.cols {
			vs, ok := byName[c.Name]
			if !ok {
				order = append(order, c.Name)
			}
			at := -1
			for j := range vs {
				if vs[j].typ == c.Type {
					at = j
				}
			}
			if at < 0 {
				vs = append(vs, variant{c.Type, make([]plan.ColID, len(legs))})
				at = len(vs) - 1
			}
			vs[at].from[i] = c.ID
			byName[c.Name] = vs
		}
	}
	names := make(nameTable, len(order))
	out := make([]unified, 0, len(order))
	for _, name := range order {
		vs := byName[name]
		for _, v := range vs {
			n := name
			if len(vs) > 1 {
				n = name + "_" + v.typ.String()
			}
			out = append(out, unified{names.unique(n, ""), v.typ, v.from})
		}
	}
	return out
}

// common keeps what every leg has.
func common(cols []unified) []unified {
	out := cols[:0]
	for _, c := range cols {
		all := true
		for _, id := range c.from {
			all = all && id != 0
		}
		if all {
			out = append(out, c)
		}
	}
	return out
}
