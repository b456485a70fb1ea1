package ingest

import (
	"encoding/binary"
	"math/bits"
)

// hashing gives 64-bit hashes that start from a secret, so that nobody outside can make two records that collide. It takes 48 bytes a
// round in three independent lanes of 64×64→128 bit multiplications.
type hashing struct{ seed uint64 }

const (
	k0 = 0x8ebc6af09c88c6e3
	k1 = 0x589965cc75374cc3
	k2 = 0x1d8e4e27c47d124f
	k3 = 0xa0761d6478bd642f
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

func le(p []byte) uint64 { return binary.LittleEndian.Uint64(p) }

// sum continues the hash h with p.
func (s hashing) sum(h uint64, p []byte) uint64 {
	n := uint64(len(p))
	a := mix(h^s.seed^k0, n^k1)
	b, c := a^k2, a^k3
	for len(p) >= 48 {
		a = mix(le(p)^k1^s.seed, le(p[8:])^a)
		b = mix(le(p[16:])^k2^s.seed, le(p[24:])^b)
		c = mix(le(p[32:])^k3^s.seed, le(p[40:])^c)
		p = p[48:]
	}
	a ^= b ^ c
	for len(p) >= 16 {
		a = mix(le(p)^k1^s.seed, le(p[8:])^a)
		p = p[16:]
	}
	var tail [16]byte
	copy(tail[:], p)
	return mix(le(tail[:])^a^k1, le(tail[8:])^s.seed^k2^n)
}

// text continues the hash h with s.
func (s hashing) text(h uint64, t string) uint64 { return s.sum(h, []byte(t)) }
