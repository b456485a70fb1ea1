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

// adviseTimes warns of tables that are read from their beginning although their rows have a time: no condition on one stands between the
// table and the result, and no take ends the reading. Of joins adviseJoins tells.
func (b *binder) adviseTimes() {
	if len(b.scans) == 0 || len(b.joins) > 0 || b.diags.HasErrors() {
		return
	}
	told := map[string]bool{}
	seen := map[plan.Node]bool{}
	for _, r := range b.query.Results {
		b.adviseTime(r.Root, false, false, seen, told)
	}
}

// adviseTime looks below n. timed says whether a condition on a time was met above, short whether a take was and rows go to it as they come.
func (b *binder) adviseTime(n plan.Node, timed, short bool, seen map[plan.Node]bool, told map[string]bool) {
	switch n := n.(type) {
	case *plan.Filter:
		timed = timed || readsTime(n.Pred)
	case *plan.Limit:
		short = true
	case *plan.Project:
	case *plan.Shared:
		if seen[n] {
			return
		}
		seen[n], short = true, false
	case *plan.Scan:
		if at, own := b.scans[n]; own && n.TimeCol != 0 && !timed && !short && !told[n.Table] {
			told[n.Table] = true
			b.warnf(at, codeSlow, "add | where Timestamp > ago(…)", "the table %s is read from its beginning, for no condition says of which time", quoteName(n.Table))
		}
	default:
		short = false
	}
	for _, in := range n.Inputs() {
		b.adviseTime(in, timed, short, seen, told)
	}
}

// adviseCase warns of comparing the lower-case form of a text: =~ compares without regard to case, and leaves the text as it is.
func (b *binder) adviseCase(e *syntax.Binary) {
	if e.Op != "==" && e.Op != "!=" || b.foreign != nil {
		return
	}
	for _, x := range []syntax.Expr{e.X, e.Y} {
		if c, ok := x.(*syntax.Call); ok && (c.Func.Text == "tolower" || c.Func.Text == "toupper") && len(c.Args) == 1 {
			instead := map[string]string{"==": "=~", "!=": "!~"}[e.Op]
			b.warnf(c.Func.At(), codeSlow, "use "+instead, "`%s` changes the text of every row before it is compared; `%s` compares without regard to case", c.Func.Text, instead)
			return
		}
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
