package duck

import (
	"regexp"

	"github.com/vedette-siem/vedette/kql/sql"
)

var typeNames = map[sql.Type]string{sql.Bool: "BOOLEAN", sql.Int: "INTEGER", sql.Long: "BIGINT", sql.Double: "DOUBLE", sql.Text: "VARCHAR"}

// operators are the infix operators a tree may have.
var operators = map[string]bool{
	"+": true, "-": true, "*": true, "/": true, "//": true, "%": true, "=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true,
	"AND": true, "OR": true, "||": true, "LIKE": true, "&": true, "|": true, "<<": true, ">>": true,
	"IS DISTINCT FROM": true, "IS NOT DISTINCT FROM": true,
}

// functionName is what the name of a function may look like; names come from our own declarations, and this holds them to it.
var functionName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (p *printer) expr(x sql.Expr) {
	if !p.enter() {
		return
	}
	defer p.leave()
	switch x := x.(type) {
	case sql.Col:
		if x.Table != "" {
			p.w(p.ident(x.Table), ".")
		}
		p.w(p.ident(x.Name))
	case sql.Lit:
		p.lit(x)
	case sql.Call:
		p.call(x)
	case sql.Binary:
		if !operators[x.Op] {
			p.fail("unknown operator %q", x.Op)
			return
		}
		p.w("(")
		p.expr(x.L)
		p.w(" ", x.Op, " ")
		p.expr(x.R)
		p.w(")")
	case sql.Not:
		p.w("(NOT ")
		p.expr(x.X)
		p.w(")")
	case sql.IsNull:
		p.w("(")
		p.expr(x.X)
		p.w(" IS NULL)")
	case sql.In:
		if len(x.List) == 0 {
			p.w("false")
			return
		}
		p.w("(")
		p.expr(x.X)
		p.list(" IN (", x.List)
		p.w("))")
	case sql.InQuery:
		p.w("(")
		p.expr(x.X)
		p.w(" IN (")
		p.selection(x.Q)
		p.w("))")
	case sql.Case:
		p.w("CASE")
		for _, w := range x.Whens {
			p.w(" WHEN ")
			p.expr(w.If)
			p.w(" THEN ")
			p.expr(w.Then)
		}
		p.clause(" ELSE ", x.Else)
		p.w(" END")
	case sql.Cast:
		p.w([]string{"CAST(", "TRY_CAST("}[b2i(x.Try)])
		p.expr(x.X)
		p.w(" AS ", typeNames[x.T], ")")
	case sql.Scalar:
		p.w("(")
		p.selection(x.Q)
		p.w(")")
	case sql.Window:
		p.window(x)
	default:
		p.fail("no printing of expression %T", x)
	}
}

func (p *printer) lit(l sql.Lit) {
	switch l.V.(type) {
	case nil:
		p.w("CAST(NULL AS ", typeNames[l.T], ")")
		return
	case bool, int32, int64, float64, string:
	default:
		p.fail("a constant cannot hold a %T", l.V)
		return
	}
	// The cast keeps the type where the engine would guess another one from the context.
	p.w("CAST(", p.arg(l.V), " AS ", typeNames[l.T], ")")
}

func (p *printer) call(c sql.Call) {
	if !functionName.MatchString(c.Name) {
		p.fail("bad function name %q", c.Name)
		return
	}
	p.w(c.Name, "(")
	if c.Distinct {
		p.w("DISTINCT ")
	}
	p.list("", c.Args)
	if len(c.Args) == 0 && c.Name == "count" {
		p.w("*")
	}
	p.order(" ORDER BY ", c.OrderBy)
	p.w(")")
	if c.Filter != nil {
		p.clause(" FILTER (WHERE ", c.Filter)
		p.w(")")
	}
}

func (p *printer) window(x sql.Window) {
	p.call(x.F)
	p.w(" OVER (")
	p.list("PARTITION BY ", x.Partition)
	p.order(" ORDER BY ", x.OrderBy)
	switch x.Frame {
	case "", sql.FrameAllRowsBefore:
		if x.Frame != "" {
			p.w(" ", x.Frame)
		}
	default:
		p.fail("unknown frame %q", x.Frame)
	}
	p.w(")")
}
