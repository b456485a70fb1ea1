package bind

import (
	"sort"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// leg is an input of union, find or search with the name that withsource shows.
type leg struct {
	rel  *rel
	name string
}

func isFuzzy(ps syntax.Params) bool {
	l, ok := ps.Get("isfuzzy").(*syntax.Literal)
	return ok && (l.Text == "true" || l.Text == "1")
}

func (b *binder) union(r *rel, op *syntax.Union) *rel {
	fuzzy := b.fuzzy
	if isFuzzy(op.Params) {
		b.fuzzy = true
	}
	var legs []leg
	if r != nil {
		legs = append(legs, leg{r, r.legName("union_arg0")})
	}
	for _, e := range op.Tables {
		b.apart(func() { legs = append(legs, b.legs(e, len(legs))...) })
	}
	isfuzzy := b.fuzzy
	b.fuzzy = fuzzy
	if isfuzzy {
		legs = presentLegs(legs)
	}
	if len(legs) == 0 {
		if isfuzzy {
			b.errorf(op.KeywordAt, codeUnknownTable, "none of the tables of the union exists")
		}
		return b.brokenTable()
	}
	kind := op.Params.Word("kind")
	if kind != "" && kind != "inner" && kind != "outer" {
		b.errorf(op.Params.Get("kind").At(), codeUnknownOption, "there is no union kind %s; the kinds are outer and inner", kind)
	}
	source := op.Params.Word("withsource")
	if source == "" {
		source = op.Params.Word("with_source")
	}
	return b.stack(legs, source, kind == "inner")
}

// legName is what withsource shows for the rows of r.
func (r *rel) legName(otherwise string) string {
	if r.scanned != "" {
		return r.scanned
	}
	if r.name != "" {
		return r.name
	}
	return otherwise
}

// presentLegs leaves out the tables that a fuzzy union does without.
func presentLegs(legs []leg) []leg {
	out := legs[:0]
	for _, l := range legs {
		if !l.rel.broken || len(l.rel.cols) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// legs gives the tables that an argument of union means: one, or with a wildcard any number.
func (b *binder) legs(e syntax.Expr, at int) []leg {
	otherwise := "union_arg" + itoa(at)
	switch x := e.(type) {
	case *syntax.Paren:
		return b.legs(x.X, at)
	case *syntax.Star:
		return b.allLegs(x.At())
	case *syntax.Name:
		if x.Text == "*" {
			return b.allLegs(x.At())
		}
		if x.Wildcard {
			return b.wildcardLegs(x.Text, x.At())
		}
		r := b.table(x)
		return []leg{{r, r.legName(x.Text)}}
	case *syntax.Path:
		if n, ok := x.Selector.(*syntax.Name); ok && n.Wildcard && b.isTablePath(x) {
			if !b.here(x.Base) {
				return []leg{{b.foreignTable(), otherwise}}
			}
			return b.wildcardLegs(n.Text, n.At())
		}
	}
	r := b.table(e)
	if len(r.results) > 0 {
		b.errorf(e.At(), codeTabular, "several tables cannot stand in a union")
		r = b.brokenTable()
	}
	return []leg{{r, r.legName(otherwise)}}
}

// allLegs gives all tables, and warns of it.
func (b *binder) allLegs(at syntax.Span) []leg {
	out := b.wildcardLegs("*", at)
	b.adviseTables(at, len(out), "name the tables, or a part of their names: union Device*")
	return out
}

// wildcardLegs gives the tables of the catalog, and the views in scope, whose names fit.
func (b *binder) wildcardLegs(pattern string, at syntax.Span) []leg {
	var out []leg
	for _, name := range b.cat.Tables() {
		if !matchWildcard(pattern, name) || !b.scope.allows(name) {
			continue
		}
		if t, ok := b.lookupTable(name); ok {
			out = append(out, leg{b.scanTable(t), name})
		}
	}
	views := b.scope.names(func(s *symbol) bool { return s.fun != nil && s.fun.decl.View && len(s.fun.decl.Params) == 0 })
	sort.Strings(views)
	for _, name := range views {
		if matchWildcard(pattern, name) {
			if o := b.callFunction(b.scope.find(name).fun, nil, at, nil); o.table != nil {
				out = append(out, leg{o.table, name})
			}
		}
	}
	if len(out) == 0 && !b.fuzzy {
		b.errorf(at, codeUnknownTable, "no table fits %s", pattern)
	}
	return out
}

// stack makes the union of the legs.
func (b *binder) stack(legs []leg, source string, inner bool) *rel {
	rels := make([]*rel, len(legs))
	out := &rel{}
	for i, l := range legs {
		rels[i] = l.rel
		out.open = out.open || l.rel.open
		out.broken = out.broken || l.rel.broken
	}
	cols := unify(rels)
	if inner {
		cols = common(cols, len(legs))
	}
	visible := len(cols)
	cols = unifyHidden(rels, cols)
	out = b.stackColumns(legs, cols, source, out)
	visible += len(out.cols) - len(cols) // the source
	out.cols, out.hidden = out.cols[:visible:visible], out.cols[visible:]
	return out
}

// stackColumns makes a union with the given columns behind the source column.
func (b *binder) stackColumns(legs []leg, cols []unified, source string, out *rel) *rel {
	node := &plan.Union{Ins: make([]plan.Node, len(legs)), Cols: make([]plan.Column, 0, len(cols)+1)}
	if source != "" {
		c := b.newColumn(source, value.String)
		node.WithSource, node.Cols = c.ID, append(node.Cols, c)
		for _, l := range legs {
			node.SourceNames = append(node.SourceNames, l.name)
		}
	}
	node.Map = legMap(cols, len(legs), len(node.Cols))
	for _, u := range cols {
		node.Cols = append(node.Cols, b.newColumn(u.name, u.typ))
	}
	for i, l := range legs {
		node.Ins[i] = l.rel.node
	}
	out.node, out.cols = node, node.Cols
	return out
}
