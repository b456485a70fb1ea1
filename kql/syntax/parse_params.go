package syntax

import "slices"

// paramKind says what the value of an option may be.
type paramKind uint8

const (
	anyParam    paramKind = iota // a literal or a word
	wordParam                    // a word
	parseParam                   // simple, regex or relaxed
	listParam                    // columns separated by commas
	stringParam                  // an expression without operators
	wordlessEq                   // render's old with "…" and by …: no =
)

// paramSet gives the options of an operator.
type paramSet map[string]paramKind

// knownParams may stand after any operator; what they mean there is the binder's matter.
var knownParams = set(`bagexpansion bin_legacy __crossCluster __crossDB decodeblocks expandoutput hint.concurrency hint.distribution hint.materialized
hint.num_partitions hint.pass_filters hint.pass_filters_column hint.progressive_top hint.remote hint.shufflekey hint.spread hint.strategy __id isfuzzy
__isFuzzy kind __noWithSource __packedColumn __sourceColumnIndex cycles with_match_id with_itemindex withsource with_source with_step_name
force_remote`)

// paramRule says which options are read.
type paramRule uint8

const (
	declaredOrKnown paramRule = iota // an option, whether = follows or not
	withEquals                       // an option that = follows
	declaredOnly                     // an option of the operator's own that = follows
)

// params reads the options name=value at the head of an operator.
func (p *parser) params(own paramSet, rule paramRule) Params {
	var out Params
	for {
		x := p.param(own, rule)
		if x == nil {
			return out
		}
		out = append(out, x)
	}
}

func (p *parser) param(own paramSet, rule paramRule) *Param {
	p.expectsOption()
	t := p.tok()
	if t.Kind != WordToken && t.Kind != KeywordToken {
		return nil
	}
	kind, ok := own[t.Text]
	n, name := 1, t.Text
	if !ok && rule != declaredOnly {
		if name == "hint" && p.peek(1).Text == "." && p.peek(1).adjacent() && p.peek(2).adjacent() {
			if dotted := "hint." + p.peek(2).Text; knownParams[dotted] {
				n, name = 3, dotted
			}
		}
		ok = knownParams[name]
	}
	if !ok || rule != declaredOrKnown && p.peek(n).Text != "=" {
		return nil
	}
	p.pos += n
	if !p.accept("=") {
		p.missing("missing-word", "`=` after "+name, "")
	}
	p.expectsValue(name)
	x := &Param{Name: name, Value: p.paramValue(kind, own)}
	x.Span = p.span(t.Start)
	return x
}

func (p *parser) paramValue(kind paramKind, own paramSet) Expr {
	switch kind {
	case listParam:
		return p.columnList(own)
	case stringParam:
		if x := p.postfix(); x != nil {
			return x
		}
		return p.needExpr(nil)
	case parseParam:
		if t := p.tok(); t.Text == "simple" || t.Text == "relaxed" {
			p.pos++
			return &Name{Span: t.Span, Text: t.Text}
		}
	}
	if x := p.literal(); x != nil {
		return x
	}
	if n := p.name(); n != nil {
		return n
	}
	return p.needExpr(nil)
}

// columnList reads names up to the next option. A comma before an option belongs to the options.
func (p *parser) columnList(own paramSet) Expr {
	start := p.tok().Start
	isOption := func(n int) bool {
		_, ok := own[p.peek(n).Text]
		return (ok || knownParams[p.peek(n).Text]) && p.peek(n+1).Text == "="
	}
	x := &Array{}
	for {
		n := p.declaredName()
		if n == nil {
			x.Items = append(x.Items, p.noName("the name of a column"))
			break
		}
		x.Items = append(x.Items, n)
		if next := p.peek(1); !p.is(",") || isOption(1) || next.Kind == EOFToken || slices.Contains([]string{")", "]", "}", "|", ";"}, next.Text) {
			break
		}
		p.pos++
	}
	x.Span = p.span(start)
	return x
}

// paramList reads options separated by commas, as after with.
func (p *parser) paramList(own paramSet, rule paramRule) Params {
	var out Params
	p.list(list{missing: func() { p.missing("missing-parameter", "an option (name = value)", "") }, item: func() bool {
		x := p.param(own, rule)
		if x != nil {
			out = append(out, x)
		}
		return x != nil
	}})
	return out
}
