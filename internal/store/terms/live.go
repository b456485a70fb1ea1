package terms

import (
	"bytes"
	"sync"
)

// Live is the index of a table that grows, in memory: the newest segment as a Builder has it, older ones in the form of a file, a tenth of
// the size. Blocks of rows that go away stay in it until Keep. Its methods may be called by several goroutines at once.
type Live struct {
	mu      sync.RWMutex
	newest  *Builder
	number  int            // of the newest segment
	older   map[int]frozen // by number
	unknown map[int]bool   // segments with rows whose terms are not in; true where all of these can be read
}

// frozen is a segment in the form of a file; b is nil where it could not be written.
type frozen struct {
	segment
	b []byte
}

// NewLive makes an index whose segments before the one called next have rows that are not in yet.
func NewLive(next int) *Live {
	l := &Live{number: next, older: map[int]frozen{}, unknown: map[int]bool{}}
	for i := range next {
		l.unknown[i] = true
	}
	return l
}

// Add calls add with a builder that takes the texts of rows of a block. They must be in before the rows can be seen.
func (l *Live) Add(block int, add func(b *Builder)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := block / SegmentBlocks
	switch {
	case n < l.number: // written already: it is not known any more what it has
		delete(l.older, n)
		l.unknown[n] = false
		return
	case n > l.number && l.newest != nil:
		l.older[l.number] = l.newest.freeze()
		l.newest.Reset()
	}
	l.number = n
	if l.newest == nil {
		l.newest = newBuilder(liveTexts)
	}
	l.newest.Begin(block)
	add(l.newest)
	l.newest.Begin(0) // lets go of the texts
}

// Learn takes a segment whose terms were not in from a builder that has them all.
func (l *Live) Learn(number int, b *Builder) {
	w := b.freeze()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.unknown[number] && number < l.number {
		l.older[number] = w
		delete(l.unknown, number)
	}
}

// Unknown gives a segment whose terms are not in and can be learnt, and false when there is none.
func (l *Live) Unknown() (int, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for n, readable := range l.unknown {
		if readable {
			return n, true
		}
	}
	return 0, false
}

// Keep forgets all segments but those with rows. Nobody may be adding rows.
func (l *Live) Keep(rows map[int]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := range l.older {
		if !rows[n] {
			delete(l.older, n)
		}
	}
	for n := range l.unknown {
		if !rows[n] {
			delete(l.unknown, n)
		}
	}
	if l.newest != nil && !rows[l.number] {
		l.newest = nil
	}
}

// Find gives the blocks that may hold rows with what is needed, and how many blocks there are.
func (l *Live) Find(need *Need) (found Blocks, all int) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	found = make(Blocks, l.number+1)
	for n := range l.unknown {
		found[n], all = ^uint64(0), all+SegmentBlocks
	}
	for n, w := range l.older {
		all += SegmentBlocks
		blocks, err := need.in(func(h uint64) (uint64, error) { return w.look(bytes.NewReader(w.b), h|1) })
		if err != nil || w.b == nil {
			blocks = ^uint64(0)
		}
		found[n] = blocks
	}
	if l.newest != nil {
		found[l.number] = l.newest.Find(need)
		all += SegmentBlocks
	}
	return found, all
}

// freeze gives the segment in the form of a file.
func (b *Builder) freeze() frozen {
	k := bucketBits(b.n)
	p, _, err := b.encode(nil, nil, k)
	if err != nil {
		return frozen{}
	}
	return frozen{segment{0, int64(len(p)), k}, p}
}
