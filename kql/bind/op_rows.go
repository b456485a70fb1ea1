package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

func (b *binder) where(r *rel, op *syntax.Where) *rel {
	var x bound
	b.over(r, func() { x = b.predicate(op.Pred, "the condition of "+op.Keyword) })
	if !x.ok() {
		return r
	}
	return r.with(plan.NewFilter(r.node, x.expr))
}

// rowCount binds the number of take, top and sample. A number that is computed by toscalar() cannot be part of the tree; the rows are
// numbered and filtered instead.
func (b *binder) rowCount(r *rel, e syntax.Expr, op string) (n int64, computed plan.Expr, ok bool) {
	b.over(r, func() { n, computed, ok = b.whole(e, "the number of rows of "+op) })
	return n, computed, ok
}

func (b *binder) take(r *rel, op *syntax.Take) *rel {
	n, computed, ok := b.rowCount(r, op.N, op.Keyword)
	switch {
	case !ok:
		return r
	case computed != nil:
		return b.firstRows(r, computed)
	}
	out := r.with(plan.NewLimit(r.node, n))
	return out
}

// firstRows keeps as many rows as an expression says.
func (b *binder) firstRows(r *rel, n plan.Expr) *rel {
	number := b.windowCall("row_number")
	if number == nil {
		return r
	}
	in := plan.NewSerialize(r.node)
	x := b.operator("<=", syntax.Span{}, bound{expr: number, typ: value.Long}, bound{expr: n, typ: n.Type()})
	if !x.ok() {
		return r
	}
	return r.with(plan.NewFilter(in, x.expr))
}

// notDynamic reports a dynamic value where values must be compared.
func (b *binder) notDynamic(x bound, e syntax.Expr, op string) {
	if x.typ == value.Dynamic && x.ok() {
		b.errorAdvice(e.At(), codeType, "convert it, e.g. with tostring(…)", "%s cannot work on dynamic values", op)
	}
}

func (b *binder) sort(r *rel, op *syntax.Sort) *rel {
	keys := b.sortKeys(r, op.By, op.Keyword)
	out := r.with(plan.NewSort(r.node, keys, -1))
	out.serialized, out.sorted = true, true
	return out
}

// sortKeys binds the expressions of sort and top: descending unless told, nulls first where ascending.
func (b *binder) sortKeys(r *rel, list []syntax.Expr, op string) []plan.SortKey {
	var keys []plan.SortKey
	b.over(r, func() {
		for _, e := range list {
			desc, nulls := true, syntax.DefaultNulls
			if o, ok := e.(*syntax.Ordered); ok {
				desc, nulls = o.Dir != syntax.Asc, o.Nulls
			}
			x := b.expr(e)
			if op != "top" {
				b.notDynamic(x, e, op)
			}
			if o, ok := e.(*syntax.Ordered); ok && (o.Dir == syntax.GrannyAsc || o.Dir == syntax.GrannyDesc) {
				desc = o.Dir == syntax.GrannyDesc
				if x.typ == value.String && x.ok() {
					x.expr = &plan.Call{Fn: naturalKey, Args: []plan.Expr{x.expr}, T: value.String}
				}
			}
			if x.ok() {
				keys = append(keys, plan.SortKey{Expr: x.expr, Desc: desc, NullsFirst: nulls == syntax.NullsFirst || nulls == syntax.DefaultNulls && !desc})
			}
		}
	})
	return keys
}

// naturalKey makes a text of a text so that those sort in the natural order of these: runs of digits as numbers.
var naturalKey = &fn.Func{Name: "naturalkey", Doc: "Makes the key by which texts sort in natural order.", Hidden: true,
	Bind: func([]fn.Arg) (value.Type, []value.Type, error) { return value.String, []value.Type{value.String}, nil },
	Eval: func(_ *fn.Env, args []value.Value) value.Value {
		var out strings.Builder
		for s := strings.ToLower(args[0].S); s != ""; {
			n := digitsAt(s)
			if n == 0 {
				out.WriteByte(s[0])
				s = s[1:]
				continue
			}
			digits := strings.TrimLeft(s[:n], "0")
			out.WriteByte('0') // digits stand where digits stand among other characters, the shorter numbers first
			out.WriteRune(rune(len(digits)))
			out.WriteString(digits)
			s = s[n:]
		}
		return value.OfString(out.String())
	}}

