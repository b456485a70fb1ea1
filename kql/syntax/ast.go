package syntax

// Span is a range of bytes of the source: Start is the offset of the first byte, End the offset after the last one.
type Span struct{ Start, End int }

// At gives the span itself. Every node embeds its Span and is a [Node] by this method.
func (s Span) At() Span { return s }

// Len is the number of bytes.
func (s Span) Len() int { return s.End - s.Start }

// Node is any part of the tree. At is the place in the source from the first to the last token of the node, without surrounding trivia.
type Node interface{ At() Span }

// Expr is an expression, scalar or tabular: the grammar does not tell them apart, the binder does.
//
// The kinds are *Name, *Literal, *Dynamic, *Array, *Bag, *TypeOf, *Star, *Call, *Path, *Index, *Unary, *Binary, *InList, *Between, *Paren,
// *Named, *Ordered, *Pipe, *ToScalar, *ToTable, *Materialize, *DataTable, *ExternalData, *ContextTable, *ViewCombine, *EntityGroup, *DataScoped, *Func and
// *Bad.
type Expr interface {
	Node
	expr()
}

// Statement is one of *Let, *Set, *QueryParameters, *Pattern, *Alias, *Restrict, *ExprStatement and *BadStmt.
type Statement interface {
	Node
	statement()
}

// Operator is one step of a pipe. There is one type for each tabular operator; its fields hold what that operator has. Head gives what all
// have in common.
type Operator interface {
	Node
	Head() *Op
}

// Script is a parsed text: the source, its tokens and its statements in order. The tokens cover the source without gaps: each one has the trivia
// (white space, comments, directives) before it, and the last one is [EOF].
type Script struct {
	Source     string
	Tokens     []Token
	Statements []Statement
}

// At is the whole source.
func (s *Script) At() Span { return Span{0, len(s.Source)} }

// Text gives the source text of a node.
func (s *Script) Text(n Node) string { return s.Source[n.At().Start:n.At().End] }

// The statements.
type (
	// Let is let Name = Value. The value is a scalar or tabular expression or a *Func.
	Let struct {
		Span
		Name  *Name
		Value Expr
	}
	// Set is set Name or set Name = Value; Value is nil without one, else a *Literal or a *Name.
	Set struct {
		Span
		Name  *Name
		Value Expr
	}
	// QueryParameters is declare query_parameters (Params).
	QueryParameters struct {
		Span
		Params []*Parameter
	}
	// Pattern is declare pattern Name, alone or with = (Params)[Path] { Cases }. Path and Cases may be absent.
	Pattern struct {
		Span
		Name   *Name
		Params []*Parameter
		Path   *Parameter
		Cases  []*PatternCase
	}
	// PatternCase is one (Values).[Path] = { Body } of a pattern. Path may be nil.
	PatternCase struct {
		Span
		Values []Expr
		Path   Expr
		Body   *Body
	}
	// Alias is alias database Name = Target.
	Alias struct {
		Span
		Name   *Name
		Target Expr
	}
	// Restrict is restrict access to (Entities), possibly with (With).
	Restrict struct {
		Span
		Entities []Expr
		With     Params
	}
	// ExprStatement is a query.
	ExprStatement struct {
		Span
		X Expr
	}
	// BadStmt covers text that could not be understood as a statement.
	BadStmt struct{ Span }
)

func (*Let) statement()             {}
func (*Set) statement()             {}
func (*QueryParameters) statement() {}
func (*Pattern) statement()         {}
func (*Alias) statement()           {}
func (*Restrict) statement()        {}
func (*ExprStatement) statement()   {}
func (*BadStmt) statement()         {}

// Parameter is a declared parameter of a function, query or pattern, or a declared column of scan: name, type and default. Type is nil where none
// was written, Default is nil without one.
type Parameter struct {
	Span
	Name    *Name
	Type    *Type
	Default Expr
}

// Type is a written type: either a scalar one by name (Name, as written: long, int64, string, …; Schema is nil) or a tabular one ((a:long, b:string) or
// (*); Name is empty).
type Type struct {
	Span
	Name   string
	Schema *Schema
}

// Schema is a written row type, in the order of its columns. Open says that a * stands before (OpenFirst) or after them: the row has any other
// columns too.
type Schema struct {
	Span
	Columns   []*Column
	Open      bool
	OpenFirst bool
}

// Column is a declared column name:type. Type is nil where the grammar lets it be absent (a pattern element of parse).
type Column struct {
	Span
	Name *Name
	Type *Type
}

// Body is the braces of a function: statements, then the expression that is its value. Result is nil where none was written (an error was
// reported, or the function only declares query parameters).
type Body struct {
	Span
	Statements []Statement
	Result     Expr
}

// Param is an option of an operator, such as kind=inner, hint.strategy=shuffle, with_itemindex=i, title="x". Name is as written, lower-cased for hint.*
// names. Value is a *Literal, a *Name (a bare word), an *Array of names (render ycolumns=a,b) or another expression where the grammar allows one.
type Param struct {
	Span
	Name  string
	Value Expr
}

// Params are the options of an operator in the order written.
type Params []*Param

// Get gives the value of the first option with this name, nil if there is none.
func (ps Params) Get(name string) Expr {
	for _, p := range ps {
		if p.Name == name {
			return p.Value
		}
	}
	return nil
}

// Word gives the value of an option as text: a bare word or the text of a literal; "" if the option is absent or something else.
func (ps Params) Word(name string) string {
	switch v := ps.Get(name).(type) {
	case *Name:
		return v.Text
	case *Literal:
		return v.Text
	}
	return ""
}
