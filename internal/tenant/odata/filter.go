// Package odata is the part of OData that Graph and the Defender APIs use in queries: $filter, $orderby, $top, $skip, $count, $select and
// next links, over documents held as maps.
//
// It imports the standard library only.
package odata

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Doc is a JSON object as encoding/json decodes it.
type Doc = map[string]any

// Filter is a parsed $filter. The zero Filter matches everything.
type Filter struct {
	op    string // "and", "or", "not", a comparison, or "" for everything
	args  []Filter
	field string
	value any // string, float64, bool, time.Time or nil
}

// Refusal is the service's own text for a query it does not take, as the user of the API reads it.
type Refusal string

func (r Refusal) Error() string { return string(r) }

func refuse(format string, args ...any) error { return Refusal(fmt.Sprintf(format, args...)) }

// maxDepth bounds parentheses.
const maxDepth = 20

var token = regexp.MustCompile(`^\s*(\(|\)|'(?:[^']|'')*'|[^\s()']+)`)

// Parse reads a $filter. Fields names what may be compared; nil allows everything. The error is the text for the user.
func Parse(text string, fields []string) (Filter, error) {
	if strings.TrimSpace(text) == "" {
		return Filter{}, nil
	}
	p := parser{fields: fields}
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := token.FindStringSubmatch(rest)
		if m == nil {
			return Filter{}, refuse("Invalid filter clause: unterminated string literal in '%s'.", text)
		}
		p.tokens = append(p.tokens, m[1])
		rest = rest[len(m[0]):]
	}
	f, err := p.or(maxDepth)
	if err == nil && len(p.tokens) > 0 {
		err = refuse("Invalid filter clause: syntax error at '%s'.", p.tokens[0])
	}
	return f, err
}

type parser struct {
	tokens []string
	fields []string
}

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	t := p.peek()
	if t != "" {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) or(depth int) (Filter, error)  { return p.chain("or", depth, p.and) }
func (p *parser) and(depth int) (Filter, error) { return p.chain("and", depth, p.term) }

func (p *parser) chain(op string, depth int, part func(int) (Filter, error)) (Filter, error) {
	first, err := part(depth)
	if err != nil || p.peek() != op {
		return first, err
	}
	f := Filter{op: op, args: []Filter{first}}
	for p.peek() == op {
		p.next()
		arg, err := part(depth)
		if err != nil {
			return f, err
		}
		f.args = append(f.args, arg)
	}
	return f, nil
}

func (p *parser) term(depth int) (Filter, error) {
	if depth == 0 {
		return Filter{}, refuse("Invalid filter clause: nested too deep.")
	}
	switch t := p.next(); t {
	case "(":
		f, err := p.or(depth - 1)
		if err == nil && p.next() != ")" {
			err = refuse("Invalid filter clause: ')' expected.")
		}
		return f, err
	case "not":
		arg, err := p.term(depth - 1)
		return Filter{op: "not", args: []Filter{arg}}, err
	case "":
		return Filter{}, refuse("Invalid filter clause: expression expected.")
	default:
		if p.fields != nil && !contains(p.fields, t) {
			return Filter{}, refuse("Invalid filter clause: filtering on property '%s' is not supported.", t)
		}
		op := p.next()
		switch op {
		case "eq", "ne", "gt", "ge", "lt", "le":
		default:
			return Filter{}, refuse("Invalid filter clause: operator '%s' is not supported.", op)
		}
		v, err := literal(p.next())
		return Filter{op: op, field: t, value: v}, err
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func literal(t string) (any, error) {
	switch {
	case t == "null":
		return nil, nil
	case t == "true" || t == "false":
		return t == "true", nil
	case len(t) >= 2 && t[0] == '\'':
		return strings.ReplaceAll(t[1:len(t)-1], "''", "'"), nil
	}
	if at, err := time.Parse(time.RFC3339Nano, t); err == nil {
		return at, nil
	}
	if n, err := strconv.ParseFloat(t, 64); err == nil {
		return n, nil
	}
	return nil, refuse("Invalid filter clause: '%s' is not a value.", t)
}

// Match tells whether doc passes.
func (f Filter) Match(doc Doc) bool {
	switch f.op {
	case "":
		return true
	case "and":
		for _, a := range f.args {
			if !a.Match(doc) {
				return false
			}
		}
		return true
	case "or":
		for _, a := range f.args {
			if a.Match(doc) {
				return true
			}
		}
		return false
	case "not":
		return !f.args[0].Match(doc)
	}
	c, ok := compare(doc[f.field], f.value)
	switch f.op {
	case "eq":
		return ok && c == 0
	case "ne":
		return !ok || c != 0
	}
	if !ok || doc[f.field] == nil {
		return false
	}
	switch f.op {
	case "gt":
		return c > 0
	case "ge":
		return c >= 0
	case "lt":
		return c < 0
	}
	return c <= 0
}

// compare orders a document's value against a literal; ok is false when they cannot be compared. Text is compared without case, as
// enumerations are.
func compare(have, want any) (c int, ok bool) {
	switch want := want.(type) {
	case nil:
		return 0, have == nil
	case bool:
		b, is := have.(bool)
		if is && b == want {
			return 0, true
		}
		return 1, is
	case float64:
		n, is := have.(float64)
		switch {
		case !is:
			return 0, false
		case n < want:
			return -1, true
		case n > want:
			return 1, true
		}
		return 0, true
	case time.Time:
		s, _ := have.(string)
		at, err := time.Parse(time.RFC3339Nano, s)
		return at.Compare(want), err == nil
	case string:
		s, is := have.(string)
		return strings.Compare(strings.ToLower(s), strings.ToLower(want)), is
	}
	return 0, false
}
