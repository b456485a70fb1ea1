package bind

import (
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/syntax"
	"github.com/vedette-siem/vedette/kql/value"
)

// parse binds parse and parse-where: the captures become columns behind those of the input.
func (b *binder) parse(r *rel, op *syntax.ParseOp) *rel {
	node := plan.Parse{Mode: "simple", Where: op.Keyword == "parse-where"}
	if k := op.Params.Word("kind"); k != "" {
		node.Mode = k
		if k != "simple" && k != "relaxed" && k != "regex" {
			b.errorf(op.Params.Get("kind").At(), codeUnknownOption, "there is no parse kind %s; the kinds are simple, relaxed and regex", k)
		}
	}
	node.Flags = op.Params.Word("flags")
	var x bound
	b.over(r, func() { x = b.expr(op.X) })
	if x.ok() {
		node.Expr = b.convert(x.expr, value.String)
	} else {
		node.Expr = &plan.Lit{V: value.OfString("")}
	}
	seen := map[string]bool{}
	var captures []plan.Column
	afterText := true // a column may follow: at the start, or after a text
	for i, e := range op.Elements {
		switch e := e.(type) {
		case *syntax.Literal:
			node.Parts = append(node.Parts, plan.ParsePart{Text: e.Text})
			afterText = true
		case *syntax.Star:
			if i+1 < len(op.Elements) {
				if _, ok := op.Elements[i+1].(*syntax.Literal); !ok {
					b.errorf(e.At(), codePattern, "a text must follow * in a pattern")
				}
			}
			if c := lastCapture(node.Parts); c != nil && c.Type == value.String {
				b.errorf(e.At(), codePattern, "where the text of the column %s ends cannot be told when * follows it; write the text that stands between", quoteName(c.Name))
			}
			node.Parts = append(node.Parts, plan.ParsePart{Star: true})
			afterText = false
		case *syntax.PatternColumn:
			if !afterText {
				b.errorf(e.At(), codePattern, "a text must stand before the column %s in the pattern", quoteName(e.Name.Text))
			}
			afterText = false
			if seen[e.Name.Text] {
				b.errorf(e.Name.At(), codeDuplicateColumn, "the column %s is declared twice", quoteName(e.Name.Text))
				continue
			}
			seen[e.Name.Text] = true
			c := b.newColumn(e.Name.Text, b.typeName(e.Type))
			captures = append(captures, c)
			node.Parts = append(node.Parts, plan.ParsePart{Col: c})
		}
	}
	node.Out = withCaptures(r.cols, captures)
	return r.hiddenBehind(&node.Out, func() plan.Node { return plan.NewParse(r.node, node) })
}

// lastCapture gives the column that the last part of a pattern captures, nil where that is none.
func lastCapture(parts []plan.ParsePart) *plan.Column {
	if len(parts) == 0 || parts[len(parts)-1].Col.ID == 0 {
		return nil
	}
	return &parts[len(parts)-1].Col
}

// withCaptures lists the input's columns and behind them the captures; one that has the name of another column gets a number.
func withCaptures(cols, captures []plan.Column) []plan.JoinCol {
	all := append(append(make([]plan.Column, 0, len(cols)+len(captures)), cols...), captures...)
	uniqueColumns(all)
	out := make([]plan.JoinCol, len(all))
	for i, c := range all {
		out[i] = plan.JoinCol{Col: c, Right: i >= len(cols), Src: c.ID}
	}
	return out
}

func (b *binder) parseKV(r *rel, op *syntax.ParseKV) *rel {
	node := plan.ParseKv{}
	var x bound
	b.over(r, func() { x = b.expr(op.X) })
	node.Expr = &plan.Lit{V: value.OfString("")}
	if x.ok() {
		node.Expr = b.convert(x.expr, value.String)
	}
	node.Keys = b.schemaColumns(op.Schema)
	for i := range node.Keys {
		node.Keys[i].ID = b.newID()
	}
	for _, p := range op.With {
		v := b.optionValue(p.Value)
		switch p.Name {
		case "pair_delimiter":
			node.PairDelim = v.S
		case "kv_delimiter":
			node.KvDelim = v.S
		case "quote":
			node.Quote = v.S
		case "escape":
			node.Escape = v.S
		case "greedy":
			node.Greedy = v.T == value.Bool && v.Bool()
		case "regex":
			node.Regex = v.S
		default:
			b.errorf(p.At(), codeUnknownOption, "parse-kv has no option %s", p.Name)
		}
	}
	switch { // with neither, everything that is not a letter or a digit separates
	case node.PairDelim == "" && node.KvDelim != "":
		node.PairDelim = " "
	case node.KvDelim == "" && node.PairDelim != "":
		node.KvDelim = "="
	}
	node.Out = withCaptures(r.cols, node.Keys)
	return r.hiddenBehind(&node.Out, func() plan.Node { return plan.NewParseKv(r.node, node) })
}
