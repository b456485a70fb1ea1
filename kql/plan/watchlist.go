package plan

// Watchlist is a list that users keep beside the tables, as _GetWatchlist gives it.
type Watchlist struct {
	Alias   string
	Columns []string // the list's own columns, in the list's order
	Items   []WatchlistItem
}

// WatchlistItem is an entry of a watchlist. Values are those of the list's columns; Updated is in ticks.
type WatchlistItem struct {
	ID        string
	SearchKey string
	Updated   int64
	Values    []string
}

// Watchlists is implemented by a Catalog that has watchlists. Aliases are compared without regard to case.
type Watchlists interface {
	// Watchlist gives the list with the alias, ok=false if there is none.
	Watchlist(alias string) (list *Watchlist, ok bool)
	// WatchlistAliases lists the aliases, sorted.
	WatchlistAliases() []string
}
