package syntax

import (
	"slices"
	"strings"
)

// layout says, by the number of a token, where lines break and where blanks stand.
type layout struct {
	s          *Script
	breaks     map[int]bool // a line begins with the token
	bars       map[int]bool // the token is the | of a pipe over several lines
	pipes      map[int]int  // a pipe over several lines begins with the token, and ends at this offset
	statements map[int]int  // a statement begins with the token, and ends at this offset
	gaps       map[int]gap  // what stands before the token, where the tokens alone do not tell
}

type gap uint8

const (
	tight gap = iota + 1
	blank
)

func newLayout(s *Script) *layout {
	l := &layout{s: s, breaks: map[int]bool{}, bars: map[int]bool{}, pipes: map[int]int{}, statements: map[int]int{}, gaps: map[int]gap{}}
	for _, st := range s.Statements {
		l.query(st)
	}
	Inspect(s, func(n Node) bool {
		l.mark(n)
		return true
	})
	return l
}

// index gives the number of the first token at or after an offset.
func (l *layout) index(offset int) int {
	i, _ := slices.BinarySearchFunc(l.s.Tokens, offset, func(t Token, off int) int { return t.Start - off })
	return min(i, len(l.s.Tokens)-1)
}

func (l *layout) text(i int) string {
	if i < 0 || i >= len(l.s.Tokens) {
		return ""
	}
	return l.s.Tokens[i].Text
}

// query begins a line with a statement and lays the pipe of a query out over lines.
func (l *layout) query(st Statement) {
	l.statement(st)
	if e, ok := st.(*ExprStatement); ok {
		if p, ok := e.X.(*Pipe); ok {
			l.breakPipe(p)
		}
	}
}

func (l *layout) statement(st Statement) {
	i := l.index(st.At().Start)
	l.statements[i] = st.At().End
	l.breaks[i] = true
}

// hasBreak says whether a line break stands within a range of tokens.
func (l *layout) hasBreak(from, to int) bool {
	for i := from + 1; i < to; i++ {
		t := &l.s.Tokens[i]
		if strings.ContainsAny(l.s.Source[t.TriviaStart:t.Start], "\r\n") {
			return true
		}
	}
	return false
}

// breakPipe lays a pipe out over lines, and the brackets around it.
func (l *layout) breakPipe(p *Pipe) {
	first, after := l.index(p.Start), l.index(p.End)
	if _, ok := l.pipes[first]; ok {
		return
	}
	l.pipes[first] = p.End
	for _, o := range p.Ops {
		if bar := l.index(o.Head().KeywordAt.Start) - 1; l.text(bar) == "|" && bar >= first {
			l.breaks[bar], l.bars[bar] = true, true
		}
	}
	l.breakInside(first, after)
}

// breakInside puts what stands between brackets on lines of its own.
func (l *layout) breakInside(first, after int) {
	if isOpen(l.text(first-1)) && isClose(l.text(after)) {
		l.breaks[first], l.breaks[after] = true, true
	}
}

// long says whether a part is broken over lines already or too long for one.
func (l *layout) long(n Node) bool {
	first, after := l.index(n.At().Start), l.index(n.At().End)
	from, to := first, after
	if isOpen(l.text(first-1)) && isClose(l.text(after)) {
		from, to = first-1, after+1
	}
	return l.hasBreak(from, to) || inlineLength(l.s.Tokens[first:after]) > maxInline
}

// mark notes what a node says about lines and blanks.
func (l *layout) mark(n Node) {
	switch n := n.(type) {
	case *Where:
		l.wrapAnd(n)
	case *Extend:
		l.wrap(n, n.Cols, nil)
	case *Project:
		l.wrap(n, n.Cols, nil)
	case *Summarize:
		l.wrap(n, n.Aggs, n.By)
	case *Pipe:
		if l.long(n) {
			l.breakPipe(n)
		}
	case *Body:
		l.body(n)
	case *MacroExpand:
		for _, st := range n.Statements {
			l.query(st)
		}
		if k := len(n.Statements); k > 0 {
			l.breakInside(l.index(n.Statements[0].At().Start), l.afterStatement(n.Statements[k-1]))
		}
	case *Pattern:
		for _, c := range n.Cases {
			l.breaks[l.index(c.Start)] = true
		}
		if len(n.Cases) > 0 {
			l.breaks[l.index(n.End)-1] = true
		}
	case *Scan:
		for _, st := range n.Steps {
			l.breaks[l.index(st.Start)] = true
			l.before(st.Cond, blank)
			if st.Output != "" {
				if i := l.index(st.Cond.At().Start) - 2; l.text(i-1) == "=" {
					l.gaps[i-1], l.gaps[i] = tight, tight
				}
			}
		}
		if len(n.Steps) > 0 {
			l.breaks[l.index(n.End)-1] = true
		}
	default:
		l.gapsOf(n)
	}
}

// tooWide says whether an operator stands on one line and is too long for it.
func (l *layout) tooWide(o Operator) bool {
	first, after := l.index(o.At().Start), l.index(o.At().End)
	return inlineLength(l.s.Tokens[first:after]) > maxLine && !l.hasBreak(first, after)
}

