package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// scope is a list of what let statements, parameters and operators have defined, the newest first. A function keeps the scope of its
// declaration, so it cannot see itself or anything declared after it.
type scope struct {
	outer    *scope
	name     string
	sym      *symbol
	frame    bool     // the body of a function begins here
	patterns []string // restrict access to: the names that may be used, nil for any
}

// symbol is what a name stands for; exactly one of its pointers is set.
type symbol struct {
	value   *bound
	level   int  // of value: see binder.level
	fixed   bool // of value: known at every level (the key of a partition)
	size    int  // of value: how many parts it has, 0 as long as nobody has asked
	table   *tableSymbol
	fun     *funcSymbol
	pattern *patternSymbol
	members *members
	group   []syntax.Expr // entity_group
	broken  bool          // its declaration had an error; whoever uses it says nothing
}

// tableSymbol is a tabular variable: an expression that is bound anew at every use, or a table that all uses share.
type tableSymbol struct {
	expr    syntax.Expr
	env     *scope
	columns int  // the number of the next Column1 at the declaration
	first   *rel // bound at the declaration, for the first use
	shared  *rel // as, materialize, a tabular argument: every use reads this, under new identities
}

// funcSymbol is a function of a let statement, or of the catalog.
type funcSymbol struct {
	name    string
	decl    *syntax.Func
	env     *scope
	stored  bool   // its text is not that of the query
	problem string // why a stored one cannot be read
}

type patternSymbol struct {
	decl *syntax.Pattern
	env  *scope
}

// members are columns that are named name.column: the state of a scan step, the elements of a graph pattern, a side of a join.
type members struct {
	cols []plan.Column
	open bool
	of   *rel // the side of the join
	// element is the name of the graph pattern's element that has the columns; in the name of a result, its name.column is name_column.
	element string
}

// find gives the symbol called name, nil if there is none.
func (s *scope) find(name string) *symbol {
	for ; s != nil; s = s.outer {
		if s.sym != nil && s.name == name {
			return s.sym
		}
	}
	return nil
}

// local reports whether the name is defined in the innermost function body.
func (s *scope) local(name string) bool {
	for ; s != nil; s = s.outer {
		if s.sym != nil && s.name == name {
			return true
		}
		if s.frame {
			return false
		}
	}
	return false
}

func (b *binder) define(name string, sym *symbol) {
	b.scope = &scope{outer: b.scope, name: name, sym: sym}
}

// defineValue defines a scalar.
func (b *binder) defineValue(name string, v bound) {
	b.define(name, &symbol{value: &v, level: b.level, broken: !v.ok()})
}

// names lists what the scope defines.
func (s *scope) names(keep func(*symbol) bool) []string {
	var out []string
	for ; s != nil; s = s.outer {
		if s.sym != nil && keep(s.sym) {
			out = append(out, s.name)
		}
	}
	return out
}

// allows reports whether the table may be read.
func (s *scope) allows(name string) bool {
	for ; s != nil; s = s.outer {
		if s.patterns == nil {
			continue
		}
		ok := false
		for _, p := range s.patterns {
			ok = ok || matchWildcard(p, name)
		}
		if !ok {
			return false
		}
	}
	return true
}

// within runs f with the scope given and comes back to the current one.
func (b *binder) within(s *scope, f func()) {
	outer := b.scope
	b.scope = s
	f()
	b.scope = outer
}

// apart runs f without the columns and aggregates of the place it is called from, as for a table inside an expression.
func (b *binder) apart(f func()) {
	row, right, aggs, search := b.row, b.right, b.aggs, b.search
	b.row, b.right, b.aggs, b.search = nil, nil, nil, false
	b.level++
	f()
	b.level--
	b.row, b.right, b.aggs, b.search = row, right, aggs, search
}

// over runs f with the columns of r.
func (b *binder) over(r *rel, f func()) {
	row, right, aggs, search := b.row, b.right, b.aggs, b.search
	b.row, b.right, b.aggs, b.search = r, nil, nil, false
	f()
	b.row, b.right, b.aggs, b.search = row, right, aggs, search
}
