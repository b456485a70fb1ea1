package fn

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// checkRegex makes Bind refuse a constant argument that is not a regular expression.
func checkRegex(arg int) option {
	return func(fn *Func) {
		inner := fn.Bind
		fn.Bind = func(args []Arg) (value.Type, []value.Type, error) {
			if arg < len(args) && args[arg].Const != nil && args[arg].Type == value.String {
				if _, err := compileRegex(args[arg].Const.S); err != nil {
					return value.Unknown, nil, err
				}
			}
			return inner(args)
		}
	}
}

// mustRegex gives the compiled expression. One that is known only when the query runs may be wrong.
func mustRegex(pattern string) *Regex {
	re, err := compileRegex(pattern)
	if err != nil {
		refuse("%v", err)
	}
	return re
}

func evalExtract(args []value.Value) value.Value {
	t := value.String
	if len(args) > 3 {
		if to, ok := value.TypeOf(args[3].S); ok {
			t = to
		}
	}
	re := mustRegex(args[0].S)
	group := args[1].I
	if args[1].Null || group < 0 || group > int64(re.Groups()) {
		return value.NullOf(t)
	}
	s := args[2].S
	m := re.Find(s)
	if m == nil || m[2*group] < 0 {
		return value.NullOf(t)
	}
	return value.Convert(value.OfString(s[m[2*group]:m[2*group+1]]), t)
}

func evalExtractAll(args []value.Value) value.Value {
	null := value.NullOf(value.Dynamic)
	re := mustRegex(args[0].S)
	s := args[len(args)-1].S
	var groups []int
	if len(args) == 3 {
		list, ok := arrayOf(args[1])
		if !ok {
			return null
		}
		for _, e := range list {
			g := -1
			if e.T == value.String {
				for i, name := range re.GroupNames() {
					if name == e.S {
						g = i
					}
				}
			} else if n := value.Convert(e, value.Long); !n.Null {
				g = int(n.I)
			}
			if g < 0 || g > re.Groups() {
				return null
			}
			groups = append(groups, g)
		}
	} else {
		for g := 1; g <= re.Groups(); g++ {
			groups = append(groups, g)
		}
	}
	if len(groups) == 0 {
		return null
	}
	out := value.Array{}
	for _, m := range re.FindAll(s, MaxArray) {
		row := make(value.Array, len(groups))
		for i, g := range groups {
			t := ""
			if m[2*g] >= 0 {
				t = s[m[2*g]:m[2*g+1]]
			}
			row[i] = value.OfString(t)
		}
		if len(groups) == 1 {
			out = append(out, row[0])
		} else {
			out = append(out, value.OfArray(row))
		}
	}
	if len(out) == 0 {
		return null
	}
	return value.OfArray(out)
}

func evalReplaceRegex(args []value.Value) value.Value {
	return replaceRegex(args[0].S, args[1].S, args[2].S)
}

func evalReplace(args []value.Value) value.Value {
	return replaceRegex(args[2].S, args[0].S, args[1].S)
}

// replaceRegex replaces every match; in the rewrite \0 is the match, \1 … \9 are its groups, \\ is a backslash.
func replaceRegex(s, pattern, rewrite string) value.Value {
	re := mustRegex(pattern)
	var b strings.Builder
	at := 0
	for _, m := range re.FindAll(s, -1) {
		b.WriteString(s[at:m[0]])
		for i := 0; i < len(rewrite); i++ {
			c := rewrite[i]
			if c != '\\' || i+1 == len(rewrite) {
				b.WriteByte(c)
				continue
			}
			i++
			if d := int(rewrite[i]) - '0'; d >= 0 && d <= 9 {
				if 2*d+1 < len(m) && m[2*d] >= 0 {
					b.WriteString(s[m[2*d]:m[2*d+1]])
				}
			} else {
				b.WriteByte(rewrite[i])
			}
		}
		at = m[1]
		if b.Len() > MaxText {
			return value.OfString(s)
		}
	}
	b.WriteString(s[at:])
	return str(b.String())
}

// trimRegex removes matches at the ends of a text: one anchored match at each end.
func trimRegex(start, end bool) func(args []value.Value) value.Value {
	return func(args []value.Value) value.Value {
		s := args[1].S
		if start {
			if m := mustRegex(`\A(?:` + args[0].S + `)`).Find(s); m != nil {
				s = s[m[1]:]
			}
		}
		if end {
			if m := mustRegex(`(?:` + args[0].S + `)\z`).Find(s); m != nil {
				s = s[:m[0]]
			}
		}
		return value.OfString(s)
	}
}
