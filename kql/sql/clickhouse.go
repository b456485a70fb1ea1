package sql

import (
	"strconv"
	"strings"
)

// PrintClickHouse prints q as one SELECT for ClickHouse. Constants become the parameters {p1:Type}, {p2:Type}, … whose values are args, of
// the Go types of Lit.V. scan gives the FROM fragment of a stored table, as for PrintDuckDB. The text means what it should under the
// ClickHouseSettings only.
//
// An error means that the tree is malformed or too deep, or comes from scan.
func PrintClickHouse(q *Query, scan func(Scan) (string, error)) (text string, args []any, err error) {
	return printed(clickHouse{}, q, scan)
}

// ClickHouseSettings are the settings, by name, that what PrintClickHouse prints relies on: an adapter sets them for its sessions.
func ClickHouseSettings() map[string]string {
	return map[string]string{
		"join_use_nulls":                     "1", // what an outer join does not find is null, not 0
		"aggregate_functions_null_for_empty": "1", // as is an aggregate of nothing
		"transform_null_in":                  "0", // null is a member of no list
		"cast_keep_nullable":                 "0",
		"enable_positional_arguments":        "0", // GROUP BY 1 is a constant
		"prefer_column_name_to_alias":        "1",
		"join_default_strictness":            "ALL",
		"count_distinct_implementation":      "uniqExact",
		"max_query_size":                     "268435456",
		"max_ast_elements":                   "5000000",
		"max_expanded_ast_elements":          "5000000",
		"max_ast_depth":                      "100000",
		"max_parser_depth":                   "100000",
		"max_parser_backtracks":              "100000000",
	}
}

type clickHouse struct{}

var clickTypes = map[Type]string{Bool: "Bool", Int: "Int32", Long: "Int64", Double: "Float64", Text: "String"}

func (clickHouse) name(p *printer, s string) {
	p.put(`"`, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s), `"`)
}

func (clickHouse) param(p *printer, n int, l Lit) {
	p.put("{p", strconv.Itoa(n), ":", clickTypes[l.T], "}")
}

func (clickHouse) null(p *printer, t Type) { p.put("CAST(NULL AS Nullable(", clickTypes[t], "))") }

// cast converts: a plain cast of a number that does not fit wraps around, so that one that may fail goes by another way.
func (clickHouse) cast(p *printer, c Cast) {
	if c.Try {
		p.put("accurateCastOrNull(")
		p.expr(c.X)
		p.put(", '", clickTypes[c.T], "')")
		return
	}
	p.put("CAST(")
	p.expr(c.X)
	p.put(" AS Nullable(", clickTypes[c.T], "))")
}

func (clickHouse) binary(p *printer, b Binary) {
	switch b.Op {
	case "//":
		p.put("intDiv(")
		p.list([]Expr{b.L, b.R})
		p.put(")")
	case "AND", "OR": // long chains are one operator of many operands: nested, they take the engine's planner seconds
		for i, e := range chain(b) {
			if i > 0 {
				p.put(" ", b.Op, " ")
			}
			p.expr(e)
		}
	default:
		p.infix(b, b.Op)
	}
}

// chain gives the operands of b and of all that is below it with the same operator, in order.
func chain(b Binary) []Expr {
	var out []Expr
	for rest := []Expr{b}; len(rest) > 0; {
		e := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		if same, ok := e.(Binary); ok && same.Op == b.Op {
			rest = append(rest, same.R, same.L)
		} else {
			out = append(out, e)
		}
	}
	return out
}

// clickFunctions are functions of SQL that ClickHouse calls by another name.
var clickFunctions = map[string]string{"isnan": "isNaN", "any_value": "any", "bit_and": "groupBitAnd", "bit_or": "groupBitOr", "fsum": "sumKahan"}

func (clickHouse) call(p *printer, c Call) {
	if len(c.OrderBy) > 0 {
		p.fail("ClickHouse cannot order the rows of %s", c.Name)
	}
	if name, ok := clickFunctions[c.Name]; ok {
		c.Name = name
	}
	p.put(c.Name)
	p.arguments(c, "")
}

var clickJoins = map[string]string{"INNER": "ALL INNER", "LEFT": "ALL LEFT", "RIGHT": "ALL RIGHT", "FULL": "ALL FULL", "SEMI": "LEFT SEMI", "ANTI": "LEFT ANTI"}

func (clickHouse) join(p *printer, kind string, j Join) {
	if j.On == nil && kind == "INNER" {
		p.put(" CROSS JOIN ")
		p.from(j.R)
		return
	}
	p.put(" ", clickJoins[kind], " JOIN ")
	p.from(j.R)
	p.put(" ON ")
	if j.On == nil {
		p.put("1")
	} else {
		p.expr(j.On)
	}
}

func (clickHouse) scan(p *printer, s Scan, text string) {
	p.put(text)
	p.alias(s.Alias)
}

// values prints the rows as one array, whose members become rows in their order.
func (d clickHouse) values(p *printer, v Values) {
	p.put("(SELECT ")
	for i, n := range v.Names {
		if i > 0 {
			p.put(", ")
		}
		if len(v.Rows) == 0 {
			d.null(p, v.Types[i])
		} else {
			p.put("tupleElement(r, ", strconv.Itoa(i+1), ")")
		}
		p.put(" AS ")
		p.name(n)
	}
	if len(v.Rows) == 0 {
		p.put(" WHERE 0)")
		p.alias(v.Alias)
		return
	}
	p.put(" FROM (SELECT arrayJoin(CAST([")
	for i, row := range v.Rows {
		if i > 0 {
			p.put(", ")
		}
		p.put("tuple(")
		p.list(row)
		p.put(")")
	}
	p.put("] AS Array(Tuple(")
	for i, t := range v.Types {
		if i > 0 {
			p.put(", ")
		}
		p.put("Nullable(", clickTypes[t], ")")
	}
	p.put(")))) AS r))")
	p.alias(v.Alias)
}

// series counts its numbers, so that no end is added to that could overflow.
func (clickHouse) series(p *printer, s Series) {
	p.put("(SELECT ")
	p.expr(s.From)
	p.put(" + CAST(arrayJoin(range(toUInt64(greatest(0, intDiv(")
	p.expr(s.To)
	p.put(" - ")
	p.expr(s.From)
	p.put(", ")
	p.expr(s.Step)
	p.put(") + 1)))) AS Int64) * ")
	p.expr(s.Step)
	p.put(" AS ")
	p.name(s.Name)
	p.put(")")
	p.alias(s.Alias)
}
