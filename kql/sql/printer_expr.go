package sql

import "math"

var binaryOps = map[string]bool{"+": true, "-": true, "*": true, "/": true, "//": true, "%": true, "=": true, "<>": true, "<": true,
	"<=": true, ">": true, ">=": true, "AND": true, "OR": true, "||": true, "LIKE": true, "IS DISTINCT FROM": true, "IS NOT DISTINCT FROM": true}

func (p *printer) expr(e Expr) {
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
		if !binaryOps[e.Op] {
			p.fail("operator %q", e.Op)
		}
		p.put("(")
		p.dialect.binary(p, e)
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
		p.dialect.cast(p, e)
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

// infix prints an operator that is written between its sides.
func (p *printer) infix(b Binary, op string) {
	p.expr(b.L)
	p.put(" ", op, " ")
	p.expr(b.R)
}

// lit prints a constant: a parameter, the same for each constant that is equal.
func (p *printer) lit(l Lit) {
	if l.V == nil {
		p.dialect.null(p, l.T)
		return
	}
	key := l.V
	switch v := l.V.(type) {
	case bool, int32, int64, string:
	case float64:
		key = math.Float64bits(v) // 0 and -0 are equal but not the same
	default:
		p.fail("constant of type %T", l.V)
		return
	}
	n, ok := p.bound[key]
	if !ok {
		p.args = append(p.args, l.V)
		n = len(p.args)
		p.bound[key] = n
	}
	p.dialect.param(p, n, l)
}

// call prints a function call; its name must be one that our own declarations could contain.
func (p *printer) call(c Call) {
	for i := 0; i < len(c.Name); i++ {
		if b := c.Name[i]; !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_') {
			p.fail("function name %q", c.Name)
		}
	}
	p.dialect.call(p, c)
}

// arguments prints what follows a function's name.
func (p *printer) arguments(c Call, all string) {
	p.put("(")
	if c.Distinct {
		p.put("DISTINCT ")
	}
	if c.Name == "count" && len(c.Args) == 0 {
		p.put(all)
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

func (p *printer) window(w Window) {
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
