// Package sql is SQL as a tree: what kql/sqlgen makes and a store's adapter prints for its engine.
//
// There is no way to put text into a tree other than as a bound parameter or as an identifier, which printers quote; so a query's
// text can never become SQL. It imports only the standard library.
package sql

// Type is the storage type of an expression or column: how a Kusto type lies in an engine.
type Type uint8

const (
	Bool   Type = iota // BOOLEAN
	Int                // 32-bit integer
	Long               // 64-bit integer; datetime and timespan as ticks
	Double             // IEEE 754 double
	Text               // string, guid, decimal (canonical text) and dynamic (compact JSON text)
)

// Dialect tells function declarations which engine a tree is for.
type Dialect uint8

const (
	DuckDB Dialect = iota
	ClickHouse
)

// Print prints q for an engine: see PrintDuckDB and PrintClickHouse.
func Print(d Dialect, q *Query, scan func(Scan) (string, error)) (text string, args []any, err error) {
	if d == ClickHouse {
		return PrintClickHouse(q, scan)
	}
	return PrintDuckDB(q, scan)
}

// Expr is a scalar expression.
type Expr interface{ expr() }

type (
	// Col is a column of one of the query's relations. Table may be "" when the name is unique.
	Col struct{ Table, Name string }
	// Lit is a constant; it is always sent as a bound parameter. V is bool, int32, int64, float64, string or nil (NULL of type T).
	Lit struct {
		V any
		T Type
	}
	// Call is a function call by its engine name; names come from our own declarations, never from a query.
	Call struct {
		Name     string
		Args     []Expr
		Distinct bool
		Filter   Expr    // aggregate filter, or nil
		OrderBy  []Order // ordered aggregates, or nil
	}
	// Binary is an infix operator: + - * / // % = <> < <= > >= AND OR || LIKE, "IS DISTINCT FROM", "IS NOT DISTINCT FROM".
	Binary struct {
		Op   string
		L, R Expr
	}
	// Not is NOT x.
	Not struct{ X Expr }
	// IsNull is x IS NULL.
	IsNull struct{ X Expr }
	// In is x IN (list).
	In struct {
		X    Expr
		List []Expr
	}
	// InQuery is x IN (subquery).
	InQuery struct {
		X Expr
		Q *Select
	}
	// Case is CASE WHEN … THEN … ELSE … END.
	Case struct {
		Whens []When
		Else  Expr
	}
	// When is one branch of a Case.
	When struct{ If, Then Expr }
	// Cast is CAST(x AS t), or TRY_CAST when Try.
	Cast struct {
		X   Expr
		T   Type
		Try bool
	}
	// Scalar is a subquery of one row and one column.
	Scalar struct{ Q *Select }
	// Window is f OVER (PARTITION BY … ORDER BY …).
	Window struct {
		F         Call
		Partition []Expr
		OrderBy   []Order
		Frame     string // "" or one of the constants of this package
	}
)

// FrameAllRowsBefore is the running frame of a Window.
const FrameAllRowsBefore = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"

func (Col) expr()     {}
func (Lit) expr()     {}
func (Call) expr()    {}
func (Binary) expr()  {}
func (Not) expr()     {}
func (IsNull) expr()  {}
func (In) expr()      {}
func (InQuery) expr() {}
func (Case) expr()    {}
func (Cast) expr()    {}
func (Scalar) expr()  {}
func (Window) expr()  {}

// Order is one sort key.
type Order struct {
	X          Expr
	Desc       bool
	NullsFirst bool
}

// From is a relation.
type From interface{ from() }

type (
	// Scan is a stored table. The adapter that prints it decides which files or partitions it means: those that may hold rows
	// whose event time lies within [From, To] ticks. Columns names the physical columns needed, in the order in which they are given out.
	Scan struct {
		Table    string
		Columns  []string
		From, To int64 // event time bounds in ticks, both included; math.MinInt64 and math.MaxInt64 when open
		Alias    string
	}
	// Sub is a subquery with an alias.
	Sub struct {
		Q     *Select
		Alias string
	}
	// Ref is a reference to one of the statement's With entries.
	Ref struct{ Name, Alias string }
	// Join is l JOIN r ON cond. Kind: INNER, LEFT, RIGHT, FULL, SEMI, ANTI.
	Join struct {
		Kind string
		L, R From
		On   Expr
	}
	// Values is an inline table with one name per column.
	Values struct {
		Rows  [][]Expr
		Names []string
		Types []Type
		Alias string
	}
	// Series is the integers From, From+Step … up to and including To, as column Name.
	Series struct {
		From, To, Step Expr
		Name, Alias    string
	}
)

func (Scan) from()   {}
func (Sub) from()    {}
func (Ref) from()    {}
func (Join) from()   {}
func (Values) from() {}
func (Series) from() {}

// Item is one output column of a Select.
type Item struct {
	X    Expr
	Name string
}

// Select is one SELECT, or a UNION ALL of several when Union is set (then only Union, OrderBy and Limit are used).
type Select struct {
	With     []CTE
	Distinct bool
	Items    []Item
	From     From // nil: no FROM
	Where    Expr
	GroupBy  []Expr
	Having   Expr
	Qualify  Expr
	OrderBy  []Order
	Limit    int64 // negative: none
	Union    []*Select
}

// CTE is one WITH entry, materialised once when Materialized.
type CTE struct {
	Name         string
	Q            *Select
	Materialized bool
}

// Query is a whole statement with the storage types of its result columns.
type Query struct {
	Root  *Select
	Names []string
	Types []Type
}
