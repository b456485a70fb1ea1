package geoip_test

import (
	"encoding/binary"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/internal/geoip"
)

// writer makes database files: a tree of nodes with two records each, and the values behind it.
type writer struct {
	nodes  [][2]int // a record is a node, 0 for nothing, or -1-place for a value
	values []byte
}

func (w *writer) add(network string, record map[string]any) {
	place := -1 - len(w.values)
	w.values = append(w.values, encode(record)...)
	p := netip.MustParsePrefix(network)
	bits, length := p.Addr().As16(), p.Bits()
	if p.Addr().Is4() { // ::a.b.c.d
		bits[10], bits[11] = 0, 0
		length += 96
	}
	if w.nodes == nil {
		w.nodes = make([][2]int, 1)
	}
	at := 0
	for i := range length {
		side := int(bits[i/8] >> (7 - i%8) & 1)
		if i == length-1 {
			w.nodes[at][side] = place
			break
		}
		if w.nodes[at][side] == 0 {
			w.nodes = append(w.nodes, [2]int{})
			w.nodes[at][side] = len(w.nodes) - 1
		}
		at = w.nodes[at][side]
	}
}

func (w *writer) file(recordSize int) []byte {
	var out []byte
	count := len(w.nodes)
	for _, n := range w.nodes {
		var r [2]uint32
		for side, to := range n {
			switch {
			case to == 0:
				r[side] = uint32(count)
			case to < 0:
				r[side] = uint32(count + 16 + (-1 - to))
			default:
				r[side] = uint32(to)
			}
		}
		switch recordSize {
		case 24:
			out = append(out, byte(r[0]>>16), byte(r[0]>>8), byte(r[0]), byte(r[1]>>16), byte(r[1]>>8), byte(r[1]))
		case 28:
			out = append(out, byte(r[0]>>16), byte(r[0]>>8), byte(r[0]), byte(r[0]>>24<<4|r[1]>>24), byte(r[1]>>16), byte(r[1]>>8), byte(r[1]))
		default:
			out = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(out, r[0]), r[1])
		}
	}
	out = append(append(out, make([]byte, 16)...), w.values...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	return append(out, encode(map[string]any{"node_count": uint32(count), "record_size": uint32(recordSize), "ip_version": uint32(6),
		"binary_format_major_version": uint32(2), "database_type": "Test-City"})...)
}

func head(kind, size int) []byte {
	var more []byte
	if size >= 29 {
		size, more = 29, []byte{byte(size - 29)}
	}
	if kind > 7 {
		return append([]byte{byte(size), byte(kind - 7)}, more...)
	}
	return append([]byte{byte(kind<<5 | size)}, more...)
}

func encode(v any) []byte {
	switch v := v.(type) {
	case string:
		return append(head(2, len(v)), v...)
	case float64:
		return binary.BigEndian.AppendUint64(head(3, 8), math.Float64bits(v))
	case uint32:
		return binary.BigEndian.AppendUint32(head(6, 4), v)
	case bool:
		return head(14, 1)
	case []any:
		out := head(11, len(v))
		for _, e := range v {
			out = append(out, encode(e)...)
		}
		return out
	case map[string]any:
		out := head(7, len(v))
		for k, e := range v {
			out = append(append(out, encode(k)...), encode(e)...)
		}
		return out
	}
	panic(v)
}

func named(name string) map[string]any {
	return map[string]any{"names": map[string]any{"en": name, "de": "anders"}}
}

func sample() *writer {
	var w writer
	w.add("192.0.2.0/24", map[string]any{"country": named("Atlantis"), "subdivisions": []any{named("Upper Waters"), named("Lower")}, "city": named("Poseidonis, which has a name of more than twenty-nine letters"),
		"location": map[string]any{"latitude": 31.25, "longitude": -24.5}, "traits": map[string]any{"is_anycast": true}})
	w.add("198.51.100.128/25", map[string]any{"registered_country": named("Lemuria")})
	w.add("2001:db8::/33", map[string]any{"country": named("Mu")})
	return &w
}

func TestPlaces(t *testing.T) {
	for _, size := range []int{24, 28, 32} {
		db, err := geoip.New(sample().file(size))
		if err != nil {
			t.Fatal(err)
		}
		if db.Kind() != "Test-City" {
			t.Errorf("kind %q", db.Kind())
		}
		p, ok := db.Place("192.0.2.77")
		if !ok || p.Country != "Atlantis" || p.State != "Upper Waters" || !strings.HasPrefix(p.City, "Poseidonis") || *p.Latitude != 31.25 || *p.Longitude != -24.5 {
			t.Errorf("records of %d bits: %+v, %v", size, p, ok)
		}
		for address, country := range map[string]string{"198.51.100.200": "Lemuria", "::ffff:198.51.100.200": "Lemuria", "198.51.100.1": "", "2001:db8::1": "Mu",
			"2001:db8:8000::1": "", "10.0.0.1": "", "": "", "nonsense": "", "192.0.2.1/32": ""} {
			if p, ok := db.Place(address); p.Country != country || ok != (country != "") || p.City != "" || p.Latitude != nil {
				t.Errorf("%q: %+v, %v", address, p, ok)
			}
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	whole := sample().file(28)
	for name, content := range map[string]string{"empty": "", "text": "country,city\n", "cut": string(whole[len(whole)/2:]), "end": string(whole[:len(whole)-20])} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := geoip.Open(path); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), path) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := geoip.Open(filepath.Join(dir, "none")); !fault.Is(err, fault.Invalid) {
		t.Errorf("no file: %v", err)
	}
}

// FuzzNew reads damaged files: they are refused, or answer.
func FuzzNew(f *testing.F) {
	for _, size := range []int{24, 28, 32} {
		f.Add(sample().file(size))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		db, err := geoip.New(file)
		if err != nil {
			return
		}
		for _, address := range []string{"192.0.2.1", "2001:db8::1", "0.0.0.0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"} {
			db.Place(address)
		}
	})
}
