package ecs

import (
	"slices"
	"strings"
)

// record is one document in the making. It is used again for the next one.
type record struct {
	m        *Mapper
	fam      *family
	parser   parser
	f        *fields
	pieces   []*fields // the evidence of an alert, as many as have been needed so far
	used     int
	flags    flags
	category string // the table on the wire, in small letters
	action   string // ActionType in small letters
	original []byte
	unnamed  map[unnamed]place // columns that no file names, seen before
}

// unnamed is a column that no file names.
type unnamed struct {
	fam  *family
	name string
}

// place is where an unnamed column goes.
type place struct {
	under *branch
	name  string
}

func newRecord(m *Mapper) *record {
	return &record{m: m, f: newFields(m.cat.fields), unnamed: map[unnamed]place{}}
}

// document appends the document of one record. src is the record's text, if the record is the whole message.
func (r *record) document(dst []byte, v value, src string) []byte {
	r.f.reset()
	r.used, r.flags, r.action, r.category = 0, 0, "", ""
	r.fam = r.m.family
	if r.m.stream == MDEVulnerability && v.member("cvssV3").kind != absent {
		r.fam = r.m.cat.families["mde-vulnerability-joined"]
	}
	if r.m.stream == Event {
		r.event(v)
	} else {
		r.columns(r.f, r.fam, v, "", 0)
	}
	if r.fam.evidence != nil {
		r.evidence()
	}
	if r.m.stream != Event || r.category != "" {
		r.run()
	}
	if r.fam.evidence != nil && r.used > 0 {
		r.f.set(r.fam.into, r.renderEvidence())
	}
	r.finish(v, src)
	skip := r.fam.dup
	if r.m.opt.PreserveDuplicates {
		skip = nil
	}
	return append(r.f.appendFields(dst, skip), '\n')
}

// event reads an Event Hub record: the envelope, then the row in its properties.
func (r *record) event(v value) {
	category := v.member("category").str()
	r.category = strings.ToLower(category)
	r.fam = r.m.cat.route(r.category)
	if r.category == "" {
		r.fail("Missing required field: m365_defender.event.category.")
	}
	for i, name := range v.in.names {
		if c := r.fam.envelope[name]; c != nil {
			r.put(r.f, c, v.in.values[i])
		}
	}
	if row := v.member("properties"); row.kind == object {
		r.columns(r.f, r.fam, row, "", 0)
	}
}

// put converts a column's value and sets its field.
func (r *record) put(f *fields, c *column, v value) {
	if v.kind == null || c.to == noSlot {
		return
	}
	if v = r.convert(c, v); v.kind > null {
		f.set(c.to, v)
	}
}

// columns sets the fields of a row's or an object's members.
func (r *record) columns(f *fields, fam *family, row value, under string, depth int) {
	for i, name := range row.in.names {
		v := row.in.values[i]
		if v.kind == null || fam.hollow && v.kind == text && (v.text == "" || v.text == "-" || v.text == "N/A") {
			continue
		}
		full := name
		if under != "" {
			full = under + "." + name
		} else if fam.pascal {
			full = pascal(name)
		}
		if c := fam.columns[full]; c != nil {
			r.put(f, c, v)
			continue
		}
		if _, ok := fam.nested[full]; ok && v.kind == object && depth < 4 {
			r.columns(f, fam, v, full, depth+1)
			continue
		}
		r.keep(f, fam, under, full, name, v)
	}
}

// keep puts a column that no file names below the source's own fields.
func (r *record) keep(f *fields, fam *family, under, full, name string, v value) {
	key := unnamed{fam, full}
	p, ok := r.unnamed[key]
	if !ok {
		p = place{fam.place, name}
		if under != "" {
			p.under = fam.places[under]
		}
		if !fam.asis {
			p = fam.placeOf(p, name)
		}
		if len(r.unnamed) < 10_000 { // a source that invents names without end must not fill the memory
			key.name, p.name = strings.Clone(full), strings.Clone(p.name) // not pieces of the record's text
			r.unnamed[key] = p
		}
	}
	f.keep(p.under, p.name, v)
}

// placeOf names a column by the rules of the groups.
func (f *family) placeOf(p place, name string) place {
	for _, g := range f.groups {
		if rest, ok := strings.CutPrefix(name, g.word); ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
			return place{g.place, g.head + snake(rest)}
		}
	}
	p.name = snake(name)
	return p
}

