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
		op("+", "Adds numbers, timespans, or a timespan to a datetime.", bindArithmetic('+'), arithmetic(value.Add), lower(lowerArithmetic("+")),
			example("print x = datetime(2024-01-31) + timespan(1d)", `[["2024-02-01T00:00:00Z"]]`)),
		op("-", "Subtracts numbers, timespans, or datetimes.", bindArithmetic('-'), arithmetic(value.Sub), lower(lowerArithmetic("-")),
			example("print x = datetime(2024-01-02) - datetime(2024-01-01)", `[["1.00:00:00"]]`)),
		op("*", "Multiplies numbers, or a timespan by a number.", bindArithmetic('*'), arithmetic(value.Mul), lower(lowerArithmetic("*"))),
		op("/", "Divides numbers (whole numbers truncate), a timespan by a number or by a timespan.", bindArithmetic('/'), arithmetic(value.Div), lower(lowerDivide),
			example("print x = 7 / 2", "[[3]]")),
		op("%", "Gives the mathematical remainder, never negative.", bindArithmetic('%'), arithmetic(value.Mod), lower(lowerModulo),
			example("print x = -14 % 12", "[[10]]")),
		op("unary-", "Negates a number or timespan.", bindNegate, pure(evalNegate)),
		op("unary+", "Gives a number or timespan as it is.", bindNegate, pure(evalPlus)),
		op("==", "True where both sides are equal; strings by case.", bindEquality, pair(equal), lower(lowerEquality("=", false)),
			example("print x = long(null) == 5", "[[false]]")),
		op("!=", "True where the sides differ; a null differs from every value.", bindEquality, pair(notEqual), lower(lowerEquality("<>", true)),
			example("print x = long(null) != 5", "[[true]]")),
		op("<>", "True where the sides differ.", bindEquality, obsolete("!="), pair(notEqual), lower(lowerEquality("<>", true))),
		op("<", "True where the left side is smaller.", bindOrder("<"), ordered(func(c int) bool { return c < 0 }), lower(lowerOrder("<")),
			example("print x = long(null) < 5", "[[null]]")),
		op("<=", "True where the left side is not greater.", bindOrder("<="), ordered(atMost), lower(lowerOrder("<="))),
		op(">", "True where the left side is greater.", bindOrder(">"), ordered(func(c int) bool { return c > 0 }), lower(lowerOrder(">"))),
		op(">=", "True where the left side is not smaller.", bindOrder(">="), ordered(atLeast), lower(lowerOrder(">="))),
		op("and", "True where all sides are true.", bindLogic("and"), lazy(lazyAnd), lower(lowerLogic("AND")),
			example("print x = bool(null) and false", "[[false]]")),
		op("or", "True where any side is true.", bindLogic("or"), lazy(lazyOr), lower(lowerLogic("OR")),
			example("print x = bool(null) or true", "[[true]]")),
		op("in", "True where the value is one of the list, by case.", bindIn("in", false), memberTest(false, false), lower(lowerIn),
			example("print x = 5 in (4, 5)", "[[true]]")),
		op("!in", "True where the value is none of the list, by case.", bindIn("!in", false), memberTest(false, true), lower(negated(lowerIn)),
			example("print x = long(null) !in (4)", "[[true]]")),
		op("in~", "True where the string is one of the list, whatever the case.", bindIn("in~", true), memberTest(true, false), lower(lowerInFolded),
			example(`print x = "ABC" in~ ("abc")`, "[[true]]")),
		op("!in~", "True where the string is none of the list, whatever the case.", bindIn("!in~", true), memberTest(true, true), lower(negated(lowerInFolded))),
		op("has_any", "True where the string has any of the terms.", bindTextList("has_any"), pure(evalHasAny), lower(lowerHasList("kql_has_any")),
			example(`print x = "one two" has_any (dynamic(["three","TWO"]))`, "[[true]]")),
		op("has_all", "True where the string has all of the terms.", bindTextList("has_all"), pure(evalHasAll), lower(lowerHasList("kql_has_all")),
			example(`print x = "one two" has_all ("two", "three")`, "[[false]]")),
		op("between", "True where the value lies in the range, bounds included; datetime between (start .. timespan) counts from start.", bindBetween, pure(evalBetween), lower(lowerBetween),
			example("print x = 5 between (1 .. 5)", "[[true]]")),
		op("!between", "True where the value lies outside the range.", bindBetween, pure(func(args []value.Value) value.Value { return negate(evalBetween(args)) }), lower(negated(lowerBetween)),
			example("print x = long(null) !between (1 .. 5)", "[[null]]")),
		op("matches regex", "True where the regular expression is found in the string.", bindText("matches regex"), pure(evalMatchesRegex), checkRegex(1), lower(lowerMatchesRegex),
			example(`print x = "x9" matches regex @'\d'`, "[[true]]")),
		op(".", "Gives the member of a property bag.", bindIndex, pure(evalIndex), lower(lowerIndex)),
		op("[]", "Gives the element of an array (negative: from the end) or the member of a property bag.", bindIndex, pure(evalIndex), lower(lowerIndex),
			example("print x = dynamic([1,2,3])[-1]", "[[3]]")),
	}
	for _, t := range textOperators {
		list = append(list, op(t.symbol, t.doc, bindText(t.symbol), textTest(t.symbol, false), lowerText(t.symbol, false), textExample(t.left, t.symbol, t.right, "true")),
			op(t.negated, "The negation of "+t.symbol+".", bindText(t.negated), textTest(t.symbol, true), lowerText(t.symbol, true), textExample(t.left, t.negated, t.right, "false")))
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

// textExample adds an example of an operator on two strings, where there are any.
func textExample(left, symbol, right, result string) option {
	if left == "" {
		return func(*Func) {}
	}
	return example("print x = "+left+" "+symbol+" "+right, "[["+result+"]]")
}

// textOperators are the operators on two strings that have a negation, with two strings for which they hold.
var textOperators = []struct{ symbol, negated, doc, left, right string }{
	{"=~", "!~", "True where the strings are equal, whatever the case.", `"Cmd.exe"`, `"CMD.EXE"`},
	{"has", "!has", "True where the right side is a whole term of the left, whatever the case.", `"run cmd.exe now"`, `"CMD.exe"`},
	{"has_cs", "!has_cs", "True where the right side is a whole term of the left, by case.", `"run cmd.exe now"`, `"cmd"`},
	{"hasprefix", "!hasprefix", "True where a term of the left side begins with the right, whatever the case.", `"one twothree"`, `"TWO"`},
	{"hasprefix_cs", "!hasprefix_cs", "True where a term of the left side begins with the right, by case.", `"one twothree"`, `"two"`},
	{"hassuffix", "!hassuffix", "True where a term of the left side ends with the right, whatever the case.", `"one twothree"`, `"THREE"`},
	{"hassuffix_cs", "!hassuffix_cs", "True where a term of the left side ends with the right, by case.", `"one twothree"`, `"three"`},
	{"contains", "!contains", "True where the right side is part of the left, whatever the case.", `"powershell"`, `"SHELL"`},
	{"contains_cs", "!contains_cs", "True where the right side is part of the left, by case.", `"powershell"`, `"shell"`},
	{"startswith", "!startswith", "True where the left side begins with the right, whatever the case.", `"powershell"`, `"POWER"`},
	{"startswith_cs", "!startswith_cs", "True where the left side begins with the right, by case.", `"powershell"`, `"power"`},
	{"endswith", "!endswith", "True where the left side ends with the right, whatever the case.", `"powershell"`, `"Shell"`},
	{"endswith_cs", "!endswith_cs", "True where the left side ends with the right, by case.", `"powershell"`, `"shell"`},
	{"like", "!like", "True where the string fits the pattern, in which * stands for any text, whatever the case.", "", ""},
	{"likecs", "!likecs", "True where the string fits the pattern, in which * stands for any text, by case.", "", ""},
}
