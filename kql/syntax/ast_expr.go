package syntax

// NameForm says how a name was written.
type NameForm uint8

// The forms of names.
const (
	PlainName     NameForm = iota // abc
	BracketedName                 // ['abc'] or ["abc"]
	BracedName                    // {abc}: a client parameter
)

// The expressions.
type (
	// Name is a name, referred to or declared: a column, table, function, parameter, $left, $right. Text is without brackets and unescaped.
	// Wildcard says that it holds a * that is not within brackets (T*, *1).
	Name struct {
		Span
		Text     string
		Form     NameForm
		Wildcard bool
	}
	// Literal is a constant. What Text is depends on Kind, see [LiteralKind].
	Literal struct {
		Span
		Kind LiteralKind
		Text string
		// Typed says that it was written type(text), as in long(1), datetime(2020-01-01), guid(…).
		Typed bool
		// Null says that it is a null of its kind, as long(null), or the word null within dynamic (Kind NullLiteral).
		Null bool
		// Obfuscated says that it is a string written h"…", which must not appear in logs.
		Obfuscated bool
	}
	// Dynamic is dynamic(Value). Value is made of *Array, *Bag, *Literal and nested *Dynamic; a number may stand under a *Unary minus.
	Dynamic struct {
		Span
		Value Expr
	}
	// Array is [Items] within dynamic.
	Array struct {
		Span
		Items []Expr
	}
	// Bag is {"key": value, …} within dynamic.
	Bag struct {
		Span
		Pairs []BagPair
	}
	// BagPair is one entry of a Bag.
	BagPair struct {
		Span
		Key   *Literal
		Value Expr
	}
	// TypeOf is typeof(Type); Type.Schema is open and empty for typeof(*).
	TypeOf struct {
		Span
		Type *Type
	}
	// Star is *, standing for all columns.
	Star struct{ Span }
	// Call is Func(Args). Arguments may be *Named (f(x=1)), *Star and pipes.
	Call struct {
		Span
		Func *Name
		Args []Expr
	}
	// Path is Base.Selector. Selector is a *Name (a.b, a.['b']) or a *Call (cluster("x").database("y")), or *Bad.
	Path struct {
		Span
		Base     Expr
		Selector Expr
	}
	// Index is Base[Key].
	Index struct {
		Span
		Base Expr
		Key  Expr
	}
	// Unary is - or + before an expression.
	Unary struct {
		Span
		Op string
		X  Expr
	}
	// Binary is X Op Y. Op is the operator in lower case: and, or, + - * / %, == = != <> < <= > >= =~ !~ : and the word operators has, !has, has_cs,
	// contains, startswith, endswith, hasprefix, hassuffix, like, matches regex (one blank) with all their variants. <> is kept as written, as is = where
	// Kusto takes it for ==.
	Binary struct {
		Span
		Op   string
		OpAt Span
		X, Y Expr
	}
	// InList is X Op (Items). Op is in, !in, in~, !in~, has_any or has_all. A single item may be tabular or dynamic.
	InList struct {
		Span
		Op    string
		OpAt  Span
		X     Expr
		Items []Expr
	}
	// Between is X between (Low .. High), or !between when Not.
	Between struct {
		Span
		Not       bool
		OpAt      Span
		X         Expr
		Low, High Expr
	}
	// Paren is (X).
	Paren struct {
		Span
		X Expr
	}
	// Named is Names = X. With Tuple it was written (a, b) = X, else there is exactly one name.
	Named struct {
		Span
		Names []*Name
		Tuple bool
		X     Expr
	}
	// Ordered is X asc|desc nulls first|last, in sort, top, project-reorder, scan and window clauses.
	Ordered struct {
		Span
		X     Expr
		Dir   Direction
		Nulls Nulls
	}
	// Pipe is Source | Ops[0] | Ops[1] …. Source is nil when the pipe begins with an operator: print, range, union, search, find, evaluate … at the head
	// of a query, and any operator at the head of a subquery that is fed by its operator (mv-apply, fork, facet, partition). Ops is never
	// empty.
	Pipe struct {
		Span
		Source Expr
		Ops    []Operator
	}
	// ToScalar is toscalar(X).
	ToScalar struct {
		Span
		Params Params
		X      Expr
	}
	// ToTable is totable(X).
	ToTable struct {
		Span
		Params Params
		X      Expr
	}
	// Materialize is materialize(X).
	Materialize struct {
		Span
		X Expr
	}
	// DataTable is datatable (Schema) [Values], the values row by row.
	DataTable struct {
		Span
		Params Params
		Schema *Schema
		Values []Expr
	}
	// ExternalData is externaldata (Schema) [URIs] with (With).
	ExternalData struct {
		Span
		Params Params
		Schema *Schema
		URIs   []Expr
		With   Params
	}
	// ContextTable is __contextual_datatable(ID, Schema).
	ContextTable struct {
		Span
		ID     Expr
		Schema *Schema
	}
	// ViewCombine is materialized-view-combine(View) base(Base) delta(Delta) aggregations(Aggs).
	ViewCombine struct {
		Span
		View              Expr
		Base, Delta, Aggs Expr
	}
	// EntityGroup is entity_group [Entities].
	EntityGroup struct {
		Span
		Entities []Expr
	}
	// DataScoped is X datascope=Scope.
	DataScoped struct {
		Span
		X     Expr
		Scope string
	}
	// Func is the right side of let f = (Params) { Body }, with View when it was written view (…).
	Func struct {
		Span
		View   bool
		Params []*Parameter
		Body   *Body
	}
	// Bad covers text that could not be understood as an expression; it is empty (Start == End) where one is missing. Parts holds what was
	// understood inside.
	Bad struct {
		Span
		Parts []Expr
	}
)

