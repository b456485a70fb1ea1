package duck

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// metaTables are the tables in which the hot file remembers what is not a row of an event.
var metaTables = []string{
	"CREATE SCHEMA IF NOT EXISTS vedette",
	"CREATE TABLE IF NOT EXISTS vedette.fact (name VARCHAR NOT NULL, value VARCHAR NOT NULL)",
	"CREATE TABLE IF NOT EXISTS vedette.span (source VARCHAR NOT NULL, part VARCHAR NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL)",
	"CREATE TABLE IF NOT EXISTS vedette.hot (tab VARCHAR NOT NULL, phys VARCHAR NOT NULL, cols VARCHAR NOT NULL)",
	"CREATE TABLE IF NOT EXISTS vedette.found (tab VARCHAR NOT NULL, col VARCHAR NOT NULL, typ VARCHAR NOT NULL, ord BIGINT NOT NULL)",
	"CREATE TABLE IF NOT EXISTS vedette.file (id BIGINT NOT NULL, day BIGINT NOT NULL, path VARCHAR NOT NULL, bytes BIGINT NOT NULL)",
	"CREATE TABLE IF NOT EXISTS vedette.part (file BIGINT NOT NULL, tab VARCHAR NOT NULL, phys VARCHAR NOT NULL, n BIGINT NOT NULL, lo BIGINT NOT NULL, hi BIGINT NOT NULL, cols VARCHAR NOT NULL)",
}

// load makes the meta tables and reads them.
func (s *Store) load() error {
	c := s.wconn
	for _, q := range metaTables {
		if err := c.exec(q); err != nil {
			return err
		}
	}
	s.known = newKnown(s.opt.Catalogue)
	s.hot, s.phys = map[string]*hotTable{}, map[string]bool{}
	s.spans, s.files, s.seen = map[string]map[string][]record.Span{}, nil, map[int64]map[rowKey]struct{}{}
	for _, f := range []func() error{s.loadFacts, s.loadSpans, s.loadFound, s.loadHot, s.loadFiles, s.loadSeen} {
		if err := f(); err != nil {
			return err
		}
	}
	s.known.freeze()
	return s.dropOrphans()
}

func (s *Store) loadFacts() error {
	facts := map[string]string{}
	err := s.wconn.rows("SELECT name, value FROM vedette.fact", nil, func(r *chunkReader) error {
		names, values := r.texts(0), r.texts(1)
		for i := range names {
			facts[names[i]] = values[i]
		}
		return nil
	})
	if err != nil {
		return err
	}
	if facts["seed"] == "" {
		var b [8]byte
		if _, err := rand.Read(b[:]); err != nil {
			return fault.New(fault.Internal, "open store", "%w", err)
		}
		facts["seed"], facts["stamp"] = strconv.FormatUint(binary.LittleEndian.Uint64(b[:]), 10), "0"
		if err := s.wconn.exec("INSERT INTO vedette.fact VALUES ('seed', ?), ('stamp', '0')", facts["seed"]); err != nil {
			return err
		}
	}
	seed, err1 := strconv.ParseUint(facts["seed"], 10, 64)
	stamp, err2 := strconv.ParseInt(facts["stamp"], 10, 64)
	if err1 != nil || err2 != nil {
		return fault.New(fault.Corrupt, "open store", "the facts in hot.duckdb are damaged: %v", facts).WithHint("restore the data directory from a backup")
	}
	s.seed = seed
	s.clock.last = max(s.clock.last, stamp)
	return nil
}

func (s *Store) loadSpans() error {
	return s.wconn.rows("SELECT source, part, first, last FROM vedette.span ORDER BY ALL", nil, func(r *chunkReader) error {
		src, part, first, last := r.texts(0), r.texts(1), r.ints(2), r.ints(3)
		for i := range src {
			s.keepSpans(partition{src[i], part[i]}, append(s.spans[src[i]][part[i]],
				record.Span{Source: src[i], Partition: part[i], First: first[i], Last: last[i]}))
		}
		return nil
	})
}

