package sql

import (
	"math"
	"strconv"
)

var duckTypes = map[Type]string{Bool: "BOOLEAN", Int: "INTEGER", Long: "BIGINT", Double: "DOUBLE", Text: "VARCHAR"}

var duckOps = map[string]bool{"+": true, "-": true, "*": true, "/": true, "//": true, "%": true, "=": true, "<>": true, "<": true,
	"<=": true, ">": true, ">=": true, "AND": true, "OR": true, "||": true, "LIKE": true, "IS DISTINCT FROM": true, "IS NOT DISTINCT FROM": true}

func (p *duckPrinter) expr(e Expr) {
	if !p.enter() {
		return
	}
	defer p.leave()
	switch e := e.(type) {
	case Col:
		if e.Table != "" {
			p.name(e.Table)
			p.put(".")
		}
		p.name(e.Name)
	case Lit:
		p.lit(e)
	case Call:
		p.call(e)
	case Binary:
		if !duckOps[e.Op] {
			p.fail("operator %q", e.Op)
		}
		p.put("(")
		p.expr(e.L)
		p.put(" ", e.Op, " ")
		p.expr(e.R)
		p.put(")")
	case Not:
		p.put("(NOT ")
		p.expr(e.X)
		p.put(")")
	case IsNull:
		p.put("(")
		p.expr(e.X)
		p.put(" IS NULL)")
	case In:
		if len(e.List) == 0 {
			p.fail("IN without values")
		}
		p.put("(")
		p.expr(e.X)
		p.put(" IN (")
		p.list(e.List)
		p.put("))")
	case InQuery:
		p.put("(")
		p.expr(e.X)
		p.put(" IN (")
		p.sel(e.Q)
		p.put("))")
	case Case:
		p.put("CASE")
		for _, w := range e.Whens {
			p.put(" WHEN ")
			p.expr(w.If)
			p.put(" THEN ")
			p.expr(w.Then)
		}
		if e.Else != nil {
			p.put(" ELSE ")
			p.expr(e.Else)
		}
		p.put(" END")
	case Cast:
		p.put([]string{"CAST(", "TRY_CAST("}[btoi(e.Try)])
		p.expr(e.X)
		p.put(" AS ", duckTypes[e.T], ")")
	case Scalar:
		p.put("(")
		p.sel(e.Q)
		p.put(")")
	case Window:
		p.window(e)
	default:
		p.fail("expression %T", e)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// lit prints a parameter with its type, so that the engine need not guess it.
func (p *duckPrinter) lit(l Lit) {
	if l.V == nil {
		p.put("CAST(NULL AS ", duckTypes[l.T], ")")
		return
	}
	switch v := l.V.(type) {
	case bool, int32, int64, string:
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			l.V = strconv.FormatFloat(v, 'g', -1, 64)
		}
	default:
		p.fail("constant of type %T", l.V)
		return
	}
	key := l.V
	if f, ok := l.V.(float64); ok {
		key = math.Float64bits(f) // 0 and -0 are equal but not the same
	}
	n, ok := p.bound[key]
	if !ok {
		p.args = append(p.args, l.V)
		n = len(p.args)
		p.bound[key] = n
	}
	p.put("CAST($", strconv.Itoa(n), " AS ", duckTypes[l.T], ")")
}

// call prints a function call; its name must be one that our own declarations could contain.
func (p *duckPrinter) call(c Call) {
	for i := 0; i < len(c.Name); i++ {
		if b := c.Name[i]; !(b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_') {
			p.fail("function name %q", c.Name)
		}
	}
	p.put(c.Name, "(")
	if c.Distinct {
		p.put("DISTINCT ")
	}
	if c.Name == "count" && len(c.Args) == 0 {
		p.put("*")
	}
	p.list(c.Args)
	p.order(c.OrderBy)
	p.put(")")
	if c.Filter != nil {
		p.put(" FILTER (WHERE ")
		p.expr(c.Filter)
		p.put(")")
	}
}

func (p *duckPrinter) window(w Window) {
	p.call(w.F)
	p.put(" OVER (")
	if len(w.Partition) > 0 {
		p.put("PARTITION BY ")
		p.list(w.Partition)
	}
	p.order(w.OrderBy)
	switch w.Frame {
	case "":
	case FrameAllRowsBefore:
		p.put(" ", w.Frame)
	default:
		p.fail("window frame %q", w.Frame)
	}
	p.put(")")
}
