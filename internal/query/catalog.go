package query

import (
	"strings"
	"sync"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// Documents as Graph gave them, kept beside Sentinel's columns. They can be named in a query but are not part of `SecurityAlert`.
const (
	DefenderIncident = "DefenderIncident"
	DefenderAlert    = "DefenderAlert"
)

// catalog gives the binder the store's tables. Bound tables are kept until the store's own table changes.
type catalog struct {
	store   store.Querier
	library Library
	mu      sync.Mutex
	known   map[*schema.Table]*plan.Table
}

func newCatalog(s store.Querier, l Library) *catalog {
	return &catalog{store: s, library: l, known: map[*schema.Table]*plan.Table{}}
}

// Table implements plan.Catalog.
func (c *catalog) Table(name string) (*plan.Table, bool) {
	t, ok := c.store.Table(name)
	if !ok {
		return missing(name)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.known[t]; ok {
		return p, true
	}
	if len(c.known) > 4096 { // tables that grew at run time leave their former selves behind
		clear(c.known)
	}
	p := bindable(t)
	c.known[t] = p
	return p, true
}

// customSuffix ends the names of the tables of custom logs.
const customSuffix = "_CL"

// open reports whether rows bring columns of their own to a table: AzureDiagnostics takes whatever a resource logs, and custom logs are as their
// senders like.
func open(name string) bool {
	return name == "AzureDiagnostics" || strings.HasSuffix(name, customSuffix)
}

// missing gives a table that nothing has been sent to yet: one that Log Analytics has, or one of a custom log, with the columns that a query
// names. Both are empty.
func missing(name string) (*plan.Table, bool) {
	if t, ok := schema.Known(name); ok {
		p := bindable(t)
		p.Missing = true
		return p, true
	}
	if !strings.HasSuffix(name, customSuffix) || len(name) == len(customSuffix) {
		return nil, false
	}
	return &plan.Table{Name: name, TimeColumn: schema.TimeGenerated, Open: true, Missing: true,
		Columns: []plan.TableColumn{{Name: schema.TimeGenerated, Type: value.Datetime}}}, true
}

func bindable(t *schema.Table) *plan.Table {
	p := &plan.Table{Name: t.Name, TimeColumn: t.Time, Open: open(t.Name)}
	for _, col := range t.Columns {
		typ, _ := value.TypeOf(string(col.Type))
		hidden := t.Name == schema.SecurityAlert && col.Name == DefenderAlert || t.Name == schema.SecurityIncident && col.Name == DefenderIncident
		p.Columns = append(p.Columns, plan.TableColumn{Name: col.Name, Type: typ, Hidden: hidden})
	}
	for _, a := range t.Aliases {
		if i, ok := t.Index(a.Column); ok {
			typ, _ := value.TypeOf(string(t.Columns[i].Type))
			p.Columns = append(p.Columns, plan.TableColumn{Name: a.Name, Type: typ, Stored: a.Column, Hidden: true})
		}
	}
	hide := func(name string, typ value.Type) {
		for _, have := range p.Columns {
			if have.Name == name {
				return
			}
		}
		p.Columns = append(p.Columns, plan.TableColumn{Name: name, Type: typ, Hidden: true})
	}
	hide(schema.TenantID, value.String)
	p.Columns = append(p.Columns, plan.TableColumn{Name: "$IngestionTime", Type: value.Datetime, Stored: store.Ingested, Hidden: true}) // ingestion_time()
	switch t.Name {
	case schema.SecurityAlert:
		hide(DefenderAlert, value.Dynamic)
	case schema.SecurityIncident:
		hide(DefenderIncident, value.Dynamic)
	}
	return p
}

// Tables implements plan.Catalog.
func (c *catalog) Tables() []string {
	tables := c.store.Tables()
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	return names
}

// Function implements plan.Catalog.
func (c *catalog) Function(name string) (params, body string, ok bool) {
	if c.library == nil {
		return "", "", false
	}
	return c.library.Function(name)
}

// Watchlist implements plan.Watchlists.
func (c *catalog) Watchlist(alias string) (*plan.Watchlist, bool) {
	if c.library == nil {
		return nil, false
	}
	return c.library.Watchlist(alias)
}

// WatchlistAliases implements plan.Watchlists.
func (c *catalog) WatchlistAliases() []string {
	if c.library == nil {
		return nil
	}
	return c.library.WatchlistAliases()
}
