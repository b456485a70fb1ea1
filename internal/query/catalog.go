package query

import (
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
	store store.Querier
	mu    sync.Mutex
	known map[*schema.Table]*plan.Table
}

func newCatalog(s store.Querier) *catalog {
	return &catalog{store: s, known: map[*schema.Table]*plan.Table{}}
}

// Table implements plan.Catalog.
func (c *catalog) Table(name string) (*plan.Table, bool) {
	t, ok := c.store.Table(name)
	if !ok {
		return nil, false
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

func bindable(t *schema.Table) *plan.Table {
	p := &plan.Table{Name: t.Name, TimeColumn: t.Time}
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

// Function implements plan.Catalog. Stored functions come with the content that defines them; there is none yet.
func (c *catalog) Function(string) (params, body string, ok bool) { return "", "", false }
