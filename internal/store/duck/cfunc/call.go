package cfunc

/*
#include <stdlib.h>
#include "json.h"
*/
import "C"

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/value"
)

// callee is a function of the language with the types of a call, found by the text that stands first in the call.
type callee struct {
	eval func(env *fn.Env, args []value.Value) value.Value
	args []value.Type
	out  value.Type
}

var callees sync.Map // text → *callee

// calleeOf reads what fn.CallText writes.
func calleeOf(text string) (*callee, error) {
	if c, ok := callees.Load(text); ok {
		return c.(*callee), nil
	}
	f, args, out, ok := fn.ParseCall(text)
	if !ok {
		return nil, fmt.Errorf("there is no function %q to call", text)
	}
	c := &callee{f.Eval, args, out}
	callees.Store(text, c)
	return c, nil
}

// vedette_call computes kql_call_…: the functions that have no other form in the engine, by their own evaluation in Go. An argument whose
// stored form is that of the row before is not read again.
//
//export vedette_call
func vedette_call(info, chunk, out unsafe.Pointer) {
	defer func() {
		if r := recover(); r != nil {
			mapping.ScalarFunctionSetError(mapping.FunctionInfo{Ptr: info}, fmt.Sprint("a function failed: ", r))
		}
	}()
	ch := mapping.DataChunk{Ptr: chunk}
	n := int(mapping.DataChunkGetSize(ch))
	if n == 0 {
		return
	}
	name := readColumn(ch, 0, n)
	c, err := calleeOf(name.text(0))
	if err == nil && int(mapping.DataChunkGetColumnCount(ch)) != len(c.args)+1 {
		err = fmt.Errorf("a call with %d columns, not %d", mapping.DataChunkGetColumnCount(ch), len(c.args)+1)
	}
	if err != nil {
		mapping.ScalarFunctionSetError(mapping.FunctionInfo{Ptr: info}, err.Error())
		return
	}
	cols := make([]column, len(c.args))
	for i := range cols {
		cols[i] = readColumn(ch, i+1, n)
	}
	w := newResults(mapping.Vector{Ptr: out}, c.out, n)
	vals := make([]value.Value, len(cols))
	for row := range n {
		args := vals
		if c.out == value.Dynamic && row > 0 { // the result may hold on to its arguments
			args = append([]value.Value(nil), vals...)
			vals = args
		}
		for i := range cols {
			if row == 0 || !cols[i].same(row) {
				args[i] = cols[i].value(row, c.args[i])
			}
		}
		w.put(row, c.eval(nil, args))
	}
	w.end(n)
}

// column is one column of a chunk in the engine's memory.
type column struct {
	kind  mapping.Type
	data  unsafe.Pointer
	valid []uint64 // nil: no nulls
	n     int
}

func readColumn(ch mapping.DataChunk, i, n int) column {
	v := mapping.DataChunkGetVector(ch, mapping.IdxT(i))
	t := mapping.VectorGetColumnType(v)
	defer mapping.DestroyLogicalType(&t)
	c := column{kind: mapping.GetTypeId(t), data: mapping.VectorGetData(v), n: n}
	if mask := (*uint64)(mapping.VectorGetValidity(v)); mask != nil {
		c.valid = unsafe.Slice(mask, (n+63)/64)
	}
	return c
}

func (c *column) null(row int) bool { return c.valid != nil && c.valid[row>>6]&(1<<(row&63)) == 0 }

// engineText is the engine's string: up to 12 bytes inline, else four of them and where all are.
type engineText struct {
	n   uint32
	pre [4]byte
	ptr uintptr
}

// text gives a copy of a row's text.
func (c *column) text(row int) string {
	t := &unsafe.Slice((*engineText)(c.data), c.n)[row]
	p := unsafe.Add(unsafe.Pointer(t), 4)
	if t.n > 12 {
		p = *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(t), 8))
	}
	return strings.Clone(unsafe.String((*byte)(p), int(t.n)))
}

// same reports whether a row of a text column is the very text of the row before, as constants are.
func (c *column) same(row int) bool {
	if c.kind != mapping.TypeVarchar || c.valid != nil {
		return false
	}
	all := unsafe.Slice((*engineText)(c.data), c.n)
	return all[row] == all[row-1]
}

// value gives a row's value of a type of the language.
func (c *column) value(row int, t value.Type) value.Value {
	if c.null(row) {
		return value.NullOf(t)
	}
	switch c.kind {
	case mapping.TypeVarchar:
		if s := c.text(row); t != value.String {
			return value.FromStored(t, s)
		} else {
			return value.OfString(s)
		}
	case mapping.TypeBoolean:
		return value.FromStored(t, unsafe.Slice((*bool)(c.data), c.n)[row])
	case mapping.TypeInteger:
		return value.FromStored(t, unsafe.Slice((*int32)(c.data), c.n)[row])
	case mapping.TypeBigInt:
		return value.FromStored(t, unsafe.Slice((*int64)(c.data), c.n)[row])
	case mapping.TypeDouble:
		return value.FromStored(t, unsafe.Slice((*float64)(c.data), c.n)[row])
	}
	panic(fmt.Sprintf("argument of engine type %d", c.kind))
}

