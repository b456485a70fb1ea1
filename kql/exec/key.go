package exec

import (
	"hash/maphash"

	"github.com/vedette-siem/vedette/kql/value"
)

// rowKey appends the grouping keys of all values.
func rowKey(b []byte, row Row) []byte {
	for i := range row {
		b = value.AppendKey(b, row[i])
	}
	return b
}

// keyIndex numbers keys 0, 1, 2 … in the order in which they were added. It holds no pointers but its own few, so that the garbage
// collector does not walk through millions of keys.
type keyIndex struct {
	mem   *account
	seed  maphash.Seed
	slots []keySlot // open addressing; their number is a power of two
	ends  []int     // of each key in text
	text  []byte
	bytes int64
}

// keySlot holds half of a key's hash and its number plus one; zero is a free slot.
type keySlot struct{ hash, key uint32 }

const (
	keyIndexSlots = 16
	keyIndexBytes = 32 // what a key needs beside its text
	keyIndexMax   = 1<<31 - 1
)

func newKeyIndex(mem *account) *keyIndex {
	return &keyIndex{mem: mem, seed: maphash.MakeSeed(), slots: make([]keySlot, keyIndexSlots)}
}

func (k *keyIndex) len() int { return len(k.ends) }

// at gives the text of a key.
func (k *keyIndex) at(id int) []byte {
	start := 0
	if id > 0 {
		start = k.ends[id-1]
	}
	return k.text[start:k.ends[id]]
}

// slot gives where key is, or the free slot where it would be.
func (k *keyIndex) slot(key []byte) (at, hash uint32) {
	hash = uint32(maphash.Bytes(k.seed, key) >> 32)
	mask := uint32(len(k.slots) - 1)
	for at = hash & mask; ; at = (at + 1) & mask {
		s := k.slots[at]
		if s.key == 0 || s.hash == hash && string(k.at(int(s.key-1))) == string(key) {
			return at, hash
		}
	}
}

// find gives the number of a key and whether it is there.
func (k *keyIndex) find(key []byte) (id int, ok bool) {
	at, _ := k.slot(key)
	return int(k.slots[at].key) - 1, k.slots[at].key != 0
}

// add gives the number of a key, and whether it had none before.
func (k *keyIndex) add(key []byte) (id int, isNew bool, err error) {
	at, hash := k.slot(key)
	if n := k.slots[at].key; n != 0 {
		return int(n) - 1, false, nil
	}
	if len(k.ends) >= keyIndexMax {
		return 0, false, errorf(Exhausted, "the query needs more than %d keys in one step", keyIndexMax)
	}
	n := int64(len(key)) + keyIndexBytes
	k.bytes += n
	if err := k.mem.grow(n); err != nil {
		return 0, false, err
	}
	k.text = append(k.text, key...)
	k.ends = append(k.ends, len(k.text))
	k.slots[at] = keySlot{hash, uint32(len(k.ends))}
	if 4*len(k.ends) > 3*len(k.slots) {
		k.spread()
	}
	return len(k.ends) - 1, true, nil
}

// spread doubles the slots.
func (k *keyIndex) spread() {
	old := k.slots
	k.slots = make([]keySlot, 2*len(old))
	mask := uint32(len(k.slots) - 1)
	for _, s := range old {
		if s.key == 0 {
			continue
		}
		at := s.hash & mask
		for k.slots[at].key != 0 {
			at = (at + 1) & mask
		}
		k.slots[at] = s
	}
}

func (k *keyIndex) free() { k.mem.free(k.bytes) }
