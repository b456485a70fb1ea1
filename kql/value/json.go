package value

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the value as Kusto's v2 REST answers carry it: numbers as numbers, NaN and the infinities as text, datetimes in
// ISO 8601 without zeros at the end of the fraction, decimals, timespans and guids as text, dynamics as JSON, null as null.
func (v Value) AppendJSON(b []byte) []byte {
	if v.T == String {
		return AppendQuoted(b, v.S)
	}
	if v.Null {
		return append(b, "null"...)
	}
	switch v.T {
	case Bool, Int, Long:
		return v.AppendText(b)
	case Datetime:
		b = append(b, '"')
		b = AppendDatetime(b, v.I, true)
		return append(b, '"')
	case Real:
		return appendJSONReal(b, v.Real())
	case Dynamic:
		return AppendDynamic(b, v)
	}
	b = append(b, '"')
	b = v.AppendText(b)
	return append(b, '"')
}

func appendJSONReal(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		b = append(b, '"')
		b = AppendReal(b, f)
		return append(b, '"')
	}
	return AppendReal(b, f)
}

// AppendDynamic appends a dynamic as compact JSON text, scalars inside it in their dynamic form (a string with quotes, a datetime with
// seven fraction digits). A null is "null".
func AppendDynamic(b []byte, v Value) []byte {
	if v.Null && v.T != String {
		return append(b, "null"...)
	}
	switch v.T {
	case Dynamic:
		switch x := v.X.(type) {
		case Array:
			b = append(b, '[')
			for i, e := range x {
				if i > 0 {
					b = append(b, ',')
				}
				b = AppendDynamic(b, e)
			}
			return append(b, ']')
		case *Bag:
			b = append(b, '{')
			for i, k := range x.Keys {
				if i > 0 {
					b = append(b, ',')
				}
				b = AppendQuoted(b, k)
				b = append(b, ':')
				b = AppendDynamic(b, x.Vals[i])
			}
			return append(b, '}')
		case Value:
			return AppendDynamic(b, x)
		}
		return append(b, "null"...)
	case Bool, Int, Long:
		return v.AppendText(b)
	case Real:
		if f := v.Real(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return appendNested(b, f)
		}
	case String:
		return AppendQuoted(b, v.S)
	}
	b = append(b, '"')
	b = v.AppendText(b)
	return append(b, '"')
}

const hexDigits = "0123456789abcdef"

// AppendQuoted appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func AppendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, s[from:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			case '\b':
				b = append(b, '\\', 'b')
			case '\f':
				b = append(b, '\\', 'f')
			default:
				b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			from = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			b = append(b, s[from:i]...)
			b = append(b, "\uFFFD"...)
			i++
			from = i
			continue
		}
		i += n
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// MaxDepth is how deep arrays and bags may be nested in JSON text.
const MaxDepth = 128

// ParseJSON reads JSON text into a dynamic: the order of keys is kept (the last of equal keys counts), whole numbers of 64 bits are
// long, others real. ok is false where s is not JSON or is nested deeper than MaxDepth.
func ParseJSON(s string) (v Value, ok bool) {
	p := jsonParser{s: s}
	v, ok = p.value(0)
	p.blank()
	if !ok || p.i != len(s) {
		return NullOf(Dynamic), false
	}
	return OfDynamic(v), true
}

// ParseDynamic is parse_json: JSON text becomes what it says, any other text a dynamic string, the empty text null.
func ParseDynamic(s string) Value {
	if s == "" {
		return NullOf(Dynamic)
	}
	if v, ok := ParseJSON(s); ok {
		return v
	}
	return OfDynamic(OfString(s))
}

type jsonParser struct {
	s string
	i int
}

func (p *jsonParser) blank() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *jsonParser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// value reads one element in the form in which it lies inside an Array or Bag.
func (p *jsonParser) value(depth int) (Value, bool) {
	p.blank()
	switch c := p.peek(); {
	case c == '{' && depth < MaxDepth:
		return p.bag(depth + 1)
	case c == '[' && depth < MaxDepth:
		return p.array(depth + 1)
	case c == '"':
		s, ok := p.str()
		return OfString(s), ok
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case p.keyword("true"):
		return OfBool(true), true
	case p.keyword("false"):
		return OfBool(false), true
	case p.keyword("null"):
		return NullOf(Dynamic), true
	}
	return Value{}, false
}

func (p *jsonParser) keyword(w string) bool {
	if len(p.s)-p.i >= len(w) && p.s[p.i:p.i+len(w)] == w {
		p.i += len(w)
		return true
	}
	return false
}

