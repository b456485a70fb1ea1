// Package geoip tells where internet addresses are, from a database file in MaxMind's format (GeoLite2-City.mmdb and its like).
//
// The whole file is held in memory. The package imports the standard library only.
package geoip

import (
	"fmt"
	"net/netip"
	"os"

	"github.com/vedette-siem/vedette/internal/fault"
)

// Place is what a database says of an address. What it does not know is empty, or nil.
type Place struct {
	Country, State, City string // English names
	Latitude, Longitude  *float64
}

// DB is a database; it is safe for concurrent use.
type DB struct {
	tree tree
	kind string
}

// Open reads a database file.
func Open(path string) (*DB, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Op: "geoip", Err: err, Hint: "name a MaxMind database such as GeoLite2-City.mmdb that the server can read"}
	}
	db, err := New(file)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Op: "geoip", Err: fmt.Errorf("%s: %w", path, err), Hint: "download the database again: it must be the .mmdb file itself, unpacked"}
	}
	return db, nil
}

// New reads a database from its bytes, which must not change afterwards.
func New(file []byte) (*DB, error) {
	t, kind, err := readTree(file)
	if err != nil {
		return nil, err
	}
	return &DB{t, kind}, nil
}

// Kind is the database's own name for what it holds, such as GeoLite2-City.
func (d *DB) Kind() string { return d.kind }

// Place tells where an address is; ok is false where the database knows nothing of it, or it is no address.
func (d *DB) Place(address string) (p Place, ok bool) {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return p, false
	}
	record, ok := d.tree.find(ip.Unmap())
	if !ok {
		return p, false
	}
	p.Country = text(record, "country", "names", "en")
	if p.Country == "" {
		p.Country = text(record, "registered_country", "names", "en")
	}
	if states, _ := record["subdivisions"].([]any); len(states) > 0 {
		if state, ok := states[0].(map[string]any); ok {
			p.State = text(state, "names", "en")
		}
	}
	p.City = text(record, "city", "names", "en")
	if at, ok := record["location"].(map[string]any); ok {
		p.Latitude, p.Longitude = number(at["latitude"]), number(at["longitude"])
	}
	return p, p != Place{}
}

// text follows a path of keys.
func text(m map[string]any, path ...string) string {
	for _, key := range path[:len(path)-1] {
		m, _ = m[key].(map[string]any)
	}
	s, _ := m[path[len(path)-1]].(string)
	return s
}

func number(v any) *float64 {
	if f, ok := v.(float64); ok {
		return &f
	}
	return nil
}
