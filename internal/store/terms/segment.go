package terms

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
)

// bucketBits gives how many bits of a hash choose the bucket, so that a bucket has about forty terms.
func bucketBits(terms int) int { return bits.Len(uint(terms / 48)) }

// entry is one term of a segment.
type entry struct{ key, blocks uint64 }

// A bucket keeps printBits of a term's key, and of one that is in many blocks secondBits more, so that another is not taken for it.
const (
	printBits  = 14
	secondBits = 16
)

func print(key uint64) uint64  { return key >> 1 & (1<<printBits - 1) }
func second(key uint64) uint64 { return key >> (1 + printBits) & (1<<secondBits - 1) }

func bucketOf(key uint64, k int) int { return int(key >> 1 >> (63 - k)) }

// encode appends the segment in the form of a file: where each of 2^k buckets ends, then the buckets.
func (b *Builder) encode(dst []byte, scratch []entry, k int) ([]byte, []entry, error) {
	starts := make([]int, 1<<k+1)
	for _, key := range b.keys {
		if key != 0 {
			starts[bucketOf(key, k)+1]++
		}
	}
	for i := range 1 << k {
		if starts[i+1] >= 1<<countBits {
			return nil, scratch, fmt.Errorf("%d terms have hashes that are nearly the same", starts[i+1])
		}
		starts[i+1] += starts[i]
	}
	if cap(scratch) < b.n {
		scratch = make([]entry, b.n)
	}
	scratch = scratch[:b.n]
	next := append([]int(nil), starts...)
	for i, key := range b.keys {
		if key != 0 {
			to := &next[bucketOf(key, k)]
			scratch[*to] = entry{key, b.blocks[i]}
			*to++
		}
	}
	from := len(dst)
	dst = append(dst, make([]byte, 4<<k)...)
	body := len(dst)
	for i := range 1 << k {
		dst = appendBucket(dst, scratch[starts[i]:starts[i+1]])
		binary.LittleEndian.PutUint32(dst[from+4*i:], uint32(len(dst)-body))
	}
	return dst, scratch, nil
}

// A bucket is a check sum of 4 bytes, then bits: the number of terms in countBits; for each term its print, then one zero bit and its block,
// or a one bit and how many blocks in listBits: 2 more than that and as many blocks, or mapped, the second print and a bit for each block.
const (
	countBits = 16
	blockBits = 6
	listBits  = 3
	mapped    = 1<<listBits - 1
)

func appendBucket(dst []byte, es []entry) []byte {
	from := len(dst)
	w := bitWriter{b: append(dst, 0, 0, 0, 0)}
	w.put(uint64(len(es)), countBits)
	for _, e := range es {
		w.put(print(e.key), printBits)
		n := bits.OnesCount64(e.blocks)
		switch {
		case n == 1:
			w.put(0, 1)
		case n < mapped+2:
			w.put(1, 1)
			w.put(uint64(n-2), listBits)
		default:
			w.put(1, 1)
			w.put(mapped, listBits)
			w.put(second(e.key), secondBits)
			w.put(e.blocks&(1<<32-1), 32)
			w.put(e.blocks>>32, 32)
			continue
		}
		for set := e.blocks; set != 0; set &= set - 1 {
			w.put(uint64(bits.TrailingZeros64(set)), blockBits)
		}
	}
	dst = w.end()
	binary.LittleEndian.PutUint32(dst[from:], crc32.Checksum(dst[from+4:], castagnoli))
	return dst
}

// look gives the blocks of a segment that have the term with the key.
func (s segment) look(r io.ReaderAt, key uint64) (uint64, error) {
	i := bucketOf(key, s.bucket)
	var ends [8]byte
	where := ends[4:]
	at := s.at + 4*int64(i)
	if i > 0 {
		where, at = ends[:], at-4
	}
	if _, err := r.ReadAt(where, at); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	body := s.at + 4<<s.bucket
	from, to := int64(binary.LittleEndian.Uint32(ends[:])), int64(binary.LittleEndian.Uint32(ends[4:]))
	if to-from < 5 || body+to > s.at+s.size {
		return 0, fmt.Errorf("%w: a bucket is damaged", ErrDamaged)
	}
	b := make([]byte, to-from)
	if _, err := r.ReadAt(b, body+from); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if crc32.Checksum(b[4:], castagnoli) != binary.LittleEndian.Uint32(b) {
		return 0, fmt.Errorf("%w: a bucket is damaged", ErrDamaged)
	}
	return inBucket(b[4:], key), nil
}

// inBucket gives the blocks of all terms of a bucket that have the prints of a key.
func inBucket(b []byte, key uint64) uint64 {
	r := bitReader{b: b}
	found := uint64(0)
	for range r.get(countBits) {
		hit, set := r.get(printBits) == print(key), uint64(0)
		n := uint64(1)
		if r.get(1) == 1 {
			n = r.get(listBits) + 2
		}
		if n == mapped+2 {
			hit = r.get(secondBits) == second(key) && hit
			set = r.get(32)
			set |= r.get(32) << 32
		} else {
			for range n {
				set |= 1 << r.get(blockBits)
			}
		}
		if hit {
			found |= set
		}
	}
	return found
}
