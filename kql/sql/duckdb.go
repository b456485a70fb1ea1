package sql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// PrintDuckDB prints q as one SELECT for DuckDB. Constants become numbered parameters ($1, …) whose values are args, of the Go types of
// Lit.V. scan gives the FROM fragment of a stored table: a parenthesised subquery without parameters and without alias that has
// exactly the scan's Columns in order, under their names.
//
// DuckDB takes expressions for equal by their text and identifiers whatever their case. So equal constants share one parameter, and the
// x + 1 of a GROUP BY is that of its SELECT; and names that differ in case alone are spelled apart ("a", "A~1"), the same throughout.
//
// An error means that the tree is malformed or too deep, or comes from scan.
func PrintDuckDB(q *Query, scan func(Scan) (string, error)) (text string, args []any, err error) {
	p := &duckPrinter{scan: scan, bound: map[any]int{}, names: map[string]string{}, taken: map[string]bool{}}
	p.sel(q.Root)
	if p.err != nil {
		return "", nil, p.err
	}
	return p.b.String(), p.args, nil
}

// duckDepth bounds how deep a tree may be.
const duckDepth = 5000

// duckPrinter gathers text and parameters; after the first error it prints on, and the text is thrown away.
type duckPrinter struct {
	b     strings.Builder
	args  []any
	bound map[any]int // constant → its parameter
	names map[string]string
	taken map[string]bool // spellings given out, in lower case
	depth int
	scan  func(Scan) (string, error)
	err   error
}

// enter counts how deep the tree is; leave must follow when it gives true.
func (p *duckPrinter) enter() bool {
	if p.depth++; p.depth > duckDepth {
		p.fail("nested deeper than %d", duckDepth)
		p.depth--
		return false
	}
	return true
}

func (p *duckPrinter) leave() { p.depth-- }

func (p *duckPrinter) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("sql: "+format, args...)
	}
}

func (p *duckPrinter) put(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

// name prints an identifier in quotes.
func (p *duckPrinter) name(s string) {
	if strings.ContainsRune(s, 0) {
		p.fail("identifier with a zero byte")
	}
	p.put(`"`, strings.ReplaceAll(p.spelling(s), `"`, `""`), `"`)
}

// spelling gives how a name is written in this statement.
func (p *duckPrinter) spelling(s string) string {
	spelled, ok := p.names[s]
	if !ok {
		spelled = s
		for i := 1; p.taken[strings.ToLower(spelled)]; i++ {
			spelled = s + "~" + strconv.Itoa(i)
		}
		p.taken[strings.ToLower(spelled)] = true
		p.names[s] = spelled
	}
	return spelled
}

func (p *duckPrinter) sel(s *Select) {
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
		for i, u := range s.Union {
			if i > 0 {
				p.put(" UNION ALL ")
			}
			p.put("(")
			p.sel(u)
			p.put(")")
		}
		p.tail(s)
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

func (p *duckPrinter) clause(word string, e Expr) {
	if e != nil {
		p.put(word)
		p.expr(e)
	}
}

func (p *duckPrinter) tail(s *Select) {
	p.order(s.OrderBy)
	if s.Limit >= 0 {
		p.put(" LIMIT ", strconv.FormatInt(s.Limit, 10))
	}
}

func (p *duckPrinter) order(keys []Order) {
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

func (p *duckPrinter) alias(a string) {
	if a != "" {
		p.put(" AS ")
		p.name(a)
	}
}

func (p *duckPrinter) from(f From) {
	if !p.enter() {
		return
	}
	defer p.leave()
	switch f := f.(type) {
	case Scan:
		if p.scan == nil {
			p.fail("there is no store for table %s", f.Table)
			return
		}
		text, err := p.scan(f)
		if err != nil && p.err == nil {
			p.err = err
		}
		p.put(text)
		if slices.ContainsFunc(f.Columns, func(c string) bool { return p.spelling(c) != c }) {
			p.columns(f.Alias, f.Columns)
		} else {
			p.alias(f.Alias)
		}
	case Sub:
		p.put("(")
		p.sel(f.Q)
		p.put(")")
		p.alias(f.Alias)
	case Ref:
		p.name(f.Name)
		p.alias(f.Alias)
	case Join:
		p.from(f.L)
		switch f.Kind {
		case "INNER", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI":
			p.put(" ", f.Kind, " JOIN ")
		default:
			p.fail("join kind %q", f.Kind)
		}
		p.from(f.R)
		p.put(" ON ")
		if f.On == nil {
			p.put("TRUE")
		} else {
			p.expr(f.On)
		}
	case Values:
		p.values(f)
	case Series:
		p.put("generate_series(")
		p.list([]Expr{f.From, f.To, f.Step})
		p.put(")")
		p.columns(f.Alias, []string{f.Name})
	default:
		p.fail("relation %T", f)
	}
}

func (p *duckPrinter) columns(alias string, names []string) {
	p.put(" AS ")
	p.name(alias)
	for i, n := range names {
		p.put([]string{"(", ", "}[min(i, 1)])
		p.name(n)
	}
	p.put(")")
}

func (p *duckPrinter) values(v Values) {
	if len(v.Rows) == 0 {
		p.put("(SELECT ")
		for i, t := range v.Types {
			if i > 0 {
				p.put(", ")
			}
			p.put("CAST(NULL AS ", duckTypes[t], ")")
		}
		p.put(" WHERE FALSE)")
		p.columns(v.Alias, v.Names)
		return
	}
	p.put("(VALUES ")
	for i, row := range v.Rows {
		if i > 0 {
			p.put(", ")
		}
		p.put("(")
		p.list(row)
		p.put(")")
	}
	p.put(")")
	p.columns(v.Alias, v.Names)
}

func (p *duckPrinter) list(es []Expr) {
	for i, e := range es {
		if i > 0 {
			p.put(", ")
		}
		p.expr(e)
	}
}
