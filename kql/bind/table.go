package bind

import (
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// operand is a bound expression of either kind; table is nil for a scalar.
type operand struct {
	val   bound
	table *rel
}

// brokenTable stands for a table about which something has been reported: its columns are not known, and nobody complains about them.
func (b *binder) brokenTable() *rel {
	return &rel{node: &plan.Values{}, broken: true, open: true}
}

// any binds an expression that may be a scalar or a table.
func (b *binder) any(e syntax.Expr) operand {
	switch e := e.(type) {
	case *syntax.Paren:
		return b.any(e.X)
	case *syntax.Pipe, *syntax.DataTable, *syntax.ExternalData, *syntax.ContextTable, *syntax.Materialize, *syntax.ToTable, *syntax.ViewCombine, *syntax.DataScoped:
		var r *rel
		b.apart(func() { r = b.table(e) })
		return operand{table: r}
	case *syntax.Name:
		if b.isTableName(e) {
			var o operand
			b.apart(func() { o = b.tableName(e) })
			return o
		}
	case *syntax.Call:
		if f := fn.Lookup(e.Func.Text); f == nil || f.Kind == fn.Aggregate {
			if isTableFunction(e.Func.Text) && !b.isPattern(e.Func.Text) {
				var r *rel
				b.apart(func() { r = b.table(e) })
				return operand{table: r}
			}
			if sym := b.function(e.Func); sym != nil && (b.aggs == nil || fn.LookupAggregate(e.Func.Text) == nil) {
				return b.callFunction(sym, e.Args, e.At(), nil)
			}
			if pat := b.scope.find(e.Func.Text); pat != nil && pat.pattern != nil {
				return b.callPattern(pat.pattern, e, nil)
			}
		}
	case *syntax.Path:
		if b.isTablePath(e) {
			var r *rel
			b.apart(func() { r = b.table(e) })
			return operand{table: r}
		}
		if c, ok := e.Base.(*syntax.Call); ok {
			if pat := b.scope.find(c.Func.Text); pat != nil && pat.pattern != nil {
				return b.callPattern(pat.pattern, c, e.Selector)
			}
		}
	}
	return operand{val: b.expr(e)}
}

// isTableName reports whether the name, standing where a scalar or a table may stand, means a table.
func (b *binder) isTableName(n *syntax.Name) bool {
	if n.Wildcard {
		return false
	}
	if b.aggs == nil || b.aggs.inside > 0 {
		if _, ok := b.columnExpr(n.Text); ok {
			return false
		}
	}
	if sym := b.scope.find(n.Text); sym != nil {
		return sym.table != nil || sym.fun != nil
	}
	if b.storedFunction(n.Text) != nil {
		return true
	}
	if k := knownFunctions[n.Text]; k != nil && k.bind != nil {
		return true
	}
	_, ok := b.lookupTable(n.Text)
	return ok
}

// table binds a tabular expression. It never gives nil; what could not be bound is broken.
func (b *binder) table(e syntax.Expr) *rel {
	defer func() { b.depth-- }()
	if !b.enter(e.At()) {
		return b.brokenTable()
	}
	switch e := e.(type) {
	case *syntax.Paren:
		return b.table(e.X)
	case *syntax.Pipe:
		return b.pipe(e)
	case *syntax.Name:
		return b.asTable(b.tableName(e), e)
	case *syntax.Call:
		return b.tableCall(e)
	case *syntax.Path:
		return b.tablePath(e)
	case *syntax.DataTable:
		return b.dataTable(e)
	case *syntax.ContextTable:
		cols := b.schemaColumns(e.Schema)
		for i := range cols {
			cols[i].ID = b.newID()
		}
		return &rel{node: &plan.Values{Cols: cols}, cols: cols}
	case *syntax.ExternalData:
		return b.externalData(e)
	case *syntax.Materialize:
		return b.materialize(e.X)
	case *syntax.ToTable:
		return b.table(e.X)
	case *syntax.DataScoped:
		return b.table(e.X)
	case *syntax.ViewCombine:
		b.errorf(e.At(), codeUnsupported, "materialized views are not kept here; write the query itself")
		return b.brokenTable()
	case *syntax.Bad:
		for _, p := range e.Parts {
			b.any(p)
		}
		return b.brokenTable()
	case *syntax.Index:
		if n, ok := e.Base.(*syntax.Name); ok && e.Key != nil {
			_ = n
		}
	}
	return b.asTable(operand{val: b.expr(e)}, e)
}

// asTable demands a table.
func (b *binder) asTable(o operand, at syntax.Expr) *rel {
	if o.table != nil {
		return o.table
	}
	if o.val.ok() {
		b.errorf(at.At(), codeTabular, "a table is needed here, not a value of type %s", o.val.typ)
	}
	return b.brokenTable()
}

// materialize binds materialize(x): computed once, however often it is read.
func (b *binder) materialize(x syntax.Expr) *rel {
	r := b.table(x)
	if r.graph != nil {
		return r
	}
	return r.with(plan.NewShared(r.node, ""))
}

// tableName binds a name where a table is expected: a variable, a function without arguments, a table of the catalog. A variable may turn
// out to be a scalar.
func (b *binder) tableName(n *syntax.Name) operand {
	if n.Wildcard {
		b.errorf(n.At(), codeTabular, "a name with * can only stand in union, find and search")
		return operand{table: b.brokenTable()}
	}
	if sym := b.scope.find(n.Text); sym != nil {
		switch {
		case sym.table != nil:
			return operand{table: b.useTable(sym.table)}
		case sym.fun != nil:
			return b.callFunction(sym.fun, nil, n.At(), nil)
		case sym.broken:
			return operand{table: b.brokenTable()}
		case sym.value != nil:
			return operand{val: *sym.value}
		}
		b.errorf(n.At(), codeTabular, "%s is not a table", quoteName(n.Text))
		return operand{table: b.brokenTable()}
	}
	if sym := b.storedFunction(n.Text); sym != nil {
		return b.callFunction(sym, nil, n.At(), nil)
	}
	if t, ok := b.lookupTable(n.Text); ok {
		return operand{table: b.scan(t, n)}
	}
	if k := knownFunctions[n.Text]; k != nil && k.bind != nil {
		return operand{table: k.bind(b, &syntax.Call{Span: n.At(), Func: n})}
	}
	b.unknownTable(n)
	return operand{table: b.brokenTable()}
}

// unknownTable reports a missing table; in a fuzzy union that is only worth a warning.
func (b *binder) unknownTable(n *syntax.Name) {
	all := append([]string(nil), b.cat.Tables()...)
	all = append(all, b.scope.names(func(s *symbol) bool { return s.table != nil || s.fun != nil })...)
	if b.fuzzy {
		b.warnf(n.At(), codeMissingTable, didYouMean(n.Text, all), "there is no table %s; the union goes on without it", quoteName(n.Text))
		return
	}
	b.errorAdvice(n.At(), codeUnknownTable, didYouMean(n.Text, all), "there is no table %s", quoteName(n.Text))
}

// lookupTable gives a table of the catalog.
func (b *binder) lookupTable(name string) (*plan.Table, bool) {
	if t, ok := b.tables[name]; ok {
		return t, t != nil
	}
	if b.tables == nil {
		b.tables = map[string]*plan.Table{}
	}
	t, ok := b.cat.Table(name)
	if !ok {
		t = nil
	}
	b.tables[name] = t
	return t, ok
}

// scan reads a table of the catalog.
func (b *binder) scan(t *plan.Table, n *syntax.Name) *rel {
	if !b.scope.allows(t.Name) && !b.scope.allows(n.Text) {
		b.errorf(n.At(), codeRestricted, "the table %s may not be read here (restrict access)", quoteName(n.Text))
		return b.brokenTable()
	}
	if t.Missing {
		b.warnf(n.At(), codeMissingTable, didYouMean(t.Name, b.cat.Tables()), "there is no table %s yet; it is read as empty", quoteName(t.Name))
	}
	r := b.scanTable(t)
	if s, ok := r.node.(*plan.Scan); ok && b.opt.Advise && b.foreign == nil {
		if b.scans == nil {
			b.scans = map[*plan.Scan]syntax.Span{}
		}
		b.scans[s] = n.At()
	}
	return r
}

func (b *binder) scanTable(t *plan.Table) *rel {
	s := &plan.Scan{Table: t.Name, Cols: make([]plan.Column, 0, len(t.Columns)), Source: make([]string, 0, len(t.Columns))}
	s.From, s.To = minTicks, maxTicks
	r := &rel{open: t.Open, scanned: t.Name}
	add := func(hidden bool) {
		for _, c := range t.Columns {
			if c.Hidden != hidden {
				continue
			}
			col := b.newColumn(c.Name, c.Type)
			stored := c.Stored
			if stored == "" {
				stored = c.Name
			}
			s.Cols, s.Source = append(s.Cols, col), append(s.Source, stored)
			if c.Name == t.TimeColumn {
				s.TimeCol = col.ID
			}
		}
	}
	add(false)
	visible := len(s.Cols)
	add(true)
	r.node, r.cols, r.hidden = s, s.Cols[:visible:visible], s.Cols[visible:]
	return r
}

// The bounds of datetime in ticks.
const (
	minTicks = 0
	maxTicks = 3155378975999999999
)

// useTable gives a tabular variable for one more place that reads it.
func (b *binder) useTable(t *tableSymbol) *rel {
	if t.shared != nil {
		if t.shared.graph != nil || t.shared.broken {
			return t.shared
		}
		return b.renewed(t.shared)
	}
	if r := t.first; r != nil {
		t.first = nil
		return r
	}
	var r *rel
	columns := b.columns
	b.columns = t.columns
	b.quiet++
	b.within(t.env, func() { b.apart(func() { r = b.table(t.expr) }) })
	b.quiet--
	b.columns = columns
	return r
}

// dataTable binds datatable (schema) [values].
func (b *binder) dataTable(e *syntax.DataTable) *rel {
	cols := b.schemaColumns(e.Schema)
	for i := range cols {
		cols[i].ID = b.newID()
	}
	v := &plan.Values{Cols: cols}
	if len(cols) == 0 {
		return &rel{node: v}
	}
	if len(e.Values)%len(cols) != 0 {
		b.errorf(e.At(), codeArguments, "the number of values (%d) is not a multiple of the number of columns (%d)", len(e.Values), len(cols))
	}
	backing := make([]value.Value, len(e.Values))
	for i, x := range e.Values {
		backing[i] = b.dataValue(x, cols[i%len(cols)].Type)
	}
	for i := 0; i+len(cols) <= len(backing); i += len(cols) {
		v.Rows = append(v.Rows, backing[i:i+len(cols):i+len(cols)])
	}
	return &rel{node: v, cols: cols}
}

// dataValue gives the constant of a datatable as its column's type.
func (b *binder) dataValue(x syntax.Expr, t value.Type) value.Value {
	e := b.expr(x)
	c := e.constant()
	if c == nil {
		if e.ok() {
			b.errorf(x.At(), codeConstant, "a datatable holds only constants")
		}
		return value.NullOf(t)
	}
	switch {
	case c.T == t:
		return *c
	case t == value.Dynamic:
		return value.OfDynamic(*c)
	}
	v := value.Convert(*c, t)
	if v.Null && !c.Null && t != value.String && c.T != value.String {
		b.errorf(x.At(), codeType, "the column is %s, but the value is %s", t, c.T)
	}
	return v
}

// externalData binds externaldata: the addresses as arguments, the properties as parameters by their names in lower case.
func (b *binder) externalData(e *syntax.ExternalData) *rel {
	cols := b.schemaColumns(e.Schema)
	for i := range cols {
		cols[i].ID = b.newID()
	}
	node := &plan.Evaluate{Plugin: "externaldata", Cols: cols, Params: map[string]value.Value{}}
	for _, u := range e.URIs {
		if x := b.expr(u); x.ok() {
			node.Args = append(node.Args, b.convert(x.expr, value.String))
		}
	}
	for _, p := range e.With {
		node.Params[strings.ToLower(p.Name)] = b.optionValue(p.Value)
	}
	const reads = "externaldata reads from outside of the store, which is not allowed here"
	switch {
	case b.opt.External && b.opt.NoRows:
		b.warnf(e.At(), codeNoRows, "", "nothing is read from outside of the store here: this externaldata has no rows")
		return &rel{node: &plan.Values{Cols: cols}, cols: cols}
	case b.opt.External:
	case b.opt.Check:
		b.warnf(e.At(), codeUnsupported, b.opt.ExternalAdvice, reads)
	default:
		b.errorAdvice(e.At(), codeUnsupported, b.opt.ExternalAdvice, reads)
	}
	return &rel{node: node, cols: cols}
}

// refuse says that the query is well formed but cannot be run here. Checking is told of it as a warning, running as an error.
func (b *binder) refuse(at syntax.Span, format string, args ...any) {
	if b.opt.Check {
		b.warnf(at, codeUnsupported, "", format, args...)
		return
	}
	b.errorf(at, codeUnsupported, format, args...)
}

// optionWord gives the word that an option was given, "" where it was not; another word than those allowed is reported.
func (b *binder) optionWord(params syntax.Params, name string, allowed ...string) string {
	word := params.Word(name)
	if word != "" && !slices.Contains(allowed, word) {
		b.errorAdvice(params.Get(name).At(), codeUnknownOption, didYouMean(word, allowed), "%s must be %s, not %s", name, strings.Join(allowed, " or "), word)
	}
	return word
}

// optionValue gives the value of an operator's option: a literal, or a bare word as text.
func (b *binder) optionValue(e syntax.Expr) value.Value {
	switch x := e.(type) {
	case nil:
		return value.NullOf(value.Dynamic)
	case *syntax.Name:
		if sym := b.scope.find(x.Text); sym != nil && sym.value != nil {
			if c := sym.value.constant(); c != nil {
				return *c
			}
		}
		return value.OfString(x.Text)
	default:
		if c := b.expr(x).constant(); c != nil {
			return *c
		}
	}
	return value.NullOf(value.Dynamic)
}