// LiteralKind is the type of a literal and says what its text is.
type LiteralKind uint8

// The kinds of literals. Text of typed ones is what stands between the parentheses, trimmed; quotes there are removed.
const (
	NullLiteral     LiteralKind = iota // null within dynamic
	BoolLiteral                        // true, false, in any case; bool(…) may also hold 0, 1
	IntLiteral                         // int(…): digits, 0x…, a sign
	LongLiteral                        // digits or 0x…; within long(…) possibly with a sign
	RealLiteral                        // 1.5, 1e3; within real(…) also nan, +inf, -inf
	DecimalLiteral                     // decimal(…)
	DateTimeLiteral                    // datetime(…): any form of Kusto
	TimeSpanLiteral                    // 1d, 2.5h, 100ms; within time(…) any form of Kusto
	GuidLiteral                        // guid(…), and a bare one within dynamic
	StringLiteral                      // decoded text, adjacent pieces concatenated
)

// Direction is the order of an Ordered.
type Direction uint8

// The directions.
const (
	DefaultDir Direction = iota
	Asc
	Desc
	GrannyAsc // project-reorder: names in natural order, a2 before a10
	GrannyDesc
)

// Nulls is where an Ordered puts nulls.
type Nulls uint8

// The places of nulls.
const (
	DefaultNulls Nulls = iota
	NullsFirst
	NullsLast
)

func (*Name) expr()         {}
func (*Literal) expr()      {}
func (*Dynamic) expr()      {}
func (*Array) expr()        {}
func (*Bag) expr()          {}
func (*TypeOf) expr()       {}
func (*Star) expr()         {}
func (*Call) expr()         {}
func (*Path) expr()         {}
func (*Index) expr()        {}
func (*Unary) expr()        {}
func (*Binary) expr()       {}
func (*InList) expr()       {}
func (*Between) expr()      {}
func (*Paren) expr()        {}
func (*Named) expr()        {}
func (*Ordered) expr()      {}
func (*Pipe) expr()         {}
func (*ToScalar) expr()     {}
func (*ToTable) expr()      {}
func (*Materialize) expr()  {}
func (*DataTable) expr()    {}
func (*ExternalData) expr() {}
func (*ContextTable) expr() {}
func (*ViewCombine) expr()  {}
func (*EntityGroup) expr()  {}
func (*DataScoped) expr()   {}
func (*Func) expr()         {}
func (*Bad) expr()          {}
