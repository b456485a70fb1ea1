package syntax

// Severity says how bad a diagnostic is.
type Severity uint8

// The severities.
const (
	Error Severity = iota
	Warning
	Hint
)

// Diag is something to tell the writer of a query. Code is a short stable name such as missing-expression, Message a sentence, Suggestion what to do (possibly
// empty).
type Diag struct {
	Span
	Severity   Severity
	Code       string
	Message    string
	Suggestion string
}

// Diags are diagnostics in the order of the text.
type Diags []Diag

// HasErrors says whether one of them is an error.
func (ds Diags) HasErrors() bool {
	for _, d := range ds {
		if d.Severity == Error {
			return true
		}
	}
	return false
}
