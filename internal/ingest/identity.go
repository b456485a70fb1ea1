package ingest

import (
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// The identity of a record is what it says, not how it is written: the stream and a hunting query give the same event with its properties in
// another order, with a missing value as null, as an empty text, as an empty object or not at all, with a truth value as a number, and with
// columns that one of them adds. So the hash is of the values as they are typed, without those that are missing.

// unlike reports whether a column says how a record came rather than what it says.
func unlike(column string) bool {
	switch column {
	case schema.Timestamp, schema.TimeGenerated: // the event time stands beside the hash
		return true
	case schema.TenantID, schema.TypeColumn, "SourceSystem", "MachineGroup":
		return true
	}
	return strings.HasPrefix(column, "_")
}

// reportID numbers the events of a machine or a service. A record that has it is known by the catalogue's columns: others may be in one of
// its copies alone.
const reportID = "ReportId"

// setHash readies the builder for identities.
func (b *builder) setHash(h hashing) {
	b.hash = h
	b.report = -1
	b.names = make([]uint64, len(b.table.Columns))
	b.apart = make([]bool, len(b.table.Columns))
	for i, c := range b.table.Columns {
		b.names[i] = h.text(0, c.Name)
		b.apart[i] = unlike(c.Name)
		if c.Name == reportID {
			b.report = i
		}
	}
}

// identity gives the hash of the row under way, from start.
func (b *builder) identity(start uint64) uint64 {
	n := b.cur.N
	h := start ^ b.odd
	known := false
	for c := range b.set {
		if !b.filled(c) || b.apart[c] {
			continue
		}
		v := &b.cur.Vectors[c]
		if v.IsNull(n) {
			continue
		}
		var x uint64
		switch v.Kind {
		case store.Text:
			text := v.Text(n)
			if len(text) == 0 {
				continue
			}
			if b.table.Columns[c].Type == schema.Dynamic {
				var said bool
				if x, said, _ = b.hash.json(text, 0, 0); !said {
					continue
				}
			} else {
				h = b.hash.sum(h^b.names[c], text)
				known = known || c == b.report
				continue
			}
		case store.Int32:
			x = uint64(uint32(v.I32[n]))
		case store.Int64:
			x = uint64(v.I64[n])
		case store.Float64:
			x = b.hash.real(v.F64[n])
		case store.Bool:
			if v.Bools[n] {
				x = 1
			}
		}
		h = mix(h^b.names[c]^b.hash.seed^k1, x^b.hash.seed^k2) // the seed in both: a factor of zero would forget all before
		known = known || c == b.report
	}
	if !known {
		h ^= b.beyond
	}
	return h
}

func (s hashing) real(f float64) uint64 {
	var buf [32]byte
	return s.sum(k3, strconv.AppendFloat(buf[:0], f, 'g', -1, 64))
}

// json gives the hash of the valid, compact JSON value at i, the same for every way of writing it: members in any order, escapes, numbers.
// said is false of null, an empty text and an empty object, which are all ways of saying nothing.
func (s hashing) json(p []byte, i, depth int) (h uint64, said bool, next int) {
	if i >= len(p) || depth > maxDepth {
		return 0, false, len(p)
	}
	switch p[i] {
	case '"':
		raw, escaped, next, err := rawString(p, i)
		if err != nil {
			return 0, false, len(p)
		}
		if escaped {
			raw, _ = unescape(nil, raw)
		}
		return s.sum(k0, raw), len(raw) > 0, next
	case '{':
		h = k1
		for i = i + 1; i < len(p) && p[i] != '}'; {
			if p[i] == ',' {
				i++
				continue
			}
			key, _, at := s.json(p, i, depth+1)
			value, ok, next := s.json(p, at+1, depth+1)
			if ok {
				h += mix(key^s.seed, value^k2)
				said = true
			}
			i = next
		}
		return mix(h^s.seed^k1, k3), said, i + 1
	case '[':
		h = k2
		for i = i + 1; i < len(p) && p[i] != ']'; {
			if p[i] == ',' {
				i++
				continue
			}
			x, _, next := s.json(p, i, depth+1)
			h = mix(h^s.seed^k0, x^k3)
			i = next
		}
		return mix(h^s.seed^k2, k3), true, i + 1
	case 't', 'f', 'n':
		next, err := word(p, i)
		if err != nil {
			return 0, false, len(p)
		}
		return s.sum(k2, p[i:next]), p[i] != 'n', next
	}
	next, integer, err := number(p, i)
	if err != nil {
		return 0, false, len(p)
	}
	if f, err := strconv.ParseFloat(string(p[i:next]), 64); err == nil && (!integer || next-i < 16) {
		return s.real(f), true, next
	}
	return s.sum(k3, p[i:next]), true, next
}
