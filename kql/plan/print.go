package plan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vedette-siem/vedette/kql/value"
)

// Text prints a tree for people and tests: a line for each node, its inputs indented below it. A Shared is printed whole the first time.
// mark, when not nil, gives words to put in front of a node, and whether what is below it is left out.
func Text(n Node, mark func(Node) (words string, leaf bool)) string {
	p := &printer{mark: mark, shared: map[*Shared]int{}, names: map[ColID]string{}}
	Walk(n, func(n Node) { p.learn(n.Columns()) })
	p.node(n, 0)
	return p.b.String()
}

type printer struct {
	b      strings.Builder
	mark   func(Node) (string, bool)
	shared map[*Shared]int
	names  map[ColID]string
}

func (p *printer) line(depth int, format string, args ...any) {
	p.b.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

// learn remembers columns' names, so that expressions can be printed with them.
func (p *printer) learn(cols []Column) {
	for _, c := range cols {
		p.names[c.ID] = c.Name
	}
}

func (p *printer) col(c Column) string { return fmt.Sprintf("%s#%d:%s", c.Name, c.ID, c.Type) }
func (p *printer) cols(cols []Column) string {
	s := make([]string, len(cols))
	for i, c := range cols {
		s[i] = p.col(c)
	}
	return strings.Join(s, ", ")
}

func (p *printer) items(items []Item) string {
	s := make([]string, len(items))
	for i, it := range items {
		if r, ok := it.Expr.(*Ref); ok && r.ID == it.Col.ID {
			s[i] = fmt.Sprintf("%s#%d", it.Col.Name, it.Col.ID)
			continue
		}
		s[i] = p.col(it.Col) + " = " + p.expr(it.Expr)
	}
	return strings.Join(s, ", ")
}

func (p *printer) exprs(es []Expr) string {
	s := make([]string, len(es))
	for i, e := range es {
		s[i] = p.expr(e)
	}
	return strings.Join(s, ", ")
}

// expr prints operators as calls too: and(==(a#1, 2), …).
func (p *printer) expr(e Expr) string {
	switch e := e.(type) {
	case nil:
		return "-"
	case *Lit:
		return literal(e.V)
	case *Ref:
		return fmt.Sprintf("%s#%d", p.names[e.ID], e.ID)
	case *Call:
		return e.Fn.Name + "(" + p.exprs(e.Args) + ")"
	case *ScalarQuery:
		return "toscalar(…)"
	case *ListQuery:
		return "list(…)"
	}
	return fmt.Sprintf("%T", e)
}

func literal(v value.Value) string {
	if v.Null {
		return v.T.String() + "(null)"
	}
	switch v.T {
	case value.String:
		return strconv.Quote(short(v.S))
	case value.Long, value.Bool:
		return v.Text()
	}
	return v.T.String() + "(" + short(v.Text()) + ")"
}

func short(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}

// children gives everything below a node: inputs, subplans, and the tables inside its expressions.
func children(n Node) []Node {
	out := append([]Node(nil), n.Inputs()...)
	out = append(out, Subplans(n)...)
	for _, e := range Exprs(n) {
		WalkExpr(*e, func(e Expr) {
			switch e := e.(type) {
			case *ScalarQuery:
				out = append(out, e.In)
			case *ListQuery:
				out = append(out, e.In)
			}
		})
	}
	return out
}

func (p *printer) node(n Node, depth int) {
	words, leaf := "", false
	if p.mark != nil {
		words, leaf = p.mark(n)
	}
	if s, ok := n.(*Shared); ok {
		if k, seen := p.shared[s]; seen {
			p.line(depth, "%sshared %d", words, k)
			return
		}
		p.shared[s] = len(p.shared) + 1
	}
	p.line(depth, "%s%s", words, p.head(n))
	if leaf {
		return
	}
	for _, in := range children(n) {
		p.node(in, depth+1)
	}
}

func (p *printer) head(n Node) string {
	switch n := n.(type) {
	case *Scan:
		s := fmt.Sprintf("scan %s [%s]", n.Table, p.cols(n.Cols))
		if n.From > value.MinTicks {
			s += " from " + value.OfDatetime(n.From).Text()
		}
		if n.To < value.MaxTicks && n.From|n.To != 0 {
			s += " to " + value.OfDatetime(n.To).Text()
		}
		return s
	case *Values:
		return fmt.Sprintf("values %d [%s]", len(n.Rows), p.cols(n.Cols))
	case *Range:
		return fmt.Sprintf("range %s from %s to %s step %s", p.col(n.Col), p.expr(n.From), p.expr(n.To), p.expr(n.Step))
	case *Input:
		return "input [" + p.cols(n.Cols) + "]"
	case *Shared:
		return fmt.Sprintf("shared %d", p.shared[n])
	case *Filter:
		return "filter " + p.expr(n.Pred)
	case *Project:
		return "project " + p.items(n.Items)
	case *Aggregate:
		s := "aggregate"
		for i, a := range n.Aggs {
			if i > 0 {
				s += ","
			}
			s += fmt.Sprintf(" [%s] = %s(%s)", p.cols(a.Cols), fnName(a), p.exprs(a.Args))
		}
		return s + " by " + p.items(n.Keys)
	case *Sort:
		s := "sort"
		if n.N >= 0 {
			s = fmt.Sprintf("top %d", n.N)
		}
		for i, k := range n.Keys {
			if i > 0 {
				s += ","
			}
			s += " " + p.expr(k.Expr) + map[bool]string{true: " desc", false: " asc"}[k.Desc] + map[bool]string{true: " nulls first", false: " nulls last"}[k.NullsFirst]
		}
		return s
	case *Limit:
		return fmt.Sprintf("limit %d", n.N)
	case *Sample:
		return fmt.Sprintf("sample %d distinct=%t", n.N, n.Distinct)
	case *Serialize:
		return "serialize"
	case *Join:
		s := "join " + string(n.Kind)
		for _, k := range n.On {
			s += fmt.Sprintf(" on %s == %s", p.expr(k.L), p.expr(k.R))
		}
		return s + p.joined(n.Out)
	case *Union:
		return "union [" + p.cols(n.Cols) + "]"
	case *MvExpand:
		return "mv-expand " + p.expanded(n)
	case *MvApply:
		return "mv-apply " + p.expanded(n.Expand) + p.joined(n.Carry)
	case *Parse:
		return "parse " + n.Mode + " " + p.expr(n.Expr) + p.joined(n.Out)
	case *ParseKv:
		return "parse-kv " + p.expr(n.Expr) + p.joined(n.Out)
	case *MakeSeries:
		s := "make-series"
		for _, a := range n.Aggs {
			s += fmt.Sprintf(" %s = %s(%s) default %s", p.col(a.Col), fnName(a.Agg), p.exprs(a.Agg.Args), p.expr(a.Default))
		}
		return s + fmt.Sprintf(" on %s = %s from %s to %s step %s by %s", p.col(n.Axis), p.expr(n.On), p.expr(n.From), p.expr(n.To), p.expr(n.Step), p.items(n.Keys))
	case *Partition:
		return "partition by " + p.expr(n.Key)
	case *Evaluate:
		return fmt.Sprintf("evaluate %s(%s) [%s]", n.Plugin, p.exprs(n.Args), p.cols(n.Cols))
	case *Generic:
		return fmt.Sprintf("%s [%s]", n.Op, p.cols(n.Cols))
	}
	return fmt.Sprintf(" [%s]", p.cols(n.Columns()))
}

func (p *printer) expanded(n *MvExpand) string {
	s := ""
	for i, it := range n.Items {
		if i > 0 {
			s += ", "
		}
		s += p.col(it.Col) + " = " + p.expr(it.Expr)
		if it.To != value.Dynamic {
			s += " to " + it.To.String()
		}
	}
	return s
}

// fnName names an aggregate, also one that could not be bound.
func fnName(a AggItem) string {
	if a.Fn == nil {
		return "?"
	}
	return a.Fn.Name
}

func (p *printer) joined(out []JoinCol) string {
	s := make([]string, len(out))
	for i, c := range out {
		s[i] = fmt.Sprintf("%s=#%d", p.col(c.Col), c.Src)
	}
	return " [" + strings.Join(s, ", ") + "]"
}
