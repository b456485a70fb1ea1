package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// unified is one output column of a union with the columns behind it.
type unified struct {
	name string
	typ  value.Type
	from []source
}

// source is a column of one leg of a union.
type source struct {
	leg int
	id  plan.ColID
}

// unify matches the columns of the legs by name and type. A name that occurs with several types gives a column for each type, with the
// type as suffix (x_long, x_string), at the place where the name occurs first.
func unify(legs []*rel) []unified {
	type group struct{ variants []unified }
	byName := map[string]*group{}
	var order []*group
	for i, leg := range legs {
		for _, c := range leg.cols {
			g := byName[c.Name]
			if g == nil {
				g = &group{}
				byName[c.Name] = g
				order = append(order, g)
			}
			at := -1
			for j := range g.variants {
				if g.variants[j].typ == c.Type {
					at = j
				}
			}
			if at < 0 {
				at = len(g.variants)
				g.variants = append(g.variants, unified{name: c.Name, typ: c.Type})
			}
			v := &g.variants[at]
			v.from = append(v.from, source{i, c.ID})
		}
	}
	names := make(nameTable, len(order))
	out := make([]unified, 0, len(order))
	for _, g := range order {
		for _, v := range g.variants {
			if len(g.variants) > 1 {
				v.name += "_" + v.typ.String()
			}
			v.name = names.unique(v.name, "")
			out = append(out, v)
		}
	}
	return out
}

// unifyHidden adds what the legs hide: to the column of that name and type where there is one, for the legs that do not show it, else as a
// column behind the others.
func unifyHidden(legs []*rel, cols []unified) []unified {
	at := make(map[string]int, len(cols))
	for i, c := range cols {
		at[c.name] = i
	}
	for i, leg := range legs {
		for _, c := range leg.hidden {
			j, ok := at[c.Name]
			if !ok {
				j = len(cols)
				at[c.Name] = j
				cols = append(cols, unified{name: c.Name, typ: c.Type})
			}
			u := &cols[j]
			if u.typ == c.Type && !hasLeg(u.from, i) {
				u.from = append(u.from, source{i, c.ID})
			}
		}
	}
	return cols
}

func hasLeg(from []source, leg int) bool {
	for _, s := range from {
		if s.leg == leg {
			return true
		}
	}
	return false
}

// common keeps what every one of n legs has.
func common(cols []unified, n int) []unified {
	out := cols[:0]
	for _, c := range cols {
		if len(c.from) == n {
			out = append(out, c)
		}
	}
	return out
}

// legMap says for each of n legs which of its columns stands behind which output column; the first skip output columns have none.
func legMap(cols []unified, n, skip int) []plan.Leg {
	width := make([]int, n)
	for _, c := range cols {
		for _, s := range c.from {
			width[s.leg]++
		}
	}
	out := make([]plan.Leg, n)
	for i := range out {
		out[i] = make(plan.Leg, width[i])
	}
	for j, c := range cols {
		for _, s := range c.from {
			out[s.leg][skip+j] = s.id
		}
	}
	return out
}
