package query

import (
	"slices"
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// Microsoft renames what its products write into rows, and years of queries compare with the old words. The rows keep what was written; instead,
// a comparison of these columns with one of the words is true for its other words too. This is documented in docs/kql-aliases.md.
var wordAliases = map[string][][]string{
	"SecurityIncident.ProviderName": {{"Microsoft 365 Defender", "Microsoft XDR"}},
	"SecurityAlert.ProviderName":    {{"Microsoft 365 Defender", "Microsoft Defender XDR"}},
	"SecurityAlert.ProductName":     {{"Microsoft 365 Defender", "Microsoft Defender XDR"}},
}

// alsoKnownAs gives all words for word in the column that origin names.
func alsoKnownAs(origin, word string, anyCase bool) []string {
	for _, group := range wordAliases[origin] {
		if slices.ContainsFunc(group, func(w string) bool { return w == word || anyCase && strings.EqualFold(w, word) }) {
			return group
		}
	}
	return nil
}

// applyWordAliases rewrites comparisons of renamed words: == and != with a constant, in and !in with a list of constants, and those without
// regard to case. Anything else (has, contains, a comparison of two columns) sees the stored word.
func applyWordAliases(q *plan.Query) {
	for _, r := range q.Results {
		from := origins(r.Root)
		if len(from) == 0 {
			continue
		}
		plan.Walk(r.Root, func(n plan.Node) {
			for _, e := range plan.Exprs(n) {
				*e = plan.MapExpr(*e, func(e plan.Expr) plan.Expr { return widen(e, from) })
			}
		})
	}
}

// origins tells for every column that carries one of wordAliases' columns unchanged which one it is.
func origins(root plan.Node) map[plan.ColID]string {
	from := map[plan.ColID]string{}
	seen := map[plan.Node]bool{}
	carry := func(to, id plan.ColID) {
		if o, ok := from[id]; ok {
			from[to] = o
		}
	}
	var visit func(n plan.Node)
	visit = func(n plan.Node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		for _, in := range n.Inputs() {
			visit(in)
		}
		for _, e := range plan.Exprs(n) {
			plan.WalkExpr(*e, func(e plan.Expr) {
				switch e := e.(type) {
				case *plan.ScalarQuery:
					visit(e.In)
				case *plan.ListQuery:
					visit(e.In)
				}
			})
		}
		switch n := n.(type) {
		case *plan.Scan:
			for i, c := range n.Cols {
				if name := n.Table + "." + n.Source[i]; wordAliases[name] != nil {
					from[c.ID] = name
				}
			}
		case *plan.Project:
			carryItems(n.Items, carry)
		case *plan.Aggregate:
			carryItems(n.Keys, carry)
			for _, a := range n.Aggs {
				carryArgs(a, carry)
			}
		case *plan.Join:
			for _, c := range n.Out {
				carry(c.Col.ID, c.Src)
			}
		case *plan.Union:
			for i, c := range n.Cols {
				for _, m := range n.Map {
					carry(c.ID, m[i])
				}
			}
		case *plan.MvExpand:
			for _, c := range n.Out {
				carry(c.Col.ID, c.Src)
			}
		case *plan.MvApply:
			for _, c := range n.Carry {
				carry(c.Col.ID, c.Src)
			}
		case *plan.Parse:
			for _, c := range n.Out {
				carry(c.Col.ID, c.Src)
			}
		case *plan.ParseKv:
			for _, c := range n.Out {
				carry(c.Col.ID, c.Src)
			}
		}
		for _, sub := range plan.Subplans(n) {
			visit(sub)
		}
	}
	visit(root)
	return from
}

func carryItems(items []plan.Item, carry func(to, id plan.ColID)) {
	for _, it := range items {
		if r, ok := it.Expr.(*plan.Ref); ok {
			carry(it.Col.ID, r.ID)
		}
	}
}

// carryArgs follows the aggregates that give columns of one row as they are.
func carryArgs(a plan.AggItem, carry func(to, id plan.ColID)) {
	switch a.Fn.Name {
	case "arg_max", "arg_min", "take_any", "any", "min", "max":
		for i, c := range a.Cols {
			if i < len(a.Args) {
				if r, ok := a.Args[i].(*plan.Ref); ok {
					carry(c.ID, r.ID)
				}
			}
		}
	}
}

// widened says which operator with a list replaces a comparison with one word.
var widened = map[string]string{"==": "in", "!=": "!in", "=~": "in~", "!~": "!in~", "in": "in", "!in": "!in", "in~": "in~", "!in~": "!in~"}

func widen(e plan.Expr, from map[plan.ColID]string) plan.Expr {
	c, ok := e.(*plan.Call)
	if !ok || widened[c.Fn.Name] == "" || len(c.Args) < 2 {
		return e
	}
	args := c.Args
	col, ok := args[0].(*plan.Ref)
	if !ok && len(args) == 2 { // "word" == Column
		if col, ok = args[1].(*plan.Ref); ok {
			args = []plan.Expr{args[1], args[0]}
		}
	}
	if !ok || from[col.ID] == "" {
		return e
	}
	list, more := []plan.Expr{col}, false
	for _, a := range args[1:] {
		lit, ok := a.(*plan.Lit)
		if !ok {
			return e
		}
		list = append(list, lit)
		for _, other := range alsoKnownAs(from[col.ID], lit.V.S, strings.HasSuffix(widened[c.Fn.Name], "~")) {
			if lit.V.T == value.String && other != lit.V.S {
				list, more = append(list, &plan.Lit{V: value.OfString(other)}), true
			}
		}
	}
	op := fn.Operator(widened[c.Fn.Name])
	if !more || op == nil {
		return e
	}
	return &plan.Call{Fn: op, Args: list, T: value.Bool}
}
