package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// fork gives a table for every branch.
func (b *binder) fork(r *rel, op *syntax.Fork) *rel {
	in := b.share(r)
	out := &rel{broken: r.broken}
	for i, br := range op.Branches {
		sub := b.fed(in, br.X)
		name := "GenericResult"
		if br.Name != nil {
			name = br.Name.Text
		} else if i > 0 {
			name += "_" + itoa(i)
		}
		out.results = append(out.results, plan.Result{Name: name, Root: b.closed(sub), Render: sub.render, Sorted: sub.sorted})
		if out.node == nil {
			out.node, out.cols = sub.node, sub.cols
		}
	}
	if len(out.results) == 0 {
		return b.brokenTable()
	}
	return out
}

// fed binds a subquery over a table that others read too.
func (b *binder) fed(in *rel, e syntax.Expr) *rel {
	var sub *rel
	r := in
	if !in.broken {
		r = b.renewed(in)
	}
	b.over(r, func() { sub = b.sub(r, e) })
	return sub
}

// facet gives a table of values and counts for every column, after the table of with.
func (b *binder) facet(r *rel, op *syntax.Facet) *rel {
	in := b.share(r)
	out := &rel{broken: r.broken}
	add := func(name string, sub *rel) {
		out.results = append(out.results, plan.Result{Name: name, Root: b.closed(sub), Render: sub.render, Sorted: sub.sorted})
		if out.node == nil {
			out.node, out.cols = sub.node, sub.cols
		}
	}
	for i, e := range op.By {
		fed := in
		if !in.broken {
			fed = b.renewed(in)
		}
		var x bound
		b.over(fed, func() { x = b.expr(e) })
		b.notDynamic(x, e, "facet")
		name, _ := b.title(e)
		key := plan.Item{Col: plan.Column{ID: b.newID(), Name: name, Type: x.typ}, Expr: x.expr}
		if key.Expr == nil {
			key.Expr = &plan.Lit{V: value.NullOf(x.typ)}
		}
		f := b.aggregateNamed("count")
		count := b.newColumn("count_"+name, value.Long)
		node := plan.NewAggregate(fed.node, []plan.Item{key}, []plan.AggItem{{Cols: []plan.Column{count}, Fn: f}})
		table := "Facet"
		if i > 0 {
			table += "_" + itoa(i+1)
		}
		add(table, &rel{node: node, cols: node.Columns()})
	}
	if op.With != nil {
		add("PrimaryResult", b.fed(in, op.With))
	}
	if len(out.results) == 0 {
		return b.brokenTable()
	}
	return out
}

// partition runs a subquery for every value of a column.
func (b *binder) partition(r *rel, op *syntax.Partition) *rel {
	var key bound
	b.over(r, func() { key = b.expr(op.By) })
	b.notDynamic(key, op.By, "partition")
	if key.ok() && key.col == 0 {
		b.errorf(op.By.At(), codeColumn, "partition is by a column; compute it with extend before")
	}
	in := &plan.Input{Cols: append([]plan.Column(nil), r.cols...)}
	fed := &rel{node: in, cols: in.Cols, open: r.open, inferred: r.inferred, serialized: r.serialized, sorted: r.sorted, broken: r.broken}
	var sub *rel
	if op.Braces {
		// a whole query, which names the column as a constant of the partition
		outer := b.scope
		if name, ok := b.title(op.By); ok {
			b.defineValue(name, bound{expr: key.expr, typ: key.typ})
			b.scope.sym.fixed = true
		}
		b.apart(func() { sub = b.table(op.Sub) })
		b.scope = outer
	} else {
		b.over(fed, func() { sub = b.sub(fed, op.Sub) })
	}
	if sub.graph != nil || len(sub.results) > 0 {
		b.errorf(op.Sub.At(), codeTabular, "the subquery of partition must give one table")
		return b.brokenTable()
	}
	expr := key.expr
	if expr == nil {
		expr = &plan.Lit{V: value.NullOf(key.typ)}
	}
	node := plan.NewPartition(r.node, plan.Partition{Key: expr, SubInput: in, Sub: b.closed(sub), Constant: op.Braces})
	out := sub.derive(node, sub.cols).unordered()
	out.broken = r.broken || sub.broken
	return out
}