func (p *jsonParser) array(depth int) (Value, bool) {
	p.i++
	a := Array{}
	p.blank()
	if p.peek() == ']' {
		p.i++
		return OfArray(a), true
	}
	for {
		v, ok := p.value(depth)
		if !ok {
			return v, false
		}
		a = append(a, v)
		p.blank()
		switch p.peek() {
		case ',':
			p.i++
		case ']':
			p.i++
			return OfArray(a), true
		default:
			return v, false
		}
	}
}

func (p *jsonParser) bag(depth int) (Value, bool) {
	p.i++
	bag := NewBag(4)
	p.blank()
	if p.peek() == '}' {
		p.i++
		return OfBag(bag.Bag()), true
	}
	for {
		p.blank()
		if p.peek() != '"' {
			return Value{}, false
		}
		k, ok := p.str()
		if !ok {
			return Value{}, false
		}
		p.blank()
		if p.peek() != ':' {
			return Value{}, false
		}
		p.i++
		v, ok := p.value(depth)
		if !ok {
			return v, false
		}
		bag.Set(k, v)
		p.blank()
		switch p.peek() {
		case ',':
			p.i++
		case '}':
			p.i++
			return OfBag(bag.Bag()), true
		default:
			return v, false
		}
	}
}

func (p *jsonParser) number() (Value, bool) {
	from := p.i
	if p.peek() == '-' {
		p.i++
	}
	whole := true
	first := p.i
	for p.i < len(p.s) {
		c := p.s[p.i]
		if c == '.' || c == 'e' || c == 'E' {
			whole = false
		} else if (c < '0' || c > '9') && (whole || c != '-' && c != '+') {
			break
		}
		p.i++
	}
	t := p.s[from:p.i]
	if last := t[len(t)-1]; p.i == first || last < '0' || last > '9' || p.s[first] == '.' || p.s[first] == '0' && p.i > first+1 && p.s[first+1] >= '0' && p.s[first+1] <= '9' {
		return Value{}, false
	}
	if whole {
		if n, err := strconv.ParseInt(t, 10, 64); err == nil {
			return OfLong(n), true
		}
	}
	f, err := strconv.ParseFloat(t, 64)
	if err != nil {
		return Value{}, false
	}
	return OfReal(f), true
}

// str reads a quoted string.
func (p *jsonParser) str() (string, bool) {
	p.i++
	from := p.i
	for p.i < len(p.s) && p.s[p.i] != '"' && p.s[p.i] != '\\' && p.s[p.i] >= ' ' {
		p.i++
	}
	if p.peek() == '"' {
		s := p.s[from:p.i]
		p.i++
		return s, true
	}
	b := []byte(p.s[from:p.i])
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		switch {
		case c == '"':
			return string(b), true
		case c == '\\':
			if p.i >= len(p.s) {
				return "", false
			}
			c = p.s[p.i]
			p.i++
			switch c {
			case '"', '\\', '/':
				b = append(b, c)
			case 'n':
				b = append(b, '\n')
			case 't':
				b = append(b, '\t')
			case 'r':
				b = append(b, '\r')
			case 'b':
				b = append(b, '\b')
			case 'f':
				b = append(b, '\f')
			case 'u':
				r, ok := p.escape()
				if !ok {
					return "", false
				}
				b = utf8.AppendRune(b, r)
			default:
				return "", false
			}
		case c < ' ':
			return "", false
		default:
			b = append(b, c)
		}
	}
	return "", false
}

// escape reads the four digits of \uXXXX, and a second escape where the first is half of a surrogate pair.
func (p *jsonParser) escape() (rune, bool) {
	r, ok := p.hex4()
	if !ok || r < 0xD800 || r >= 0xE000 {
		return r, ok
	}
	if r < 0xDC00 && len(p.s)-p.i >= 6 && p.s[p.i] == '\\' && p.s[p.i+1] == 'u' {
		at := p.i
		p.i += 2
		if lo, ok := p.hex4(); ok && lo >= 0xDC00 && lo < 0xE000 {
			return (r-0xD800)<<10 + (lo - 0xDC00) + 0x10000, true
		}
		p.i = at
	}
	return utf8.RuneError, true
}

func (p *jsonParser) hex4() (rune, bool) {
	if len(p.s)-p.i < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[p.i:p.i+4], 16, 16)
	p.i += 4
	return rune(n), err == nil
}
