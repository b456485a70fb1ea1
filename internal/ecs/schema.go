package ecs

import (
	"fmt"
	"sort"
	"strings"
)

// slot is the number of a field of the document: values are kept in an array by it, so that setting a field costs no look-up.
type slot int32

const noSlot slot = -1

// schema is every field a document can have, as a tree in the order of writing.
type schema struct {
	paths []string
	ids   map[string]slot
	at    []*branch // slot → leaf
	root  *branch
	count int // branches
}

// branch is one name in a field's path.
type branch struct {
	id       int
	path     string
	name     string
	key      []byte // `"name":`
	slot     slot
	parent   *branch
	children []*branch
}

// newSchema begins with the paths the functions know by constant.
func newSchema(known []string) *schema {
	s := &schema{ids: map[string]slot{}, root: &branch{slot: noSlot}}
	s.count = 1
	for _, p := range known {
		s.slot(p)
	}
	return s
}

// slot gives the number of a path, making one if it is new.
func (s *schema) slot(path string) slot {
	if id, ok := s.ids[path]; ok {
		return id
	}
	id := slot(len(s.paths))
	s.paths = append(s.paths, path)
	s.ids[path] = id
	b := s.branch(path)
	b.slot = id
	s.at = append(s.at, b)
	return id
}

// branch gives the place of a path in the tree, making it if it is new.
func (s *schema) branch(path string) *branch {
	b := s.root
	if path == "" {
		return b
	}
	for _, name := range strings.Split(path, ".") {
		next := b.child(name)
		if next == nil {
			full := name
			if b.path != "" {
				full = b.path + "." + name
			}
			next = &branch{id: s.count, path: full, name: name, key: append(appendString(nil, name), ':'), slot: noSlot, parent: b}
			s.count++
			b.children = append(b.children, next)
			sort.Slice(b.children, func(i, j int) bool { return b.children[i].name < b.children[j].name })
		}
		b = next
	}
	return b
}

func (b *branch) child(name string) *branch {
	for _, c := range b.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// check finds a field that is at once a value and an object of other fields.
func (s *schema) check() error {
	for i, b := range s.at {
		if len(b.children) > 0 {
			return fmt.Errorf("field %s has a value and members (%s)", s.paths[i], b.children[0].path)
		}
	}
	return nil
}

// fields is one document, or one object of a list in it, while it is being made.
type fields struct {
	schema  *schema
	values  []value
	touched []slot
	marked  []bool // branches with something below them
	marks   []int
	extra   []extraField
}

// extraField is a column that no mapping names, under the branch it goes to.
type extraField struct {
	under *branch
	name  string
	v     value
}

func newFields(s *schema) *fields {
	return &fields{schema: s, values: make([]value, len(s.paths)), marked: make([]bool, s.count)}
}

func (f *fields) reset() {
	for _, s := range f.touched {
		f.values[s] = value{}
	}
	for _, b := range f.marks {
		f.marked[b] = false
	}
	f.touched, f.marks, f.extra = f.touched[:0], f.marks[:0], f.extra[:0]
}

func (f *fields) set(s slot, v value) {
	if f.values[s].kind == absent {
		f.touched = append(f.touched, s)
		f.mark(f.schema.at[s])
	}
	f.values[s] = v
}

func (f *fields) mark(b *branch) {
	for ; b != nil && !f.marked[b.id]; b = b.parent {
		f.marked[b.id] = true
		f.marks = append(f.marks, b.id)
	}
}

func (f *fields) drop(s slot) { f.values[s] = value{} }

func (f *fields) str(s slot) string { return f.values[s].str() }

// keep takes a column that no mapping names.
func (f *fields) keep(under *branch, name string, v value) {
	if c := under.child(name); c != nil {
		if c.slot != noSlot && f.values[c.slot].empty() {
			f.set(c.slot, v)
			return
		}
		name += "_value" // the name is taken by a field with members
	}
	f.mark(under)
	f.extra = append(f.extra, extraField{under, name, v})
}
