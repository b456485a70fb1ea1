package syntax

// Op is what all operators have: the keyword as written (order for sort, filter for where, limit for take, mvexpand for mv-expand), its place, and the options that
// stand after it (kind=…, hint.…=…), kept even where the operator knows no such option.
type Op struct {
	Span
	Keyword   string
	KeywordAt Span
	Params    Params
}

// Head gives the operator's common part.
func (o *Op) Head() *Op { return o }

// The operators on columns and rows.
type (
	// Where is where Pred; also spelled filter.
	Where struct {
		Op
		Pred Expr
	}
	// Extend is extend Cols.
	Extend struct {
		Op
		Cols []Expr
	}
	// Project is project Cols.
	Project struct {
		Op
		Cols []Expr
	}
	// ProjectAway is project-away Cols: names and wildcards.
	ProjectAway struct {
		Op
		Cols []Expr
	}
	// ProjectKeep is project-keep Cols: names and wildcards.
	ProjectKeep struct {
		Op
		Cols []Expr
	}
	// ProjectRename is project-rename Cols: each a *Named with a name, or a bare name (which the binder refuses or takes as itself).
	ProjectRename struct {
		Op
		Cols []Expr
	}
	// ProjectReorder is project-reorder Cols: names and wildcards, possibly *Ordered (asc, desc, granny-asc, granny-desc).
	ProjectReorder struct {
		Op
		Cols []Expr
	}
	// ProjectByNames is project-by-names Cols.
	ProjectByNames struct {
		Op
		Cols []Expr
	}
	// Summarize is summarize Aggs by By. By is nil without a by clause. ByParams holds the old form by x bin=1h.
	Summarize struct {
		Op
		Aggs     []Expr
		By       []Expr
		ByParams Params
	}
	// Serialize is serialize Cols; Cols may be empty.
	Serialize struct {
		Op
		Cols []Expr
	}
	// Sort is sort by By; also spelled order. Each of By is an expression or an *Ordered.
	Sort struct {
		Op
		By []Expr
	}
	// Top is top N by By. By is an expression or an *Ordered.
	Top struct {
		Op
		N  Expr
		By Expr
	}
	// TopNested is top-nested Levels, each inside the one before.
	TopNested struct {
		Op
		Levels []*TopNestedLevel
	}
	// TopNestedLevel is N of Of with others=Others by By. N and Others may be nil. Of may be *Named, By an *Ordered.
	TopNestedLevel struct {
		Span
		N      Expr
		Of     Expr
		Others Expr
		By     Expr
	}
	// TopHitters is top-hitters N of Of by By. By is nil without one.
	TopHitters struct {
		Op
		N  Expr
		Of Expr
		By Expr
	}
	// Sample is sample N.
	Sample struct {
		Op
		N Expr
	}
	// SampleDistinct is sample-distinct N of Of.
	SampleDistinct struct {
		Op
		N  Expr
		Of Expr
	}
	// Take is take N; also spelled limit.
	Take struct {
		Op
		N Expr
	}
	// Distinct is distinct Cols; *Star for all.
	Distinct struct {
		Op
		Cols []Expr
	}
	// Count is count, or count as As (As is nil without).
	Count struct {
		Op
		As *Name
	}
	// GetSchema is getschema.
	GetSchema struct{ Op }
	// Consume is consume.
	Consume struct{ Op }
	// ExecuteAndCache is execute_and_cache.
	ExecuteAndCache struct{ Op }
	// As is as Name.
	As struct {
		Op
		Name *Name
	}
	// Reduce is reduce by By with With (threshold, characters).
	Reduce struct {
		Op
		By   Expr
		With Params
	}
	// AssertSchema is assert-schema Schema.
	AssertSchema struct {
		Op
		Schema *Schema
	}
	// Invoke is invoke Func; Func is a *Call or a *Path that ends in one.
	Invoke struct {
		Op
		Func Expr
	}
	// Evaluate is evaluate Plugin : Schema. Schema is nil without one.
	Evaluate struct {
		Op
		Plugin *Call
		Schema *Schema
	}
	// Render is render Chart with With. Chart is "" when only properties were given. The old form without with keeps its properties in Params.
	Render struct {
		Op
		Chart   string
		ChartAt Span
		With    Params
	}
)

// The operators that make rows or combine tables.
type (
	// PrintOp is print Cols.
	PrintOp struct {
		Op
		Cols []Expr
	}
	// Range is range Name from From to To step Step.
	Range struct {
		Op
		Name           *Name
		From, To, Step Expr
	}
	// Union is union Tables, at the head of a query or in a pipe. Tables may be wildcards and parenthesised pipes.
	Union struct {
		Op
		Tables []Expr
	}
	// Join is join Right on On, or join Right where Where. On holds names and equalities of $left.a and $right.b; the kind is in Params.
	Join struct {
		Op
		Right Expr
		On    []Expr
		Where Expr
	}
	// Lookup is lookup Right on On.
	Lookup struct {
		Op
		Right Expr
		On    []Expr
		Where Expr
	}
	// Search is search in (In) Pred. In may be empty; kind is in Params.
	Search struct {
		Op
		DataScope string
		In        []Expr
		Pred      Expr
	}
	// Find is find in (In) where Pred project Project project-away ProjectAway. In, Project and ProjectAway may be empty. Project holds names,
	// *TypedColumn and *PackAll; the word where may be absent.
	Find struct {
		Op
		DataScope   string
		In          []Expr
		Pred        Expr
		Project     []Expr
		Smart       bool // project-smart
		ProjectAway []Expr
	}
	// TypedColumn is name:type within find … project.
	TypedColumn struct {
		Span
		Name *Name
		Type *Type
	}
	// PackAll is pack(*) within find … project.
	PackAll struct{ Span }
	// Fork is fork Branches.
	Fork struct {
		Op
		Branches []*Branch
	}
	// Branch is Name=(X) of a fork. Name is nil without one.
	Branch struct {
		Span
		Name *Name
		X    Expr
	}
	// Facet is facet by By with (With). With is nil without one; a single operator after with is a *Pipe of one operator.
	Facet struct {
		Op
		By   []Expr
		With Expr
	}
	// Partition is partition by By (Sub), or { Sub } when Braces: then Sub is a whole query of its own. Scope is the expression of by By in Scope, or nil.
	Partition struct {
		Op
		By     Expr
		Scope  Expr
		Sub    Expr
		Braces bool
	}
	// PartitionBy is __partitionby Entity id ID (Sub).
	PartitionBy struct {
		Op
		Entity Expr
		ID     Expr
		Sub    Expr
	}
	// MacroExpand is macro-expand Group as Scope (Statements).
	MacroExpand struct {
		Op
		Group      Expr
		Scope      *Name
		Statements []Statement
	}
	// InlineExternalTable is inline_external_table Schema kind=Kind partition by (Partition) pathformat=(PathFormat) dataformat=Format (URIs) with (With).
	// Partition columns may have their expression as Default. Schema is nil where kind=delta goes without.
	InlineExternalTable struct {
		Op
		Schema     *Schema
		Kind       string
		Partition  []*Parameter
		PathFormat []Expr
		Format     *Name
		URIs       []Expr
		With       Params
	}
	// BadOp covers text after a | that is no operator; Keyword is its first word.
	BadOp struct{ Op }
)

func (*TypedColumn) expr() {}
func (*PackAll) expr()     {}
