package fn

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"math"
	mathbits "math/bits"

	"github.com/vedette-siem/vedette/kql/value"
)

// The primes of xxHash64.
const (
	xxPrime1 uint64 = 11400714785074694791
	xxPrime2 uint64 = 14029467366897019727
	xxPrime3 uint64 = 1609587929392839161
	xxPrime4 uint64 = 9650029242287828579
	xxPrime5 uint64 = 2870177450012600261
)

func xxRound(acc, in uint64) uint64 {
	return mathbits.RotateLeft64(acc+in*xxPrime2, 31) * xxPrime1
}

// xxHash64 is the hash of that name.
func xxHash64(b []byte, seed uint64) uint64 {
	n := uint64(len(b))
	var h uint64
	if n >= 32 {
		v := [4]uint64{seed + xxPrime1 + xxPrime2, seed + xxPrime2, seed, seed - xxPrime1}
		for ; len(b) >= 32; b = b[32:] {
			for i := range v {
				v[i] = xxRound(v[i], binary.LittleEndian.Uint64(b[8*i:]))
			}
		}
		h = mathbits.RotateLeft64(v[0], 1) + mathbits.RotateLeft64(v[1], 7) + mathbits.RotateLeft64(v[2], 12) + mathbits.RotateLeft64(v[3], 18)
		for _, x := range v {
			h = (h^xxRound(0, x))*xxPrime1 + xxPrime4
		}
	} else {
		h = seed + xxPrime5
	}
	h += n
	for ; len(b) >= 8; b = b[8:] {
		h = mathbits.RotateLeft64(h^xxRound(0, binary.LittleEndian.Uint64(b)), 27)*xxPrime1 + xxPrime4
	}
	if len(b) >= 4 {
		h = mathbits.RotateLeft64(h^uint64(binary.LittleEndian.Uint32(b))*xxPrime1, 23)*xxPrime2 + xxPrime3
		b = b[4:]
	}
	for _, c := range b {
		h = mathbits.RotateLeft64(h^uint64(c)*xxPrime5, 11) * xxPrime1
	}
	h ^= h >> 33
	h *= xxPrime2
	h ^= h >> 29
	h *= xxPrime3
	return h ^ h>>32
}

// hashBytes are what is hashed of a value: text as it is, numbers and times as their little-endian bytes.
func hashBytes(v value.Value) []byte {
	v = v.Inner()
	switch v.T {
	case value.Bool:
		return []byte{byte(v.I)}
	case value.Int:
		return binary.LittleEndian.AppendUint32(nil, uint32(v.I))
	case value.Long, value.Datetime, value.Timespan:
		return binary.LittleEndian.AppendUint64(nil, uint64(v.I))
	case value.Real:
		return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v.Real()))
	}
	return []byte(v.Text())
}

func hashOf(v value.Value) int64 {
	if isNull(v) {
		return 0
	}
	return int64(xxHash64(hashBytes(v), 0))
}

func evalHash(args []value.Value) value.Value { return modHash(hashOf(args[0]), args[1:]) }

// modHash gives the hash or its remainder by a modulus.
func modHash(h int64, mod []value.Value) value.Value {
	if len(mod) == 0 {
		return value.OfLong(h)
	}
	if mod[0].Null || mod[0].I == 0 {
		return value.NullOf(value.Long)
	}
	return value.OfLong(int64(uint64(h) % uint64(mod[0].I)))
}

func evalSeededHash(args []value.Value) value.Value {
	return modHash(int64(xxHash64(hashBytes(args[0]), uint64(args[2].I))), args[1:2])
}

func evalCRC32(args []value.Value) value.Value {
	return modHash(int64(crc32.Update(uint32(args[2].I), crc32.IEEETable, hashBytes(args[0]))), args[1:2])
}

func evalManyCRC32(args []value.Value) value.Value {
	sum := uint32(0)
	for _, a := range args {
		sum = crc32.Update(sum, crc32.IEEETable, hashBytes(a))
	}
	return value.OfLong(int64(sum))
}

func evalDjb2(args []value.Value) value.Value {
	h := uint64(5381)
	for _, c := range hashBytes(args[0]) {
		h = h*33 + uint64(c)
	}
	return modHash(int64(h), args[1:])
}

// digest makes an evaluation to the hexadecimal digest of a value's text.
func digest(sum func(b []byte) []byte) option {
	return pure(func(args []value.Value) value.Value {
		return value.OfString(hex.EncodeToString(sum([]byte(args[0].Text()))))
	})
}

func sumMD5(b []byte) []byte    { s := md5.Sum(b); return s[:] }
func sumSHA1(b []byte) []byte   { s := sha1.Sum(b); return s[:] }
func sumSHA256(b []byte) []byte { s := sha256.Sum256(b); return s[:] }

func evalNewGUID([]value.Value) value.Value {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return value.NullOf(value.GUID)
	}
	b[6], b[8] = b[6]&15|0x40, b[8]&63|0x80
	g, _ := value.ParseGUID(hex.EncodeToString(b[:]))
	return value.OfGUID(g)
}
