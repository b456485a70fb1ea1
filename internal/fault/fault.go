// Package fault is the error of every port: what kind of failure it was, in which operation, and what the user can do about it.
//
// The kind decides, in one place each, whether a loop retries, which HTTP status a door answers and with which code a command ends.
// It imports only the standard library.
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Kind says what sort of failure happened.
type Kind string

const (
	Invalid      Kind = "invalid"      // the caller's input is wrong; repeating it will fail again
	NotFound     Kind = "not-found"    // the thing named does not exist
	Unauthorized Kind = "unauthorized" // credentials are missing, wrong or expired
	Forbidden    Kind = "forbidden"    // credentials are right, a permission is missing
	Conflict     Kind = "conflict"     // somebody else changed it, or holds it
	Throttled    Kind = "throttled"    // too many requests; try again after RetryAfter
	Unavailable  Kind = "unavailable"  // the other side is down or slow; try again
	Exhausted    Kind = "exhausted"    // disk, memory or a configured limit is used up
	Unsupported  Kind = "unsupported"  // understood, but cannot be done here
	Canceled     Kind = "canceled"     // the caller gave up
	Corrupt      Kind = "corrupt"      // stored data is damaged or from a newer version
	Internal     Kind = "internal"     // our bug
)

// Error is a failure with its kind, the operation that failed and a hint for the user. Any field but Kind may be empty.
type Error struct {
	Kind       Kind
	Op         string        // what was being done: "read hub insights-logs", "open store"
	Hint       string        // what the user can do, one sentence
	RetryAfter time.Duration // for Throttled and Unavailable: the wait the other side asked for; 0 if it did not
	Err        error
}

func (e *Error) Error() string {
	s := string(e.Kind)
	if e.Err != nil {
		s = e.Err.Error()
	}
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// New makes an Error of kind k for operation op whose cause is formatted as with fmt.Errorf (so %w works).
func New(k Kind, op, format string, args ...any) *Error {
	return &Error{Kind: k, Op: op, Err: fmt.Errorf(format, args...)}
}

// WithHint sets the hint and returns e, for use in one expression.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// KindOf gives the kind of the outermost Error in err's chain, or Internal when there is none. It gives "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// Retryable reports whether a loop should try the same thing again later.
func Retryable(err error) bool {
	switch KindOf(err) {
	case Throttled, Unavailable, Conflict, Exhausted:
		return true
	}
	return false
}

// HintOf gives the hint of the outermost Error that has one, or "". Joined errors are looked through in order.
func HintOf(err error) string {
	for err != nil {
		if e, ok := err.(*Error); ok && e.Hint != "" {
			return e.Hint
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				if hint := HintOf(one); hint != "" {
					return hint
				}
			}
			return ""
		}
		err = errors.Unwrap(err)
	}
	return ""
}

// MessageOf gives what err says without the hint of its outermost Error, for places that show the hint apart.
func MessageOf(err error) string {
	var e *Error
	if !errors.As(err, &e) || e.Err == nil {
		return err.Error()
	}
	if e.Op != "" {
		return e.Op + ": " + e.Err.Error()
	}
	return e.Err.Error()
}

// HTTPStatus gives the status with which a door answers err.
func HTTPStatus(err error) int {
	switch KindOf(err) {
	case "":
		return http.StatusOK
	case Invalid, Unsupported:
		return http.StatusBadRequest
	case NotFound:
		return http.StatusNotFound
	case Unauthorized:
		return http.StatusUnauthorized
	case Forbidden:
		return http.StatusForbidden
	case Conflict:
		return http.StatusConflict
	case Throttled:
		return http.StatusTooManyRequests
	case Unavailable:
		return http.StatusServiceUnavailable
	case Exhausted:
		return http.StatusInsufficientStorage
	case Canceled:
		return 499
	}
	return http.StatusInternalServerError
}

// ExitCode gives the status with which a command ends after err: 0 none, 2 wrong usage or input, 1 anything else.
func ExitCode(err error) int {
	switch KindOf(err) {
	case "":
		return 0
	case Invalid:
		return 2
	}
	return 1
}
