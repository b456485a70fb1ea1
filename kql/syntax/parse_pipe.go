package syntax

import (
	"slices"
	"strings"
)

// operatorNames are the words that begin a step of a pipe.
var operatorNames = set(`as assert-schema consume count distinct evaluate __executeAndCache extend facet filter find fork getschema graph-mark-components
graph-match graph-shortest-paths graph-to-table graph-where-edges graph-where-nodes inline_external_table invoke join limit lookup macro-expand make-graph make-series mv-apply
mvapply mv-expand mvexpand order parse parse-kv parse-where partition __partitionby print project project-away project-by-names project-keep
project-rename project-reorder range reduce render sample sample-distinct scan search serialize sort summarize take top top-hitters top-nested union
where`)

// Operators gives the words that begin a step of a pipe, sorted, without those for internal use.
func Operators() []string {
	var out []string
	for w := range operatorNames {
		if !strings.HasPrefix(w, "__") {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// pipe reads an expression, scalar or tabular, with the steps of its pipe.
func (p *parser) pipe() Expr {
	if !p.enter() {
		return &Bad{Span: p.here()}
	}
	defer p.leave()
	p.expects(ExpectTable)
	start := p.tok().Start
	var source Expr
	var first Operator
	if p.probing() {
		p.unnamed()
		return nil
	}
	if p.mustBeOperator() {
		if first = p.operator(); first == nil {
			source = p.unnamed()
		}
	} else if source = p.unnamed(); source == nil {
		first = p.operator()
	}
	return p.steps(start, source, first)
}

// subpipe reads a pipe that begins with an operator and is fed from outside: the subquery of mv-apply, partition, fork. If orQuery, it may also be a query
// of its own.
func (p *parser) subpipe(orQuery bool) Expr {
	if !p.enter() {
		return &Bad{Span: p.here()}
	}
	defer p.leave()
	start := p.tok().Start
	if p.is("__contextual_datatable") {
		return p.steps(start, p.contextTable(), nil)
	}
	first := p.operator()
	if first == nil {
		if orQuery {
			return p.needExpr(p.pipe())
		}
		first = p.badOperator()
	}
	return p.steps(start, nil, first)
}

// steps reads what follows the head of a pipe.
func (p *parser) steps(start int, source Expr, first Operator) Expr {
	if source == nil && first == nil {
		return nil
	}
	var ops []Operator
	if first != nil {
		ops = append(ops, first)
	}
	p.resync(source != nil)
	for {
		bar := p.tok()
		if bar.Text != "|" {
			if !p.startsOperator() && !p.forgottenPipe() {
				break
			}
			p.errorAt(bar.Span, "missing-pipe", "`|` expected before "+quoteFound(bar.Text), "each step of a query begins with `|`")
		} else {
			p.pos++
		}
		if len(ops) == MaxChain {
			p.tooMuch("this query has more than 20000 steps", "")
			break
		}
		o := p.operator()
		if o == nil {
			o = p.badOperator()
		}
		ops = append(ops, o)
		p.resync(true)
	}
	if len(ops) == 0 {
		return source
	}
	return &Pipe{Span: p.span(start), Source: source, Ops: ops}
}

// resync reports what cannot follow a step of a pipe and skips to the next step or the end. What begins a new line at the outermost level is left: it may be
// the next statement.
func (p *parser) resync(tabular bool) {
	t := p.tok()
	if !tabular || p.atListEnd() || t.Text == "," && p.nest > 0 || t.Text == ".." || p.startsOperator() || p.forgottenPipe() ||
		p.nest == 0 && p.newLine() && p.canStartStatement() {
		return
	}
	p.afterStep()
	p.skipTo("|", true)
}

// forgottenPipe says whether an operator follows that cannot be a name, so that only its | can be missing.
func (p *parser) forgottenPipe() bool {
	t := p.tok()
	return t.Kind == KeywordToken && operatorNames[t.Text] && keywords[t.Text] != nameableWord && t.Text != "as" && t.Text != "find"
}

// afterStep reports the current token, which continues nothing.
func (p *parser) afterStep() {
	t := p.tok()
	if t.Kind == UnknownToken {
		p.lastErr = t.Start
		return
	}
	hint := p.afterStepHint(t)
	if hint == "" {
		hint = "an operator, a comma or a `|` may be missing before it"
	}
	p.errorAt(t.Span, "unexpected", quoteFound(t.Text)+" is not expected here", hint)
}

func (p *parser) afterStepHint(t *Token) string {
	switch strings.ToLower(t.Text) {
	case "and", "or":
		return "write " + strings.ToLower(t.Text)
	case "not":
		return "write not(…), or !in, !has, !contains, !="
	case "is":
		return "write isnull(…), isnotnull(…), isempty(…) or isnotempty(…)"
	case "=":
		return "write == to compare"
	case "==", "!=", "<", "<=", ">", ">=", "<>", "in", "in~", "!in", "!in~", "has_any", "has_all", "between", "!between":
		return "comparisons do not chain: join them with and"
	case "{":
		return "the parameters of a function have types: (x: string) { … }"
	}
	switch {
	case stringOps[t.Text]:
		return "comparisons do not chain: join them with and"
	case operatorNames[t.Text]:
		return "each step of a query begins with `|`"
	case strings.EqualFold(p.toks[0].Text, "select"):
		return "this looks like SQL; in KQL write Table | where … | project …"
	case t.Kind == DirectiveToken:
		return "a comment begins with //"
	case t.Kind != WordToken:
		return ""
	case p.pos > 0 && strings.EqualFold(p.toks[p.pos-1].Text, "not"):
		return "write not(" + t.Text + ")"
	}
	return suggest(t.Text, comparisonWords)
}

// comparisonWords are offered for a misspelt word between two expressions.
var comparisonWords = []string{"and", "or", "has", "!has", "has_any", "has_all", "has_cs", "contains", "contains_cs", "startswith", "endswith", "hasprefix",
	"hassuffix", "in", "between", "matches regex"}

// badOperator reports that no operator begins here, and skips to the next step.
func (p *parser) badOperator() Operator {
	t := p.tok()
	o := &BadOp{Op{Keyword: t.Text, KeywordAt: t.Span}}
	switch {
	case t.Kind == WordToken || t.Kind == KeywordToken:
		text := t.Text
		if n := p.peekDashedName(); n > 1 {
			text = p.src[t.Start:p.peek(n-1).End]
		}
		hint := suggest(text, Operators())
		if hint == "" && t.Kind == KeywordToken {
			hint = "an operator such as where, project or summarize stands after `|`"
		}
		p.errorAt(Span{t.Start, t.Start + len(text)}, "unknown-operator", "there is no operator `"+text+"`", hint)
	case t.Text == "|":
		p.errorAt(t.Span, "missing-operator", "an operator expected between `|` and `|`", "write or between conditions; remove one `|` otherwise")
	default:
		p.missing("missing-operator", "an operator after `|`", "")
	}
	if t.Text == "|" {
		o.Span, o.KeywordAt, o.Keyword = Span{t.Start, t.Start}, Span{t.Start, t.Start}, ""
		if !t.adjacent() {
			return o
		}
		p.pos++ // || was meant as or: what follows is its right side
		if operatorNames[p.tok().Text] {
			p.pos--
			return o
		}
	}
	p.skipTo("|", true)
	o.Span = p.span(t.Start)
	return o
}

// mustBeOperator says whether the current word is the start of an operator rather than a name.
func (p *parser) mustBeOperator() bool {
	t := p.tok()
	if t.Kind != KeywordToken || !operatorNames[t.Text] {
		return false
	}
	next := p.peek(1)
	switch t.Text {
	case "evaluate":
		return p.peekName(1, false) > 0 || p.isOption(1)
	case "facet":
		return next.Text == "by"
	case "inline_external_table":
		return next.Text == "(" || next.Text == "kind"
	case "partition", "reduce":
		return next.Text == "by" || p.isOption(1)
	case "range":
		n := p.peekName(1, false)
		return n > 0 && (p.peek(1+n).Text == "from" || p.peek(1+n).Kind == EOFToken)
	case "render":
		return slices.Contains(charts, next.Text) || next.Kind == WordToken || keywords[next.Text] == nameableWord
	}
	return keywords[t.Text] != nameableWord
}

// isOption says whether the token n ahead is the name of an option.
func (p *parser) isOption(n int) bool {
	return knownParams[p.peek(n).Text] || p.peek(n).Text == "hint" && p.peek(n+1).Text == "."
}

// operator reads a step of a pipe; nil if none begins here.
func (p *parser) operator() Operator {
	p.expects(ExpectOperator)
	t := p.tok()
	if t.Kind != KeywordToken || !operatorNames[t.Text] {
		return nil
	}
	switch next := p.peek(1).Text; t.Text {
	case "count", "range":
		if next == "(" {
			return nil
		}
	case "inline_external_table":
		if next != "(" && next != "kind" {
			return nil
		}
	}
	p.pos++
	if p.probe != nil {
		defer func(op string) { p.probe.op = op }(p.probe.op)
		p.probe.op = canonicalOperator(t.Text)
	}
	h := Op{Keyword: t.Text, KeywordAt: t.Span}
	o := p.rowOperator(h)
	if o == nil {
		o = p.tableOperator(h)
	}
	if o == nil {
		o = p.graphOperator(h)
	}
	o.Head().Span = p.span(t.Start)
	return o
}
