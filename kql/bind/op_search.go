package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// searchOp looks for rows in the tables named, in the piped one, or in all. Its columns are $table and those of the union.
func (b *binder) searchOp(r *rel, op *syntax.Search) *rel {
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
		if named := b.searched(legs, op.Pred, false); len(named) > 0 { // a condition on columns is about the tables that have them
			legs = named
		}
		b.adviseTables(op.KeywordAt, len(legs), "name the tables: search in (DeviceEvents, DeviceProcessEvents) …")
	}
	if len(legs) == 0 {
		return b.brokenTable()
	}
	out := b.stack(legs, "$table", false)
	out = b.searchIn(out, op.Pred, op.Params.Word("kind") == "case_sensitive")
	return out
}

// searchIn keeps the rows for which the condition of search or find holds; a text alone means that any column has it.
func (b *binder) searchIn(r *rel, pred syntax.Expr, sensitive bool) *rel {
	if pred == nil {
		return r
	}
	var x bound
	b.over(r, func() {
		b.search, b.sensitive = true, sensitive
		x = b.searchPredicate(pred)
		b.sensitive = false
	})
	if !x.ok() {
		return r
	}
	return r.with(plan.NewFilter(r.node, x.expr))
}

func (b *binder) searchPredicate(e syntax.Expr) bound {
	switch e := e.(type) {
	case *syntax.Paren:
		return b.searchPredicate(e.X)
	case *syntax.Star:
		return literal(value.OfBool(true))
	}
	return b.predicate(e, "the condition of the search")
}

// searchText is the meaning of a text alone: any column has it as a term. A * at an end stands for the rest of a term, one inside for any
// text.
func (b *binder) searchText(text string, at syntax.Span) bound {
	search := b.search
	b.search = false
	defer func() { b.search = search }()
	if strings.Trim(text, "*") == "" {
		return literal(value.OfBool(true))
	}
	op, text := b.termOperator(text)
	return b.searchColumns(op, literal(value.OfString(text)), at)
}

// termOperator gives the operator that a text with * at its ends asks for, and the text without them.
func (b *binder) termOperator(text string) (string, string) {
	inner := strings.Trim(text, "*")
	front, back := strings.HasPrefix(text, "*"), strings.HasSuffix(text, "*")
	op := "has"
	switch {
	case strings.Contains(inner, "*"):
		pattern := regexQuote(inner)
		if !front {
			pattern = `\b` + pattern
		}
		if !back {
			pattern += `\b`
		}
		if !b.sensitive {
			pattern = "(?i)" + pattern
		}
		return "matches regex", pattern
	case front && back:
		op = "contains"
	case back:
		op = "hasprefix"
	case front:
		op = "hassuffix"
	}
	if b.sensitive {
		op += "_cs"
	}
	return op, inner
}

// regexQuote takes a text literally but for *, which stands for any text.
func regexQuote(text string) string {
	var s strings.Builder
	for _, r := range text {
		switch {
		case r == '*':
			s.WriteString(".*")
		case strings.ContainsRune(`\.+?()|[]{}^$#&-~`, r):
			s.WriteByte('\\')
			s.WriteRune(r)
		default:
			s.WriteRune(r)
		}
	}
	return s.String()
}

// searchColumns is * op x: true where it is for any column.
func (b *binder) searchColumns(op string, x bound, at syntax.Span) bound {
	return b.searchEach(at, func(c plan.Column) bound {
		return b.operator(op, at, bound{expr: ref(c), typ: c.Type}, x)
	})
}

// searchEach joins a condition over all columns that hold text.
func (b *binder) searchEach(at syntax.Span, cond func(c plan.Column) bound) bound {
	var any []bound
	if b.row != nil {
		for _, c := range b.row.cols {
			if (c.Type == value.String || c.Type == value.Dynamic) && c.Name != "$table" {
				if x := cond(c); x.ok() {
					any = append(any, x)
				}
			}
		}
	}
	switch len(any) {
	case 0:
		return literal(value.OfBool(false))
	case 1:
		return any[0]
	}
	return b.operator("or", at, any...)
}

// searchColon is column:text, which has the text as a term, or column:number, which equals it.
func (b *binder) searchColon(e *syntax.Binary) bound {
	x, y := b.expr(e.X), b.expr(e.Y)
	if c := y.constant(); c != nil && c.T == value.String {
		op, text := b.termOperator(c.S)
		if x.ok() && x.typ != value.String && x.typ != value.Unknown {
			x = bound{expr: b.convert(x.expr, value.String), typ: value.String}
		}
		return b.operator(op, e.OpAt, x, literal(value.OfString(text)))
	}
	return b.operator("==", e.OpAt, x, y)
}
