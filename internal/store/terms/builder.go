package terms

import (
	"bytes"
	"hash/maphash"
)

// Builder gathers the terms of one segment. It is used by one goroutine at a time.
type Builder struct {
	keys   []uint64 // hashes of terms, 0 where the slot is free
	blocks []uint64 // blocks that have them
	n      int
	block  int
	recent [][]byte // texts of the block whose terms are in already
	seed   maphash.Seed
	hashes []uint64
	plain  []byte
}

// recentTexts is how many texts a builder remembers: most columns repeat a few values. One of a Live remembers fewer, for there are many.
const (
	recentTexts = 1 << 13
	liveTexts   = 1 << 10
)

// NewBuilder makes a builder of an empty segment.
func NewBuilder() *Builder { return newBuilder(recentTexts) }

func newBuilder(recent int) *Builder {
	b := &Builder{seed: maphash.MakeSeed(), recent: make([][]byte, recent)}
	b.grow(1 << 10)
	return b
}

// Reset empties the builder and keeps its memory.
func (b *Builder) Reset() {
	clear(b.keys)
	clear(b.blocks)
	b.n = 0
	b.Begin(0)
}

// Begin says that the texts to come are of a block, counted from the segment's first. Texts given before may change from now on.
func (b *Builder) Begin(block int) {
	b.block = block & (SegmentBlocks - 1)
	clear(b.recent)
}

// Add adds the terms of a text. The text must not change before the next Begin.
func (b *Builder) Add(text []byte) {
	if len(text) > 0 && !b.repeated(text) {
		b.add(text)
	}
}

// AddJSON adds the terms of a JSON text and those of the strings in it, as they are with and without escapes. The text must not change
// before the next Begin.
func (b *Builder) AddJSON(text []byte) {
	if len(text) == 0 || b.repeated(text) {
		return
	}
	b.add(text)
	if bytes.IndexByte(text, '\\') < 0 {
		return
	}
	// What escapes stand for: the text of a string taken out. Then the same with control characters escaped: the text of a value that was
	// read and written again, where \u0041 has become A and what follows a line's end still follows the n of \n.
	b.plain = unescape(b.plain[:0], text, false)
	b.add(b.plain)
	b.plain = unescape(b.plain[:0], text, true)
	b.add(b.plain)
}

// repeated reports whether the block had this very text among the last ones, and remembers it.
func (b *Builder) repeated(text []byte) bool {
	slot := &b.recent[maphash.Bytes(b.seed, text)%uint64(len(b.recent))]
	if bytes.Equal(*slot, text) {
		return true
	}
	*slot = text
	return false
}

func (b *Builder) add(text []byte) {
	b.hashes = appendHashes(b.hashes[:0], text)
	bit := uint64(1) << b.block
	for _, h := range b.hashes {
		*b.slot(h | 1) |= bit
	}
}

// slot gives the blocks of a key, which it adds when it is new.
func (b *Builder) slot(key uint64) *uint64 {
	mask := uint64(len(b.keys) - 1)
	for i := key >> 1 & mask; ; i = (i + 1) & mask {
		switch b.keys[i] {
		case key:
			return &b.blocks[i]
		case 0:
			if b.n*3 > len(b.keys)*2 {
				b.grow(2 * len(b.keys))
				return b.slot(key)
			}
			b.keys[i] = key
			b.n++
			return &b.blocks[i]
		}
	}
}

func (b *Builder) grow(size int) {
	keys, blocks := b.keys, b.blocks
	b.keys, b.blocks, b.n = make([]uint64, size), make([]uint64, size), 0
	for i, k := range keys {
		if k != 0 {
			*b.slot(k) = blocks[i]
		}
	}
}

// Len gives the number of different terms.
func (b *Builder) Len() int { return b.n }

// find gives the blocks that have the term with hash h.
func (b *Builder) find(h uint64) (uint64, error) {
	key := h | 1
	mask := uint64(len(b.keys) - 1)
	for i := key >> 1 & mask; ; i = (i + 1) & mask {
		switch b.keys[i] {
		case key:
			return b.blocks[i], nil
		case 0:
			return 0, nil
		}
	}
}

// Find gives the blocks of the segment that may hold rows with what is needed.
func (b *Builder) Find(need *Need) uint64 {
	blocks, _ := need.in(b.find) // a builder's look-up cannot fail
	return blocks
}
