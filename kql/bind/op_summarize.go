package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

func (b *binder) aggregateNamed(name string) *fn.Func { return fn.LookupAggregate(name) }

// windowCall is a call of a window function without arguments.
func (b *binder) windowCall(name string) plan.Expr {
	f := fn.Lookup(name)
	if f == nil {
		return nil
	}
	return &plan.Call{Fn: f, T: value.Long}
}

// summarize groups by the by expressions, whose columns come first, and adds the columns of the aggregates.
func (b *binder) summarize(r *rel, op *syntax.Summarize) *rel {
	p := b.newProjection(len(op.By) + len(op.Aggs))
	agg := &aggregation{by: map[plan.ColID]bool{}}
	nkeys := 0
	b.over(r, func() {
		for _, e := range op.By {
			n := len(p.items)
			under := e
			if named, ok := e.(*syntax.Named); ok {
				under = named.X
			}
			b.addColumn(p, e, projecting, "")
			if len(p.items) > n {
				it := p.items[n]
				if c, ok := it.Expr.(*plan.Ref); ok {
					agg.by[c.ID] = true
				}
				if it.Expr != nil {
					b.notDynamic(bound{expr: it.Expr, typ: it.Col.Type}, under, "summarize by")
				}
			}
		}
		nkeys = len(p.items)
		for _, it := range p.items {
			p.doNotAdd(it.Col.ID)
		}
		b.aggregated(agg, func() { b.addColumns(p, op.Aggs, summarizing) })
	})
	return b.group(r, p, nkeys, agg)
}

// group makes the Aggregate for the first nkeys items of p and the aggregates gathered; a Project follows where the columns wanted are
// not just those in order.
func (b *binder) group(r *rel, p *projection, nkeys int, agg *aggregation) *rel {
	keys := make([]plan.Item, nkeys)
	copy(keys, p.items[:nkeys])
	for i := range keys {
		if keys[i].Expr == nil {
			keys[i].Expr = &plan.Lit{V: value.NullOf(keys[i].Col.Type)}
		}
	}
	node := plan.NewAggregate(r.node, keys, agg.items)
	// Where the aggregates' columns are the output as they stand, they get its names and no Project is needed.
	rest := p.items[nkeys:]
	for i := range rest {
		rest[i].Col.ID = b.newID()
	}
	direct := true
	i := 0
	for _, a := range agg.items {
		for range a.Cols {
			if i >= len(rest) {
				direct = false
				break
			}
			i++
		}
	}
	direct = direct && i == len(rest)
	i = 0
	for _, a := range agg.items {
		for _, c := range a.Cols {
			if !direct {
				break
			}
			x, ok := rest[i].Expr.(*plan.Ref)
			direct = ok && x.ID == c.ID && rest[i].Col.Type == c.Type
			i++
		}
	}
	if direct {
		i = 0
		for _, a := range agg.items {
			for j := range a.Cols {
				a.Cols[j] = rest[i].Col
				i++
			}
		}
		return r.derive(node, node.Columns()).unordered()
	}
	items := refs(columnsOf(keys))
	for _, it := range rest {
		if it.Expr == nil {
			it.Expr = &plan.Lit{V: value.NullOf(it.Col.Type)}
		}
		items = append(items, it)
	}
	return r.derive(plan.NewProject(node, items), columnsOf(items)).unordered()
}
