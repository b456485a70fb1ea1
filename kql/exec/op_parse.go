package exec

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// captures fills vals with what the pattern's columns capture in s; ok is false where the pattern as a whole does not match.
type captures func(s string, vals []value.Value) (ok bool)

// parse is parse and parse-where.
func (x *Executor) parse(n *plan.Parse) (*relation, error) {
	var cols []plan.Column
	for _, p := range n.Parts {
		if p.Col.ID != 0 {
			cols = append(cols, p.Col)
		}
	}
	match := simpleParser(n.Parts, n.Mode == "relaxed")
	if n.Mode == "regex" {
		var err error
		if match, err = regexParser(n.Parts, n.Flags, len(cols)); err != nil {
			return nil, err
		}
	}
	return x.extract(n.In, n.Expr, n.Out, cols, match, n.Where)
}

// extract runs match over an expression's text and puts what it captured beside the input's columns.
func (x *Executor) extract(input plan.Node, e plan.Expr, out []plan.JoinCol, cols []plan.Column, match captures, where bool) (*relation, error) {
	in, err := x.compile(input)
	if err != nil {
		return nil, err
	}
	s := scopeOf(in.cols)
	text, err := x.expr(e, s)
	if err != nil {
		return nil, err
	}
	captured := scopeOf(cols)
	from := make([]joinOut, len(out))
	outCols := make([]plan.Column, len(out))
	for i, c := range out {
		side := s
		if c.Right {
			side = captured
		}
		at, ok := side[c.Src]
		if !ok {
			return nil, errorf(Internal, "column %s of parse is not among its input's", c.Col.Name)
		}
		from[i], outCols[i] = joinOut{at: at, right: c.Right}, c.Col
	}
	vals := make([]value.Value, len(cols))
	return &relation{outCols, func(emit func(Batch) error) error {
		w := x.writer(emit)
		err := in.run(func(b Batch) error {
			for _, row := range b {
				if !match(text(row).Text(), vals) {
					if where {
						continue
					}
					for i, c := range cols {
						vals[i] = value.NullOf(c.Type)
					}
				}
				o, err := w.row(len(from))
				if err != nil {
					return err
				}
				for i, c := range from {
					if c.right {
						o[i] = vals[c.at]
					} else {
						o[i] = row[c.at]
					}
				}
			}
			return x.alive()
		})
		if err != nil {
			return err
		}
		return w.flush()
	}}, nil
}

// simpleParser finds the literals one after the other, each at its first place after the one before; what lies between is captured or,
// under a *, skipped. A relaxed pattern gives null where a captured text is not of the column's type, a simple one then matches nothing.
func simpleParser(parts []plan.ParsePart, relaxed bool) captures {
	return func(s string, vals []value.Value) bool {
		at, n := 0, 0
		var open *plan.Column // the capture that the next literal, or the end, closes
		skip := false
		set := func(text string) bool {
			v, ok := captureText(text, open.Type)
			vals[n] = v
			n++
			open = nil
			return ok || relaxed
		}
		for i := range parts {
			p := &parts[i]
			switch {
			case p.Col.ID != 0 || p.Star:
				if open != nil { // nothing but the type can say where the capture ends
					end := at + typedPrefix(s[at:], open.Type)
					if !set(s[at:end]) {
						return false
					}
					at = end
				}
				if p.Star {
					skip = true
				} else {
					open = &p.Col
				}
			default:
				last := i == len(parts)-1
				k := strings.Index(s[at:], p.Text)
				if last && (open != nil || skip) && strings.HasSuffix(s[at:], p.Text) {
					k = len(s) - at - len(p.Text)
				}
				if k < 0 || k > 0 && open == nil && !skip || last && at+k+len(p.Text) != len(s) {
					return false
				}
				if open != nil && !set(s[at:at+k]) {
					return false
				}
				at, skip = at+k+len(p.Text), false
			}
		}
		if open != nil {
			return set(s[at:])
		}
		return skip || at == len(s)
	}
}

// captureText converts what a capture holds.
func captureText(s string, t value.Type) (value.Value, bool) {
	switch t {
	case value.String:
		return value.OfString(s), true
	case value.Dynamic:
		return value.ParseDynamic(s), true
	}
	v := value.Convert(value.OfString(s), t)
	return v, !v.Null
}

var typedStart = map[value.Type]*regexp.Regexp{
	value.Int:     regexp.MustCompile(`^\s*[-+]?\d+`),
	value.Long:    regexp.MustCompile(`^\s*[-+]?\d+`),
	value.Real:    regexp.MustCompile(`^\s*[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?`),
	value.Decimal: regexp.MustCompile(`^\s*[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?`),
	value.Bool:    regexp.MustCompile(`^\s*(?i:true|false|0|1)`),
	value.GUID:    regexp.MustCompile(`^\s*[0-9a-fA-F-]{32,36}`),
}

// typedPrefix gives how much of s reads as a value of type t: all of it for a type without a form of its own.
func typedPrefix(s string, t value.Type) int {
	re := typedStart[t]
	if re == nil {
		return len(s)
	}
	return len(re.FindString(s))
}

// regexParser joins the parts to one regular expression. The repetitions are greedy unless the flag U turns them round.
func regexParser(parts []plan.ParsePart, flags string, n int) (captures, error) {
	var b strings.Builder
	if flags != "" {
		b.WriteString("(?" + flags + ")")
	}
	var cols []plan.Column
	for _, p := range parts {
		switch {
		case p.Col.ID != 0:
			b.WriteString("(?P<kql" + strconv.Itoa(len(cols)) + ">" + typedRegex(p.Col.Type) + ")")
			cols = append(cols, p.Col)
		case p.Star:
			b.WriteString(".*")
		default:
			b.WriteString(p.Text)
		}
	}
	re, err := fn.CompileRegex(b.String())
	if err != nil {
		return nil, errorf(Invalid, "the pattern of parse: %v", err)
	}
	names := re.GroupNames()
	at := make([]int, n)
	for i := range at {
		at[i] = slices.Index(names, "kql"+strconv.Itoa(i))
	}
	return func(s string, vals []value.Value) bool {
		m := re.Find(s)
		if m == nil {
			return false
		}
		for i, c := range cols {
			v, ok := captureText(groupText(s, m, at[i]), c.Type)
			if !ok {
				return false
			}
			vals[i] = v
		}
		return true
	}, nil
}

// groupText gives what group i of a match took, "" where it took no part.
func groupText(s string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

func typedRegex(t value.Type) string {
	switch t {
	case value.Int, value.Long:
		return `\-?\d+`
	case value.Real, value.Decimal:
		return `\-?\d+(?:\.\d+)?(?:[eE][\-\+]?\d+)?`
	}
	return ".*"
}
