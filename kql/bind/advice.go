package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// Warnings of what is right but expensive. They are about the query's own text only, not about that of stored functions.

// minTerm is the length from which on terms are in the term index.
const minTerm = 3

// adviseHas warns of contains with a single term: has finds it by the index.
func (b *binder) adviseHas(e *syntax.Binary) {
	instead := map[string]string{"contains": "has", "!contains": "!has", "contains_cs": "has_cs", "!contains_cs": "!has_cs"}[e.Op]
	l, ok := e.Y.(*syntax.Literal)
	if instead == "" || !ok || l.Kind != syntax.StringLiteral || len(l.Text) < minTerm || b.foreign != nil {
		return
	}
	for _, c := range []byte(l.Text) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return
		}
	}
	b.warnf(e.OpAt, codeSlow, "use "+instead+" where "+l.Text+" stands as a whole word", "`%s` looks at every character of every row; `%s` finds whole words by the index", e.Op, instead)
}

// adviseTables warns of an operator that reads every table.
func (b *binder) adviseTables(at syntax.Span, tables int, instead string) {
	if b.foreign == nil && tables > 1 {
		b.warnf(at, codeSlow, instead, "this reads all %d tables", tables)
	}
}

// adviseJoins warns of joins that read tables from their beginning: no condition on a time stands between the table and the result.
func (b *binder) adviseJoins() {
	if len(b.joins) == 0 || b.diags.HasErrors() {
		return
	}
	seen := map[plan.Node]bool{}
	for _, r := range b.query.Results {
		b.adviseJoin(r.Root, nil, false, seen)
	}
}

// adviseJoin looks below n. join is the join around, timed whether a condition on a time was met above.
func (b *binder) adviseJoin(n plan.Node, join *plan.Join, timed bool, seen map[plan.Node]bool) {
	switch n := n.(type) {
	case *plan.Filter:
		timed = timed || readsTime(n.Pred)
	case *plan.Join:
		if _, own := b.joins[n]; own {
			join = n
		}
	case *plan.Shared:
		if seen[n] {
			return
		}
		seen[n] = true
	case *plan.Scan:
		if join != nil && n.TimeCol != 0 && !timed {
			b.warnf(b.joins[join], codeSlow, "put | where Timestamp > ago(…) before the join on both sides",
				"the join reads the table %s from its beginning, for no condition says of which time", quoteName(n.Table))
		}
	}
	for _, in := range n.Inputs() {
		b.adviseJoin(in, join, timed, seen)
	}
}

// readsTime reports whether a condition depends on a datetime column.
func readsTime(e plan.Expr) bool {
	found := false
	plan.WalkExpr(e, func(e plan.Expr) {
		if r, ok := e.(*plan.Ref); ok && r.T == value.Datetime {
			found = true
		}
	})
	return found
}
