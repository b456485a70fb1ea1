package ecs

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed maps/*.map
var mapFiles embed.FS

// family is what one mapping file says, ready to run.
type family struct {
	name, title string
	tables      []string
	prefix      string // where the source's own fields go
	place       *branch
	envelope    map[string]*column // members of the record around the row
	columns     map[string]*column
	nested      map[string]string // objects of the source whose members are columns "object.member" → where unknown members go
	places      map[string]*branch
	groups      []group
	asis        bool   // unknown columns keep their names
	hollow      bool   // "-" and "N/A" are nothing
	pascal      bool   // osPlatform is OSPlatform
	split       string // a list of the source: one document for each member
	evidence    *family
	into        slot // where the evidence goes
	dup         []bool
	never       []bool // of the evidence: fields that never reach the document
	steps       []step
	order       []string // columns in the order of the file, for the manual
	fields      *schema
}

// column is what becomes of one column.
type column struct {
	name string
	to   slot // noSlot: it is only read
	conv conversion
	dup  bool
}

// group says that columns beginning with a word belong below one field.
type group struct {
	word, path, head string
	place            *branch
}

type action uint8

const (
	copyField action = iota
	fillField
	appendField
	callFunction
)

// step is one line of a file's fields.
type step struct {
	do       action
	to       slot
	from     slot
	evidence bool // from is a field of each piece of evidence
	constant value
	fn       *function
	arg      slot
	word     string
	need     flags
	not      flags
	target   string // these three for the manual
	source   string
	when     string
}

// builder reads mapping files.
type builder struct {
	fields    *schema // of documents
	evidence  *schema // of pieces of evidence
	functions map[string]*function
	families  map[string]*family
}

func (b *builder) family(file string) (*family, error) {
	if f := b.families[file]; f != nil {
		return f, nil
	}
	f := &family{name: file, envelope: map[string]*column{}, columns: map[string]*column{}, nested: map[string]string{},
		places: map[string]*branch{}, into: noSlot, fields: b.fields}
	if file == "evidence" {
		f.fields = b.evidence
	}
	b.families[file] = f
	if err := b.read(f, file, 0); err != nil {
		return nil, err
	}
	f.place = f.fields.branch(f.prefix)
	for from, to := range f.nested {
		f.places[from] = f.fields.branch(f.path(to))
	}
	for i := range f.groups {
		f.groups[i].place = f.fields.branch(f.path(f.groups[i].path))
	}
	return f, nil
}

// path puts the family's prefix before a field of its own.
func (f *family) path(p string) string {
	if f.prefix == "" {
		return p
	}
	return f.prefix + "." + p
}

// resolve gives the full path of a field as files write it: ".x" is the family's own.
func (f *family) resolve(p string) string {
	if rest, own := strings.CutPrefix(p, "."); own {
		return f.path(rest)
	}
	return p
}

func (b *builder) read(f *family, file string, depth int) error {
	raw, err := mapFiles.ReadFile("maps/" + file + ".map")
	if err != nil || depth > 4 {
		return fmt.Errorf("mapping %s cannot be read: %v", file, err)
	}
	section := ""
	for n, line := range strings.Split(string(raw), "\n") {
		if at := strings.Index(line, "#"); at >= 0 && (at == 0 || line[at-1] == ' ') {
			line = line[:at]
		}
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if words[0] == "include" && len(words) == 2 {
			err = b.read(f, words[1], depth+1)
		} else if line[0] == ' ' {
			err = b.line(f, section, words)
		} else if len(words) == 1 && slices.Contains([]string{"envelope", "columns", "groups", "fields", "dup", "remove"}, words[0]) {
			section = words[0]
			if section == "groups" {
				f.groups = nil
			}
		} else {
			section = ""
			err = b.head(f, words)
		}
		if err != nil {
			return fmt.Errorf("%s.map:%d: %w", file, n+1, err)
		}
	}
	return nil
}

// head reads a line about the whole family.
func (b *builder) head(f *family, words []string) (err error) {
	arg := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	switch words[0] {
	case "family":
		f.name = arg(1)
	case "title":
		f.title = strings.Join(words[1:], " ")
	case "tables":
		f.tables = words[1:]
	case "prefix":
		f.prefix = arg(1)
	case "split":
		f.split = arg(1)
	case "unknown":
		f.asis = arg(1) == "asis"
	case "hollow":
		f.hollow = true
	case "pascal":
		f.pascal = true
	case "nested":
		f.nested[arg(1)] = arg(1)
		if arg(2) != "" {
			f.nested[arg(1)] = arg(2)
		}
	case "with":
		f.into = b.fields.slot(f.resolve(arg(2)))
		f.evidence, err = b.family(arg(1))
	default:
		err = fmt.Errorf("unknown word %q", words[0])
	}
	return err
}

// line reads an indented line of a section.
func (b *builder) line(f *family, section string, words []string) error {
	switch section {
	case "envelope":
		return b.column(f, f.envelope, words)
	case "columns":
		return b.column(f, f.columns, words)
	case "groups":
		g := group{word: words[0], path: words[len(words)-1]}
		if len(words) == 3 {
			g.path, g.head = words[1], words[2]
		}
		f.groups = append(f.groups, g)
		return nil
	case "dup":
		f.dup = grow(f.dup, f.fields.slot(f.path(words[0])))
		return nil
	case "remove":
		path, _ := strings.CutPrefix(words[0], "evidence.")
		s := b.evidence.slot(path)
		f.never = grow(f.never, s)
		return nil
	case "fields":
		return b.step(f, words)
	}
	return fmt.Errorf("a line outside a section")
}

func grow(set []bool, s slot) []bool {
	for int(s) >= len(set) {
		set = append(set, false)
	}
	set[s] = true
	return set
}

func (b *builder) column(f *family, into map[string]*column, words []string) error {
	c := &column{name: words[0], to: noSlot, conv: keepAsIs}
	rest := words[1:]
	if len(rest) > 1 && rest[0] == "->" {
		if rest[1] != "nothing" {
			c.to = f.fields.slot(rest[1])
		}
		rest = rest[2:]
	} else if len(rest) > 0 {
		c.to = f.fields.slot(f.path(rest[0]))
		rest = rest[1:]
	} else {
		return fmt.Errorf("column %s goes nowhere", c.name)
	}
	for _, w := range rest {
		if w == "dup" {
			c.dup = true
			f.dup = grow(f.dup, c.to)
		} else if conv, ok := conversions[w]; ok {
			c.conv = conv
		} else {
			return fmt.Errorf("unknown conversion %q", w)
		}
	}
	if into[c.name] == nil {
		f.order = append(f.order, c.name)
	}
	into[c.name] = c
	return nil
}

// step reads "target = source [if conditions]" or "call function [argument] [if conditions]".
func (b *builder) step(f *family, words []string) error {
	s := step{to: noSlot, from: noSlot, arg: noSlot}
	if at := slices.Index(words, "if"); at >= 0 {
		s.when = strings.Join(words[at+1:], " ")
		for _, w := range words[at+1:] {
			name, not := strings.CutPrefix(w, "!")
			bit, ok := conditions[name]
			switch {
			case !ok:
				return fmt.Errorf("unknown condition %q", name)
			case not:
				s.not |= bit
			default:
				s.need |= bit
			}
		}
		words = words[:at]
	}
	if words[0] == "call" && len(words) > 1 {
		s.do, s.fn = callFunction, b.functions[words[1]]
		if s.fn == nil {
			return fmt.Errorf("unknown function %q", words[1])
		}
		if len(words) > 2 {
			s.word, s.source = words[2], words[2]
			if strings.Contains(s.word, ".") {
				s.arg = f.fields.slot(f.resolve(s.word))
			}
		}
		f.steps = append(f.steps, s)
		return nil
	}
	if len(words) < 3 {
		return fmt.Errorf("a line of fields needs a target, a sign and a source")
	}
	switch words[1] {
	case "=":
		s.do = copyField
	case "?=":
		s.do = fillField
	case "+=":
		s.do = appendField
	default:
		return fmt.Errorf("unknown sign %q", words[1])
	}
	s.target, s.source = words[0], strings.Join(words[2:], " ")
	s.to = f.fields.slot(f.resolve(words[0]))
	if text, ok := strings.CutPrefix(s.source, `"`); ok {
		s.constant = stringValue(strings.TrimSuffix(text, `"`))
	} else if path, ok := strings.CutPrefix(s.source, "evidence."); ok && f.evidence != nil {
		s.evidence, s.from = true, b.evidence.slot(path)
	} else {
		s.from = f.fields.slot(f.resolve(s.source))
	}
	f.steps = append(f.steps, s)
	return nil
}