func (s *Store) keepSpans(p partition, list []record.Span) {
	if s.spans[p.source] == nil {
		s.spans[p.source] = map[string][]record.Span{}
	}
	s.spans[p.source][p.part] = list
}

func (s *Store) loadFound() error {
	return s.wconn.rows("SELECT tab, col, typ FROM vedette.found ORDER BY tab, ord", nil, func(r *chunkReader) error {
		tab, col, typ := r.texts(0), r.texts(1), r.texts(2)
		for i := range tab {
			// a column that the catalogue has learnt since is no longer found
			s.known.grow(tab[i], s.known.growth(tab[i], []schema.Column{{Name: col[i], Type: schema.Type(typ[i])}}))
		}
		return nil
	})
}

func (s *Store) loadHot() error {
	type stored struct{ tab, phys, cols string }
	var all []stored
	err := s.wconn.rows("SELECT tab, phys, cols FROM vedette.hot", nil, func(r *chunkReader) error {
		tab, phys, cols := r.texts(0), r.texts(1), r.texts(2)
		for i := range tab {
			all = append(all, stored{tab[i], phys[i], cols[i]})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, h := range all {
		cols, err := decodeColumns(h.cols)
		if err != nil {
			return fault.New(fault.Corrupt, "open store", "table %s in hot.duckdb: %w", h.tab, err).WithHint("restore the data directory from a backup")
		}
		t := s.known.stored(h.tab)
		l := newLayout(h.tab, h.phys, t.Time, cols)
		if l, err = s.adopt(l, t); err != nil {
			return err
		}
		s.known.meet(h.tab)
		s.hot[h.tab] = &hotTable{layout: l}
		s.phys[strings.ToLower(h.phys)] = true
	}
	return nil
}

// adopt gives a hot table the columns that the catalogue has learnt since the table was made, with their values out of the overflow.
func (s *Store) adopt(l *layout, t *schema.Table) (*layout, error) {
	var add []physical
	taken := map[string]bool{}
	for _, c := range l.cols {
		taken[strings.ToLower(c.phys)] = true
	}
	for _, c := range t.Columns {
		if _, ok := l.at[c.Name]; !ok {
			add = append(add, physical{c.Name, c.Type, distinct(c.Name, taken)})
		}
	}
	if len(add) == 0 {
		return l, nil
	}
	wide := newLayout(l.table, l.phys, l.time, append(l.cols, add...))
	return wide, s.transact(func(c *conn) error {
		// Constraints cannot be added with a column: rows are copied into a table of the new form.
		tmp := *wide
		tmp.phys = l.phys + "~new"
		if err := c.exec(tmp.create("hot")); err != nil {
			return err
		}
		var items []string
		for _, x := range wide.cols {
			items = append(items, l.expression(x.name, x.typ))
		}
		q := fmt.Sprintf("INSERT INTO hot.%s SELECT %s, %s FROM hot.%s", quote(tmp.phys), strings.Join(items, ", "), extraColumns, quote(l.phys))
		for _, step := range []struct {
			text string
			args []any
		}{
			{q, nil},
			{"DROP TABLE hot." + quote(l.phys), nil},
			{"ALTER TABLE hot." + quote(tmp.phys) + " RENAME TO " + quote(l.phys), nil},
			{"UPDATE vedette.hot SET cols = ? WHERE tab = ?", []any{wide.encode(), l.table}},
		} {
			if err := c.exec(step.text, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

var extraColumns = strings.Join([]string{quote(store.Block), quote(store.Ingested), quote(store.Hash), quote(store.Overflow)}, ", ")

// transact runs f in a transaction of the writing connection: all of it or nothing.
func (s *Store) transact(f func(c *conn) error) error {
	c := s.wconn
	if err := c.exec("BEGIN TRANSACTION"); err != nil {
		return err
	}
	err := f(c)
	if err == nil {
		err = c.exec("COMMIT")
	}
	if err != nil {
		if rerr := c.exec("ROLLBACK"); rerr != nil {
			s.log.Debug("rollback", "err", rerr) // a failed commit has rolled back already
		}
	}
	return err
}
