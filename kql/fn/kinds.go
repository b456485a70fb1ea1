package fn

import (
	"errors"
	"fmt"

	"github.com/vedette-siem/vedette/kql/value"
)

// kind says which arguments a parameter takes and to what they are converted.
type kind struct {
	says  string // for the user
	takes func(t value.Type) bool
	as    value.Type // what the argument becomes; Unknown: it keeps its type
	// common arguments all become the one type that commonType gives
	common func(args []value.Type) (value.Type, bool)
	// constant arguments must be known before the query runs
	constant bool
	// fixed arguments must be the same for every row
	fixed bool
}

func isString(t value.Type) bool  { return t == value.String || t == value.Dynamic }
func isInteger(t value.Type) bool { return t == value.Int || t == value.Long }
func isSummable(t value.Type) bool {
	return t.Numeric() || t == value.Datetime || t == value.Timespan
}
func anyType(value.Type) bool { return true }
func only(types ...value.Type) func(value.Type) bool {
	return func(t value.Type) bool {
		for _, x := range types {
			if t == x {
				return true
			}
		}
		return false
	}
}
func isOrderable(t value.Type) bool { return t != value.GUID && t != value.Dynamic }
func notDynamic(t value.Type) bool  { return t != value.Dynamic }

// kinds are the words for parameters in signatures.
var kinds = map[string]kind{
	"string":    {says: "string", takes: isString, as: value.String},
	"fixedstr":  {says: "a constant string", takes: isString, as: value.String, fixed: true},
	"conststr":  {says: "a constant string", takes: isString, as: value.String, constant: true},
	"bool":      {says: "bool", takes: only(value.Bool), as: value.Bool},
	"constbool": {says: "a constant bool", takes: only(value.Bool), as: value.Bool, constant: true},
	"int":       {says: "int", takes: only(value.Int), as: value.Int},
	"long":      {says: "long|int", takes: isInteger, as: value.Long},
	"constlong": {says: "a constant long|int", takes: isInteger, as: value.Long, constant: true},
	"real":      {says: "real|long|int", takes: only(value.Int, value.Long, value.Real), as: value.Real},
	"decimal":   {says: "decimal", takes: only(value.Decimal), as: value.Decimal},
	"datetime":  {says: "datetime", takes: only(value.Datetime), as: value.Datetime},
	"timespan":  {says: "timespan", takes: only(value.Timespan), as: value.Timespan},
	"guid":      {says: "guid", takes: only(value.GUID), as: value.GUID},
	"dynamic":   {says: "dynamic", takes: only(value.Dynamic), as: value.Dynamic},
	"array":     {says: "dynamic (an array)", takes: only(value.Dynamic), as: value.Dynamic},
	"bag":       {says: "dynamic (a property bag)", takes: only(value.Dynamic), as: value.Dynamic},
	"scalar":    {says: "any scalar", takes: anyType},
	"text":      {says: "any scalar", takes: anyType, as: value.String},
	"number":    {says: "real|decimal|long|int", takes: value.Type.Numeric},
	// realnumber takes every number and computes with a double
	"realnumber":  {says: "real|decimal|long|int", takes: value.Type.Numeric, as: value.Real},
	"constnum":    {says: "a constant number", takes: value.Type.Numeric, constant: true},
	"integer":     {says: "long|int", takes: isInteger, as: value.Long},
	"wholenumber": {says: "long|int", takes: isInteger}, // keeps its type
	"summable":    {says: "a number, datetime or timespan", takes: isSummable},
	"orderable":   {says: "any scalar other than guid and dynamic", takes: isOrderable},
	"nondynamic":  {says: "any scalar other than dynamic", takes: notDynamic},
	"strdyn":      {says: "string|dynamic", takes: isString, as: value.String},
	"fixedtext":   {says: "a constant", takes: anyType, as: value.String, fixed: true},
	"strarray":    {says: "string or a dynamic array", takes: isString},
	"intarray":    {says: "long|int or a dynamic array", takes: func(t value.Type) bool { return isInteger(t) || t == value.Dynamic }},
	"hllable":     {says: "any scalar other than real and bool", takes: func(t value.Type) bool { return t != value.Real && t != value.Bool }},
	"numbool":     {says: "a number or bool", takes: func(t value.Type) bool { return t.Numeric() || t == value.Bool }},
	"type":        {says: "typeof(…)", takes: isString, as: value.String, constant: true},
	"common":      {says: "scalars of one type", takes: anyType, common: commonType},
	"commondyn":   {says: "scalars", takes: anyType, common: commonOrDynamic},
	"commonord":   {says: "scalars of one type other than guid and dynamic", takes: isOrderable, common: commonType},
	"widest":      {says: "real|decimal|long|int", takes: value.Type.Numeric, common: widestNumber},
}

// NotConstant is the error of Bind where an argument must be known before the query runs and is not.
type NotConstant struct{ text string }

func (e *NotConstant) Error() string { return e.text }

// String names a shape for the user.
func (s Shape) String() string {
	return [...]string{"any value", "a dynamic array", "a property bag", "a dynamic value", "the name of a type"}[s]
}

// fits reports whether a literal of the shape may be the argument.
func (p param) fits(s Shape) bool {
	switch p.kindName {
	case "string", "fixedstr", "conststr":
		return s == AnyShape
	case "strdyn":
		return s != TypeName
	case "array":
		return s == AnyShape || s == ArrayOf
	case "bag":
		return s == AnyShape || s == BagOf
	}
	return true
}

// commonType is the one type of all, or the widest where all are numbers.
func commonType(types []value.Type) (value.Type, bool) {
	t := value.Unknown
	for _, x := range types {
		switch {
		case x == value.Unknown || x == t:
		case t == value.Unknown:
			t = x
		case t.Numeric() && x.Numeric():
			t = value.Wider(t, x)
		default:
			return value.Unknown, false
		}
	}
	return t, true
}

