package bind

import (
	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// title gives the name that an expression without one gives its column; ok=false when Kusto has no name for it (Column1, print_0).
func (b *binder) title(e syntax.Expr) (string, bool) {
	switch e := e.(type) {
	case *syntax.Paren:
		return b.title(e.X)
	case *syntax.Ordered:
		return b.title(e.X)
	case *syntax.Name:
		return e.Text, true
	case *syntax.Named:
		if len(e.Names) == 1 && !e.Tuple {
			return e.Names[0].Text, true
		}
	case *syntax.Path:
		sel, ok := e.Selector.(*syntax.Name)
		if !ok {
			return b.title(e.Selector)
		}
		if n, ok := e.Base.(*syntax.Name); ok {
			if m := b.membersOf(n); m != nil && m.element == "" {
				return sel.Text, true
			}
		}
		return b.joinTitle(e.Base, sel.Text), true
	case *syntax.Index:
		if l, ok := e.Key.(*syntax.Literal); ok && (l.Kind == syntax.StringLiteral || l.Kind == syntax.LongLiteral || l.Kind == syntax.IntLiteral) {
			return b.joinTitle(e.Base, l.Text), true
		}
		if left, ok := b.title(e.Base); ok && left != "" {
			return left + "_", true
		}
	case *syntax.Call:
		return b.callTitle(e)
	}
	return "", false
}

func (b *binder) joinTitle(base syntax.Expr, right string) string {
	if left, ok := b.title(base); ok && left != "" {
		return left + "_" + right
	}
	return right
}

// callTitle is title for a call: the function's declaration says how.
func (b *binder) callTitle(e *syntax.Call) (string, bool) {
	f := fn.Lookup(e.Func.Text)
	if b.aggs != nil {
		if a := fn.LookupAggregate(e.Func.Text); a != nil {
			f = a
		}
	}
	if f == nil {
		return "", false
	}
	first := func() (string, bool) {
		if len(e.Args) == 0 {
			return "", false
		}
		return b.title(e.Args[0])
	}
	switch f.NameRule {
	case fn.NameFirstArg:
		return first()
	case fn.NamePrefix:
		name, _ := first()
		return f.Prefix + "_" + name, true
	case fn.NameOnlyPrefix:
		return f.Prefix, true
	case fn.NameOnlyArg:
		if len(e.Args) == 1 {
			return first()
		}
	case fn.NameArgValue:
		if len(e.Args) > 0 {
			b.quiet++
			v := b.expr(e.Args[0]).constant()
			b.quiet--
			if v != nil {
				if c, ok := b.row.find(v.S); ok {
					return c.Name, true
				}
			}
		}
	}
	return "", false
}

// defaultTitle is the next of Column1, Column2 … that is not the name of anything in scope.
func (b *binder) defaultTitle(withRow bool) string {
	for {
		name := "Column" + itoa(b.columns)
		b.columns++
		if withRow {
			if _, ok := b.row.find(name); ok {
				continue
			}
		}
		if b.scope.find(name) != nil {
			continue
		}
		return name
	}
}
