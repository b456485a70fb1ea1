package bind

import (
	"sort"
	"strings"

	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

func (b *binder) projectOp(r *rel, op *syntax.Project) *rel {
	p := b.newProjection(len(op.Cols))
	b.over(r, func() { b.addColumns(p, op.Cols, projecting) })
	return b.projectTo(r, p)
}

func (b *binder) extend(r *rel, op *syntax.Extend) *rel {
	p := b.newProjection(len(r.cols) + len(op.Cols))
	p.carry(r)
	b.over(r, func() { b.addColumns(p, op.Cols, extending) })
	return carryHidden(r, b.projectTo(r, p))
}

// matching gives the columns that a name or a pattern means; what means none is reported.
func (b *binder) matchingColumns(r *rel, e syntax.Expr) []plan.Column {
	switch e := e.(type) {
	case *syntax.Paren:
		return b.matchingColumns(r, e.X)
	case *syntax.Ordered:
		return b.matchingColumns(r, e.X)
	case *syntax.Star:
		return r.cols
	case *syntax.Name:
		if !e.Wildcard {
			if c, ok := r.findAny(e.Text); ok {
				return []plan.Column{c}
			}
			if !r.open {
				b.over(r, func() { b.unknownColumn(e.Text, e.At()) })
			}
			return nil
		}
		var out []plan.Column
		for _, c := range r.cols {
			if matchWildcard(e.Text, c.Name) {
				out = append(out, c)
			}
		}
		if out == nil && !r.open {
			b.errorf(e.At(), codeUnknownColumn, "no column fits %s", e.Text)
		}
		return out
	}
	if e.At().Len() > 0 {
		b.errorf(e.At(), codeColumn, "only names of columns, with * for any text, can stand here")
	}
	return nil
}

// projectAway leaves the columns out, or keeps just them.
func (b *binder) projectAway(r *rel, list []syntax.Expr, away bool) *rel {
	named := map[string]bool{}
	for _, e := range list {
		for _, c := range b.matchingColumns(r, e) {
			named[c.Name] = true
		}
	}
	cols := make([]plan.Column, 0, len(r.cols))
	for _, c := range r.cols {
		if named[c.Name] != away {
			cols = append(cols, c)
		}
	}
	out := r.derive(plan.NewProject(r.node, refs(cols)), cols)
	if !away {
		return out
	}
	return carryHidden(r, out)
}

func (b *binder) projectRename(r *rel, op *syntax.ProjectRename) *rel {
	p := b.newProjection(len(r.cols))
	p.carry(r)
	b.over(r, func() {
		for _, e := range op.Cols {
			n, ok := e.(*syntax.Named)
			if !ok || len(n.Names) != 1 {
				b.errorf(e.At(), codePattern, "project-rename needs new = old")
				continue
			}
			old, ok := n.X.(*syntax.Name)
			if !ok {
				b.errorf(n.X.At(), codeColumn, "project-rename renames a column; use extend to compute one")
				continue
			}
			x := b.expr(old)
			if x.ok() && x.col == 0 {
				b.errorf(n.X.At(), codeColumn, "project-rename renames a column; use extend to compute one")
				continue
			}
			p.rename(old.Text, n.Names[0].Text, n.Names[0].At())
		}
	})
	return carryHidden(r, b.projectTo(r, p))
}

func (b *binder) projectReorder(r *rel, op *syntax.ProjectReorder) *rel {
	cols := make([]plan.Column, 0, len(r.cols))
	done := make(map[plan.ColID]bool, len(r.cols))
	named := map[string]bool{}
	for _, e := range op.Cols {
		list := b.matchingColumns(r, e)
		if n, ok := e.(*syntax.Name); ok && !n.Wildcard {
			if named[n.Text] {
				b.errorf(n.At(), codeDuplicateColumn, "the column %s is named twice", quoteName(n.Text))
			}
			named[n.Text] = true
		}
		if o, ok := e.(*syntax.Ordered); ok && len(list) > 1 {
			list = append([]plan.Column(nil), list...)
			orderNames(list, o.Dir)
		}
		for _, c := range list {
			if !done[c.ID] {
				done[c.ID] = true
				cols = append(cols, c)
			}
		}
	}
	for _, c := range r.cols {
		if !done[c.ID] {
			cols = append(cols, c)
		}
	}
	return carryHidden(r, r.derive(plan.NewProject(r.node, refs(cols)), cols))
}

// orderNames sorts columns by name without regard to case; the granny orders take digits as numbers.
func orderNames(cols []plan.Column, dir syntax.Direction) {
	less := func(x, y string) bool { return strings.ToLower(x) < strings.ToLower(y) }
	if dir == syntax.GrannyAsc || dir == syntax.GrannyDesc {
		less = naturalLess
	}
	switch dir {
	case syntax.Asc, syntax.GrannyAsc:
		sort.SliceStable(cols, func(i, j int) bool { return less(cols[i].Name, cols[j].Name) })
	case syntax.Desc, syntax.GrannyDesc:
		sort.SliceStable(cols, func(i, j int) bool { return less(cols[j].Name, cols[i].Name) })
	}
}

// naturalLess compares with runs of digits as numbers: a2 before a10.
func naturalLess(x, y string) bool {
	x, y = strings.ToLower(x), strings.ToLower(y)
	for x != "" && y != "" {
		nx, ny := digitsAt(x), digitsAt(y)
		if nx > 0 && ny > 0 {
			a, c := strings.TrimLeft(x[:nx], "0"), strings.TrimLeft(y[:ny], "0")
			if len(a) != len(c) {
				return len(a) < len(c)
			}
			if a != c {
				return a < c
			}
			x, y = x[nx:], y[ny:]
			continue
		}
		if x[0] != y[0] {
			return x[0] < y[0]
		}
		x, y = x[1:], y[1:]
	}
	return len(x) < len(y)
}

func digitsAt(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// projectByNames keeps the columns whose names or patterns are the elements of constants.
func (b *binder) projectByNames(r *rel, op *syntax.ProjectByNames) *rel {
	var patterns []string
	b.over(r, func() {
		for _, e := range op.Cols {
			c := b.expr(e).constant()
			if c == nil {
				b.errorf(e.At(), codeConstant, "project-by-names needs constant names, or a dynamic array of them")
				continue
			}
			v := c.Inner()
			if list, ok := v.X.(value.Array); ok {
				for _, el := range list {
					patterns = append(patterns, el.S)
				}
			} else {
				patterns = append(patterns, v.S)
			}
		}
	})
	var cols []plan.Column
	done := map[plan.ColID]bool{}
	for _, p := range patterns {
		for _, c := range r.cols {
			if !done[c.ID] && matchWildcard(p, c.Name) {
				done[c.ID] = true
				cols = append(cols, c)
			}
		}
	}
	return r.derive(plan.NewProject(r.node, refs(cols)), cols)
}
