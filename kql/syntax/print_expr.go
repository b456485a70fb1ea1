package syntax

// typeWords gives the usual name of the type of a literal.
var typeWords = map[LiteralKind]string{BoolLiteral: "bool", IntLiteral: "int", LongLiteral: "long", RealLiteral: "real", DecimalLiteral: "decimal",
	DateTimeLiteral: "datetime", TimeSpanLiteral: "timespan", GuidLiteral: "guid"}

func (p *printer) expr(x Expr) {
	switch x := x.(type) {
	case *Name:
		p.name(x)
	case *Literal:
		p.literal(x)
	case *Star:
		p.w("*")
	case *Call:
		p.name(x.Func)
		p.w("(")
		p.exprs(x.Args)
		p.w(")")
	case *Path:
		p.expr(x.Base)
		if bareNumber(x.Base) { // 0.x would be read as a number and a name
			p.w(" ")
		}
		p.w(".")
		p.expr(x.Selector)
	case *Index:
		p.expr(x.Base)
		p.w("[")
		p.expr(x.Key)
		p.w("]")
	case *Unary:
		p.w(x.Op)
		p.expr(x.X)
	case *Binary:
		p.expr(x.X)
		if x.Op == ":" {
			p.w(":")
		} else {
			p.w(" ", x.Op, " ")
		}
		p.expr(x.Y)
	case *InList:
		p.expr(x.X)
		p.w(" ", x.Op, " (")
		p.exprs(x.Items)
		p.w(")")
	case *Between:
		p.between(x)
	case *Paren:
		p.w("(")
		p.expr(x.X)
		p.w(")")
	case *Named:
		p.named(x)
	case *Ordered:
		p.ordered(x)
	case *Pipe:
		p.pipe(x)
	case *Bad:
		p.exprs(x.Parts)
	default:
		p.special(x)
	}
}

// special writes the expressions that begin with a word of their own.
func (p *printer) special(x Expr) {
	switch x := x.(type) {
	case *Dynamic, *Array, *Bag:
		p.json(x)
	case *TypeOf:
		p.w("typeof(")
		if x.Type.Schema != nil {
			p.columns(x.Type.Schema)
		} else {
			p.w(x.Type.Name)
		}
		p.w(")")
	case *ToScalar:
		p.subquery("toscalar", x.Params, x.X)
	case *ToTable:
		p.subquery("totable", x.Params, x.X)
	case *Materialize:
		p.subquery("materialize", nil, x.X)
	case *DataTable:
		p.w("datatable")
		p.params(x.Params)
		p.w(" ")
		p.schema(x.Schema)
		p.w(" [")
		p.exprs(x.Values)
		p.w("]")
	case *ExternalData:
		p.w("externaldata")
		p.params(x.Params)
		p.w(" ")
		p.schema(x.Schema)
		p.w(" [")
		p.exprs(x.URIs)
		p.w("]")
		p.with(x.With)
	case *ContextTable:
		p.w("__contextual_datatable ")
		p.expr(x.ID)
		p.w(" ")
		p.schema(x.Schema)
	case *ViewCombine:
		p.subquery("materialized-view-combine", nil, x.View)
		p.subquery(" base", nil, x.Base)
		p.subquery(" delta", nil, x.Delta)
		p.subquery(" aggregations", nil, x.Aggs)
	case *EntityGroup:
		p.w("entity_group [")
		p.exprs(x.Entities)
		p.w("]")
	case *DataScoped:
		p.expr(x.X)
		p.w(" datascope=", x.Scope)
	case *Func:
		if x.View {
			p.w("view ")
		}
		p.parameters(x.Params)
		p.w(" ")
		p.body(x.Body)
	case *TypedColumn:
		p.name(x.Name)
		p.w(": ")
		p.typ(x.Type)
	case *PackAll:
		p.w("pack(*)")
	case *PatternColumn:
		p.name(x.Name)
		if x.Type != nil {
			p.w(": ")
			p.typ(x.Type)
		}
	}
}

func (p *printer) literal(x *Literal) {
	switch {
	case x.Kind == StringLiteral:
		if x.Obfuscated {
			p.w("h")
		}
		p.w(QuoteString(x.Text))
	case x.Kind == NullLiteral:
		p.w("null")
	case x.Typed:
		p.w(typeWords[x.Kind], "(", x.Text, ")")
	default:
		p.w(x.Text)
	}
}

func (p *printer) json(x Expr) {
	switch x := x.(type) {
	case *Dynamic:
		p.w("dynamic(")
		p.expr(x.Value)
		p.w(")")
	case *Array:
		p.w("[")
		p.exprs(x.Items)
		p.w("]")
	case *Bag:
		p.w("{")
		for i, kv := range x.Pairs {
			p.comma(i)
			p.literal(kv.Key)
			p.w(": ")
			p.expr(kv.Value)
		}
		p.w("}")
	}
}

func (p *printer) between(x *Between) {
	p.expr(x.X)
	if x.Not {
		p.w(" !between (")
	} else {
		p.w(" between (")
	}
	p.expr(x.Low)
	p.w(" .. ")
	p.expr(x.High)
	p.w(")")
}

func (p *printer) named(x *Named) {
	if x.Tuple {
		p.w("(")
	}
	for i, n := range x.Names {
		p.comma(i)
		p.name(n)
	}
	if x.Tuple {
		p.w(")")
	}
	p.w(" = ")
	p.expr(x.X)
}

func (p *printer) ordered(x *Ordered) {
	p.expr(x.X)
	switch x.Dir {
	case Asc:
		p.w(" asc")
	case Desc:
		p.w(" desc")
	case GrannyAsc:
		p.w(" granny-asc")
	case GrannyDesc:
		p.w(" granny-desc")
	}
	switch x.Nulls {
	case NullsFirst:
		p.w(" nulls first")
	case NullsLast:
		p.w(" nulls last")
	}
}

func (p *printer) pipe(x *Pipe) {
	if x.Source != nil {
		p.expr(x.Source)
	}
	for i, o := range x.Ops {
		if i > 0 || x.Source != nil {
			p.w(" | ")
		}
		p.operator(o)
	}
}

func (p *printer) subquery(word string, ps Params, x Expr) {
	p.w(word)
	p.params(ps)
	if len(ps) > 0 {
		p.w(" ")
	}
	p.w("(")
	p.expr(x)
	p.w(")")
}

// bareNumber reports whether an expression is a number that is written as digits.
func bareNumber(e Expr) bool {
	l, ok := e.(*Literal)
	return ok && !l.Typed && (l.Kind == LongLiteral || l.Kind == RealLiteral)
}
