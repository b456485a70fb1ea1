package terms

import (
	"math/bits"
	"unicode/utf8"
)

// Need is what the terms of a row must have for a condition to hold. A nil Need asks for nothing.
type Need struct {
	hash uint64  // of the one term, when there are no parts
	any  bool    // of parts one is enough; otherwise all are needed
	of   []*Need // none with any set: no row will do
}

// Nothing is the need of a condition that no row meets.
var Nothing = &Need{any: true}

// Edges says at which ends of a text a term of its own is cut off there by the operator's meaning.
type Edges uint8

// The edges: x has "…" needs whole terms at Both ends, x startswith "…" only at the Start: its last term may be the beginning of a longer one.
const (
	Start Edges = 1 << iota
	End
	Both = Start | End
)

// Text gives the need of a condition that a text has s in it: all whole terms of s. A term at one of s's ends counts only when it is whole
// there. It is nil where s has none.
func Text(s string, whole Edges) *Need { return text(s, whole, func(string) bool { return true }) }

// JSONText is Text for texts that came out of a JSON text. Numbers are written in more than one way and count not.
func JSONText(s string, whole Edges) *Need { return text(s, whole, notNumber) }

func text(s string, whole Edges, ok func(term string) bool) *Need {
	var parts []*Need
	begin := -1
	end := func(to int) {
		cut := begin == 0 && whole&Start == 0 || to == len(s) && whole&End == 0
		if begin >= 0 && !cut && ok(s[begin:to]) {
			for _, h := range appendHashes(nil, s[begin:to]) {
				parts = append(parts, &Need{hash: h})
			}
		}
		begin = -1
	}
	for i, r := range s {
		if !isTerm(fold(r)) {
			end(i)
		} else if begin < 0 {
			begin = i
		}
	}
	end(len(s))
	return And(parts...)
}

// notNumber reports whether a term cannot be part of a number as JSON or a writer of numbers has it.
func notNumber(term string) bool {
	for _, r := range term {
		if r >= utf8.RuneSelf {
			return true
		}
		switch c := folded[r]; {
		case c >= '0' && c <= '9', c == 'e', c == 'x':
		default:
			return term != "nan" && term != "inf" && term != "infinity" && len(term) > 1
		}
	}
	return false
}

// And gives the need of conditions that all hold.
func And(needs ...*Need) *Need {
	var of []*Need
	for _, n := range needs {
		if n == Nothing {
			return Nothing
		}
		if n != nil {
			of = append(of, n)
		}
	}
	switch len(of) {
	case 0:
		return nil
	case 1:
		return of[0]
	}
	return &Need{of: of}
}

// Or gives the need of conditions of which one holds.
func Or(needs ...*Need) *Need {
	var of []*Need
	for _, n := range needs {
		if n == nil {
			return nil
		}
		if n != Nothing {
			of = append(of, n)
		}
	}
	switch len(of) {
	case 0:
		return Nothing
	case 1:
		return of[0]
	}
	return &Need{any: true, of: of}
}

// Terms counts the terms that a look-up may have to find.
func (n *Need) Terms() int {
	switch {
	case n == nil || n == Nothing:
		return 0
	case len(n.of) == 0:
		return 1
	}
	sum := 0
	for _, p := range n.of {
		sum += p.Terms()
	}
	return sum
}

// in gives the blocks that meet the need, by the blocks of each term.
func (n *Need) in(find func(hash uint64) (uint64, error)) (uint64, error) {
	switch {
	case n == nil:
		return ^uint64(0), nil
	case n == Nothing:
		return 0, nil
	case len(n.of) == 0:
		return find(n.hash)
	}
	blocks := uint64(0)
	if !n.any {
		blocks = ^uint64(0)
	}
	for _, p := range n.of {
		b, err := p.in(find)
		if err != nil {
			return 0, err
		}
		if n.any {
			blocks |= b
		} else if blocks &= b; blocks == 0 {
			break
		}
	}
	return blocks, nil
}

// Blocks is a set of blocks: bit b of word s is block 64*s+b.
type Blocks []uint64

// Len gives the number of blocks in the set.
func (b Blocks) Len() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// All calls f with each block of the set in order.
func (b Blocks) All(f func(block int)) {
	for s, w := range b {
		for ; w != 0; w &= w - 1 {
			f(s*SegmentBlocks + bits.TrailingZeros64(w))
		}
	}
}
