package ingest

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vedette-siem/vedette/internal/record"
	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// maxUnknown bounds how many tables that no catalogue knows one process makes, so that broken categories cannot fill the catalogue.
const maxUnknown = 500

// Row is one row that a mapper makes: the table and its columns as a JSON object.
type Row struct {
	Table      string
	Properties []byte
}

// Mapper turns the properties of a record into rows of other tables. It is pure; an error refuses the record.
type Mapper func(tenantID string, properties []byte) ([]Row, error)

// Decoder turns records into chunks. It is used by one goroutine at a time.
type Decoder struct {
	catalogue *schema.Catalogue
	mappers   map[string]Mapper
	enabled   func(table string) bool
	hash      hashing

	builders map[string]*builder
	free     map[string][]*store.Chunk
	unknown  int
	misses   []missed
	names    map[string]string   // category → table, for categories met
	straight map[string]*builder // category → builder, nil for tables that are switched off; until the next Take
	tenant   string

	out Decoded
}

// Decoded is what came of the records since the last Take.
type Decoded struct {
	Chunks   []*store.Chunk
	Refused  []store.Refusal
	Received map[string]int64 // records by table; "" for those whose table is unclear
	Skipped  map[string]int64 // records of tables that are switched off
	Last     map[string]int64 // newest event time by table, in ticks
	Rows     int
	Bytes    int // of the records' bodies
}

// DecoderOptions configure a Decoder.
type DecoderOptions struct {
	Catalogue *schema.Catalogue       // nil: schema.Builtin()
	Mappers   map[string]Mapper       // by category
	Enabled   func(table string) bool // nil: all tables are stored
	Seed      uint64                  // of the store
}

// NewDecoder makes a Decoder.
func NewDecoder(o DecoderOptions) *Decoder {
	if o.Catalogue == nil {
		o.Catalogue = schema.Builtin()
	}
	if o.Enabled == nil {
		o.Enabled = func(string) bool { return true }
	}
	d := &Decoder{catalogue: o.Catalogue, mappers: o.Mappers, enabled: o.Enabled, hash: hashing{o.Seed},
		builders: map[string]*builder{}, free: map[string][]*store.Chunk{}, names: map[string]string{}, straight: map[string]*builder{}}
	d.out.reset()
	return d
}

func (o *Decoded) reset() {
	*o = Decoded{Received: map[string]int64{}, Skipped: map[string]int64{}, Last: map[string]int64{}}
}

// Add decodes one message. What cannot be stored as it is becomes a refusal; nothing is dropped.
func (d *Decoder) Add(r record.Raw) {
	d.out.Bytes += len(r.Body)
	p := r.Body
	if !utf8.Valid(p) {
		p = bytes.ToValidUTF8(p, []byte("\uFFFD"))
	}
	if len(p) >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF {
		p = p[3:] // byte order mark
	}
	if r.Broken != "" {
		d.refuse(&r, "", "", r.Broken, p)
		return
	}
	i := space(p, 0)
	from := i
	e := envelope{}
	i, err := e.read(d, &r, p, i)
	switch {
	case err != nil:
		e.undo()
		d.refuse(&r, "", "", err.Error(), p[from:])
	case space(p, i) != len(p):
		e.undo()
		d.refuse(&r, "", "", "something follows the JSON object", p[from:])
	case !e.many:
		d.record(&r, &e, p, from, i)
	}
}

// direct gives the builder for a category whose properties are rows as they are, nil for all others.
func (d *Decoder) direct(category []byte) *builder {
	if b, ok := d.straight[string(category)]; ok {
		return b
	}
	if _, mapped := d.mappers[string(category)]; mapped || len(category) == 0 {
		return nil
	}
	table, why := d.tableOf(category)
	if why != "" {
		return nil
	}
	var b *builder
	if d.enabled(table) {
		b = d.builder(table)
	}
	d.straight[string(category)] = b
	return b
}

// record completes one record, whose envelope has been read and which is p[from:to].
func (d *Decoder) record(r *record.Raw, e *envelope, p []byte, from, to int) {
	whole := p[from:to]
	tenant := d.intern(e.tenant)
	at, ok := parseDatetime(e.time)
	if !ok {
		at = store.Ticks(r.Arrived)
	}
	if e.row != nil {
		d.out.Received[e.row.table.Name]++
		d.finish(r, e.row, tenant, at, p[e.properties:e.end], whole)
		return
	}
	switch {
	case len(e.category) == 0:
		d.refuse(r, tenant, "", "the record has no category", whole)
		return
	case e.properties == 0:
		d.refuse(r, tenant, "", "the record has no properties", whole)
		return
	}
	if m, ok := d.mappers[string(e.category)]; ok {
		rows, err := m(tenant, p[e.properties:e.end])
		if err != nil {
			d.refuse(r, tenant, "", err.Error(), whole)
			return
		}
		for _, row := range rows {
			d.row(r, row.Table, tenant, at, row.Properties, 0, whole)
		}
		return
	}
	table, why := d.tableOf(e.category)
	if why != "" {
		d.refuse(r, tenant, "", why, whole)
		return
	}
	d.row(r, table, tenant, at, p, e.properties, whole)
}