func (b *binder) top(r *rel, op *syntax.Top) *rel {
	n, computed, ok := b.rowCount(r, op.N, op.Keyword)
	keys := b.sortKeys(r, []syntax.Expr{op.By}, op.Keyword)
	if !ok || computed != nil {
		n = -1
	}
	out := r.with(plan.NewSort(r.node, keys, n))
	out.serialized, out.sorted = true, true
	if computed != nil {
		return b.firstRows(out, computed)
	}
	return out
}

func (b *binder) serialize(r *rel, op *syntax.Serialize) *rel {
	in := r.with(plan.NewSerialize(r.node))
	in.serialized = true
	if len(op.Cols) == 0 {
		return in
	}
	p := b.newProjection(len(in.cols) + len(op.Cols))
	p.carry(in)
	b.over(in, func() { b.addColumns(p, op.Cols, extending) })
	return carryHidden(in, b.projectTo(in, p))
}

func (b *binder) count(r *rel, op *syntax.Count) *rel {
	name := "Count"
	if op.As != nil {
		name = op.As.Text
	}
	return b.countRows(r, name)
}

// countRows is one row with the number of rows of r.
func (b *binder) countRows(r *rel, name string) *rel {
	f := b.aggregateNamed("count")
	if f == nil {
		return b.brokenTable()
	}
	c := b.newColumn(name, value.Long)
	return &rel{node: plan.NewAggregate(r.node, nil, []plan.AggItem{{Cols: []plan.Column{c}, Fn: f}}), cols: []plan.Column{c}, broken: r.broken}
}

func (b *binder) distinct(r *rel, op *syntax.Distinct) *rel {
	p := b.newProjection(len(op.Cols))
	b.over(r, func() {
		for _, e := range op.Cols {
			if _, star := e.(*syntax.Star); star {
				b.addColumn(p, e, projecting, "")
				continue
			}
			n := len(p.items)
			b.addColumn(p, e, projecting, "")
			for _, it := range p.items[min(n, len(p.items)):] {
				if it.Col.Type == value.Dynamic && it.Expr != nil {
					b.notDynamic(bound{expr: it.Expr, typ: it.Col.Type}, e, "distinct")
				}
			}
		}
	})
	for i := range p.items {
		if p.items[i].Expr == nil {
			p.items[i].Expr = &plan.Lit{V: value.NullOf(p.items[i].Col.Type)}
		}
	}
	for _, e := range op.Cols {
		if s, star := e.(*syntax.Star); star {
			for _, it := range p.items {
				if it.Col.Type == value.Dynamic {
					b.errorAdvice(s.At(), codeType, "name the columns, and convert the dynamic ones with tostring(…)",
						"distinct cannot work on dynamic values, and the column %s is dynamic", quoteName(it.Col.Name))
					break
				}
			}
		}
	}
	return r.derive(plan.NewAggregate(r.node, p.items, nil), columnsOf(p.items)).unordered()
}

// getSchema is a table that describes the columns of r.
func (b *binder) getSchema(r *rel, op *syntax.GetSchema) *rel {
	if op.Params.Word("kind") == "csl" {
		c := b.newColumn("Schema", value.String)
		s := ""
		for i, col := range r.cols {
			if i > 0 {
				s += ","
			}
			s += col.Name + ":" + col.Type.String()
		}
		return &rel{node: &plan.Values{Cols: []plan.Column{c}, Rows: [][]value.Value{{value.OfString(s)}}}, cols: []plan.Column{c}}
	}
	cols := []plan.Column{b.newColumn("ColumnName", value.String), b.newColumn("ColumnOrdinal", value.Long), b.newColumn("DataType", value.String), b.newColumn("ColumnType", value.String)}
	v := &plan.Values{Cols: cols}
	for i, c := range r.cols {
		v.Rows = append(v.Rows, []value.Value{value.OfString(c.Name), value.OfLong(int64(i)), value.OfString(storageType[c.Type]), value.OfString(c.Type.String())})
	}
	return &rel{node: v, cols: cols, serialized: true}
}

