package sql

import (
	"fmt"
	"strconv"
	"strings"
)

// dialect is what engines write differently. Its methods print onto p.
type dialect interface {
	name(p *printer, s string)            // an identifier, in quotes
	param(p *printer, n int, l Lit)       // the use of parameter n, whose value is l's
	null(p *printer, t Type)              // NULL of a type
	cast(p *printer, c Cast)              // a conversion
	binary(p *printer, b Binary)          // an operator between its sides, without the parentheses around; it is one that is known
	call(p *printer, c Call)              // a function call; its name can be no text of a query
	join(p *printer, kind string, j Join) // the words and the condition of a join around its right side; kind is one that is known
	scan(p *printer, s Scan, text string) // a stored table for which the store gave text
	values(p *printer, v Values)          // an inline table
	series(p *printer, s Series)          // whole numbers
}

// maxDepth bounds how deep a tree may be.
const maxDepth = 5000

// printer gathers text and parameters; after the first error it prints on, and the text is thrown away.
type printer struct {
	dialect dialect
	b       strings.Builder
	args    []any
	bound   map[any]int // constant → its parameter
	depth   int
	store   func(Scan) (string, error)
	err     error
}

// printed prints q.
func printed(d dialect, q *Query, store func(Scan) (string, error)) (text string, args []any, err error) {
	p := &printer{dialect: d, store: store, bound: map[any]int{}}
	p.sel(q.Root)
	if p.err != nil {
		return "", nil, p.err
	}
	return p.b.String(), p.args, nil
}

// enter counts how deep the tree is; leave must follow when it gives true.
func (p *printer) enter() bool {
	if p.depth++; p.depth > maxDepth {
		p.fail("nested deeper than %d", maxDepth)
		p.depth--
		return false
	}
	return true
}

func (p *printer) leave() { p.depth-- }

func (p *printer) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("sql: "+format, args...)
	}
}

func (p *printer) put(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

// name prints an identifier in quotes.
func (p *printer) name(s string) {
	if strings.ContainsRune(s, 0) {
		p.fail("identifier with a zero byte")
	}
	p.dialect.name(p, s)
}

func (p *printer) sel(s *Select) {
	if s == nil {
		p.fail("a SELECT is missing")
		return
	}
	if !p.enter() {
		return
	}
	defer p.leave()
	for i, c := range s.With {
		p.put([]string{"WITH ", ", "}[min(i, 1)])
		p.name(c.Name)
		p.put(" AS ")
		if c.Materialized {
			p.put("MATERIALIZED ")
		}
		p.put("(")
		p.sel(c.Q)
		p.put(")")
	}
	if len(s.With) > 0 {
		p.put(" ")
	}
	if s.Union != nil {
		p.union(s)
		return
	}
	p.put("SELECT ")
	if s.Distinct {
		p.put("DISTINCT ")
	}
	for i, it := range s.Items {
		if i > 0 {
			p.put(", ")
		}
		p.expr(it.X)
		p.put(" AS ")
		p.name(it.Name)
	}
	if len(s.Items) == 0 {
		p.put("1")
	}
	if s.From != nil {
		p.put(" FROM ")
		p.from(s.From)
	}
	p.clause(" WHERE ", s.Where)
	if len(s.GroupBy) > 0 {
		p.put(" GROUP BY ")
		p.list(s.GroupBy)
	}
	p.clause(" HAVING ", s.Having)
	p.clause(" QUALIFY ", s.Qualify)
	p.tail(s)
}

// union prints a UNION ALL; what orders and limits it stands around it, because engines differ about where else it belongs.
func (p *printer) union(s *Select) {
	whole := len(s.OrderBy) > 0 || s.Limit >= 0
	if whole {
		p.put("SELECT * FROM (")
	}
	for i, u := range s.Union {
		if i > 0 {
			p.put(" UNION ALL ")
		}
		p.put("(")
		p.sel(u)
		p.put(")")
	}
	if whole {
		p.put(")")
	}
	p.tail(s)
}

func (p *printer) clause(word string, e Expr) {
	if e != nil {
		p.put(word)
		p.expr(e)
	}
}

func (p *printer) tail(s *Select) {
	p.order(s.OrderBy)
	if s.Limit >= 0 {
		p.put(" LIMIT ", strconv.FormatInt(s.Limit, 10))
	}
}

func (p *printer) order(keys []Order) {
	for i, o := range keys {
		p.put([]string{" ORDER BY ", ", "}[min(i, 1)])
		p.expr(o.X)
		if o.Desc {
			p.put(" DESC")
		} else {
			p.put(" ASC")
		}
		if o.NullsFirst {
			p.put(" NULLS FIRST")
		} else {
			p.put(" NULLS LAST")
		}
	}
}

func (p *printer) alias(a string) {
	if a != "" {
		p.put(" AS ")
		p.name(a)
	}
}

var joinKinds = map[string]bool{"INNER": true, "LEFT": true, "RIGHT": true, "FULL": true, "SEMI": true, "ANTI": true}

func (p *printer) from(f From) {
	if !p.enter() {
		return
	}
	defer p.leave()
	switch f := f.(type) {
	case Scan:
		if p.store == nil {
			p.fail("there is no store for table %s", f.Table)
			return
		}
		text, err := p.store(f)
		if err != nil && p.err == nil {
			p.err = err
		}
		p.dialect.scan(p, f, text)
	case Sub:
		p.put("(")
		p.sel(f.Q)
		p.put(")")
		p.alias(f.Alias)
	case Ref:
		p.name(f.Name)
		p.alias(f.Alias)
	case Join:
		if !joinKinds[f.Kind] {
			p.fail("join kind %q", f.Kind)
		}
		p.from(f.L)
		p.dialect.join(p, f.Kind, f)
	case Values:
		p.dialect.values(p, f)
	case Series:
		p.dialect.series(p, f)
	default:
		p.fail("relation %T", f)
	}
}

func (p *printer) list(es []Expr) {
	for i, e := range es {
		if i > 0 {
			p.put(", ")
		}
		p.expr(e)
	}
}