// intern gives the tenant's id as a string without a new one for every record.
func (d *Decoder) intern(tenant []byte) string {
	if string(tenant) != d.tenant {
		d.tenant = string(tenant)
	}
	return d.tenant
}

// tableOf gives the table of a category.
func (d *Decoder) tableOf(category []byte) (table, why string) {
	if t, ok := d.names[string(category)]; ok {
		return t, ""
	}
	name := strings.TrimPrefix(string(category), record.CategoryPrefix)
	if t, ok := d.catalogue.Table(name); ok {
		name = t.Name
	} else {
		if !tableName(name) {
			return "", "the category " + string(category) + " is not a table's name"
		}
		if d.unknown++; d.unknown > maxUnknown {
			return "", "too many tables that the catalogue does not know"
		}
	}
	d.names[string(category)] = name
	return name, ""
}

// tableName reports whether a table may be made with this name.
func tableName(s string) bool {
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 128
}

// row decodes the properties at i as a row of table.
func (d *Decoder) row(r *record.Raw, table, tenant string, at int64, p []byte, i int, whole []byte) {
	d.out.Received[table]++
	if !d.enabled(table) {
		d.out.Skipped[table]++
		return
	}
	b := d.builder(table)
	d.misses = d.misses[:0]
	end, err := b.properties(p, i, &d.misses)
	if err != nil {
		b.undo()
		d.refuse(r, tenant, table, err.Error(), whole)
		return
	}
	d.finish(r, b, tenant, at, p[i:end], whole)
}

// finish ends the row under way of b, made of properties.
func (d *Decoder) finish(r *record.Raw, b *builder, tenant string, at int64, properties, whole []byte) {
	table := b.table.Name
	h := d.hash.text(d.hash.text(0, table), tenant)
	event := b.end(tenant, at, h)
	d.out.Rows++
	if last, ok := d.out.Last[table]; !ok || event > last {
		d.out.Last[table] = event
	}
	for _, m := range d.misses {
		d.out.Refused = append(d.out.Refused, store.Refusal{Pos: r.Pos, Arrived: r.Arrived, TenantID: tenant, Table: table, Column: m.column,
			Reason: string(m.why), Record: bytes.Clone(whole)})
	}
	b.bytes += len(properties)
	if b.cur.N >= chunkRows || b.bytes >= chunkBytes {
		b.full = append(b.full, b.finished())
		d.renew(b)
	}
}

func (d *Decoder) builder(table string) *builder {
	b := d.builders[table]
	if b == nil {
		t, ok := d.catalogue.Table(table)
		if !ok {
			t = schema.Other(table)
		}
		b = newBuilder(t, d.hash)
		d.builders[table] = b
	}
	return b
}

// finished gives the builder's chunk with what was found in it.
func (b *builder) finished() *store.Chunk {
	c := b.cur
	for name, t := range b.found {
		c.Found = append(c.Found, schema.Column{Name: name, Type: t})
	}
	slices.SortFunc(c.Found, func(x, y schema.Column) int { return strings.Compare(x.Name, y.Name) })
	return c
}

func (d *Decoder) renew(b *builder) {
	b.bytes = 0
	if list := d.free[b.table.Name]; len(list) > 0 {
		d.free[b.table.Name] = list[:len(list)-1]
		b.reuse(list[len(list)-1])
	} else {
		b.start()
	}
}

func (d *Decoder) refuse(r *record.Raw, tenant, table, why string, whole []byte) {
	if table == "" {
		d.out.Received[""]++
	}
	d.out.Refused = append(d.out.Refused, store.Refusal{Pos: r.Pos, Arrived: r.Arrived, TenantID: tenant, Table: table, Reason: why, Record: bytes.Clone(whole)})
}

// Take gives what was decoded since the last Take. The chunks belong to the caller until Recycle.
func (d *Decoder) Take() Decoded {
	for _, name := range slices.Sorted(maps.Keys(d.builders)) {
		b := d.builders[name]
		d.out.Chunks = append(d.out.Chunks, b.full...)
		b.full = nil
		if b.cur.N > 0 {
			d.out.Chunks = append(d.out.Chunks, b.finished())
			d.renew(b)
		}
		clear(b.found)
	}
	clear(d.straight) // tables may have been switched on or off
	out := d.out
	if out.Rows < keepRows { // a quiet stream needs no stock of memory
		clear(d.free)
	}
	d.out.reset()
	return out
}

// keepRows is the size from which a chunk's memory is worth keeping.
const keepRows = 1024

// Recycle gives chunks back whose rows have been stored.
func (d *Decoder) Recycle(chunks []*store.Chunk) {
	for _, c := range chunks {
		if c.N >= keepRows && len(d.free[c.Table]) < 32 {
			d.free[c.Table] = append(d.free[c.Table], c)
		}
	}
}

// Pending gives how much has been decoded since the last Take.
func (d *Decoder) Pending() (rows, bytes int) { return d.out.Rows + len(d.out.Refused), d.out.Bytes }
