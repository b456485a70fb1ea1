package bind

import (
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

func itoa(n int) string { return strconv.Itoa(n) }

// let binds a declaration. A table is bound once here, so that its errors are told even when it is never used.
func (b *binder) let(s *syntax.Let) {
	name := s.Name.Text
	if b.scope.local(name) {
		b.errorf(s.Name.At(), codeDuplicateName, "the variable %s is declared already", quoteName(name))
	}
	env, columns := b.scope, b.columns
	v := s.Value
	for {
		p, ok := v.(*syntax.Paren)
		if !ok {
			break
		}
		v = p.X
	}
	switch v := v.(type) {
	case nil:
		b.define(name, &symbol{broken: true})
		return
	case *syntax.Func:
		b.checkFunction(v)
		f := &funcSymbol{name: name, decl: v, env: env}
		b.checkBody(f)
		b.define(name, &symbol{fun: f})
		return
	case *syntax.EntityGroup:
		b.define(name, &symbol{group: v.Entities})
		return
	case *syntax.Materialize:
		var r *rel
		b.apart(func() { r = b.materialize(v.X) })
		b.define(name, &symbol{table: &tableSymbol{shared: r}})
		return
	}
	o := b.any(v)
	switch {
	case o.table != nil && o.table.graph != nil:
		b.define(name, &symbol{table: &tableSymbol{shared: o.table}})
	case o.table != nil:
		b.define(name, &symbol{table: &tableSymbol{expr: v, env: env, columns: columns, first: o.table}})
	case len(o.val.tuple) > 1:
		b.errorf(s.Value.At(), codeScalar, "a variable holds one value, but the expression gives %d", len(o.val.tuple))
		b.define(name, &symbol{broken: true})
	default:
		x := o.val
		if len(x.tuple) == 1 {
			x = bound{expr: x.tuple[0].Expr, typ: x.tuple[0].Col.Type}
		}
		x.col, x.noop, x.tuple = 0, 0, nil
		b.defineValue(name, x)
	}
}

// checkFunction checks what is wrong with a declaration whether it is called or not.
func (b *binder) checkFunction(f *syntax.Func) {
	tabular := true
	seen := map[string]bool{}
	for _, p := range f.Params {
		if seen[p.Name.Text] {
			b.errorf(p.Name.At(), codeDuplicateName, "the parameter %s is declared twice", quoteName(p.Name.Text))
		}
		seen[p.Name.Text] = true
		is := p.Type != nil && p.Type.Schema != nil
		if is && !tabular {
			b.errorf(p.At(), codeArguments, "tabular parameters must stand before the others")
		}
		tabular = is
	}
	if f.Body != nil && f.Body.Result == nil && len(f.Body.Statements) == 0 {
		b.errorf(f.Body.At(), codeScalar, "the function has no value; write an expression in its braces")
	}
}

// function gives the function that a call means: one of a let statement, or a stored one.
func (b *binder) function(n *syntax.Name) *funcSymbol {
	if sym := b.scope.find(n.Text); sym != nil {
		return sym.fun
	}
	return b.storedFunction(n.Text)
}

// storedFunction gives the catalog's function with the name, nil if there is none.
func (b *binder) storedFunction(name string) *funcSymbol {
	if f, ok := b.stored[name]; ok {
		return f
	}
	if b.stored == nil {
		b.stored = map[string]*funcSymbol{}
	}
	b.stored[name] = nil
	params, body, ok := b.cat.Function(name)
	if !ok {
		if name == "AssignedIPAddresses" {
			b.stored[name] = b.knownText(name, "")
		}
		return b.stored[name]
	}
	body = strings.TrimSpace(body)
	if !strings.HasPrefix(body, "{") {
		body = "{ " + body + "\n}"
	}
	f := readFunction(name, params, body)
	b.stored[name] = f
	return f
}

// readFunction gives the function of a text that is not that of the query; nil where it is none.
func readFunction(name, params, body string) *funcSymbol {
	script, diags := syntax.Parse("let f = " + params + " " + body + ";")
	var decl *syntax.Func
	if len(script.Statements) > 0 {
		if l, ok := script.Statements[0].(*syntax.Let); ok {
			decl, _ = l.Value.(*syntax.Func)
		}
	}
	if decl == nil {
		return nil
	}
	f := &funcSymbol{name: name, decl: decl, env: &scope{}, stored: true}
	for _, d := range diags {
		if d.Severity == syntax.Error {
			f.problem = d.Message
			break
		}
	}
	return f
}

// callFunction puts the body of a function in place of its call. piped is the table that invoke passes as the first argument.
func (b *binder) callFunction(f *funcSymbol, args []syntax.Expr, at syntax.Span, piped *rel) operand {
	broken := operand{table: b.brokenTable()}
	if f.problem != "" {
		b.errorf(at, codeUnsupported, "the stored function %s cannot be read: %s", quoteName(f.name), f.problem)
		return broken
	}
	for _, active := range b.calls {
		if active == f {
			b.errorf(at, codeRecursion, "the function %s calls itself, which KQL does not allow", quoteName(f.name))
			return broken
		}
	}
	if len(b.calls) >= maxCalls {
		b.errorf(at, codeTooLarge, "functions call each other more than %d levels deep", maxCalls)
		return broken
	}
	env := &scope{outer: f.env, frame: true}
	env, ok := b.passArguments(f, args, at, piped, env)
	if !ok || f.decl.Body == nil || f.decl.Body.Result == nil {
		return broken
	}
	outerForeign, outerName := b.foreign, b.foreignName
	if f.stored && b.foreign == nil {
		b.foreign, b.foreignName = &at, "in the function "+quoteName(f.name)
	}
	row, right, aggs, search, columns := b.row, b.right, b.aggs, b.search, b.columns
	b.row, b.right, b.aggs, b.search, b.columns = nil, nil, nil, false, 1
	b.calls = append(b.calls, f)
	var o operand
	b.within(env, func() {
		for _, s := range f.decl.Body.Statements {
			b.statement(s)
		}
		o = b.any(f.decl.Body.Result)
	})
	b.calls = b.calls[:len(b.calls)-1]
	b.row, b.right, b.aggs, b.search, b.columns = row, right, aggs, search, columns
	b.foreign, b.foreignName = outerForeign, outerName
	o.val.col, o.val.noop = 0, 0
	return o
}

// passArguments binds the arguments where the call stands and defines the parameters in env.
func (b *binder) passArguments(f *funcSymbol, args []syntax.Expr, at syntax.Span, piped *rel, env *scope) (*scope, bool) {
	params := f.decl.Params
	given := make([]syntax.Expr, len(params))
	next := 0
	if piped != nil {
		if len(params) == 0 || params[0].Type == nil || params[0].Type.Schema == nil {
			b.errorf(at, codeArguments, "the function %s takes no table, so it cannot be invoked", quoteName(f.name))
			return env, false
		}
		next = 1
	}
	for _, a := range args {
		if n, ok := a.(*syntax.Named); ok && len(n.Names) == 1 && !n.Tuple {
			found := false
			for i, p := range params {
				if p.Name.Text == n.Names[0].Text {
					given[i], next, found = n.X, i+1, true
				}
			}
			if !found {
				var all []string
				for _, p := range params {
					all = append(all, p.Name.Text)
				}
				b.errorAdvice(n.Names[0].At(), codeArguments, didYouMean(n.Names[0].Text, all), "the function %s has no parameter %s", quoteName(f.name), quoteName(n.Names[0].Text))
				return env, false
			}
			continue
		}
		if next >= len(params) {
			b.errorf(a.At(), codeArguments, "the function %s takes %d arguments, not %d", quoteName(f.name), len(params), len(args))
			return env, false
		}
		given[next] = a
		next++
	}
	caller := b.scope
	for i, p := range params {
		tabular := p.Type != nil && p.Type.Schema != nil
		sym := &symbol{}
		switch {
		case i == 0 && piped != nil:
			sym.table = &tableSymbol{shared: b.share(b.declaredColumns(piped, p.Type.Schema, at))}
		case given[i] != nil && tabular:
			t := &tableSymbol{expr: given[i], env: caller, columns: b.columns}
			b.apart(func() { t.first = b.table(given[i]) })
			b.declaredColumns(t.first, p.Type.Schema, given[i].At())
			sym.table = t
		case given[i] != nil:
			x := b.expr(given[i])
			sym.value, sym.level = b.passValue(x, p), b.level
		case p.Default != nil:
			b.within(f.env, func() { x := b.expr(p.Default); sym.value = b.passValue(x, p) })
		default:
			b.errorf(at, codeArguments, "the function %s needs a value for its parameter %s", quoteName(f.name), quoteName(p.Name.Text))
			return env, false
		}
		env = &scope{outer: env, name: p.Name.Text, sym: sym}
	}
	return env, true
}

// passValue gives a scalar argument as its parameter's type.
func (b *binder) passValue(x bound, p *syntax.Parameter) *bound {
	t := b.typeName(p.Type)
	out := bound{typ: t}
	if x.ok() {
		out.expr = b.convert(x.expr, t)
	}
	return &out
}

// declaredColumns checks that the table has the columns that a parameter declares.
func (b *binder) declaredColumns(r *rel, s *syntax.Schema, at syntax.Span) *rel {
	for _, c := range b.schemaColumns(s) {
		have, ok := r.find(c.Name)
		switch {
		case r.open:
		case !ok:
			b.errorf(at, codeArguments, "the table needs a column %s of type %s", quoteName(c.Name), c.Type)
		case have.Type != c.Type && have.Type != value.Unknown && c.Type != value.Unknown:
			b.errorf(at, codeArguments, "the table's column %s is %s, but must be %s", quoteName(c.Name), have.Type, c.Type)
		}
	}
	return r
}

// share gives r as a table that is computed once for all who read it.
func (b *binder) share(r *rel) *rel {
	if r.graph != nil || r.broken {
		return r
	}
	if _, ok := r.node.(*plan.Shared); ok {
		return r
	}
	return r.with(plan.NewShared(r.node, ""))
}

// queryParameters defines the declared parameters with the values given for them.
func (b *binder) queryParameters(s *syntax.QueryParameters) {
	for _, p := range s.Params {
		t := b.typeName(p.Type)
		x := unknown(t)
		given, ok := b.opt.Params[p.Name.Text]
		switch {
		case ok:
			x = literal(typed(value.Convert(given, t), t))
			if t == value.Dynamic {
				x = literal(value.OfDynamic(given))
			}
		case p.Default != nil:
			x = *b.passValue(b.expr(p.Default), p)
		case b.opt.Check:
			x = bound{expr: &plan.Lit{V: value.NullOf(t)}, typ: t}
		default:
			b.errorf(p.At(), codeArguments, "no value was given for the parameter %s", quoteName(p.Name.Text))
		}
		b.defineValue(p.Name.Text, x)
	}
}

// pattern declares a pattern.
func (b *binder) pattern(s *syntax.Pattern) {
	b.define(s.Name.Text, &symbol{pattern: &patternSymbol{decl: s, env: b.scope}})
}

// callPattern puts the body of the case that fits the arguments in place of name(args).path.
func (b *binder) callPattern(p *patternSymbol, e *syntax.Call, selector syntax.Expr) operand {
	broken := operand{table: b.brokenTable()}
	constant := func(x syntax.Expr) (string, bool) {
		c := b.expr(x).constant()
		if c == nil || c.T != value.String {
			b.errorf(x.At(), codeConstant, "the arguments of a pattern must be constant strings")
			return "", false
		}
		return c.S, true
	}
	args := make([]string, len(e.Args))
	for i, a := range e.Args {
		s, ok := constant(a)
		if !ok {
			return broken
		}
		args[i] = s
	}
	path := ""
	switch sel := selector.(type) {
	case *syntax.Name:
		path = sel.Text
	case nil:
	default:
		b.errorf(selector.At(), codePattern, "a name must stand after the point")
		return broken
	}
cases:
	for _, c := range p.decl.Cases {
		if len(c.Values) != len(args) {
			continue
		}
		for i, v := range c.Values {
			if s, ok := constant(v); !ok || s != args[i] {
				continue cases
			}
		}
		if c.Path != nil {
			if s, ok := constant(c.Path); !ok || s != path {
				continue
			}
		} else if path != "" && p.decl.Path == nil {
			continue
		}
		env := &scope{outer: p.env, frame: true}
		for i, prm := range p.decl.Params {
			if i < len(args) {
				x := literal(value.OfString(args[i]))
				env = &scope{outer: env, name: prm.Name.Text, sym: &symbol{value: &x}}
			}
		}
		if p.decl.Path != nil {
			x := literal(value.OfString(path))
			env = &scope{outer: env, name: p.decl.Path.Name.Text, sym: &symbol{value: &x}}
		}
		f := &funcSymbol{name: p.decl.Name.Text, decl: &syntax.Func{Body: c.Body}, env: env}
		return b.callFunction(f, nil, e.At(), nil)
	}
	b.errorf(e.At(), codePattern, "no case of the pattern %s fits these arguments", quoteName(p.decl.Name.Text))
	return broken
}
