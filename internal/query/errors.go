package query

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
	"unicode/utf8"

	"github.com/vedette-siem/vedette/internal/fault"
	"github.com/vedette-siem/vedette/kql/exec"
	"github.com/vedette-siem/vedette/kql/syntax"
)

// ErrTimeout is in the chain of the error of a query that ran, or waited for its turn, too long.
var ErrTimeout = errors.New("time-out")

// busyError is the error of a query that never had its turn.
func (e *Engine) busyError(ctx context.Context, allowed time.Duration) error {
	if context.Cause(ctx) != ErrTimeout {
		return e.runError(ctx, ctx.Err(), allowed)
	}
	return &Error{Kind: string(fault.Throttled), Message: fmt.Sprintf("%d other queries are running, and it was not this one's turn within %v", e.opt.Concurrency, allowed),
		Hint: "try again when they have ended", Diagnostics: []Diagnostic{}, err: ErrTimeout}
}

// fullError is the error of a query that found too many others waiting.
func (e *Engine) fullError() error {
	return &Error{Kind: string(fault.Throttled), Message: fmt.Sprintf("%d queries are running and %d more wait for their turn; no further one can wait", e.opt.Concurrency, e.opt.Waiting),
		Hint: "try again when some have ended", Diagnostics: []Diagnostic{}}
}

// runError makes an *Error of what stopped a query.
func (e *Engine) runError(ctx context.Context, err error, allowed time.Duration) error {
	out := &Error{Kind: string(fault.KindOf(err)), Message: err.Error(), Hint: fault.HintOf(err), Diagnostics: []Diagnostic{}, err: err}
	var x *exec.Error
	switch {
	case context.Cause(ctx) == ErrTimeout:
		out.err = ErrTimeout
		out.Kind, out.Message = string(fault.Exhausted), fmt.Sprintf("the query ran for longer than %v and was stopped", allowed)
		out.Hint = "narrow its time range, or filter earlier"
	case ctx.Err() != nil:
		out.Kind, out.Message, out.Hint = string(fault.Canceled), "the query was cancelled", ""
	case errors.As(err, &x):
		out.Kind, out.Message, out.Hint = string(x.Kind), x.Msg, x.Hint
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Err != nil && x == nil && ctx.Err() == nil {
		out.Message = f.Err.Error()
	}
	return out
}

// survive, deferred, makes an error of a panic: a fault of ours in one query must not end the program that collects. The error names the
// query by the beginning of its text's SHA-256, for logs that must not hold the text.
func survive(err *error, text string) {
	if p := recover(); p != nil {
		*err = &Error{Kind: string(fault.Internal), Message: fmt.Sprintf("a fault of Vedette itself in the query %.6x: %v", sha256.Sum256([]byte(text)), p),
			Hint: "please report it with the query", Diagnostics: []Diagnostic{},
			err: fmt.Errorf("%v\n%s", p, debug.Stack())}
	}
}

// textError is the error of a query whose text is at fault: the first fault in words, all of them with their places.
func textError(diags []Diagnostic) *Error {
	e := &Error{Kind: string(fault.Invalid), Diagnostics: diags}
	for _, d := range diags {
		if d.Severity == "error" {
			e.Message = fmt.Sprintf("line %d, column %d: %s", d.Line, d.Column, d.Message)
			e.Hint = d.Suggestion
			if d.Code == "unsupported" {
				e.Kind = string(fault.Unsupported)
			}
			break
		}
	}
	return e
}

var severityNames = map[syntax.Severity]string{syntax.Error: "error", syntax.Warning: "warning", syntax.Hint: "info"}

// diagnostics turns byte offsets into lines and columns as editors count them.
func diagnostics(text string, diags syntax.Diags) []Diagnostic {
	out := []Diagnostic{}
	for _, d := range diags {
		from, to := locate(text, d.Start), locate(text, max(d.End, d.Start))
		out = append(out, Diagnostic{
			Severity: severityNames[d.Severity], Code: d.Code, Message: d.Message, Suggestion: d.Suggestion,
			Line: from.line, Column: from.column, EndLine: to.line, EndColumn: to.column, Start: from.offset, End: to.offset,
		})
	}
	return out
}

type place struct{ line, column, offset int }

// locate gives the place of a byte offset, in UTF-16 units.
func locate(text string, at int) place {
	p := place{1, 1, 0}
	for i := 0; i < min(at, len(text)); {
		r, size := utf8.DecodeRuneInString(text[i:])
		units := 1
		if r > 0xffff {
			units = 2
		}
		p.offset += units
		p.column += units
		if r == '\n' || r == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			p.line, p.column = p.line+1, 1
		}
		i += size
	}
	return p
}
