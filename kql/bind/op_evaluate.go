package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// evaluate binds a plugin call.
func (b *binder) evaluate(r *rel, op *syntax.Evaluate) *rel {
	e := op.Plugin
	if e == nil {
		return b.brokenTable()
	}
	name := e.Func.Text
	pl, ok := plugins[name]
	if !ok {
		all := make([]string, 0, len(plugins))
		for n := range plugins {
			all = append(all, n)
		}
		b.errorAdvice(e.Func.At(), codeUnknownPlugin, didYouMean(name, all), "there is no plugin %s", name)
		return b.brokenTable()
	}
	in := r
	if r == nil {
		if !pl.first {
			b.errorf(op.KeywordAt, codePosition, "the plugin %s needs a table before it: T | evaluate %s(…)", quoteName(name), name)
			return b.brokenTable()
		}
		in = &rel{node: &plan.Values{}}
	}
	p := &pluginCall{b: b, in: in}
	b.pluginArgs(p, pl, e)
	if len(e.Args) < pl.min || pl.max >= 0 && len(e.Args) > pl.max {
		b.errorf(e.At(), codeArguments, "the plugin %s takes %s, not %d", quoteName(name), argumentRange(pl.min, pl.max), len(e.Args))
		return b.brokenTable()
	}
	for _, i := range pl.cols {
		if i < len(p.args) && p.args[i].name == "" && p.args[i].table == nil {
			b.columnOnly(p.args[i].val, e.Args[i], "the plugin "+quoteName(name))
		}
	}
	if name == "pivot" {
		b.notDynamic(p.args[0].val, e.Args[0], "pivot")
	}
	if pl.external != "" {
		b.refuse(e.At(), "the plugin %s cannot be used: %s", quoteName(name), pl.external)
	}
	cols := pl.schema(p)
	if op.Schema != nil {
		cols = b.declaredOutput(op.Schema, cols)
		p.open = false
	}
	node := &plan.Evaluate{Plugin: name, Params: map[string]value.Value{}}
	for _, a := range p.args {
		switch {
		case a.table != nil:
			node.Tables = append(node.Tables, a.table.node)
		case a.name != "" && a.val.constant() != nil:
			node.Params[a.name] = *a.val.constant()
		case a.val.ok():
			node.Args = append(node.Args, a.val.expr)
		}
	}
	if r != nil {
		node = plan.NewEvaluate(r.node, *node)
	}
	for i, c := range cols {
		if c.ID == 0 {
			cols[i].ID = b.newID()
		}
	}
	node.Cols = cols
	out := &rel{node: node, cols: cols, broken: in.broken}
	if op.Schema == nil {
		out.open = in.open
	}
	if p.open {
		b.discover(node, out, cols)
	}
	return out
}

func argumentRange(least, most int) string {
	switch {
	case most < 0:
		return "at least " + itoa(least) + " arguments"
	case least == most:
		return itoa(least) + " arguments"
	}
	return itoa(least) + " to " + itoa(most) + " arguments"
}

// pluginArgs binds the arguments: scalars over the input's columns, tables, an aggregate, columns of a table.
func (b *binder) pluginArgs(p *pluginCall, pl plugin, e *syntax.Call) {
	for i, a := range e.Args {
		arg := pluginArg{}
		x := a
		if n, ok := a.(*syntax.Named); ok && len(n.Names) == 1 {
			arg.name, x = n.Names[0].Text, n.X
		}
		switch {
		case pl.tableAt == i+1:
			b.apart(func() { arg.table = b.table(x) })
			if sharesColumns(p.in, arg.table) {
				arg.table = b.renewed(arg.table)
			}
		case pl.keyAt == i+1 && p.args[pl.tableAt-1].table != nil:
			b.over(p.args[pl.tableAt-1].table, func() { arg.val = b.expr(x); arg.title, _ = b.title(x) })
		case pl.aggAt == i+1:
			agg := &aggregation{by: map[plan.ColID]bool{}}
			b.over(p.in, func() { b.aggregated(agg, func() { arg.val = b.expr(x) }) })
			arg.val.aggRefs = agg.args
			if len(agg.items) == 1 && arg.val.ok() {
				arg.val.expr = &plan.Call{Fn: agg.items[0].Fn, Args: agg.items[0].Args, T: arg.val.typ}
			}
		default:
			b.over(p.in, func() {
				if c, ok := x.(*syntax.Call); ok && (fn.Lookup(c.Func.Text) == nil || fn.Lookup(c.Func.Text).Kind == fn.Aggregate) {
					o := b.any(x)
					arg.val, arg.table = o.val, o.table
				} else if n, ok := x.(*syntax.Name); ok && b.isTableName(n) || writtenTable(x) {
					o := b.any(x)
					arg.val, arg.table = o.val, o.table
				} else {
					arg.val = b.expr(x)
				}
				arg.title, _ = b.title(x)
			})
		}
		if c, ok := arg.val.expr.(*plan.Ref); ok && arg.val.col == 0 {
			arg.val.col = c.ID
		}
		p.args = append(p.args, arg)
	}
}

// writtenTable reports whether an expression is a table by the way it is written.
func writtenTable(e syntax.Expr) bool {
	for {
		switch x := e.(type) {
		case *syntax.Paren:
			e = x.X
		case *syntax.Pipe, *syntax.DataTable, *syntax.Materialize:
			return true
		default:
			return false
		}
	}
}

// constText gives a constant argument as part of a name.
func (p *pluginCall) constText(i int, otherwise string) string {
	if i < len(p.args) {
		if c := p.args[i].val.constant(); c != nil {
			return constText(*c)
		}
	}
	return otherwise
}

// declaredOutput is the schema that the query writes after the call; with * the plugin's other columns come first.
func (b *binder) declaredOutput(s *syntax.Schema, cols []plan.Column) []plan.Column {
	want := b.schemaColumns(s)
	have := map[string]plan.Column{}
	for _, c := range cols {
		have[c.Name] = c
	}
	for i, c := range want {
		if h, ok := have[c.Name]; ok && h.Type == c.Type {
			want[i] = h
		}
	}
	if !s.Open {
		return want
	}
	named := map[string]bool{}
	for _, c := range want {
		named[c.Name] = true
	}
	var out []plan.Column
	for _, c := range cols {
		if !named[c.Name] {
			out = append(out, c)
		}
	}
	return append(out, want...)
}
