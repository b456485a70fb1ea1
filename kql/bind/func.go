package bind

import (
	"cmp"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// call binds f(…) in a scalar place.
func (b *binder) call(e *syntax.Call) bound {
	search := b.search
	b.search = false
	defer func() { b.search = search }()
	name := e.Func.Text
	if b.elements != nil && elementFunctions[name] {
		return b.elementCall(e)
	}
	if special, ok := specialCalls[name]; ok {
		return special(b, e)
	}
	if b.aggs != nil && b.aggs.inside == 0 {
		if f := fn.LookupAggregate(name); f != nil {
			return b.aggregate(f, e)
		}
	}
	f := fn.Lookup(name)
	if elementFunctions[name] { // of a pattern's elements, and there are none here
		f = nil
	}
	if f != nil && f.Kind != fn.Aggregate {
		return b.scalarCall(f, e)
	}
	if sym := b.function(e.Func); sym != nil {
		o := b.callFunction(sym, e.Args, e.At(), nil)
		if o.table == nil {
			return o.val
		}
		if !o.table.broken {
			b.errorf(e.At(), codeScalar, "%s gives a table where a single value is needed; take its first cell with toscalar(…)", quoteName(name))
		}
		return unknown(value.Unknown)
	}
	switch {
	case f != nil, fn.LookupAggregate(name) != nil:
		b.errorAdvice(e.Func.At(), codeAggregate, "use it in summarize", "the aggregate %s cannot stand here", quoteName(name))
	case isTableFunction(name):
		b.errorf(e.At(), codeScalar, "%s gives a table where a single value is needed; take its first cell with toscalar(…)", quoteName(name))
		return unknown(value.Unknown)
	case plugins[name].schema != nil:
		b.errorAdvice(e.Func.At(), codePosition, "write | evaluate "+name+"(…)", "the plugin %s can only be called by evaluate", quoteName(name))
	default:
		b.unknownFunction(e.Func)
	}
	for _, a := range e.Args {
		if _, star := a.(*syntax.Star); !star {
			b.any(a)
		}
	}
	return unknown(value.Unknown)
}

func (b *binder) unknownFunction(n *syntax.Name) {
	if b.fuzzy {
		return
	}
	var all []string
	for _, f := range fn.All() {
		if !f.Hidden && f.Group != "operator" {
			all = append(all, f.Name)
		}
	}
	all = append(all, b.scope.names(func(s *symbol) bool { return s.fun != nil })...)
	b.errorAdvice(n.At(), codeUnknownFunction, didYouMean(n.Text, all), "there is no function %s", n.Text)
}

// scalarCall binds a call of a declared scalar or window function.
func (b *binder) scalarCall(f *fn.Func, e *syntax.Call) bound {
	if f.Kind == fn.Window && (b.row == nil || !b.row.serialized && !b.row.broken) {
		b.errorAdvice(e.At(), codeSerialized, "put | serialize, or | sort by …, before it", "%s() needs rows in a fixed order", f.Name)
	}
	if f.Kind == fn.Scalar && f.Eval == nil && f.Lazy == nil {
		b.refuse(e.At(), "%s() cannot be computed here: %s", f.Name, cmp.Or(f.Refused, "it is not supported"))
	}
	args := make([]bound, 0, len(e.Args))
	var spans []syntax.Span
	for _, a := range e.Args {
		if _, star := a.(*syntax.Star); star {
			if starFunctions[f.Name] && b.row != nil {
				for _, c := range b.row.cols {
					args = append(args, bound{expr: ref(c), typ: c.Type, col: c.ID})
				}
				continue
			}
			b.errorf(a.At(), codeArguments, "%s() does not take *", f.Name)
			args = append(args, unknown(value.Unknown))
			continue
		}
		args, spans = append(args, b.expr(a)), append(spans, a.At())
	}
	if len(spans) != len(args) { // * stands for several
		spans = nil
	}
	if f.Name == "estimate_data_size" && len(args) == len(e.Args) {
		for i, a := range e.Args {
			b.columnOnly(args[i], a, "estimate_data_size()")
		}
	}
	if f.Obsolete != "" {
		b.warnf(e.Func.At(), codeObsolete, "use "+f.Obsolete, "%s is an old spelling", quoteName(f.Name))
	}
	if f.Name == geoInfo && !b.opt.GeoIP && !b.toldGeoIP {
		b.toldGeoIP = true
		b.warnf(e.Func.At(), codeNoGeoIP, b.opt.GeoIPAdvice, "%s() is null for every address: there is no GeoIP database", geoInfo)
	}
	x := b.apply(f, args, e.At(), spans...)
	if conversionNames[f.Name] && len(args) == 1 && x.typ == args[0].typ && x.ok() {
		x.noop, x.expr = args[0].col, args[0].expr
	}
	if f.Tuple != nil {
		b.spread(&x, f, args, e)
	}
	return x
}

// geoInfo looks addresses up in a database that users bring.
const geoInfo = "geo_info_from_ip_address"

// starFunctions take * for all columns.
var starFunctions = map[string]bool{"pack_array": true, "estimate_data_size": true}

// conversionNames are the functions that leave a column of their own type as it is, so that the result still counts as the column.
var conversionNames = map[string]bool{"tobool": true, "todatetime": true, "todecimal": true, "todouble": true, "todynamic": true, "toguid": true,
	"toint": true, "tolong": true, "toreal": true, "tostring": true, "totime": true, "totimespan": true}

// spread gives the columns of a function with several results: elements of the array that it gives.
func (b *binder) spread(x *bound, f *fn.Func, args []bound, e *syntax.Call) {
	cols := f.Tuple(fnArgs(args))
	if len(cols) == 0 {
		return
	}
	for i, c := range cols {
		name := c.Prefix
		if c.Arg < len(e.Args) {
			t, _ := b.title(e.Args[c.Arg])
			name += cmp.Or(t, c.Nameless)
		}
		it := plan.Item{Col: b.newColumn(name+c.Suffix, c.Type)}
		switch {
		case !x.ok():
		case len(cols) == 1:
			it.Expr = b.convert(x.expr, c.Type)
		default:
			el := b.apply(fn.Operator("[]"), []bound{{expr: x.expr, typ: x.typ}, literal(value.OfLong(int64(i)))}, e.At())
			it.Expr = b.convert(el.expr, c.Type)
		}
		x.tuple = append(x.tuple, it)
	}
}

// specialCalls are the functions whose arguments are not simply values.
var specialCalls map[string]func(b *binder, e *syntax.Call) bound

func init() {
	specialCalls = map[string]func(b *binder, e *syntax.Call) bound{
		"column_ifexists":  (*binder).columnIfExists,
		"columnifexists":   (*binder).columnIfExists,
		"iscolumnexists":   (*binder).isColumnExists,
		"pack_all":         (*binder).packAll,
		"bag_pack_columns": (*binder).packColumns,
		"column_names_of":  (*binder).columnNamesOf,
		"ingestion_time":   (*binder).ingestionTime,
		"now":              (*binder).now,
		"isnull":           (*binder).nullTest,
		"isnotnull":        (*binder).nullTest,
	}
}

// nullTest warns of isnull on a string, which is never null.
func (b *binder) nullTest(e *syntax.Call) bound {
	x := b.scalarCall(fn.Lookup(e.Func.Text), e)
	if c, ok := x.expr.(*plan.Call); ok && len(c.Args) == 1 && c.Args[0].Type() == value.String {
		b.warnf(e.At(), codeType, "use isempty() or isnotempty()", "a string is never null, so this is the same for every row")
	}
	return x
}

// now binds now([offset]) to the time of the query.
func (b *binder) now(e *syntax.Call) bound {
	f := fn.Lookup("now")
	if f == nil {
		if len(e.Args) == 0 {
			return literal(value.OfDatetime(b.env.Now))
		}
		return b.operator("+", e.At(), literal(value.OfDatetime(b.env.Now)), b.expr(e.Args[0]))
	}
	return b.scalarCall(f, e)
}

// columnIfExists is the column that the text names, as the type of the default, or the default.
func (b *binder) columnIfExists(e *syntax.Call) bound {
	f := fn.Lookup("column_ifexists")
	if len(e.Args) != 2 || f == nil {
		b.errorf(e.At(), codeArguments, "column_ifexists() takes 2 arguments, not %d", len(e.Args))
		return unknown(value.Unknown)
	}
	name, other := b.expr(e.Args[0]), b.expr(e.Args[1])
	c := name.constant()
	if c == nil || c.T != value.String {
		if name.ok() {
			b.errorf(e.Args[0].At(), codeConstant, "column_ifexists() needs a constant string as the column's name")
		}
		return unknown(other.typ)
	}
	col, ok := b.row.findAny(c.S)
	if !ok || b.aggs != nil && b.aggs.inside == 0 {
		other.col, other.noop = 0, 0 // a column that stands in for another does not give its name
		return other
	}
	x := bound{expr: ref(col), typ: col.Type}
	if col.Type == other.typ || col.Type == value.Unknown {
		x.typ = other.typ
		return x
	}
	return bound{expr: b.convert(x.expr, other.typ), typ: other.typ}
}

// isColumnExists tells whether there is a column that the text names.
func (b *binder) isColumnExists(e *syntax.Call) bound {
	if len(e.Args) != 1 {
		b.errorf(e.At(), codeArguments, "iscolumnexists() takes 1 argument, not %d", len(e.Args))
		return unknown(value.Bool)
	}
	name := b.expr(e.Args[0])
	c := name.constant()
	if c == nil || c.T != value.String {
		if name.ok() {
			b.errorf(e.Args[0].At(), codeConstant, "iscolumnexists() needs a constant string as the column's name")
		}
		return unknown(value.Bool)
	}
	_, ok := b.row.findAny(c.S)
	return literal(value.OfBool(ok))
}

// packAll is a bag of all columns, without the empty ones when so asked.
func (b *binder) packAll(e *syntax.Call) bound {
	f := fn.Lookup("bag_pack")
	if len(e.Args) > 1 {
		b.errorf(e.At(), codeArguments, "pack_all() takes at most 1 argument, not %d", len(e.Args))
	}
	for _, a := range e.Args {
		if v := b.expr(a).constant(); v != nil && v.T == value.Bool && v.Bool() {
			f = fn.Lookup("pack_all")
		}
	}
	if b.row == nil {
		b.errorf(e.At(), codePosition, "pack_all() needs the columns of a row")
		return unknown(value.Dynamic)
	}
	return b.pack(f, b.row.cols)
}

func (b *binder) packColumns(e *syntax.Call) bound {
	var cols []plan.Column
	if len(e.Args) == 0 {
		b.errorf(e.At(), codeArguments, "bag_pack_columns() takes at least 1 column")
	}
	for _, a := range e.Args {
		x := b.expr(a)
		if x.col == 0 {
			if x.ok() {
				b.errorf(a.At(), codeColumn, "bag_pack_columns() takes columns; use bag_pack() for computed values")
			}
			return unknown(value.Dynamic)
		}
		name, _ := b.title(a)
		cols = append(cols, plan.Column{ID: x.col, Name: name, Type: x.typ})
	}
	return b.pack(fn.Lookup("bag_pack"), cols)
}

// pack makes the bag of columns. f is called with names and values by turns.
func (b *binder) pack(f *fn.Func, cols []plan.Column) bound {
	if f == nil {
		return unknown(value.Dynamic)
	}
	args := make([]plan.Expr, 0, 2*len(cols))
	for _, c := range cols {
		args = append(args, &plan.Lit{V: value.OfString(c.Name)}, ref(c))
	}
	return bound{expr: &plan.Call{Fn: f, Args: args, T: value.Dynamic}, typ: value.Dynamic}
}

func (b *binder) columnNamesOf(e *syntax.Call) bound {
	if len(e.Args) != 1 {
		b.errorf(e.At(), codeArguments, "column_names_of() takes 1 argument, not %d", len(e.Args))
		return unknown(value.Dynamic)
	}
	var r *rel
	b.apart(func() { r = b.table(e.Args[0]) })
	names := make(value.Array, len(r.cols))
	for i, c := range r.cols {
		names[i] = value.OfString(c.Name)
	}
	return literal(value.OfArray(names))
}

// ingestionColumn is the hidden column of a stored table that holds when a row was stored.
const ingestionColumn = "$IngestionTime"

// ingestionTime is the hidden column of that name; where there is none, null.
func (b *binder) ingestionTime(e *syntax.Call) bound {
	if c, ok := b.row.findAny(ingestionColumn); ok {
		return bound{expr: ref(c), typ: value.Datetime}
	}
	return literal(value.NullOf(value.Datetime))
}