// commonOrDynamic is the one type of all that are not dynamic; dynamic where they differ.
func commonOrDynamic(types []value.Type) (value.Type, bool) {
	t, sawDynamic := value.Unknown, false
	for _, x := range types {
		switch {
		case x == value.Dynamic:
			sawDynamic = true
		case x == value.Unknown || x == t:
		case t == value.Unknown:
			t = x
		case t.Numeric() && x.Numeric():
			t = value.Wider(t, x)
		default:
			return value.Dynamic, true
		}
	}
	if t == value.Unknown && sawDynamic {
		t = value.Dynamic
	}
	return t, true
}

func widestNumber(types []value.Type) (value.Type, bool) {
	t, ok := commonType(types)
	if t == value.Int {
		t = value.Long
	}
	return t, ok
}

// bindSignatures gives the result type and conversions of the first signature that takes the arguments. Where none does, the error is that of
// the first one for so many arguments.
func bindSignatures(name string, sigs []signature, args []Arg) (value.Type, []value.Type, error) {
	var firstErr error
	counted, furthest := false, -1
	for _, s := range sigs {
		t, as, err := s.bind(name, args)
		if err == nil {
			return t, as, nil
		}
		least, most := s.count()
		fits := len(args) >= least && (most < 0 || len(args) <= most)
		at := -1 // the form that takes most of the arguments is the one that was meant
		var argument *ArgumentError
		if errors.As(err, &argument) {
			at = argument.Index
		}
		if firstErr == nil || fits && (!counted || at > furthest) {
			firstErr, counted, furthest = err, fits, at
		}
	}
	return value.Unknown, nil, firstErr
}

func (s signature) bind(name string, args []Arg) (value.Type, []value.Type, error) {
	least, most := s.count()
	if len(args) < least || most >= 0 && len(args) > most {
		return value.Unknown, nil, countError(name, least, most, len(args))
	}
	as := make([]value.Type, len(args))
	var commons []int
	var common func([]value.Type) (value.Type, bool)
	i := 0
	for pi, p := range s.params {
		times := 1
		if p.repeat > 0 { // takes all but what the parameters behind it need
			times = len(args) - i - (len(s.params) - pi - 1)
			if rest := s.params[pi+1:]; len(rest) == 1 && rest[0].optional && !rest[0].kind.takes(args[len(args)-1].Type) {
				times = len(args) - i
			}
		}
		for ; times > 0 && i < len(args); times-- {
			a := args[i]
			if a.Type != value.Unknown && !p.kind.takes(a.Type) {
				return value.Unknown, nil, argumentError(name, i, p, a.Type.String())
			}
			if !p.fits(a.Shape) {
				return value.Unknown, nil, argumentError(name, i, p, a.Shape.String())
			}
			if a.Const == nil && a.Type != value.Unknown && (p.kind.constant || p.kind.fixed && !a.Fixed) {
				return value.Unknown, nil, &NotConstant{fmt.Sprintf("%s(): argument %d (%s) must be a constant", name, i+1, p.name)}
			}
			as[i] = p.kind.as
			if as[i] == value.Unknown {
				as[i] = a.Type
			}
			if p.kind.common != nil {
				commons, common = append(commons, i), p.kind.common
			}
			i++
		}
	}
	if i != len(args) {
		return value.Unknown, nil, countError(name, least, most, len(args))
	}
	ct := value.Unknown
	if len(commons) > 0 {
		types := make([]value.Type, len(commons))
		for j, at := range commons {
			types[j] = args[at].Type
		}
		var ok bool
		if ct, ok = common(types); !ok {
			return value.Unknown, nil, fmt.Errorf("%s(): the arguments must be of one type, not %s", name, typeList(types))
		}
		for _, at := range commons {
			as[at] = ct
		}
	}
	t, err := resultOf(name, s.result, args, as, ct)
	return t, as, err
}

// resultOf gives the type that a signature's result word means.
func resultOf(name, word string, args []Arg, as []value.Type, common value.Type) (value.Type, error) {
	switch word {
	case "$0":
		return as[0], nil
	case "$1":
		return as[1], nil
	case "promoted":
		if as[0] == value.Int {
			return value.Long, nil
		}
		return as[0], nil
	case "common":
		return common, nil
	case "lit0", "lit1", "lit2", "lit3":
		a := args[word[3]-'0']
		if a.Const == nil {
			return value.Unknown, nil
		}
		t, ok := value.TypeOf(a.Const.S)
		if !ok {
			return value.Unknown, fmt.Errorf("%s(): typeof(%s) is not a scalar type", name, a.Const.S)
		}
		return t, nil
	}
	t, ok := value.TypeOf(word)
	if !ok {
		panic("fn: " + name + ": bad result " + word)
	}
	return t, nil
}

// CountError is the error of Bind where there are too few arguments, or too many: it does not depend on their types.
type CountError struct{ text string }

func (e *CountError) Error() string { return e.text }

func countError(name string, least, most, got int) error {
	switch {
	case most < 0:
		return &CountError{fmt.Sprintf("%s() takes at least %s, not %d", name, arguments(least), got)}
	case least == most:
		return &CountError{fmt.Sprintf("%s() takes %s, not %d", name, arguments(least), got)}
	}
	return &CountError{fmt.Sprintf("%s() takes %d to %s, not %d", name, least, arguments(most), got)}
}

func arguments(n int) string {
	switch n {
	case 0:
		return "no arguments"
	case 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

func typeList(types []value.Type) string {
	s := ""
	for i, t := range types {
		if i > 0 {
			s += ", "
		}
		if i == 5 {
			return s + "…"
		}
		s += t.String()
	}
	return s
}
