package exec

import (
	"strings"

	"github.com/vedette-siem/vedette/kql/fn"
	"github.com/vedette-siem/vedette/kql/plan"
	"github.com/vedette-siem/vedette/kql/value"
)

// textTest compiles s has "x" and its like for a constant right side; ok is false for anything else.
func textTest(e *plan.Call, args []eval) (f eval, ok bool) {
	if len(args) != 2 || e.Args[0].Type() != value.String || e.Args[1].Type() != value.String || !isConst(e.Args[1]) || isConst(e.Args[0]) {
		return nil, false
	}
	op, negated := strings.CutPrefix(e.Fn.Name, "!")
	if op == "~" {
		op = "=~"
	}
	test, ok := fn.CompileText(op, args[1](nil).S)
	if !ok {
		return nil, false
	}
	text := args[0]
	return func(row Row) value.Value { return value.OfBool(test(text(row).S) != negated) }, true
}

// textEquality compiles == and != of two strings.
func textEquality(e *plan.Call, args []eval) (f eval, ok bool) {
	if e.Fn.Name != "==" && e.Fn.Name != "!=" || len(args) != 2 || e.Args[0].Type() != value.String || e.Args[1].Type() != value.String || isConst(e) {
		return nil, false
	}
	a, b, negated := args[0], args[1], e.Fn.Name == "!="
	if isConst(e.Args[1]) {
		text := b(nil).S
		return func(row Row) value.Value { return value.OfBool((a(row).S == text) != negated) }, true
	}
	return func(row Row) value.Value { return value.OfBool((a(row).S == b(row).S) != negated) }, true
}
