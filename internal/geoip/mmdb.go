package geoip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/netip"
)

// A database file is a binary tree over the bits of addresses, whose leaves point to values in a section behind it, and at the end a value
// that describes the file (MaxMind DB file format specification, version 2).

var metadataMark = []byte("\xab\xcd\xefMaxMind.com")

// separator is how many bytes lie between the tree and the values.
const separator = 16

// tree is the search tree with the values behind it.
type tree struct {
	nodes  []byte
	values []byte
	count  uint // of nodes
	bits   uint // of a record: 24, 28 or 32
	v4     uint // the node under which IPv4 addresses lie
}

func readTree(file []byte) (t tree, kind string, err error) {
	at := bytes.LastIndex(file, metadataMark)
	if at < 0 {
		return t, "", errors.New("this is no MaxMind database")
	}
	v, _, err := newDecoder(file[at+len(metadataMark):]).value(0, 0)
	if err != nil {
		return t, "", err
	}
	about, _ := v.(map[string]any)
	whole := func(key string) uint {
		n, _ := about[key].(uint64)
		return uint(min(n, math.MaxInt32))
	}
	t.count, t.bits = whole("node_count"), whole("record_size")
	version := whole("ip_version")
	size := t.count * t.bits / 4
	switch {
	case whole("binary_format_major_version") != 2:
		return t, "", fmt.Errorf("this MaxMind database has the format %d; only 2 can be read", whole("binary_format_major_version"))
	case t.bits != 24 && t.bits != 28 && t.bits != 32 || version != 4 && version != 6:
		return t, "", errors.New("this MaxMind database is damaged: its description says nothing sensible")
	case size+separator > uint(at):
		return t, "", errors.New("this MaxMind database is damaged: it is shorter than it says")
	}
	t.nodes, t.values = file[:size], file[size+separator:at]
	if version == 6 {
		for range 96 { // IPv4 addresses are the IPv6 addresses that begin with so many zeros
			if t.v4 >= t.count {
				break
			}
			t.v4 = t.child(t.v4, 0)
		}
	}
	kind, _ = about["database_type"].(string)
	return t, kind, nil
}

// child gives the left or the right record of a node.
func (t *tree) child(node, right uint) uint {
	b := t.nodes[node*t.bits/4:][:t.bits/4]
	switch t.bits {
	case 24:
		b = b[3*right:]
		return uint(b[0])<<16 | uint(b[1])<<8 | uint(b[2])
	case 28:
		high := uint(b[3]) >> 4
		if right == 1 {
			high = uint(b[3]) & 15
		}
		b = b[4*right:]
		return high<<24 | uint(b[0])<<16 | uint(b[1])<<8 | uint(b[2])
	}
	return uint(binary.BigEndian.Uint32(b[4*right:]))
}

// find gives the record of an address.
func (t *tree) find(ip netip.Addr) (record map[string]any, ok bool) {
	node := t.v4
	if ip.Is6() {
		node = 0
	}
	for _, b := range ip.AsSlice() {
		for bit := 7; bit >= 0 && node < t.count; bit-- {
			node = t.child(node, uint(b>>bit)&1)
		}
	}
	if node <= t.count+separator-1 { // not found, or deeper than the address is long
		return nil, false
	}
	v, _, err := newDecoder(t.values).value(node-t.count-separator, 0)
	if err != nil {
		return nil, false
	}
	record, ok = v.(map[string]any)
	return record, ok
}

// decoder reads a section of values.
type decoder struct {
	data []byte
	left int // how many values may still be read
}

// maxValues bounds how many values one record has: pointers could make a small file endless.
const maxValues = 10_000

func newDecoder(section []byte) *decoder { return &decoder{section, maxValues} }

// The types of values.
const (
	extendedType = iota
	pointerType
	stringType
	doubleType
	bytesType
	uint16Type
	uint32Type
	mapType
	int32Type
	uint64Type
	uint128Type
	arrayType
	_
	_
	booleanType
	floatType
)

// maxDepth bounds how deep values, and pointers to them, may lie within each other.
const maxDepth = 32

var errDamaged = errors.New("this MaxMind database is damaged: a value cannot be read")

// value reads a value and gives the place behind it. Whole numbers come as uint64, signed ones as int64, all others as float64.
func (d *decoder) value(at uint, depth int) (v any, next uint, err error) {
	if d.left--; d.left < 0 || depth > maxDepth {
		return nil, 0, errDamaged
	}
	kind, size, at, err := d.head(at)
	if err != nil {
		return nil, 0, err
	}
	switch kind {
	case pointerType:
		to, next, err := d.pointer(size, at)
		if err != nil {
			return nil, 0, err
		}
		v, _, err = d.value(to, depth+1)
		return v, next, err
	case booleanType:
		return size != 0, at, nil
	case mapType:
		return d.object(size, at, depth)
	case arrayType:
		var list []any
		for range size {
			if v, at, err = d.value(at, depth+1); err != nil {
				return nil, 0, err
			}
			list = append(list, v)
		}
		return list, at, nil
	}
	if size > uint(len(d.data)) || at > uint(len(d.data))-size {
		return nil, 0, errDamaged
	}
	b := d.data[at : at+size]
	at += size
	var n uint64
	for _, x := range b[max(0, len(b)-8):] {
		n = n<<8 | uint64(x)
	}
	switch {
	case kind == stringType:
		return string(b), at, nil
	case kind == doubleType && size == 8:
		return math.Float64frombits(n), at, nil
	case kind == floatType && size == 4:
		return float64(math.Float32frombits(uint32(n))), at, nil
	case kind == uint16Type, kind == uint32Type, kind == uint64Type, kind == uint128Type:
		return n, at, nil
	case kind == int32Type:
		return int64(int32(n)), at, nil
	case kind == bytesType:
		return []byte(b), at, nil
	}
	return nil, 0, errDamaged
}

func (d *decoder) object(size, at uint, depth int) (v any, next uint, err error) {
	m := map[string]any{}
	for range size {
		var key, item any
		if key, at, err = d.value(at, depth+1); err != nil {
			return nil, 0, err
		}
		if item, at, err = d.value(at, depth+1); err != nil {
			return nil, 0, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, 0, errDamaged
		}
		m[name] = item
	}
	return m, at, nil
}

// bytes reads up to eight bytes as a number.
func (d *decoder) bytes(at, n uint) (v, next uint, err error) {
	if at > uint(len(d.data)) || n > uint(len(d.data))-at {
		return 0, 0, errDamaged
	}
	for _, b := range d.data[at : at+n] {
		v = v<<8 | uint(b)
	}
	return v, at + n, nil
}

// head reads the type and the size of a value.
func (d *decoder) head(at uint) (kind, size, next uint, err error) {
	control, at, err := d.bytes(at, 1)
	if err != nil {
		return 0, 0, 0, err
	}
	kind, size = control>>5, control&31
	if kind == extendedType {
		more, behind, err := d.bytes(at, 1)
		if err != nil {
			return 0, 0, 0, err
		}
		kind, at = 7+more, behind
	}
	if kind == pointerType || size < 29 {
		return kind, size, at, nil
	}
	more, at, err := d.bytes(at, size-28)
	return kind, [3]uint{29, 285, 65821}[size-29] + more, at, err
}

// pointer reads where a pointer leads.
func (d *decoder) pointer(size, at uint) (to, next uint, err error) {
	n := size >> 3 & 3
	more, next, err := d.bytes(at, n+1)
	if n == 3 {
		return more, next, err
	}
	return (size&7)<<(8*(n+1)) + more + [3]uint{0, 2048, 526336}[n], next, err
}
