package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

func (b *binder) literal(e *syntax.Literal) bound {
	t := literalTypes[e.Kind]
	if b.search && t == value.String {
		return b.searchText(e.Text, e.At())
	}
	switch {
	case e.Null && t == value.Unknown:
		return literal(value.NullOf(value.Dynamic))
	case e.Null:
		return literal(value.NullOf(t))
	case t == value.String:
		return literal(value.OfString(e.Text))
	}
	v, ok := value.Parse(t, e.Text)
	if !ok {
		if t == value.Long {
			b.errorf(e.At(), codeType, "%s is not within the range of long", e.Text)
			return unknown(t)
		}
		v = value.NullOf(t)
	}
	return literal(v)
}

var literalTypes = map[syntax.LiteralKind]value.Type{syntax.BoolLiteral: value.Bool, syntax.IntLiteral: value.Int, syntax.LongLiteral: value.Long,
	syntax.RealLiteral: value.Real, syntax.DecimalLiteral: value.Decimal, syntax.DateTimeLiteral: value.Datetime, syntax.TimeSpanLiteral: value.Timespan,
	syntax.GuidLiteral: value.GUID, syntax.StringLiteral: value.String}

func (b *binder) dynamic(e *syntax.Dynamic) bound {
	v, ok := b.dynamicValue(e.Value, 0)
	if !ok {
		return unknown(value.Dynamic)
	}
	x := literal(value.OfDynamic(v))
	switch v.X.(type) {
	case value.Array:
		x.shape = fn.ArrayOf
	case *value.Bag:
		x.shape = fn.BagOf
	default:
		if !v.Null {
			x.shape = fn.Primitive
		}
	}
	return x
}

func (b *binder) dynamicValue(e syntax.Expr, depth int) (value.Value, bool) {
	if depth > maxDepth {
		b.errorf(e.At(), codeTooLarge, "the dynamic literal nests deeper than %d levels", maxDepth)
		return value.Value{}, false
	}
	switch e := e.(type) {
	case *syntax.Array:
		a := make(value.Array, 0, len(e.Items))
		for _, it := range e.Items {
			v, ok := b.dynamicValue(it, depth+1)
			if !ok {
				return v, false
			}
			if v.Null && v.T != value.String {
				v = value.NullOf(value.Dynamic)
			}
			a = append(a, v)
		}
		return value.OfArray(a), true
	case *syntax.Bag:
		bag := value.NewBag(len(e.Pairs))
		for _, p := range e.Pairs {
			v, ok := b.dynamicValue(p.Value, depth+1)
			if !ok {
				return v, false
			}
			if v.Null && v.T != value.String {
				v = value.NullOf(value.Dynamic)
			}
			bag.Set(p.Key.Text, v)
		}
		return value.OfBag(bag.Bag()), true
	case *syntax.Dynamic:
		return b.dynamicValue(e.Value, depth+1)
	case *syntax.Paren:
		return b.dynamicValue(e.X, depth+1)
	case *syntax.Literal, *syntax.Unary:
		search := b.search
		b.search = false
		x := b.expr(e)
		b.search = search
		if x.typ == value.Decimal {
			b.errorf(e.At(), codeType, "a dynamic value cannot hold a decimal; use real(…)")
			return value.Value{}, false
		}
		if v := x.constant(); v != nil {
			if v.T == value.Dynamic {
				return v.Inner(), true
			}
			return *v, true
		}
		return value.Value{}, false
	}
	if e.At().Len() > 0 {
		b.errorf(e.At(), codeConstant, "a dynamic literal holds only literals; use pack_array() or bag_pack() for computed values")
	}
	return value.Value{}, false
}

func (b *binder) typeOf(e *syntax.TypeOf) bound {
	if e.Type != nil && e.Type.Schema != nil {
		x := literal(value.OfString("table"))
		x.schema = b.schemaColumns(e.Type.Schema)
		if e.Type.Schema.Open && b.row != nil {
			if e.Type.Schema.OpenFirst {
				x.schema = append(append([]plan.Column(nil), b.row.cols...), x.schema...)
			} else {
				x.schema = append(x.schema, b.row.cols...)
			}
		}
		return x
	}
	x := literal(value.OfString(b.typeName(e.Type).String()))
	x.shape = fn.TypeName
	return x
}

func (b *binder) typeName(t *syntax.Type) value.Type {
	if t == nil {
		return value.String
	}
	if typ, ok := value.TypeOf(strings.ToLower(t.Name)); ok {
		return typ
	}
	switch t.Name {
	case "float":
		return value.Real
	case "uint", "uint32", "int8", "uint8", "int16", "uint16":
		return value.Int
	case "ulong", "uint64":
		return value.Long
	}
	b.errorf(t.At(), codeType, "there is no type %s; the types are bool, int, long, real, decimal, string, datetime, timespan, guid and dynamic", t.Name)
	return value.Unknown
}

func (b *binder) schemaColumns(s *syntax.Schema) []plan.Column {
	out := make([]plan.Column, 0, len(s.Columns))
	seen := map[string]bool{}
	for _, c := range s.Columns {
		if seen[c.Name.Text] {
			b.errorf(c.Name.At(), codeDuplicateColumn, "the column %s is declared twice", quoteName(c.Name.Text))
			continue
		}
		seen[c.Name.Text] = true
		out = append(out, plan.Column{Name: c.Name.Text, Type: b.typeName(c.Type)})
	}
	return out
}