// storageType is what getschema calls the type of a column's values.
var storageType = map[value.Type]string{value.Bool: "System.SByte", value.Int: "System.Int32", value.Long: "System.Int64", value.Real: "System.Double",
	value.Decimal: "System.Data.SqlTypes.SqlDecimal", value.String: "System.String", value.Datetime: "System.DateTime", value.Timespan: "System.TimeSpan",
	value.GUID: "System.Guid", value.Dynamic: "System.Object", value.Unknown: "System.Object"}

// as gives the table a name under which the rest of the query can read it.
func (b *binder) as(r *rel, op *syntax.As) *rel {
	out := b.share(r)
	if s, ok := out.node.(*plan.Shared); ok {
		s.Name = op.Name.Text
	}
	out.name = op.Name.Text
	b.define(op.Name.Text, &symbol{table: &tableSymbol{shared: out}})
	return out
}

func (b *binder) assertSchema(r *rel, op *syntax.AssertSchema) *rel {
	if op.Schema == nil {
		return r
	}
	want := b.schemaColumns(op.Schema)
	for i, c := range want {
		if i >= len(r.cols) || r.cols[i].Name != c.Name || r.cols[i].Type != c.Type {
			if !r.open {
				b.errorf(op.At(), codeType, "the table has not the schema that is asserted: column %d must be %s of type %s", i+1, quoteName(c.Name), c.Type)
			}
			break
		}
	}
	return r
}

func (b *binder) print(r *rel, op *syntax.PrintOp) *rel {
	if r != nil {
		b.errorf(op.KeywordAt, codePosition, "print must be the first operator")
	}
	in := &rel{node: &plan.Values{Rows: [][]value.Value{{}}}}
	p := b.newProjection(len(op.Cols))
	row, right, aggs := b.row, b.right, b.aggs
	b.row, b.right, b.aggs = nil, nil, nil
	for i, e := range op.Cols {
		b.addColumn(p, e, printing, "print_"+itoa(i))
	}
	b.row, b.right, b.aggs = row, right, aggs
	return b.projectTo(in, p)
}

func (b *binder) rangeOp(r *rel, op *syntax.Range) *rel {
	if r != nil {
		b.errorf(op.KeywordAt, codePosition, "range must be the first operator")
	}
	row := b.row
	b.row = nil
	from, to, step := b.expr(op.From), b.expr(op.To), b.expr(op.Step)
	b.row = row
	for _, x := range []struct {
		x bound
		e syntax.Expr
	}{{from, op.From}, {to, op.To}, {step, op.Step}} {
		if x.x.ok() && !summable(x.x.typ) {
			b.errorf(x.e.At(), codeType, "the bounds and the step of range must be numbers, datetimes or timespans, not %s", x.x.typ)
			return b.brokenRange(op, value.Unknown)
		}
	}
	t, ok := commonType(from.typ, to.typ)
	switch {
	case !ok && from.ok() && to.ok():
		b.errorf(op.To.At(), codeType, "the bounds of range must be of one type, not %s and %s", from.typ, to.typ)
		return b.brokenRange(op, from.typ)
	case t == value.Int && step.typ == value.Int:
	default:
		sum := b.operator("+", op.Step.At(), bound{expr: &plan.Lit{V: value.NullOf(t)}, typ: t}, bound{expr: &plan.Lit{V: value.NullOf(step.typ)}, typ: step.typ})
		t = sum.typ
	}
	if step.ok() && step.typ == value.Dynamic {
		b.errorf(op.Step.At(), codeType, "the step of range must be a number or a timespan, not dynamic")
	}
	if v := step.constant(); v != nil && !v.Null && v.T != value.Real && v.T.Numeric() && v.I == 0 && v.X == nil {
		b.errorf(op.Step.At(), codeArguments, "the step of range must not be 0")
	}
	if !from.ok() || !to.ok() || !step.ok() {
		return b.brokenRange(op, t)
	}
	c := b.newColumn(op.Name.Text, t)
	stepType := t
	if t == value.Datetime {
		stepType = value.Timespan
	}
	node := &plan.Range{Col: c, From: b.convert(from.expr, t), To: b.convert(to.expr, t), Step: b.convert(step.expr, stepType)}
	return &rel{node: node, cols: []plan.Column{c}, serialized: true}
}

func (b *binder) brokenRange(op *syntax.Range, t value.Type) *rel {
	c := b.newColumn(op.Name.Text, t)
	return &rel{node: &plan.Values{Cols: []plan.Column{c}}, cols: []plan.Column{c}, serialized: true}
}
