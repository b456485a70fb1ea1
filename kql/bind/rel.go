package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// rel is a bound tabular expression.
type rel struct {
	node       plan.Node
	cols       []plan.Column
	hidden     []plan.Column // columns of node that can be named but are not part of the result
	open       bool          // there may be further columns (bag_unpack, pivot, a table of custom logs)
	inferred   []plan.Column // further columns of an open rel that the query names: node has them while nothing has projected them away
	serialized bool          // window functions may be used
	sorted     bool
	broken     bool          // stands for a tabular expression with an error
	results    []plan.Result // fork, facet: several tables
	graph      *graph        // make-graph and the graph operators: no table
	render     *plan.Render
	name       string // as
	scanned    string // the table of the catalog, when the rel is nothing but that

	lookups int
	index   map[string]int
}

// find gives the visible column called name.
func (r *rel) find(name string) (plan.Column, bool) {
	if r == nil {
		return plan.Column{}, false
	}
	if r.index == nil {
		r.lookups++
		if r.lookups <= 8 || len(r.cols) < 16 {
			for _, c := range r.cols {
				if c.Name == name {
					return c, true
				}
			}
			return plan.Column{}, false
		}
		r.index = make(map[string]int, len(r.cols))
		for i, c := range r.cols {
			if _, ok := r.index[c.Name]; !ok {
				r.index[c.Name] = i
			}
		}
	}
	if i, ok := r.index[name]; ok {
		return r.cols[i], true
	}
	return plan.Column{}, false
}

// findAny also looks among the hidden and the inferred columns.
func (r *rel) findAny(name string) (plan.Column, bool) {
	if c, ok := r.find(name); ok {
		return c, true
	}
	if r != nil {
		for _, c := range r.hidden {
			if c.Name == name {
				return c, true
			}
		}
		for _, c := range r.inferred {
			if c.Name == name && r.gives(c.ID) {
				return c, true
			}
		}
	}
	return plan.Column{}, false
}

// gives reports whether the node of r has the column.
func (r *rel) gives(id plan.ColID) bool {
	if r.node == nil {
		return false
	}
	for _, c := range r.node.Columns() {
		if c.ID == id {
			return true
		}
	}
	return false
}

// infer makes a column that an open rel may have, of a type that nobody knows: no row has brought it so far, so it is null in all of them.
func (b *binder) infer(r *rel, name string, at syntax.Span) plan.Column {
	c := b.newColumn(name, value.Unknown)
	r.inferred = append(r.inferred[:len(r.inferred):len(r.inferred)], c)
	r.node = plan.NewProject(r.node, append(refs(r.node.Columns()), plan.Item{Col: c, Expr: &plan.Lit{V: value.NullOf(value.Unknown)}}))
	if !b.opt.Check && !r.broken && len(b.query.Open) == 0 {
		b.warnf(at, codeNoColumn, didYouMean(name, r.names()), "no row has brought a column %s so far; it is null", quoteName(name))
	}
	return c
}

// with gives a rel of node with the columns and properties of r.
func (r *rel) with(node plan.Node) *rel {
	return &rel{node: node, cols: r.cols, hidden: r.hidden, open: r.open, inferred: r.inferred, serialized: r.serialized, sorted: r.sorted,
		broken: r.broken, index: r.index, name: r.name}
}

// derive gives a rel of node with other columns; openness, order and brokenness are those of r.
func (r *rel) derive(node plan.Node, cols []plan.Column) *rel {
	return &rel{node: node, cols: cols, open: r.open, inferred: r.inferred, serialized: r.serialized, sorted: r.sorted, broken: r.broken, name: r.name}
}

// unordered says that the rows of r have no order that means something.
func (r *rel) unordered() *rel {
	r.serialized, r.sorted = false, false
	return r
}

// columnsOf gives the columns that an item list puts out.
func columnsOf(items []plan.Item) []plan.Column {
	cols := make([]plan.Column, len(items))
	for i, it := range items {
		cols[i] = it.Col
	}
	return cols
}

// refs gives an item for each column that carries it over.
func refs(cols []plan.Column) []plan.Item {
	items := make([]plan.Item, len(cols))
	backing := make([]plan.Ref, len(cols))
	for i, c := range cols {
		backing[i] = plan.Ref{ID: c.ID, T: c.Type}
		items[i] = plan.Item{Col: c, Expr: &backing[i]}
	}
	return items
}

// ref refers to c.
func ref(c plan.Column) plan.Expr { return &plan.Ref{ID: c.ID, T: c.Type} }

// newID gives a column identity that no other column of the query has.
func (b *binder) newID() plan.ColID {
	b.lastID++
	return b.lastID
}

func (b *binder) newColumn(name string, t value.Type) plan.Column {
	return plan.Column{ID: b.newID(), Name: name, Type: t}
}

// renewed gives r with new identities for all its columns, so that a table that several places read is not taken for one set of columns.
func (b *binder) renewed(r *rel) *rel {
	items := append(refs(r.cols), refs(r.hidden)...)
	for i := range items {
		items[i].Col.ID = b.newID()
	}
	cols := columnsOf(items)
	out := r.derive(plan.NewProject(r.node, items), cols[:len(r.cols):len(r.cols)])
	out.inferred, out.hidden = nil, cols[len(r.cols):]
	return out
}

// carryHidden lets what r hides pass through the projection that made out of it.
func carryHidden(r, out *rel) *rel {
	if len(r.hidden) == 0 {
		return out
	}
	n := out.node.(*plan.Project)
	n.Items = append(n.Items[:len(n.Items):len(n.Items)], refs(r.hidden)...)
	out.hidden = r.hidden
	return out
}

// hiddenBehind adds what r hides to the columns that a node lists with their sources, and gives the rel of the node, of whose columns the
// first are visible.
func (r *rel) hiddenBehind(list *[]plan.JoinCol, make func() plan.Node) *rel {
	visible := len(*list)
	for _, c := range r.hidden {
		*list = append(*list, plan.JoinCol{Col: c, Src: c.ID})
	}
	n := make()
	out := r.derive(n, n.Columns()[:visible:visible])
	out.hidden = r.hidden
	return out
}

// closed gives r as a tree whose root has exactly the visible columns.
func (b *binder) closed(r *rel) plan.Node {
	cols := r.node.Columns()
	same := len(cols) == len(r.cols)
	for i := 0; same && i < len(cols); i++ {
		same = cols[i].ID == r.cols[i].ID && cols[i].Name == r.cols[i].Name
	}
	if same {
		return r.node
	}
	return plan.NewProject(r.node, refs(r.cols))
}
