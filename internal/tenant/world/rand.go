package world

import "encoding/hex"

// rng is splitmix64: small, fast and the same everywhere. It is a value; copies go their own ways.
type rng struct{ s uint64 }

func (r *rng) next() uint64 {
	r.s += 0x9e3779b97f4a7c15
	return mix(r.s)
}

// n gives a number in [0, n).
func (r *rng) n(n int) int { return int((r.next() >> 33) % uint64(n)) }

// between gives a number in [lo, hi].
func (r *rng) between(lo, hi int) int { return lo + r.n(hi-lo+1) }

// chance is true in p of 100 cases.
func (r *rng) chance(p int) bool { return r.n(100) < p }

// float gives a number in [0, 1).
func (r *rng) float() float64 { return float64(r.next()>>11) / (1 << 53) }

func pick[T any](r *rng, list []T) T { return list[r.n(len(list))] }

func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// derive folds names and numbers into one identity; the same arguments give the same number.
func derive(seed uint64, name string, n uint64) uint64 {
	h := mix(seed ^ 0xa0761d6478bd642f)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return mix(h ^ mix(n+0x632be59bd9b4e019))
}

const hexDigits = "0123456789abcdef"

// appendHex appends n lower-case hexadecimal digits that id determines.
func appendHex(b []byte, id uint64, n int) []byte {
	r := rng{id}
	for n > 0 {
		v := r.next()
		for i := 0; i < 16 && n > 0; i++ {
			b = append(b, hexDigits[v>>60])
			v <<= 4
			n--
		}
	}
	return b
}

func hexString(id uint64, n int) string { return string(appendHex(nil, id, n)) }

// appendGUID appends the version-4 GUID that id determines.
func appendGUID(b []byte, id uint64) []byte {
	r := rng{id}
	var raw [16]byte
	x, y := r.next(), r.next()
	for i := 0; i < 8; i++ {
		raw[i], raw[8+i] = byte(x>>(8*i)), byte(y>>(8*i))
	}
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	for i, c := range raw {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, hexDigits[c>>4], hexDigits[c&15])
	}
	return b
}

func guidOf(id uint64) string { return string(appendGUID(make([]byte, 0, 36), id)) }

func guid(seed uint64, name string, n uint64) string { return guidOf(derive(seed, name, n)) }

// base64url gives n characters as in Exchange item ids.
func base64url(id uint64, n int) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	r := rng{id}
	b := make([]byte, n)
	for i := range b {
		b[i] = digits[r.next()>>58]
	}
	return string(b)
}

// mac gives a MAC address of the vendor with the given prefix (12 digits without separators).
func mac(prefix string, id uint64) string {
	return prefix + upper(hex.EncodeToString([]byte{byte(id), byte(id >> 8), byte(id >> 16)}))
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 32
		}
	}
	return string(b)
}
