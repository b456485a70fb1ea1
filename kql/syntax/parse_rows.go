package syntax

// The options that operators have of their own.
var (
	noParams       = paramSet{}
	renderParams   = paramSet{"kind": wordParam, "title": stringParam, "accumulate": anyParam, "with": wordlessEq, "by": wordlessEq}
	renderWith     = paramSet{"kind": wordParam, "title": stringParam, "accumulate": anyParam, "xcolumn": anyParam, "ycolumns": listParam, "anomalycolumns": listParam, "series": listParam, "xtitle": stringParam, "ytitle": stringParam, "xaxis": wordParam, "yaxis": wordParam, "legend": wordParam, "ysplit": wordParam, "ymin": anyParam, "ymax": anyParam, "xmin": anyParam, "xmax": anyParam}
	parseParams    = paramSet{"kind": parseParam, "flags": wordParam}
	parseKVWith    = paramSet{"pair_delimiter": anyParam, "kv_delimiter": anyParam, "regex": anyParam, "quote": anyParam, "escape": anyParam, "greedy": anyParam}
	reduceWith     = paramSet{"threshold": anyParam, "characters": anyParam}
	unionParams    = paramSet{"kind": wordParam, "best_effort": anyParam}
	pathParams     = paramSet{"output": wordParam}
	componentsArgs = paramSet{"kind": wordParam, "with_component_id": anyParam}
	edgesParams    = paramSet{"with_source_id": anyParam, "with_target_id": anyParam}
	nodesParams    = paramSet{"with_node_id": anyParam}
	kindParam      = paramSet{"kind": wordParam}
)

var charts = []string{"table", "list", "barchart", "piechart", "ladderchart", "timechart", "linechart", "anomalychart", "pivotchart", "areachart",
	"stackedareachart", "scatterchart", "timepivot", "columnchart", "timeline", "3Dchart", "card", "treemap", "plotly", "graph", "sankey"}

// Charts gives the kinds of charts that render knows by name.
func Charts() []string { return append([]string(nil), charts...) }

// rowOperator reads the rest of an operator on one table's rows and columns; nil if h is not one.
func (p *parser) rowOperator(h Op) Operator {
	names := func() []Expr { return p.exprs(list{}, p.wildcardOrName) }
	one := func() Expr { return p.needExpr(p.named()) }
	some := list{required: true}
	switch h.Keyword {
	case "where", "filter":
		h.Params = p.params(noParams, withEquals)
		return &Where{h, one()}
	case "extend":
		return &Extend{h, p.exprs(some, p.named)}
	case "project":
		return &Project{h, p.exprs(list{}, p.named)}
	case "project-away":
		return &ProjectAway{h, names()}
	case "project-keep":
		return &ProjectKeep{h, names()}
	case "project-rename":
		return &ProjectRename{h, p.exprs(list{}, p.named)}
	case "project-reorder":
		return &ProjectReorder{h, p.exprs(list{}, p.reordered)}
	case "project-by-names":
		return &ProjectByNames{h, p.exprs(list{}, p.unnamed)}
	case "summarize":
		return p.summarize(h)
	case "serialize":
		h.Params = p.params(noParams, withEquals)
		return &Serialize{h, p.exprs(list{}, p.named)}
	case "sort", "order":
		h.Params = p.params(noParams, declaredOrKnown)
		p.need("by")
		return &Sort{h, p.exprs(some, p.ordered)}
	case "top":
		h.Params = p.params(noParams, withEquals)
		n := one()
		p.need("by")
		return &Top{h, n, p.needExpr(p.ordered())}
	case "top-nested":
		return p.topNested(h)
	case "top-hitters":
		n := one()
		p.need("of")
		o := &TopHitters{Op: h, N: n, Of: one()}
		if p.accept("by") {
			o.By = one()
		}
		return o
	case "sample":
		h.Params = p.params(noParams, withEquals)
		return &Sample{h, one()}
	case "sample-distinct":
		h.Params = p.params(noParams, withEquals)
		n := one()
		p.need("of")
		return &SampleDistinct{h, n, one()}
	case "take", "limit":
		h.Params = p.params(noParams, withEquals)
		return &Take{h, one()}
	case "distinct":
		h.Params = p.params(noParams, withEquals)
		return &Distinct{h, p.exprs(some, func() Expr {
			if p.is("*") {
				return &Star{p.advance().Span}
			}
			return p.named()
		})}
	case "count":
		o := &Count{Op: h}
		if p.accept("as") {
			if t := p.tok(); t.Kind == WordToken {
				p.pos++
				o.As = &Name{Span: t.Span, Text: t.Text}
			} else {
				o.As = p.noName("a name")
			}
		}
		return o
	case "getschema":
		h.Params = p.oneParam("kind", wordParam)
		return &GetSchema{h}
	case "consume":
		h.Params = p.params(noParams, declaredOrKnown)
		return &Consume{h}
	case "__executeAndCache":
		return &ExecuteAndCache{h}
	case "as":
		h.Params = p.params(noParams, withEquals)
		return &As{h, p.needName("a name")}
	case "reduce":
		h.Params = p.params(reduceWith, declaredOrKnown)
		p.need("by")
		o := &Reduce{Op: h, By: one()}
		if p.accept("with") {
			o.With = p.paramList(reduceWith, declaredOrKnown)
		}
		return o
	case "assert-schema":
		return &AssertSchema{h, p.schema(false)}
	case "invoke":
		return p.invoke(h)
	case "evaluate":
		return p.evaluate(h)
	case "render":
		return p.render(h)
	case "mv-expand", "mvexpand":
		return p.mvExpand(h)
	case "mv-apply", "mvapply":
		return p.mvApply(h)
	case "parse", "parse-where":
		return p.parse(h)
	case "parse-kv":
		return p.parseKV(h)
	case "make-series":
		return p.makeSeries(h)
	case "scan":
		return p.scan(h)
	}
	return nil
}

