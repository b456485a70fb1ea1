package exec

import "fmt"

// Kind says what sort of failure stopped a query. The words are the same as those of the program's other errors.
type Kind string

// The kinds of failure.
const (
	Invalid     Kind = "invalid"     // the query asks for something that its data cannot give
	Exhausted   Kind = "exhausted"   // the memory limit is used up
	Unsupported Kind = "unsupported" // understood, but cannot be run here
	Internal    Kind = "internal"    // our bug
)

// Error is a failure while a query runs. Msg tells the user what happened, Hint what to do; Hint may be "".
type Error struct {
	Kind Kind
	Msg  string
	Hint string
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + " (" + e.Hint + ")"
}

func errorf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...)}
}

func (e *Error) hint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}
