package sql

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// PrintDuckDB prints q as one SELECT for DuckDB. Constants become numbered parameters ($1, …) whose values are args, of the Go types of
// Lit.V (a real that is no number as its text). scan gives the FROM fragment of a stored table: a parenthesised subquery without
// parameters and without alias that has exactly the scan's Columns in order, under their names.
//
// DuckDB takes expressions for equal by their text and identifiers whatever their case. So equal constants share one parameter, and the
// x + 1 of a GROUP BY is that of its SELECT; and names that differ in case alone are spelled apart ("a", "A~1"), the same throughout.
//
// An error means that the tree is malformed or too deep, or comes from scan.
func PrintDuckDB(q *Query, scan func(Scan) (string, error)) (text string, args []any, err error) {
	text, args, err = printed(&duckDB{names: map[string]string{}, taken: map[string]bool{}}, q, scan)
	for i, a := range args {
		if f, ok := a.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			args[i] = strconv.FormatFloat(f, 'g', -1, 64)
		}
	}
	return text, args, err
}

type duckDB struct {
	names map[string]string
	taken map[string]bool // spellings given out, in lower case
}

var duckTypes = map[Type]string{Bool: "BOOLEAN", Int: "INTEGER", Long: "BIGINT", Double: "DOUBLE", Text: "VARCHAR"}

func (d *duckDB) name(p *printer, s string) {
	p.put(`"`, strings.ReplaceAll(d.spelling(s), `"`, `""`), `"`)
}

// spelling gives how a name is written in this statement.
func (d *duckDB) spelling(s string) string {
	spelled, ok := d.names[s]
	if !ok {
		spelled = s
		for i := 1; d.taken[strings.ToLower(spelled)]; i++ {
			spelled = s + "~" + strconv.Itoa(i)
		}
		d.taken[strings.ToLower(spelled)] = true
		d.names[s] = spelled
	}
	return spelled
}

// param writes the type too, so that the engine need not guess it.
func (d *duckDB) param(p *printer, n int, l Lit) {
	p.put("CAST($", strconv.Itoa(n), " AS ", duckTypes[l.T], ")")
}

func (d *duckDB) null(p *printer, t Type) { p.put("CAST(NULL AS ", duckTypes[t], ")") }

func (d *duckDB) cast(p *printer, c Cast) {
	if c.Try {
		p.put("TRY_")
	}
	p.put("CAST(")
	p.expr(c.X)
	p.put(" AS ", duckTypes[c.T], ")")
}

func (d *duckDB) binary(p *printer, b Binary) { p.infix(b, b.Op) }

func (d *duckDB) call(p *printer, c Call) {
	p.put(c.Name)
	p.arguments(c, "*")
}

func (d *duckDB) join(p *printer, kind string, j Join) {
	p.put(" ", kind, " JOIN ")
	p.from(j.R)
	p.put(" ON ")
	if j.On == nil {
		p.put("TRUE")
	} else {
		p.expr(j.On)
	}
}

func (d *duckDB) scan(p *printer, s Scan, text string) {
	p.put(text)
	if slices.ContainsFunc(s.Columns, func(c string) bool { return d.spelling(c) != c }) {
		d.columns(p, s.Alias, s.Columns)
	} else {
		p.alias(s.Alias)
	}
}

func (d *duckDB) columns(p *printer, alias string, names []string) {
	p.put(" AS ")
	p.name(alias)
	for i, n := range names {
		p.put([]string{"(", ", "}[min(i, 1)])
		p.name(n)
	}
	p.put(")")
}

func (d *duckDB) values(p *printer, v Values) {
	if len(v.Rows) == 0 {
		p.put("(SELECT ")
		for i, t := range v.Types {
			if i > 0 {
				p.put(", ")
			}
			d.null(p, t)
		}
		p.put(" WHERE FALSE)")
		d.columns(p, v.Alias, v.Names)
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
	d.columns(p, v.Alias, v.Names)
}

func (d *duckDB) series(p *printer, s Series) {
	p.put("generate_series(")
	p.list([]Expr{s.From, s.To, s.Step})
	p.put(")")
	d.columns(p, s.Alias, []string{s.Name})
}
