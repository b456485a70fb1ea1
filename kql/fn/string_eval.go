package fn

import (
	"strings"
	"unicode/utf8"

	"github.com/vedette-siem/vedette/kql/value"
)

// Bounds on what one call may make, as Kusto's.
const (
	MaxArray = 1_048_576 // elements of an array
	MaxText  = 16 << 20  // bytes of a string
)

func str(s string) value.Value {
	if len(s) > MaxText {
		s = s[:MaxText]
	}
	return value.OfString(s)
}

// text makes an evaluation of one string to a string.
func text(e func(s string) string) option {
	return pure(func(args []value.Value) value.Value { return str(e(args[0].S)) })
}

func evalStrcat(args []value.Value) value.Value {
	var b strings.Builder
	for _, a := range args {
		if b.Len()+len(a.S) > MaxText {
			break
		}
		b.WriteString(a.S)
	}
	return value.OfString(b.String())
}

func evalStrcatDelim(args []value.Value) value.Value {
	parts := make([]string, len(args)-1)
	for i, a := range args[1:] {
		parts[i] = a.S
	}
	return str(strings.Join(parts, args[0].S))
}

func evalStrcatArray(args []value.Value) value.Value {
	a, ok := arrayOf(args[0])
	if !ok {
		return value.OfString("")
	}
	parts := make([]string, len(a))
	for i, e := range a {
		parts[i] = e.Text()
	}
	return str(strings.Join(parts, args[1].S))
}

func evalStrcmp(args []value.Value) value.Value {
	return value.OfLong(int64(strings.Compare(args[0].S, args[1].S)))
}

func evalStrrep(args []value.Value) value.Value {
	n := min(args[1].I, 1024)
	if args[1].Null || n <= 0 {
		return value.OfString("")
	}
	delim := ""
	if len(args) > 2 {
		delim = args[2].S
	}
	if int(n)*(len(args[0].S)+len(delim)) > MaxText {
		return value.OfString("")
	}
	return str(strings.Repeat(args[0].S+delim, int(n)-1) + args[0].S)
}

func evalStrlen(args []value.Value) value.Value {
	return value.OfLong(int64(utf8.RuneCountInString(args[0].S)))
}

func evalStringSize(args []value.Value) value.Value { return value.OfLong(int64(len(args[0].S))) }

func evalCodePoints(args []value.Value) value.Value {
	a := value.Array{}
	for _, r := range args[0].S {
		if len(a) == MaxArray {
			break
		}
		a = append(a, value.OfLong(int64(r)))
	}
	return value.OfArray(a)
}

func evalFromCodePoints(args []value.Value) value.Value {
	var b strings.Builder
	eachMember(args, func(v value.Value) bool {
		if n := value.Convert(v, value.Long); !n.Null && n.I > 0 && n.I <= utf8.MaxRune {
			b.WriteRune(rune(n.I))
		}
		return b.Len() < MaxText
	})
	return str(b.String())
}

