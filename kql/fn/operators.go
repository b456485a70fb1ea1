package fn

import "github.com/vedette-siem/vedette/kql/value"

// op declares an operator.
func op(symbol, doc string, b func(args []Arg) (value.Type, []value.Type, error), opts ...option) *Func {
	fn := &Func{Name: symbol, Doc: doc, Bind: b, Params: []Param{{Name: "left", Types: "any"}, {Name: "right", Types: "any"}}}
	for _, o := range opts {
		o(fn)
	}
	return fn
}

func operatorFuncs() []*Func {
	list := []*Func{
		op("+", "Adds numbers, timespans, or a timespan to a datetime.", bindArithmetic('+'), arithmetic(value.Add), lower(lowerArithmetic("+"))),
		op("-", "Subtracts numbers, timespans, or datetimes.", bindArithmetic('-'), arithmetic(value.Sub), lower(lowerArithmetic("-"))),
		op("*", "Multiplies numbers, or a timespan by a number.", bindArithmetic('*'), arithmetic(value.Mul), lower(lowerArithmetic("*"))),
		op("/", "Divides numbers (whole numbers truncate), a timespan by a number or by a timespan.", bindArithmetic('/'), arithmetic(value.Div), lower(lowerDivide)),
		op("%", "Gives the mathematical remainder, never negative.", bindArithmetic('%'), arithmetic(value.Mod), lower(lowerModulo)),
		op("unary-", "Negates a number or timespan.", bindNegate, pure(evalNegate)),
		op("unary+", "Gives a number or timespan as it is.", bindNegate, pure(evalPlus)),
		op("==", "True where both sides are equal; strings by case.", bindEquality, pair(equal), lower(lowerEquality("=", false))),
		op("!=", "True where the sides differ; a null differs from every value.", bindEquality, pair(notEqual), lower(lowerEquality("<>", true))),
		op("<>", "True where the sides differ.", bindEquality, obsolete("!="), pair(notEqual), lower(lowerEquality("<>", true))),
		op("<", "True where the left side is smaller.", bindOrder("<"), ordered(func(c int) bool { return c < 0 }), lower(lowerOrder("<"))),
		op("<=", "True where the left side is not greater.", bindOrder("<="), ordered(atMost), lower(lowerOrder("<="))),
		op(">", "True where the left side is greater.", bindOrder(">"), ordered(func(c int) bool { return c > 0 }), lower(lowerOrder(">"))),
		op(">=", "True where the left side is not smaller.", bindOrder(">="), ordered(atLeast), lower(lowerOrder(">="))),
		op("and", "True where all sides are true.", bindLogic("and"), lazy(lazyAnd), lower(lowerLogic("AND"))),
		op("or", "True where any side is true.", bindLogic("or"), lazy(lazyOr), lower(lowerLogic("OR"))),
		op("in", "True where the value is one of the list, by case.", bindIn("in", false), memberTest(false, false), lower(lowerIn)),
		op("!in", "True where the value is none of the list, by case.", bindIn("!in", false), memberTest(false, true), lower(negated(lowerIn))),
		op("in~", "True where the string is one of the list, whatever the case.", bindIn("in~", true), memberTest(true, false), lower(lowerInFolded)),
		op("!in~", "True where the string is none of the list, whatever the case.", bindIn("!in~", true), memberTest(true, true), lower(negated(lowerInFolded))),
		op("has_any", "True where the string has any of the terms.", bindTextList("has_any"), pure(evalHasAny), lower(lowerHasList("kql_has_any"))),
		op("has_all", "True where the string has all of the terms.", bindTextList("has_all"), pure(evalHasAll), lower(lowerHasList("kql_has_all"))),
		op("between", "True where the value lies in the range, bounds included; datetime between (start .. timespan) counts from start.", bindBetween, pure(evalBetween), lower(lowerBetween)),
		op("!between", "True where the value lies outside the range.", bindBetween, pure(func(args []value.Value) value.Value { return negate(evalBetween(args)) }), lower(negated(lowerBetween))),
		op("matches regex", "True where the regular expression is found in the string.", bindText("matches regex"), pure(evalMatchesRegex), checkRegex(1), lower(lowerMatchesRegex)),
		op(".", "Gives the member of a property bag.", bindIndex, pure(evalIndex)),
		op("[]", "Gives the element of an array (negative: from the end) or the member of a property bag.", bindIndex, pure(evalIndex)),
	}
	for _, t := range textOperators {
		list = append(list, op(t.symbol, t.doc, bindText(t.symbol), textTest(t.symbol, false), lowerText(t.symbol, false)),
			op(t.negated, "The negation of "+t.symbol+".", bindText(t.negated), textTest(t.symbol, true), lowerText(t.symbol, true)))
	}
	for _, old := range []struct {
		symbol, use, test string
		negated           bool
	}{{"notcontains", "!contains", "contains", true}, {"notcontainscs", "!contains_cs", "contains_cs", true}, {"containscs", "contains_cs", "contains_cs", false},
		{"notlike", "!like", "like", true}, {"notlikecs", "!likecs", "likecs", true}} {
		list = append(list, op(old.symbol, "Old spelling of "+old.use+".", bindText(old.symbol), obsolete(old.use), textTest(old.test, old.negated), lowerText(old.test, old.negated)))
	}
	return list
}

// textOperators are the operators on two strings that have a negation.
var textOperators = []struct{ symbol, negated, doc string }{
	{"=~", "!~", "True where the strings are equal, whatever the case."},
	{"has", "!has", "True where the right side is a whole term of the left, whatever the case."},
	{"has_cs", "!has_cs", "True where the right side is a whole term of the left, by case."},
	{"hasprefix", "!hasprefix", "True where a term of the left side begins with the right, whatever the case."},
	{"hasprefix_cs", "!hasprefix_cs", "True where a term of the left side begins with the right, by case."},
	{"hassuffix", "!hassuffix", "True where a term of the left side ends with the right, whatever the case."},
	{"hassuffix_cs", "!hassuffix_cs", "True where a term of the left side ends with the right, by case."},
	{"contains", "!contains", "True where the right side is part of the left, whatever the case."},
	{"contains_cs", "!contains_cs", "True where the right side is part of the left, by case."},
	{"startswith", "!startswith", "True where the left side begins with the right, whatever the case."},
	{"startswith_cs", "!startswith_cs", "True where the left side begins with the right, by case."},
	{"endswith", "!endswith", "True where the left side ends with the right, whatever the case."},
	{"endswith_cs", "!endswith_cs", "True where the left side ends with the right, by case."},
	{"like", "!like", "True where the string fits the pattern, in which * stands for any text, whatever the case."},
	{"likecs", "!likecs", "True where the string fits the pattern, in which * stands for any text, by case."},
}