// oneParam reads a single option name=value.
func (p *parser) oneParam(name string, kind paramKind) Params {
	if x := p.param(paramSet{name: kind}, declaredOnly); x != nil {
		return Params{x}
	}
	return nil
}

func (p *parser) reordered() Expr {
	start := p.tok().Start
	x := p.wildcardOrName()
	if x == nil {
		return nil
	}
	if d := p.direction(); d != DefaultDir {
		return &Ordered{Span: p.span(start), X: x, Dir: d}
	}
	return x
}

func (p *parser) direction() Direction {
	p.asks("asc")
	p.asks("desc")
	d := DefaultDir
	switch p.tok().Text {
	case "asc":
		d = Asc
	case "desc":
		d = Desc
	case "granny-asc":
		d = GrannyAsc
	case "granny-desc":
		d = GrannyDesc
	default:
		return d
	}
	p.pos++
	return d
}

// ordered reads an expression with a direction.
func (p *parser) ordered() Expr {
	start := p.tok().Start
	x := p.named()
	if x == nil {
		return nil
	}
	d := p.direction()
	nulls := DefaultNulls
	if p.accept("nulls") {
		switch {
		case p.accept("first"):
			nulls = NullsFirst
		case p.accept("last"):
			nulls = NullsLast
		default:
			p.missing("missing-word", "`first` or `last` after nulls", "")
		}
	}
	if d == DefaultDir && nulls == DefaultNulls {
		return x
	}
	return &Ordered{p.span(start), x, d, nulls}
}

func (p *parser) summarize(h Op) Operator {
	h.Params = p.params(noParams, withEquals)
	o := &Summarize{Op: h}
	o.Aggs = p.exprs(list{stop: func() bool { return p.is("by") }}, p.named)
	if !p.accept("by") {
		return o
	}
	oldBin := func() bool {
		k := p.peek(2).Kind
		return p.is("bin") && p.peek(1).Text == "=" && (k >= LongToken && k <= TypedToken)
	}
	o.By = p.exprs(list{required: true, stop: oldBin}, p.named)
	if p.is("bin") && p.peek(1).Text == "=" {
		start := p.tok().Start
		p.pos += 2
		v := p.needExpr(p.unnamed())
		o.ByParams = Params{{p.span(start), "bin", v}}
	}
	return o
}