// results is a result vector being filled.
type results struct {
	vec     mapping.Vector
	t       value.Type
	data    unsafe.Pointer
	valid   []uint64
	text    []byte
	offsets []uint32
}

func newResults(vec mapping.Vector, t value.Type, n int) *results {
	mapping.VectorEnsureValidityWritable(vec)
	w := &results{vec: vec, t: t, data: mapping.VectorGetData(vec),
		valid: unsafe.Slice((*uint64)(mapping.VectorGetValidity(vec)), (n+63)/64), offsets: make([]uint32, 1, n+1)}
	for i := range w.valid {
		w.valid[i] = ^uint64(0)
	}
	return w
}

func (w *results) put(row int, v value.Value) {
	if v.Null && v.T != value.String {
		w.valid[row>>6] &^= 1 << (row & 63)
		w.offsets = append(w.offsets, uint32(len(w.text)))
		return
	}
	at := func(size int) unsafe.Pointer { return unsafe.Add(w.data, row*size) }
	switch w.t {
	case value.Bool:
		*(*bool)(at(1)) = v.I != 0
	case value.Int:
		*(*int32)(at(4)) = int32(v.I)
	case value.Long, value.Datetime, value.Timespan:
		*(*int64)(at(8)) = v.I
	case value.Real:
		*(*float64)(at(8)) = v.Real()
	case value.Dynamic:
		w.text = value.AppendDynamic(w.text, v)
	case value.Decimal:
		w.text = append(w.text, value.DecimalText(v.Rat())...)
	default:
		w.text = append(w.text, v.S...)
	}
	w.offsets = append(w.offsets, uint32(len(w.text)))
}

// end hands the texts over.
func (w *results) end(n int) {
	switch w.t {
	case value.Bool, value.Int, value.Long, value.Datetime, value.Timespan, value.Real:
		return
	}
	C.kql_give(w.vec.Ptr, (*C.char)(unsafe.Pointer(unsafe.SliceData(append(w.text, 0)))), (*C.uint32_t)(unsafe.Pointer(unsafe.SliceData(w.offsets))), C.uint64_t(n))
}

// The functions of json.c, as it numbers them.
const (
	jsonGet = iota
	jsonText
	jsonLong
	jsonLength
	jsonParse
	jsonElements
)

// vedette_json computes one row of a function of json.c where C is not certain.
//
//export vedette_json
func vedette_json(what C.int, s *C.char, n C.uint32_t, path *C.char, pathN C.uint32_t, outN *C.uint32_t, number *C.int64_t, null *C.int) *C.char {
	text := C.GoStringN(s, C.int(n))
	v := value.FromStored(value.Dynamic, text)
	for _, key := range fn.ParsePath(C.GoStringN(path, C.int(pathN))) {
		v = fn.Operator("[]").Eval(nil, []value.Value{v, key})
	}
	out := v
	switch what {
	case jsonText:
		out = value.Convert(v, value.String)
	case jsonLong:
		out = value.Convert(v, value.Long)
	case jsonLength:
		out = fn.Lookup("array_length").Eval(nil, []value.Value{v})
	case jsonParse:
		out = value.ParseDynamic(text)
	case jsonElements:
		out = value.OfString(elementList(v))
	}
	if out.Null && out.T != value.String {
		*null = 1
		return nil
	}
	switch out.T {
	case value.Long:
		*number = C.int64_t(out.I)
		return nil
	case value.Dynamic:
		out.S = string(value.AppendDynamic(nil, out))
	}
	*outN = C.uint32_t(len(out.S))
	return (*C.char)(C.CBytes([]byte(out.S)))
}

// elementList writes what mv-expand makes of v: each element's text with its length and a colon in front, "-:" for a null.
func elementList(v value.Value) string {
	var list value.Array
	switch x := v.X.(type) {
	case value.Array:
		list = x
	case *value.Bag:
		for i, k := range x.Keys {
			list = append(list, value.OfBag(&value.Bag{Keys: []string{k}, Vals: []value.Value{x.Vals[i]}}))
		}
	default:
		list = value.Array{v.Inner()}
	}
	var b, one []byte
	for _, e := range list {
		if e.Null && e.T != value.String {
			b = append(b, "-:"...)
			continue
		}
		one = value.AppendDynamic(one[:0], e)
		b = strconv.AppendInt(b, int64(len(one)), 10)
		b = append(append(b, ':'), one...)
	}
	return string(b)
}
