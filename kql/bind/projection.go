package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// projection gathers the output columns of an operator and gives them their names by Kusto's rules: a column that is named by the query
// (name = expression, or a column as it is) is declared and must not be declared twice; a column with a name of the binder's own making
// gets another name when it clashes.
type projection struct {
	b        *binder
	items    []plan.Item
	index    map[string]int // position by name
	names    nameTable
	declared map[string]bool
	skip     map[plan.ColID]bool // columns that are not to be added again
}

func (b *binder) newProjection(size int) *projection {
	return &projection{b: b, items: make([]plan.Item, 0, size), index: make(map[string]int, size), names: make(nameTable, size), declared: map[string]bool{}}
}

// carry starts the projection with all visible columns of r, which are not added again.
func (p *projection) carry(r *rel) {
	p.items = append(p.items, refs(r.cols)...)
	p.skip = make(map[plan.ColID]bool, len(r.cols))
	for i, c := range r.cols {
		p.index[c.Name] = i
		p.names.add(c.Name)
		p.skip[c.ID] = true
	}
}

// doNotAdd keeps the column from being added from now on.
func (p *projection) doNotAdd(id plan.ColID) {
	if p.skip == nil {
		p.skip = map[plan.ColID]bool{}
	}
	p.skip[id] = true
}

// add adds a column that the query does not name. With replace it takes the place of the column of the same name.
func (p *projection) add(it plan.Item, base string, replace bool) plan.Column {
	if it.Col.Name == "" || p.skip[it.Col.ID] {
		return it.Col
	}
	if i, ok := p.index[it.Col.Name]; replace && ok {
		p.items[i] = it
		return it.Col
	}
	it.Col.Name = p.names.unique(it.Col.Name, base)
	p.index[it.Col.Name] = len(p.items)
	p.items = append(p.items, it)
	return it.Col
}

// declare adds a column that the query names.
func (p *projection) declare(it plan.Item, at syntax.Span, replace bool) {
	if p.declared[it.Col.Name] {
		p.b.errorf(at, codeDuplicateColumn, "the column %s is declared twice; give one of the two another name", quoteName(it.Col.Name))
		return
	}
	if i, ok := p.index[it.Col.Name]; replace && ok {
		p.items[i] = it
		p.declared[it.Col.Name] = true
		return
	}
	p.declared[p.add(it, "", false).Name] = true
}

// rename gives the column called from the name to.
func (p *projection) rename(from, to string, at syntax.Span) {
	i, ok := p.index[from]
	if !ok {
		return
	}
	if _, taken := p.names[to]; taken {
		p.b.errorf(at, codeDuplicateColumn, "there is a column %s already; give the renamed one another name", quoteName(to))
		return
	}
	p.items[i].Col.Name = to
	delete(p.index, from)
	p.index[to] = i
	p.declared[to] = true
	p.names.add(to)
}
