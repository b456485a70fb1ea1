package duck

import (
	"runtime"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/vedette-siem/vedette/internal/store"
)

// vectorSize is the number of rows of an engine vector.
const vectorSize = 2048

// text is the engine's string: up to 12 bytes inline, else a prefix and a pointer.
type text struct {
	n   uint32
	pre [4]byte
	ptr uintptr // the last eight inline bytes, or the address
}

const inlineText = 12

// bytes gives the text where it lies, in t itself or in the engine's memory.
func (t *text) bytes() []byte {
	p := (*byte)(unsafe.Add(unsafe.Pointer(t), 4))
	if t.n > inlineText {
		p = *(**byte)(unsafe.Add(unsafe.Pointer(t), 8))
	}
	return unsafe.Slice(p, int(t.n))
}

// chunkReader reads one result chunk.
type chunkReader struct {
	chunk mapping.DataChunk
	n     int
}

// nulls gives a function that tells which rows of a vector are null.
func (r *chunkReader) nulls(vec mapping.Vector) func(row int) bool {
	mask := (*uint64)(mapping.VectorGetValidity(vec))
	if mask == nil {
		return func(int) bool { return false }
	}
	valid := unsafe.Slice(mask, (r.n+63)/64)
	return func(i int) bool { return valid[i>>6]&(1<<(i&63)) == 0 }
}

// into appends rows lo to hi-1 of column col to v, whose kind must be that of the column.
func (r *chunkReader) into(col int, v *store.Vector, lo, hi int) {
	vec := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(col))
	data := mapping.VectorGetData(vec)
	null := r.nulls(vec)
	switch v.Kind {
	case store.Text:
		ts := unsafe.Slice((*text)(data), r.n)
		for i := lo; i < hi; i++ {
			if !null(i) {
				v.Bytes = append(v.Bytes, ts[i].bytes()...)
			}
			v.Offsets = append(v.Offsets, int32(len(v.Bytes)))
		}
	case store.Int32:
		v.I32 = append(v.I32, unsafe.Slice((*int32)(data), r.n)[lo:hi]...)
	case store.Int64:
		v.I64 = append(v.I64, unsafe.Slice((*int64)(data), r.n)[lo:hi]...)
	case store.Float64:
		v.F64 = append(v.F64, unsafe.Slice((*float64)(data), r.n)[lo:hi]...)
	case store.Bool:
		v.Bools = append(v.Bools, unsafe.Slice((*bool)(data), r.n)[lo:hi]...)
	}
	if v.Null != nil {
		for i := lo; i < hi; i++ {
			v.Null = append(v.Null, null(i))
		}
	}
}

// batchText bounds the text of one batch, unless a single row has more.
const batchText = 64 << 20

// until gives the end of the rows from lo on whose texts fit into one batch.
func (r *chunkReader) until(lo int, kinds []store.Kind) int {
	sizes := make([]uint64, r.n)
	for col, k := range kinds {
		if k != store.Text {
			continue
		}
		vec := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(col))
		null := r.nulls(vec)
		texts := unsafe.Slice((*text)(mapping.VectorGetData(vec)), r.n)
		for i := lo; i < r.n; i++ {
			if !null(i) {
				sizes[i] += uint64(texts[i].n)
			}
		}
	}
	hi, sum := lo, uint64(0)
	for hi < r.n && (hi == lo || sum+sizes[hi] <= batchText) {
		sum += sizes[hi]
		hi++
	}
	return hi
}

// ints gives a column of 64-bit integers; it lies in the engine's memory.
func (r *chunkReader) ints(col int) []int64 {
	vec := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(col))
	return unsafe.Slice((*int64)(mapping.VectorGetData(vec)), r.n)
}

// int32s gives a column of 32-bit integers; it lies in the engine's memory.
func (r *chunkReader) int32s(col int) []int32 {
	vec := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(col))
	return unsafe.Slice((*int32)(mapping.VectorGetData(vec)), r.n)
}

// eachText calls f with the texts of rows lo to hi-1 of a column that are not null; they lie in the engine's memory.
func (r *chunkReader) eachText(col, lo, hi int, f func(t []byte)) {
	vec := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(col))
	null := r.nulls(vec)
	ts := unsafe.Slice((*text)(mapping.VectorGetData(vec)), r.n)
	for i := lo; i < hi; i++ {
		if !null(i) {
			f(ts[i].bytes())
		}
	}
}

