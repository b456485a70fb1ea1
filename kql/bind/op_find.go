package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// find looks for rows in several tables. Without project its columns are the source, those that all the tables searched have, those that
// the condition names, and pack_ with the rest.
func (b *binder) find(r *rel, op *syntax.Find) *rel {
	var legs []leg
	switch {
	case len(op.In) > 0:
		for _, e := range op.In {
			b.apart(func() { legs = append(legs, b.legs(e, len(legs))...) })
		}
	case r != nil:
		legs = []leg{{r, r.legName("")}}
	default:
		legs = b.wildcardLegs("*", op.KeywordAt)
	}
	if len(legs) == 0 {
		return b.brokenTable()
	}
	source := op.Params.Word("withsource")
	if source == "" {
		source = "source_"
	}
	all := unifyNames(legs)
	used := b.searched(legs, op.Pred, true)
	f := &finder{b: b, legs: used, all: unifyNames(used)}
	f.choose(op, all)
	return f.build(op, source)
}

// named is a column by name alone: of several types, the common one or dynamic.
type named struct {
	name string
	typ  value.Type
	legs int
}

// unifyNames lists the columns of all legs by name.
func unifyNames(legs []leg) []named {
	var out []named
	at := map[string]int{}
	for _, l := range legs {
		for _, c := range l.rel.cols {
			i, ok := at[c.Name]
			if !ok {
				at[c.Name] = len(out)
				out = append(out, named{c.Name, c.Type, 1})
				continue
			}
			out[i].legs++
			if t, ok := commonType(out[i].typ, c.Type); ok {
				out[i].typ = t
			} else {
				out[i].typ = value.Dynamic
			}
		}
	}
	return out
}

// searched gives the legs that the condition can mean: all when it looks at every column, else those with a column that it names; with
// open also those that may yet have it.
func (b *binder) searched(legs []leg, pred syntax.Expr, open bool) []leg {
	if len(legs) == 1 || looksEverywhere(pred) {
		return legs
	}
	names := map[string]bool{}
	namesIn(pred, names)
	var out []leg
	for _, l := range legs {
		has := open && l.rel.open
		for _, c := range l.rel.cols {
			has = has || names[c.Name]
		}
		if has {
			out = append(out, l)
		}
	}
	return out
}

// looksEverywhere reports whether a condition has * or a text alone.
func looksEverywhere(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Paren:
		return looksEverywhere(e.X)
	case *syntax.Star:
		return true
	case *syntax.Literal:
		return e.Kind == syntax.StringLiteral
	case *syntax.Binary:
		if e.Op == "and" || e.Op == "or" {
			return looksEverywhere(e.X) || looksEverywhere(e.Y)
		}
		_, star := e.X.(*syntax.Star)
		return star
	case *syntax.InList:
		_, star := e.X.(*syntax.Star)
		return star
	}
	return false
}

// namesIn gathers the names that an expression uses.
func namesIn(e syntax.Expr, names map[string]bool) {
	switch e := e.(type) {
	case *syntax.Name:
		names[e.Text] = true
	case *syntax.Paren:
		namesIn(e.X, names)
	case *syntax.Binary:
		namesIn(e.X, names)
		namesIn(e.Y, names)
	case *syntax.Unary:
		namesIn(e.X, names)
	case *syntax.InList:
		namesIn(e.X, names)
		for _, it := range e.Items {
			namesIn(it, names)
		}
	case *syntax.Between:
		namesIn(e.X, names)
		namesIn(e.Low, names)
		namesIn(e.High, names)
	case *syntax.Path:
		namesIn(e.Base, names)
	case *syntax.Index:
		namesIn(e.Base, names)
		namesIn(e.Key, names)
	case *syntax.Call:
		for _, a := range e.Args {
			namesIn(a, names)
		}
	}
}

// finder makes the plan of find.
type finder struct {
	b      *binder
	legs   []leg
	all    []named
	output []named
	pack   bool
}

