package fn

import (
	"math/big"
	"net/netip"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// parseV4 reads an IPv4 address with an optional netmask (of 32 bits where there is none).
func parseV4(s string) (ip uint32, prefix int, ok bool) {
	s = strings.TrimSpace(s)
	addr, mask, masked := strings.Cut(s, "/")
	prefix = 32
	if masked {
		n, err := strconv.Atoi(mask)
		if err != nil || n < 0 || n > 32 {
			return 0, 0, false
		}
		prefix = n
	}
	parts := strings.Split(addr, ".")
	if len(parts) != 4 {
		return 0, 0, false
	}
	for _, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil || len(p) > 3 {
			return 0, 0, false
		}
		ip = ip<<8 | uint32(n)
	}
	return ip, prefix, true
}

func mask4(ip uint32, prefix int) uint32 {
	return ip & uint32(^uint64(0)<<(32-prefix))
}

func v4Text(ip uint32) string {
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}).String()
}

// givenPrefix reads an optional prefix argument; ok is false where it is out of range.
func givenPrefix(args []value.Value, at, max int) (n int, ok bool) {
	if at >= len(args) {
		return max, true
	}
	if args[at].Null || args[at].I < 0 || args[at].I > int64(max) {
		return 0, false
	}
	return int(args[at].I), true
}

func evalParseIPv4(args []value.Value) value.Value {
	ip, prefix, ok := parseV4(args[0].S)
	if !ok {
		return value.NullOf(value.Long)
	}
	return value.OfLong(int64(mask4(ip, prefix)))
}

func evalParseIPv4Mask(args []value.Value) value.Value {
	ip, prefix, ok := parseV4(args[0].S)
	given, ok2 := givenPrefix(args, 1, 32)
	if !ok || !ok2 {
		return value.NullOf(value.Long)
	}
	return value.OfLong(int64(mask4(ip, min(prefix, given))))
}

// compareV4 compares two addresses under the shortest of all netmasks.
func compareV4(args []value.Value) (c int64, ok bool) {
	a, p, ok := parseV4(args[0].S)
	b, q, ok2 := parseV4(args[1].S)
	given, ok3 := givenPrefix(args, 2, 32)
	if !ok || !ok2 || !ok3 {
		return 0, false
	}
	n := min(p, q, given)
	a, b = mask4(a, n), mask4(b, n)
	switch {
	case a < b:
		return -1, true
	case a > b:
		return 1, true
	}
	return 0, true
}

// compareIP makes the evaluations of ipv4_compare, ipv6_compare (to long) and of ipv4_is_match, ipv6_is_match (to bool).
func compareIP(compare func(args []value.Value) (int64, bool), match bool) option {
	return pure(func(args []value.Value) value.Value {
		c, ok := compare(args)
		switch {
		case !match && ok:
			return value.OfLong(c)
		case ok:
			return value.OfBool(c == 0)
		case match:
			return nullBool
		}
		return value.NullOf(value.Long)
	})
}

// privateV4 are the networks of RFC 1918.
var privateV4 = [...]struct {
	ip     uint32
	prefix int
}{{10 << 24, 8}, {172<<24 | 16<<16, 12}, {192<<24 | 168<<16, 16}}

func evalIPv4IsPrivate(args []value.Value) value.Value {
	ip, prefix, ok := parseV4(args[0].S)
	if !ok {
		return nullBool
	}
	for _, n := range privateV4 {
		if prefix >= n.prefix && mask4(ip, n.prefix) == n.ip {
			return value.OfBool(true)
		}
	}
	return value.OfBool(false)
}

// inRangeV4 reports whether an address lies in a CIDR range.
func inRangeV4(ip, cidr string) (in, ok bool) {
	a, p, ok := parseV4(ip)
	b, q, ok2 := parseV4(cidr)
	if !ok || !ok2 {
		return false, false
	}
	n := min(p, q)
	return mask4(a, n) == mask4(b, n) && p >= q, true
}

// inRange1 makes the evaluations of ipv4_is_in_range and ipv6_is_in_range.
func inRange1(in func(ip, cidr string) (bool, bool)) option {
	return pure(func(args []value.Value) value.Value {
		b, ok := in(args[0].S, args[1].S)
		if !ok {
			return nullBool
		}
		return value.OfBool(b)
	})
}

// inAnyRange makes the evaluations of …_is_in_any_range: null where the address, or every range, is none.
func inAnyRange(in func(ip, cidr string) (bool, bool)) option {
	return pure(func(args []value.Value) value.Value {
		found, valid := false, false
		eachMember(args[1:], func(v value.Value) bool {
			b, ok := in(args[0].S, v.Text())
			found, valid = found || b, valid || ok
			return !found
		})
		if !valid {
			return nullBool
		}
		return value.OfBool(found)
	})
}

func evalNetmaskSuffix(args []value.Value) value.Value {
	_, prefix, ok := parseV4(args[0].S)
	if !ok {
		return value.NullOf(value.Long)
	}
	return value.OfLong(int64(prefix))
}