// wrap puts each column of an operator that is too wide on a line of its own, and the by clause on another.
func (l *layout) wrap(o Operator, cols, by []Expr) {
	if !l.tooWide(o) {
		return
	}
	for _, x := range cols[min(1, len(cols)):] {
		l.breaks[l.index(x.At().Start)] = true
	}
	if len(by) > 0 {
		l.breaks[l.index(by[0].At().Start)-1] = true
	}
}

// wrapAnd begins a line with each and of a condition that is too wide.
func (l *layout) wrapAnd(o *Where) {
	if !l.tooWide(o) {
		return
	}
	for b, ok := o.Pred.(*Binary); ok && b.Op == "and"; b, ok = b.X.(*Binary) {
		l.breaks[l.index(b.OpAt.Start)] = true
	}
}

func (l *layout) body(b *Body) {
	open := l.index(b.Start)
	if len(b.Statements) == 0 && !l.long(b) {
		return
	}
	for _, st := range b.Statements {
		l.statement(st)
	}
	if b.Result != nil {
		l.breaks[l.index(b.Result.At().Start)] = true
		if p, ok := b.Result.(*Pipe); ok {
			l.breakPipe(p)
		}
	}
	if last := l.index(b.End) - 1; last > open {
		l.breaks[last] = true
	}
}

// afterStatement gives the token after a statement and its semicolon.
func (l *layout) afterStatement(st Statement) int {
	i := l.index(st.At().End)
	if l.text(i) == ";" {
		i++
	}
	return i
}

// before says what stands before a node.
func (l *layout) before(n Node, g gap) {
	if !isNil(n) {
		l.gaps[l.index(n.At().Start)] = g
	}
}

// gapsOf notes the blanks that a node decides about.
func (l *layout) gapsOf(n Node) {
	switch n := n.(type) {
	case *Call:
		l.gaps[l.index(n.Func.End)] = tight
	case *TypeOf, *Dynamic, *PackAll, *Materialize:
		l.gaps[l.index(n.At().Start)+1] = tight
	case *ToScalar:
		l.subquery(n.Span, n.Params)
	case *ToTable:
		l.subquery(n.Span, n.Params)
	case *QueryParameters:
		l.gaps[l.index(n.Start)+2] = tight
	case *Index:
		l.gaps[l.index(n.Base.At().End)] = tight
	case *Unary:
		l.before(n.X, tight)
	case *Literal:
		if n.Kind != StringLiteral {
			l.tightInside(n.Span)
		}
	case *Name:
		if n.Wildcard || n.Form == BracedName {
			l.tightInside(n.Span)
		}
	case *Binary:
		if n.Op == ":" {
			l.gaps[l.index(n.OpAt.Start)] = tight
			l.before(n.Y, tight)
		}
	case *Bag:
		l.gaps[l.index(n.Start)+1] = tight
		l.gaps[l.index(n.End)-1] = tight
	case *Param:
		l.option(n)
	case *SeriesAgg:
		l.equals(n.Default)
	case *TopNestedLevel:
		l.equals(n.Others)
	case *Column:
		l.before(n.Type, tight)
	case *Parameter:
		l.before(n.Type, tight)
	case *TypedColumn:
		l.before(n.Type, tight)
	case *PatternColumn:
		l.before(n.Type, tight)
	case *Evaluate:
		if n.Schema != nil {
			l.gaps[l.index(n.Schema.Start)-1] = blank
		}
	case *GraphPattern:
		l.tightInside(n.Span)
	case *MakeGraph:
		from, to := l.index(n.Source.End), l.index(n.Target.Start)
		for i := from + 1; i < to; i++ {
			l.gaps[i] = tight
		}
	}
}

func (l *layout) subquery(at Span, ps Params) {
	if len(ps) == 0 {
		l.gaps[l.index(at.Start)+1] = tight
	}
}

// option has no blanks around its =, nor within its name.
func (l *layout) option(n *Param) {
	first, value := l.index(n.Start), l.index(n.Value.At().Start)
	if l.text(value-1) != "=" {
		return
	}
	for i := first + 1; i <= value; i++ {
		l.gaps[i] = tight
	}
}

// equals has no blanks around the = before x.
func (l *layout) equals(x Expr) {
	if x != nil {
		i := l.index(x.At().Start)
		l.gaps[i-1], l.gaps[i] = tight, tight
	}
}

func (l *layout) tightInside(at Span) {
	for i := l.index(at.Start) + 1; i < l.index(at.End); i++ {
		l.gaps[i] = tight
	}
}

// space says whether a blank stands before token i on the same line.
func (l *layout) space(i int, prev, t *Token) bool {
	switch l.gaps[i] {
	case tight:
		return false
	case blank:
		return true
	}
	switch t.Text {
	case ".":
		return prev.Kind == LongToken || prev.Kind == RealToken // 0.x would be read as a number and a name
	case ",", ";", ")", "]", ":":
		return false
	case "(":
		return prev.Text != "(" && prev.Text != "[" && prev.Text != "." && prev.Text != "range"
	case "[":
		return prev.Text != "(" && prev.Text != "[" && prev.Text != "."
	}
	switch prev.Text {
	case "(", "[", ".":
		return false
	}
	return true
}
