package terms

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/bits"
)

// bucketBits gives how many bits of a hash choose the bucket, so that a bucket has about twenty terms.
func bucketBits(terms int) int { return bits.Len(uint(terms / 24)) }

// entry is one term of a segment.
type entry struct{ key, blocks uint64 }

// print and second are the parts of a key that are kept in its bucket: print of every term, second of those that are in several blocks, so
// that one is not taken for another that is nearly everywhere.
func print(key uint64) uint16  { return uint16(key >> 1) }
func second(key uint64) uint16 { return uint16(key >> 17) }

func bucketOf(key uint64, k int) int { return int(key >> 1 >> (63 - k)) }

// encode appends the segment in the form of a file: where each of 2^k buckets ends, then the buckets.
func (b *Builder) encode(dst []byte, scratch []entry, k int) ([]byte, []entry) {
	starts := make([]int, 1<<k+1)
	for _, key := range b.keys {
		if key != 0 {
			starts[bucketOf(key, k)+1]++
		}
	}
	for i := range 1 << k {
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
	return dst, scratch
}

// Sets of blocks in a bucket: one byte below 64 is a set of that block alone; listed+n is followed by the second print and n blocks, a byte
// each; mapped by the second print and all 64 bits.
const (
	listed = 64
	mapped = 128
)

// appendBucket appends the check sum of a bucket, the number of its terms, their prints and their blocks.
func appendBucket(dst []byte, es []entry) []byte {
	from := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = binary.AppendUvarint(dst, uint64(len(es)))
	for _, e := range es {
		dst = binary.LittleEndian.AppendUint16(dst, print(e.key))
	}
	for _, e := range es {
		switch n := bits.OnesCount64(e.blocks); {
		case n == 1:
			dst = append(dst, byte(bits.TrailingZeros64(e.blocks)))
		case n < 8:
			dst = binary.LittleEndian.AppendUint16(append(dst, listed+byte(n)), second(e.key))
			for w := e.blocks; w != 0; w &= w - 1 {
				dst = append(dst, byte(bits.TrailingZeros64(w)))
			}
		default:
			dst = binary.LittleEndian.AppendUint16(append(dst, mapped), second(e.key))
			dst = binary.LittleEndian.AppendUint64(dst, e.blocks)
		}
	}
	binary.LittleEndian.PutUint32(dst[from:], crc32.Checksum(dst[from+4:], castagnoli))
	return dst
}

// look gives the blocks of a segment that have the term with the key.
func (f *File) look(s segment, key uint64) (uint64, error) {
	i := bucketOf(key, s.bucket)
	var ends [8]byte
	where := ends[4:]
	at := s.at + 4*int64(i)
	if i > 0 {
		where, at = ends[:], at-4
	}
	if _, err := f.r.ReadAt(where, at); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	body := s.at + 4<<s.bucket
	from, to := int64(binary.LittleEndian.Uint32(ends[:])), int64(binary.LittleEndian.Uint32(ends[4:]))
	if to-from < 5 || body+to > s.at+s.size {
		return 0, fmt.Errorf("%w: a bucket is damaged", ErrDamaged)
	}
	b := make([]byte, to-from)
	if _, err := f.r.ReadAt(b, body+from); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if crc32.Checksum(b[4:], castagnoli) != binary.LittleEndian.Uint32(b) {
		return 0, fmt.Errorf("%w: a bucket is damaged", ErrDamaged)
	}
	return inBucket(b[4:], key), nil
}

// inBucket gives the blocks of all terms of a bucket that have the prints of a key.
func inBucket(b []byte, key uint64) uint64 {
	count, w := binary.Uvarint(b)
	prints, sets := b[w:w+2*int(count)], b[w+2*int(count):]
	found := uint64(0)
	for ; len(prints) > 0; prints = prints[2:] {
		hit := binary.LittleEndian.Uint16(prints) == print(key)
		n := sets[0]
		if n < listed {
			if hit {
				found |= 1 << n
			}
			sets = sets[1:]
			continue
		}
		hit = hit && binary.LittleEndian.Uint16(sets[1:]) == second(key)
		sets = sets[3:]
		if n == mapped {
			if hit {
				found |= binary.LittleEndian.Uint64(sets)
			}
			sets = sets[8:]
			continue
		}
		for _, block := range sets[:n-listed] {
			if hit {
				found |= 1 << block
			}
		}
		sets = sets[n-listed:]
	}
	return found
}
