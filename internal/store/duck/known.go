package duck

import (
	"maps"
	"slices"

	"github.com/vedette-siem/vedette/internal/schema"
)

// known is the catalogue as it has grown: tables that were met at run time and columns found in the overflow of any table.
type known struct {
	base  *schema.Catalogue
	found map[string][]schema.Column // in the order of discovery
	met   map[string]bool            // tables with rows, or with found columns, that base lacks
	made  map[string]*schema.Table   // tables with their found columns; rebuilt when they grow
}

func newKnown(base *schema.Catalogue) *known {
	return &known{base: base, found: map[string][]schema.Column{}, met: map[string]bool{}, made: map[string]*schema.Table{}}
}

// stored gives the table whose columns rows of name are written with, found ones not counted.
func (k *known) stored(name string) *schema.Table {
	if t, ok := k.base.Table(name); ok {
		return t
	}
	return schema.Other(name)
}

// meet notes that there is a table called name.
func (k *known) meet(name string) {
	if _, ok := k.base.Table(name); !ok {
		k.met[name] = true
	}
}

// growth gives the columns of list that are new to the table or must widen, as they will be.
func (k *known) growth(table string, list []schema.Column) []schema.Column {
	t := k.stored(table)
	var out []schema.Column
	for _, c := range list {
		if _, own := t.Index(c.Name); own {
			continue
		}
		i := slices.IndexFunc(out, func(o schema.Column) bool { return o.Name == c.Name })
		if i >= 0 {
			out[i].Type = schema.Widen(out[i].Type, c.Type)
			continue
		}
		j := slices.IndexFunc(k.found[table], func(o schema.Column) bool { return o.Name == c.Name })
		if j >= 0 {
			w := schema.Widen(k.found[table][j].Type, c.Type)
			if w == k.found[table][j].Type {
				continue
			}
			c.Type = w
		}
		out = append(out, c)
	}
	return out
}

// grow applies what growth gave.
func (k *known) grow(table string, list []schema.Column) {
	have := slices.Clone(k.found[table])
	for _, c := range list {
		if i := slices.IndexFunc(have, func(o schema.Column) bool { return o.Name == c.Name }); i >= 0 {
			have[i].Type = c.Type
		} else {
			have = append(have, c)
		}
	}
	k.found[table] = have
	delete(k.made, table)
	k.meet(table)
}

// table gives a table with its found columns; ok is false when nobody knows it.
func (k *known) table(name string) (*schema.Table, bool) {
	t, ok := k.base.Table(name)
	switch {
	case ok && len(k.found[t.Name]) == 0:
		return t, true
	case !ok && !k.met[name]:
		return nil, false
	case !ok:
		t = schema.Other(name)
	}
	if m, ok := k.made[t.Name]; ok {
		return m, true
	}
	wide := *t
	wide.Columns = slices.Clone(t.Columns)
	for _, c := range k.found[t.Name] {
		if c.Type == "" {
			c.Type = schema.String
		}
		wide.Columns = append(wide.Columns, c)
	}
	made, err := schema.NewTable(wide)
	if err != nil {
		return t, true // growth keeps names distinct, so this is out of reach; the table itself is still right
	}
	return made, true
}

// freeze makes the tables that have grown, so that readers need not.
func (k *known) freeze() {
	for name := range k.found {
		if _, ok := k.made[name]; !ok {
			if t, ok := k.table(name); ok {
				k.made[t.Name] = t
			}
		}
	}
}

// names gives all names, sorted.
func (k *known) names() []string {
	all := maps.Clone(k.met)
	for _, t := range k.base.Tables() {
		all[t.Name] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// Table implements store.Querier.
func (s *Store) Table(name string) (*schema.Table, bool) {
	s.snap.RLock()
	defer s.snap.RUnlock()
	return s.known.table(name)
}

// Tables implements store.Querier.
func (s *Store) Tables() []*schema.Table {
	s.snap.RLock()
	defer s.snap.RUnlock()
	var out []*schema.Table
	for _, n := range s.known.names() {
		t, _ := s.known.table(n)
		out = append(out, t)
	}
	return out
}
