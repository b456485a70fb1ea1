package terms

// bitWriter appends numbers of up to 32 bits to bytes, the lowest bit first.
type bitWriter struct {
	b    []byte
	rest uint64
	n    uint
}

func (w *bitWriter) put(v uint64, width uint) {
	w.rest |= v << w.n
	for w.n += width; w.n >= 8; w.n -= 8 {
		w.b = append(w.b, byte(w.rest))
		w.rest >>= 8
	}
}

// end fills up the last byte and gives all of them.
func (w *bitWriter) end() []byte {
	if w.n > 0 {
		w.put(0, 8-w.n)
	}
	return w.b
}

// bitReader reads what a bitWriter wrote; beyond the end it reads zeros.
type bitReader struct {
	b    []byte
	rest uint64
	n    uint
}

func (r *bitReader) get(width uint) uint64 {
	for r.n < width {
		if len(r.b) > 0 {
			r.rest |= uint64(r.b[0]) << r.n
			r.b = r.b[1:]
		}
		r.n += 8
	}
	v := r.rest & (1<<width - 1)
	r.rest >>= width
	r.n -= width
	return v
}
