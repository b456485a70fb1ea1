package exec

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// parseKv finds keys and their values in a text; the first appearance of a key counts.
func (x *Executor) parseKv(n *plan.ParseKv) (*relation, error) {
	at := make(map[string]int, len(n.Keys))
	for i, c := range n.Keys {
		at[c.Name] = i
	}
	find := kvScanner{pair: n.PairDelim, kv: n.KvDelim, quote: n.Quote, escape: n.Escape, greedy: n.Greedy, keys: at}.scan
	if n.Regex != "" {
		re, err := fn.CompileRegex(n.Regex)
		if err != nil {
			return nil, errorf(Invalid, "the regex of parse-kv: %v", err)
		}
		if re.Groups() != 2 {
			return nil, errorf(Invalid, "the regex of parse-kv must have two groups, the key and the value; it has %d", re.Groups())
		}
		k, v := 1, 2
		if i := slices.Index(re.GroupNames(), "key"); i > 0 {
			k, v = i, 3-i
		}
		find = func(s string, found func(key, val string)) {
			for _, m := range re.FindAll(s, -1) {
				found(groupText(s, m, k), groupText(s, m, v))
			}
		}
	}
	match := func(s string, vals []value.Value) bool {
		done := make([]bool, len(vals))
		for i, c := range n.Keys {
			vals[i] = value.NullOf(c.Type)
		}
		find(s, func(key, val string) {
			if i, ok := at[strings.TrimSpace(key)]; ok && !done[i] {
				done[i] = true
				vals[i], _ = captureText(strings.TrimSpace(val), n.Keys[i].Type)
			}
		})
		return true
	}
	return x.extract(n.In, n.Expr, n.Out, n.Keys, match, false)
}

// kvScanner reads key–value pairs. Without delimiters everything that is not a letter or a digit separates.
type kvScanner struct {
	pair, kv, quote, escape string
	greedy                  bool
	keys                    map[string]int
}

func (k kvScanner) scan(s string, found func(key, val string)) {
	if k.pair == "" && k.kv == "" {
		k.scanWords(s, found)
		return
	}
	for s != "" {
		var key, val string
		key, s = k.token(s, k.kv, k.pair)
		if !strings.HasPrefix(s, k.kv) || k.kv == "" {
			s = strings.TrimPrefix(s, k.pair)
			continue
		}
		s = s[len(k.kv):]
		if k.greedy && !k.quoted(s) {
			val, s = k.upToNextKey(s)
		} else {
			val, s = k.token(s, k.pair, k.pair)
		}
		found(key, val)
		s = strings.TrimPrefix(s, k.pair)
	}
}

func (k kvScanner) quoted(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \t"))
	return s != "" && k.quote != "" && strings.HasPrefix(k.quote, string(r))
}

// token reads up to one of two delimiters, or a quoted text whole.
func (k kvScanner) token(s, d1, d2 string) (tok, rest string) {
	if k.quoted(s) {
		s = strings.TrimLeft(s, " \t")
		open, w := utf8.DecodeRuneInString(k.quote)
		end := open
		if len(k.quote) > w {
			end, _ = utf8.DecodeRuneInString(k.quote[w:])
		}
		var b strings.Builder
		for i := w; i < len(s); {
			if k.escape != "" && strings.HasPrefix(s[i:], k.escape) && i+len(k.escape) < len(s) {
				i += len(k.escape)
				r, n := utf8.DecodeRuneInString(s[i:])
				b.WriteRune(r)
				i += n
				continue
			}
			r, n := utf8.DecodeRuneInString(s[i:])
			i += n
			if r == end {
				return b.String(), s[i:]
			}
			b.WriteRune(r)
		}
	}
	n := len(s)
	for _, d := range []string{d1, d2} {
		if i := strings.Index(s, d); d != "" && i >= 0 && i < n {
			n = i
		}
	}
	return s[:n], s[n:]
}

// upToNextKey reads a value that goes on until a pair delimiter before one of the wanted or any other key.
func (k kvScanner) upToNextKey(s string) (val, rest string) {
	for i := 0; i < len(s); {
		j := strings.Index(s[i:], k.pair)
		if j < 0 {
			break
		}
		i += j
		after := s[i+len(k.pair):]
		next, more := k.token(after, k.kv, k.pair)
		if strings.HasPrefix(more, k.kv) && strings.TrimSpace(next) != "" {
			return s[:i], s[i:]
		}
		i += len(k.pair)
	}
	return s, ""
}

// scanWords takes every wanted word for a key and the word or quoted text after it for its value.
func (k kvScanner) scanWords(s string, found func(key, val string)) {
	key := ""
	for s != "" {
		if k.quoted(s) {
			var tok string
			tok, s = k.token(s, "", "")
			if key != "" {
				found(key, tok)
				key = ""
			}
			continue
		}
		r, w := utf8.DecodeRuneInString(s)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			s = s[w:]
			continue
		}
		n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if n < 0 {
			n = len(s)
		}
		word := s[:n]
		s = s[n:]
		if key != "" {
			found(key, word)
			key = ""
		} else if _, ok := k.keys[word]; ok {
			key = word
		}
	}
}
