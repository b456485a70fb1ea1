// Package terms is the term index of stored rows: for every table of a file it says which blocks of rows may have a term, so that a search
// for a rare one reads a few blocks and a search for one that is not there reads none.
//
// A term is what Kusto's has means by it: a run of letters and digits that is as long as it can be, whatever its case. An index holds the
// hashes of the terms of all texts of a row together, whichever column they are in. It may say yes where the answer is no, and never no
// where the answer is yes: what it is asked for is always a condition that follows from the query's (Need), and the rows of the blocks it
// names are still tested one by one.
//
// # Form
//
// 64 blocks of 2,048 rows make a segment. A segment is a table from the hash of each of its terms to the set of its blocks, a 64-bit map.
// In a file the table lies in buckets of about forty terms that are read and checked one at a time, so that a look-up costs two short
// reads a segment whatever the size of the file.
//
// It imports the standard library.
package terms

import (
	"unicode"
	"unicode/utf8"
)

// BlockRows is the number of rows of a block, SegmentBlocks the number of blocks of a segment.
const (
	BlockRows     = 2048
	SegmentBlocks = 64
)

// folded gives for each ASCII letter or digit its small form, 0 for every other byte.
var folded = func() (t [256]byte) {
	for c := byte(0); c < utf8.RuneSelf; c++ {
		switch {
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
			t[c] = c
		case c >= 'A' && c <= 'Z':
			t[c] = c + 'a' - 'A'
		}
	}
	return t
}()

const (
	seed  = 0x9E3779B97F4A7C15
	prime = 0xD6E8FEB86659FD93
)

// hashing is the hash of a term whose bytes come one after another: eight of them at a time are mixed in.
type hashing struct {
	h, w uint64
	n    uint32
}

func (x *hashing) add(c byte) {
	x.w = x.w<<8 | uint64(c)
	if x.n++; x.n&7 == 0 {
		x.h = mix(x.h ^ x.w)
		x.w = 0
	}
}

func (x *hashing) sum() uint64 { return mix(mix(x.h^x.w) ^ uint64(x.n)) }

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= prime
	h ^= h >> 29
	h *= seed
	return h ^ h>>32
}

// appendHashes appends the hashes of text's terms to dst.
func appendHashes[T string | []byte](dst []uint64, text T) []uint64 {
	x := hashing{h: seed}
	for i := 0; i < len(text); i++ {
		c := folded[text[i]]
		if c != 0 {
			x.add(c)
			continue
		}
		if text[i] >= utf8.RuneSelf {
			return appendRuneHashes(dst, x, string(text[i:]))
		}
		if x.n > 0 {
			dst = append(dst, x.sum())
			x = hashing{h: seed}
		}
	}
	if x.n > 0 {
		dst = append(dst, x.sum())
	}
	return dst
}

// appendRuneHashes goes on from a term that may have begun, in text of any script.
func appendRuneHashes(dst []uint64, x hashing, text string) []uint64 {
	var buf [utf8.UTFMax]byte
	for _, r := range text {
		r = fold(r)
		if isTerm(r) {
			for _, c := range utf8.AppendRune(buf[:0], r) {
				x.add(c)
			}
		} else if x.n > 0 {
			dst = append(dst, x.sum())
			x = hashing{h: seed}
		}
	}
	if x.n > 0 {
		dst = append(dst, x.sum())
	}
	return dst
}

// isTerm reports whether a folded character belongs to a term.
func isTerm(r rune) bool {
	if r < utf8.RuneSelf {
		return folded[r] != 0
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// fold gives the character that stands for all that differ from r by case only: the least of them, and the small letter in ASCII.
func fold(r rune) rune {
	if r < utf8.RuneSelf {
		if c := folded[r]; c != 0 {
			return rune(c)
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if least >= 'A' && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}