// runeOffset gives the byte position of the n-th character, or the text's length.
func runeOffset(s string, n int64) int {
	if n >= int64(len(s)) && isASCII(s) {
		return len(s)
	}
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

func evalSubstring(args []value.Value) value.Value {
	s, start := args[0].S, args[1].I
	if args[1].Null {
		return value.OfString("")
	}
	if start < 0 {
		start = max(start+int64(utf8.RuneCountInString(s)), 0)
	}
	s = s[runeOffset(s, start):]
	if len(args) > 2 && !args[2].Null {
		s = s[:runeOffset(s, max(args[2].I, 0))]
	}
	return value.OfString(s)
}

// evalIndexof finds the occurrence-th text that begins within a part of the string; positions count characters.
func evalIndexof(args []value.Value) value.Value {
	return indexWith(args, func(s, match string) (from, to int) {
		i := strings.Index(s, match)
		return i, i + len(match)
	})
}

func evalIndexofRegex(args []value.Value) value.Value {
	re, err := compileRegex(args[1].S)
	if err != nil || len(args) > 2 && args[2].I < 0 {
		return value.NullOf(value.Long)
	}
	return indexWith(args, func(s, _ string) (from, to int) {
		m := re.Find(s)
		if m == nil {
			return -1, 0
		}
		return m[0], m[1]
	})
}

func indexWith(args []value.Value, find func(s, match string) (from, to int)) value.Value {
	s, match := args[0].S, args[1].S
	number := func(i int, def int64) int64 {
		if len(args) > i && !args[i].Null {
			return args[i].I
		}
		return def
	}
	start, length, occurrence := number(2, 0), number(3, -1), number(4, 1)
	if occurrence <= 0 || length < -1 {
		return value.NullOf(value.Long)
	}
	count := int64(utf8.RuneCountInString(s))
	if start < 0 {
		start = max(start+count, 0)
	}
	if start > count {
		return value.OfLong(-1)
	}
	base := runeOffset(s, start)
	part := s[base:]
	last := len(part) // where a match may begin at the latest
	if length >= 0 {
		last = runeOffset(part, length) - 1
	}
	for at := 0; at <= len(part); {
		i, to := find(part[at:], match)
		if i < 0 || at+i > last {
			break
		}
		if occurrence--; occurrence == 0 {
			return value.OfLong(int64(utf8.RuneCountInString(s[:base+at+i])))
		}
		if to == 0 {
			_, size := utf8.DecodeRuneInString(part[at:])
			to = max(size, 1)
		}
		at += to
	}
	return value.OfLong(-1)
}

func evalHasAnyIndex(args []value.Value) value.Value {
	a, ok := arrayOf(args[1])
	if !ok {
		return value.NullOf(value.Long)
	}
	s := foldText(args[0].S)
	for i, e := range a {
		if hasTerm(s, foldText(e.Text()), true, true) {
			return value.OfLong(int64(i))
		}
	}
	return value.OfLong(-1)
}

func reverseText(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func evalSplit(args []value.Value) value.Value {
	s, delim := args[0].S, args[1].S
	var parts []string
	if delim == "" {
		parts = []string{s}
	} else {
		parts = strings.SplitN(s, delim, MaxArray)
	}
	if len(args) > 2 && !args[2].Null {
		i := args[2].I
		if i < 0 || i >= int64(len(parts)) {
			return value.NullOf(value.Dynamic)
		}
		parts = parts[i : i+1]
	}
	return stringArray(parts)
}

func stringArray(parts []string) value.Value {
	a := make(value.Array, len(parts))
	for i, p := range parts {
		a[i] = value.OfString(p)
	}
	return value.OfArray(a)
}

func evalReplaceString(args []value.Value) value.Value {
	return replaceAll(args[0].S, args[1].S, args[2].S)
}

func replaceAll(s, lookup, rewrite string) value.Value {
	if lookup == "" || len(rewrite) > len(lookup) && strings.Count(s, lookup)*(len(rewrite)-len(lookup))+len(s) > MaxText {
		return value.OfString(s)
	}
	return value.OfString(strings.ReplaceAll(s, lookup, rewrite))
}

// evalReplaceStrings replaces the texts one after the other; what was put in is not replaced again. What is no
// string does not replace, but what it stands for is taken.
func evalReplaceStrings(args []value.Value) value.Value {
	lookups, ok := arrayOf(args[1])
	rewrites, ok2 := arrayOf(args[2])
	if !ok || !ok2 {
		return args[0]
	}
	type piece struct {
		text string
		done bool
	}
	pieces := []piece{{text: args[0].S}}
	size := len(args[0].S)
	for i, l := range lookups {
		if i >= len(rewrites) || l.T != value.String || l.S == "" {
			continue
		}
		rewrite := l.S
		if rewrites[i].T == value.String {
			rewrite = rewrites[i].S
		}
		var next []piece
		for _, p := range pieces {
			if p.done {
				next = append(next, p)
				continue
			}
			for k, part := range strings.Split(p.text, l.S) {
				if k > 0 {
					next = append(next, piece{rewrite, true})
					size += len(rewrite) - len(l.S)
				}
				next = append(next, piece{text: part})
			}
		}
		if size > MaxText {
			return args[0]
		}
		pieces = next
	}
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return value.OfString(b.String())
}

// evalTranslate replaces characters; the second list is continued with its last character, and characters are removed where it is empty.
func evalTranslate(args []value.Value) value.Value {
	from, to := []rune(args[0].S), []rune(args[1].S)
	m := map[rune]rune{}
	for i, r := range from {
		if _, seen := m[r]; seen {
			continue
		}
		switch {
		case i < len(to):
			m[r] = to[i]
		case len(to) > 0:
			m[r] = to[len(to)-1]
		default:
			m[r] = -1
		}
	}
	return value.OfString(strings.Map(func(r rune) rune {
		if x, ok := m[r]; ok {
			return x
		}
		return r
	}, args[2].S))
}

func evalCountof(args []value.Value) value.Value {
	s, search := args[0].S, args[1].S
	n := int64(0)
	if len(args) > 2 && args[2].S == "regex" {
		re, err := compileRegex(search)
		if err != nil {
			return value.NullOf(value.Long)
		}
		return value.OfLong(int64(len(re.FindAll(s, -1))))
	}
	if search == "" {
		return value.OfLong(0)
	}
	for {
		i := strings.Index(s, search)
		if i < 0 {
			return value.OfLong(n)
		}
		n++
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
	}
}

func evalIsASCII(args []value.Value) value.Value { return value.OfBool(isASCII(args[0].S)) }

func evalIsUTF8(args []value.Value) value.Value {
	return value.OfBool(utf8.ValidString(args[0].S))
}

// quoteRegex escapes what means something in a regular expression.
func quoteRegex(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(`\.+*?()|[]{}^$#&-~`, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
