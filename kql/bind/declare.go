package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// parameter stands for the value that a call will give: the same for every row, and not known.
var parameter = &fn.Func{Name: "parameter", Hidden: true}

// beforeCall are the faults of a function's body that no call can mend. The others (a constant that is missing, an order of the rows)
// depend on the arguments.
var beforeCall = map[string]bool{codeUnknownColumn: true, codeUnknownTable: true, codeUnknownFunction: true, codeUnknownName: true, codeUnknownPlugin: true,
	codeUnknownOption: true, codeDuplicateColumn: true, codeDuplicateName: true, codeArguments: true, codeType: true, codeScalar: true, codeTabular: true,
	codeColumn: true, codeAggregate: true, codeJoin: true, codePosition: true}

// checkBody binds the body of a declared function for its faults, so that they are told although nobody calls it. Within a call nothing is
// checked: the declaration has been.
func (b *binder) checkBody(f *funcSymbol) {
	if f.decl.Body == nil || f.decl.Body.Result == nil || len(b.calls) > 0 || b.checked >= maxNodes {
		return
	}
	env := &scope{outer: b.scope, frame: true}
	for _, p := range f.decl.Params {
		sym := &symbol{}
		if p.Type != nil && p.Type.Schema != nil {
			sym.table = &tableSymbol{shared: b.parameterTable(p.Type.Schema)}
		} else {
			t := b.typeName(p.Type)
			sym.value, sym.fixed = &bound{expr: &plan.Call{Fn: parameter, T: t}, typ: t}, true
		}
		env = &scope{outer: env, name: p.Name.Text, sym: sym}
	}
	was := *b
	b.diags, b.seen, b.nodes = nil, map[diagKey]bool{}, b.checked
	b.query = &plan.Query{Options: b.query.Options}
	b.apart(func() {
		b.columns = 1
		b.within(env, func() {
			for _, s := range f.decl.Body.Statements {
				b.statement(s)
			}
			b.any(f.decl.Body.Result)
		})
	})
	found, used := b.diags, b.nodes
	b.diags, b.seen, b.nodes, b.checked = was.diags, was.seen, was.nodes, used
	b.query, b.opened, b.columns = was.query, was.opened, was.columns
	for _, d := range found {
		if d.Severity == syntax.Error && beforeCall[d.Code] {
			b.report(d)
		}
	}
}

// parameterTable is a table of the columns that a parameter declares; with (*), of none that can be named.
func (b *binder) parameterTable(s *syntax.Schema) *rel {
	v := &plan.Values{Cols: b.schemaColumns(s)}
	for i := range v.Cols {
		v.Cols[i].ID = b.newID()
		if v.Cols[i].Type == value.Unknown {
			v.Cols[i].Type = value.Dynamic
		}
	}
	return b.share(&rel{node: v, cols: v.Cols})
}
