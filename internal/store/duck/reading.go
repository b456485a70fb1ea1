package duck

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
	"github.com/vedette-siem/vedette/internal/store/terms"
	"github.com/vedette-siem/vedette/kql/sql"
)

// reading is what a scan reads: columns of the hot rows and of those sealed files that may hold rows that the query asks for.
type reading struct {
	table   *schema.Table
	columns []string
	types   []schema.Type
	legs    []leg
	seen    store.Reading
}

// leg is the part of a scan that lies in one file.
type leg struct {
	db   string
	file *sealedFile // nil for the hot rows
	*layout
	blocks terms.Blocks // the only ones that are read; nil for all
}

// maxLookups bounds how many terms one scan looks up; files beyond that are read whole.
const maxLookups = 20_000

// reading finds what a scan reads: hot rows and those of the sealed files that may hold event times between the scan's bounds and what is
// asked for.
func (s *Store) reading(sc sql.Scan, a asked) (*reading, error) {
	t, ok := s.known.table(sc.Table)
	if !ok {
		return nil, fault.New(fault.Invalid, "query", "there is no table %s", sc.Table)
	}
	r := &reading{table: t, columns: sc.Columns, types: make([]schema.Type, len(sc.Columns))}
	for i, name := range sc.Columns {
		switch name {
		case store.Block:
			r.types[i] = schema.Int
		case store.Ingested, store.Hash:
			r.types[i] = schema.Long
		case store.Overflow:
			r.types[i] = schema.Dynamic
		default:
			if !t.Has(name) {
				return nil, fault.New(fault.Invalid, "query", "table %s has no column %s", sc.Table, name)
			}
			j, _ := t.Index(name)
			r.types[i] = t.Columns[j].Type
		}
	}
	r.seen.Table = t.Name
	needs, budget := map[string]*terms.Need{}, maxLookups
	if h := s.hot[t.Name]; h != nil {
		l := leg{db: "hot", layout: h.layout}
		need := h.needed(a.texts, sc.Alias, t, needs)
		if need.Terms() > maxLookups {
			need = nil
		}
		found, all := h.live.Find(need)
		if need != nil && worthwhile(found.Len(), all) {
			l.blocks = found
		}
		if found.Len() > 0 {
			r.legs = append(r.legs, l)
		}
	}
	files := s.overlapping(t.Name, sc.From, sc.To)
	for _, f := range files {
		r.seen.Files, r.seen.Blocks = r.seen.Files+1, r.seen.Blocks+f.parts[t.Name].blocks()
	}
	for _, f := range a.ends.within(files, t.Name) {
		p := f.parts[t.Name]
		l := leg{db: f.name(), file: f, layout: p.layout}
		all := p.blocks()
		read := all
		if at := a.ends.blocks(p); at != nil && worthwhile(at.Len(), all) {
			l.blocks, read = at, at.Len()
		}
		if need := p.needed(a.texts, sc.Alias, t, needs); need != nil && budget > 0 {
			budget -= need.Terms() * (all/terms.SegmentBlocks + 1)
			if found, _, known := s.candidates(f, t.Name, need); known {
				r.seen.Indexed = true
				if read = found.Len(); read == 0 {
					continue
				}
				if worthwhile(read, all) {
					l.blocks = found
				} else {
					read = all
				}
			}
		}
		r.seen.ReadFiles, r.seen.ReadBlocks = r.seen.ReadFiles+1, r.seen.ReadBlocks+read
		r.legs = append(r.legs, l)
	}
	return r, nil
}

// blocks gives the number of blocks of a part.
func (p *part) blocks() int { return int((p.rows + terms.BlockRows - 1) / terms.BlockRows) }

// maxBlocks bounds the list of blocks that every row's own is looked for in.
const maxBlocks = 500

// worthwhile reports whether reading some blocks of all costs less than reading all without asking of each whether it is one of them.
func worthwhile(read, all int) bool { return read*10 <= all*3 && read <= maxBlocks }

// needed gives what c comes to for rows in l; memo keeps it by how l holds the columns.
func (l *layout) needed(c *condition, alias string, t *schema.Table, memo map[string]*terms.Need) *terms.Need {
	if c == nil {
		return nil
	}
	var b strings.Builder
	c.signature(l, &b)
	n, ok := memo[b.String()]
	if !ok {
		n = c.need(alias, t, l)
		memo[b.String()] = n
	}
	return n
}

// text gives the FROM fragment that reads it, with the columns in order.
func (r *reading) text() string {
	selects := make([]string, len(r.legs))
	for i, l := range r.legs {
		items := make([]string, len(r.columns), len(r.columns)+1)
		for i, name := range r.columns {
			items[i] = l.expression(name, r.types[i]) + " AS " + quote(name)
		}
		if len(items) == 0 {
			items = append(items, "1")
		}
		selects[i] = fmt.Sprintf("SELECT %s FROM %s.%s%s", strings.Join(items, ", "), quote(l.db), quote(l.phys), l.where())
	}
	if len(selects) == 0 {
		items := make([]string, len(r.types), len(r.types)+1)
		for i := range r.types {
			items[i] = "CAST(NULL AS " + engineType(r.types[i]) + ") AS " + quote(r.columns[i])
		}
		if len(items) == 0 {
			items = append(items, "1")
		}
		selects = append(selects, "SELECT "+strings.Join(items, ", ")+" WHERE false")
	}
	return "(" + strings.Join(selects, " UNION ALL ") + ")"
}

// where gives the condition that a row is in one of the leg's blocks. In this form the engine tests it in the scan before it reads any other
// column. With IN, or with bounds beside it, it reads them all.
func (l *leg) where() string {
	if l.blocks == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(" WHERE list_contains([")
	sep := ""
	l.blocks.All(func(block int) {
		b.WriteString(sep)
		b.WriteString(strconv.Itoa(block))
		sep = ", "
	})
	fmt.Fprintf(&b, "], %s)", quote(store.Block))
	return b.String()
}

// Readings implements store.Planner.
func (s *Store) Readings(q *sql.Query) ([]store.Reading, error) {
	s.snap.RLock()
	defer s.snap.RUnlock()
	conditions := conditionsOf(q)
	var out []store.Reading
	for _, sc := range sql.Scans(q) {
		r, err := s.reading(sc, conditions[sc.Alias])
		if err != nil {
			return nil, err
		}
		out = append(out, r.seen)
	}
	return out, nil
}
