package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// watchlistColumns stand before a watchlist's own columns.
func watchlistColumns() []plan.Column {
	return []plan.Column{text("_DTItemId"), when("LastUpdatedTimeUTC"), text("SearchKey"), dyn("WatchlistItem")}
}

// watchlist binds _GetWatchlist(alias [, keys]): the items of the list, or those with one of the keys, as an inline table. A list that is
// not there has no items but Sentinel's columns, and any other that the query names: rules come before the lists that they read.
func (b *binder) watchlist(e *syntax.Call) *rel {
	alias, keys, ok := b.watchlistArgs(e)
	if !ok {
		return b.brokenTable()
	}
	cols := watchlistColumns()
	v := &plan.Values{}
	list, found := &plan.Watchlist{}, false
	if lists, has := b.cat.(plan.Watchlists); has {
		list, found = lists.Watchlist(alias)
		if !found {
			list = &plan.Watchlist{}
			b.warnf(e.At(), codeMissingWatchlist, didYouMean(alias, lists.WatchlistAliases()), "there is no watchlist %q; it is taken as empty", alias)
		}
	}
	taken := map[string]bool{}
	for _, c := range cols {
		taken[c.Name] = true
	}
	var own []int
	for i, name := range list.Columns {
		if !taken[name] {
			taken[name] = true
			cols, own = append(cols, text(name)), append(own, i)
		}
	}
	for i := range cols {
		cols[i].ID = b.newID()
	}
	for _, it := range list.Items {
		if keys != nil && !keys[it.SearchKey] {
			continue
		}
		bag := &value.Bag{}
		for i, name := range list.Columns {
			bag.Set(name, value.OfString(it.Values[i]))
		}
		row := make([]value.Value, 0, len(cols))
		row = append(row, value.OfString(it.ID), value.OfDatetime(it.Updated), value.OfString(it.SearchKey), value.OfBag(bag))
		for _, i := range own {
			row = append(row, value.OfString(it.Values[i]))
		}
		v.Rows = append(v.Rows, row)
	}
	v.Cols = cols
	return &rel{node: v, cols: cols, open: true}
}

// watchlistArgs gives the alias and, where they are given, the keys that are asked for.
func (b *binder) watchlistArgs(e *syntax.Call) (alias string, keys map[string]bool, ok bool) {
	if len(e.Args) < 1 || len(e.Args) > 2 {
		b.errorf(e.At(), codeArguments, "%s() takes the alias of a watchlist and, if need be, keys of its items; not %d arguments", e.Func.Text, len(e.Args))
		return "", nil, false
	}
	constant := func(i int, what string) *value.Value {
		a := e.Args[i]
		if n, named := a.(*syntax.Named); named {
			a = n.X
		}
		x := b.expr(a)
		c := x.constant()
		if c == nil && x.ok() {
			b.errorf(a.At(), codeConstant, "%s(): %s must be a constant", e.Func.Text, what)
		}
		return c
	}
	a := constant(0, "the alias")
	if a == nil {
		return "", nil, false
	}
	if a.T != value.String {
		b.errorf(e.Args[0].At(), codeType, "%s(): the alias must be a string, not %s", e.Func.Text, a.T)
		return "", nil, false
	}
	if len(e.Args) == 2 {
		k := constant(1, "the list of keys")
		if k == nil {
			return "", nil, false
		}
		if list, isList := k.X.(value.Array); isList {
			keys = map[string]bool{}
			for _, v := range list {
				keys[v.Text()] = true
			}
		} else if !k.Null && k.Text() != "" {
			keys = map[string]bool{k.Text(): true}
		}
	}
	return a.S, keys, true
}

// watchlistAliases binds _GetWatchlistAlias: the aliases of all watchlists.
func (b *binder) watchlistAliases() *rel {
	v := &plan.Values{Cols: []plan.Column{b.newColumn("WatchlistAlias", value.String)}}
	if lists, ok := b.cat.(plan.Watchlists); ok {
		for _, alias := range lists.WatchlistAliases() {
			v.Rows = append(v.Rows, []value.Value{value.OfString(alias)})
		}
	}
	return &rel{node: v, cols: v.Cols, open: true}
}
