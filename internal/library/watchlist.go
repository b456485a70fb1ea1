package library

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/plan"
)

// The limits of a watchlist.
const (
	MaxCSV = 8 << 20  // of the file
	maxRow = 10 << 10 // of one item, as Sentinel has it
)

// Watchlist is a list under its alias. Times are those of the list as a whole.
type Watchlist struct {
	Alias       string    `json:"alias"`
	Name        string    `json:"name"` // shown to people; the alias when none was given
	Description string    `json:"description"`
	Provider    string    `json:"provider"`
	SearchKey   string    `json:"searchKey"` // the column whose values are SearchKey
	Columns     []string  `json:"columns"`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"`
	Count       int       `json:"count"`
	Items       []Item    `json:"items,omitempty"` // left out in lists of watchlists
}

// Item is an entry of a watchlist; Values are those of its columns.
type Item struct {
	ID      string    `json:"id"`
	Updated time.Time `json:"updated"`
	Values  []string  `json:"values"`
}

var aliasForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{1,62}[A-Za-z0-9]$`)

// ImportWatchlist makes the list of a CSV file with a header, in the place of the list that has the alias by now. Items that the file leaves
// as they are keep their identities and times. fault.Invalid says what is wrong with the file, and where.
func (l *Library) ImportWatchlist(ctx context.Context, w Watchlist, file io.Reader) (Watchlist, error) {
	if !aliasForm.MatchString(w.Alias) {
		return Watchlist{}, fault.New(fault.Invalid, "", "the alias %q is not 3 to 64 letters, digits, - and _ that begin and end with a letter or digit", w.Alias)
	}
	if err := w.read(file); err != nil {
		return Watchlist{}, err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	w.Name, w.Created, w.Updated, w.Count = cmp.Or(w.Name, w.Alias), now, now, len(w.Items)
	before, err := l.watchlist(ctx, w.Alias)
	switch {
	case fault.Is(err, fault.NotFound):
	case err != nil:
		return Watchlist{}, err
	default:
		w.Created = before.Created
	}
	known := map[string][]Item{}
	if slices.Equal(before.Columns, w.Columns) {
		for _, it := range before.Items {
			k := strings.Join(it.Values, "\x00")
			known[k] = append(known[k], it)
		}
	}
	for i := range w.Items {
		it := &w.Items[i]
		k := strings.Join(it.Values, "\x00")
		if same := known[k]; len(same) > 0 {
			*it, known[k] = same[0], same[1:]
			continue
		}
		it.ID, it.Updated = newID(), now
	}
	if err := l.put(ctx, listKey+strings.ToLower(w.Alias), w); err != nil {
		return Watchlist{}, err
	}
	w.Items = nil
	return w, nil
}

// read takes columns and items from the file.
func (w *Watchlist) read(file io.Reader) error {
	bad := func(format string, args ...any) error {
		return fault.New(fault.Invalid, "read "+w.Alias, format, args...)
	}
	limited := &io.LimitedReader{R: file, N: MaxCSV + 1}
	in := csv.NewReader(limited)
	for {
		fields, err := in.Read()
		if limited.N <= 0 {
			return bad("the file is larger than %d MiB", MaxCSV>>20)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return bad("%w", err)
		}
		if w.Columns == nil {
			if err := w.header(fields); err != nil {
				return bad("%w", err)
			}
			continue
		}
		size := 0
		for _, f := range fields {
			size += len(f)
		}
		if size > maxRow {
			line, _ := in.FieldPos(0)
			return bad("line %d: the item is larger than %d KiB", line, maxRow>>10)
		}
		w.Items = append(w.Items, Item{Values: fields})
	}
	if w.Columns == nil {
		return bad("the file is empty; it needs a header with the names of its columns")
	}
	return nil
}

func (w *Watchlist) header(fields []string) error {
	for i, f := range fields {
		f = strings.TrimSpace(strings.TrimPrefix(f, "\ufeff"))
		if f == "" {
			return fmt.Errorf("column %d of the header has no name", i+1)
		}
		if slices.Contains(w.Columns, f) {
			return fmt.Errorf("the header has the column %q twice", f)
		}
		w.Columns = append(w.Columns, f)
	}
	if w.SearchKey == "" {
		return fmt.Errorf("the column of the search key is not told; it is one of %s", strings.Join(w.Columns, ", "))
	}
	if !slices.Contains(w.Columns, w.SearchKey) {
		return fmt.Errorf("the search key %q is not among the columns %s", w.SearchKey, strings.Join(w.Columns, ", "))
	}
	return nil
}

// newID makes a random identity.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (l *Library) watchlist(ctx context.Context, alias string) (w Watchlist, err error) {
	doc, err := l.ledger.Document(ctx, listKey+strings.ToLower(alias))
	if fault.Is(err, fault.NotFound) {
		return w, fault.New(fault.NotFound, "", "there is no watchlist %q", alias)
	}
	if err != nil {
		return w, err
	}
	if err := json.Unmarshal(doc.Value, &w); err != nil {
		return w, fault.New(fault.Corrupt, "read watchlist "+alias, "%w", err)
	}
	return w, nil
}

// GetWatchlist gives a list with its items; fault.NotFound when there is none with the alias, which is compared without regard to case.
func (l *Library) GetWatchlist(ctx context.Context, alias string) (Watchlist, error) {
	return l.watchlist(ctx, alias)
}

// ListWatchlists gives all lists by alias, without their items.
func (l *Library) ListWatchlists(ctx context.Context) ([]Watchlist, error) {
	docs, err := l.ledger.Documents(ctx, listKey)
	if err != nil {
		return nil, err
	}
	out := make([]Watchlist, len(docs))
	for i, d := range docs {
		if err := json.Unmarshal(d.Value, &out[i]); err != nil {
			return nil, fault.New(fault.Corrupt, "read "+d.Key, "%w", err)
		}
		out[i].Items = nil
	}
	return out, nil
}

// RemoveWatchlist removes a list; fault.NotFound when there is none with the alias.
func (l *Library) RemoveWatchlist(ctx context.Context, alias string) error {
	return l.remove(ctx, listKey+strings.ToLower(alias), fmt.Sprintf("watchlist %q", alias))
}

// Watchlist implements plan.Watchlists. A ledger that cannot be read has no lists.
func (l *Library) Watchlist(alias string) (*plan.Watchlist, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w, err := l.watchlist(ctx, alias)
	if err != nil {
		return nil, false
	}
	key := slices.Index(w.Columns, w.SearchKey)
	out := &plan.Watchlist{Alias: w.Alias, Columns: w.Columns, Items: make([]plan.WatchlistItem, len(w.Items))}
	for i, it := range w.Items {
		out.Items[i] = plan.WatchlistItem{ID: it.ID, SearchKey: it.Values[key], Updated: store.Ticks(it.Updated), Values: it.Values}
	}
	return out, true
}

// WatchlistAliases implements plan.Watchlists.
func (l *Library) WatchlistAliases() []string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	lists, err := l.ListWatchlists(ctx)
	if err != nil {
		return nil
	}
	out := make([]string, len(lists))
	for i, w := range lists {
		out[i] = w.Alias
	}
	return out
}