// choose decides about the output columns.
func (f *finder) choose(op *syntax.Find, all []named) {
	byName := map[string]named{}
	for _, n := range f.all {
		byName[n.name] = n
	}
	if len(op.Project) == 0 {
		in := map[string]bool{}
		for _, n := range f.all {
			if n.legs == len(f.legs) {
				f.output = append(f.output, n)
				in[n.name] = true
			}
		}
		names := map[string]bool{}
		namesIn(op.Pred, names)
		for _, n := range all {
			if names[n.name] && !in[n.name] {
				f.output = append(f.output, n)
				in[n.name] = true
			}
		}
		for _, n := range f.all {
			f.pack = f.pack || !in[n.name]
		}
	} else {
		for _, e := range op.Project {
			switch e := e.(type) {
			case *syntax.PackAll:
				f.pack = true
			case *syntax.TypedColumn:
				if n, ok := f.column(e.Name, byName); ok {
					n.typ = f.b.typeName(e.Type)
					f.output = append(f.output, n)
				}
			case *syntax.Name:
				if n, ok := f.column(e, byName); ok {
					f.output = append(f.output, n)
				}
			default:
				f.b.errorf(e.At(), codeColumn, "find … project takes names of columns")
			}
		}
	}
	f.dropAway(op.ProjectAway)
}

func (f *finder) column(n *syntax.Name, byName map[string]named) (named, bool) {
	c, ok := byName[n.Text]
	if !ok {
		all := make([]string, 0, len(f.all))
		for _, x := range f.all {
			all = append(all, x.name)
		}
		f.b.errorAdvice(n.At(), codeUnknownColumn, didYouMean(n.Text, all), "none of the tables has a column %s", quoteName(n.Text))
	}
	return c, ok
}

func (f *finder) dropAway(list []syntax.Expr) {
	for _, e := range list {
		if _, star := e.(*syntax.Star); star {
			f.output, f.pack = nil, false
			return
		}
		if n, ok := e.(*syntax.Name); ok {
			kept := f.output[:0]
			for _, c := range f.output {
				if !matchWildcard(n.Text, c.name) {
					kept = append(kept, c)
				}
			}
			f.output = kept
			if n.Text == packed {
				f.pack = false
			}
		}
	}
}

// build brings every leg to the same columns, stacks them, filters and projects.
func (f *finder) build(op *syntax.Find, sourceName string) *rel {
	b := f.b
	out := &rel{}
	stacked := make([]leg, len(f.legs))
	cols := make([]unified, 0, len(f.all)+1)
	at := make(map[string]int, len(f.all))
	for _, n := range f.all {
		at[n.name] = len(cols)
		cols = append(cols, unified{name: n.name, typ: n.typ})
	}
	if f.pack {
		at[packed] = len(cols)
		cols = append(cols, unified{name: packed, typ: value.Dynamic})
	}
	for i, l := range f.legs {
		out.open = out.open || l.rel.open && len(op.Project) == 0
		out.broken = out.broken || l.rel.broken
		r := f.shape(l.rel, cols, at)
		stacked[i] = leg{r, l.name}
		for _, c := range r.cols {
			u := &cols[at[c.Name]]
			u.from = append(u.from, source{i, c.ID})
		}
	}
	b.stackColumns(stacked, cols, sourceName, out)
	r := b.searchIn(out, op.Pred, false)
	items := refs(r.cols[:1])
	for _, n := range f.output {
		c, ok := r.find(n.name)
		if !ok {
			continue
		}
		it := plan.Item{Col: c, Expr: ref(c)}
		if c.Type != n.typ {
			it = plan.Item{Col: b.newColumn(c.Name, n.typ), Expr: b.convert(it.Expr, n.typ)}
		}
		items = append(items, it)
	}
	if f.pack {
		items = append(items, refs(r.cols[len(r.cols)-1:])...)
	}
	return b.project(r, items)
}

// packed is the column that holds what the others do not show.
const packed = "pack_"

// shape gives a leg's columns the types that they have in the output, and adds the bag of what the output does not show.
func (f *finder) shape(r *rel, cols []unified, at map[string]int) *rel {
	b := f.b
	items := refs(r.cols)
	for i, c := range r.cols {
		if t := cols[at[c.Name]].typ; t != c.Type {
			items[i] = plan.Item{Col: b.newColumn(c.Name, t), Expr: b.convert(ref(c), t)}
		}
	}
	if f.pack {
		shown := make(map[string]bool, len(f.output))
		for _, n := range f.output {
			shown[n.name] = true
		}
		var rest []plan.Column
		for _, c := range r.cols {
			if !shown[c.Name] {
				rest = append(rest, c)
			}
		}
		items = append(items, plan.Item{Col: b.newColumn(packed, value.Dynamic), Expr: orNull(b.pack(fn.Lookup("bag_pack"), rest))})
	}
	return b.project(r, items)
}
