package duck

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/internal/schema"
	"github.com/vedette-siem/vedette/internal/store/terms"
	"github.com/vedette-siem/vedette/kql/sql"
)

// condition is what a query asks of the texts of a row, as far as their terms can tell: a test of one text, or several of which all or
// one must hold. A nil condition asks for nothing.
type condition struct {
	of  []*condition
	any bool // of of, one is enough

	subject sql.Expr    // the text tested
	derived bool        // of the text of a dynamic, or of a text taken out of one
	plain   *terms.Need // what follows for its terms when it is stored as a text of its own
	json    *terms.Need // and when it was taken out of JSON, or is JSON
}

// maxConditions bounds how deep a query's conditions are read; what lies deeper asks for nothing.
const maxConditions = 200

func both(cs ...*condition) *condition {
	cs = slices.DeleteFunc(cs, func(c *condition) bool { return c == nil })
	switch len(cs) {
	case 0:
		return nil
	case 1:
		return cs[0]
	}
	return &condition{of: cs}
}

func either(cs ...*condition) *condition {
	if slices.Contains(cs, nil) {
		return nil
	}
	if len(cs) == 1 {
		return cs[0]
	}
	return &condition{of: cs, any: true}
}

// textCalls are the engine functions that test a text, with the edges at which the terms of their second argument are whole.
var textCalls = map[string]terms.Edges{
	"kql_has": terms.Both, "kql_has_cs": terms.Both, "kql_eq_ci": terms.Both, "kql_hasprefix": terms.Start, "kql_hasprefix_cs": terms.Start,
	"kql_hassuffix": terms.End, "kql_hassuffix_cs": terms.End, "kql_startswith": terms.Start, "starts_with": terms.Start,
	"kql_endswith": terms.End, "suffix": terms.End, "kql_contains": 0, "contains": 0,
}

// conditionOf reads a condition of WHERE, where null counts as false.
func conditionOf(e sql.Expr, depth int) *condition {
	if depth > maxConditions {
		return nil
	}
	switch e := e.(type) {
	case sql.Binary:
		switch e.Op {
		case "AND":
			return both(conditionOf(e.L, depth+1), conditionOf(e.R, depth+1))
		case "OR":
			return either(conditionOf(e.L, depth+1), conditionOf(e.R, depth+1))
		case "=":
			if s, ok := text1(e.R); ok {
				return test(e.L, []string{s}, terms.Both, true)
			}
			if s, ok := text1(e.L); ok {
				return test(e.R, []string{s}, terms.Both, true)
			}
		}
	case sql.In:
		var list []string
		for _, x := range e.List {
			s, ok := text1(x)
			if !ok {
				return nil
			}
			list = append(list, s)
		}
		return test(e.X, list, terms.Both, true)
	case sql.Call:
		if len(e.Args) != 2 {
			return nil
		}
		if e.Name == "coalesce" && e.Args[1] == sql.Expr(sql.Lit{V: false, T: sql.Bool}) {
			return conditionOf(e.Args[0], depth+1)
		}
		s, ok := text1(e.Args[1])
		if !ok {
			return nil
		}
		if whole, ok := textCalls[e.Name]; ok {
			return test(e.Args[0], []string{s}, whole, true)
		}
		if e.Name == "kql_has_any" || e.Name == "kql_has_all" {
			list, ok := sql.ReadTextList(s)
			if !ok || len(list) == 0 {
				return nil
			}
			return test(e.Args[0], list, terms.Both, e.Name == "kql_has_any")
		}
		if e.Name == "kql_may_have" { // true of texts with escapes too, for which an index of JSON has what they stand for
			list, ok := sql.ReadTextList(s)
			if !ok || len(list) == 0 {
				return nil
			}
			c := test(e.Args[0], list, terms.Both, false)
			if c != nil {
				c.derived = true
			}
			return c
		}
	}
	return nil
}

func text1(e sql.Expr) (string, bool) {
	l, ok := e.(sql.Lit)
	s, isText := l.V.(string)
	return s, ok && isText
}

