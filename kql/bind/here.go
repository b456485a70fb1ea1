package bind

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// isTableFunction reports whether a call of the name gives a table, a database or a cluster.
func isTableFunction(name string) bool {
	switch name {
	case "table", "external_table", "materialized_view", "stored_query_result", "database", "cluster", "workspace", "app", "resource", "adx", "arg", "graph":
		return true
	}
	return knownFunctions[name] != nil
}

// heads are the functions that name a place where tables are.
var heads = map[string]bool{"database": true, "cluster": true, "workspace": true, "app": true, "resource": true, "adx": true, "arg": true}

// isTablePath reports whether a path begins at a place where tables are.
func (b *binder) isTablePath(e *syntax.Path) bool {
	switch base := e.Base.(type) {
	case *syntax.Call:
		return heads[base.Func.Text] && !b.isPattern(base.Func.Text)
	case *syntax.Path:
		return b.isTablePath(base)
	case *syntax.Name:
		return b.dbs[base.Text]
	}
	return false
}

// isPattern reports whether the query declares a pattern of that name (mostly app).
func (b *binder) isPattern(name string) bool {
	sym := b.scope.find(name)
	return sym != nil && sym.pattern != nil
}

// here reports whether the expression names this very store: database(), workspace(), the configured names of database and cluster, or an
// alias of them. What names another place is reported.
func (b *binder) here(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Paren:
		return b.here(e.X)
	case *syntax.Name:
		return b.dbs[e.Text]
	case *syntax.Path:
		return b.here(e.Base) && b.here(e.Selector)
	case *syntax.Call:
		if !heads[e.Func.Text] {
			return false
		}
		if len(e.Args) == 0 {
			return true
		}
		x := b.expr(e.Args[0])
		c := x.constant()
		if c == nil {
			if x.ok() {
				b.errorf(e.Args[0].At(), codeConstant, "the name in %s() must be a constant string", e.Func.Text)
			}
			return false
		}
		own := b.opt.Database
		if e.Func.Text == "cluster" {
			own = b.opt.Cluster
		}
		if own != "" && strings.EqualFold(c.S, own) && (e.Func.Text == "cluster" || e.Func.Text == "database" || e.Func.Text == "workspace") {
			return true
		}
		b.refuse(e.At(), "%s(%q) is another place; only the tables of this one can be read", e.Func.Text, c.S)
	}
	return false
}

// tablePath binds database().T, workspace("own").T, an alias.T and the like.
func (b *binder) tablePath(e *syntax.Path) *rel {
	if !b.isTablePath(e) {
		return b.asTable(b.any(e), e)
	}
	if !b.here(e.Base) {
		return b.foreignTable()
	}
	switch sel := e.Selector.(type) {
	case *syntax.Name:
		if sel.Wildcard {
			b.errorf(sel.At(), codeTabular, "a name with * can only stand in union, find and search")
			return b.brokenTable()
		}
		if sym := b.storedFunction(sel.Text); sym != nil {
			return b.asTable(b.callFunction(sym, nil, sel.At(), nil), sel)
		}
		if t, ok := b.lookupTable(sel.Text); ok {
			return b.scan(t, sel)
		}
		b.unknownTable(sel)
	case *syntax.Call:
		if heads[sel.Func.Text] {
			b.errorf(e.At(), codeTabular, "a table must follow: %s(…).Table", sel.Func.Text)
			return b.brokenTable()
		}
		return b.tableCall(sel)
	}
	return b.brokenTable()
}

// foreignTable stands for a table of another place: any column can be named.
func (b *binder) foreignTable() *rel {
	return &rel{node: &plan.Values{}, open: true, broken: !b.opt.Check}
}

// tableCall binds a call where a table is expected.
func (b *binder) tableCall(e *syntax.Call) *rel {
	name := e.Func.Text
	switch {
	case name == "table" || name == "external_table" || name == "materialized_view":
		return b.tableByName(e)
	case name == "stored_query_result" || name == "graph":
		b.refuse(e.At(), "%s() is not kept here", name)
		return b.foreignTable()
	case heads[name] && !b.isPattern(name):
		if b.here(e) {
			b.errorf(e.At(), codeTabular, "a table must follow: %s(…).Table", name)
			return b.brokenTable()
		}
		return b.foreignTable()
	case knownFunctions[name] != nil:
		return b.callKnown(knownFunctions[name], e, nil)
	}
	if sym := b.function(e.Func); sym != nil {
		return b.asTable(b.callFunction(sym, e.Args, e.At(), nil), e)
	}
	if pat := b.scope.find(name); pat != nil && pat.pattern != nil {
		return b.asTable(b.callPattern(pat.pattern, e, nil), e)
	}
	o := b.any(e)
	if o.table == nil && !o.val.ok() {
		return b.brokenTable()
	}
	return b.asTable(o, e)
}

// tableByName binds table("T"): the name is a constant.
func (b *binder) tableByName(e *syntax.Call) *rel {
	if len(e.Args) == 0 {
		b.errorf(e.At(), codeArguments, "%s() needs the name of a table", e.Func.Text)
		return b.brokenTable()
	}
	x := b.expr(e.Args[0])
	c := x.constant()
	if c == nil || c.T != value.String {
		if x.ok() {
			b.errorf(e.Args[0].At(), codeConstant, "the name of the table must be a constant string")
		}
		return b.brokenTable()
	}
	n := &syntax.Name{Span: e.Args[0].At(), Text: c.S}
	if t, ok := b.lookupTable(c.S); ok {
		return b.scan(t, n)
	}
	if sym := b.scope.find(c.S); sym != nil && (sym.table != nil || sym.fun != nil) {
		return b.asTable(b.tableName(n), n)
	}
	if sym := b.storedFunction(c.S); sym != nil {
		return b.asTable(b.callFunction(sym, nil, e.At(), nil), e)
	}
	b.unknownTable(n)
	return b.brokenTable()
}
