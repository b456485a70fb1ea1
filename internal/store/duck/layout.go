package duck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// physical is one column as it lies in a file. Engine identifiers ignore case, Kusto's do not, so the two names may differ.
type physical struct {
	name string
	typ  schema.Type
	phys string
}

// layout is a table as it lies in one file: its columns, then the extra ones of package store.
type layout struct {
	table string // Kusto name
	phys  string // engine name
	time  string // Kusto name of the event time column
	cols  []physical
	at    map[string]int
}

func newLayout(table, phys, time string, cols []physical) *layout {
	l := &layout{table: table, phys: phys, time: time, cols: cols, at: make(map[string]int, len(cols))}
	for i, c := range cols {
		l.at[c.name] = i
	}
	return l
}

// layoutOf gives the layout in which rows of t are written now.
func layoutOf(t *schema.Table, phys string) *layout {
	taken := map[string]bool{}
	cols := make([]physical, len(t.Columns))
	for i, c := range t.Columns {
		cols[i] = physical{c.Name, c.Type, distinct(c.Name, taken)}
	}
	return newLayout(t.Name, phys, t.Time, cols)
}

// distinct gives name, or name~1, name~2 … when names that differ only in case were given before.
func distinct(name string, taken map[string]bool) string {
	out := name
	for i := 1; taken[strings.ToLower(out)]; i++ {
		out = fmt.Sprintf("%s~%d", name, i)
	}
	taken[strings.ToLower(out)] = true
	return out
}

// timePhys gives the engine name of the event time column.
func (l *layout) timePhys() string { return l.cols[l.at[l.time]].phys }

// clocks gives the engine names of the columns that a query's time range may mean.
func (l *layout) clocks() []string {
	var out []string
	for _, n := range []string{schema.Timestamp, schema.TimeGenerated} {
		if i, ok := l.at[n]; ok && l.cols[i].typ == schema.Datetime {
			out = append(out, l.cols[i].phys)
		}
	}
	return out
}

// create gives the statement that makes the table in the attached database db.
func (l *layout) create(db string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s.%s (", quote(db), quote(l.phys))
	for _, c := range l.cols {
		fmt.Fprintf(&b, "%s %s, ", quote(c.phys), columnType(c.name, c.typ))
	}
	fmt.Fprintf(&b, "%s INTEGER NOT NULL, %s BIGINT NOT NULL, %s BIGINT NOT NULL, %s VARCHAR USING COMPRESSION zstd)",
		quote(store.Block), quote(store.Ingested), quote(store.Hash), quote(store.Overflow))
	return b.String()
}

// columnType gives the engine's type of a column with its constraint and compression.
func columnType(name string, t schema.Type) string {
	s := engineType(t)
	if t == schema.String {
		s += " NOT NULL DEFAULT ''"
	}
	if long(name, t) {
		s += " USING COMPRESSION zstd"
	}
	return s
}

func engineType(t schema.Type) string {
	switch store.KindOf(t) {
	case store.Int32:
		return "INTEGER"
	case store.Int64:
		return "BIGINT"
	case store.Float64:
		return "DOUBLE"
	case store.Bool:
		return "BOOLEAN"
	}
	return "VARCHAR"
}

// long reports whether a column holds texts so long and so varied that zstd beats the engine's dictionaries.
func long(name string, t schema.Type) bool {
	if t == schema.Dynamic {
		return true
	}
	return t == schema.String && (strings.HasSuffix(name, "CommandLine") ||
		slices.Contains([]string{"Entities", "ExtendedProperties", "ExtendedLinks", "RemediationSteps", "RawEventData", "Record", "RawAgentInfo"}, name))
}

// nullable reports whether values of t can be missing.
func nullable(t schema.Type) bool { return t != schema.String }

// quote writes an identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal writes a text constant; the engine's texts have no escapes but the doubled quote. It is for paths and names of columns; the
// constants of queries are bound.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// encode writes the columns as one line each, to be kept with a sealed file; decode reads them.
func (l *layout) encode() string {
	var b strings.Builder
	for _, c := range l.cols {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", c.name, c.typ, c.phys)
	}
	return b.String()
}

func decodeColumns(s string) ([]physical, error) {
	var out []physical
	for _, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			return nil, fmt.Errorf("bad column %q", line)
		}
		out = append(out, physical{f[0], schema.Type(f[1]), f[2]})
	}
	return out, nil
}
