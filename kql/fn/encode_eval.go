package fn

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/vedette-siem/vedette/kql/value"
)

// urlEncode writes the bytes of a text that are neither letters, digits nor one of -_.!*() as %xx; a space as told.
func urlEncode(space string) func(s string) string {
	return func(s string) string {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			switch c := s[i]; {
			case isAlnumByte(c) || strings.IndexByte("-_.!*()", c) >= 0:
				b.WriteByte(c)
			case c == ' ':
				b.WriteString(space)
			default:
				b.WriteByte('%')
				b.WriteByte(hexLower[c>>4])
				b.WriteByte(hexLower[c&15])
			}
		}
		return b.String()
	}
}

const hexLower = "0123456789abcdef"

// urlDecode reads %xx and +; what is no escape stays as it is.
func urlDecode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b.WriteByte(' ')
		case s[i] == '%' && i+2 < len(s):
			if x, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b.Write(x)
				i += 2
				continue
			}
			b.WriteByte('%')
		default:
			b.WriteByte(s[i])
		}
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

func decode64(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(s))
	return b, err == nil
}

func evalEncode64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func evalDecode64(s string) string {
	b, ok := decode64(s)
	if !ok || !utf8.Valid(b) {
		return ""
	}
	return string(b)
}

func evalDecode64Array(args []value.Value) value.Value {
	b, ok := decode64(args[0].S)
	if !ok || len(b) > MaxArray {
		return nullDynamic
	}
	a := make(value.Array, len(b))
	for i, c := range b {
		a[i] = value.OfLong(int64(c))
	}
	return value.OfArray(a)
}

func evalEncode64Array(args []value.Value) value.Value {
	a, ok := arrayOf(args[0])
	if !ok {
		return value.OfString("")
	}
	b := make([]byte, len(a))
	for i, v := range a {
		n := value.Convert(v, value.Long)
		if n.Null || n.I < 0 || n.I > 255 {
			return value.OfString("")
		}
		b[i] = byte(n.I)
	}
	return value.OfString(base64.StdEncoding.EncodeToString(b))
}

// guidBytes swaps between a guid's text order and its order in memory: the first three groups are little-endian.
func guidBytes(b []byte) []byte {
	return []byte{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]}
}

func evalDecode64GUID(args []value.Value) value.Value {
	b, ok := decode64(args[0].S)
	if !ok || len(b) != 16 {
		return value.NullOf(value.GUID)
	}
	g, _ := value.ParseGUID(hex.EncodeToString(guidBytes(b)))
	return value.OfGUID(g)
}

func evalEncode64GUID(args []value.Value) value.Value {
	b, err := hex.DecodeString(strings.ReplaceAll(args[0].S, "-", ""))
	if args[0].Null || err != nil || len(b) != 16 {
		return value.OfString("")
	}
	return value.OfString(base64.StdEncoding.EncodeToString(guidBytes(b)))
}

// The parameters of punycode (RFC 3492).
const (
	punyBase, punyMin, punyMax, punySkew, punyDamp, punyBias, punyN = 36, 1, 26, 38, 700, 72, 128
)

func punyAdapt(delta, n int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / n
	k := 0
	for delta > (punyBase-punyMin)*punyMax/2 {
		delta /= punyBase - punyMin
		k += punyBase
	}
	return k + (punyBase-punyMin+1)*delta/(delta+punySkew)
}

func punyThreshold(k, bias int) int { return min(max(k-bias, punyMin), punyMax) }

// maxPuny bounds texts for punycode, whose cost is quadratic.
const maxPuny = 4096

func punyEncode(s string) string {
	in := []rune(s)
	if len(in) > maxPuny {
		return ""
	}
	var out []byte
	for _, r := range in {
		if r < punyN {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := punyN, 0, punyBias
	for done := basic; done < len(in); {
		next := rune(utf8.MaxRune)
		for _, r := range in {
			if int(r) >= n && r < next {
				next = r
			}
		}
		delta += (int(next) - n) * (done + 1)
		n = int(next)
		for _, r := range in {
			if int(r) < n {
				delta++
			}
			if int(r) != n {
				continue
			}
			q := delta
			for k := punyBase; ; k += punyBase {
				t := punyThreshold(k, bias)
				if q < t {
					break
				}
				out = append(out, punyDigit(t+(q-t)%(punyBase-t)))
				q = (q - t) / (punyBase - t)
			}
			out = append(out, punyDigit(q))
			bias = punyAdapt(delta, done+1, done == basic)
			delta = 0
			done++
		}
		delta++
		n++
	}
	return string(out)
}

func punyDigit(d int) byte {
	if d < 26 {
		return byte('a' + d)
	}
	return byte('0' + d - 26)
}

func punyDecode(s string) string {
	var out []rune
	if at := strings.LastIndexByte(s, '-'); at >= 0 {
		out, s = []rune(s[:at]), s[at+1:]
	}
	if len(s)+len(out) > maxPuny {
		return ""
	}
	n, i, bias := punyN, 0, punyBias
	for at := 0; at < len(s); {
		old, w := i, 1
		for k := punyBase; ; k += punyBase {
			if at == len(s) {
				return ""
			}
			c := s[at] | 0x20
			at++
			d := -1
			switch {
			case c >= 'a' && c <= 'z':
				d = int(c - 'a')
			case s[at-1] >= '0' && s[at-1] <= '9':
				d = int(s[at-1]-'0') + 26
			}
			if d < 0 || w > 1<<40 {
				return ""
			}
			i += d * w
			t := punyThreshold(k, bias)
			if d < t {
				break
			}
			w *= punyBase - t
		}
		bias = punyAdapt(i-old, len(out)+1, old == 0)
		n += i / (len(out) + 1)
		i %= len(out) + 1
		if n > utf8.MaxRune {
			return ""
		}
		out = append(out[:i], append([]rune{rune(n)}, out[i:]...)...)
		i++
	}
	return string(out)
}

// domainLabels applies f to the labels of a domain name, whose separators become points.
func domainLabels(f func(label string) string) func(s string) string {
	dots := strings.NewReplacer("\u3002", ".", "\uFF0E", ".", "\uFF61", ".")
	return func(s string) string {
		labels := strings.Split(dots.Replace(s), ".")
		for i, l := range labels {
			labels[i] = f(l)
		}
		return strings.Join(labels, ".")
	}
}

func labelToPuny(l string) string {
	if isASCII(l) {
		return l
	}
	return "xn--" + punyEncode(l)
}

func labelOfPuny(l string) string {
	if len(l) > 4 && strings.EqualFold(l[:4], "xn--") {
		return punyDecode(l[4:])
	}
	return labelToPuny(l)
}
