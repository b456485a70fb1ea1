package syntax

import "strings"

func (p *parser) primary() Expr {
	p.expects(ExpectScalar)
	t := p.tok()
	switch t.Kind {
	case LongToken, RealToken, SpanToken, GuidToken, BoolToken, StringToken, TypedToken:
		return p.literal()
	}
	start := t.Start
	switch t.Text {
	case "dynamic":
		if x := p.literal(); x != nil {
			return x
		}
	case "datatable":
		return p.dataTable()
	case "__contextual_datatable":
		return p.contextTable()
	case "externaldata", "external_data":
		return p.externalData()
	case "materialized-view-combine":
		return p.viewCombine()
	case "(":
		open := p.open("(")
		x := p.needExpr(p.pipe())
		p.close(open, ")")
		return &Paren{p.span(start), x}
	case "toscalar":
		params, x := p.subquery()
		return &ToScalar{p.span(start), params, x}
	case "typeof":
		if p.peek(1).Text == "(" {
			return p.typeOf()
		}
	}
	if p.startsCall() {
		return p.call()
	}
	if n := p.pathName(); n != nil {
		if p.is("datascope") {
			return p.dataScoped(n)
		}
		return n
	}
	return p.invalidName()
}

// subquery reads toscalar kind=k (query) after its keyword has been seen.
func (p *parser) subquery() (Params, Expr) {
	p.pos++
	params := p.params(paramSet{"kind": wordParam}, declaredOnly)
	open := p.open("(")
	x := p.needExpr(p.pipe())
	p.close(open, ")")
	return params, x
}

func (p *parser) dataScoped(x Expr) Expr {
	scope := p.dataScope()
	return &DataScoped{Span{x.At().Start, p.span(x.At().Start).End}, x, scope}
}

// dataScope reads datascope=all|hotcache, "" if it is not there.
func (p *parser) dataScope() string {
	if !p.accept("datascope") {
		return ""
	}
	p.need("=")
	return p.oneOf("a data scope", "all", "hotcache")
}

// oneOf reads one of these words.
func (p *parser) oneOf(what string, words ...string) string {
	if p.isAny(words...) {
		return p.advance().Text
	}
	p.missing("missing-word", what+" ("+strings.Join(words, ", ")+")", suggest(p.tok().Text, words))
	if p.tok().Kind == WordToken {
		p.pos++
	}
	return ""
}

// literal reads a constant, also a signed number without gap, dynamic(…), typeof(…) and a client parameter.
func (p *parser) literal() Expr {
	t := p.tok()
	switch t.Kind {
	case StringToken:
		return p.stringLiteral()
	case BoolToken:
		p.pos++
		return &Literal{Span: t.Span, Kind: BoolLiteral, Text: strings.ToLower(t.Text)}
	case LongToken, RealToken, SpanToken:
		p.pos++
		return &Literal{Span: t.Span, Kind: numberKind(t.Kind), Text: t.Text}
	case GuidToken:
		p.errorAt(t.Span, "bare-guid", "a guid cannot stand as it is", "write guid("+t.Text+"), or quote it to have a text")
		return p.bareGuid()
	case TypedToken:
		p.pos++
		return typedLiteral(t)
	}
	switch t.Text {
	case "dynamic":
		if p.peek(1).Text == "(" {
			return p.dynamic()
		}
	case "+", "-":
		n := p.peek(1)
		if n.adjacent() && (n.Kind == LongToken || n.Kind == RealToken || n.Kind == SpanToken) {
			p.pos += 2
			return &Literal{Span: Span{t.Start, n.End}, Kind: numberKind(n.Kind), Text: t.Text + n.Text}
		}
	case "typeof":
		if p.peek(1).Text == "(" {
			return p.typeOf()
		}
	case "{":
		if n := p.peekBraced(0); n > 0 {
			return p.readName(n)
		}
	}
	return nil
}

func numberKind(k TokenKind) LiteralKind {
	switch k {
	case RealToken:
		return RealLiteral
	case SpanToken:
		return TimeSpanLiteral
	}
	return LongLiteral
}

func (p *parser) bareGuid() Expr {
	t := p.advance()
	return &Literal{Span: t.Span, Kind: GuidLiteral, Text: t.Text}
}