// test is the condition that a text has one of list, or all of it.
func test(subject sql.Expr, list []string, whole terms.Edges, any bool) *condition {
	c := &condition{subject: subject}
	var plain, json []*terms.Need
	for _, s := range list {
		plain, json = append(plain, terms.Text(s, whole)), append(json, terms.JSONText(s, whole))
	}
	if any {
		c.plain, c.json = terms.Or(plain...), terms.Or(json...)
	} else {
		c.plain, c.json = terms.And(plain...), terms.And(json...)
	}
	if c.plain == nil && c.json == nil {
		return nil
	}
	return c
}

// under gives the condition over the columns of a SELECT's From that one over its items comes to. What it says of items that are more than
// a column is lost.
func (c *condition) under(items map[string]sql.Expr) *condition {
	if c == nil {
		return nil
	}
	if c.subject == nil {
		of := make([]*condition, len(c.of))
		for i, p := range c.of {
			of[i] = p.under(items)
		}
		if c.any {
			return either(of...)
		}
		return both(of...)
	}
	col, derived, ok := columnOf(c.subject)
	if !ok {
		return nil
	}
	x, ok := items[col.Name]
	if !ok {
		return nil
	}
	return &condition{subject: x, derived: c.derived || derived, plain: c.plain, json: c.json}
}

// columnOf gives the column whose text an expression is; a null may have become the empty text. With derived it is the text of the dynamic
// that the column is, or one taken out of it.
func columnOf(e sql.Expr) (col sql.Col, derived, ok bool) {
	for range maxConditions {
		c, isCall := e.(sql.Call)
		switch {
		case !isCall:
			col, ok = e.(sql.Col)
			return col, derived, ok
		case len(c.Args) == 2 && c.Name == "coalesce" && c.Args[1] == sql.Expr(sql.Lit{V: "", T: sql.Text}):
		case len(c.Args) == 1 && c.Name == "kql_json_text", len(c.Args) == 2 && c.Name == "kql_json_get":
			derived = true
		default:
			return col, derived, false
		}
		e = c.Args[0]
	}
	return col, derived, false
}

// need gives what follows from the condition for rows of the scan called alias of t as they lie in l.
func (c *condition) need(alias string, t *schema.Table, l *layout) *terms.Need {
	if c == nil {
		return nil
	}
	if c.subject == nil {
		of := make([]*terms.Need, len(c.of))
		for i, p := range c.of {
			of[i] = p.need(alias, t, l)
		}
		if c.any {
			return terms.Or(of...)
		}
		return terms.And(of...)
	}
	if lit, ok := c.subject.(sql.Lit); ok && lit.V == nil {
		return terms.Nothing // a null has no text
	}
	col, derived, ok := columnOf(c.subject)
	if !ok || col.Table != alias {
		return nil
	}
	if derived || c.derived {
		// JSON in a string would have to be freed of its escapes twice when it lies in the overflow, and once where it is a column.
		if i, ok := t.Index(col.Name); !ok || t.Columns[i].Type != schema.Dynamic || l.indexed(col.Name) != jsonText {
			return nil
		}
		return c.json
	}
	switch l.indexed(col.Name) {
	case plainText:
		return c.plain
	case jsonText:
		return c.json
	}
	return nil
}

// signature writes how the columns that the condition tests lie in l: layouts with the same one have the same need.
func (c *condition) signature(l *layout, to *strings.Builder) {
	if c == nil {
		return
	}
	for _, p := range c.of {
		p.signature(l, to)
	}
	if col, _, ok := columnOf(c.subject); ok {
		to.WriteString(strconv.Itoa(int(l.indexed(col.Name))))
	}
}

// conditions finds what a statement asks of the rows of each of its scans.
type conditions struct {
	of    map[string]asked // by the scan's alias
	found map[string]int
}

// asked is what is asked of the rows of a scan.
type asked struct {
	texts *condition
	ends  *ends
}

