// Package ecs makes, out of Defender's records, the documents that Elastic's integrations for Microsoft Defender make.
//
// What becomes of a column stands in maps/*.map, one file for each family of tables, and is read once; what a line of such a file cannot
// say (event.category, the parts of a command line, of a registry key) is a named function in derive_*.go. docs/ecs.md is generated from
// both. The package is pure: no files, no network, no clock; the same record gives the same bytes.
//
// It imports only the standard library.
package ecs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:generate go test . -run TestManual -update

// Stream is a kind of record, by the name Elastic's data streams have.
type Stream string

const (
	Event            Stream = "event"             // advanced-hunting rows as the Event Hub carries them, or {"records":[…]} messages
	Alert            Stream = "alert"             // Microsoft Graph security/alerts_v2
	Incident         Stream = "incident"          // Microsoft Graph security/incidents, with or without their alerts
	Vulnerability    Stream = "vulnerability"     // rows of SoftwareVulnerabilitiesExport or …ChangesByMachine
	Log              Stream = "log"               // alerts of the Defender for Endpoint API
	Machine          Stream = "machine"           // machines of the Defender for Endpoint API
	MachineAction    Stream = "machine_action"    // machine actions of the Defender for Endpoint API
	MDEVulnerability Stream = "mde_vulnerability" // as Vulnerability, in the words of the integration for Defender for Endpoint
)

// Streams are all there are.
func Streams() []Stream {
	return []Stream{Event, Alert, Incident, Vulnerability, Log, Machine, MachineAction, MDEVulnerability}
}

// Options say how documents are made. Default gives the usual ones.
type Options struct {
	PreserveOriginal   bool     // event.original holds the record as it came
	PreserveDuplicates bool     // keep custom fields whose value stands in an ECS field as well
	StrictElastic      bool     // keep Elastic's faults that only hurt; docs/ecs.md lists them
	Tags               []string // put before the tags that the first two options give
	Geo                func(ip string) (Geo, bool)
}

// Default are the options of Elastic's integrations.
func Default() Options { return Options{StrictElastic: true} }

// Geo is where an address is. Empty fields are left out.
type Geo struct {
	City, Continent, CountryCode, Country, RegionCode, Region string
	Lat, Lon                                                  float64
	Located                                                   bool   // Lat and Lon are known
	ASN                                                       uint32 // 0 is unknown
	Organization                                              string
}

// catalogue is every mapping file, read.
type catalogue struct {
	fields   *schema
	evidence *schema
	families map[string]*family
}

// load reads the mapping files; they are part of the program, so a fault in one is found by the tests.
var load = sync.OnceValues(func() (*catalogue, error) {
	b := &builder{fields: newSchema(knownFields[:]), evidence: newSchema(knownEvidence[:]), functions: map[string]*function{}, families: map[string]*family{}}
	for i := range functions {
		b.functions[functions[i].name] = &functions[i]
	}
	for _, name := range []string{"device", "alert-event", "email", "identity", "alert", "incident", "vulnerability", "mde-vulnerability",
		"mde-vulnerability-joined", "mde-log", "mde-machine", "mde-machine-action"} {
		if _, err := b.family(name); err != nil {
			return nil, err
		}
	}
	for _, f := range b.families {
		for len(f.dup) < len(f.fields.paths) {
			f.dup = append(f.dup, false)
		}
		for f.evidence != nil && len(f.never) < len(b.evidence.paths) {
			f.never = append(f.never, false)
		}
	}
	return &catalogue{b.fields, b.evidence, b.families}, errors.Join(b.fields.check(), b.evidence.check())
})

// Mapper makes documents of one stream. It may be used by several goroutines at once.
type Mapper struct {
	cat    *catalogue
	stream Stream
	family *family // of streams with only one
	opt    Options
	pool   sync.Pool
}

// New gives a mapper; the error names an unknown stream.
func New(stream Stream, opt Options) (*Mapper, error) {
	cat, err := load()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(Streams(), stream) {
		return nil, fmt.Errorf("there is no stream %q; there are %v", stream, Streams())
	}
	m := &Mapper{cat: cat, stream: stream, opt: opt}
	m.family = cat.families[map[Stream]string{Alert: "alert", Incident: "incident", Vulnerability: "vulnerability", Log: "mde-log",
		Machine: "mde-machine", MachineAction: "mde-machine-action", MDEVulnerability: "mde-vulnerability"}[stream]]
	m.opt.Tags = slices.Clone(opt.Tags)
	if opt.PreserveOriginal {
		m.opt.Tags = append(m.opt.Tags, "preserve_original_event")
	}
	if opt.PreserveDuplicates {
		m.opt.Tags = append(m.opt.Tags, "preserve_duplicate_custom_fields")
	}
	m.pool.New = func() any { return newRecord(m) }
	return m, nil
}

// Append appends the documents of one record or message to dst, each as one line of JSON with a line feed, and returns the longer slice.
// An event message may hold several records; an incident gives a document for each of its alerts. A page without records gives none.
// The error says what could not be read; documents of the message's other records are appended all the same.
func (m *Mapper) Append(dst, message []byte) ([]byte, error) {
	r := m.pool.Get().(*record)
	defer m.pool.Put(r)
	r.parser.reset()
	src := string(message)
	v, err := r.parser.parse(src)
	if err != nil {
		return dst, err
	}
	if v.kind != object {
		return dst, errors.New("a record must be a JSON object")
	}
	if m.stream == Event {
		if records := v.member("records"); records.kind == list {
			var faults []error
			for i, rec := range records.in.values {
				if rec.kind != object {
					faults = append(faults, fmt.Errorf("record %d of the message is not a JSON object", i+1))
					continue
				}
				dst = r.document(dst, rec, "")
			}
			return dst, errors.Join(faults...)
		}
		return r.document(dst, v, src), nil
	}
	if page := v.member("value"); page.kind == list {
		if len(page.in.values) > 0 {
			return dst, errors.New(`this is a page {"value":[…]}; give its records one by one`)
		}
		return dst, nil
	}
	return r.split(dst, v, src), nil
}

// split makes one document for each member of the list that the stream's documents are made for.
func (r *record) split(dst []byte, v value, src string) []byte {
	key := r.m.family.split
	if key == "" {
		return r.document(dst, v, src)
	}
	rest, part := v.without(key)
	if part.kind != list {
		return r.document(dst, v, src)
	}
	if len(part.in.values) == 0 {
		return r.document(dst, rest, src)
	}
	for _, p := range part.in.values {
		one := &node{names: append(slices.Clone(rest.in.names), key), values: append(slices.Clone(rest.in.values), p)}
		dst = r.document(dst, value{kind: object, in: one}, "")
	}
	return dst
}

// route finds the family of a table by its category on the wire.
func (c *catalogue) route(category string) *family {
	is := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(category, w) })
	}
	switch {
	case is("alert", "behavior"):
		return c.families["alert-event"]
	case is("device", "cloudprocess"):
		return c.families["device"]
	case is("email", "urlclick", "message"):
		return c.families["email"]
	}
	return c.families["identity"]
}