func (p *parser) topNested(h Op) Operator {
	o := &TopNested{Op: h}
	p.pos--
	p.list(list{required: true, missing: func() { p.missing("missing-word", "`top-nested`", "each level begins with top-nested") }, item: func() bool {
		start := p.tok().Start
		if !p.accept("top-nested") {
			return false
		}
		l := &TopNestedLevel{}
		if !p.is("of") {
			l.N = p.named()
		}
		p.need("of")
		l.Of = p.needExpr(p.named())
		if p.accept("with") {
			p.need("others")
			p.need("=")
			if l.Others = p.literal(); l.Others == nil {
				l.Others = p.needExpr(p.unnamed())
			}
		}
		p.need("by")
		l.By = p.needExpr(p.ordered())
		l.Span = p.span(start)
		o.Levels = append(o.Levels, l)
		return true
	}})
	return o
}

func (p *parser) invoke(h Op) Operator {
	start := p.tok().Start
	if !p.startsCall() {
		return &Invoke{h, p.needCall()}
	}
	x := Expr(p.call())
	for p.is(".") {
		n := p.peekName(1, false)
		if n == 0 || p.peek(1+n).Text != "(" {
			break
		}
		p.pos++
		c := p.call()
		x = &Path{p.span(start), x, c}
	}
	return &Invoke{h, x}
}

// needCall reads a call whose parentheses may be missing, or reports that there is none.
func (p *parser) needCall() *Call {
	if p.probe != nil && p.probe.op == "evaluate" {
		p.expectsOnly(ExpectPlugin)
	}
	p.expectsOnly(ExpectFunction)
	if p.startsCall() {
		return p.call().(*Call)
	}
	start := p.tok().Start
	if n := p.name(); n != nil {
		p.missing("missing-bracket", "`(` after the name of a function", "")
		return &Call{Span: p.span(start), Func: n}
	}
	at := p.here()
	p.missing("missing-expression", "a call name(…)", "")
	return &Call{Span: at, Func: &Name{Span: at}}
}

func (p *parser) evaluate(h Op) Operator {
	h.Params = p.params(noParams, declaredOrKnown)
	o := &Evaluate{Op: h, Plugin: p.needCall()}
	if p.accept(":") {
		o.Schema = p.schema(true)
	}
	return o
}

func (p *parser) render(h Op) Operator {
	o := &Render{Op: h}
	if p.probing() {
		p.probe.values = Charts()
		p.expectsOnly(ExpectValue)
	}
	switch t := p.tok(); {
	case t.Kind == WordToken || t.Kind == KeywordToken && inList(charts, t.Text):
		p.pos++
		o.Chart, o.ChartAt = t.Text, t.Span
	default:
		o.ChartAt = p.here()
		p.missing("missing-chart", "the kind of chart", "write timechart, barchart, columnchart, piechart, linechart, table, …")
	}
	for {
		x := p.renderParam()
		if x == nil {
			break
		}
		o.Params = append(o.Params, x)
	}
	if p.accept("with") {
		open := p.open("(")
		p.accept(",")
		o.With = p.paramList(renderWith, declaredOnly)
		p.close(open, ")")
	}
	return o
}

// renderParam reads an option in the old form, before with (…).
func (p *parser) renderParam() *Param {
	start := p.tok().Start
	switch {
	case p.is("by"):
		p.pos++
		p.expectsOnly(ExpectColumn)
		v := p.columnList(renderParams)
		return &Param{p.span(start), "by", v}
	case p.is("with") && p.peek(1).Text != "(":
		p.pos++
		v := p.paramValue(anyParam, renderParams)
		return &Param{p.span(start), "with", v}
	case p.isAny("kind", "title", "accumulate"):
		return p.param(renderParams, declaredOnly)
	}
	return nil
}

func inList(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}
