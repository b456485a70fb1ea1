package duck

import (
	"fmt"
	"math"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/kql/sql"
)

// maxDepth bounds how deep a SQL tree may be.
const maxDepth = 2000

// printer writes one SQL tree as the engine's text with bound arguments.
//
// Equal constants share one argument, because the engine compares expressions by their text: the x + 1 of a GROUP BY must be the x + 1
// of its SELECT. Identifiers that differ only in case get distinct spellings, the same throughout the statement.
type printer struct {
	store *Store
	b     strings.Builder
	args  []any
	bound map[any]int
	names map[string]string
	taken map[string]bool
	files []*sealedFile
	depth int
	err   error
}

func newPrinter(s *Store) *printer {
	return &printer{store: s, bound: map[any]int{}, names: map[string]string{}, taken: map[string]bool{}}
}

// print gives the statement's text; its arguments and the sealed files it reads are then in p.
func (p *printer) print(q *sql.Query) (string, error) {
	p.selection(q.Root)
	return p.b.String(), p.err
}

func (p *printer) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fault.New(fault.Internal, "print SQL", format, args...)
	}
}

// enter counts the depth of the tree; leave must be called when it gives true.
func (p *printer) enter() bool {
	if p.err != nil {
		return false
	}
	if p.depth++; p.depth > maxDepth {
		p.err = fault.New(fault.Invalid, "query", "the query is nested too deep")
		return false
	}
	return true
}

func (p *printer) leave() { p.depth-- }

func (p *printer) w(s ...string) {
	for _, x := range s {
		p.b.WriteString(x)
	}
}

// ident gives the spelling of a name in this statement, quoted.
func (p *printer) ident(name string) string {
	if s, ok := p.names[name]; ok {
		return s
	}
	s := quote(distinct(name, p.taken))
	p.names[name] = s
	return s
}

// arg binds a constant and gives its place.
func (p *printer) arg(v any) string {
	key := v
	if f, ok := v.(float64); ok {
		key = fmt.Sprintf("float %x", math.Float64bits(f))
	}
	n, ok := p.bound[key]
	if !ok {
		p.args = append(p.args, v)
		n = len(p.args)
		p.bound[key] = n
	}
	return fmt.Sprintf("$%d", n)
}

func (p *printer) selection(q *sql.Select) {
	if q == nil {
		p.fail("a SELECT is missing")
		return
	}
	if !p.enter() {
		return
	}
	defer p.leave()
	for i, c := range q.With {
		p.w([]string{"WITH ", ", "}[min(i, 1)], p.ident(c.Name), " AS ")
		if c.Materialized {
			p.w("MATERIALIZED ")
		}
		p.w("(")
		p.selection(c.Q)
		p.w(") ")
	}
	if len(q.Union) > 0 {
		for i, u := range q.Union {
			if i > 0 {
				p.w(" UNION ALL ")
			}
			p.w("(")
			p.selection(u)
			p.w(")")
		}
	} else {
		p.body(q)
	}
	p.order(" ORDER BY ", q.OrderBy)
	if q.Limit >= 0 {
		p.w(fmt.Sprintf(" LIMIT %d", q.Limit))
	}
}

func (p *printer) body(q *sql.Select) {
	p.w("SELECT ")
	if q.Distinct {
		p.w("DISTINCT ")
	}
	if len(q.Items) == 0 {
		p.w("1 AS ", p.ident("_"))
	}
	for i, it := range q.Items {
		if i > 0 {
			p.w(", ")
		}
		p.expr(it.X)
		if it.Name != "" {
			p.w(" AS ", p.ident(it.Name))
		}
	}
	if q.From != nil {
		p.w(" FROM ")
		p.from(q.From)
	}
	p.clause(" WHERE ", q.Where)
	p.list(" GROUP BY ", q.GroupBy)
	p.clause(" HAVING ", q.Having)
	p.clause(" QUALIFY ", q.Qualify)
}

func (p *printer) clause(word string, x sql.Expr) {
	if x != nil {
		p.w(word)
		p.expr(x)
	}
}

func (p *printer) list(word string, xs []sql.Expr) {
	for i, x := range xs {
		if i == 0 {
			p.w(word)
		} else {
			p.w(", ")
		}
		p.expr(x)
	}
}

func (p *printer) order(word string, keys []sql.Order) {
	for i, o := range keys {
		if i == 0 {
			p.w(word)
		} else {
			p.w(", ")
		}
		p.expr(o.X)
		p.w([]string{" ASC", " DESC"}[b2i(o.Desc)], []string{" NULLS LAST", " NULLS FIRST"}[b2i(o.NullsFirst)])
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

var joinWords = map[string]string{
	"INNER": " INNER JOIN ", "LEFT": " LEFT JOIN ", "RIGHT": " RIGHT JOIN ", "FULL": " FULL JOIN ", "SEMI": " SEMI JOIN ", "ANTI": " ANTI JOIN ",
}

func (p *printer) from(f sql.From) {
	if !p.enter() {
		return
	}
	defer p.leave()
	switch f := f.(type) {
	case sql.Scan:
		text, err := p.scan(f)
		if err != nil {
			p.err = err
			return
		}
		p.w(text)
		p.alias(f.Alias)
	case sql.Sub:
		p.w("(")
		p.selection(f.Q)
		p.w(")")
		p.alias(f.Alias)
	case sql.Ref:
		p.w(p.ident(f.Name))
		p.alias(f.Alias)
	case sql.Join:
		word, ok := joinWords[f.Kind]
		if !ok {
			p.fail("unknown join %q", f.Kind)
		}
		p.w("(")
		p.from(f.L)
		p.w(word)
		p.from(f.R)
		p.w(" ON ")
		if f.On == nil {
			p.w("true")
		} else {
			p.expr(f.On)
		}
		p.w(")")
	case sql.Values:
		p.values(f)
	case sql.Series:
		p.w("(SELECT unnest(generate_series(")
		p.expr(f.From)
		p.w(", ")
		p.expr(f.To)
		p.w(", ")
		p.expr(f.Step)
		p.w(")) AS ", p.ident(f.Name), ")")
		p.alias(f.Alias)
	default:
		p.fail("no printing of relation %T", f)
	}
}

func (p *printer) alias(name string) {
	if name != "" {
		p.w(" AS ", p.ident(name))
	}
}

func (p *printer) values(v sql.Values) {
	if len(v.Names) != len(v.Types) {
		p.fail("VALUES with %d names and %d types", len(v.Names), len(v.Types))
		return
	}
	p.w("(")
	if len(v.Rows) == 0 {
		p.w("SELECT ")
		for i, n := range v.Names {
			if i > 0 {
				p.w(", ")
			}
			p.w("CAST(NULL AS ", typeNames[v.Types[i]], ") AS ", p.ident(n))
		}
		p.w(" WHERE false")
	}
	for r, row := range v.Rows {
		if len(row) != len(v.Names) {
			p.fail("VALUES row of %d for %d columns", len(row), len(v.Names))
			return
		}
		p.w([]string{"SELECT ", " UNION ALL SELECT "}[min(r, 1)])
		for i, x := range row {
			if i > 0 {
				p.w(", ")
			}
			p.w("CAST(")
			p.expr(x)
			p.w(" AS ", typeNames[v.Types[i]], ") AS ", p.ident(v.Names[i]))
		}
	}
	p.w(")")
	p.alias(v.Alias)
}