// stringLiteral reads one string or several in a row, which are joined.
func (p *parser) stringLiteral() Expr {
	start := p.tok().Start
	x := &Literal{Kind: StringLiteral}
	n := 0
	for ; p.peek(n).Kind == StringToken; n++ {
		if c := p.peek(n).Text[0]; c == 'h' || c == 'H' {
			x.Obfuscated = true
		}
	}
	x.Text = p.joinStrings(0, n)
	p.pos += n
	x.Span = p.span(start)
	return x
}

func typedLiteral(t *Token) Expr {
	name, text, _ := strings.Cut(t.Text, "(")
	text = strings.TrimSpace(strings.TrimSuffix(text, ")"))
	for n := len(text); n >= 2 && isQuote(text[0]) && text[n-1] == text[0]; n = len(text) {
		text = strings.TrimSpace(text[1 : n-1])
	}
	return &Literal{Span: t.Span, Kind: typedLiterals[name], Text: text, Typed: true, Null: text == "null"}
}

func (p *parser) dynamic() Expr {
	start := p.advance().Start
	open := p.open("(")
	v := p.needJSON(p.json())
	p.close(open, ")")
	return &Dynamic{p.span(start), v}
}

func (p *parser) needJSON(x Expr) Expr {
	if x != nil {
		return x
	}
	at := p.here()
	p.missing("missing-json", "a JSON value", "")
	return &Bad{Span: at}
}

func (p *parser) json() Expr {
	if !p.enter() {
		return &Bad{Span: p.here()}
	}
	defer p.leave()
	t := p.tok()
	switch t.Kind {
	case LongToken, RealToken, BoolToken, SpanToken, StringToken:
		return p.literal()
	case GuidToken:
		return p.literal()
	case TypedToken:
		if typedLiterals[t.Text[:strings.IndexByte(t.Text, '(')]] == IntLiteral {
			return nil
		}
		return p.literal()
	}
	if t.Kind == WordToken {
		p.errorAt(t.Span, "missing-json", "a JSON value expected, found "+quoteFound(t.Text),
			"dynamic(…) takes constants only; use bag_pack(…) or pack_array(…) to make one from columns")
		x := p.needExpr(p.unnamed())
		return &Bad{Span: p.span(t.Start), Parts: []Expr{x}}
	}
	switch t.Text {
	case "dynamic":
		return p.literal()
	case "null":
		p.pos++
		return &Literal{Span: t.Span, Null: true, Text: "null"}
	case "-":
		if k := p.peek(1).Kind; k == LongToken || k == RealToken {
			p.pos++
			x := p.literal()
			return &Unary{p.span(t.Start), "-", x}
		}
	case "[":
		open := p.open("[")
		x := &Array{}
		p.list(list{missing: func() { x.Items = append(x.Items, p.needJSON(nil)) }, item: func() bool {
			v := p.json()
			if v != nil {
				x.Items = append(x.Items, v)
			}
			return v != nil
		}})
		p.close(open, "]")
		x.Span = p.span(t.Start)
		return x
	case "{":
		if n := p.peekBraced(0); n > 0 {
			return p.readName(n)
		}
		open := p.open("{")
		x := &Bag{}
		p.list(list{missing: func() { p.missing("missing-json", `"name": value`, "") }, item: func() bool { return p.jsonPair(x) }})
		p.close(open, "}")
		x.Span = p.span(t.Start)
		return x
	}
	return nil
}

func (p *parser) jsonPair(x *Bag) bool {
	t := p.tok()
	switch {
	case t.Kind == StringToken:
		p.pos++
		text, _ := Unquote(t.Text)
		key := &Literal{Span: t.Span, Kind: StringLiteral, Text: text}
		p.need(":")
		v := p.needJSON(p.json())
		x.Pairs = append(x.Pairs, BagPair{p.span(t.Start), key, v})
		return true
	case t.Kind == WordToken && p.peek(1).Text == ":":
		p.errorAt(t.Span, "json-name", "the names in a bag are texts", `write "`+t.Text+`"`)
		p.pos += 2
		v := p.needJSON(p.json())
		x.Pairs = append(x.Pairs, BagPair{p.span(t.Start), &Literal{Span: t.Span, Kind: StringLiteral, Text: t.Text}, v})
		return true
	case t.Text == ":":
		p.missing("missing-json", `"name" before the colon`, "")
		p.pos++
		p.needJSON(p.json())
		return true
	}
	where := t.Span
	if p.json() == nil {
		return false
	}
	p.errorAt(where, "missing-json", `"name": expected before the value`, "")
	return true
}