// conditionsOf gives what is asked of q's scans, by alias. A scan that is in q more than once gets what holds for each of them.
func conditionsOf(q *sql.Query) map[string]asked {
	w := &conditions{of: map[string]asked{}, found: map[string]int{}}
	w.sel(q.Root, nil, 0)
	times := map[string]int{}
	for _, s := range sql.Scans(q) {
		times[s.Alias]++
	}
	for alias, n := range times {
		if w.found[alias] != n {
			delete(w.of, alias)
		}
	}
	return w.of
}

// sel walks a SELECT; outer is asked of its items by who stands above it.
func (w *conditions) sel(s *sql.Select, outer *condition, depth int) {
	if s == nil || depth > maxConditions {
		return
	}
	for _, c := range s.With {
		w.sel(c.Q, nil, depth+1)
	}
	if s.Limit >= 0 { // fewer rows below are other rows here
		outer = nil
	}
	if !sameNames(s.Union) {
		outer = nil // their columns meet by place, not by name
	}
	for _, u := range s.Union {
		w.sel(u, outer, depth+1)
	}
	items := map[string]sql.Expr{}
	es := append([]sql.Expr{s.Where, s.Having, s.Qualify}, s.GroupBy...)
	for _, it := range s.Items {
		items[it.Name] = it.X
		es = append(es, it.X)
		if hasWindow(it.X, 0) {
			outer = nil
		}
	}
	for _, o := range s.OrderBy {
		es = append(es, o.X)
	}
	if len(s.GroupBy) > 0 || s.Having != nil || s.Qualify != nil {
		outer = nil
	}
	w.exprs(es, depth+1)
	if s.From != nil {
		w.from(s.From, both(conditionOf(s.Where, 0), outer.under(items)), depth+1)
		if sc, ok := s.From.(sql.Scan); ok && w.found[sc.Alias] == 1 {
			w.of[sc.Alias] = asked{w.of[sc.Alias].texts, endsOf(s, sc)}
		}
	}
}

// from walks a relation whose rows are asked for c.
func (w *conditions) from(f sql.From, c *condition, depth int) {
	if depth > maxConditions {
		return
	}
	switch f := f.(type) {
	case sql.Scan:
		if w.found[f.Alias]++; w.found[f.Alias] > 1 {
			c = either(w.of[f.Alias].texts, c)
		}
		w.of[f.Alias] = asked{texts: c}
	case sql.Sub:
		w.sel(f.Q, c.within(f.Alias), depth+1)
	case sql.Join:
		l, r := c, c
		switch f.Kind { // rows of a side that may be missing stand for more than themselves
		case "LEFT":
			r = nil
		case "RIGHT":
			l = nil
		case "INNER":
		case "SEMI", "ANTI":
			r = nil
		default:
			l, r = nil, nil
		}
		w.from(f.L, l, depth+1)
		w.from(f.R, r, depth+1)
		w.exprs([]sql.Expr{f.On}, depth+1)
	}
}

// within keeps of a condition what it says of the columns of one relation.
func (c *condition) within(alias string) *condition {
	if c == nil {
		return nil
	}
	if c.subject == nil {
		of := make([]*condition, len(c.of))
		for i, p := range c.of {
			of[i] = p.within(alias)
		}
		if c.any {
			return either(of...)
		}
		return both(of...)
	}
	if lit, ok := c.subject.(sql.Lit); ok && lit.V == nil {
		return c
	}
	if col, _, ok := columnOf(c.subject); !ok || col.Table != alias {
		return nil
	}
	return c
}

// exprs walks the subqueries inside expressions.
func (w *conditions) exprs(es []sql.Expr, depth int) {
	for _, e := range es {
		sql.Subqueries(e, func(q *sql.Select) { w.sel(q, nil, depth+1) })
	}
}

// hasWindow reports whether an expression looks at other rows than its own.
func hasWindow(e sql.Expr, depth int) bool {
	if depth > maxConditions {
		return true
	}
	found := false
	sql.Parts(e, func(p sql.Expr) { found = found || hasWindow(p, depth+1) })
	_, window := e.(sql.Window)
	return found || window
}