// pascal lets a name begin with a capital letter: osPlatform is OSPlatform.
func pascal(name string) string {
	if name == "" || name[0] < 'a' || name[0] > 'z' {
		return name
	}
	if len(name) > 2 && name[:2] == "os" && name[2] >= 'A' && name[2] <= 'Z' {
		return "OS" + name[2:]
	}
	return string(name[0]-'a'+'A') + name[1:]
}

// run takes the family's steps in their order.
func (r *record) run() {
	for i := range r.fam.steps {
		s := &r.fam.steps[i]
		if s.need&^r.flags != 0 || s.not&r.flags != 0 {
			continue
		}
		if s.do == callFunction {
			s.fn.run(r, s)
			continue
		}
		if s.evidence {
			for _, p := range r.pieces[:r.used] {
				r.append(s.to, p.values[s.from])
			}
			continue
		}
		v := s.constant
		if s.from != noSlot {
			v = r.f.values[s.from]
		}
		if v.empty() {
			continue
		}
		switch s.do {
		case copyField:
			r.f.set(s.to, v)
		case fillField:
			if r.f.values[s.to].kind <= null {
				r.f.set(s.to, v)
			}
		case appendField:
			r.append(s.to, v)
		}
	}
}

// list gives an empty list with room for n members.
func (r *record) list(n int) *node {
	out := &r.parser.nodes.take(1)[0]
	out.names, out.values = nil, r.parser.values.take(n)[:0]
	return out
}

// append adds a value, or every value of a list, to a field that is a list, unless it is there already. Numbers are added as text.
func (r *record) append(to slot, v value) {
	if v.kind == list {
		for _, item := range v.in.values {
			if item.kind != list {
				r.append(to, item)
			}
		}
		return
	}
	s, ok := v.scalar()
	if !ok || s == "" {
		return
	}
	old := r.f.values[to]
	switch {
	case old.kind == list:
		for _, item := range old.in.values {
			if item.text == s {
				return
			}
		}
	case old.kind > null:
		if t, _ := old.scalar(); t == s {
			return
		}
		in := r.list(4)
		in.values = append(in.values, old)
		old = value{kind: list, in: in}
	default:
		old = value{kind: list, in: r.list(4)}
	}
	old.in.values = append(old.in.values, stringValue(s))
	r.f.set(to, old)
}

// fail adds to error.message.
func (r *record) fail(message string) { r.append(fErrorMessage, stringValue(message)) }

// evidence reads the pieces of an alert's evidence.
func (r *record) evidence() {
	for _, e := range r.f.values[r.fam.into].items() {
		if e.kind != object {
			continue
		}
		if r.used == len(r.pieces) {
			r.pieces = append(r.pieces, newFields(r.m.cat.evidence))
		}
		p := r.pieces[r.used]
		p.reset()
		r.used++
		r.columns(p, r.fam.evidence, e, "", 0)
	}
}

// renderEvidence writes the pieces as the list that the document shows.
func (r *record) renderEvidence() value {
	skip := r.fam.never
	if !r.m.opt.PreserveDuplicates {
		skip = make([]bool, len(r.fam.never))
		for i := range skip {
			skip[i] = r.fam.never[i] || r.fam.evidence.dup[i]
		}
	}
	out := []byte{'['}
	for _, p := range r.pieces[:r.used] {
		before := len(out)
		if before > 1 {
			out = append(out, ',')
		}
		at := len(out)
		if out = p.appendFields(out, skip); len(out) == at+2 {
			out = out[:before]
		}
	}
	if len(out) == 1 {
		return value{}
	}
	return value{kind: rendered, text: string(append(out, ']'))}
}

// finish sets what does not depend on the family: the mark of an error, the original, the tags.
func (r *record) finish(v value, src string) {
	original := r.m.opt.PreserveOriginal
	failed := r.f.values[fErrorMessage].kind > null && slices.Contains(marked, r.m.stream)
	if failed {
		original = true
		if r.m.stream == Alert {
			r.append(fEventKind, stringValue("pipeline_error")) // Elastic's alert pipeline makes a list of it
		} else {
			r.f.set(fEventKind, stringValue("pipeline_error"))
		}
	}
	if original {
		if src == "" {
			r.original = appendWhole(r.original[:0], v)
			src = string(r.original)
		}
		r.f.set(fEventOriginal, stringValue(strings.TrimSpace(src)))
	}
	for _, t := range r.m.opt.Tags {
		r.append(fTags, stringValue(t))
	}
	if failed {
		r.append(fTags, stringValue("preserve_original_event"))
	}
}

// marked are the streams whose documents say in event.kind that a value of theirs could not be read, and then keep the original.
var marked = []Stream{Alert, Vulnerability, MDEVulnerability, Machine, MachineAction}