// invoke calls a function with the table as its first argument.
func (b *binder) invoke(r *rel, op *syntax.Invoke) *rel {
	call, ok := op.Func.(*syntax.Call)
	if p, isPath := op.Func.(*syntax.Path); isPath {
		if !b.here(p.Base) {
			return b.foreignTable()
		}
		call, ok = p.Selector.(*syntax.Call)
	}
	if n, isName := op.Func.(*syntax.Name); isName {
		call, ok = &syntax.Call{Span: n.At(), Func: n}, true
	}
	if !ok {
		return b.brokenTable()
	}
	if k := knownFunctions[call.Func.Text]; k != nil && k.piped && b.function(call.Func) == nil {
		return b.callKnown(k, call, r)
	}
	f := b.function(call.Func)
	if f == nil {
		b.unknownFunction(call.Func)
		return b.brokenTable()
	}
	var o operand
	row := b.row
	b.row = nil
	o = b.callFunction(f, call.Args, call.At(), r)
	b.row = row
	return b.asTable(o, call)
}

// chartKinds are the charts of render.
var chartKinds = map[string]bool{"anomalychart": true, "areachart": true, "barchart": true, "card": true, "columnchart": true, "ladderchart": true,
	"linechart": true, "piechart": true, "pivotchart": true, "plotly": true, "scatterchart": true, "stackedareachart": true, "table": true,
	"timechart": true, "timepivot": true, "timeline": true, "treemap": true, "graph": true, "map": true, "list": true}

// render notes the chart; the rows stay as they are.
func (b *binder) render(r *rel, op *syntax.Render) *rel {
	kind := strings.ToLower(op.Chart)
	if kind != "" && !chartKinds[kind] {
		var all []string
		for k := range chartKinds {
			all = append(all, k)
		}
		b.errorAdvice(op.ChartAt, codeUnknownOption, didYouMean(kind, all), "there is no chart %s", op.Chart)
	}
	c := &plan.Render{Kind: kind, Properties: map[string]string{}}
	for _, list := range []syntax.Params{op.Params, op.With} {
		for _, p := range list {
			c.Properties[p.Name] = b.propertyText(p.Value)
			if l, ok := p.Value.(*syntax.Literal); ok && (p.Name == "title" || p.Name == "xtitle" || p.Name == "ytitle") && l.Kind != syntax.StringLiteral {
				b.errorf(l.At(), codeType, "%s must be a string", p.Name)
			}
		}
	}
	out := *r
	out.render = c
	out.index, out.lookups = nil, 0
	return &out
}

// propertyText gives a property of render as text; lists of columns are joined by commas.
func (b *binder) propertyText(e syntax.Expr) string {
	switch x := e.(type) {
	case *syntax.Name:
		return x.Text
	case *syntax.Literal:
		return x.Text
	case *syntax.Array:
		parts := make([]string, len(x.Items))
		for i, it := range x.Items {
			parts[i] = b.propertyText(it)
		}
		return strings.Join(parts, ",")
	case nil:
		return ""
	}
	if c := b.expr(e).constant(); c != nil {
		return constText(*c)
	}
	return ""
}

// macroExpand runs its statements once for every entity of the group that is this store.
func (b *binder) macroExpand(r *rel, op *syntax.MacroExpand) *rel {
	if r != nil {
		b.errorf(op.KeywordAt, codePosition, "macro-expand must be the first operator")
	}
	var entities []syntax.Expr
	scopeName := ""
	switch g := op.Group.(type) {
	case *syntax.EntityGroup:
		entities = g.Entities
	case *syntax.Name:
		scopeName = g.Text
		if sym := b.scope.find(g.Text); sym != nil && sym.group != nil {
			entities = sym.group
		} else {
			b.errorf(g.At(), codeUnknownName, "there is no entity group %s", quoteName(g.Text))
			return b.brokenTable()
		}
	}
	if op.Scope != nil {
		scopeName = op.Scope.Text
	}
	var legs []leg
	for _, e := range entities {
		if !b.here(e) {
			continue
		}
		had := b.dbs[scopeName]
		b.dbs[scopeName] = true
		b.within(&scope{outer: b.scope, frame: true}, func() {
			for _, s := range op.Statements {
				if x, ok := s.(*syntax.ExprStatement); ok {
					legs = append(legs, leg{b.table(x.X), "union_arg" + itoa(len(legs))})
				} else {
					b.statement(s)
				}
			}
		})
		b.dbs[scopeName] = had
	}
	if len(legs) == 0 {
		return b.foreignTable()
	}
	return b.stack(legs, "", false)
}
