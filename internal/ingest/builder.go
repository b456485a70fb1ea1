package ingest

import (
	"slices"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// chunkRows is the number of rows of a full chunk: larger ones cost page faults, smaller ones calls.
const chunkRows = 8192

// chunkBytes is the size of the records from which a chunk is full; offsets into a chunk's texts have 31 bits.
const chunkBytes = 256 << 20

// builder gathers the rows of one table into chunks.
type builder struct {
	table *schema.Table
	keys  []string // `"Name":` of each column
	after []int32  // the column whose key came after this one's in the last record; element len(Columns) is for the first key
	clock [2]int   // columns Timestamp and TimeGenerated, or -1
	extra [2]int   // columns TenantId and Type, or -1

	full    []*store.Chunk
	cur     *store.Chunk
	bytes   int     // of the records in cur
	set     []int32 // for each column the row, plus one, that was last given a value
	found   map[string]schema.Type
	over    []byte // overflow of the row under way
	scratch []byte
	key     []byte

	hash   hashing
	names  []uint64 // hash of each column's name
	apart  []bool   // columns that are no part of a row's identity
	report int      // column ReportId, or -1
	beyond uint64   // hash of the properties of the row under way that the catalogue does not know
	odd    uint64   // hash of the values of the row under way that did not fit
}

func newBuilder(t *schema.Table, h hashing) *builder {
	n := len(t.Columns)
	b := &builder{table: t, after: make([]int32, n+1), set: make([]int32, n), found: map[string]schema.Type{}}
	for i, c := range t.Columns {
		b.keys = append(b.keys, `"`+c.Name+`":`)
		b.after[i] = int32(i + 1)
	}
	at := func(name string) int {
		return slices.IndexFunc(t.Columns, func(c schema.Column) bool { return c.Name == name })
	}
	b.clock = [2]int{at(schema.Timestamp), at(schema.TimeGenerated)}
	b.extra = [2]int{at(schema.TenantID), at(schema.TypeColumn)}
	b.setHash(h)
	b.start()
	return b
}

// start begins a new chunk.
func (b *builder) start() {
	c := &store.Chunk{Table: b.table.Name, Columns: b.table.Columns, Vectors: make([]store.Vector, len(b.table.Columns))}
	rows := 0
	if b.cur != nil && b.cur.N == chunkRows {
		rows = chunkRows // the table fills chunks: give it the room of the last one at once
	}
	for i, col := range c.Columns {
		c.Vectors[i] = store.NewVector(store.KindOf(col.Type), col.Type != schema.String, rows)
		if rows > 0 {
			c.Vectors[i].Bytes = make([]byte, 0, len(b.cur.Vectors[i].Bytes)*9/8)
		}
	}
	c.Overflow = store.NewVector(store.Text, true, rows)
	b.cur = c
	clear(b.set)
}

// reuse begins a new chunk in the memory of a stored one of the same table.
func (b *builder) reuse(c *store.Chunk) {
	for i := range c.Vectors {
		c.Vectors[i].Reset()
	}
	c.Overflow.Reset()
	c.Hash, c.Found, c.N = c.Hash[:0], nil, 0
	b.cur = c
	clear(b.set)
}

// missed is a value that did not fit its column.
type missed struct {
	column string
	why    misfit
}

// properties reads the JSON object at i as the row under way. The row must then be ended or undone.
func (b *builder) properties(p []byte, i int, misses *[]missed) (int, error) {
	if i >= len(p) || p[i] != '{' {
		return i, errJSON
	}
	b.over, b.beyond, b.odd = b.over[:0], 0, 0
	i = space(p, i+1)
	if i < len(p) && p[i] == '}' {
		return i + 1, nil
	}
	prev := int32(len(b.keys))
	for {
		col := b.after[prev]
		// The key that came next in the last record is likely to come next in this one.
		if k := b.guess(col); k != "" && len(p)-i > len(k) && string(p[i:i+len(k)]) == k {
			i += len(k)
		} else {
			var err error
			if col, i, err = b.lookup(p, i, prev); err != nil {
				return i, err
			}
		}
		i = space(p, i)
		var err error
		if col < 0 {
			i, err = b.overflow(p, i)
		} else {
			i, err = b.column(int(col), p, i, misses)
			prev = col
		}
		if err != nil {
			return i, err
		}
		if i = space(p, i); i >= len(p) {
			return i, errJSON
		}
		switch p[i] {
		case ',':
			i = space(p, i+1)
		case '}':
			return i + 1, nil
		default:
			return i, errJSON
		}
	}
}

func (b *builder) guess(col int32) string {
	if int(col) < len(b.keys) {
		return b.keys[col]
	}
	return ""
}

// lookup reads the key at i and gives its column, or -1 when the table has none, and the position after the colon.
func (b *builder) lookup(p []byte, i int, prev int32) (int32, int, error) {
	raw, escaped, next, err := rawString(p, i)
	if err != nil {
		return 0, i, err
	}
	b.key = append(b.key[:0], raw...)
	if escaped {
		if b.key, err = unescape(b.key[:0], raw); err != nil {
			return 0, i, err
		}
	}
	if next = space(p, next); next >= len(p) || p[next] != ':' {
		return 0, next, errJSON
	}
	c, ok := b.table.Index(string(b.key))
	if !ok {
		return -1, next + 1, nil
	}
	if b.table.Columns[c].Name != string(b.key) && b.filled(c) {
		return -1, next + 1, nil // the column and another name of it in one record: both are kept
	}
	b.after[prev] = int32(c)
	return int32(c), next + 1, nil
}

// filled reports whether column c has its value in the row under way.
func (b *builder) filled(c int) bool { return b.set[c] == int32(b.cur.N+1) }

// column reads the value at i into column c.
func (b *builder) column(c int, p []byte, i int, misses *[]missed) (int, error) {
	v := &b.cur.Vectors[c]
	if b.filled(c) {
		v.Truncate(b.cur.N) // a key that comes twice: the last one counts
	}
	next, why, err := b.value(v, b.table.Columns[c].Type, p, i)
	if err != nil {
		return next, err
	}
	if why != "" {
		v.AddMissing()
		b.odd = b.hash.sum(b.odd^b.names[c], p[i:next])
		*misses = append(*misses, missed{b.table.Columns[c].Name, why})
	}
	b.set[c] = int32(b.cur.N + 1)
	return next, nil
}

// overflow keeps the property whose key is b.key and whose value is at i.
func (b *builder) overflow(p []byte, i int) (int, error) {
	if len(b.over) == 0 {
		b.over = append(b.over, '{')
	} else {
		b.over = append(b.over, ',')
	}
	b.over = appendQuoted(b.over, b.key)
	b.over = append(b.over, ':')
	from := len(b.over)
	var err error
	if b.over, i, err = compact(b.over, p, i, 0); err != nil {
		return i, err
	}
	if x, said, _ := b.hash.json(b.over[from:], 0, 0); said && !unlike(string(b.key)) {
		b.beyond += mix(b.hash.sum(0, b.key)^b.hash.seed, x^k2)
	}
	t := inferred(b.over[from:])
	if old, ok := b.found[string(b.key)]; !ok || old != t {
		b.found[string(b.key)] = schema.Widen(old, t)
	}
	return i, nil
}

// inferred gives the type of a JSON value, "" for null.
func inferred(v []byte) schema.Type {
	switch v[0] {
	case '"':
		return schema.String
	case '{', '[':
		return schema.Dynamic
	case 't', 'f':
		return schema.Bool
	case 'n':
		return ""
	}
	if _, integer, _ := number(v, 0); integer {
		if _, ok := whole(v, true); ok {
			return schema.Long
		}
	}
	return schema.Real
}

// appendQuoted writes s as a JSON string.
func appendQuoted(dst, s []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// undo forgets the row under way.
func (b *builder) undo() {
	for c := range b.set {
		if b.filled(c) {
			b.cur.Vectors[c].Truncate(b.cur.N)
			b.set[c] = 0
		} else if v := &b.cur.Vectors[c]; v.Kind == store.Text {
			v.Truncate(b.cur.N) // half a text
		}
	}
	b.over = b.over[:0]
}

// end completes the row under way and gives its event time. at is the time to use when the row has none; the identity goes on from start.
func (b *builder) end(tenant string, at int64, start uint64) int64 {
	n := b.cur.N
	hash := b.identity(start)
	for i, text := range [2]string{tenant, b.table.Name} {
		if c := b.extra[i]; c >= 0 && !b.filled(c) && b.table.Columns[c].Type == schema.String {
			b.cur.Vectors[c].AddString(text)
			b.set[c] = int32(n + 1)
		}
	}
	event, known := int64(0), false
	for _, c := range b.clock {
		if c >= 0 && b.filled(c) && !b.cur.Vectors[c].Null[n] && !known {
			event, known = b.cur.Vectors[c].I64[n], true
		}
	}
	if !known {
		event = at
	}
	for _, c := range b.clock {
		if c < 0 {
			continue
		}
		v := &b.cur.Vectors[c]
		switch {
		case !b.filled(c):
			v.AddInt(event)
		case v.Null[n]:
			v.I64[n], v.Null[n] = event, false
		}
		b.set[c] = int32(n + 1)
	}
	for c := range b.set {
		if !b.filled(c) {
			b.cur.Vectors[c].AddMissing()
		}
	}
	if len(b.over) > 0 {
		b.cur.Overflow.AddText(append(b.over, '}'))
		b.over = b.over[:0]
	} else {
		b.cur.Overflow.AddMissing()
	}
	b.cur.Hash = append(b.cur.Hash, hash)
	b.cur.N++
	return event
}