// evalFormatIPv4 writes an address (text or number) under a netmask, with the mask's length behind it where withMask is set.
func evalFormatIPv4(withMask bool) option {
	return pure(func(args []value.Value) value.Value {
		given, ok := givenPrefix(args, 1, 32)
		ip, prefix, ok2 := parseV4(args[0].Text())
		if n := args[0].Inner(); isInteger(n.T) && !n.Null && n.I >= 0 && n.I <= 1<<32-1 {
			ip, prefix, ok2 = uint32(n.I), 32, true
		}
		if !ok || !ok2 {
			return value.OfString("")
		}
		n := min(prefix, given)
		s := v4Text(mask4(ip, n))
		if withMask {
			s += "/" + strconv.Itoa(n)
		}
		return value.OfString(s)
	})
}

func evalCIDRList(args []value.Value) value.Value {
	a, _, ok := parseV4(args[0].S)
	b, _, ok2 := parseV4(args[1].S)
	if !ok || !ok2 || a > b {
		return nullDynamic
	}
	out := value.Array{}
	for at, end := uint64(a), uint64(b); at <= end; {
		bits := 0
		for bits < 32 && at&(1<<bits) == 0 && at+(1<<(bits+1))-1 <= end {
			bits++
		}
		out = append(out, value.OfString(v4Text(uint32(at))+"/"+strconv.Itoa(32-bits)))
		at += 1 << bits
	}
	return value.OfArray(out)
}

// parseV6 reads an IPv6 address, or an IPv4 address as ::ffff:a.b.c.d, with an optional netmask. The mask of anything written in the
// IPv4 notation counts its 32 bits.
func parseV6(s string) (ip [16]byte, prefix int, ok bool) {
	s = strings.TrimSpace(s)
	addr, mask, masked := strings.Cut(s, "/")
	a, err := netip.ParseAddr(addr)
	if err != nil || a.Zone() != "" {
		return ip, 0, false
	}
	prefix = 128
	if masked {
		n, err := strconv.Atoi(mask)
		dotted := strings.Contains(addr, ".")
		if err != nil || n < 0 || n > 128 || dotted && n > 32 {
			return ip, 0, false
		}
		if dotted {
			n += 96
		}
		prefix = n
	}
	return a.As16(), prefix, true
}

func mask6(ip [16]byte, prefix int) [16]byte {
	for i := range ip {
		switch keep := prefix - 8*i; {
		case keep <= 0:
			ip[i] = 0
		case keep < 8:
			ip[i] &= 0xFF << (8 - keep)
		}
	}
	return ip
}

// v6Text writes all eight groups with four digits.
func v6Text(ip [16]byte) string {
	var b strings.Builder
	for i := 0; i < 16; i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		s := strconv.FormatUint(uint64(ip[i])<<8|uint64(ip[i+1]), 16)
		b.WriteString("0000"[len(s):] + s)
	}
	return b.String()
}

func evalParseIPv6(args []value.Value) value.Value {
	ip, prefix, ok := parseV6(args[0].S)
	given, ok2 := givenPrefix(args, 1, 128)
	if !ok || !ok2 {
		return value.OfString("")
	}
	return value.OfString(v6Text(mask6(ip, min(prefix, given))))
}

// mappedV6 reads an address as parseV6 does, but ::a.b.c.d as the IPv4 address that it shows.
func mappedV6(s string) (ip [16]byte, prefix int, ok bool) {
	ip, prefix, ok = parseV6(s)
	if ok && strings.Contains(s, ".") && [12]byte(ip[:12]) == [12]byte{} {
		ip[10], ip[11] = 0xFF, 0xFF
	}
	return ip, prefix, ok
}

func compareV6(args []value.Value) (int64, bool) {
	a, p, ok := mappedV6(args[0].S)
	b, q, ok2 := mappedV6(args[1].S)
	given, ok3 := givenPrefix(args, 2, 128)
	if !ok || !ok2 || !ok3 {
		return 0, false
	}
	n := min(p, q, given)
	a, b = mask6(a, n), mask6(b, n)
	return int64(new(big.Int).SetBytes(a[:]).Cmp(new(big.Int).SetBytes(b[:]))), true
}

func inRangeV6(ip, cidr string) (in, ok bool) {
	a, p, ok := mappedV6(ip)
	b, q, ok2 := mappedV6(cidr)
	if !ok || !ok2 {
		return false, false
	}
	n := min(p, q)
	return mask6(a, n) == mask6(b, n) && p >= q, true
}

// addressesIn calls f for every IPv4 address in a text that stands alone between characters other than letters, digits and points.
func addressesIn(s string, f func(ip string) bool) bool {
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' || i > 0 && (alnumBefore(s, i) || s[i-1] == '.') {
			i++
			continue
		}
		end := i
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
			end++
		}
		ip := strings.TrimRight(s[i:end], ".")
		if _, _, ok := parseV4(ip); ok && !alnumAt(s, end) && f(ip) {
			return true
		}
		i = end
	}
	return false
}

// hasIP makes the evaluations of the has_ipv4 family.
func hasIP(prefix bool) option {
	return pure(func(args []value.Value) value.Value {
		found := false
		eachMember(args[1:], func(v value.Value) bool {
			x := v.Text()
			if prefix {
				if !strings.HasSuffix(x, ".") {
					if _, _, ok := parseV4(x); !ok {
						return true
					}
				}
				found = addressesIn(args[0].S, func(ip string) bool { return strings.HasPrefix(ip, x) && (strings.HasSuffix(x, ".") || ip == x) })
				return !found
			}
			want, _, ok := parseV4(x)
			found = ok && addressesIn(args[0].S, func(ip string) bool { got, _, _ := parseV4(ip); return got == want })
			return !found
		})
		return value.OfBool(found)
	})
}
