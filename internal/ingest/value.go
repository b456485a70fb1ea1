package ingest

import (
	"bytes"
	"math"
	"math/big"
	"strconv"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store"
)

// misfit is why a value could not be stored in its column; "" when it could.
type misfit string

// value reads the JSON value at i into the next row of v, which holds values of type t. A value that does not fit leaves v as it is and
// says why. An error means that p is not JSON.
func (b *builder) value(v *store.Vector, t schema.Type, p []byte, i int) (int, misfit, error) {
	if i >= len(p) {
		return i, "", errJSON
	}
	switch c := p[i]; {
	case c == '"':
		raw, escaped, next, err := rawString(p, i)
		if err != nil {
			return i, "", err
		}
		if t == schema.String {
			if !escaped {
				v.AddText(raw)
				return next, "", nil
			}
			v.Bytes, err = unescape(v.Bytes, raw)
			v.EndText()
			return next, "", err
		}
		s := raw
		if escaped {
			if b.scratch, err = unescape(b.scratch[:0], raw); err != nil {
				return i, "", err
			}
			s = b.scratch
		}
		return next, textValue(v, t, s, p[i:next]), nil
	case c == 'n':
		next, err := word(p, i)
		if err == nil {
			v.AddMissing()
		}
		return next, "", err
	case c == 't' || c == 'f':
		next, err := word(p, i)
		if err != nil {
			return i, "", err
		}
		return next, boolValue(v, t, p[i:next]), nil
	case c == '{' || c == '[':
		if t != schema.Dynamic && t != schema.String {
			next, err := b.skipChecked(p, i)
			return next, misfit("an object or array where " + string(t) + " was expected"), err
		}
		from := len(v.Bytes)
		var err error
		if v.Bytes, i, err = compact(v.Bytes, p, i, 0); err != nil {
			v.Bytes = v.Bytes[:from]
			return i, "", err
		}
		v.EndText()
		return i, "", nil
	}
	next, integer, err := number(p, i)
	if err != nil {
		return i, "", err
	}
	return next, numberValue(v, t, p[i:next], integer), nil
}

// skipChecked gives the position after a value and refuses what is not JSON.
func (b *builder) skipChecked(p []byte, i int) (int, error) {
	var err error
	b.scratch, i, err = compact(b.scratch[:0], p, i, 0)
	return i, err
}

// textValue stores the text s where another type than string is wanted; quoted is the same as JSON.
func textValue(v *store.Vector, t schema.Type, s, quoted []byte) misfit {
	if len(s) == 0 {
		v.AddMissing()
		return ""
	}
	switch t {
	case schema.Dynamic:
		if s[0] == '{' || s[0] == '[' || s[0] == ' ' {
			from := len(v.Bytes)
			at := space(s, 0)
			if at < len(s) && (s[at] == '{' || s[at] == '[') {
				out, end, err := compact(v.Bytes, s, at, 0)
				if v.Bytes = out; err == nil && space(s, end) == len(s) {
					v.EndText()
					return ""
				}
				v.Bytes = v.Bytes[:from]
			}
		}
		v.AddText(quoted)
		return ""
	case schema.Datetime:
		if ticks, ok := parseDatetime(s); ok {
			v.AddInt(ticks)
			return ""
		}
	case schema.Timespan:
		if ticks, ok := parseTimespan(s); ok {
			v.AddInt(ticks)
			return ""
		}
	case schema.Int, schema.Long, schema.Decimal:
		if next, integer, err := number(s, 0); err == nil && next == len(s) {
			return numberValue(v, t, s, integer)
		}
	case schema.Real:
		if f, err := strconv.ParseFloat(string(s), 64); err == nil {
			v.AddReal(f)
			return ""
		}
	case schema.Bool:
		switch string(bytes.ToLower(s)) {
		case "true", "1":
			v.AddBool(true)
			return ""
		case "false", "0":
			v.AddBool(false)
			return ""
		}
	case schema.GUID:
		if g, ok := guid(s); ok {
			v.AddText(g)
			return ""
		}
	}
	return misfit("a text that is not " + string(t))
}

func boolValue(v *store.Vector, t schema.Type, w []byte) misfit {
	yes := w[0] == 't'
	switch t {
	case schema.Bool:
		v.AddBool(yes)
	case schema.String, schema.Dynamic:
		v.AddText(w)
	case schema.Int, schema.Long:
		n := int64(0)
		if yes {
			n = 1
		}
		v.AddInt(n)
	default:
		return misfit("a truth value where " + string(t) + " was expected")
	}
	return ""
}

func numberValue(v *store.Vector, t schema.Type, s []byte, integer bool) misfit {
	switch t {
	case schema.String, schema.Dynamic:
		v.AddText(s)
		return ""
	case schema.Long, schema.Int:
		n, ok := whole(s, integer)
		if !ok {
			return misfit("a number that is not a whole number of 64 bits")
		}
		if t == schema.Int && n != int64(int32(n)) {
			return misfit("a number beyond 32 bits")
		}
		v.AddInt(n)
		return ""
	case schema.Real:
		if f, err := strconv.ParseFloat(string(s), 64); err == nil {
			v.AddReal(f)
			return ""
		}
	case schema.Bool:
		if len(s) == 1 && s[0] <= '1' {
			v.AddBool(s[0] == '1')
			return ""
		}
	case schema.Decimal:
		if d, ok := decimal(s); ok {
			v.AddString(d)
			return ""
		}
	}
	return misfit("a number where " + string(t) + " was expected")
}

// whole gives a number as a 64-bit integer if it is one exactly.
func whole(s []byte, integer bool) (int64, bool) {
	if integer && len(s) < 19 {
		var n int64
		for _, c := range s {
			if c != '-' {
				n = n*10 + int64(c-'0')
			}
		}
		if s[0] == '-' {
			n = -n
		}
		return n, true
	}
	if integer {
		n, err := strconv.ParseInt(string(s), 10, 64)
		return n, err == nil
	}
	f, err := strconv.ParseFloat(string(s), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// decimal gives a number in canonical text: no exponent, no needless zeros. Exponents beyond what Kusto's decimal has are refused.
func decimal(s []byte) (string, bool) {
	if e := bytes.IndexAny(s, "eE"); e >= 0 {
		if n, err := strconv.Atoi(string(s[e+1:])); err != nil || n > 40 || n < -40 {
			return "", false
		}
	}
	r, ok := new(big.Rat).SetString(string(s))
	if !ok {
		return "", false
	}
	prec, exact := r.FloatPrec()
	return r.FloatString(prec), exact
}

// guid gives a GUID in lower case with dashes; it may come in braces or without dashes.
func guid(s []byte) ([]byte, bool) {
	if len(s) == 38 && s[0] == '{' && s[37] == '}' {
		s = s[1:37]
	}
	if len(s) != 36 && len(s) != 32 {
		return nil, false
	}
	out := make([]byte, 0, 36)
	for i, c := range s {
		if dash := len(s) == 36 && (i == 8 || i == 13 || i == 18 || i == 23); dash || c == '-' {
			if !dash || c != '-' {
				return nil, false
			}
			continue
		}
		if _, ok := hexDigit(c); !ok {
			return nil, false
		}
		if c >= 'A' && c <= 'F' {
			c += 'a' - 'A'
		}
		if n := len(out); n == 8 || n == 13 || n == 18 || n == 23 {
			out = append(out, '-')
		}
		out = append(out, c)
	}
	return out, true
}