// texts gives a copy of a column of texts.
func (r *chunkReader) texts(col int) []string {
	v := store.NewVector(store.Text, false, r.n)
	r.into(col, &v, 0, r.n)
	out := make([]string, r.n)
	for i := range out {
		out[i] = string(v.Text(i))
	}
	return out
}

// chunkWriter fills a chunk that is handed to an appender. Texts point into Go memory, which is pinned until release.
type chunkWriter struct {
	chunk mapping.DataChunk
	pin   runtime.Pinner
}

// put writes rows sel[lo:hi] of v (rows lo..hi-1 when sel is nil) to column col. A nil v writes the missing value.
func (w *chunkWriter) put(col int, kind store.Kind, nullable bool, v *store.Vector, sel []int32, lo, hi int) {
	vec := mapping.DataChunkGetVector(w.chunk, mapping.IdxT(col))
	data := mapping.VectorGetData(vec)
	n := hi - lo
	if v == nil {
		w.missing(vec, data, kind, nullable, n)
		return
	}
	if sel != nil {
		sel = sel[lo:hi]
	}
	switch kind {
	case store.Text:
		w.putText(unsafe.Slice((*text)(data), n), v, sel, lo)
	case store.Int32:
		gather(unsafe.Slice((*int32)(data), n), v.I32, sel, lo)
	case store.Int64:
		gather(unsafe.Slice((*int64)(data), n), v.I64, sel, lo)
	case store.Float64:
		gather(unsafe.Slice((*float64)(data), n), v.F64, sel, lo)
	case store.Bool:
		gather(unsafe.Slice((*bool)(data), n), v.Bools, sel, lo)
	}
	if v.Null == nil {
		return
	}
	var mask []uint64
	for i := range n {
		j := lo + i
		if sel != nil {
			j = int(sel[i])
		}
		if v.Null[j] {
			if mask == nil {
				mapping.VectorEnsureValidityWritable(vec)
				mask = unsafe.Slice((*uint64)(mapping.VectorGetValidity(vec)), vectorSize/64)
			}
			mask[i>>6] &^= 1 << (i & 63)
		}
	}
}

func gather[T any](dst, src []T, sel []int32, lo int) {
	if sel == nil {
		copy(dst, src[lo:])
		return
	}
	for i, j := range sel {
		dst[i] = src[j]
	}
}

func (w *chunkWriter) putText(dst []text, v *store.Vector, sel []int32, lo int) {
	var base unsafe.Pointer
	if len(v.Bytes) > 0 {
		base = unsafe.Pointer(unsafe.SliceData(v.Bytes))
		w.pin.Pin(base)
	}
	offs := v.Offsets
	for i := range dst {
		j := lo + i
		if sel != nil {
			j = int(sel[i])
		}
		from, to := offs[j], offs[j+1]
		n := uint32(to - from)
		t := &dst[i]
		if n <= inlineText {
			*t = text{n: n}
			if n > 0 {
				copy(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(t), 4)), inlineText), v.Bytes[from:to])
			}
			continue
		}
		t.n = n
		t.pre = [4]byte(v.Bytes[from : from+4])
		t.ptr = uintptr(base) + uintptr(from)
	}
}

func (w *chunkWriter) missing(vec mapping.Vector, data unsafe.Pointer, kind store.Kind, nullable bool, n int) {
	if kind == store.Text {
		clear(unsafe.Slice((*text)(data), n))
	}
	if !nullable {
		return
	}
	mapping.VectorEnsureValidityWritable(vec)
	clear(unsafe.Slice((*uint64)(mapping.VectorGetValidity(vec)), vectorSize/64))
}

// ints gives the memory of a column of 64-bit integers.
func (w *chunkWriter) ints(col, n int) []int64 {
	return unsafe.Slice((*int64)(mapping.VectorGetData(mapping.DataChunkGetVector(w.chunk, mapping.IdxT(col)))), n)
}

// int32s gives the memory of a column of 32-bit integers.
func (w *chunkWriter) int32s(col, n int) []int32 {
	return unsafe.Slice((*int32)(mapping.VectorGetData(mapping.DataChunkGetVector(w.chunk, mapping.IdxT(col)))), n)
}

func (w *chunkWriter) release() { w.pin.Unpin() }
